"""What a phone hands in is one visit however it arrives, and nothing that arrives is lost."""

import io
import json
import random
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image

from qiaomen.cases.models import Case
from qiaomen.kernel import clock
from qiaomen.kernel.tests.random_keys import without_random_keys
from qiaomen.needs.models import Need
from qiaomen.office import ledger
from qiaomen.office.models import Device, LedgerEntry, Organisation, Staff
from qiaomen.phone import problems
from qiaomen.phone.actions import devices
from qiaomen.phone.models import Submission
from qiaomen.phone.rules.envelope import seal
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling
from qiaomen.visits.models import Visit, VisitPhoto


def need(handling: str = "office", **changes: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "kind": "repair", "words": "水管漏水", "handling": handling, **changes}


def enrol(password: str = "qiaomen-demo", name: str = "f-worker") -> Any:
    body = json.dumps({"login_name": name, "password": password, "label": "老王的手机"})
    return Client().post("/api/phone/enrol", body, content_type="application/json")


def test_a_phone_signs_in_once_and_its_token_is_kept_only_as_a_hash(worker: Staff) -> None:
    said = enrol().json()
    device = Device.objects.get()
    assert said["staff"]["name"] == "姚静" and said["token"] not in str(vars(device)) and said["seal_key"]["public"]
    wrong = enrol("not-the-password")
    assert wrong.status_code == 401 and wrong.json()["do_next"].startswith("请再试一次")
    assert enrol(name="nobody").json() == wrong.json()


def test_guessing_is_stopped_in_words(worker: Staff) -> None:
    answers = [enrol(f"guess-{n}") for n in range(12)]
    assert answers[-1].status_code == 429 and answers[-1].json()["code"] == "office.too-many-tries"
    assert enrol().status_code == 429


def test_county_staff_take_no_pack(db: None) -> None:
    county = Organisation.objects.create(kind="county", name="拾光县", code="F0")
    Staff.objects.create_user("f-county", "qiaomen-demo", name="督导", role="supervisor", organisation=county)
    assert enrol(name="f-county").status_code == 401


def test_the_pack_is_todays_round_masked_and_small(phone: Phone) -> None:
    pack, text = phone.pack, json.dumps(phone.pack, ensure_ascii=False)
    assert len(pack["doors"]) == 60 and [d["position"] for d in pack["doors"]] == sorted(
        d["position"] for d in pack["doors"]
    )
    elder = next(d for d in pack["doors"] if d["label"] == "3-2-101")
    assert elder["sounds"] == ["liu"]
    assert elder["greet"] == "柳**，1 口人" and elder["phone_masked"] == "139****1234" and elder["reason"]
    for secret in ("柳如烟", "990101194803040011", "13900001234", "1948"):
        assert secret not in without_random_keys(text)
    assert len(text.encode()) < 100_000
    assert LedgerEntry.objects.filter(code="phone.pack-taken").get().detail["doors"] == 60


def test_a_phone_silent_a_day_after_its_list_is_told_to_the_head_until_it_is_heard_of(
    phone: Phone, worker: Staff, head: Staff
) -> None:
    def told(hours: float, to: Staff = head) -> bool:
        desk = Client()
        with clock.at(clock.now() + timedelta(hours=hours)):
            desk.force_login(to, backend="django.contrib.auth.backends.ModelBackend")
            return "领了名单，到现在没有消息" in desk.get(reverse("desk:today")).content.decode()

    assert not told(23.9) and told(24.1) and not told(24.1, worker) and not told(24 * 31)
    with clock.at(clock.now() + timedelta(hours=5)):
        phone.listing(str(uuid.uuid4()))
    assert not told(24.1) and not told(48)
    with clock.at(clock.now() + timedelta(hours=48)):
        again, token = devices.enrol_device(staff=worker, label="测试机")  # unused for a day, it signs in anew
        Phone(token)
    assert told(73)
    devices.revoke_device(device=again, actor=head)
    assert not told(73)


def test_one_submission_makes_visit_need_and_case_with_their_lines(phone: Phone, door: Dwelling, worker: Staff) -> None:
    said = phone.say(door, needs=[need(), need("on_the_spot")])
    result = phone.send(phone.seal(said)).json()["results"][0]
    assert (result["op_id"], result["state"]) == (said["op_id"], "stored")
    assert phone.listing(said["op_id"], str(uuid.uuid4())) == {said["op_id"]: "stored"}
    visit = Visit.objects.get()
    assert (str(visit.pk), visit.note, visit.origin, visit.staff) == (said["op_id"], "身体好", "phone", worker)
    assert Need.objects.filter(visit=visit).count() == 2 and Case.objects.get().owner == worker
    codes = set(LedgerEntry.objects.values_list("code", flat=True))
    assert {"visits.recorded", "needs.heard", "cases.opened"} <= codes
    assert ledger.verify(door.community).ok
    assert Submission.objects.get().envelope == {}


