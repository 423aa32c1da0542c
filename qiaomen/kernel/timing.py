"""Clocks of every house: working days, natural days and hours, with pauses and an extension.

One place counts days. Working days follow the State Council's yearly holiday notice, make-up days (调休) included: the
table comes from the package chinese_calendar. For a year that has no notice yet Monday to Friday count, without the
days off that stand in the law itself; which days are moved to make a longer holiday is known only from the notice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar

from qiaomen.kernel.clock import SHANGHAI
from qiaomen.kernel.lunar import solar_day

UNITS = ("working_days", "days", "hours")
DAY = timedelta(days=1)
MOST_DAYS = 3660
"""A clock that has not run out after ten years is a mistake in what it was given."""

Calendar = Callable[[date], bool]
"""Says whether a day is worked."""

overrides: dict[date, bool] = {}
"""Day -> is it worked; rows an office has entered win over the table."""


def is_working_day(day: date, extra: Mapping[date, bool] | None = None) -> bool:
    """Say whether `day` is worked. Source: 国务院办公厅关于部分节假日安排的通知, each year."""
    for table in (extra, overrides):
        if table and day in table:
            return table[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5 and not is_day_off_by_law(day)


def is_announced(day: date) -> bool:
    """Say whether the holiday notice of this day's year is known: before that a working-day limit may still move."""
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True


def is_day_off_by_law(day: date) -> bool:
    """Say whether everybody has this day off, whatever the notice moves. Source: 全国年节及纪念日放假办法 第二条 (2025)."""
    if (day.month, day.day) in {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}:
        return True
    spring = solar_day(day.year, 1, 1, leap=False)
    lunar = [solar_day(day.year, *month_and_day, leap=False) for month_and_day in ((5, 5), (8, 15))]
    return day in lunar or day == _clear_and_bright(day.year) or (spring is not None and -1 <= (day - spring).days <= 2)


def _clear_and_bright(year: int) -> date:
    """Return the day of 清明 between 2000 and 2099, by the usual formula of the solar terms."""
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)


def add_working_days(start: date, n: int) -> date:
    """Return the day `n` working days after `start`; the starting day itself does not count (民法典 第二百零一条)."""
    if n < 0:
        raise ValueError("n must not be negative")
    day = start
    while n:
        day += DAY
        n -= is_working_day(day)
    return day


def working_days_between(a: date, b: date) -> int:
    """Count working days after `a` up to and including `b`; negative when `b` lies before `a`."""
    if b < a:
        return -working_days_between(b, a)
    return sum(is_working_day(a + timedelta(days=i)) for i in range(1, (b - a).days + 1))


@dataclass(frozen=True)
class Clock:
    """A limit: so many working days, natural days or hours after something happened.

    `moves`: one in natural days that ends on a day off ends on the next working day; only where the source says so.
    `extended_to`: how much the whole limit may become, None where the source knows no extension; `most_extensions`: how
    often it may grow by that difference.
    """

    unit: str
    amount: int
    moves: bool = False
    extended_to: int | None = None
    most_extensions: int = 1

    def __post_init__(self) -> None:
        """Refuse what no source can mean. Raises ValueError."""
        if self.unit not in UNITS or self.amount < 0:
            raise ValueError(f"clock of {self.amount} {self.unit}")
        if self.extended_to is not None and self.extended_to <= self.amount:
            raise ValueError(f"extended from {self.amount} to {self.extended_to}")

    def amount_after(self, extensions: int) -> int:
        """Return the whole limit after so many extensions. Raises ValueError for one more than the source allows."""
        if extensions and (self.extended_to is None or extensions > self.most_extensions):
            raise ValueError("this clock is not extended again")
        return self.amount + extensions * ((self.extended_to or 0) - self.amount)


@dataclass(frozen=True)
class Pause:
    """A time in which a clock stands still: from `start` until `end`, which is when it runs again.

    In days: neither the day it starts nor those after it count, the day of resuming does.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse a pause that ends before it starts. Raises ValueError."""
        if self.end < self.start:
            raise ValueError("a pause ends after it starts")

    def holds(self, day: date) -> bool:
        """Say whether a day does not count because of this pause."""
        return self.start.astimezone(SHANGHAI).date() <= day < self.end.astimezone(SHANGHAI).date()


def days_off(start: date, end: date) -> Pause:
    """Return the pause of whole days: from the day it starts until the day of resuming, which counts."""
    return Pause(datetime.combine(start, time(), SHANGHAI), datetime.combine(end, time(), SHANGHAI))


def due_on(
    clock: Clock,
    start: date,
    pauses: Iterable[Pause] = (),
    *,
    extensions: int = 0,
    is_worked: Calendar = is_working_day,
) -> date:
    """Return the last day of a limit counted in days; the day of the event does not count (民法典 第二百零一条).

    Raises ValueError for a clock in hours, an extension too many, and pauses that never end.
    """
    if clock.unit == "hours":
        raise ValueError("hours end at a moment: see due_at")
    left, day, stops = clock.amount_after(extensions), start, tuple(pauses)
    for _day in range(MOST_DAYS):
        if left == 0:
            return _moved(day, stops, is_worked) if clock.moves and clock.unit == "days" else day
        day += DAY
        left -= _counts(day, clock.unit, stops, is_worked)
    raise ValueError("this clock never runs out")


def _counts(day: date, unit: str, pauses: tuple[Pause, ...], is_worked: Calendar) -> bool:
    return not any(pause.holds(day) for pause in pauses) and (unit == "days" or is_worked(day))


def _moved(day: date, pauses: tuple[Pause, ...], is_worked: Calendar) -> date:
    """Return the first worked day that is not paused, from the last day of a limit on (民法典 第二百零三条)."""
    for _day in range(MOST_DAYS):
        if is_worked(day) and not any(pause.holds(day) for pause in pauses):
            return day
        day += DAY
    raise ValueError("this clock never runs out")


def due_at(clock: Clock, start: datetime, pauses: Iterable[Pause] = (), *, extensions: int = 0) -> datetime:
    """Return the moment at which a limit counted in hours runs out: nights and holidays count, pauses do not.

    Raises ValueError for a clock in days and for an extension too many.
    """
    if clock.unit != "hours":
        raise ValueError("days end with a day: see due_on")
    left, now = timedelta(hours=clock.amount_after(extensions)), start
    for pause in sorted(pauses, key=lambda found: found.start):
        if pause.end <= now:
            continue
        if now + left <= pause.start:
            break
        left -= max(pause.start - now, timedelta())
        now = pause.end
    return now + left


def last_day(
    clock: Clock,
    start: datetime,
    pauses: Iterable[Pause] = (),
    *,
    extensions: int = 0,
    is_worked: Calendar = is_working_day,
) -> date:
    """Return the day on which a limit of any unit runs out, counted from a moment."""
    if clock.unit == "hours":
        return due_at(clock, start, pauses, extensions=extensions).astimezone(SHANGHAI).date()
    return due_on(clock, start.astimezone(SHANGHAI).date(), pauses, extensions=extensions, is_worked=is_worked)


def used_of(
    clock: Clock, start: date, today: date, pauses: Iterable[Pause] = (), *, is_worked: Calendar = is_working_day
) -> int:
    """Return how many days of a limit in days have been counted by the end of today, past its last day, too."""
    stops = tuple(pauses)
    days = (start + timedelta(days=n) for n in range(1, (today - start).days + 1))
    return sum(_counts(day, clock.unit, stops, is_worked) for day in days)
