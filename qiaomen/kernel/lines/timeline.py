"""What happened to a household, told by every house that had a hand in it, in one row of time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from qiaomen.kernel.lines import said
from qiaomen.kernel.lines.links import Link
from qiaomen.kernel.sensitivity import Field


@dataclass(frozen=True)
class Moment:
    """One thing that happened. `text`: what was said or done; `who`: by whom it was written down.

    `changes`: what was put right, as (title, old, new) in words. `undone`: who took it back and why; it stays, struck
    out. `links`: pages to go on from it; `undo`: the route that takes it back (POST) and what its button says.
    `fields`, `household`, `people`: as of a line (line.py).
    """

    at: datetime
    title: Any
    text: Any = ""
    who: str = ""
    changes: tuple[tuple[Any, str, str], ...] = ()
    undone: Any = ""
    links: tuple[Link, ...] = ()
    undo: tuple[str, Any] | None = None
    fields: tuple[Field, ...] = ()
    household: UUID | None = None
    people: tuple[UUID, ...] = ()


MomentsOf = Callable[[Any, Any], Iterable[Moment]]
TIMELINES: dict[str, MomentsOf] = {}
MOST_MOMENTS = 60
"""So many of each house, the newest: an older one is found on that house's own page."""


def register_timeline(house: str, moments_of: MomentsOf) -> None:
    """Make known what a house tells of a household's past: `(household, viewer)`, at most MOST_MOMENTS."""
    if house in TIMELINES:
        raise ValueError(f"the timeline of {house} is registered twice")
    TIMELINES[house] = moments_of


def timeline_of(household: Any, viewer: Any) -> list[Moment]:
    """Return what happened to a household, the newest first; what its reader may not read is not there."""
    found = [moment for moments_of in TIMELINES.values() for moment in moments_of(household, viewer)]
    return sorted(said.readable(found, viewer), key=lambda moment: moment.at, reverse=True)
