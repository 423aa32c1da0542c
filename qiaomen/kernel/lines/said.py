"""What the houses say: each registers once, every page asks here, and a line its reader may not read is not there."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from qiaomen.kernel.lines.line import FACT_MISSING, Line, Told, by_clock, by_weight

LinesOf = Callable[[Sequence[Any], Any, date], Iterable[Line]]
LinesHeld = Callable[[Any, Any, date, UUID | None], Iterable[Line]]
MayRead = Callable[[Told, Any], bool]
T = TypeVar("T", bound=Told)
LINES_OF: dict[str, LinesOf] = {}
LINES_HELD: dict[str, LinesHeld] = {}
GATES: list[MayRead] = []
MOST_SAID = 3
"""Nobody says more than three things before they listen."""


def register_lines(house: str, lines_of_house: LinesOf) -> None:
    """Make known what a house says of households: `(households, viewer, today)` in a fixed number of queries."""
    if house in LINES_OF:
        raise ValueError(f"lines of {house} are registered twice")
    LINES_OF[house] = lines_of_house


def register_held(house: str, lines_held_in_house: LinesHeld) -> None:
    """Make known what is to be done in a house: `(community, viewer, today, owner)` in a fixed number of queries.

    `owner`: the key of one member of staff, whose lines alone are asked for; None: everybody's.
    """
    if house in LINES_HELD:
        raise ValueError(f"held lines of {house} are registered twice")
    LINES_HELD[house] = lines_held_in_house


def guard_lines(may_read: MayRead) -> None:
    """Make known who may read a line. Every gate has to let it through."""
    GATES.append(may_read)


def lines_of(households: Sequence[Any], viewer: Any, today: date) -> list[Line]:
    """Return what all houses have to say of these households and their people, the weightiest first."""
    if not households:
        return []
    found = [line for said in LINES_OF.values() for line in said(households, viewer, today)]
    return sorted(readable(found, viewer), key=by_weight)


def lines_held(community: Any, viewer: Any, today: date, owner: UUID | None = None) -> list[Line]:
    """Return what somebody has to do in a community, or all that one member of staff holds, by the clock."""
    found = [line for held in LINES_HELD.values() for line in held(community, viewer, today, owner)]
    return sorted(readable(found, viewer), key=by_clock)


def readable(lines: Iterable[T], viewer: Any) -> list[T]:
    """Keep what the viewer may read: the others are not shown and not counted.

    Without a gate nothing that tells of people goes out.
    """
    if not GATES:
        return [line for line in lines if not line.fields]
    return [line for line in lines if all(may_read(line, viewer) for may_read in GATES)]


def by_aspect(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return the lines of each part of a page in the order they came in."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.aspect, []).append(line)
    return found


def by_household(lines: Iterable[Line]) -> dict[UUID, list[Line]]:
    """Return the lines of each household in the order they came in."""
    found: dict[UUID, list[Line]] = {}
    for line in lines:
        if line.household is not None:
            found.setdefault(line.household, []).append(line)
    return found


def said_at_door(lines: Iterable[Line], most: int = MOST_SAID) -> list[str]:
    """Return the first sentences to be said aloud, each once; what is a question is asked after them."""
    return list(dict.fromkeys(line.spoken for line in lines if line.spoken and line.weight != FACT_MISSING))[:most]


def asked_at_door(lines: Iterable[Line], most: int = MOST_SAID) -> list[str]:
    """Return the first questions that can be asked aloud, each once: a missing fact is a question."""
    return list(dict.fromkeys(line.spoken for line in lines if line.spoken and line.weight == FACT_MISSING))[:most]
