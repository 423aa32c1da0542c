"""What phones may bring after a restore, half written, with a wrong clock or one bad part: nothing is lost or
unreadable.
"""

import json
import uuid
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.cases.models import Case
from qiaomen.kernel import clock, sealing
from qiaomen.needs.models import Need
from qiaomen.office.models import LARGEST_VOICE, LONGEST_VOICE, Badge, Device, Organisation, Staff
from qiaomen.phone import problems
from qiaomen.phone.actions import devices, file_handover, grants, inbox, quarantine
from qiaomen.phone.models import HeldPart, Pack, ServerKey, Submission
from qiaomen.phone.rules import submission as rules
from qiaomen.phone.rules.envelope import encode, seal
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.visits.models import DueVisit, Visit, VisitRequest


def enrol(name: str = "f-worker") -> dict[str, Any]:
    body = json.dumps({"login_name": name, "password": "qiaomen-demo"})
    return dict(Client().post("/api/phone/enrol", body, content_type="application/json").json())


@pytest.fixture
def granted(phone: Phone) -> Phone:
    """A phone that hands in by the right its rows carry."""
    made = enrol()
    phone.headers = {"Authorization": f"Bearer {made['grant']}"}
    return phone


def need(**changes: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "kind": "repair", "words": "水管漏水", "handling": "office", **changes}


# the right a row carries


def test_a_grant_hands_in_and_gets_nothing(granted: Phone, door: Dwelling) -> None:
    said = granted.say(door, needs=[need()])
    assert granted.states(granted.seal(said)) == ["stored"]
    assert granted.client.get("/api/phone/pack", headers=granted.headers).status_code == 401
    found = granted.client.get("/api/phone/inbox", {"op_id": said["op_id"]}, headers=granted.headers).json()
    assert "needs" not in found["items"][0]


def test_after_handing_over_what_was_made_before_is_still_taken_in(granted: Phone, door: Dwelling) -> None:
    assert granted.client.post("/api/phone/leave", headers=granted.headers).status_code == 200
    assert granted.states(granted.seal(granted.say(door))) == ["stored"]
    assert Device.objects.latest("created_at").left_at is not None


def test_a_phone_the_restored_database_does_not_know_waits_as_to_be_checked(
    granted: Phone, door: Dwelling, head: Staff
) -> None:
    device = Device.objects.latest("created_at")
    Badge.objects.filter(device=device).delete()
    Pack.objects.filter(device=device).delete()
    Device.objects.filter(pk=device.pk).delete()  # the backup is older than the sign-in
    said = granted.say(door)
    assert granted.states(granted.seal(said)) == ["quarantined"]
    kept = Submission.objects.get(pk=said["op_id"])
    assert (kept.code, kept.staff.name, kept.device_id) == ("phone.revoked-device", "姚静", device.pk)
    quarantine.take_in(kept=kept, actor=head)
    assert Visit.objects.get(pk=said["op_id"]).staff.name == "姚静"


def test_a_person_the_restored_database_does_not_know_is_entered_out_of_service(
    granted: Phone, door: Dwelling, community: Organisation
) -> None:
    key = uuid.uuid4()
    said = {
        "device": str(uuid.uuid4()),
        "staff": str(key),
        "name": "郭新",
        "role": "worker",
        "label": "",
        "community": str(community.pk),
    }
    grant = sealing.seal(json.dumps(said), grants.AAD)
    granted.headers = {"Authorization": f"Bearer {grant}"}
    assert granted.states(granted.seal(granted.say(door))) == ["quarantined"]
    assert (Staff.objects.get(pk=key).name, Staff.objects.get(pk=key).is_active) == ("郭新", False)


@pytest.mark.parametrize("change", ["cut", "altered", "another"])
def test_a_grant_that_is_not_the_servers_own_opens_nothing(granted: Phone, door: Dwelling, change: str) -> None:
    grant = granted.headers["Authorization"].removeprefix("Bearer ")
    bad = {"cut": grant[:-4], "altered": grant[:-1] + ("A" if grant[-1] != "A" else "B"), "another": "v1.aes.k9.AAAA"}
    granted.headers = {"Authorization": f"Bearer {bad[change]}"}
    assert granted.send(granted.seal(granted.say(door))).status_code == 401


