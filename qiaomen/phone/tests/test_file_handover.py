"""A phone without signal hands in by a file: taken once, from a phone of this community, and only unchanged."""

import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from qiaomen.office.models import Device, LedgerEntry, Organisation, Staff
from qiaomen.phone import problems
from qiaomen.phone.actions import devices, file_handover
from qiaomen.phone.models import Submission
from qiaomen.phone.rules import tokens
from qiaomen.phone.rules.envelope import encode, seal
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling
from qiaomen.visits.models import Visit, VisitPhoto

VECTOR = Path(__file__).resolve().parents[3] / "contract" / "vectors" / "carried.json"


def written(phone: Phone, *items: Any, photos: tuple[Any, ...] = ()) -> bytes:
    """What the app writes into the file."""
    body = json.dumps({"items": items, "photos": photos}, ensure_ascii=False)
    lesser = tokens.hand_in_token(phone.headers["Authorization"].split()[1])
    return json.dumps(
        {"v": 1, "parts": [{"body": body, "mac": file_handover.sign(tokens.hash_token(lesser), body)}]}
    ).encode()


def sealed_photo(phone: Phone, key: str) -> dict[str, str]:
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(picture, "JPEG")
    one = seal(phone.pack["seal_key"]["public"], picture.getvalue(), key)
    return {"id": key, "body": encode(one.epk + one.iv + one.ct)}


def test_the_published_signature_is_ours() -> None:
    vector = json.loads(VECTOR.read_text(encoding="utf-8"))
    assert tokens.hash_token(vector["hand_in_token"]) == vector["hand_in_sha256"]
    assert file_handover.sign(vector["hand_in_sha256"], vector["body"]) == vector["mac"]


def test_a_file_is_taken_in_once_with_its_photos(phone: Phone, door: Dwelling, worker: Staff, head: Staff) -> None:
    key = str(uuid.uuid4())
    said = phone.say(door, photos=[key])
    content = written(phone, phone.seal(said), photos=(sealed_photo(phone, key),))
    assert vars(file_handover.take_file(community=door.community, content=content, actor=head)) == {
        "new": 1,
        "known": 0,
        "waiting": 0,
        "photos": 1,
        "bad_photos": 0,
    }
    visit = Visit.objects.get()
    assert (str(visit.pk), visit.staff, VisitPhoto.objects.count()) == (said["op_id"], worker, 1)
    again = file_handover.take_file(community=door.community, content=content, actor=head)
    assert (again.new, again.known, again.photos, Visit.objects.count(), VisitPhoto.objects.count()) == (0, 1, 0, 1, 1)
    assert phone.listing(said["op_id"]) == {said["op_id"]: "stored"}, "the phone hears of it when it has a signal"
    assert LedgerEntry.objects.filter(code="phone.file-taken", actor=head).count() == 2


def test_nobody_signs_for_a_phone_that_has_no_token_of_its_own(phone: Phone, door: Dwelling, head: Staff) -> None:
    Device.objects.update(hand_in_token_hash="")  # of before there were hand-in tokens
    body = json.dumps({"items": [phone.seal(phone.say(door))], "photos": []})
    content = json.dumps({"v": 1, "parts": [{"body": body, "mac": file_handover.sign("", body)}]}).encode()
    with pytest.raises(problems.NotAPhoneFile):
        file_handover.take_file(community=door.community, content=content, actor=head)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("harm", ["changed", "cut", "other words", "no json", "another community", "nobody's"])
def test_what_no_phone_of_here_wrote_is_refused_whole(phone: Phone, door: Dwelling, head: Staff, harm: str) -> None:
    content, community = written(phone, phone.seal(phone.say(door))), door.community
    if harm == "changed":
        content = content.replace(b"epk", b"epl")
    elif harm == "cut":
        content = content[:-40]
    elif harm == "other words":
        content = json.dumps({"v": 1, "parts": [{"body": "[]", "mac": "0"}]}).encode()
    elif harm == "no json":
        content = b"\xff\x00PK"
    elif harm == "another community":
        community = Organisation.objects.create(kind="community", name="别处", code="F9")
    else:
        body = json.dumps({"items": [], "photos": []})
        content = json.dumps({"v": 1, "parts": [{"body": body, "mac": file_handover.sign("0" * 64, body)}]}).encode()
    with pytest.raises(problems.NotAPhoneFile):
        file_handover.take_file(community=community, content=content, actor=head)
    assert not Visit.objects.exists() and not Submission.objects.exists()


def test_the_file_of_a_phone_out_of_service_waits_for_the_head(phone: Phone, door: Dwelling, head: Staff) -> None:
    content = written(phone, phone.seal(phone.say(door)))
    devices.revoke_device(device=Device.objects.get(), actor=head)
    found = file_handover.take_file(community=door.community, content=content, actor=head)
    assert (found.new, found.waiting, Visit.objects.count()) == (0, 1, 0)


def test_the_page_says_what_came_and_refuses_in_words(phone: Phone, door: Dwelling, head: Staff) -> None:
    desk = Client()
    desk.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    sent = io.BytesIO(written(phone, phone.seal(phone.say(door))))
    sent.name = "qiaomen-sealed.json"
    assert "收下 1 件走访、0 张照片" in desk.post(reverse("phone:take-file"), {"file": sent}).content.decode()
    refused = desk.post(reverse("phone:take-file"))
    assert refused.status_code == 200 and "走访还在那部手机里" in refused.content.decode()


@pytest.mark.parametrize("key", [5, None, ["x"], {"id": "x"}, "no id"])
def test_a_photo_whose_id_is_no_id_stops_nothing(phone: Phone, door: Dwelling, head: Staff, key: Any) -> None:
    content = written(phone, phone.seal(phone.say(door)), photos=({"id": key, "body": "AAAA"}, key))
    carried = file_handover.take_file(community=door.community, content=content, actor=head)
    assert (carried.new, carried.photos, carried.bad_photos) == (1, 0, 2)


@pytest.mark.parametrize(("items", "photos"), [({"a": 1}, []), ("ab", []), ([], {"a": 1}), ([], "ab")])
def test_a_part_without_lists_is_refused_whole(
    phone: Phone, door: Dwelling, head: Staff, items: Any, photos: Any
) -> None:
    body = json.dumps({"items": items, "photos": photos})
    lesser = tokens.hand_in_token(phone.headers["Authorization"].split()[1])
    mac = file_handover.sign(tokens.hash_token(lesser), body)
    with pytest.raises(problems.NotAPhoneFile):
        file_handover.take_file(
            community=door.community,
            content=json.dumps({"v": 1, "parts": [{"body": body, "mac": mac}]}).encode(),
            actor=head,
        )
    assert not Submission.objects.exists()
