"""Rows → facts: everybody of a community as columns, as known on a day, for the criteria engine."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from qiaomen.criteria.engine import Columns
from qiaomen.kernel.ages import age_on
from qiaomen.office.fields import open_value
from qiaomen.office.models import Organisation
from qiaomen.register.models import FamilyMember, Person, Registration, Residence, ToldFact, open_on, who_counts
from qiaomen.register.selectors import packs


def fact_columns(
    community: Organisation, day: date, *, codes: Iterable[str] | None = None, people: Any = None
) -> tuple[list[UUID], Columns]:
    """Return the keys of people and their facts as columns, in one order; None in a column is not known.

    `codes`: only these told facts are opened; `people`: a queryset that narrows whom. Ages are at `day`.
    """
    rows = (people if people is not None else Person.objects.filter(community=community)).filter(who_counts())
    rows = rows.order_by("pk")
    told_from = {"pk", "birth_date", "sex", "is_head", "work_place"}
    found = list(rows.values("household__lifted_out", *told_from))
    keys = [row["pk"] for row in found]
    place = {pk: n for n, pk in enumerate(keys)}
    whose = Q(person__community=community) if people is None else Q(person__in=keys)
    homes, usual = _grouping(Residence, day, whose, "dwelling", place, extra="usual")
    households, _ = _grouping(Registration, day, whose, "household", place)
    families, _ = _grouping(FamilyMember, day, whose, "family", place)
    columns: dict[str, list[Any]] = {
        "id": list(range(len(keys))),
        "home": homes,
        "household": households,
        "family": families,
        "age": [age_on(row["birth_date"], day) for row in found],
        "female": [{"female": True, "male": False}.get(row["sex"]) for row in found],
        "is_head": [row["is_head"] for row in found],
        "usual_resident": [None if home is None else bool(u) for home, u in zip(homes, usual, strict=True)],
        "registered_here": [household is not None for household in households],
        "lifted_out": [row["household__lifted_out"] for row in found],
        "work_known": [True if row["work_place"] else None for row in found],
    }
    _add_told(columns, place, day, whose, codes)
    return keys, columns


def _grouping(
    model: Any, day: date, whose: Q, of: str, place: dict[UUID, int], extra: str = "pk"
) -> tuple[list[int | None], list[Any]]:
    """Return per person the number of what they belong to on a day, and one more column of the same rows."""
    rows = model.objects.filter(open_on(day), whose)
    numbers: dict[Any, int] = {}
    where: list[int | None] = [None] * len(place)
    more: list[Any] = [None] * len(place)
    for person, target, other in rows.values_list("person", of, extra):
        if (n := place.get(person)) is not None:
            where[n] = numbers.setdefault(target, len(numbers))
            more[n] = other
    return where, more


def _add_told(
    columns: dict[str, list[Any]],
    place: dict[UUID, int],
    day: date,
    whose: Q,
    codes: Iterable[str] | None,
) -> None:
    known = packs.facts()
    wanted = [code for code in (codes if codes is not None else known) if known[code].origin == "told"]
    for code in wanted:
        columns[code] = [None] * len(place)
    rows = ToldFact.objects.filter(open_on(day), whose, code__in=wanted)
    for person, code, pk, value in rows.values_list("person", "code", "pk", "value"):
        if (n := place.get(person)) is not None:
            columns[code][n] = known[code].read(open_value(value, pk))


def known_of(person: Person, day: date | None = None) -> dict[str, Any]:
    """Return what is known of a person today, or was on a day, by code."""
    rows = person.told_facts.filter(to_date=None)
    if day is not None:
        rows = person.told_facts.filter(open_on(day))
    known = packs.facts()
    return {row.code: known[row.code].read(row.value) for row in rows if row.code in known}
