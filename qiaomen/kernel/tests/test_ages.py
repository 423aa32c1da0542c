"""An age and the day of birth that makes it agree on every day, 29 February too."""

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from qiaomen.kernel.ages import age_on, years_before

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@given(birth=st.dates(date(1900, 1, 1), date(2032, 12, 31)), day=DAYS, years=st.integers(0, 110))
@example(birth=date(2010, 3, 1), day=date(2024, 2, 29), years=14)  # yesterday's code took this child of 13 for grown
@example(birth=date(2008, 2, 29), day=date(2022, 2, 28), years=14)
@example(birth=date(2008, 2, 29), day=date(2022, 3, 1), years=14)
def test_who_was_born_by_the_day_is_of_the_age(birth: date, day: date, years: int) -> None:
    assert (birth <= years_before(day, years)) == (age_on(birth, day) >= years)


@given(birth=st.dates(date(1900, 1, 1), date(2019, 12, 31)), day=DAYS)
def test_an_age_is_the_number_of_birthdays_that_have_come(birth: date, day: date) -> None:
    """Counted year by year, as an independent model; who was born on 29 February has a birthday on 1 March."""
    birthdays = 0
    for year in range(birth.year + 1, day.year + 1):
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        on = date(year, 3, 1) if (birth.month, birth.day) == (2, 29) and not leap else birth.replace(year=year)
        birthdays += on <= day
    assert age_on(birth, day) == birthdays
