"""The one search box: whatever is known of a person or a door finds them, while it is being typed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.masking import mask_name, mask_phone
from qiaomen.linkage.sounds import split_surname
from qiaomen.office.fields import Blind
from qiaomen.office.models import Organisation
from qiaomen.register.models import Person, SearchEntry
from qiaomen.register.rules.search.query import Probe, Query, Word, is_complete, parse
from qiaomen.register.rules.search.tokens import fold_compound, fold_name, tokens_of
from qiaomen.register.selectors.household_page import STATE_WORDS
from qiaomen.register.selectors.minors import is_child
from qiaomen.register.selectors.search.known import DOOR, blind_tail, known_of

SPARE = 10
FEW = 250
"""So many people's tokens are read at once; of more, the store looks the other words up."""
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
    *,
    community: Organisation,
    text: str,
    limit: int = 20,
    may_see_child: bool = False,
    today: date | None = None,
    numbers: bool = False,
) -> list[Hit]:
    """Return people of one community for whatever is known: name part, sound, initials, last four of a telephone, door.

    A whole number finds somebody only with `numbers`: the gate has let it through (register.actions.looks).

    All words must match. Exact hits come first, then names that sound alike (of several words: only when nobody fits
    exactly). People under fourteen are found by surname, door and numbers alone, and shown as 张**, unless
    `may_see_child`.
    """
    rule = _Sight(may_see_child, today or clock.today(), numbers)
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
    numbers: bool = False

    def hides(self, person: Person) -> bool:
        """Say whether this is a child whose given name is not shown."""
        return not self.may_see_child and is_child(person, self.today)


def _people(
    community: Organisation, query: Query, limit: int, rule: _Sight, seen: set[UUID]
) -> list[tuple[Person, bool]]:
    """Return at most `limit` people with whether they only sound alike; reads on while too few of those read fit."""
    if not rule.numbers and any(word.number for word in query):
        return []
    numbered = _by_numbers(community, query)
    if numbered == []:
        return []
    size, found = limit, list[tuple[Person, bool]]()
    looked: set[UUID] = set(seen)
    homes: set[UUID] = set()
    while True:
        keys, more = keys_of(community, query, size, numbered)
        fresh = [key for key in keys if key not in looked]
        looked |= set(fresh)
        while fresh and len(found) < limit:
            step = limit - len(found) + 2
            for person in _load(fresh[:step]):
                alike = _fits(query, person, rule)
                if alike is None or (_only_doors(query) and person.household_id in homes):
                    continue
                homes.add(person.household_id)
                found.append((person, alike))
            fresh = fresh[step:]
        if len(found) >= limit or not more or size >= MOST:
            return sorted(found, key=lambda item: item[1])[:limit]
        size *= 4


def _only_doors(query: Query) -> bool:
    return all(word.door for word in query)


def _by_numbers(community: Organisation, query: Query) -> list[UUID] | None:
    """Return who has the whole numbers asked for; None when none was. A half typed one is nobody's."""
    wanted: set[UUID] | None = None
    for word in query:
        if word.number:
            mark = Blind(community.pk, word.text)
            people = Person.objects.filter(Q(id_no_bi=mark) | Q(phone_bi=mark), community=community)
            keys = set(people.recorded().values_list("pk", flat=True)) if is_complete(word.text) else set()
            wanted = keys if wanted is None else wanted & keys
    return None if wanted is None else sorted(wanted)


def keys_of(community: Organisation, query: Query, size: int, numbered: list[UUID] | None) -> tuple[list[UUID], bool]:
    """Return people by key, the best first, and whether there may be more: exact ones, then those that sound alike.

    The word that matches the fewest people leads. When they are few, their tokens are read and the other words tried
    on them here; when they are many, the store looks the other words up person by person.
    """
    words = sorted((word for word in query if not word.number), key=lambda word: word.weight)
    if numbered is not None:
        return (_matched(numbered, words) if words else numbered), False
    lead, *others = words
    if others:
        keys, more = _ask(_stages(community, lead, [], FEW), FEW, everything=True)
        if not more:
            return _matched(keys, others), False
    return _ask(_stages(community, lead, others, size), size, alone=bool(others))


def _matched(keys: list[UUID], words: list[Word]) -> list[UUID]:
    """Return those of these people whom every word matches; those who only sound alike when there is nobody else."""
    for exactly in (True, False):
        probes = [probe for word in words for probe in word.probes if not (exactly and probe.alike)]
        match = reduce(or_, map(_matches, probes))
        tokens: dict[UUID, list[str]] = {key: [] for key in keys}
        for key, token in SearchEntry.objects.filter(match, person__in=keys).values_list("person_id", "token"):
            tokens[key].append(token)
        found = [key for key in keys if all(word.covers(tokens[key], exactly) for word in words)]
        if found or not any(probe.alike for word in words for probe in word.probes):
            return found
    return []


