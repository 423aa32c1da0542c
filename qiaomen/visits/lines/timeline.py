"""Who of us was at a household's door, and what came of it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel.lines import MOST_MOMENTS, Link, Moment
from qiaomen.kernel.sensitivity import Field
from qiaomen.office.disclosure import READERS
from qiaomen.register.models import Household
from qiaomen.visits.actions.visits import may_change
from qiaomen.visits.models import Visit
from qiaomen.visits.selectors.labels import outcome_title


def _correct(visit: Visit, viewer: Any) -> tuple[Link, ...]:
    if not may_change(visit, viewer):
        return ()
    home = reverse("register:household", args=[visit.household_id])
    return (Link(10, _("更正"), f"{reverse('visits:correct', args=[visit.pk])}?next={home}"),)


def _undo(visit: Visit, household: Household, viewer: Any) -> tuple[str, Any] | None:
    if not may_change(visit, viewer):
        return None
    home = reverse("register:household", args=[household.pk])
    return f"{reverse('visits:take-back', args=[visit.pk])}?next={home}", _("撤销")


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
            links=_correct(visit, viewer),
            undo=_undo(visit, household, viewer),
            household=household.pk,
        )
        for visit in (visits if named else visits.defer("note"))[:MOST_MOMENTS]
    ]
