"""Check sheets, answers, findings on the stairs, corrections, and two of us at one door."""

import json
import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office import disclosure
from qiaomen.office.disclosure.gate import LISTED
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.phone.actions import devices
from qiaomen.phone.models import HeldPart, Submission
from qiaomen.phone.tests.conftest import Phone, ask
from qiaomen.register.actions.person_facts import note_facts
from qiaomen.register.models import Compound, Dwelling, Person
from qiaomen.register.selectors.facts import known_of
from qiaomen.visits.models import Conflict, Correction, Observation, Visit, VisitDetail
from qiaomen.visits.rules.brought.conflicts import differences, merged
from qiaomen.visits.selectors.brought import open_conflicts


@pytest.fixture
def second(community: Organisation, door: Dwelling) -> Phone:
    colleague = Staff.objects.create_user("f-two", None, name="韩露", role="worker", organisation=community)
    return Phone(devices.enrol_device(staff=colleague, label="二号机")[1])


def desk(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def correction(said: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "v": 1,
        "kind": "correction",
        "op_id": str(uuid.uuid4()),
        "corrects": said["op_id"],
        "reason": "点错了结果",
        "happened_at": clock.now().isoformat(),
        "persons": {},
        **changes,
    }


def test_a_care_visit_keeps_its_five_points_sealed(phone: Phone, door: Dwelling) -> None:
    check = {"health": [], "safety": ["gas"]}
    said = phone.say(door, detail={"check": check, "talks": ["fraud"], "seen": []})
    assert phone.states(phone.seal(said), phone.seal(said)) == ["stored", "stored"]
    assert json.loads(VisitDetail.objects.get().said)["check"] == check


@pytest.mark.parametrize(
    "detail",
    [{"check": {"health": ["gas"]}}, {"check": {"wealth": []}}, {"talks": ["politics"]}, {"seen": ["x"]}, {"check": 3}],
)
def test_words_outside_the_closed_lists_wait_and_the_visit_stands(phone: Phone, door: Dwelling, detail: Any) -> None:
    assert phone.states(phone.seal(phone.say(door, detail=detail))) == ["stored"]
    assert Visit.objects.count() == 1 and not VisitDetail.objects.exists()
    assert HeldPart.objects.get().kind == "detail"


def test_an_answer_goes_into_the_register_once(phone: Phone, door: Dwelling) -> None:
    person = Person.objects.get()
    ask(person)
    told = [{"person_id": str(person.pk), "code": "living_arrangement", "value": "alone"}]
    item = phone.seal(phone.say(door, answers=told))
    assert phone.states(item, item) == ["stored", "stored"]
    assert known_of(person) == {"living_arrangement": "alone"} and person.told_facts.count() == 1
    wrong = [{**told[0], "value": "castle"}]
    assert phone.states(phone.seal(phone.say(door, answers=wrong))) == ["stored"]
    assert "castle" in HeldPart.objects.get().said
    assert known_of(person) == {"living_arrangement": "alone"}


def test_an_answer_against_the_register_waits_for_a_person(phone: Phone, door: Dwelling, head: Staff) -> None:
    person = Person.objects.get()
    ask(person)
    note_facts(person=person, facts={"living_arrangement": "with_spouse"}, on_date=clock.today(), actor=head)
    told = [{"person_id": str(person.pk), "code": "living_arrangement", "value": "alone"}]
    assert phone.states(phone.seal(phone.say(door, answers=told))) == ["stored"]
    assert known_of(person)["living_arrangement"] == "with_spouse"
    page = desk(head).get(reverse("phone:brought")).content.decode()
    assert "与配偶" in page and "独居" in page and "不一样" in page
    desk(head).post(reverse("phone:settle", args=[Conflict.objects.get().pk]), {"choice": "second", "sure": "1"})
    assert known_of(person)["living_arrangement"] == "alone"


def test_something_on_the_stairs_is_of_no_household_and_of_the_same_round(phone: Phone, door: Dwelling) -> None:
    round_id = phone.pack["round"]["id"]
    found = {
        "v": 1,
        "kind": "finding",
        "op_id": str(uuid.uuid4()),
        "entrance_id": str(door.entrance_id),
        "floor": 3,
        "round_id": round_id,
        "found": "repair",
        "words": "3 楼灯坏了",
        "handling": "office",
        "happened_at": clock.now().isoformat(),
    }
    item = phone.seal(found)
    assert phone.states(item, item) == ["stored", "stored"]
    assert phone.states(phone.seal(phone.say(door, round_id=round_id))) == ["stored"]
    finding, visit = Observation.objects.get(), Visit.objects.get()
    assert finding.round_id == visit.round_id and finding.words == "3 楼灯坏了" and finding.floor == 3
    assert LedgerEntry.objects.filter(code="visits.observed").count() == 1


def test_a_correction_keeps_both_and_needs_a_reason(phone: Phone, door: Dwelling, head: Staff) -> None:
    said = phone.say(door, outcome="refused")
    phone.send(phone.seal(said))
    assert phone.states(phone.seal(correction(said, outcome="met", reason=" "))) == ["quarantined"]
    item = phone.seal(correction(said, outcome="met"))
    assert phone.states(item, item) == ["stored", "stored"]
    kept = Correction.objects.get()
    assert Visit.objects.get().outcome == "met" and json.loads(kept.before) == {"outcome": "refused"}
    page = desk(head).get(reverse("phone:brought")).content.decode()
    assert "拒访" in page and "点错了结果" in page
    compound = str(door.entrance.building.compound_id)
    elsewhere = str(Compound.objects.create(community=door.community, name="别的小区").pk)
    for asked, found in (
        ({"words": "点错"}, True),
        ({"words": "灯坏"}, False),
        ({"compound": compound}, True),
        ({"compound": elsewhere}, False),
        ({"compound": compound, "words": door.door_label}, True),
    ):
        page = desk(head).get(reverse("phone:brought"), asked).content.decode()
        assert ('data-testid="correction"' in page) == found, asked


def test_a_certificate_begun_for_one_is_put_right_to_the_other(phone: Phone, door: Dwelling) -> None:
    home = door.households.get()
    wife = Person.objects.create(community=door.community, household=home, name="余婉", relation="配偶")
    husband = Person.objects.get(is_head=True)
    need = {
        "id": str(uuid.uuid4()),
        "kind": "errand",
        "words": "养老资格认证",
        "handling": "mine",
        "person_id": str(husband.pk),
        "mandated": True,
    }
    said = phone.say(door, needs=[need], detail={"talks": ["gas"]})
    phone.send(phone.seal(said))
    assert (Need.objects.get().person, Need.objects.get().mandated) == (husband, True)
    fixed = correction(said, persons={need["id"]: str(wife.pk)}, reason="记错了人")
    assert phone.states(phone.seal(fixed)) == ["stored"]
    assert Need.objects.get().person == wife
    stranger = correction(said, persons={need["id"]: str(uuid.uuid4())})
    assert phone.states(phone.seal(stranger)) == ["quarantined"]


def test_a_correction_before_its_visit_waits_for_it(phone: Phone, door: Dwelling) -> None:
    said = phone.say(door, outcome="refused")
    early = phone.seal(correction(said, outcome="met"))
    result = phone.send(early).json()["results"][0]
    assert (result["state"], result["code"]) == ("quarantined", "phone.visit-to-come")
    assert phone.states(phone.seal(said)) == ["stored"]
    assert Visit.objects.get().outcome == "met" and phone.listing(early["op_id"]) == {early["op_id"]: "stored"}


def test_nobody_corrects_what_a_colleague_recorded(phone: Phone, second: Phone, door: Dwelling) -> None:
    said = phone.say(door)
    phone.send(phone.seal(said))
    result = second.send(second.seal(correction(said, outcome="moved"))).json()["results"][0]
    assert (result["state"], result["code"]) == ("quarantined", "phone.not-theirs")
    assert Visit.objects.get().outcome == "met"


def test_two_phones_at_one_door_are_one_day_with_both_notes(
    phone: Phone, second: Phone, door: Dwelling, head: Staff
) -> None:
    mine = phone.say(door, note="身体好", detail={"check": {"health": [], "safety": ["gas"]}})
    theirs = second.say(door, note="想孩子", detail={"check": {"mind": ["mood"], "safety": []}})
    assert phone.states(phone.seal(mine)) == ["stored"] and second.states(second.seal(theirs)) == ["stored"]
    assert {visit.note for visit in Visit.objects.all()} == {"身体好", "想孩子"}
    pair = Conflict.objects.get()
    assert pair.fields == ["check.safety"] and open_conflicts.waiting_count(door.community) == 1
    page = desk(head).get(reverse("phone:brought")).content.decode()
    assert page.count('data-testid="shared-door"') == 1 and "算一个走访日" in page
    assert "身体好" in page and "想孩子" in page and page.count('class="table-warning"') == 1
    desk(head).post(reverse("phone:settle", args=[pair.pk]), {"choice": "both", "sure": "1"})
    assert open_conflicts.waiting_count(door.community) == 0 and Visit.objects.count() == 2


def test_the_listing_says_who_holds_a_need_and_until_when(phone: Phone, door: Dwelling) -> None:
    needs = [{"id": str(uuid.uuid4()), "kind": "repair", "words": "", "handling": h} for h in ("on_the_spot", "office")]
    said = phone.say(door, needs=needs)
    phone.send(phone.seal(said))
    answer = phone.client.get("/api/phone/inbox", {"op_id": [said["op_id"]]}, headers=phone.headers).json()
    held = {need["handling"]: (need["holder"], bool(need["due_on"])) for need in answer["items"][0]["needs"]}
    assert held == {"on_the_spot": ("", False), "office": ("姚静", True)}


def test_another_community_cannot_reach_what_was_brought(phone: Phone, second: Phone, door: Dwelling) -> None:
    phone.send(phone.seal(phone.say(door, outcome="met")))
    second.send(second.seal(second.say(door, outcome="moved")))
    other = Organisation.objects.create(kind="community", name="别处", code="F2")
    stranger = desk(Staff.objects.create_user("f9", None, name="x", role="head", organisation=other))
    assert stranger.post(reverse("phone:settle", args=[Conflict.objects.get().pk])).status_code == 404
    assert "3-2-101" not in stranger.get(reverse("phone:brought")).content.decode()


@pytest.mark.parametrize(
    ("first", "second", "fields"),
    [
        ({"outcome": "met"}, {"outcome": "no_answer"}, []),
        ({"outcome": "met"}, {"outcome": "moved"}, ["outcome"]),
        ({"outcome": "met", "check": {"health": []}}, {"outcome": "met", "check": {"mind": []}}, []),
        (
            {"outcome": "met", "check": {"health": []}},
            {"outcome": "met", "check": {"health": ["illness"]}},
            ["check.health"],
        ),
    ],
)
def test_what_contradicts_and_what_does_not(first: Any, second: Any, fields: list[str]) -> None:
    assert differences(first, second) == differences(second, first) == fields
    together = merged(first, second)
    assert set(together) == {h for s in (first, second) for h in s.get("check", {})} - {f[6:] for f in fields}


def test_a_quarantined_correction_taken_in_twice_is_one(phone: Phone, door: Dwelling) -> None:
    said = phone.say(door)
    fixed = phone.seal(correction(said, outcome="shortened"))
    phone.states(fixed, fixed)
    phone.states(phone.seal(said), fixed, fixed)
    assert Correction.objects.count() == 1 and Submission.objects.filter(state="stored").count() == 2


def test_a_child_is_named_to_whom_the_gate_lets_and_a_wrong_door_opens_the_page(
    phone: Phone, door: Dwelling, head: Staff, worker: Staff
) -> None:
    home, other = door.households.get(), Dwelling.objects.get(entrance=door.entrance, door_label="3-2-201")
    child = Person.objects.create(
        community=door.community, household=home, name="余小满", relation="之女", birth_date=date(2019, 5, 1)
    )
    grown = Person.objects.get(is_head=True)
    need = {"id": str(uuid.uuid4()), "kind": "errand", "words": "上户口", "handling": "mine"}
    said = phone.say(door, needs=[need | {"person_id": str(grown.pk)}])
    fixed = correction(said, persons={need["id"]: str(child.pk)}, reason="记错了人")
    elsewhere = correction(said, to_dwelling=str(other.pk), reason="记错了门")
    assert phone.states(phone.seal(said), phone.seal(fixed), phone.seal(elsewhere)) == ["stored"] * 3
    theirs = desk(worker).get(reverse("phone:brought")).content.decode()
    assert "余小满" not in theirs and "儿童" in theirs and grown.name in theirs and other.door_label in theirs
    assert [line.code for line in disclosure.lines_about(child.pk) if line.actor == worker] == []
    assert [line.detail["page"] for line in disclosure.lines_about(grown.pk) if line.code == LISTED] == [
        "phone:brought"
    ]
    assert "余小满" in desk(head).get(reverse("phone:brought")).content.decode()
    assert [line.actor for line in disclosure.lines_about(child.pk) if line.code == LISTED] == [head]


def test_two_versions_about_a_child_are_for_whom_the_gate_lets(
    phone: Phone, door: Dwelling, head: Staff, worker: Staff
) -> None:
    home = door.households.get()
    child = Person.objects.create(
        community=door.community, household=home, name="余小满", relation="之女", birth_date=date(2019, 5, 1)
    )
    phone.client.get("/api/phone/pack", headers=phone.headers)  # a list with the child behind its door
    ask(child)
    note_facts(person=child, facts={"living_arrangement": "alone"}, on_date=clock.today(), actor=head)
    answer = {"person_id": str(child.pk), "code": "living_arrangement", "value": "with_spouse"}
    assert phone.states(phone.seal(phone.say(door, answers=[answer]))) == ["stored"]
    assert "余小满" not in desk(worker).get(reverse("phone:brought")).content.decode()
    assert "余小满" in desk(head).get(reverse("phone:brought")).content.decode()