def test_a_file_signed_by_a_grant_is_taken_in(granted: Phone, door: Dwelling, head: Staff) -> None:
    grant = granted.headers["Authorization"].removeprefix("Bearer ")
    body = json.dumps({"items": [granted.seal(granted.say(door))], "photos": []})
    mac = file_handover.sign(devices.hash_token(grant), body)
    content = json.dumps({"v": 1, "parts": [{"body": body, "mac": mac}]}).encode()
    community = door.community
    assert file_handover.take_file(community=community, content=content, actor=head).new == 1


@pytest.mark.parametrize("harm", ["", "another right", "no right", "moved"])
def test_a_file_of_before_a_restore_waits_as_to_be_checked(
    granted: Phone, door: Dwelling, head: Staff, worker: Staff, harm: str
) -> None:
    grant = granted.headers["Authorization"].removeprefix("Bearer ")
    said = granted.say(door)
    body = json.dumps({"items": [granted.seal(said)], "photos": []})
    mac = file_handover.sign(devices.hash_token(grant), body)
    right = grants.issue_grant(Device.objects.order_by("created_at").last()) if harm == "another right" else grant
    key = granted.pack["seal_key"]
    sealed = seal(key["public"], right.encode(), f"right:{'0' * 64 if harm == 'moved' else mac}")
    named = {"key_id": key["id"], "epk": encode(sealed.epk), "iv": encode(sealed.iv), "ct": encode(sealed.ct)}
    part = {"body": body, "mac": mac, **({} if harm == "no right" else {"right": named})}
    Pack.objects.all().delete()
    Device.objects.all().delete()
    Staff.objects.filter(pk=worker.pk).update(is_active=False)
    content = json.dumps({"v": 1, "parts": [part]}).encode()
    if harm:
        with pytest.raises(problems.NotAPhoneFile):
            file_handover.take_file(community=door.community, content=content, actor=head)
        assert not Device.objects.exists()
        return
    for _ in range(2):
        found = file_handover.take_file(community=door.community, content=content, actor=head)
        assert (found.new, found.waiting) == (0, 1)
    kept = Submission.objects.get()
    assert (kept.state, kept.code, str(kept.pk)) == ("quarantined", "phone.revoked-device", said["op_id"])
    quarantine.take_in(kept=kept, actor=head)
    assert str(Visit.objects.get().pk) == said["op_id"]


def test_a_grant_costs_no_more_questions_than_a_token(granted: Phone, door: Dwelling, worker: Staff) -> None:
    token = Phone(devices.enrol_device(staff=worker, label="新手机")[1])
    asked = []
    for one in (token, granted, token, granted):
        item = one.seal(one.say(door))
        with CaptureQueriesContext(connection) as caught:
            assert one.states(item) == ["stored"]
        asked.append(len(caught))
    assert asked[2] == asked[3] <= 18


# one bad part


def test_a_need_at_a_door_without_a_household_is_held_with_its_words_and_the_visit_stands(
    granted: Phone, door: Dwelling, client: Client, head: Staff
) -> None:
    empty = Dwelling.objects.create(
        community=door.community, entrance=door.entrance, floor=9, room="999", door_label="3-2-999", walk_order=999
    )
    said = granted.say(empty, needs=[need(words="水管漏水")])
    assert granted.states(granted.seal(said)) == ["stored"]
    assert Visit.objects.filter(pk=said["op_id"]).exists()
    part = HeldPart.objects.get()
    assert (part.kind, part.why) == ("need", "no-household") and "水管漏水" in part.said
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    assert "水管漏水" in client.get(reverse("phone:devices")).content.decode()
    client.post(reverse("phone:settle-part", args=[part.pk]), {"sure": "1"})
    assert "水管漏水" not in client.get(reverse("phone:devices")).content.decode()


