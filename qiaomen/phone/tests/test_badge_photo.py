"""The photo on a badge is somebody's own wish: drawn anew, seen with a good code, gone when they say so or leave."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from qiaomen.kernel import clock
from qiaomen.office import occasions
from qiaomen.office.accounts import acts
from qiaomen.office.models import BadgePhoto, Device, LedgerEntry, Organisation, Staff
from qiaomen.office.shared import badge_photos
from qiaomen.phone.actions import devices
from qiaomen.phone.rules.badge import code_at
from qiaomen.phone.tests.conftest import Phone

ADDRESS = "/api/phone/badge-photo"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    cache.clear()
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def face(side: int = 1200) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F], exif[0x8825] = "SECRETMAKER", {1: "N", 2: (34.0, 5.0, 6.0)}
    Image.new("RGB", (side, side), (180, 140, 120)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def put(phone: Phone, content: bytes) -> Any:
    return phone.client.put(ADDRESS, content, "image/jpeg", headers=phone.headers)


def badge_of(phone: Phone) -> dict[str, str]:
    found: dict[str, str] = phone.client.get("/api/phone/pack", headers=phone.headers).json()["badge"]
    return found


def who(badge: dict[str, str], code: str = "") -> str:
    code = code or code_at(badge["secret"], clock.now().timestamp())
    return Client().get("/who/", {"n": badge["number"], "c": code}).content.decode()


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_put_there_from_the_phone_it_is_small_clean_and_seen_with_a_good_code_only(
    phone: Phone, media: Path, worker: Staff
) -> None:
    assert phone.pack["badge"]["photo"] == ""
    assert put(phone, face()).json() == {"photo": True}
    badge = badge_of(phone)
    kept = base64.b64decode(badge["photo"].removeprefix("data:image/jpeg;base64,"))
    with Image.open(io.BytesIO(kept)) as picture:
        assert max(picture.size) == badge_photos.LONGEST and not dict(picture.getexif())
    assert b"SECRETMAKER" not in kept and len(kept) < 60_000
    assert badge["photo"] in who(badge).replace("&#x3D;", "=") and badge["photo"] not in who(badge, "000000")
    assert len(files(media)) == 1 and not files(media)[0].read_bytes().startswith(b"\xff\xd8")
    assert set(occasions.files_kept()) == {str(files(media)[0].relative_to(media))}
    line = LedgerEntry.objects.get(code="office.badge-photo-put")
    assert (line.actor, line.subject_id) == (worker, str(worker.pk))


def test_another_takes_its_place_and_nothing_is_left_when_it_goes(
    phone: Phone, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        put(phone, face())
        put(phone, face(300))
    assert BadgePhoto.objects.count() == len(files(media)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            assert phone.client.delete(ADDRESS, headers=phone.headers).json() == {"photo": False}
    assert not files(media) and badge_of(phone)["photo"] == ""
    assert LedgerEntry.objects.filter(code="office.badge-photo-dropped").count() == 1


@pytest.mark.parametrize("content", [b"", b"MZ", face()[:300]], ids=["empty", "program", "cut off"])
def test_what_is_no_picture_leaves_the_badge_as_it_was(phone: Phone, content: bytes) -> None:
    put(phone, face())
    before = badge_of(phone)["photo"]
    refused = put(phone, content)
    assert (refused.status_code, refused.json()["code"]) == (400, "office.not-a-picture")
    assert badge_of(phone)["photo"] == before


def test_who_hands_in_only_puts_no_photo(phone: Phone, worker: Staff) -> None:
    devices.leave(device=Device.objects.get(staff=worker))
    assert put(phone, face()).status_code == 401 and not BadgePhoto.objects.exists()


def test_at_the_desk_it_takes_their_word_and_a_closed_account_keeps_none(
    phone: Phone, head: Staff, worker: Staff, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    desk, address = Client(), reverse("office:badge-photo", args=[worker.pk])
    desk.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    assert desk.get(address).status_code == 404
    sent = {"photo": SimpleUploadedFile("a.jpg", face(), "image/jpeg")}
    assert desk.post(address, sent).status_code == 400 and not BadgePhoto.objects.exists()
    sent = {"photo": SimpleUploadedFile("a.jpg", face(), "image/jpeg"), "wanted": "1"}
    assert desk.post(address, sent).status_code == 302
    shown = desk.get(address)
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "no-store")
    assert address in desk.get(reverse("office:account", args=[worker.pk])).content.decode()
    assert badge_of(phone)["photo"]
    with django_capture_on_commit_callbacks(execute=True):
        acts.close_account(actor=head, staff=worker, reason="调走了")
    assert not BadgePhoto.objects.exists() and not files(media)


def test_another_community_neither_sees_nor_puts_it(phone: Phone, worker: Staff) -> None:
    put(phone, face())
    other = Organisation.objects.create(kind="community", name="别处", code="F2")
    stranger = Staff.objects.create_user("f9", None, name="x", role="head", organisation=other)
    desk, address = Client(), reverse("office:badge-photo", args=[worker.pk])
    desk.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert desk.get(address).status_code == 404
    assert desk.post(address, {"drop": "1"}).status_code == 404 and BadgePhoto.objects.exists()
