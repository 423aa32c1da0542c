"""What a due visit is worth today: rows of what is due → the far-sighted prize of the planner, and why it is today."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from qiaomen.planner.foresight import HORIZON_DAYS, Rhythm, spare_by_seeing
from qiaomen.visits.rules.due import RETRY_WITHIN_DAYS, need_of

UNSEEN = ("longest-unseen", "never-seen")


class DueRow(Protocol):
    """A due visit, deduced (rules.due.Due) or as it stands in the database."""

    @property
    def clock(self) -> str: ...

    @property
    def reason(self) -> str: ...

    @property
    def opens_on(self) -> date: ...

    @property
    def due_on(self) -> date: ...

    @property
    def weight(self) -> float: ...

    @property
    def since(self) -> date | None: ...


Terms = Mapping[str, tuple[int, int]]
"""By reason (a care group's code; longest-unseen and never-seen as one): every how many days, and how many days
ahead the window opens."""


def rhythm_of(row: DueRow, terms: Terms) -> Rhythm | None:
    """Return how the need of a due visit comes back; None: it does not, or nobody knows the term of its reason."""
    every, ahead = terms.get(UNSEEN[0] if row.reason in UNSEEN else row.reason, (0, 0))
    if row.clock not in ("cadence", "unseen") or not every:
        return None
    if row.since is not None:
        every = max(1, (row.due_on - row.since).days)
    window = min(max(1, ahead), every)
    return Rhythm(row.weight, every - window, window)


def worth_of(row: DueRow, terms: Terms, day: date, next_days: float) -> float:
    """Return the need × days that answering a due visit on a day spares; `next_days`: until the next round.

    A knock in vain moves the day on which the window opens, not the wait: it is counted back from the day it was due.
    A household nobody ever talked to counts by its need alone: on the day a roster comes in, those who are seen every
    week come first, however soon they are due again.
    """
    rhythm = rhythm_of(row, terms)
    if rhythm is None:
        days = RETRY_WITHIN_DAYS if row.clock == "retry" else HORIZON_DAYS
        return spare_by_seeing(need_of(row.weight, row.opens_on, row.due_on, day), 0.0, None, next_days, days)
    every = rhythm.rest_days + rhythm.window_days
    waited = max(0.0, (day - row.due_on).days + every)
    if row.since is None:
        return spare_by_seeing(row.weight * (1 + waited / every), 0.0, None, next_days)
    return spare_by_seeing(rhythm.need(waited), waited, rhythm, next_days)


def worth_of_seeing(rows: Iterable[DueRow], terms: Terms, day: date, next_days: float) -> float:
    """Return what a talk at a door is worth on a day: one talk answers all that is due there."""
    return max((worth_of(row, terms, day, next_days) for row in rows), default=0.0)


OFTEN_HOME = 0.7
"""From this learnt chance on the hour itself is a reason. A default."""
SOON_DAYS = 7
NEIGHBOURS = 2


def why_today(
    row: DueRow | None, day: date, *, must: bool, chance: float | None, neighbours: int
) -> list[tuple[str, int]]:
    """Return why a door is walked on this day and not on another: (code, number), the weightiest first.

    `chance`: that somebody opens at this hour, learnt at this very door; None: nobody has knocked in it yet.
    `neighbours`: other doors of the same staircase in the round.
    """
    found: list[tuple[str, int]] = []
    if must:
        found.append(("last-day", 0))
    elif row is not None and row.due_on < day:
        found.append(("late", (day - row.due_on).days))
    elif row is not None and (row.due_on - day).days <= SOON_DAYS:
        found.append(("soon", (row.due_on - day).days))
    if chance is not None and chance >= OFTEN_HOME:
        found.append(("hour", round(10 * chance)))
    if neighbours >= NEIGHBOURS:
        found.append(("near", neighbours))
    return found or [("open", 0)]
