"""Ages, and the days they are counted from."""

from datetime import date
from typing import overload


def years_before(day: date, years: int) -> date:
    """Return the last day of birth that makes somebody so many years old on a day: the same day, so many years earlier.

    29 February becomes 28 February: who was born on 1 March is a day younger. So `birth <= years_before(day, n)` says
    the same as `age_on(birth, day) >= n` for every birth and every day.
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


@overload
def age_on(birth: date, day: date) -> int: ...


@overload
def age_on(birth: date | None, day: date) -> int | None: ...


def age_on(birth: date | None, day: date) -> int | None:
    """Return the full years somebody has lived on a day; None when the birth is not known.

    Source: 民法典 第二百条 (公历周岁).
    """
    if birth is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
