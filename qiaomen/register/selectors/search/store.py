"""The question to the store: people by the tokens of the words, stage by stage, each one range of one index."""

from collections import Counter
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from qiaomen.office.models import Organisation
from qiaomen.register.models import SearchEntry
from qiaomen.register.rules.search.query import Probe, Query, Word
from qiaomen.register.rules.search.tokens import BEGINS

SPARE = 10
FEW = 250
"""So many people's tokens are read at once; of more, the store looks the other words up."""


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
        match = reduce(or_, map(matches, probes))
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
    entries = SearchEntry.objects.filter(matches(probe), community=community)
    for word in others:
        match = Q()
        for row in word.probes:
            if alike or not row.alike:
                match |= matches(row)
        entries = entries.filter(Exists(SearchEntry.objects.filter(match, person=OuterRef("person_id"))))
    order = ("token", "place", "person_id") if probe.begins else ("place", "person_id")
    return entries.order_by(*order)[: _most_rows(size)]


def _most_rows(size: int) -> int:
    """One person may stand in a range twice: 小小 by both syllables, z by sound and by initials."""
    return 2 * size + SPARE


def matches(probe: Probe) -> Q:
    found = Q(token__gte=probe.token, token__lt=probe.end) if probe.begins else Q(token=probe.token)
    return found & Q(place__lte=BEGINS) if probe.first else found
