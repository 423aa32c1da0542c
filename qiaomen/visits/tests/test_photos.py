"""A photo keeps its picture and loses everything else; what is no photo is refused and the visit stays."""

import io
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from qiaomen.kernel import clock
from qiaomen.office import disclosure
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.problems import TooManyLooks
from qiaomen.office.shared import photo_files, photos
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person
from qiaomen.visits import problems
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Visit, VisitPhoto

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def visit(db: None, settings: Any, tmp_path: Path) -> Visit:
    settings.MEDIA_ROOT = tmp_path
    home = Organisation.objects.create(kind="community", name="锦瑟社区", code="PH1")
    worker = Staff.objects.create_user("ph-worker", None, name="姚静", role="worker", organisation=home)
    building = Building.objects.create(
        community=home, compound=Compound.objects.create(community=home, name="院"), name="3"
    )
    entrance = Entrance.objects.create(community=home, building=building, name="2")
    door = Dwelling.objects.create(community=home, entrance=entrance, floor=5, room="501", door_label="3-2-501")
    household = Household.objects.create(community=home, dwelling=door, head_name="柳如烟")
    with clock.at(NOON):
        return visits.record_visit(
            visit_id=uuid.uuid4(),
            dwelling=door,
            household=household,
            staff=worker,
            outcome="met",
            happened_at=NOON,
            origin="phone",
            note="水管漏",
        )[0]


def picture(width: int = 2400, height: int = 1200) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F], exif[0x8825] = "SECRETMAKER", {1: "N", 2: (34.0, 5.0, 6.0)}
    Image.new("RGB", (width, height), (20, 90, 90)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_only_the_picture_is_kept_and_the_file_is_sealed(visit: Visit, tmp_path: Path) -> None:
    key = uuid.uuid4()
    for expected in (True, False):
        photo, made = visits.add_photo(visit=visit, photo_id=key, sha256="0" * 64, content=picture(), actor=visit.staff)
        assert made is expected
    assert VisitPhoto.objects.count() == LedgerEntry.objects.filter(code="visits.photo-added").count() == 1
    files = [f for f in tmp_path.rglob("*") if f.is_file()]
    assert len(files) == 1 and not files[0].read_bytes().startswith(b"\xff\xd8")
    kept = photos.open_original(photo=photo, actor=visit.staff)
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.size == (1600, 800) and not dict(opened.getexif())
    assert b"SECRETMAKER" not in kept and b"Exif" not in kept


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ not a picture", picture()[:200], b"<svg onload='alert(1)'/>"],
    ids=["empty", "program", "cut-off", "svg"],
)
def test_what_is_no_photo_is_refused(visit: Visit, content: bytes) -> None:
    with pytest.raises(problems.NotAPhoto):
        visits.add_photo(visit=visit, photo_id=uuid.uuid4(), sha256="0" * 64, content=content, actor=visit.staff)
    assert Visit.objects.count() == 1 and not VisitPhoto.objects.exists()


def test_the_history_shows_what_was_said_and_writes_the_look(visit: Visit) -> None:
    photo, _ = visits.add_photo(
        visit=visit, photo_id=uuid.uuid4(), sha256="0" * 64, content=picture(), actor=visit.staff
    )
    desk = Client()
    desk.force_login(visit.staff, backend="django.contrib.auth.backends.ModelBackend")
    page = desk.get(reverse("visits:history", args=[visit.household_id])).content.decode()
    assert "水管漏" in page and str(photo.pk) in page
    sent = desk.get(reverse("visits:photo", args=[photo.pk]))
    assert sent["Content-Type"] == "image/jpeg" and sent["Cache-Control"] == "no-store"
    assert [line.fields for line in LedgerEntry.objects.filter(code="visits.looked")] == [["note"]]
    assert reverse("office:photo", args=[photo.pk]) in page
    other = Organisation.objects.create(kind="community", name="别处", code="PH2")
    stranger = Client()
    stranger.force_login(
        Staff.objects.create_user("ph2", None, name="x", role="head", organisation=other),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert stranger.get(reverse("visits:photo", args=[photo.pk])).status_code == 404
    assert stranger.get(reverse("visits:history", args=[visit.household_id])).status_code == 404
    visits.take_back(visit=visit, actor=visit.staff)
    assert desk.get(reverse("visits:photo", args=[photo.pk])).status_code == 404, "taken back with its visit"


@pytest.mark.parametrize("page", ["visits:photo", "office:photo-original"])
def test_an_original_counts_who_lives_there_and_stands_under_who_looked(visit: Visit, settings: Any, page: str) -> None:
    home = visit.household
    assert home is not None
    people = [Person.objects.create(community=home.community, household=home, name=name) for name in ("柳如烟", "柳风")]
    photo, _ = visits.add_photo(
        visit=visit, photo_id=uuid.uuid4(), sha256="0" * 64, content=picture(), actor=visit.staff
    )
    desk = Client()
    desk.force_login(visit.staff, backend="django.contrib.auth.backends.ModelBackend")
    for _twice in range(2):
        assert desk.get(reverse(page, args=[photo.pk])).status_code == 200
    for person in people:
        assert [line.code for line in disclosure.lines_about(person.pk)] == ["office.photo-looked"]
    settings.LOOKS_PER_HOUR = 1
    with pytest.raises(TooManyLooks), clock.at(clock.now() + timedelta(hours=2)):
        photos.open_original(photo=photo, actor=visit.staff)
    (Path(settings.MEDIA_ROOT) / photo_files.file_name(photo.pk)).unlink()
    assert desk.get(reverse(page, args=[photo.pk])).status_code == 404
