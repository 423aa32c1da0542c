"""Takes in what phones hand in: opens the envelope and makes of it what it says, in one transaction."""

import contextlib
import hashlib
import json
import re
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office import ledger
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.phone import arriving, problems
from qiaomen.phone.models import ExpectedPhoto, ServerKey, Submission
from qiaomen.phone.rules import submission as rules
from qiaomen.phone.rules.envelope import CannotOpen, Envelope, decode, open_envelope
from qiaomen.phone.taking import take
from qiaomen.visits import actions as visits
from qiaomen.visits.models import Visit
from qiaomen.visits.problems import NotAPhoto

MOST_ITEMS = 50
LONGEST_ENVELOPE = 100_000
MOST_PHOTO_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
"""A sealed photo is no larger in pieces than it may be in one."""
NOT_FOR_JSONB = re.compile(r"\\u0000|\\ud[89ab]")
"""What is JSON to Python and not to PostgreSQL: NUL and halves of characters."""


def receive(*, device: Device, community: Organisation, in_service: bool, item: Any) -> Submission:
    """Take in one item, or put it into quarantine with its reason. An item known as stored answers as stored."""
    op_id, readable = _key_of(item, device)
    known = Submission.objects.filter(pk=op_id).first()
    if known is not None and (
        known.visit_id or known.finding_id or known.community_id != community.pk or known.state == "set_aside"
    ):
        return known
    try:
        if not readable:
            raise problems.Unreadable()
        if not in_service:
            raise problems.RevokedDevice()
        taken = _take_in(op_id, community, device, device.staff, item)
        if taken.visit_id:
            _take_in_what_waited(community, device)
        return taken
    except Problem as problem:
        return _quarantine(op_id, community, device, item, problem.code)


def _key_of(item: Any, device: Device) -> tuple[uuid.UUID, bool]:
    """The id an item is kept under; garbage gets one of its own content, so that sending it twice keeps one."""
    try:
        if len(json.dumps(item)) <= LONGEST_ENVELOPE:
            return uuid.UUID(str(item["op_id"])), True
    except (KeyError, TypeError, ValueError):
        pass
    digest = hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()
    return uuid.uuid5(device.pk, digest), False


def _storable(item: Any) -> Any:
    """The item itself, or its text where no database would keep it as JSON."""
    try:
        storable = not NOT_FOR_JSONB.search(json.dumps(item, allow_nan=False))
    except ValueError:
        storable = False
    return item if storable else {"text": json.dumps(item)}


@transaction.atomic
def _quarantine(op_id: uuid.UUID, community: Organisation, device: Device, item: Any, code: str) -> Submission:
    item = _storable(item)
    values = {"community": community, "device": device, "staff": device.staff, "state": "quarantined", "code": code,
              "received_at": clock.now(), "envelope": {"item": item}}  # fmt: skip
    kept, made = Submission.objects.get_or_create(op_id=op_id, defaults=values)
    if made:
        ledger.record(
            community=community,
            actor=device.staff,
            code="phone.quarantined",
            detail={"op_id": str(op_id), "code": code},
        )
    elif kept.state == "quarantined" and kept.community_id == community.pk:
        versions = [kept.envelope.get("item"), *kept.envelope.get("earlier", [])]
        if item not in versions:
            kept.code, kept.envelope = code, {"item": item, "earlier": versions}
            kept.save(update_fields=["code", "envelope"])
    return kept


def _open(op_id: uuid.UUID, item: Any) -> rules.Said:
    key = ServerKey.objects.filter(pk=str(item.get("key_id"))[:12]).first()
    if key is None:
        raise problems.UnknownKey()
    try:
        sealed = Envelope(decode(item.get("epk")), decode(item.get("iv")), decode(item.get("ct")))
        return rules.read(open_envelope(key.private, sealed, str(item["op_id"])), op_id)
    except CannotOpen as error:
        raise problems.Unreadable() from error
    except rules.NotUnderstood as error:
        raise problems.NotUnderstood() from error


@transaction.atomic
def _take_in(
    op_id: uuid.UUID, community: Organisation, device: Device, staff: Staff, item: Any, *, clip_time: bool = False
) -> Submission:
    """Make of one item what it says, all or none. Raises the Problems of quarantine."""
    said, now = _open(op_id, item), clock.now()
    if said.happened_at > now + visits.CLOCK_SLACK and not clip_time:
        raise problems.FutureDated()
    taken = take(op_id, community, staff, said, min(said.happened_at, now) if clip_time else said.happened_at)
    there = Submission.objects.select_for_update().filter(pk=op_id, state__in=("waiting_photos", "stored")).first()
    if there is not None:  # a copy that came at the same moment was faster; its photos may be here already
        return there
    values = {"community": community, "device": device, "staff": staff, "code": "", "envelope": {}, "received_at": now,
              "visit": taken.visit, "finding": taken.finding,
              "state": "waiting_photos" if taken.photos else "stored"}  # fmt: skip
    kept, _made = Submission.objects.update_or_create(op_id=op_id, defaults=values)
    ExpectedPhoto.objects.bulk_create(
        (ExpectedPhoto(id=one.id, submission=kept, sha256=one.sha256, size=one.size) for one in taken.photos),
        ignore_conflicts=True,
    )
    return kept


def _take_in_what_waited(community: Organisation, device: Device) -> None:
    """A correction that came before its visit: try those of this phone again."""
    held = Submission.objects.filter(community=community, device=device, code=problems.VisitToCome.code)
    for kept in held.filter(state="quarantined").select_related("staff"):
        with contextlib.suppress(Problem):
            _take_in(kept.pk, community, device, kept.staff, kept.envelope.get("item"))


