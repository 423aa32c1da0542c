"""A voice line goes the way of photos: announced, in pieces, sealed; heard through the gate, by nobody else."""

import hashlib
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office import disclosure, occasions
from qiaomen.office.models import LARGEST_VOICE, LedgerEntry, Organisation, Staff
from qiaomen.office.problems import NotAVoice, TooManyLooks
from qiaomen.office.shared import photo_files
from qiaomen.phone.models import ExpectedPhoto, HeldPart
from qiaomen.phone.rules.envelope import seal
from qiaomen.phone.tests.conftest import Phone
from qiaomen.register.models import Dwelling, Person
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Visit, VisitVoice

WEBM = b"\x1a\x45\xdf\xa3" + b"A_OPUS" + bytes(range(256)) * 4
PIECE = 300


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def desk(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


class Line:
    """A visit with a voice line, handed in; `lies` change what the visit says of it."""

    def __init__(self, phone: Phone, door: Dwelling, content: bytes = WEBM, **lies: Any) -> None:
        self.phone, self.key = phone, str(uuid.uuid4())
        sealed = seal(phone.pack["seal_key"]["public"], content, self.key)
        self.body = sealed.epk + sealed.iv + sealed.ct
        voice = {"id": self.key, "seconds": 12, "consent": clock.now().isoformat(), **lies}
        declared = [{"id": self.key, "sha256": hashlib.sha256(self.body).hexdigest(), "size": len(self.body)}]
        self.said = phone.say(door, voice=voice, declared=declared)
        self.first = phone.states(phone.seal(self.said))

    def send(self) -> Any:
        for start in range(0, len(self.body), PIECE):
            sent = self.body[start : start + PIECE]
            last = start + len(sent) == len(self.body)
            fields = {"Upload-Offset": str(start), "Upload-Complete": "?1" if last else "?0"}
            answer = self.phone.client.generic(
                "PATCH",
                f"/api/phone/photos/{self.key}",
                sent,
                "application/partial-upload",
                headers={**self.phone.headers, **fields},
            )
        return answer

    @property
    def state(self) -> str:
        return self.phone.listing(self.said["op_id"])[self.said["op_id"]]


def test_it_comes_in_pieces_is_sealed_and_is_one_whoever_sends_it_again(
    phone: Phone, door: Dwelling, media: Path
) -> None:
    line = Line(phone, door)
    assert line.first == ["waiting_photos"]
    assert line.send().json()["state"] == "stored" and line.state == "stored"
    assert line.send().json()["state"] == "stored"
    voice = VisitVoice.objects.get()
    assert (voice.media, voice.seconds, voice.visit_id) == ("audio/webm", 12, uuid.UUID(line.said["op_id"]))
    (file,) = [path for path in media.rglob("*") if path.is_file()]
    assert b"A_OPUS" not in file.read_bytes()
    assert set(occasions.files_kept()) == {photo_files.file_name(voice.pk, photo_files.VOICE)}
    assert photo_files.load(voice.pk, photo_files.VOICE) == WEBM


@pytest.mark.parametrize(
    "lies",
    [{"consent": ""}, {"consent": None}, {"consent": "0001-01-01T00:00:00+00:00"}, {"seconds": 61}, {"seconds": 0}],
    ids=["none", "null", "year 1", "too long", "empty"],
)
def test_without_consent_or_beyond_a_minute_it_is_held_and_the_visit_stands(
    phone: Phone, door: Dwelling, lies: dict[str, Any]
) -> None:
    line = Line(phone, door, **lies)
    assert line.first == ["stored"] and Visit.objects.count() == 1
    assert HeldPart.objects.get().kind == "voice" and not ExpectedPhoto.objects.exists()
    assert "身体好" not in HeldPart.objects.get().said  # only what is said of the line itself
    assert line.send().status_code == 400 and not VisitVoice.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ no voice", b"<svg onload='alert(1)'/>", WEBM + b"V_VP8", WEBM + bytes(LARGEST_VOICE)],
    ids=["empty", "program", "svg", "with pictures", "too large"],
)
def test_what_is_no_voice_is_not_kept_and_the_visit_need_not_wait(phone: Phone, door: Dwelling, content: bytes) -> None:
    with pytest.raises(NotAVoice):
        photo_files.media_of(content)
    line = Line(phone, door, content[:2000])
    if len(content) < LARGEST_VOICE:
        assert line.send().json()["code"] == NotAVoice.code
        assert line.state == "stored" and not VisitVoice.objects.exists()


