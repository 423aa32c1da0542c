"""What the houses hold on one resident, how each forgets it, and by which words each names people.

The resident's own page, erasure and the search box ask here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Holding:
    """One thing that is held on a resident, in the resident's own words: what, since when, what for, on what basis."""

    title: Any
    value: Any
    purpose: Any
    basis: Any
    since: date | None = None


HeldOf = Callable[[Any], Iterable[Holding]]
Erase = Callable[[Any, Any], int]
HELD_OF: dict[str, HeldOf] = {}
ERASE: dict[str, Erase] = {}


def register_resident(house: str, *, held_of: HeldOf, erase: Erase | None = None) -> None:
    """Make known what a house holds on a person, and how it forgets it: `(person, actor)`, the number of values gone.

    `erase` None: the law obliges to keep it all. Called within the transaction of the erasure.
    """
    if house in HELD_OF:
        raise ValueError(f"what {house} holds on a resident is registered twice")
    HELD_OF[house] = held_of
    if erase is not None:
        ERASE[house] = erase


def held_of(person: Any) -> dict[str, list[Holding]]:
    """Return what each house holds on a person; a house that holds nothing is not in it."""
    found = {house: list(of(person)) for house, of in HELD_OF.items()}
    return {house: rows for house, rows in found.items() if rows}


def erase(person: Any, actor: Any) -> int:
    """Have every house forget what nothing obliges it to keep; return how many values went."""
    return sum(of(person, actor) for of in ERASE.values())


CarryOver = Callable[[Any, Any, Any], None]
_CARRY_OVER: dict[str, CarryOver] = {}


def register_carry_over(house: str, carry: CarryOver) -> None:
    """Make known how a house gives the record that stays what stands under one that is merged into it.

    `(act, stays, goes)`, within the transaction and with the changes of the act, so that taking it back gives it back.
    """
    if house in _CARRY_OVER:
        raise ValueError(f"what {house} carries over is registered twice")
    _CARRY_OVER[house] = carry


def carry_over(act: Any, stays: Any, goes: Any) -> None:
    """Have every house give the record that stays what stands under the one that goes."""
    for carry in _CARRY_OVER.values():
        carry(act, stays, goes)


@dataclass(frozen=True)
class Label:
    """A word a house gives to people, by which the search box finds them: the title of a care group.

    `people`: their keys, as a query of the house; `field`: what being found by it tells (kernel/sensitivity.py), None
    no more than an age.
    """

    title: str
    people: Any
    field: Any = None


LabelsOf = Callable[[Any, Any], list[Label]]
_labels: dict[str, LabelsOf] = {}


def register_labels(house: str, labels_of_house: LabelsOf) -> None:
    """Make known by which words a house names people: `(community, viewer)`, only those the viewer may be told."""
    if house in _labels:
        raise ValueError(f"labels of {house} are registered twice")
    _labels[house] = labels_of_house


def labels_of(community: Any, viewer: Any) -> list[Label]:
    """Return the words of all houses."""
    return [label for labels_of_house in _labels.values() for label in labels_of_house(community, viewer)]