def test_thirteen_needs_are_twelve_and_one_that_waits(granted: Phone, door: Dwelling) -> None:
    said = granted.say(door, needs=[need(words=f"第 {n} 件") for n in range(13)])
    assert granted.states(granted.seal(said)) == ["stored"]
    assert Need.objects.filter(visit=said["op_id"]).count() == 12
    assert "第 12 件" in HeldPart.objects.get().said


@pytest.mark.parametrize(
    "bad",
    [
        {"needs": [{"kind": "dragon"}, 7, None]},
        {"needs": "none"},
        {"answers": [{"code": "x"}]},
        {"detail": {"check": {"soul": []}}},
        {"household_id": "not a key"},
        {"photos": ["no key"]},
        {"note": "n" * 3000},
        {"agreed": {"day": "yesterday"}},
        {"agreed": {"day": "9999-12-31", "from": "15:30"}},
        {"agreed": {"day": "0001-01-01", "from": "15:30"}},
    ],
)
def test_what_is_understood_of_a_visit_is_kept_whatever_else_it_says(
    granted: Phone, door: Dwelling, bad: dict[str, Any]
) -> None:
    good = need()
    said = granted.say(door, **{"needs": [good], **bad})
    if isinstance(bad.get("needs"), list):
        said["needs"] = [good, *bad["needs"]]
    assert granted.states(granted.seal(said)) == ["stored"]
    assert Visit.objects.filter(pk=said["op_id"]).exists() and HeldPart.objects.exists()
    assert Need.objects.filter(visit=said["op_id"]).count() == (0 if bad.get("needs") == "none" else 1)


def test_half_a_character_blocks_nobody(granted: Phone, door: Dwelling) -> None:
    said = granted.say(door, note="好\ud83d", needs=[need(words="漏\udc00水")])
    assert granted.states(granted.seal(said), granted.seal(granted.say(door))) == ["stored", "stored"]
    assert Visit.objects.get(pk=said["op_id"]).note == "好\ufffd"


def test_an_answer_about_somebody_who_left_waits_and_one_who_moved_is_found(
    granted: Phone, door: Dwelling, worker: Staff
) -> None:
    community, home = door.community, door.households.get()
    other = Dwelling.objects.exclude(pk=door.pk).filter(community=community).first()
    assert other is not None
    person = Person.objects.create(community=community, household=home, name="柳如风", birth_date=date(1990, 1, 1))
    Phone(devices.enrol_device(staff=worker, label="")[1])  # the list is taken while both live here
    new_home = Household.objects.create(community=community, dwelling=other, head_name="柳如风")
    Person.objects.filter(pk=person.pk).update(household=new_home)  # 分户, after the list was taken
    gone = {"person_id": str(uuid.uuid4()), "code": "destitute", "value": "true"}
    said = granted.say(door, household_id=str(home.pk), answers=[gone], needs=[need(person_id=str(person.pk))])
    assert granted.states(granted.seal(said)) == ["stored"]
    assert Need.objects.get(visit=said["op_id"]).household_id == new_home.pk
    assert HeldPart.objects.get().kind == "answer"


# half records, taking back, another door, an agreed hour


def test_half_a_record_waits_for_the_head_and_becomes_a_visit(granted: Phone, door: Dwelling, head: Staff) -> None:
    said = granted.say(door, unfinished=True, needs=[need(handling="urgent", words="燃气味")])
    assert granted.states(granted.seal(said)) == ["quarantined"]
    kept = Submission.objects.get(pk=said["op_id"])
    assert kept.code == "phone.unfinished"
    quarantine.take_in(kept=kept, actor=head)
    assert Need.objects.get(visit=said["op_id"]).words == "燃气味"


def taken_back(phone: Phone, door: Dwelling, op_id: str) -> dict[str, Any]:
    act = phone.say(door)
    return {**{name: act[name] for name in ("v", "op_id", "happened_at")}, "kind": "taken_back", "takes_back": op_id}


