"""Who of us was at a household's door, and what came of it."""

from typing import Any

from django.utils.translation import gettext as _

from qiaomen.kernel.lines import MOST_MOMENTS, Moment
from qiaomen.kernel.sensitivity import Field
from qiaomen.office.disclosure import READERS
from qiaomen.register.models import Household
from qiaomen.visits.models import Visit
from qiaomen.visits.selectors.labels import outcome_title

NOTE = (Field("note", "plain"),)


def moments_of(household: Household, viewer: Any) -> list[Moment]:
    """Return the latest visits, with what was written down for those who may read it: one query."""
    named = viewer.role in READERS
    visits = Visit.objects.filter(household=household).select_related("staff").order_by("-happened_at")
    return [
        Moment(
            visit.happened_at,
            _("走访：{outcome}").format(outcome=outcome_title(visit.outcome)),
            visit.note if named else "",
            visit.staff.name,
            fields=NOTE if named and visit.note else (),
            household=household.pk,
        )
        for visit in (visits if named else visits.defer("note"))[:MOST_MOMENTS]
    ]
