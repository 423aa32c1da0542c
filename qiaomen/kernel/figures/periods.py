"""Periods of whole days, and with which one a period may be compared."""

from dataclasses import dataclass
from datetime import date, timedelta

WIDTHS = ("week", "month", "quarter", "year")
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included; `width` is one of WIDTHS."""

    start: date
    end: date
    width: str

    @classmethod
    def around(cls, day: date, width: str) -> "Period":
        """Return the week (Monday to Sunday), month, quarter or year a day lies in. Raises ValueError."""
        if width == "week":
            return cls(day - timedelta(days=day.weekday()), day + timedelta(days=6 - day.weekday()), width)
        if width not in MONTHS:
            raise ValueError(width)
        step = MONTHS[width]
        first = (day.month - 1) // step * step + 1
        return cls(date(day.year, first, 1), _month(day.year, first + step) - timedelta(days=1), width)

    def before(self) -> "Period":
        """Return the period just before this one."""
        return Period.around(self.start - timedelta(days=1), self.width)

    def a_year_before(self) -> "Period":
        """Return the same period a year before; of weeks the one 52 weeks back, so that weekdays are alike."""
        if self.width == "week":
            return Period.around(self.start - timedelta(weeks=52), "week")
        return Period.around(date(self.start.year - 1, self.start.month, 1), self.width)

    def last(self, many: int) -> list["Period"]:
        """Return so many periods, the oldest first, this one last."""
        found = [self]
        while len(found) < many:
            found.append(found[-1].before())
        return found[::-1]

    @property
    def days(self) -> dict[str, date]:
        """First and last day, as a figure takes them."""
        return {"start": self.start, "end": self.end}


def week_of(day: date) -> Period:
    """Return the week a day lies in."""
    return Period.around(day, "week")


UNFINISHED = "unfinished"
BEGAN_LATER = "began-later"
REDEFINED = "redefined"
NOTHING = "nothing"


def comparable(
    period: Period, other: Period, *, today: date, first: date | None, versions: tuple[int, int] = (1, 1)
) -> str:
    """Return why two periods may not be compared, "" when they may.

    `first`: the first day anything of the kind was recorded, None: never. A period that is not over has fewer days; one
    that began before recording did has fewer records; two definitions count two things.
    """
    if first is None:
        return NOTHING
    if min(period.start, other.start) < first:
        return BEGAN_LATER
    if max(period.end, other.end) >= today:
        return UNFINISHED
    return REDEFINED if versions[0] != versions[1] else ""
