"""What is worth asking at a door: told facts that are not known and would decide a care group. At most three a door."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from qiaomen.criteria.engine import Columns
from qiaomen.criteria.facts import Fact
from qiaomen.groups.models import GroupDefinition, OpenQuestion
from qiaomen.groups.selectors.criteria import rule_of
from qiaomen.register.models import Person, who_lives_here
from qiaomen.register.selectors import packs

MOST_ASKED = 3
ONE_TAP = ("bool", "code")
"""Kinds of fact that one tap answers; the others wait for the desk."""
Truths = dict[UUID, list[bool | None]]


def missing_of(
    definitions: Sequence[GroupDefinition], keys: Sequence[UUID], columns: Columns, truths: Truths
) -> dict[UUID, list[str]]:
    """Return per person the facts that one tap answers, that are not known, and that leave a group open."""
    known, missing = packs.facts(), defaultdict[UUID, dict[str, None]](dict)
    for definition in definitions:
        told = [code for code in rule_of(definition).facts if known[code].origin == "told"]
        asked = [code for code in told if known[code].kind in ONE_TAP]
        for place, truth in enumerate(truths[definition.group_id]) if asked else ():
            if truth is None:
                missing[keys[place]] |= {code: None for code in asked if columns[code][place] is None}
    return {person: list(codes) for person, codes in missing.items() if codes}


def asks_of(homes: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Return the questions per household as a phone asks them: whom, which fact, the words, and what can be tapped."""
    return {home: [_ask(person, fact) for person, fact in rows] for home, rows in questions_of(homes).items()}


def questions_of(homes: Sequence[UUID]) -> dict[UUID, list[tuple[Person, Fact]]]:
    """Return the questions per household: whom it is about, and which fact is not known; the groups must be current.

    One query.
    """
    rows = OpenQuestion.objects.filter(who_lives_here("person__"), person__household__in=homes).select_related("person")
    rows = rows.only("codes", "person__household", "person__name", "person__birth_date")
    known = packs.facts()
    asked: dict[UUID, list[tuple[Person, Fact]]] = defaultdict(list)
    for row in rows.order_by("-person__is_head", "person__birth_date", "person__pk"):
        mine = asked[row.person.household_id]
        mine += [(row.person, known[code]) for code in row.codes if code in known][: MOST_ASKED - len(mine)]
    return {home: mine for home, mine in asked.items() if mine}


def _ask(person: Person, fact: Fact) -> dict[str, Any]:
    values: list[Any] = [True, False] if fact.kind == "bool" else list(fact.choices)
    return {
        "person_id": str(person.pk),
        "code": fact.code,
        "words": fact.ask,
        "choices": [{"value": fact.write(value), "title": packs.say(fact, value)} for value in values],
    }
