"""Days of the lunar calendar, by a kept library; a month that came twice that year is two days, not one."""

from datetime import date

from borax.calendars.lunardate import InvalidLunarDateError, LCalendars, LunarDate

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years the library has tables for."""

_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def leap_month_of(year: int) -> int:
    """Return which month of a lunar year came twice, 0 for none or for a year without a table."""
    return int(LCalendars.leap_month(year)) if FIRST_YEAR <= year <= LAST_YEAR else 0


def solar_day(year: int, month: int, day: int, leap: bool) -> date | None:
    """Return the day of the common calendar; None when the lunar year has no such month or day, or no table."""
    try:
        found = LunarDate(year, month, day, int(leap)).to_solar_date()
    except (InvalidLunarDateError, ValueError):
        return None
    return found if isinstance(found, date) else None


def years_named(name: str, first: int, last: int) -> list[int]:
    """Return the years between two, both in it, that bear a name of the sixty-year cycle (丙申: 1956, 2016)."""
    stem, branch = _STEMS.index(name[0]), _BRANCHES.index(name[1])
    return [year for year in range(first, last + 1) if (year - 4) % 10 == stem and (year - 4) % 12 == branch]
