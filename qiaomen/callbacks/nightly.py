"""What call-backs do by themselves each day."""

from django.utils.translation import gettext_lazy as _

from qiaomen.callbacks.actions import calls
from qiaomen.office import nightly


@nightly.task("callbacks.ask-again", _("四周回问和一、三、六个月的回访"))
def ask_again() -> str:
    """Take out who died or moved; deal the four-week question and the checks to people without a hand in them."""
    gone = calls.release_gone()
    return _("排了 {n} 件，搬走或去世不再问的 {gone} 件").format(n=calls.ask_by_calendar(), gone=gone)
