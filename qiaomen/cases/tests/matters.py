"""A resident, and a matter of theirs that a colleague heard and carries."""

import uuid
from datetime import date
from typing import Any

from qiaomen.cases import actions
from qiaomen.cases.models import Case
from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.register.models import Household, Person

BORN = date(1950, 5, 6)


def person_in(home: Household, name: str, born: date = BORN, **more: Any) -> Person:
    return Person.objects.create(community=home.community, household=home, name=name, birth_date=born, **more)


def matter_of(person: Person, worker: Staff, kind: str = "errand", words: str = "请帮我办养老资格认证") -> Case:
    _need, made = actions.receive_need(
        need_id=uuid.uuid4(),
        household=person.household,
        person=person,
        kind=kind,
        words=words,
        handling="mine",
        origin="visit",
        heard_at=clock.now(),
        heard_by=worker,
    )
    assert made is not None
    return made
