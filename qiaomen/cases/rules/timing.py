"""What is late and what is nearly late: one meaning for list, badge and figure. kernel/timing.py counts the days."""

from datetime import date

from qiaomen.kernel.timing import Clock, working_days_between
from qiaomen.kernel.timing import due_on as last_day

CLOCKS = {
    "mine": Clock("working_days", 5),
    "office": Clock("working_days", 5),
    "urgent": Clock("working_days", 1),
    "on_the_spot": Clock("working_days", 5),
}
"""Five working days as in 潍坊市12345条例 第二十条, a local rule used as an editable default; one when urgent.

What was answered on the spot has a clock from the day somebody says that it was not solved.
"""
SOON_DAYS = 1
SILENT_DAYS = 7
"""A matter under way of which nothing was written down for so long is silent; the office's own habit."""
TO_HEAD_DAYS = 1
"""After so many working days past its last day a matter is said to the head, in one line a day; own habit."""
UNDER_WAY = ("open", "reopened")


def due_on(opened: date, handling: str) -> date:
    """Return the last day on which the case is in time; the day of opening does not count."""
    return last_day(CLOCKS[handling], opened)


def is_overdue(state: str, due: date, today: date) -> bool:
    """Say whether a case is late: under way and its last day is over."""
    return state in UNDER_WAY and today > due


def is_due_soon(state: str, due: date, today: date) -> bool:
    """Say whether a case in time has at most one working day left."""
    return state in UNDER_WAY and today <= due and working_days_between(today, due) <= SOON_DAYS


def goes_to_head(state: str, due: date, today: date) -> bool:
    """Say whether a late matter is the head's to know of, too."""
    return is_overdue(state, due, today) and working_days_between(due, today) >= TO_HEAD_DAYS
