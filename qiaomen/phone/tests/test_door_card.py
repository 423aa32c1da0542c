"""What a card says before the knock holds on the very day."""

import re
from datetime import date, datetime

from qiaomen.groups.selectors.questions import ONE_TAP
from qiaomen.kernel import clock
from qiaomen.phone.selectors.door_card import _oldest
from qiaomen.register.models import Person
from qiaomen.register.selectors import packs


def test_somebody_is_seventy_on_the_seventieth_birthday() -> None:
    """Yesterday days were divided by 365.25, and a card said "old" a day late for one birthday in four."""
    people = [Person(birth_date=date(1948, 3, 1)), Person(birth_date=date(1950, 7, 1)), Person(birth_date=None)]
    for day, age in ((28, 69), (1, 70)):
        with clock.at(datetime(2018, 2 if day == 28 else 3, day, 12, tzinfo=clock.SHANGHAI)):
            assert _oldest(people) == age


def test_a_question_at_the_door_asks_what_reaches_them_and_calls_nobody_anything() -> None:
    asked = [fact for fact in packs.facts().values() if fact.origin == "told" and fact.kind in ONE_TAP and fact.ask]
    assert len(asked) >= 10
    labels = [fact.ask for fact in asked if re.match("是不?是?|认定过|算不算|属于", fact.ask)]
    assert not labels
