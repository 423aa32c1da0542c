"""What visits offer at a household."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel.lines import Link, register_links
from qiaomen.register.models import Household


def at_household(household: Household, viewer: Any) -> list[Link]:
    """Offer the visits, the wishes about visits, and the building."""
    found = []
    if viewer.role != "volunteer":
        found.append(Link(20, _("走访记录"), reverse("visits:history", args=[household.pk])))
        found.append(Link(30, _("上门意愿"), reverse("visits:wish", args=[household.pk])))
    if household.dwelling is not None:
        building = household.dwelling.entrance.building_id
        found.append(Link(40, _("看这栋楼"), reverse("visits:building", args=[building])))
    return found


register_links("visits", Household.record_type, at_household)