def test_a_visit_taken_back_counts_nowhere_and_its_door_is_due_again(granted: Phone, door: Dwelling) -> None:
    open_before = DueVisit.objects.filter(dwelling=door, state="open").count()
    said = granted.say(door)
    back = taken_back(granted, door, said["op_id"])
    assert granted.states(granted.seal(back)) == ["quarantined"]  # it came first
    assert granted.states(granted.seal(said)) == ["stored"]
    assert granted.listing(back["op_id"]) == {back["op_id"]: "stored"}
    assert not Visit.objects.filter(pk=said["op_id"]).exists()
    assert Visit.everything.get(pk=said["op_id"]).taken_back_at is not None
    assert granted.states(granted.seal(said)) == ["stored"]  # offered again: there is one, and it stays taken back
    assert DueVisit.objects.filter(dwelling=door, state="open").count() == open_before


def test_a_visit_whose_need_is_under_way_is_taken_back_by_the_head(granted: Phone, door: Dwelling, head: Staff) -> None:
    said = granted.say(door, needs=[need()])
    back = taken_back(granted, door, said["op_id"])
    assert granted.states(granted.seal(said), granted.seal(back)) == ["stored", "quarantined"]
    quarantine.take_in(kept=Submission.objects.get(pk=back["op_id"]), actor=head)
    assert not Visit.objects.filter(pk=said["op_id"]).exists()
    assert Need.objects.filter(visit_id=said["op_id"]).count() == 1


def test_what_waited_for_a_visit_is_taken_in_when_the_head_takes_the_visit_in(
    granted: Phone, door: Dwelling, head: Staff
) -> None:
    said = granted.say(door, unfinished=True)
    back = taken_back(granted, door, said["op_id"])
    assert granted.states(granted.seal(said), granted.seal(back)) == ["quarantined", "quarantined"]
    quarantine.take_in(kept=Submission.objects.get(pk=said["op_id"]), actor=head)
    assert granted.listing(back["op_id"]) == {back["op_id"]: "stored"}
    assert not Visit.objects.filter(pk=said["op_id"]).exists()


def test_a_visit_is_put_to_the_door_it_was_really_at(granted: Phone, door: Dwelling) -> None:
    other = Dwelling.objects.get(door_label="3-2-201")
    said = granted.say(door)
    change = {
        "kind": "correction",
        "corrects": said["op_id"],
        "reason": "记错了门",
        "to_dwelling": str(other.pk),
        "persons": {},
    }
    act = {**granted.say(door), **change}
    assert granted.states(granted.seal(said), granted.seal(act)) == ["stored", "stored"]
    visit = Visit.objects.get(pk=said["op_id"])
    assert (visit.dwelling_id, visit.household) == (other.pk, other.households.get())


def test_what_was_agreed_at_the_door_is_asked_of_the_plan(granted: Phone, door: Dwelling) -> None:
    day = clock.today() + timedelta(days=3)
    agreed = {"day": day.isoformat(), "from": "15:30", "to": "17:00"}
    said = granted.say(door, outcome="shortened", agreed=agreed)
    assert granted.states(granted.seal(said)) == ["stored"]
    asked = VisitRequest.objects.get(kind="agreed")
    assert (asked.due_on, asked.household) == (day, door.households.get())
    assert (asked.starts_at, asked.ends_at) == (time(15, 30), time(17, 0))


@pytest.mark.parametrize(
    ("agreed", "why"),
    [
        ({"day": "2026-11-20", "from": "15:30"}, "too-late"),
        ({"day": "2027-12-09", "from": "15:30"}, "too-far"),
        ({"day": "2026-12-09", "from": "15:30", "to": "09:00"}, "not-understood"),
        ({"day": "2026-12-09", "from": "15:30+09:00"}, "not-understood"),
    ],
)
def test_an_hour_no_plan_can_keep_waits_for_a_person(
    granted: Phone, door: Dwelling, agreed: dict[str, str], why: str
) -> None:
    assert granted.states(granted.seal(granted.say(door, outcome="shortened", agreed=agreed))) == ["stored"]
    part = HeldPart.objects.get()
    assert (part.kind, part.why) == ("agreed", why) and agreed["day"] in part.said
    assert not VisitRequest.objects.exists()


