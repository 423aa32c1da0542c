"""After midnight: absences begin and end by themselves."""

from django.utils.translation import gettext_lazy as _

from qiaomen.office import nightly
from qiaomen.office.handover import acts


@nightly.task("office.stand-ins", _("代班的开始和结束"), hour=nightly.AFTER_MIDNIGHT)
def keep_current() -> str:
    """Begin and end what was noted; return how many of each."""
    begun, ended = acts.keep_current()
    return str(_("{begun} 人由别人代班，{ended} 人回来了").format(begun=begun, ended=ended))
