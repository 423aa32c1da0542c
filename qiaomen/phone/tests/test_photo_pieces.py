"""A photo that comes in pieces is stored once, whole and as declared; what is left of one that never ends goes away."""

import errno
import hashlib
import os
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from qiaomen.office.models import Organisation, Staff
from qiaomen.phone import nightly
from qiaomen.phone.actions import devices, photo_uploads
from qiaomen.phone.models import ExpectedPhoto
from qiaomen.phone.rules.envelope import seal
from qiaomen.phone.tests.conftest import Phone
from qiaomen.phone.tests.test_phone import photo as jpeg_of
from qiaomen.register.models import Dwelling
from qiaomen.visits.models import VisitPhoto

PIECE = 200
PICTURE = jpeg_of()


class Sending:
    """One announced photo and the line it goes over."""

    def __init__(self, phone: Phone, door: Dwelling, *, declare: bool = True, **lies: Any) -> None:
        self.phone, self.key = phone, str(uuid.uuid4())
        sealed = seal(phone.pack["seal_key"]["public"], PICTURE, self.key)
        self.body = sealed.epk + sealed.iv + sealed.ct
        said = {"id": self.key, "sha256": hashlib.sha256(self.body).hexdigest(), "size": len(self.body), **lies}
        self.said = phone.say(door, photos=[self.key], **({"declared": [said]} if declare else {}))
        phone.send(phone.seal(self.said))

    def call(self, method: str, body: bytes = b"", **fields: Any) -> Any:
        headers = {**self.phone.headers, **{name.replace("_", "-"): str(value) for name, value in fields.items()}}
        address = f"/api/phone/photos/{self.key}"
        return self.phone.client.generic(method, address, body, "application/partial-upload", headers=headers)

    def piece(self, start: int, body: bytes | None = None) -> Any:
        sent = (self.body if body is None else body)[start : start + PIECE]
        last = start + len(sent) == len(self.body)
        return self.call("PATCH", sent, Upload_Offset=start, Upload_Complete="?1" if last else "?0")

    def rest(self, start: int = 0, body: bytes | None = None) -> Any:
        for place in range(start, len(self.body), PIECE):
            answer = self.piece(place, body)
        return answer

    @property
    def state(self) -> str:
        return self.phone.listing(self.said["op_id"])[self.said["op_id"]]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def left_over(media: Path) -> list[str]:
    return sorted(path.name for path in (media / "arriving").glob("*"))


def test_the_pieces_make_the_photo_and_every_answer_says_how_far_it_is(
    phone: Phone, door: Dwelling, media: Path
) -> None:
    photo = Sending(phone, door)
    places = range(0, len(photo.body), PIECE)
    for place in places:
        asked = photo.call("HEAD")
        assert (asked["Upload-Offset"], asked["Upload-Complete"]) == (str(place), "?0") and not asked.content
        assert photo.state == "waiting_photos"
        answer = photo.piece(place)
        assert answer.json()["offset"] == min(place + PIECE, len(photo.body))
        if place != places[-1]:
            assert (media / "arriving" / uuid.UUID(photo.key).hex).read_bytes() == photo.body[: place + PIECE]
    assert len(places) > 3 and answer.json()["state"] == "stored" and answer["Upload-Complete"] == "?1"
    assert photo.state == "stored" and VisitPhoto.objects.get().sha256 == hashlib.sha256(PICTURE).hexdigest()
    assert left_over(media) == [] and photo.call("HEAD")["Upload-Complete"] == "?1"
    kept = ExpectedPhoto.objects.get()
    assert (kept.sha256, kept.size) == (hashlib.sha256(photo.body).hexdigest(), len(photo.body))


def test_a_piece_sent_twice_or_from_a_wrong_place_changes_nothing_and_says_where_to_go_on(
    phone: Phone, door: Dwelling
) -> None:
    photo = Sending(phone, door)
    assert photo.piece(0).status_code == 200
    for place in (0, 2 * PIECE):
        refused = photo.piece(place)
        said = refused.json()
        assert (refused.status_code, said["code"]) == (409, "phone.photo-other-offset")
        assert said["details"] == {"offset": str(PIECE)}
        assert photo.call("HEAD")["Upload-Offset"] == str(PIECE)
    assert photo.rest(PIECE).json()["state"] == "stored" and VisitPhoto.objects.count() == 1
    again = photo.piece(0)
    assert (again.status_code, again.json()["state"]) == (200, "stored") and VisitPhoto.objects.count() == 1


def test_what_differs_from_the_declared_hash_is_refused_and_begins_anew(
    phone: Phone, door: Dwelling, media: Path
) -> None:
    photo = Sending(phone, door)
    damaged = bytearray(photo.body)
    damaged[2 * PIECE] ^= 1
    refused = photo.rest(0, bytes(damaged))
    assert (refused.status_code, refused.json()["code"]) == (409, "phone.photo-differs")
    assert "从头再传" in refused.json()["do_next"] and photo.state == "waiting_photos"
    assert photo.call("HEAD")["Upload-Offset"] == "0" and left_over(media) == [] and not VisitPhoto.objects.exists()
    assert photo.rest().json()["state"] == "stored" and photo.state == "stored"


