"""The one search box: whatever is known of a person or a door finds them, while it is being typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.masking import mask_name, mask_phone
from qiaomen.office.fields import Blind
from qiaomen.office.models import Organisation
from qiaomen.register.index import DOOR, blind_tail, known_of
from qiaomen.register.models import Person, SearchEntry
from qiaomen.register.rules.query import Probe, Query, Word, parse
from qiaomen.register.rules.sound import split_surname
from qiaomen.register.rules.tokens import Known, fold_compound, fold_name, tokens_of
from qiaomen.register.selectors import STATE_WORDS

CHILD = 14
"""《个人信息保护法》第二十八条: the data of people under fourteen are sensitive."""
SPARE = 10
MOST = 20_000
"""No question reads further than this."""


@dataclass(frozen=True)
class Hit:
    """One answer of the search box. `sounds_alike`: another name that sounds the same (同音)."""

    kind: str
    id: str
    title: str
    subtitle: str
    url: str
    sounds_alike: bool = False


def search(
    *, community: Organisation, text: str, limit: int = 20, may_see_child: bool = False, today: date | None = None
) -> list[Hit]:
    """Return people of one community for whatever is known: name part, sound, initials, last four, number, door.

    All words must match. Exact hits come first, then names that sound alike. People under fourteen are found by
    surname, door and numbers alone, and shown as 张**, unless `may_see_child`.
    """
    rule = _Sight(may_see_child, today or clock.today())
    hits: dict[UUID, Hit] = {}
    for query in parse(text, lambda tail: blind_tail(community.pk, tail)):
        for person, alike in _people(community, query, limit - len(hits), rule, set(hits)):
            hits[person.pk] = _hit(person, alike, rule)
        if len(hits) >= limit:
            break
    return list(hits.values())


@dataclass(frozen=True)
class _Sight:
    """Whose names may be seen."""

    may_see_child: bool
    today: date

    def hides(self, person: Person) -> bool:
        """Say whether this is a child whose given name is not shown."""
        born = person.birth_date
        if self.may_see_child or born is None:
            return False
        return self.today.year - born.year - ((self.today.month, self.today.day) < (born.month, born.day)) < CHILD


def _people(
    community: Organisation, query: Query, limit: int, rule: _Sight, seen: set[UUID]
) -> list[tuple[Person, bool]]:
    """Return at most `limit` people with whether they only sound alike; reads on while too few of those read fit."""
    numbered = _by_numbers(community, query)
    if numbered == []:
        return []
    size, found = limit, list[tuple[Person, bool]]()
    looked: set[UUID] = set(seen)
    homes: set[UUID] = set()
    while True:
        keys, more = _keys(community, query, size, numbered)
        fresh = [key for key in keys if key not in looked]
        looked |= set(fresh)
        for person in _load(fresh):
            alike = _fits(query, person, rule)
            if alike is None or (_only_doors(query) and person.household_id in homes):
                continue
            homes.add(person.household_id)
            found.append((person, alike))
        if len(found) >= limit or not more or size >= MOST:
            break
        size *= 4
    return sorted(found, key=lambda item: item[1])[:limit]


def _only_doors(query: Query) -> bool:
    return all(word.door for word in query)


def _by_numbers(community: Organisation, query: Query) -> list[UUID] | None:
    """Return who has the whole numbers asked for; None when none was."""
    wanted: set[UUID] | None = None
    for word in query:
        if word.number:
            mark = Blind(community.pk, word.text)
            people = Person.objects.filter(Q(id_no_bi=mark) | Q(phone_bi=mark), community=community)
            keys = set(people.exclude(state="merged").values_list("pk", flat=True))
            wanted = keys if wanted is None else wanted & keys
    return None if wanted is None else sorted(wanted)


def _keys(community: Organisation, query: Query, size: int, numbered: list[UUID] | None) -> tuple[list[UUID], bool]:
    """Return people by key, the best first, and whether there may be more: exact ones, then those that sound alike."""
    keys: dict[UUID, None] = {}
    more = False
    for entries in arms(community, query, size, numbered):
        if len(keys) >= size:
            return list(keys), True
        rows = list(entries.values_list("person_id", flat=True)) if isinstance(entries, QuerySet) else entries
        more |= len(rows) >= _most_rows(size)
        keys.update(dict.fromkeys(rows))
    return list(keys), more


def arms(
    community: Organisation, query: Query, size: int, numbered: list[UUID] | None = None
) -> Iterator["QuerySet[SearchEntry] | list[UUID]"]:
    """Yield the questions to the store, in the order of their answers: each is one range of one index.

    The word that matches the fewest people leads, the others are looked up person by person.
    """
    words = sorted((word for word in query if not word.number), key=lambda word: word.weight)
    if not words:
        yield numbered or []
        return
    lead, *others = words
    for alike in (False, True):
        probes = [probe for probe in lead.probes if probe.alike == alike or (alike and others)]
        if alike and not any(probe.alike for word in words for probe in word.probes):
            return
        for probe in probes:
            yield _arm(community, probe, others, alike, size, numbered)


def _arm(
    community: Organisation, probe: Probe, others: list[Word], alike: bool, size: int, numbered: list[UUID] | None
) -> "QuerySet[SearchEntry]":
    entries = SearchEntry.objects.filter(_matches(probe), community=community)
    if numbered is not None:
        entries = entries.filter(person__in=numbered)
    for word in others:
        match = Q()
        for one in word.probes:
            if alike or not one.alike:
                match |= _matches(one)
        entries = entries.filter(Exists(SearchEntry.objects.filter(match, person=OuterRef("person_id"))))
    order = ("token", "place", "person_id") if probe.begins else ("place", "person_id")
    return entries.order_by(*order)[: _most_rows(size)]


def _most_rows(size: int) -> int:
    """One person may stand in a range twice: 小小 by both syllables, z by sound and by initials."""
    return 2 * size + SPARE


def _matches(probe: Probe) -> Q:
    return Q(token__gte=probe.token, token__lt=probe.end) if probe.begins else Q(token=probe.token)


def _load(keys: list[UUID]) -> Iterator[Person]:
    for start in range(0, len(keys), 500):
        people = Person.objects.filter(pk__in=keys[start : start + 500]).select_related(DOOR).in_bulk()
        yield from (people[key] for key in keys[start : start + 500] if key in people)


def _fits(query: Query, person: Person, rule: _Sight) -> bool | None:
    """Return whether a person only sounds like the query; None when a second look shows that they do not fit."""
    known = known_of(person)
    names = [fold_name(name) for name in (known.name, known.former_name, known.nickname) if name]
    tokens: dict[str, int] | None = None
    alike = False
    if rule.hides(person):
        names = [split_surname(names[0])[0]] if names else []
        known = Known(names[0] if names else "", "", "", known.phone, known.id_no, known.door, known.compound)
        tokens = tokens_of(known, lambda tail: blind_tail(person.community_id, tail))
        if not all(word.number or word.covers(tokens) for word in query):
            return None
    for word in query:
        if word.number or (not word.name and not word.loose):
            continue
        if word.spelt(names) if word.name else any(word.text in name for name in names):
            continue
        if _in_compound(word, known.compound):
            continue
        if word.loose:
            tokens = tokens or tokens_of(known, lambda tail: "")
            if not any(probe.covers(token) for token in tokens for probe in word.probes if probe.token[0] != "="):
                return None
        alike = alike or bool(word.name)
    return alike


def _in_compound(word: Word, compound: str) -> bool:
    token = "%" + fold_compound(compound) if compound else ""
    return any(probe.token[0] == "%" and probe.covers(token) for probe in word.probes)


def _hit(person: Person, alike: bool, rule: _Sight) -> Hit:
    door: Any = person.household.dwelling
    where = f"{door.entrance.building.compound.name} {door.door_label}" if door else _("没有住址")
    parts = (where, person.relation, mask_phone(person.phone), str(STATE_WORDS.get(person.state, "")))
    name = mask_name(person.name) if rule.hides(person) else person.name
    url = reverse("register:household", args=[person.household_id])
    return Hit("person", str(person.pk), name, " · ".join(part for part in parts if part), url, alike)
