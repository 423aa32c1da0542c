"""Working days under the State Council's yearly holiday notice, make-up days (调休) included.

The table comes from the package chinese_calendar (2004-2026). For a year it does not know yet, Monday to
Friday count as working days until an office enters that year's notice in `overrides`.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar

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
        return day.weekday() < 5


def add_working_days(start: date, n: int) -> date:
    """Return the day `n` working days after `start`; the starting day itself does not count (民法典 第二百零一条)."""
    if n < 0:
        raise ValueError("n must not be negative")
    day = start
    while n:
        day += timedelta(days=1)
        n -= is_working_day(day)
    return day


def working_days_between(a: date, b: date) -> int:
    """Count working days after `a` up to and including `b`; negative when `b` lies before `a`."""
    if b < a:
        return -working_days_between(b, a)
    return sum(is_working_day(a + timedelta(days=i)) for i in range(1, (b - a).days + 1))