def test_another_sealed_picture_than_the_declared_one_is_refused_though_it_opens(phone: Phone, door: Dwelling) -> None:
    photo = Sending(phone, door)
    other = seal(phone.pack["seal_key"]["public"], PICTURE, photo.key)
    refused = photo.call("PUT", other.epk + other.iv + other.ct)
    assert refused.json()["code"] == "phone.photo-differs" and photo.state == "waiting_photos"
    assert photo.call("PUT", photo.body).json()["state"] == "stored"


def test_an_older_phone_declares_nothing_and_sends_whole_or_in_pieces(
    phone: Phone, door: Dwelling, media: Path
) -> None:
    whole, pieces = Sending(phone, door, declare=False), Sending(phone, door, declare=False)
    whole.piece(0)  # begun by another app version, then sent whole
    assert whole.call("PUT", whole.body).json()["state"] == "stored" and whole.state == "stored"
    assert pieces.rest().json()["state"] == "stored" and pieces.state == "stored" and left_over(media) == []


def test_killed_before_the_last_answer_an_empty_last_piece_ends_it(phone: Phone, door: Dwelling, media: Path) -> None:
    photo = Sending(phone, door)
    (media / "arriving").mkdir()
    (media / "arriving" / uuid.UUID(photo.key).hex).write_bytes(photo.body)  # all here, and the server was killed
    assert photo.call("HEAD")["Upload-Offset"] == str(len(photo.body))
    ended = photo.call("PATCH", b"", Upload_Offset=len(photo.body), Upload_Complete="?1")
    assert ended.json()["state"] == "stored" and photo.state == "stored"


@pytest.mark.parametrize(
    "fields",
    [{}, {"Upload_Offset": "-1"}, {"Upload_Offset": "x"}, {"Upload_Offset": "0", "Upload_Complete": "true"}],
)
def test_a_piece_must_say_where_it_belongs(phone: Phone, door: Dwelling, fields: dict[str, Any]) -> None:
    photo = Sending(phone, door)
    answer = photo.call("PATCH", photo.body[:PIECE], **fields)
    assert (answer.status_code, answer.json()["code"]) == (400, "phone.bad-request")


def test_more_than_declared_or_allowed_is_not_kept(phone: Phone, door: Dwelling, settings: Any, media: Path) -> None:
    photo = Sending(phone, door)
    longer = photo.call("PATCH", photo.body + b"x", Upload_Offset=0)
    assert longer.json()["code"] == "phone.photo-unreadable" and left_over(media) == []
    open_end = Sending(phone, door, declare=False)
    far = open_end.call("PATCH", b"x", Upload_Offset=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    assert far.json()["code"] == "phone.photo-unreadable" and left_over(media) == []


@pytest.mark.parametrize(
    "lie", [{"sha256": "A" * 64}, {"sha256": "ab"}, {"sha256": None}, {"size": 0}, {"size": True}, {"size": "9"}]
)
def test_a_declaration_that_says_nothing_waits_in_quarantine(phone: Phone, door: Dwelling, lie: dict[str, Any]) -> None:
    assert Sending(phone, door, **lie).state == "quarantined"


def test_photos_are_reached_by_their_own_community_only(phone: Phone, door: Dwelling) -> None:
    photo = Sending(phone, door)
    other = Organisation.objects.create(kind="community", name="别处", code="F2")
    stranger = Staff.objects.create_user("f2", None, name="x", role="worker", organisation=other)
    photo.phone = Phone(devices.enrol_device(staff=stranger, label="")[1])
    assert [photo.call("HEAD").status_code, photo.piece(0).status_code, photo.call("GET").status_code] == [400] * 3
    photo.key = str(uuid.uuid4())
    assert photo.piece(0).json()["code"] == "phone.photo-unreadable"


def test_what_is_left_of_a_photo_goes_when_it_is_stored_or_after_seven_days(
    phone: Phone, door: Dwelling, media: Path
) -> None:
    old, fresh, stored = (Sending(phone, door) for _ in range(3))
    old.piece(0)
    fresh.piece(0)
    stored.rest()
    (media / "arriving" / uuid.UUID(stored.key).hex).write_bytes(b"a late copy of the first piece")
    week_ago = time.time() - photo_uploads.KEPT.total_seconds() - 60
    os.utime(media / "arriving" / uuid.UUID(old.key).hex, (week_ago, week_ago))
    assert nightly.drop_left_over() == "清除了 2 张" and left_over(media) == [uuid.UUID(fresh.key).hex]
    assert old.call("HEAD")["Upload-Offset"] == "0" and old.rest().json()["state"] == "stored"
    assert fresh.rest(PIECE).json()["state"] == "stored" and nightly.drop_left_over() == "清除了 0 张"


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_photo_that_does_not_reach_the_disk_is_not_called_received(
    phone: Phone, door: Dwelling, media: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    photo = Sending(phone, door)

    def fail(*_: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(*((os, "fsync", fail) if call == "fsync" else (Path, "replace", fail)))
        assert photo.rest().json()["code"] == "phone.cannot-store-now"
    assert photo.state == "waiting_photos" and not VisitPhoto.objects.exists()
    assert not [path for path in (media / "photos").rglob("*") if path.is_file()]
    assert photo.call("HEAD")["Upload-Offset"] == str(len(photo.body))
    ended = photo.call("PATCH", b"", Upload_Offset=len(photo.body), Upload_Complete="?1")
    assert ended.json()["state"] == "stored" and photo.state == "stored"
