"""What matters offer at a household and at a round."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.cases.models import Case
from qiaomen.cases.selectors import under_way
from qiaomen.kernel.lines import Link, register_links
from qiaomen.office.models import Staff
from qiaomen.register.models import Household
from qiaomen.visits.models import Round


def at_household(household: Household, viewer: Any) -> list[Link]:
    """Offer to hear a need."""
    if viewer.role == "volunteer":
        return []
    return [Link(10, _("记一件诉求"), reverse("cases:hear", args=[household.pk]), primary=True)]


def at_round(walked: Round, viewer: Any) -> list[Link]:
    """Offer what was heard on a round."""
    if viewer.role == "volunteer":
        return []
    return [Link(10, _("这一轮听到的事"), reverse("cases:heard-on", args=[walked.pk]), frame="heard-on")]


def at_staff(staff: Staff, viewer: Any) -> list[Link]:
    """Offer the list of what somebody holds: an account is not closed over it unseen."""
    if viewer.community is None or viewer.community != staff.community:
        return []
    held = Case.objects.filter(under_way(), owner=staff).count()
    if not held:
        return []
    return [Link(10, _("手上 {n} 件事没有办完").format(n=held), f"{reverse('cases:list')}?owner={staff.pk}")]


register_links("cases", Staff.record_type, at_staff)
register_links("cases", Household.record_type, at_household)
register_links("cases", Round.record_type, at_round)