def test_twice_late_and_in_any_order_is_one_visit_each(phone: Phone, door: Dwelling) -> None:
    said = [phone.say(door, needs=[need()]) for _ in range(8)]
    sendings = [phone.seal(s) for s in said for _ in range(3)]
    random.Random(20260301).shuffle(sendings)
    for start in range(0, len(sendings), 5):
        assert set(phone.states(*sendings[start : start + 5])) == {"stored"}
    assert Visit.objects.count() == Need.objects.count() == Case.objects.count() == 8
    assert LedgerEntry.objects.filter(code="visits.recorded").count() == 8


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ({"ct": "AAAA"}, "phone.unreadable"),
        ({"epk": "///"}, "phone.unreadable"),
        ({"iv": None}, "phone.unreadable"),
        ({"key_id": "other"}, "phone.unknown-key"),
        ({"op_id": str(uuid.UUID(int=7))}, "phone.unreadable"),
    ],
    ids=["truncated", "not base64url", "no nonce", "unknown key", "replayed under another id"],
)
def test_what_cannot_be_read_waits_in_quarantine(
    phone: Phone, door: Dwelling, damage: dict[str, Any], code: str
) -> None:
    item = phone.seal(phone.say(door, needs=[need()])) | damage
    for _ in range(2):
        result = phone.send(item).json()["results"][0]
        assert (result["state"], result["code"]) == ("quarantined", code) and "没有丢" in result["message"]
    assert not Visit.objects.exists() and not Need.objects.exists()
    kept = Submission.objects.get()
    assert kept.envelope["item"] == item and LedgerEntry.objects.filter(code="phone.quarantined").count() == 1


def test_a_good_copy_after_a_damaged_one_is_taken_in(phone: Phone, door: Dwelling) -> None:
    good = phone.seal(phone.say(door))
    assert phone.states(good | {"ct": good["ct"][:-8]}) == ["quarantined"]
    assert phone.states(good) == ["stored"] and phone.states(good | {"ct": "AAAA"}) == ["stored"]
    assert Visit.objects.count() == 1


def test_garbage_among_good_items_harms_none(phone: Phone, door: Dwelling) -> None:
    good = phone.seal(phone.say(door))
    assert phone.states(None, 7, {}, {"op_id": "x"}, [1], good) == ["quarantined"] * 5 + ["stored"]
    phone.states(None, 7, {})
    assert Submission.objects.count() == 6
    for body in ("", "{", "[]", '{"items": 3}', json.dumps({"items": [{}] * 51})):
        answer = phone.client.post("/api/phone/inbox", body, content_type="application/json", headers=phone.headers)
        assert answer.status_code == 400 and "一件也没有收下" in answer.json()["what"]


def test_from_the_future_it_waits_and_the_head_takes_it_in(phone: Phone, door: Dwelling, head: Staff) -> None:
    said = phone.say(door, happened_at=(clock.now() + timedelta(hours=5)).isoformat(), needs=[need()])
    assert phone.states(phone.seal(said)) == ["quarantined"] and not Visit.objects.exists()
    desk = Client()
    desk.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    assert "走访时间不对" in desk.get(reverse("phone:devices")).content.decode()
    desk.post(reverse("phone:take-in", args=[said["op_id"]]))
    assert Visit.objects.get().happened_at <= clock.now() and Case.objects.count() == 1
    assert phone.listing(said["op_id"]) == {said["op_id"]: "stored"}
    assert LedgerEntry.objects.filter(code="phone.taken-in", actor=head).count() == 1


def test_what_cannot_be_taken_in_is_said_and_can_be_set_aside(phone: Phone, door: Dwelling, head: Staff) -> None:
    item = phone.seal(phone.say(door)) | {"ct": "AAAA"}
    phone.send(item)
    desk = Client()
    desk.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    refused = desk.post(reverse("phone:take-in", args=[item["op_id"]]))
    assert refused.status_code == 409 and "密封件原样留在" in refused.content.decode()
    desk.post(reverse("phone:set-aside", args=[item["op_id"]]), {"sure": "1"})
    assert Submission.objects.get().envelope["item"] == item
    assert phone.listing(item["op_id"]) == {item["op_id"]: "rejected"}


@pytest.mark.parametrize("how", ["device", "person"])
def test_a_phone_out_of_service_gets_nothing_and_loses_nothing(
    phone: Phone, door: Dwelling, worker: Staff, how: str
) -> None:
    if how == "device":
        devices.revoke_device(device=Device.objects.get(), actor=worker)
    else:
        Staff.objects.filter(pk=worker.pk).update(is_active=False)
    assert phone.client.get("/api/phone/pack", headers=phone.headers).status_code == 401
    result = phone.send(phone.seal(phone.say(door))).json()["results"][0]
    assert (result["state"], result["code"]) == ("quarantined", "phone.revoked-device") and not Visit.objects.exists()