def test_a_day_promised_at_the_door_is_the_day_of_the_case(granted: Phone, door: Dwelling) -> None:
    day = clock.today() + timedelta(days=1)
    said = granted.say(door, needs=[need(due_on=day.isoformat()), need(), need(due_on="soon")])
    assert granted.states(granted.seal(said)) == ["stored"]
    dues = list(Case.objects.order_by("due_on").values_list("due_on", flat=True))
    assert dues[0] == day and len(dues) == 2 and dues[1] > day
    assert "soon" in HeldPart.objects.get().said


# clocks


@pytest.mark.parametrize(
    "off", [timedelta(days=-56 * 365), timedelta(days=31), timedelta(hours=26), timedelta(days=-90)]
)
def test_a_clock_that_is_off_is_read_by_how_long_ago_it_says_it_was(
    granted: Phone, door: Dwelling, off: timedelta
) -> None:
    now = clock.now()
    device = (now - timedelta(minutes=5) + off).isoformat()
    said = granted.say(door, happened_at=device, stamp={"device": device, "offset_ms": None, "counter": 3})
    body = json.dumps({"items": [granted.seal(said)], "sent_at": (now + off).isoformat()})
    answer = granted.client.post("/api/phone/inbox", body, content_type="application/json", headers=granted.headers)
    assert answer.json()["results"][0]["state"] == "stored"
    happened = Visit.objects.get(pk=said["op_id"]).happened_at
    assert abs(happened - (now - timedelta(minutes=5))) < timedelta(minutes=1)


def test_a_visit_of_1970_that_nobody_can_date_waits_and_is_dated_when_it_is_taken_in(
    granted: Phone, door: Dwelling, head: Staff
) -> None:
    said = granted.say(door, happened_at="1970-01-01T08:00:00+08:00")
    assert granted.states(granted.seal(said)) == ["quarantined"]
    quarantine.take_in(kept=Submission.objects.get(pk=said["op_id"]), actor=head)
    assert Visit.objects.get(pk=said["op_id"]).happened_at.year == clock.now().year


# keys, the list, the limits


def test_the_first_key_is_there_since_migrate_and_a_new_one_leaves_the_old(granted: Phone, door: Dwelling) -> None:
    first = ServerKey.objects.get()
    assert granted.pack["seal_key"] == {"id": first.pk, "public": first.public, "alg": "P256-HKDF-SHA256-AES256GCM"}
    call_command("new_phone_key", verbosity=0)
    assert ServerKey.objects.count() == 2
    assert granted.states(granted.seal(granted.say(door))) == ["stored"]  # still sealed to the first
    other_suite = granted.seal(granted.say(door), alg="SM2-SM4-GCM")
    assert granted.states(other_suite) == ["quarantined"]


def test_a_list_taken_after_a_colleague_was_there_shows_the_door_as_walked(
    phone: Phone, door: Dwelling, worker: Staff
) -> None:
    assert phone.states(phone.seal(phone.say(door))) == ["stored"]
    pack = Phone(devices.enrol_device(staff=worker, label="新手机")[1]).pack
    cards = {card["dwelling_id"]: card for card in pack["doors"]}
    assert cards[str(door.pk)]["walked"]["by"] == "姚静"
    assert cards[str(door.pk)]["compound"] == "柳荫小区"
    assert sum(card["walked"] is not None for card in cards.values()) == 1


def test_both_sides_hold_to_the_limits_of_the_contract() -> None:
    limits = json.loads((Path(__file__).resolve().parents[3] / "contract" / "limits.json").read_text(encoding="utf-8"))
    here = (rules.MOST_NEEDS, rules.MOST_PHOTOS, rules.MOST_PEOPLE, rules.LONGEST_TEXT, inbox.MOST_ITEMS)
    names = ("needs_in_a_visit", "photos_in_a_visit", "people_in_a_visit", "longest_text", "items_in_a_request")
    assert here == tuple(limits[name] for name in names)
    voice = (rules.MOST_VOICES, LONGEST_VOICE, LARGEST_VOICE)
    assert rules.LONGEST_VOICE == LONGEST_VOICE
    assert voice == tuple(
        limits[name] for name in ("voices_in_a_visit", "longest_voice_seconds", "largest_voice_bytes")
    )
