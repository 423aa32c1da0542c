"""A visit that was written down at the wrong door goes to the right one with all that came of it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from qiaomen.calls.actions import sweeps
from qiaomen.calls.models import SweepReply
from qiaomen.cases.models import Case
from qiaomen.kernel import clock
from qiaomen.needs.actions import owe
from qiaomen.needs.models import Need, Owed
from qiaomen.office.models import LedgerEntry, Staff
from qiaomen.phone.models import HeldPart
from qiaomen.phone.tests.conftest import Phone, ask
from qiaomen.register.actions.person_facts import note_facts
from qiaomen.register.models import Dwelling, Person
from qiaomen.register.selectors.facts import known_of
from qiaomen.visits.actions import due, visits
from qiaomen.visits.models import Conflict, DueVisit, Visit, VisitRequest


@pytest.fixture
def other(door: Dwelling) -> Dwelling:
    return Dwelling.objects.get(entrance=door.entrance, door_label="3-2-201")


def correction(said: dict[str, Any], **changes: Any) -> dict[str, Any]:
    act = {"v": 1, "kind": "correction", "op_id": str(uuid.uuid4()), "corrects": said["op_id"], "persons": {}}
    return act | {"reason": "记错了门", "happened_at": clock.now().isoformat(), **changes}


def full(phone: Phone, door: Dwelling) -> dict[str, Any]:
    """Say a visit with a need of somebody and an hour agreed for the day after tomorrow."""
    whom = Person.objects.get(household__dwelling=door)
    need = {"id": str(uuid.uuid4()), "kind": "repair", "words": "水管漏水", "handling": "office"}
    day = (clock.today() + timedelta(days=2)).isoformat()
    needs = [need | {"person_id": str(whom.pk)}]
    return phone.say(door, outcome="shortened", needs=needs, agreed={"day": day, "from": "15:30"})


def open_reasons(door: Dwelling) -> set[str]:
    return set(DueVisit.objects.filter(dwelling=door, state="open").values_list("reason", flat=True))


def test_need_case_and_agreed_hour_go_to_the_right_door(phone: Phone, door: Dwelling, other: Dwelling) -> None:
    said = full(phone, door)
    assert phone.states(phone.seal(said)) == ["stored"]
    need = Need.objects.select_related("person").get()
    assert need.person is not None
    owe(
        household=need.household,
        person=need.person,
        need=need,
        sentence="修好了",
        owner=need.heard_by,
        actor=need.heard_by,
    )
    due.refresh(door.community)
    assert {"agreed", "case"} <= open_reasons(door)
    act = correction(said, to_dwelling=str(other.pk))
    assert phone.states(phone.seal(act), phone.seal(act)) == ["stored", "stored"]
    home = other.households.get()
    assert Visit.objects.get().household == home
    need = Need.objects.get()
    assert (need.household, need.person) == (home, None)
    assert set(VisitRequest.objects.values_list("household", flat=True)) == {home.pk}
    assert (Owed.objects.get().household, Owed.objects.get().person) == (home, None)
    assert not open_reasons(door) & {"agreed", "case"} and {"agreed", "case"} <= open_reasons(other)
    assert Case.objects.get().need.household == home and not HeldPart.objects.exists()


def test_where_nobody_lives_they_wait_for_a_person(phone: Phone, door: Dwelling, other: Dwelling) -> None:
    said = full(phone, door)
    other.households.update(state="moved_out")
    assert phone.states(phone.seal(said)) == ["stored"]
    assert phone.states(phone.seal(correction(said, to_dwelling=str(other.pk)))) == ["stored"]
    held = {part.kind: part for part in HeldPart.objects.all()}
    assert {kind: part.why for kind, part in held.items()} == {"need": "no-household", "agreed": "no-home-to-visit"}
    assert "水管漏水" in held["need"].said and "15:30" in held["agreed"].said
    assert not VisitRequest.objects.filter(kind="agreed", open=True).exists()
    assert "agreed" not in open_reasons(door) | open_reasons(other)


def test_an_outcome_put_right_is_due_at_once(phone: Phone, door: Dwelling, worker: Staff) -> None:
    said = phone.say(door)
    assert phone.states(phone.seal(said)) == ["stored"]
    due.refresh(door.community)
    assert "second-try" not in open_reasons(door)
    assert phone.states(phone.seal(correction(said, outcome="no_answer"))) == ["stored"]
    assert "second-try" in open_reasons(door)


def answered(phone: Phone, door: Dwelling, whom: Person, value: str = "alone") -> dict[str, Any]:
    """Say a visit at which somebody of the list told how they live."""
    ask(whom)
    answer = {"person_id": str(whom.pk), "code": "living_arrangement", "value": value}
    return phone.say(door, answers=[answer])


def test_what_was_told_goes_out_of_the_wrong_home_and_waits_with_its_words(
    phone: Phone, door: Dwelling, other: Dwelling
) -> None:
    whom = Person.objects.get(household__dwelling=door)
    said = answered(phone, door, whom)
    assert phone.states(phone.seal(said)) == ["stored"]
    assert known_of(whom) == {"living_arrangement": "alone"}
    act = phone.seal(correction(said, to_dwelling=str(other.pk)))
    assert phone.states(act, act) == ["stored", "stored"]
    assert known_of(whom) == {}
    part = HeldPart.objects.get()
    assert (part.kind, part.why) == ("answer", "wrong-door") and "独居" in part.said


def test_what_somebody_told_who_lives_at_the_right_door_stays_with_them(
    phone: Phone, door: Dwelling, other: Dwelling
) -> None:
    whom = Person.objects.get(household__dwelling=door)
    said = answered(phone, door, whom)
    assert phone.states(phone.seal(said)) == ["stored"]
    whom.household = other.households.get()  # it was their old door
    whom.save(update_fields=["household"])
    assert phone.states(phone.seal(correction(said, to_dwelling=str(other.pk)))) == ["stored"]
    assert known_of(whom) == {"living_arrangement": "alone"} and not HeldPart.objects.exists()


def test_what_later_work_stands_on_stays_and_is_said(
    phone: Phone, door: Dwelling, other: Dwelling, worker: Staff
) -> None:
    whom = Person.objects.get(household__dwelling=door)
    said = answered(phone, door, whom)
    assert phone.states(phone.seal(said)) == ["stored"]
    note_facts(person=whom, facts={"living_arrangement": "with_spouse"}, on_date=clock.today(), actor=worker)
    assert phone.states(phone.seal(correction(said, to_dwelling=str(other.pk)))) == ["stored"]
    assert known_of(whom) == {"living_arrangement": "with_spouse"}
    assert HeldPart.objects.get().why == "stays-noted"


def test_an_answer_that_waits_beside_the_registers_own_waits_no_more(
    phone: Phone, door: Dwelling, other: Dwelling, worker: Staff
) -> None:
    whom = Person.objects.get(household__dwelling=door)
    note_facts(person=whom, facts={"living_arrangement": "with_spouse"}, on_date=clock.today(), actor=worker)
    said = answered(phone, door, whom)
    assert phone.states(phone.seal(said)) == ["stored"]
    assert Conflict.objects.get().settled_at is None
    assert phone.states(phone.seal(correction(said, to_dwelling=str(other.pk)))) == ["stored"]
    assert Conflict.objects.get().choice == "first" and known_of(whom) == {"living_arrangement": "with_spouse"}
    assert HeldPart.objects.get().why == "wrong-door"


def take_back(phone: Phone, said: dict[str, Any], where: str) -> None:
    """Take a visit back on the phone it came from, or at the desk."""
    if where == "phone":
        back = {"v": 1, "kind": "taken_back", "op_id": str(uuid.uuid4()), "takes_back": said["op_id"]}
        assert phone.states(phone.seal(back | {"happened_at": clock.now().isoformat()})) == ["stored"]
    else:
        visit = Visit.objects.get(pk=said["op_id"])
        visits.take_back_at_desk(visit=visit, actor=visit.staff)


@pytest.mark.parametrize("where", ["phone", "desk"])
def test_a_visit_taken_back_takes_back_what_it_told(phone: Phone, door: Dwelling, where: str) -> None:
    whom = Person.objects.get(household__dwelling=door)
    said = answered(phone, door, whom)
    assert phone.states(phone.seal(said)) == ["stored"]
    take_back(phone, said, where)
    assert known_of(whom) == {} and not HeldPart.objects.exists()


@pytest.mark.parametrize("where", ["phone", "desk"])
def test_what_later_work_stands_on_stays_when_its_visit_is_taken_back_and_is_said(
    phone: Phone, door: Dwelling, worker: Staff, where: str
) -> None:
    whom = Person.objects.get(household__dwelling=door)
    said = answered(phone, door, whom)
    assert phone.states(phone.seal(said)) == ["stored"]
    note_facts(person=whom, facts={"living_arrangement": "with_spouse"}, on_date=clock.today(), actor=worker)
    take_back(phone, said, where)
    assert known_of(whom) == {"living_arrangement": "with_spouse"}
    assert HeldPart.objects.get().why == "kept-noted"


def test_a_sweep_was_not_asked_at_the_wrong_door(phone: Phone, door: Dwelling, other: Dwelling) -> None:
    head = Staff.objects.create_user("h-w", None, name="主任", role="head", organisation=door.community)
    asked = {"title": "谁想找活干", "codes": ["wants_work"], "until": clock.today()}
    sweeps.begin_sweep(community=door.community, actor=head, **asked)
    whom = Person.objects.get(household__dwelling=door)
    shy = {"person_id": str(whom.pk), "code": "wants_work"}
    ask(whom, code="wants_work")
    said = phone.say(door, answers=[{**shy, "value": "true"}])
    assert phone.states(phone.seal(said)) == ["stored"] and SweepReply.objects.get().outcome == "answered"
    assert phone.states(phone.seal(correction(said, to_dwelling=str(other.pk)))) == ["stored"]
    assert not SweepReply.objects.exists(), "the household it was written down at is to be asked"
    assert LedgerEntry.objects.filter(code="calls.sweep-unasked").count() == 1
