"""Who a definition takes in on a day: definitions as rules, their numbers, and what would change."""

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from qiaomen.criteria.engine import answer
from qiaomen.criteria.facts import Parameter
from qiaomen.criteria.language import read
from qiaomen.criteria.statement import Rule
from qiaomen.groups.models import GroupChoice, GroupDefinition, Membership
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation
from qiaomen.register.models import Person, open_on, who_counts
from qiaomen.register.selectors import packs
from qiaomen.register.selectors.facts import fact_columns


def rule_of(definition: GroupDefinition) -> Rule:
    """Return a definition as a rule. Raises CannotRead."""
    return Rule(str(definition.group_id), (read(definition.when, packs.facts()),))


def numbers_for(definition: GroupDefinition, day: date) -> dict[str, Parameter]:
    """Return the parameters of a definition: the packs' in force on a day, this office's own values over them."""
    found = dict(packs.parameters(day))
    for code, value in definition.numbers.items():
        known = found.get(code)
        title, unit = (known.title, known.unit) if known else (code, "")
        found[code] = Parameter(code, title, value, unit, definition.source, confirmed_by=str(definition.made_by_id))
    return found


def _in_force(community: Organisation, day: date) -> list[GroupDefinition]:
    rows = GroupDefinition.objects.filter(open_on(day), group__community=community)
    return sorted(rows.select_related("group"), key=lambda one: one.group.code)


def _truths(definitions: list[GroupDefinition], columns: Any, day: date) -> dict[UUID, list[bool | None]]:
    """Return per group the truth for each person; definitions with their own numbers are asked one by one."""
    shared = [definition for definition in definitions if not definition.numbers]
    found = answer([rule_of(definition) for definition in shared], columns, packs.facts(), packs.parameters(day))
    for definition in definitions:
        if definition.numbers:
            found |= answer([rule_of(definition)], columns, packs.facts(), numbers_for(definition, day))
    return {definition.group_id: found[str(definition.group_id)] for definition in definitions}


def _choices(community: Organisation, day: date) -> dict[UUID, dict[UUID, str]]:
    found: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    rows = GroupChoice.objects.filter(open_on(day), group__community=community).filter(who_counts("person__"))
    for group, person, kind in rows.values_list("group", "person", "kind"):
        found[group][person] = kind
    return found


def who_would_change(definition: GroupDefinition) -> tuple[list[Person], list[Person], int]:
    """Return who would enter, who would leave, and of how many it is not known; nothing is written."""
    group, day = definition.group, clock.today()
    keys, columns = fact_columns(group.community, day, codes=rule_of(definition).facts)
    truths = _truths([definition], columns, day)[group.pk]
    wanted = {key for key, truth in zip(keys, truths, strict=True) if truth}
    for person, kind in _choices(group.community, day)[group.pk].items():
        (wanted.add if kind == "added" else wanted.discard)(person)
    now = set(Membership.objects.filter(group=group, to_date=None).values_list("person", flat=True))
    people = Person.objects.filter(pk__in=wanted ^ now).select_related(
        "household__dwelling__entrance__building__compound"
    )
    changed = sorted(people, key=lambda person: (person.name, str(person.pk)))
    enters = [person for person in changed if person.pk in wanted]
    return enters, [person for person in changed if person.pk not in wanted], sum(truth is None for truth in truths)
