"""The call list on a phone: masked, a number by a look, the outcome sealed and once; a sweep carried by a door."""

import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from qiaomen.calls.actions import alerts, sweeps
from qiaomen.calls.models import Call, SweepReply
from qiaomen.kernel import clock
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.phone.actions import devices
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.register.selectors.facts import known_of
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Visit, VisitRequest


@pytest.fixture(autouse=True)
def ten() -> Iterator[None]:
    with clock.at(datetime.combine(clock.today(), time(10), clock.SHANGHAI)):
        yield


@pytest.fixture
def warm(community: Organisation, door: Dwelling, worker: Staff) -> Household:
    """Somebody of eighty-five with a number, in the heat."""
    person = Person.objects.get(name="柳如烟1")
    person.birth_date = datetime(1941, 3, 4).date()
    person.save()
    alerts.give_alert(community=community, kind="heat", until=clock.today(), actor=worker)
    return person.household


def take(worker: Staff) -> Phone:
    return Phone(devices.enrol_device(staff=worker, label="测试机")[1])


def call_said(home: Household, outcome: str, **changes: Any) -> dict[str, Any]:
    key, at = str(uuid.uuid4()), clock.now().isoformat()
    said = {"v": 1, "op_id": key, "kind": "call", "household_id": str(home.pk), "way": "phone", "note": ""}
    return {**said, "happened_at": at, "outcome": outcome, "photos": [], **changes}


def number(phone: Phone, home: Household) -> Any:
    return phone.client.post(f"/api/phone/numbers/{home.pk}", "{}", "application/json", headers=phone.headers)


def test_a_call_list_is_masked_and_a_number_is_a_look(warm: Household, worker: Staff) -> None:
    phone = take(worker)
    (row,) = phone.pack["calls"]
    assert row["household_id"] == str(warm.pk) and row["greet"] == "柳**" and len(row["say"]) == 3
    assert row["phone_masked"] == "139****1234" and "13900001234" not in str(phone.pack)
    assert number(phone, warm).json() == {"name": "柳**", "number": "13900001234"}
    assert LedgerEntry.objects.filter(code="register.field-revealed", actor_id=worker.pk).exists()
    other = Organisation.objects.create(kind="community", name="别的社区", code="F2")
    there = Household.objects.create(community=other, head_name="外人")
    assert number(phone, there).status_code == 404


def test_a_volunteer_has_no_call_list_and_gets_no_number(warm: Household, community: Organisation) -> None:
    mate = Staff.objects.create_user("f-mate", "qiaomen-demo", name="方志远", role="volunteer", organisation=community)
    phone = take(mate)
    assert phone.pack["calls"] == [] and number(phone, warm).status_code == 400
    assert phone.states(phone.seal(call_said(warm, "well"))) != ["stored"] and not Call.objects.exists()


def test_what_came_of_a_call_is_stored_once_and_a_worry_asks_for_a_visit_today(warm: Household, worker: Staff) -> None:
    phone = take(worker)
    item = phone.seal(call_said(warm, "worry"))
    assert phone.states(item) == ["stored"] == phone.states(item)
    assert Call.objects.get().staff == worker and VisitRequest.objects.get(kind="worry").due_on == clock.today()
    assert Visit.objects.get(outcome="by_phone").household == warm
    assert take(worker).pack["calls"] == []
    assert phone.states(phone.seal(call_said(warm, "sold"))) == ["quarantined"]


def test_a_sweep_is_asked_at_a_door_and_one_need_not_say(
    community: Organisation, door: Dwelling, head: Staff, worker: Staff
) -> None:
    person = Person.objects.get(name="柳如烟1")
    sweep = sweeps.begin_sweep(
        community=community, title="谁想找活干", codes=["wants_work"], until=clock.today(), actor=head
    )
    phone = take(worker)
    card = next(card for card in phone.pack["doors"] if card["dwelling_id"] == str(door.pk))
    assert card["ask"][0]["code"] == "wants_work" and len(card["ask"]) <= 6
    shy = [{"person_id": str(person.pk), "code": "wants_work", "value": "declined"}]
    assert phone.states(phone.seal(phone.say(door, answers=shy))) == ["stored"]
    assert SweepReply.objects.get(sweep=sweep).outcome == "refused" and "wants_work" not in known_of(person)
    yes = [{**shy[0], "value": "true"}]
    said = phone.say(door, answers=yes)
    assert phone.states(phone.seal(said)) == ["stored"]
    reply = SweepReply.objects.get(sweep=sweep)
    assert (reply.outcome, reply.way, reply.staff) == ("answered", "door", worker)
    assert known_of(person)["wants_work"] is True
    visits.take_back_at_desk(visit=Visit.objects.get(pk=said["op_id"]), actor=worker)
    reply = SweepReply.objects.get(sweep=sweep)
    assert "wants_work" not in known_of(person) and reply.outcome == "refused", "at the first visit they would not say"
    assert LedgerEntry.objects.filter(code="calls.sweep-unasked").count() == 1
    for visit in Visit.objects.all():
        visits.take_back_at_desk(visit=visit, actor=worker)
    assert not SweepReply.objects.exists(), "it is to be asked again"


def test_who_answered_twice_has_answered_when_one_visit_is_taken_back(
    community: Organisation, door: Dwelling, head: Staff, worker: Staff
) -> None:
    person = Person.objects.get(name="柳如烟1")
    sweeps.begin_sweep(community=community, title="谁想找活干", codes=["wants_work"], until=clock.today(), actor=head)
    phone = take(worker)
    answers = [{"person_id": str(person.pk), "code": "wants_work", "value": "true"}]
    first, second = (phone.say(door, answers=answers) for _ in range(2))
    assert phone.states(phone.seal(first)) == ["stored"] == phone.states(phone.seal(second))
    visits.take_back_at_desk(visit=Visit.objects.get(pk=first["op_id"]), actor=worker)
    assert SweepReply.objects.get().outcome == "answered"
    visits.take_back_at_desk(visit=Visit.objects.get(pk=second["op_id"]), actor=worker)
    assert not SweepReply.objects.exists()


def test_hours_for_when_we_pass_by_are_no_must(door: Dwelling, worker: Staff) -> None:
    phone = take(worker)
    day = clock.today() + timedelta(days=2)
    agreed = {"day": day.isoformat(), "from": "15:30", "to": "17:00", "may": True}
    assert phone.states(phone.seal(phone.say(door, outcome="shortened", agreed=agreed))) == ["stored"]
    assert VisitRequest.objects.get().kind == "maybe"
