"""An hour agreed at a door, until somebody came or nobody has to."""

from datetime import timedelta
from typing import Any

import pytest

from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.phone.models import HeldPart
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling
from qiaomen.visits.actions import due
from qiaomen.visits.lines import at_doors
from qiaomen.visits.models import DueVisit, VisitRequest


def agree(phone: Phone, door: Dwelling, days: int, **changes: Any) -> dict[str, Any]:
    """Say that somebody was asked to come again so many days from now, at half past three."""
    agreed = {"day": (clock.today() + timedelta(days=days)).isoformat(), "from": "15:30", "to": "17:00"}
    return phone.say(door, outcome="shortened", agreed=agreed, **changes)


def taken_back(phone: Phone, door: Dwelling, said: dict[str, Any]) -> dict[str, Any]:
    act = {"v": 1, "op_id": phone.say(door)["op_id"], "happened_at": said["happened_at"]}
    return act | {"kind": "taken_back", "takes_back": said["op_id"]}


def agreed_lines(door: Dwelling, viewer: Staff) -> list[str]:
    lines = at_doors.lines_of(list(door.households.all()), viewer, clock.today())
    return [line.text for line in lines if line.code == "visits.agreed"]


def is_owed(door: Dwelling) -> bool:
    due.refresh(door.community)
    return DueVisit.objects.filter(dwelling=door, reason="agreed", state="open").exists()


def test_an_hour_that_was_kept_is_no_longer_said(phone: Phone, door: Dwelling, worker: Staff) -> None:
    assert phone.states(phone.seal(agree(phone, door, 2))) == ["stored"]
    assert is_owed(door)
    with clock.at(clock.now() + timedelta(days=2)):
        assert phone.states(phone.seal(phone.say(door))) == ["stored"]
    with clock.at(clock.now() + timedelta(days=3)):
        assert not is_owed(door)
        assert agreed_lines(door, worker) == []


def test_an_hour_nobody_kept_is_said_as_late(phone: Phone, door: Dwelling, worker: Staff) -> None:
    assert phone.states(phone.seal(agree(phone, door, 2))) == ["stored"]
    with clock.at(clock.now() + timedelta(days=3)):
        assert is_owed(door)
        assert "还没有来" in agreed_lines(door, worker)[0]


def test_what_came_in_late_was_agreed_when_it_was_said(phone: Phone, door: Dwelling, worker: Staff) -> None:
    said = agree(phone, door, 1)
    with clock.at(clock.now() + timedelta(days=1)):  # a day without a signal: both come in together
        assert phone.states(phone.seal(said), phone.seal(phone.say(door))) == ["stored", "stored"]
    with clock.at(clock.now() + timedelta(days=4)):
        assert not is_owed(door)
        assert agreed_lines(door, worker) == []


@pytest.mark.parametrize("outcome", ["met", "no_answer"])
def test_an_hour_of_the_same_day_is_kept_by_coming_again(
    phone: Phone, door: Dwelling, worker: Staff, outcome: str
) -> None:
    assert phone.states(phone.seal(agree(phone, door, 0))) == ["stored"]
    assert is_owed(door)
    with clock.at(clock.now() + timedelta(hours=5)):
        assert phone.states(phone.seal(phone.say(door, outcome=outcome))) == ["stored"]
        assert not is_owed(door)
    with clock.at(clock.now() + timedelta(days=3)):
        assert not is_owed(door)
        assert agreed_lines(door, worker) == []


def test_an_hour_is_owed_again_when_the_visit_that_kept_it_is_taken_back(
    phone: Phone, door: Dwelling, worker: Staff
) -> None:
    assert phone.states(phone.seal(agree(phone, door, 2))) == ["stored"]
    with clock.at(clock.now() + timedelta(days=2)):
        kept = phone.say(door)
        assert phone.states(phone.seal(kept)) == ["stored"]
        assert not is_owed(door)
        assert phone.states(phone.seal(taken_back(phone, door, kept))) == ["stored"]
        assert is_owed(door) and agreed_lines(door, worker)
        due.withdraw_request(community=door.community, key=VisitRequest.objects.get().key)
        assert not is_owed(door) and not agreed_lines(door, worker)


def test_what_was_agreed_at_a_visit_taken_back_is_owed_to_nobody(phone: Phone, door: Dwelling, worker: Staff) -> None:
    said = agree(phone, door, 2)
    assert phone.states(phone.seal(said)) == ["stored"]
    assert is_owed(door)
    assert phone.states(phone.seal(taken_back(phone, door, said))) == ["stored"]
    assert not DueVisit.objects.filter(dwelling=door, reason="agreed", state="open").exists()
    assert not is_owed(door) and agreed_lines(door, worker) == []


def test_an_hour_of_a_household_that_is_gone_waits_for_a_person(phone: Phone, door: Dwelling) -> None:
    said = agree(phone, door, 2)
    door.households.update(state="moved_out")
    assert phone.states(phone.seal(said)) == ["stored"]
    assert not VisitRequest.objects.exists()
    assert [(part.kind, part.why) for part in HeldPart.objects.all()] == [("agreed", "no-home-to-visit")]
