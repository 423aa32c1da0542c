"""A phone brings back what its packs asked, of their doors, within their dates; all else waits for a person."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.phone import nightly
from qiaomen.phone.actions import devices
from qiaomen.phone.models import HeldPart, Pack, Submission
from qiaomen.phone.rules.allowed import Allowed, ListedDoor, PackTaken, allowed_at, contents_of, read_pack
from qiaomen.phone.tests.conftest import Phone, ask
from qiaomen.register.models import Dwelling, Household, Person, ToldFact
from qiaomen.visits.models import Visit


def answer(person: Person, value: str = "alone", code: str = "living_arrangement") -> dict[str, Any]:
    return {"person_id": str(person.pk), "code": code, "value": value}


def need_of(person: Person | None = None) -> dict[str, Any]:
    said = {"id": str(uuid.uuid4()), "kind": "repair", "words": "水管漏水", "handling": "office"}
    return {**said, "person_id": str(person.pk)} if person else said


@pytest.fixture
def stranger(phone: Phone, community: Organisation) -> Person:
    """Somebody of this community whose door is not among the sixty of the pack."""
    listed = {door["dwelling_id"] for door in phone.pack["doors"]}
    door = next(one for one in Dwelling.objects.filter(community=community) if str(one.pk) not in listed)
    return Person.objects.create(community=community, household=door.households.get(), name="邻家人", is_head=True)


def test_what_the_pack_did_not_ask_waits_with_its_words_and_changes_nothing(phone: Phone, door: Dwelling) -> None:
    person = Person.objects.get()
    said = phone.say(door, answers=[answer(person), answer(person, "true", "destitute")])
    ask(person)
    assert phone.states(phone.seal(said)) == ["stored"]
    assert [fact.code for fact in ToldFact.objects.all()] == ["living_arrangement"]
    part = HeldPart.objects.get()
    assert (part.kind, part.why) == ("answer", "not-asked") and "true" in part.said


def test_nobody_elses_facts_come_in_through_a_door_of_the_list(phone: Phone, door: Dwelling, stranger: Person) -> None:
    """Yesterday this wrote sealed facts of any household of the community."""
    said = phone.say(door, answers=[answer(stranger)], household_id=str(stranger.household_id))
    assert phone.states(phone.seal(said)) == ["stored"]
    assert not ToldFact.objects.exists()
    assert Visit.objects.get().household_id == door.households.get().pk
    assert sorted(HeldPart.objects.values_list("kind", "why")) == [
        ("answer", "not-asked"),
        ("household", "not-of-door"),
    ]


def test_a_need_about_somebody_elsewhere_stays_with_the_door_and_says_so(
    phone: Phone, door: Dwelling, stranger: Person
) -> None:
    assert phone.states(phone.seal(phone.say(door, needs=[need_of(stranger)]))) == ["stored"]
    need = Need.objects.get()
    assert need.person_id is None and need.household_id == door.households.get().pk
    assert HeldPart.objects.get().kind == "whom" and "水管漏水" in HeldPart.objects.get().said


def test_a_door_outside_the_list_is_recorded_without_answers(phone: Phone, stranger: Person, head: Staff) -> None:
    """A neighbour asks: the visit and the need stand, an answer waits."""
    door = stranger.household.dwelling
    assert door is not None
    ask(stranger)  # even where some pack's question names this person: the door was not given out
    assert phone.states(phone.seal(phone.say(door, answers=[answer(stranger)], needs=[need_of()]))) == ["stored"]
    assert Visit.objects.get().dwelling == door and Need.objects.get().household == stranger.household
    assert not ToldFact.objects.exists() and HeldPart.objects.get().why == "not-asked"
    page = Client()
    page.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    assert "名单上没有问这一项" in page.get(reverse("phone:devices")).content.decode()


def test_a_visit_outside_the_dates_of_every_pack_waits_with_its_words(
    phone: Phone, door: Dwelling, head: Staff
) -> None:
    person = Person.objects.get()
    ask(person)
    moment = clock.now() - timedelta(days=9)
    said = phone.say(door, happened_at=moment.isoformat(), answers=[answer(person)], note="门口有积水")
    result = phone.send(phone.seal(said)).json()["results"][0]
    assert (result["state"], result["code"]) == ("quarantined", "phone.outside-pack")
    assert not Visit.objects.exists() and not ToldFact.objects.exists()
    desk = Client()
    desk.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    assert "门口有积水" in desk.get(reverse("phone:devices")).content.decode()
    desk.post(reverse("phone:take-in", args=[said["op_id"]]))
    assert Visit.objects.get().happened_at == moment
    assert not ToldFact.objects.exists() and HeldPart.objects.get().kind == "answer"


def test_1990_waits(phone: Phone, door: Dwelling) -> None:
    said = phone.say(door, happened_at="1990-06-01T10:00:00+08:00")
    assert phone.states(phone.seal(said)) == ["quarantined"] and not Visit.objects.exists()


def test_another_phones_list_opens_nothing(phone: Phone, door: Dwelling, community: Organisation) -> None:
    """A phone that took no list of its own brings nothing that a list would have asked."""
    ask(Person.objects.get())
    mate = Staff.objects.create_user("b-mate", None, name="同伴", role="volunteer", organisation=community)
    theirs = Phone(devices.enrol_device(staff=mate, label="")[1])
    assert theirs.pack["doors"] == []
    assert theirs.states(theirs.seal(theirs.say(door, answers=[answer(Person.objects.get())]))) == ["stored"]
    assert not ToldFact.objects.exists() and HeldPart.objects.get().why == "not-asked"
    Pack.objects.filter(device__staff=mate).delete()
    assert theirs.states(theirs.seal(theirs.say(door))) == ["quarantined"]


def test_what_a_restored_database_forgot_of_a_list_is_recorded_without_answers(phone: Phone, door: Dwelling) -> None:
    person = Person.objects.get()
    ask(person)
    said = phone.say(door, answers=[answer(person)])
    Pack.objects.all().delete()
    devices.make_epoch()
    assert phone.states(phone.seal(said)) == ["stored"]
    assert Visit.objects.exists() and not ToldFact.objects.exists() and HeldPart.objects.exists()


def test_the_same_list_again_is_one_row_and_is_forgotten_when_nothing_of_it_can_come(phone: Phone) -> None:
    first = Pack.objects.get()
    Phone(phone.headers["Authorization"].split()[1])
    assert Pack.objects.get().expires_at > first.expires_at
    assert "living" not in json.dumps(list(Pack.objects.values("id", "device_id")), default=str)
    with clock.at(clock.now() + timedelta(days=60)):
        nightly.drop_old_packs()
        assert Pack.objects.exists()
    with clock.at(clock.now() + timedelta(days=64)):
        nightly.drop_old_packs()
        assert not Pack.objects.exists()


def test_the_head_takes_in_what_waited_and_a_phone_out_of_service_brings_no_answer(
    phone: Phone, door: Dwelling, head: Staff
) -> None:
    person = Person.objects.get()
    ask(person)
    said = phone.say(door, answers=[answer(person)])
    devices.revoke_device(device=Device.objects.get(), actor=head)
    assert phone.states(phone.seal(said)) == ["quarantined"]
    desk = Client()
    desk.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    desk.post(reverse("phone:take-in", args=[said["op_id"]]))
    assert Submission.objects.get().state == "stored" and ToldFact.objects.count() == 1  # its list had asked it


def test_the_rule_by_itself() -> None:
    day = datetime(2026, 3, 5, 8, tzinfo=UTC)
    door, other, home, person = (uuid.UUID(int=n) for n in range(1, 5))
    pack = PackTaken(
        day,
        day + timedelta(hours=72),
        {door: ListedDoor(home, frozenset({person}))},
        frozenset({(person, "a"), (other, "b")}),
    )
    assert allowed_at([], door, day) is None and allowed_at([pack], door, day - timedelta(minutes=11)) is None
    assert allowed_at([pack], door, day + timedelta(hours=73)) is None
    assert allowed_at([pack], other, day) == Allowed()
    assert allowed_at([pack], door, day - timedelta(minutes=9)) == Allowed(
        True, home, frozenset({person}), frozenset({(person, "a")})
    )
    card = {
        "dwelling_id": str(door),
        "household_id": str(home),
        "people": [{"id": str(person)}],
        "ask": [{"person_id": str(person), "code": "a"}],
    }
    assert read_pack(day, day, contents_of([card])).doors == pack.doors
    assert read_pack(day, day, contents_of([{**card, "household_id": None}])).doors[door].household is None


def test_households_named_like_another_door_are_not_believed(phone: Phone, door: Dwelling) -> None:
    other = Household.objects.exclude(dwelling=door).first()
    assert other is not None
    assert phone.states(phone.seal(phone.say(door, household_id=str(other.pk), needs=[need_of()]))) == ["stored"]
    assert Need.objects.get().household_id == door.households.get().pk