def test_a_phone_cannot_reach_into_another_community(phone: Phone, door: Dwelling) -> None:
    other = Organisation.objects.create(kind="community", name="别处", code="F2")
    stranger = Staff.objects.create_user("f2", None, name="x", role="worker", organisation=other)
    theirs = Phone(devices.enrol_device(staff=stranger, label="")[1])
    result = theirs.send(theirs.seal(theirs.say(door))).json()["results"][0]
    assert (result["state"], result["code"]) == ("quarantined", "phone.unknown-door")
    said = phone.say(door)
    phone.send(phone.seal(said))
    assert theirs.listing(said["op_id"]) == {}
    assert theirs.states(theirs.seal(phone.say(door, op_id=said["op_id"]))) == ["rejected"]
    assert Visit.objects.get().community == door.community


def test_after_the_key_is_changed_a_late_phone_still_hands_in(phone: Phone, door: Dwelling) -> None:
    newer = devices.make_key()
    assert phone.states(phone.seal(phone.say(door))) == ["stored"]
    assert Phone(phone.headers["Authorization"].split()[1]).pack["seal_key"]["id"] == newer.pk


@pytest.mark.django_db
def test_where_the_clock_was_set_back_a_new_key_and_a_new_epoch_are_still_the_newest() -> None:
    devices.make_key()
    devices.make_epoch()
    with clock.at(clock.now() - timedelta(days=400)):
        key, epoch = devices.make_key(), devices.make_epoch()
    assert (devices.current_key(), devices.current_epoch()) == (key, epoch)


def test_after_a_restore_the_epoch_is_new_and_copies_make_no_second_visit(phone: Phone, door: Dwelling) -> None:
    said, before = phone.say(door), phone.pack["epoch"]
    phone.send(phone.seal(said))
    call_command("new_epoch", stdout=io.StringIO())
    answer = phone.send(phone.seal(said)).json()
    assert answer["epoch"] != before and answer["results"][0]["state"] == "stored" and Visit.objects.count() == 1
    lost = phone.say(door)  # the restored backup does not know this one: its sealed copy brings it back
    assert phone.listing(lost["op_id"]) == {} and phone.states(phone.seal(lost)) == ["stored"]


def photo(color: int = 90) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (color, 90, 90)).save(out, "JPEG")
    return out.getvalue()


def put(phone: Phone, key: str, content: bytes, aad: str | None = None) -> Any:
    sealed = seal(phone.pack["seal_key"]["public"], content, aad or key)
    body = sealed.epk + sealed.iv + sealed.ct
    return phone.client.put(
        f"/api/phone/photos/{key}", body, content_type="application/octet-stream", headers=phone.headers
    )


def test_an_item_is_stored_when_its_last_photo_is_here(
    phone: Phone, door: Dwelling, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    keys = [str(uuid.uuid4()) for _ in range(2)]
    said = phone.say(door, photos=keys)
    result = phone.send(phone.seal(said)).json()["results"][0]
    assert result["state"] == "waiting_photos" and sorted(result["photos_missing"]) == sorted(keys)
    assert put(phone, keys[0], photo()).json()["state"] == "stored"
    assert phone.listing(said["op_id"]) == {said["op_id"]: "waiting_photos"}
    moved = put(phone, keys[1], photo(), aad=keys[0])
    assert moved.status_code == 400 and "只缺这张照片" in moved.json()["safe"]
    for _ in range(2):
        put(phone, keys[1], photo(10))
    assert phone.listing(said["op_id"]) == {said["op_id"]: "stored"} and VisitPhoto.objects.count() == 2


def test_a_photo_that_is_none_does_not_hold_the_visit_back(
    phone: Phone, door: Dwelling, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    said = phone.say(door, photos=[str(uuid.uuid4())])
    phone.send(phone.seal(said))
    assert put(phone, said["photos"][0], b"not a picture").json()["code"] == "visits.not-a-photo"
    assert phone.listing(said["op_id"]) == {said["op_id"]: "stored"}
    assert put(phone, str(uuid.uuid4()), photo()).status_code == 400


def test_handing_the_phone_over_ends_its_token(phone: Phone) -> None:
    assert phone.client.post("/api/phone/leave", headers=phone.headers).status_code == 200
    assert phone.client.get("/api/phone/pack", headers=phone.headers).status_code == 401


def test_the_head_sees_and_stops_phones_of_the_own_community_only(phone: Phone, head: Staff) -> None:
    other = Organisation.objects.create(kind="community", name="别处", code="F2")
    stranger = Staff.objects.create_user("f2", None, name="外人", role="worker", organisation=other)
    theirs, _token = devices.enrol_device(staff=stranger, label="别人的")
    desk = Client()
    desk.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    page = desk.get(reverse("phone:devices")).content.decode()
    assert "测试机" in page and "别人的" not in page
    assert desk.post(reverse("phone:revoke", args=[theirs.pk])).status_code == 404
    desk.post(reverse("phone:revoke", args=[Device.objects.get(label="测试机").pk]), {"sure": "1"})
    assert phone.client.get("/api/phone/pack", headers=phone.headers).status_code == 401
    assert theirs.revoked_at is None


def test_every_quarantine_code_has_words() -> None:
    assert all(
        all(problems.words_of(code)[name] for name in ("title", "what", "safe", "do_next"))
        for code in problems.QUARANTINE
    )
