"""The pages of this house in the menu."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, Verb, register, register_verbs
from qiaomen.phone.models import HeldPart
from qiaomen.visits.models import Conflict


def _to_settle(viewer: Any, community: Any, today: date) -> Any:
    """What was told twice and differs, and what was not understood: the head settles both."""
    if viewer.role != "head":
        return None
    twice = Conflict.objects.filter(community=community, settled_at=None)
    return [twice, HeldPart.objects.filter(submission__community=community, settled_at=None)]


register(
    Entry(28, "phone:brought", _("手机带回"), door="knock", waiting=_to_settle),
    Entry(150, "phone:devices", _("手机"), door="office"),
)
register_verbs(
    Verb("phone:devices", _("登记手机"), (_("绑定手机"),)),
)