def test_what_browsers_record_is_known_by_its_first_bytes() -> None:
    assert photo_files.media_of(WEBM) == "audio/webm"
    assert photo_files.media_of(b"\0\0\0\x1cftypmp42" + b"soun") == "audio/mp4"
    assert photo_files.media_of(b"OggS\0\2") == "audio/ogg"
    with pytest.raises(NotAVoice):
        photo_files.media_of(b"\0\0\0\x1cftypmp42" + b"hdlr" + b"\0" * 8 + b"vide")


def test_hearing_it_is_a_look_at_who_lives_there_and_nobody_else_hears_it(
    phone: Phone, door: Dwelling, worker: Staff, community: Organisation, settings: Any
) -> None:
    Line(phone, door).send()
    voice, whom = VisitVoice.objects.get(), Person.objects.get(household__dwelling=door)
    address = reverse("visits:voice", args=[voice.pk])
    page = desk(worker).get(reverse("visits:history", args=[voice.visit.household_id])).content.decode()
    assert address in page and "12 秒" in page and 'preload="none"' in page
    assert not LedgerEntry.objects.filter(code="visits.voice-heard").exists()  # the page alone plays nothing
    for _twice in range(2):
        heard = desk(worker).get(address)
        assert (heard.content, heard["Content-Type"], heard["Cache-Control"]) == (WEBM, "audio/webm", "no-store")
    assert [line.code for line in disclosure.lines_about(whom.pk) if line.code == "visits.voice-heard"] == [
        "visits.voice-heard"
    ]
    part = desk(worker).get(address, headers={"Range": "bytes=4-9"})
    assert (part.status_code, part.content) == (206, b"A_OPUS")
    assert part["Content-Range"] == f"bytes 4-9/{len(WEBM)}"
    for asked in ("bytes=9-4", f"bytes={len(WEBM)}-", "lines=1-2", "bytes=-5"):
        assert desk(worker).get(address, headers={"Range": asked}).status_code == 200
    other = Organisation.objects.create(kind="community", name="别处", code="F2")
    stranger = Staff.objects.create_user("f9", None, name="x", role="head", organisation=other)
    helper = Staff.objects.create_user("f10", None, name="y", role="volunteer", organisation=community)
    assert desk(stranger).get(address).status_code == 404 and desk(helper).get(address).status_code in (403, 404)
    settings.LOOKS_PER_HOUR = 0
    colleague = Staff.objects.create_user("f11", None, name="z", role="worker", organisation=community)
    with pytest.raises(TooManyLooks):
        visits.open_voice(voice=voice, actor=colleague)


def test_a_line_goes_with_the_visit_that_is_taken_back_and_none_comes_after(
    phone: Phone,
    door: Dwelling,
    worker: Staff,
    media: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    Line(phone, door).send()
    voice, late = VisitVoice.objects.get(), Line(phone, door)
    address = reverse("visits:voice", args=[voice.pk])
    Visit.everything.filter(pk=voice.visit_id).update(taken_back_at=clock.now())
    assert desk(worker).get(address).status_code == 404  # of one that was taken back before lines went with it
    Visit.everything.update(taken_back_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        for visit in Visit.objects.all():
            visits.take_back(visit=visit, actor=visit.staff)
    assert not VisitVoice.objects.exists() and not [path for path in media.rglob("*.voice.sealed")]
    assert LedgerEntry.objects.filter(code="visits.voice-dropped").count() == 1
    assert desk(worker).get(address).status_code == 404
    assert late.send().json()["code"] == "visits.taken-back"
    assert late.state == "stored" and not VisitVoice.objects.exists()
    visits.drop_voice(voice=voice, actor=worker)
    assert LedgerEntry.objects.filter(code="visits.voice-dropped").count() == 1


def test_the_head_deletes_a_line_and_is_asked_once(
    phone: Phone,
    door: Dwelling,
    worker: Staff,
    community: Organisation,
    media: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    Line(phone, door).send()
    voice = VisitVoice.objects.get()
    head = Staff.objects.create_user("f12", None, name="主任", role="head", organisation=community)
    url = reverse("visits:drop-voice", args=[voice.pk])
    history = reverse("visits:history", args=[voice.visit.household_id])
    assert url in desk(head).get(history).content.decode() and url not in desk(worker).get(history).content.decode()
    assert desk(worker).post(url, {"sure": "1"}).status_code == 403
    assert "不能再找回来" in desk(head).post(url).content.decode() and VisitVoice.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert desk(head).post(url, {"sure": "1"}).headers["Location"] == history
    assert not VisitVoice.objects.exists() and not [path for path in media.rglob("*.voice.sealed")]
    assert LedgerEntry.objects.filter(code="visits.voice-dropped").count() == 1 and Visit.objects.count() == 1
