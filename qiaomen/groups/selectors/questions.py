"""What is worth asking at a door: told facts that are not known and would decide a care group. At most three a door."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from qiaomen.criteria.engine import answer
from qiaomen.criteria.facts import Fact
from qiaomen.groups.models import GroupDefinition
from qiaomen.groups.selectors.criteria import numbers_for, rule_of
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation
from qiaomen.register.models import Person, open_on
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.facts import fact_columns

MOST_ASKED = 3
ONE_TAP = ("bool", "code")
"""Kinds of fact that one tap answers; the others wait for the desk."""


def asks_of(community: Organisation, homes: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Return the questions per household as a phone asks them: whom, which fact, the words, and what can be tapped."""
    found = questions_of(community, homes)
    return {home: [_ask(person, fact) for person, fact in rows] for home, rows in found.items()}


def questions_of(community: Organisation, homes: list[UUID]) -> dict[UUID, list[tuple[Person, Fact]]]:
    """Return the questions per household: whom it is about, and which fact is not known."""
    day, known = clock.today(), packs.facts()
    definitions = list(GroupDefinition.objects.filter(open_on(day), group__community=community))
    people = Person.objects.filter(household__in=homes).living().defer("id_no", "phone")
    if not definitions or not homes:
        return {}
    rules = {one.pk: rule_of(one) for one in definitions}
    codes = [code for rule in rules.values() for code in rule.facts]
    keys, columns = fact_columns(community, day, codes=dict.fromkeys(codes), people=people)
    if not keys:
        return {}
    missing: dict[UUID, list[str]] = defaultdict(list)
    for one in definitions:
        rule = rules[one.pk]
        truths = answer([rule], columns, known, numbers_for(one, day))[rule.code]
        for place, truth in enumerate(truths):
            if truth is not None:
                continue
            missing[keys[place]] += [
                code
                for code in rule.facts
                if known[code].kind in ONE_TAP and known[code].origin == "told" and columns[code][place] is None
            ]
    asked: dict[UUID, list[tuple[Person, Fact]]] = defaultdict(list)
    for person in people.order_by("-is_head", "birth_date", "pk"):
        for code in dict.fromkeys(missing[person.pk]):
            if len(asked[person.household_id]) < MOST_ASKED:
                asked[person.household_id].append((person, known[code]))
    return asked


def _ask(person: Person, fact: Fact) -> dict[str, Any]:
    values: list[Any] = [True, False] if fact.kind == "bool" else list(fact.choices)
    return {
        "person_id": str(person.pk),
        "code": fact.code,
        "words": fact.ask,
        "choices": [{"value": fact.write(value), "title": packs.say(fact, value)} for value in values],
    }
