"""Sweeps: which doors, what is asked there and of whom, who answered, who would not, who is left."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from qiaomen.calls.models import Sweep, SweepReply
from qiaomen.criteria.facts import Fact
from qiaomen.groups.selectors.questions import ONE_TAP
from qiaomen.kernel.ages import age_on
from qiaomen.office.models import Organisation
from qiaomen.register.models import Household, Person
from qiaomen.register.selectors import packs

MOST_QUESTIONS = 3
MOST_AT_A_DOOR = 6
"""More than so many questions of one sweep are not put at one door: the eldest are asked first."""
DECLINED = "declined"
"""What a phone says where somebody would not answer."""


def topics() -> dict[str, Fact]:
    """Return the facts a sweep may ask: told, answered by one tap, and telling nothing of health, money or a child."""
    return {
        code: fact
        for code, fact in packs.facts().items()
        if fact.origin == "told" and fact.kind in ONE_TAP and fact.sensitivity == "plain"
    }


def open_sweeps(community: Organisation, day: date) -> list[Sweep]:
    """Return the sweeps that ask on a day, the one that ends first in front."""
    rows = Sweep.objects.filter(community=community, ended_at=None, from_date__lte=day, until__gte=day)
    return list(rows.select_related("compound", "community").order_by("until", "made_at", "pk"))


def homes_in(sweep: Sweep, day: date) -> QuerySet[Household]:
    """Return the households of a sweep: at its place, with somebody of the ages it asks of."""
    born = Q(birth_date__lte=_years_before(day, sweep.from_age), birth_date__gt=_years_before(day, sweep.to_age + 1))
    somebody = Person.objects.living().filter(born, household=OuterRef("pk"))
    rows = Household.objects.filter(Exists(somebody), community=sweep.community_id, state="living")
    rows = rows.filter(dwelling__isnull=False)
    if sweep.compound_id is not None:
        rows = rows.filter(dwelling__entrance__building__compound=sweep.compound_id)
    return rows


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def left_in(sweep: Sweep, day: date, as_at: datetime | None = None) -> QuerySet[Household]:
    """Return the households of a sweep nobody has asked yet. `as_at`: as was known then."""
    replies = SweepReply.objects.filter(sweep=sweep, household=OuterRef("pk"))
    if as_at is not None:
        replies = replies.filter(received_at__lte=as_at)
    return homes_in(sweep, day).exclude(Exists(replies))


def counts_of(sweep: Sweep, day: date) -> dict[str, int]:
    """Return how many households answered, would not, and are left: three figures that sum up to all of them."""
    outcomes = list(SweepReply.objects.filter(sweep=sweep).values_list("outcome", flat=True))
    answered = outcomes.count("answered")
    return {"answered": answered, "refused": len(outcomes) - answered, "left": left_in(sweep, day).count()}


def people_asked(sweep: Sweep, homes: Collection[UUID], day: date) -> dict[UUID, list[Person]]:
    """Return of whom a sweep asks in each household, the head first, then the eldest."""
    found: dict[UUID, list[Person]] = defaultdict(list)
    rows = Person.objects.living().filter(household__in=homes).order_by("-is_head", "birth_date", "pk")
    for person in rows.only("name", "household", "birth_date", "relation", "is_head"):
        age = age_on(person.birth_date, day)
        if age is not None and sweep.from_age <= age <= sweep.to_age:
            found[person.household_id].append(person)
    return found


def asks_of(
    community: Organisation, homes: Collection[UUID], day: date
) -> dict[UUID, list[tuple[Sweep, Person, Fact]]]:
    """Return what the sweeps of a day ask at each household that was not asked yet, at most MOST_AT_A_DOOR there."""
    known, found = topics(), defaultdict[UUID, list[tuple[Sweep, Person, Fact]]](list)
    for sweep in open_sweeps(community, day):
        left = set(left_in(sweep, day).filter(pk__in=homes).values_list("pk", flat=True))
        for home, people in people_asked(sweep, left, day).items():
            asks = [(sweep, person, known[code]) for person in people for code in sweep.codes if code in known]
            found[home] += asks[: MOST_AT_A_DOOR - len(found[home])]
    return found


def phone_asks(community: Organisation, homes: Collection[UUID], day: date) -> dict[UUID, list[dict[str, Any]]]:
    """Return the same as a phone asks it: whom, which fact, the words, and what can be tapped; one need not say."""
    return {
        home: [_phone_ask(person, fact) for _sweep, person, fact in asks]
        for home, asks in asks_of(community, homes, day).items()
    }


def _phone_ask(person: Person, fact: Fact) -> dict[str, Any]:
    values: Iterable[Any] = [True, False] if fact.kind == "bool" else list(fact.choices)
    choices = [{"value": fact.write(value), "title": packs.say(fact, value)} for value in values]
    return {
        "person_id": str(person.pk),
        "code": fact.code,
        "words": _(fact.ask),
        "choices": [*choices, {"value": DECLINED, "title": _("不愿说")}],
    }
