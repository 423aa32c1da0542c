"""Near relatives of the office's own people: whose matters are registered apart, and who may not act on them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from qiaomen.cases.models import Case, NearRelative
from qiaomen.cases.rules import timing
from qiaomen.cases.selectors.sealed import shut_to
from qiaomen.needs.models import Need
from qiaomen.office.models import Organisation, Staff


def _about(need: Need) -> Q:
    """Match whom a need is about: its person, else everybody of its household."""
    return Q(person=need.person_id) if need.person_id else Q(person__household=need.household_id)


def declared(community: Organisation) -> QuerySet[NearRelative]:
    """Return what is registered in a community and holds."""
    rows = NearRelative.objects.filter(community=community, ended_at=None)
    return rows.select_related("staff", "person__household__dwelling").order_by("declared_at", "pk")


def is_near(need: Need, staff: Staff) -> bool:
    """Say whether somebody is a near relative of whom a need is about."""
    return NearRelative.objects.filter(_about(need), staff=staff, ended_at=None).exists()


def of_need(need: Need) -> list[NearRelative]:
    """Return whose near relatives the people of a need are."""
    return list(NearRelative.objects.filter(_about(need), ended_at=None).select_related("staff", "person"))


def near_by_household(households: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return who of the office is a near relative of somebody in these households: one query."""
    found: dict[UUID, set[UUID]] = {}
    rows = NearRelative.objects.filter(person__household__in=list(households), ended_at=None)
    for household, staff in rows.values_list("person__household", "staff"):
        found.setdefault(household, set()).add(staff)
    return found


def matters_of(households: Iterable[UUID], viewer: Staff) -> dict[UUID, list[Case]]:
    """Return the matters under way of these households that the viewer may open, registered apart, with who acts."""
    found: dict[UUID, list[Case]] = {}
    rows = Case.objects.filter(need__household__in=list(households), state__in=timing.UNDER_WAY)
    rows = rows.exclude(pk__in=shut_to(viewer))
    for case in rows.select_related("need", "owner").defer("need__words").order_by("due_on", "pk"):
        found.setdefault(case.need.household_id, []).append(case)
    return found
