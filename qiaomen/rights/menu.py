"""The pages of this house in the menu."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.menu import Entry, register
from qiaomen.rights.models import RightsRequest


def _open(viewer: Any, community: Any, today: date) -> Any:
    """Residents' requests that are not answered; the head answers them."""
    asked = RightsRequest.objects.filter(community=community, state="open")
    return asked if viewer.role == "head" else None


register(
    Entry(45, "rights:list", _("资料申请"), door="cases", covers=True, waiting=_open),
)