Arms = list["QuerySet[SearchEntry]"]


def _ask(stages: Iterator[Arms], size: int, everything: bool = False, alone: bool = False) -> tuple[list[UUID], bool]:
    """Ask stage by stage until there are enough; `alone`: a later stage only when the ones before found nobody."""
    keys: dict[UUID, None] = {}
    more = False
    for arms in stages:
        if keys and alone:
            break
        for statement in _statements(arms):
            if len(keys) >= size and not everything:
                return list(keys), True
            rows = list(statement)
            read = Counter(arm for _, arm in rows)
            more |= any(number >= _most_rows(size) for number in read.values())
            keys.update(dict.fromkeys(key for key, _ in sorted(rows, key=lambda row: row[1])))
    return list(keys), more


def _statements(arms: Arms) -> list[Any]:
    """Return the questions as statements of (person, number of the question): one, where the database can join them.

    A round trip to PostgreSQL costs more than the answer; SQLite answers inside the process.
    """
    numbered = [arm.annotate(arm=Value(number)).values_list("person_id", "arm") for number, arm in enumerate(arms)]
    if len(numbered) > 1 and connection.features.supports_slicing_ordering_in_compound:
        return [numbered[0].union(*numbered[1:], all=True)]
    return numbered


def _stages(community: Organisation, lead: Word, others: list[Word], size: int) -> Iterator[Arms]:
    """Yield the questions for exact matches, then those for names that sound alike; each is one range of one index."""
    yield [_arm(community, probe, others, False, size) for probe in lead.probes if not probe.alike]
    if any(probe.alike for word in (lead, *others) for probe in word.probes):
        yield [_arm(community, probe, others, True, size) for probe in lead.probes if others or probe.alike]


def _arm(community: Organisation, probe: Probe, others: list[Word], alike: bool, size: int) -> "QuerySet[SearchEntry]":
    entries = SearchEntry.objects.filter(_matches(probe), community=community)
    for word in others:
        match = Q()
        for row in word.probes:
            if alike or not row.alike:
                match |= _matches(row)
        entries = entries.filter(Exists(SearchEntry.objects.filter(match, person=OuterRef("person_id"))))
    order = ("token", "place", "person_id") if probe.begins else ("place", "person_id")
    return entries.order_by(*order)[: _most_rows(size)]


def _most_rows(size: int) -> int:
    """One person may stand in a range twice: 小小 by both syllables, z by sound and by initials."""
    return 2 * size + SPARE


def _matches(probe: Probe) -> Q:
    return Q(token__gte=probe.token, token__lt=probe.end) if probe.begins else Q(token=probe.token)


SHOWN = (
    "community",
    "household",
    "name",
    "former_name",
    "nickname",
    "relation",
    "birth_date",
    "phone",
    "state",
    "is_head",
    "household__dwelling",
    "household__dwelling__door_label",
    "household__dwelling__room",
    "household__dwelling__entrance__name",
    "household__dwelling__entrance__building__name",
    f"{DOOR}__name",
)
"""The columns a hit needs: half the work of the answer is making objects of rows."""


def _load(keys: list[UUID]) -> Iterator[Person]:
    """Yield people in the order of their keys; identity numbers are never opened."""
    people = Person.objects.filter(pk__in=keys).select_related(DOOR).only(*SHOWN).in_bulk()
    yield from (people[key] for key in keys if key in people)


def _fits(query: Query, person: Person, rule: _Sight) -> bool | None:
    """Return whether a person only sounds like the query; None when a second look shows that they do not fit."""
    known = known_of(person)
    names = [fold_name(name) for name in (known.name, known.former_name, known.nickname) if name]
    alike = False
    if rule.hides(person):
        names = [split_surname(names[0])[0]] if names else []
        known = replace(known, name=names[0] if names else "", former_name="", nickname="")
        tokens = tokens_of(known, lambda tail: blind_tail(person.community_id, tail))
        if not all(word.number or word.covers(tokens) for word in query):
            return None
    for word in query:
        if word.name and not word.spelt(names) and not _in_compound(word, known.compound):
            alike = True
    return alike


def _in_compound(word: Word, compound: str) -> bool:
    token = "%" + fold_compound(compound) if compound else ""
    return any(probe.token[0] == "%" and probe.covers(token) for probe in word.probes)


def _hit(person: Person, alike: bool, rule: _Sight) -> Hit:
    door: Any = person.household.dwelling
    where = door.door_label if door else _("没有住址")
    parts = (where, person.relation, mask_phone(person.phone), str(STATE_WORDS.get(person.state, "")))
    name = mask_name(person.name) if rule.hides(person) else person.name
    url = reverse("register:household", args=[person.household_id])
    return Hit("person", str(person.pk), name, " · ".join(part for part in parts if part), url, alike)
