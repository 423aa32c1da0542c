"""What a card says before the knock holds on the very day."""

from datetime import date, datetime

from qiaomen.kernel import clock
from qiaomen.phone.selectors.door_card import _oldest
from qiaomen.register.models import Person


def test_somebody_is_seventy_on_the_seventieth_birthday() -> None:
    """Yesterday days were divided by 365.25, and a card said "old" a day late for one birthday in four."""
    people = [Person(birth_date=date(1948, 3, 1)), Person(birth_date=date(1950, 7, 1)), Person(birth_date=None)]
    for day, age in ((28, 69), (1, 70)):
        with clock.at(datetime(2018, 2 if day == 28 else 3, day, 12, tzinfo=clock.SHANGHAI)):
            assert _oldest(people) == age
