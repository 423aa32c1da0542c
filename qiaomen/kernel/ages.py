"""Ages and the days they are counted from."""

from datetime import date

from qiaomen.sheets.rules.grid_cells import Span


def years_before(day: date, years: int) -> date:
    """Return the same day some years earlier; 29 February becomes 1 March, as a birthday does."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def age_on(birth: date, day: date) -> int:
    """Return the full years somebody has lived on a day. Source: 民法典 第二百条 (公历周岁)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def births_of_ages(span: Span, today: date) -> Span:
    """Return which days of birth make somebody that old today."""
    low = None if span.high is None else date.fromordinal(years_before(today, int(span.high) + 1).toordinal() + 1)  # type: ignore[arg-type]
    high = None if span.low is None else years_before(today, int(span.low))  # type: ignore[arg-type]
    return Span(low, high)
