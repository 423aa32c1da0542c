"""What behind a figure somebody can be asked about again, and what those who were drawn by lot said.

Each house makes its records known here, and call-backs name none of them.

A house whose records a figure lists says of them whose they are, who ever had a hand in them and of which matter they
are (`read`); which of them were finished in a span of time (`finished`), so that the four-week question and the checks
after 1, 3 and 6 months reach them; and what is done when the resident says that it is not solved (`reopen`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

HERE = ""
DIED, MOVED = "died", "moved"
"""Why somebody in the register cannot be asked; HERE: they can."""


@dataclass(frozen=True)
class Subject:
    """One record as it is asked about.

    `hands`: every member of staff who ever had a hand in it: owned it, was given it, took a step, heard it, walked
    there. `matter`: the key of what the resident said, the same for a need and for its case. `gone`: why nobody can be
    asked about it. `strata`: the parts it stands in, by code.
    """

    row: UUID
    matter: UUID
    household: Any
    person: Any
    hands: frozenset[UUID]
    title: str
    strata: dict[str, str]
    gone: str = HERE


@dataclass(frozen=True)
class Askable:
    """How records of one kind are asked about.

    `read`: of keys, in a fixed number of queries; a key of nothing is left out. `finished`: the keys of a community's
    records that stand finished since a moment after the first and not after the second; None: no check by the calendar.
    `reopen`: (key, actor, words), in the transaction of the answer; returns what was opened, None for nothing.
    """

    record_type: str
    read: Callable[[Iterable[UUID]], list[Subject]]
    finished: Callable[[Any, datetime, datetime], Iterable[UUID]] | None = None
    reopen: Callable[[UUID, Any, str], Any] | None = None


_askable: dict[str, Askable] = {}


def register_askable(kind: Askable) -> None:
    """Make a kind of record known. Raises ValueError for one registered twice."""
    if kind.record_type in _askable:
        raise ValueError(f"{kind.record_type} can be asked about twice")
    _askable[kind.record_type] = kind


def askable(record_type: str) -> Askable | None:
    """Return how records of a kind are asked about; None: they are not."""
    return _askable.get(record_type)


def all_askable() -> list[Askable]:
    """Return every kind, in the order of their names."""
    return [_askable[name] for name in sorted(_askable)]


@dataclass(frozen=True)
class Sampled:
    """One finished round. `found`: question, part ("" for the whole) and what may be said of it, the range first."""

    title: Any
    start: date
    end: date
    url: str
    found: tuple[tuple[Any, str, tuple[str, ...]], ...]


SampledOf = Callable[[Any], list[Sampled]]
_sampled: dict[str, SampledOf] = {}


def register_sampled(house: str, sampled_of: SampledOf) -> None:
    """Make a house known that asks by lot: (community) to its finished rounds, the newest first."""
    if house in _sampled:
        raise ValueError(f"what {house} asked by lot is registered twice")
    _sampled[house] = sampled_of


def sampled_in(community: Any) -> list[Sampled]:
    """Return every finished round of a community."""
    return [round_ for sampled_of in _sampled.values() for round_ in sampled_of(community)]
