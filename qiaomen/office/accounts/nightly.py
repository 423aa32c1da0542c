"""Each night: what is left of browsers that were closed without signing out."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from qiaomen.office import nightly
from qiaomen.office.accounts import sessions

HOUR = time(0, 15)


@nightly.task("office.sign-ins", _("清掉过期的登录"), hour=HOUR)
def drop_old_sign_ins() -> str:
    """Drop sessions that are over and the notes of them."""
    return str(_("清掉了 {n} 处过期的登录").format(n=sessions.drop_old()))
