"""People by what is said of them beside tokens: the facts of a reading as conditions over rows."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from qiaomen.kernel.ages import years_before
from qiaomen.kernel.lines import Label
from qiaomen.office.fields import open_value
from qiaomen.office.models import Organisation
from qiaomen.register.models import Person, SearchEntry
from qiaomen.register.rules.search.facts import OF_CHILDREN
from qiaomen.register.rules.search.readings import Reading
from qiaomen.register.rules.search.tokens import BEGINS, LAST
from qiaomen.register.selectors.minors import sealed_after
from qiaomen.register.selectors.search.store import matches

ORDER = ("-is_head", "household__dwelling__walk_order", "birth_date", "pk")


def by_facts(
    community: Organisation, reading: Reading, limit: int, today: date, named: Mapping[str, Label], *, children: bool
) -> list[UUID]:
    """Return at most `limit` people of whom every fact and every word of a reading holds, heads of households first.

    A child whose record is sealed to the viewer (`children` is False) is found by its door alone.
    """
    people: QuerySet[Person] = Person.objects.filter(community=community).recorded()
    if not children and not all(fact.kind in OF_CHILDREN for fact in reading.facts):
        people = people.exclude(birth_date__gt=sealed_after(today))
    for fact in reading.facts:
        if fact.kind == "label":
            people = people.filter(pk__in=named[fact.value].people)
        elif fact.kind == "near":
            people = _nearly(people, community, fact.value)
        else:
            people = people.filter(CONDITIONS[fact.kind](fact.value, today, community))
    for word in reading.words:
        wanted = Q()
        for probe in word.probes:
            if not probe.alike:
                wanted |= matches(probe)
        people = people.filter(pk__in=SearchEntry.objects.filter(wanted, community=community).values("person"))
    found = list(people.order_by(*ORDER).values_list("pk", flat=True)[:limit])
    start = next((fact.value for fact in reading.facts if fact.kind == "phone_start"), "")
    return _whose_phone_begins(found, start) if start else found


def _ages(value: tuple[int, int], today: date, community: Organisation) -> Q:
    low, high = value
    return Q(birth_date__lte=years_before(today, low), birth_date__gt=years_before(today, high + 1))


def _born(value: tuple[int | None, int | None, int | None], today: date, community: Organisation) -> Q:
    year, month, day = value
    if year is None:
        return Q(birth_date__month=month, birth_date__day=day)
    if month is None:
        return Q(birth_date__gte=date(year, 1, 1), birth_date__lte=date(year, 12, 31))
    first = date(year, month, 1)
    after = (first + timedelta(days=31)).replace(day=1)
    whole = Q(birth_date__gte=first, birth_date__lt=after)
    return whole if day is None else whole & Q(birth_date__day=day)


def _house(value: str, today: date, community: Organisation) -> Q:
    """A surname is that of the head; a whole name that of the head or of somebody of the household."""
    head = Q(household__head_name__gte=value, household__head_name__lt=value + LAST)
    if len(value) < 2:
        return head
    named = SearchEntry.objects.filter(community=community, token="=" + value, place=0)
    members = Person.objects.filter(community=community, pk__in=named.values("person"))
    return head | Q(household__in=members.values("household"))


CONDITIONS: dict[str, Callable[[Any, date, Organisation], Q]] = {
    "ages": _ages,
    "born": _born,
    "sex": lambda value, today, community: Q(sex=value),
    "relation": lambda value, today, community: Q(relation__in=sorted(value)),
    "house": _house,
    "work": lambda value, today, community: Q(work_place__contains=value),
    "floor": lambda value, today, community: Q(household__dwelling__floor=value),
    "household_no": lambda value, today, community: Q(household__household_no__iexact=value),
    "phone_start": lambda value, today, community: Q(),
}
"""Kind of fact -> the condition over people: (value, today, community)."""


def _nearly(people: "QuerySet[Person]", community: Organisation, name: str) -> "QuerySet[Person]":
    """Keep whose name differs in one character, has two changed about, or lacks the one in the middle."""
    entries = SearchEntry.objects.filter(community=community)
    first = entries.filter(token="=" + name[0], place__lte=BEGINS)
    wanted = Q(pk__in=first.values("person"), name__endswith=name[-1], letters=len(name) + (len(name) == 2))
    if len(name) > 2:
        begun = entries.filter(token="=" + name[:-1], place__lte=BEGINS).values("person")
        ended = entries.filter(token="=" + name[1:]).values("person")
        wanted |= Q(pk__in=begun, letters=len(name)) | Q(pk__in=ended, name__endswith=name[1:], letters=len(name))
    if len(name) == 3:
        wanted |= Q(name=name[0] + name[2] + name[1])
    return people.annotate(letters=Length("name")).filter(wanted)


def _whose_phone_begins(keys: list[UUID], start: str) -> list[UUID]:
    """Keep those whose mask shows these digits in front; a handful, found by the four behind."""
    phones = dict(Person.objects.filter(pk__in=keys).values_list("pk", "phone"))
    return [key for key in keys if open_value(phones.get(key, ""), key).startswith(start)]
