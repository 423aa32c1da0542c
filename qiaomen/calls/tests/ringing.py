"""Somebody is rung up, for tests of calls."""

import uuid
from typing import Any

from qiaomen.calls.actions import calls
from qiaomen.calls.models import Call
from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.visits.tests.street import NOON

TEN = NOON.replace(hour=10)


def home_of(door: Dwelling) -> Household:
    return door.households.get()


def give_number(home: Household, number: str = "13900000001") -> Person:
    person = home.people.get()
    person.phone = number
    person.save()
    return person


def ring(home: Household, staff: Staff, outcome: str, **more: Any) -> Call:
    call, _new = calls.record_call(
        call_id=uuid.uuid4(),
        household=home,
        staff=staff,
        outcome=outcome,
        happened_at=clock.now(),
        origin="desk",
        **more,
    )
    return call
