"""How houses join: what a house has to say of a household or a person, and the acts it offers there.

A page shows what the houses declare in their `lines.py` and names none of them. Source: loop.md, section 1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

GROUP, FACT_MISSING, ANSWER_OWED, PROMISE_DUE, PROMISE_LATE = 0, 10, 30, 40, 50
"""Weights: what a good visitor would say first weighs most."""


@dataclass(frozen=True)
class Line:
    """One sentence that one house has to say today about a record.

    `subject`: record type and key. `due_on`, `owner`: until when, and who holds it. `spoken`: fit to be said aloud in a
    stairwell. `sealed`: showing it is a look and is in the ledger.
    """

    code: str
    subject: tuple[str, UUID]
    text: Any
    weight: int = GROUP
    due_on: date | None = None
    owner: str = ""
    url: str = ""
    spoken: bool = False
    sealed: bool = False


@dataclass(frozen=True)
class Link:
    """An act or a page a house offers at a record; `place` orders them, `primary` is the one to do first.

    `frame`: the page it leads to has a part with this id, which a page with script shows in place.
    """

    place: int
    title: Any
    url: str
    primary: bool = False
    frame: str = ""


FOR_ALL = "public"
"""In place of a record type: what a house offers on every public page, to anybody. The record is None."""

LinesOf = Callable[[Sequence[Any], Any, date], list[Line]]
LinksOf = Callable[[Any, Any], list[Link]]
_lines: dict[str, LinesOf] = {}
_links: dict[tuple[str, str], LinksOf] = {}


def register_lines(house: str, lines_of_house: LinesOf) -> None:
    """Make known what a house says of households: `(households, viewer, today)` in a fixed number of queries."""
    if house in _lines:
        raise ValueError(f"lines of {house} are registered twice")
    _lines[house] = lines_of_house


def register_links(house: str, record_type: str, links_of_house: LinksOf) -> None:
    """Make known what a house offers at records of a type: `(record, viewer)`."""
    if (house, record_type) in _links:
        raise ValueError(f"links of {house} at {record_type} are registered twice")
    _links[house, record_type] = links_of_house


def lines_of(households: Sequence[Any], viewer: Any, today: date) -> list[Line]:
    """Return what all houses have to say of these households and their people, the weightiest first."""
    found = [line for lines_of_house in _lines.values() for line in lines_of_house(households, viewer, today)]
    return sorted(found, key=lambda line: (-line.weight, line.due_on or date.max, line.code, str(line.text)))


def links_of(record_type: str, record: Any, viewer: Any) -> list[Link]:
    """Return what all houses offer at a record, in the order of their places."""
    found = [link for (_, kind), of in _links.items() if kind == record_type for link in of(record, viewer)]
    return sorted(found, key=lambda link: link.place)


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
