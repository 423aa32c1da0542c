"""The clock of a case, in working days; one meaning of late for list, badge and figure."""

from datetime import date

from qiaomen.kernel.workdays import add_working_days, working_days_between

WORKING_DAYS = {"mine": 5, "office": 5, "urgent": 1, "on_the_spot": 5}
"""Five working days as in 潍坊市12345条例 第二十条, a local rule used as an editable default; one when urgent.

What was answered on the spot has a clock from the day somebody says that it was not solved.
"""
SOON_DAYS = 1
UNDER_WAY = ("open", "reopened")


def due_on(opened: date, handling: str) -> date:
    """Return the last day on which the case is in time; the day of opening does not count."""
    return add_working_days(opened, WORKING_DAYS[handling])


def is_overdue(state: str, due: date, today: date) -> bool:
    """Say whether a case is late: under way and its last day is over."""
    return state in UNDER_WAY and today > due


def is_due_soon(state: str, due: date, today: date) -> bool:
    """Say whether a case in time has at most one working day left."""
    return state in UNDER_WAY and today <= due and working_days_between(today, due) <= SOON_DAYS
