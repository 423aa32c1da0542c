"""What a record is asked about: whose it is, who had a hand in it, and in which stratum it stands.

Each kind of record that a figure lists is read here; houses above whose records are to be asked about add theirs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qiaomen.cases.models import Case, CaseStep
from qiaomen.needs.models import Need
from qiaomen.needs.selectors import plain_title
from qiaomen.register.models import Household, Person

LIVING = "living"
"""The state of a household and of a person that can be asked."""


@dataclass(frozen=True)
class Subject:
    """One record as it is asked about. `hands`: everybody who had a hand in it, in a step or anywhere."""

    row: UUID
    household: Household
    person: Person | None
    hands: frozenset[UUID]
    title: str
    strata: dict[str, str]

    @property
    def is_gone(self) -> bool:
        """Say whether nobody is there to be asked: moved away, died, or merged into another household."""
        if self.person is not None:
            return self.person.state != LIVING
        return self.household.state != LIVING


Reader = Callable[[Iterable[UUID]], list[Subject]]


def _strata(need: Need) -> dict[str, str]:
    dwelling = need.household.dwelling
    compound = dwelling.entrance.building.compound.name if dwelling else _("没有门牌")
    return {"compound": str(compound), "kind": str(plain_title(need.kind))}


NEEDED = (
    "household__dwelling__entrance__building__compound",
    "household__community",
    "person",
    "visit",
)


def of_cases(keys: Iterable[UUID]) -> list[Subject]:
    """Return cases: their owner, whoever took a step, who heard the need and who was at the door. Two queries."""
    rows = Case.objects.filter(pk__in=list(keys)).select_related(*(f"need__{path}" for path in NEEDED))
    hands: dict[UUID, set[UUID]] = {}
    for case, staff in CaseStep.objects.filter(case__in=rows).values_list("case", "staff"):
        hands.setdefault(case, set()).add(staff)
    return [
        Subject(
            row=case.pk,
            household=case.need.household,
            person=case.need.person,
            hands=frozenset(hands.get(case.pk, set()) | {case.owner_id} | _heard(case.need)),
            title=str(plain_title(case.need.kind)),
            strata=_strata(case.need),
        )
        for case in rows
    ]


def of_needs(keys: Iterable[UUID]) -> list[Subject]:
    """Return needs, with the hands of their cases. Three queries."""
    rows = list(Need.objects.filter(pk__in=list(keys)).select_related(*NEEDED))
    cases = {case.need_id: case for case in Case.objects.filter(need__in=rows)}
    hands = {subject.row: subject.hands for subject in of_cases([case.pk for case in cases.values()])}
    return [
        Subject(
            row=need.pk,
            household=need.household,
            person=need.person,
            hands=frozenset(hands[cases[need.pk].pk] if need.pk in cases else ()) | _heard(need),
            title=str(plain_title(need.kind)),
            strata=_strata(need),
        )
        for need in rows
    ]


def _heard(need: Need) -> set[UUID]:
    visit = need.visit
    return {need.heard_by_id} | ({visit.staff_id} if visit is not None and visit.staff_id else set())


READERS: dict[str, Reader] = {Case.record_type: of_cases, Need.record_type: of_needs}
"""The kinds of record somebody can be asked about."""


def can_be_asked(found: QuerySet[Any]) -> bool:
    """Say whether the records of a list can be asked about."""
    return getattr(found.model, "record_type", "") in READERS


def read(of_type: str, keys: Iterable[UUID]) -> dict[UUID, Subject]:
    """Return the records of one kind, by key; those that are gone from the database are not there."""
    return {subject.row: subject for subject in READERS[of_type](keys)}
