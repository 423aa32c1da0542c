"""What can be promised with the hours there are: how often each tier of doors can really be seen, and from which day a
visit is late.

A promise of D days says that no door of the tier waits longer than D days. It can be kept when in every stretch of D
days, wherever it begins, the minutes given to the tier hold a visit to each of its doors: then walking the tier in turn
keeps it. Tiers are served in the order given; what one needs is taken from every day alike, so that the next finds the
same share of every stretch. Facts in, findings out; no clock, no chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

MOST_DAYS = 1460
"""Four years; a longer wait is no promise."""
WEEKS = 26
"""So many weeks ahead each stretch may begin. A default; leave is seldom known earlier."""
STEPS = 400
"""The stretch that suits all alike is sought in steps of a twentieth: at most twenty-fold."""
TINY = 1e-6


@dataclass(frozen=True)
class Demand:
    """A tier: so many doors, each seen every `days`; a visit takes `minutes`, ways and knocks in vain included.

    `door_days`: at the door only every so many days, in between by telephone (`call_minutes` at a desk); None: always
    at the door.
    """

    code: str
    doors: int
    days: int
    minutes: float
    door_days: int | None = None
    call_minutes: float = 0.0

    def __post_init__(self) -> None:
        if self.doors < 0 or self.days < 1 or self.minutes <= 0 or self.call_minutes < 0 or (self.door_days or 1) < 1:
            raise ValueError(f"tier {self.code}: doors and minutes must not be negative, days are at least 1")

    @property
    def walks_every(self) -> int:
        """In how many days each door is knocked on once."""
        return max(self.days, self.door_days or 0)

    @property
    def weekly_walk(self) -> float:
        """Minutes of walking a week."""
        return 7 * self.doors * self.minutes / self.walks_every

    @property
    def weekly_calls(self) -> float:
        """Minutes a week on the telephone."""
        return 7 * self.doors * self.call_minutes * (1 / self.days - 1 / self.walks_every)


@dataclass(frozen=True)
class Hours:
    """The minutes of walking on each coming day (from the first day on) and of a usual week, which follows them."""

    days: tuple[float, ...]
    usual: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.usual) != 7 or len(self.days) % 7 or min((*self.days, *self.usual)) < 0:
            raise ValueError("whole weeks of minutes that are not negative")

    def less(self, minutes: float) -> "Hours":
        """Return what is left when so many minutes of a usual week are taken from every day in proportion."""
        share = max(0.0, 1 - minutes / sum(self.usual)) if sum(self.usual) else 0.0
        return Hours(tuple(day * share for day in self.days), tuple(day * share for day in self.usual))

    def week(self, number: int) -> float:
        """Return the minutes of a coming week; 0 is the first."""
        return sum(self.days[7 * number : 7 * number + 7])


@dataclass(frozen=True)
class Kept:
    """What becomes of a demand: `best`, the fewest days in which each door can really be knocked on, at least those
    asked for (None: never); `tight`: the day, counted from the first, at which the stretch with the fewest minutes for
    the days asked begins.
    """

    demand: Demand
    best: int | None
    tight: int

    @property
    def is_kept(self) -> bool:
        """Say whether what was asked for can be kept."""
        return self.best is not None and self.best <= self.demand.walks_every


def keep(demands: Sequence[Demand], hours: Hours) -> list[Kept]:
    """Return for each demand what can be kept of it, in the order given; each takes what it needs before the next."""
    left, found = _laid_out(hours), []
    for demand in demands:
        work = demand.doors * demand.minutes
        _least, tight = _least_window(left, demand.walks_every)
        best = _fewest_days(left, work, demand.walks_every)
        found.append(Kept(demand, best, tight))
        if best is None:
            left = left * 0.0
        elif work > 0:
            left = left * (1 - min(1.0, work / _least_window(left, best)[0]))
    return found


def keep_first_things(demands: Sequence[Demand], hours: Hours) -> list[int | None]:
    """Return the days of each tier when the first gets all it asks for, and each next one what is left."""
    return [kept.best for kept in keep(demands, hours)]


def keep_alike(demands: Sequence[Demand], hours: Hours) -> list[int | None]:
    """Return the days of each tier when all wait longer by the same factor, the smallest (in twentieths) that can be
    kept; all None when none can.
    """
    low, high = 0, STEPS
    if not _alike(demands, hours, high):
        return [None] * len(demands)
    while low < high:
        middle = (low + high) // 2
        if _alike(demands, hours, middle):
            high = middle
        else:
            low = middle + 1
    return [_longer(demand.walks_every, low) for demand in demands]


def _alike(demands: Sequence[Demand], hours: Hours, step: int) -> bool:
    longer = [replace(demand, days=_longer(demand.walks_every, step), door_days=None) for demand in demands]
    return all(kept.is_kept for kept in keep(longer, hours))


def _longer(days: int, step: int) -> int:
    return min(MOST_DAYS, -(-days * (20 + step) // 20))


def week_by_week(demands: Sequence[Demand], hours: Hours, weeks: int) -> list[tuple[float, list[int | None]]]:
    """Return for each coming week its minutes and the days of each tier if every week were like it."""
    found = []
    for number in range(weeks):
        left, days = hours.week(number), list[int | None]()
        for demand in demands:
            work = 7 * demand.doors * demand.minutes
            fewest = (
                demand.walks_every if work <= left * demand.walks_every + TINY else _ceil(work / left) if left else 0
            )
            days.append(fewest if 0 < fewest <= MOST_DAYS else None)
            left = max(0.0, left - work / fewest) if days[-1] else 0.0
        found.append((hours.week(number), days))
    return found


def _ceil(value: float) -> int:
    return int(-(-value // 1)) if value < 10 * MOST_DAYS else 10 * MOST_DAYS


def _laid_out(hours: Hours) -> NDArray[np.float64]:
    """Return the minutes of each day for every stretch that begins within WEEKS, the longest included."""
    days = np.array(hours.days[: 7 * WEEKS])
    usual = np.tile(np.array(hours.usual), (7 * WEEKS + MOST_DAYS - len(days)) // 7 + 2)
    return np.concatenate([days, usual])[: 7 * WEEKS + MOST_DAYS]


def _least_window(minutes: NDArray[np.float64], days: int) -> tuple[float, int]:
    """Return the fewest minutes of any stretch of so many days that begins within WEEKS, and where it begins."""
    total = np.concatenate([[0.0], np.cumsum(minutes)])
    begins = np.arange(7 * WEEKS)
    windows = total[begins + days] - total[begins]
    tight = int(windows.argmin())
    return float(windows[tight]), tight


def _fewest_days(minutes: NDArray[np.float64], work: float, at_least: int) -> int | None:
    """Return the fewest days, not below `at_least`, in every stretch of which the work is done; None: in none."""
    low, high = min(at_least, MOST_DAYS), MOST_DAYS
    if _least_window(minutes, high)[0] + TINY < work:
        return None
    while low < high:
        middle = (low + high) // 2
        if _least_window(minutes, middle)[0] + TINY >= work:
            high = middle
        else:
            low = middle + 1
    return low


@dataclass(frozen=True)
class Term:
    """What was promised to a tier from a day on: a visit every `days`; None: nothing."""

    from_date: date
    days: int | None


def promised_day(anchor: date, terms: Sequence[Term]) -> date | None:
    """Return the last day by which a visit was promised to a door last seen on `anchor` (or known since then); None:
    nothing was promised.

    A promise counts from its own day: nobody is late the day it is made. One that follows neither forgives what was
    late already, nor shortens what stands to before its own day, nor makes anybody wait longer than both.
    """
    if not terms:
        return None
    stands = _from_its_day(anchor, terms[0])
    for before, term in pairwise(terms):
        if stands is not None and stands < term.from_date:
            return stands
        stands = _followed(anchor, stands, before, term)
    return stands


def _followed(anchor: date, stands: date | None, before: Term, term: Term) -> date | None:
    new = _from_its_day(anchor, term)
    if stands is None or new is None:
        return new
    if term.days is not None and before.days is not None and term.days > before.days:
        return max(stands, anchor + timedelta(days=term.days))
    return min(stands, new)


def _from_its_day(anchor: date, term: Term) -> date | None:
    return None if term.days is None else max(anchor, term.from_date) + timedelta(days=term.days)