def _expected(community: Organisation, photo_id: uuid.UUID) -> tuple[ExpectedPhoto, Visit]:
    """Return a photo with the visit that announced it. Raises PhotoUnreadable."""
    mine = ExpectedPhoto.objects.select_related("submission__visit").filter(submission__community=community)
    expected = mine.filter(pk=photo_id).first()
    if expected is None or expected.submission.visit is None:
        raise problems.PhotoUnreadable()
    return expected, expected.submission.visit


def photo_offset(*, community: Organisation, photo_id: uuid.UUID) -> tuple[int, bool]:
    """Return how many sealed bytes of a photo are here and whether it is stored. Raises PhotoUnreadable."""
    expected, _visit = _expected(community, photo_id)
    if expected.received_at is not None:
        return expected.size or 0, True
    return arriving.offset_of(photo_id), False


def receive_piece(
    *, device: Device, community: Organisation, photo_id: uuid.UUID, offset: int, piece: bytes, complete: bool
) -> tuple[ExpectedPhoto, int]:
    """Take in the next piece of a sealed photo; the one that completes it stores the photo. Returns the new offset.

    Raises OtherOffset (go on from there), PhotoDiffers (begin anew), PhotoUnreadable.
    """
    expected, _visit = _expected(community, photo_id)
    if expected.received_at is not None:
        return expected, expected.size or 0
    if offset + len(piece) > (expected.size or MOST_PHOTO_BYTES):
        raise problems.PhotoUnreadable()
    here = arriving.append(photo_id, offset, piece)
    if not complete and here != expected.size:
        return expected, here
    content = arriving.whole(photo_id)
    return receive_photo(device=device, community=community, photo_id=photo_id, content=content), here


def receive_photo(*, device: Device, community: Organisation, photo_id: uuid.UUID, content: bytes) -> ExpectedPhoto:
    """Take in one whole sealed photo (epk 65 bytes, iv 12, ciphertext); the visit stays whole whatever it is.

    What the visit declared is the SHA-256 of the sealed bytes: of exactly what travels, so that it is checked before
    anything is opened, with no key; and it stands inside the visit's own seal, so that who can swap the bytes cannot
    swap the hash. The seal (AES-GCM under the photo's id) then vouches for the picture in it. Phones of before declared
    none: for them the seal alone speaks. Raises PhotoDiffers, PhotoUnreadable.
    """
    expected, visit = _expected(community, photo_id)
    if expected.received_at is not None:
        return expected
    try:
        if expected.sha256 and hashlib.sha256(content).hexdigest() != expected.sha256:
            raise problems.PhotoDiffers()
        picture = _open_photo(Envelope(content[:65], content[65:77], content[77:]), photo_id)
    except (CannotOpen, problems.PhotoDiffers) as error:
        arriving.drop(photo_id)
        raise problems.PhotoUnreadable() if isinstance(error, CannotOpen) else error from error
    with transaction.atomic():
        try:
            digest = hashlib.sha256(picture).hexdigest()
            visits.add_photo(visit=visit, photo_id=photo_id, content=picture, actor=device.staff, sha256=digest)
        except NotAPhoto:
            expected.code = NotAPhoto.code  # it arrived whole and is no picture: the visit need not wait for it
        _settle_photo(expected)
    arriving.drop(photo_id)
    return expected


def _open_photo(sealed: Envelope, photo_id: uuid.UUID) -> bytes:
    for key in ServerKey.objects.order_by("-made_at"):
        try:
            return open_envelope(key.private, sealed, str(photo_id))
        except CannotOpen:
            continue
    raise CannotOpen("photo")


def _settle_photo(expected: ExpectedPhoto) -> None:
    expected.received_at = clock.now()
    expected.save(update_fields=["received_at", "code"])
    kept = Submission.objects.select_for_update().get(pk=expected.submission_id)
    if kept.state == "waiting_photos" and not kept.photos.filter(received_at__isnull=True).exists():
        kept.state = "stored"
        kept.save(update_fields=["state"])


@transaction.atomic
def take_in(*, kept: Submission, actor: Staff) -> None:
    """The head takes a quarantined item in; a time in the future becomes the time it arrived. Raises CannotTakeIn."""
    locked = Submission.objects.select_for_update().select_related("device", "staff", "community").get(pk=kept.pk)
    if locked.state != "quarantined":
        return
    item = locked.envelope.get("item")
    try:
        if not isinstance(item, dict):
            raise problems.CannotTakeIn()
        taken = _take_in(locked.pk, locked.community, locked.device, locked.staff, item, clip_time=True)
    except Problem as problem:
        raise problems.CannotTakeIn() from problem
    taken.settled_by, taken.settled_at = actor, clock.now()
    taken.save(update_fields=["settled_by", "settled_at"])
    ledger.record(community=locked.community, actor=actor, code="phone.taken-in", subject=taken.visit)


@transaction.atomic
def set_aside(*, kept: Submission, actor: Staff) -> None:
    """The head sets a quarantined item aside; the envelope stays."""
    locked = Submission.objects.select_for_update().get(pk=kept.pk)
    if locked.state == "quarantined":
        locked.state, locked.settled_by, locked.settled_at = "set_aside", actor, clock.now()
        locked.save(update_fields=["state", "settled_by", "settled_at"])
        detail = {"op_id": str(locked.pk)}
        ledger.record(community=locked.community, actor=actor, code="phone.set-aside", detail=detail)
