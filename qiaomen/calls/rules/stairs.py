"""What the doors of one staircase say together. The rules are criteria over doors (packs: stairs.yaml)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qiaomen.criteria.engine import answer
from qiaomen.criteria.facts import PLACES, Fact
from qiaomen.criteria.language import read
from qiaomen.criteria.statement import Rule

DAYS = 30
DOOR_FACTS = {
    fact.code: fact
    for fact in (
        Fact("opened", "opened within a month", "bool", "register", "-", "when to knock", "visits"),
        Fact(
            "silent", "knocked on within a month and never opened", "bool", "register", "-", "when to knock", "visits"
        ),
    )
}
"""What is known of a door: of one nobody knocked on both are false."""


@dataclass(frozen=True)
class KnockedDoor:
    """A door with its place, and what came of the knocks of the last month."""

    door: str
    entrance: str
    compound: str
    knocks: int
    opened: int


def silent_places(doors: Sequence[KnockedDoor], rules: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return per rule the entrances or compounds (as the rule says `over`) in which it holds, in the order of doors."""
    if not doors:
        return {rule["code"]: [] for rule in rules}
    entrances = _numbers([door.entrance for door in doors])
    compounds = _numbers([door.compound for door in doors])
    columns = {
        "id": range(len(doors)),
        "entrance": entrances,
        "compound": compounds,
        "opened": [door.opened > 0 for door in doors],
        "silent": [door.knocks > 0 and door.opened == 0 for door in doors],
    }
    asked = [Rule(rule["code"], (read(rule["when"], DOOR_FACTS, PLACES),)) for rule in rules]
    truths = answer(asked, columns, DOOR_FACTS, {})
    return {
        rule["code"]: list(
            dict.fromkeys(
                getattr(door, rule["over"]) for door, holds in zip(doors, truths[rule["code"]], strict=True) if holds
            )
        )
        for rule in rules
    }


def _numbers(names: Sequence[str]) -> list[int]:
    known: dict[str, int] = {}
    return [known.setdefault(name, len(known)) for name in names]
