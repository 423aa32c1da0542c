"""Takes in what phones hand in: opens the envelopes and makes of them what they say, many in one transaction."""

import contextlib
import hashlib
import json
import logging
import re
import uuid
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office import ledger
from qiaomen.office.bulk_insert import insert_new
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.office.problems import NotAVoice
from qiaomen.phone import problems
from qiaomen.phone.actions import photo_uploads
from qiaomen.phone.actions.arriving import to_check
from qiaomen.phone.actions.arriving.apply_submission import OpenedItem, Stored, apply_submissions
from qiaomen.phone.actions.group_commit import Turns
from qiaomen.phone.models import ExpectedPhoto, ServerKey, Submission
from qiaomen.phone.rules import submission as rules
from qiaomen.phone.rules.envelope import SUITE, CannotOpen, Envelope, decode, open_envelope, split, suite_of
from qiaomen.phone.rules.moments import moment_of
from qiaomen.phone.selectors import submissions
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Visit
from qiaomen.visits.problems import NotAPhoto, VisitTakenBack

log = logging.getLogger(__name__)
MOST_ITEMS = 50
MOST_AT_ONCE = 200
"""So many items of several requests share one transaction: a commit is then a small part of the work."""
LONGEST_ENVELOPE = 100_000
MOST_PHOTO_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # a sealed photo is no larger in pieces than in one
MACHINE_FAULTS = (OperationalError, InterfaceError, OSError, MemoryError)
"""Not the item's fault: nothing can be stored now, and the phone sends again."""
NOT_FOR_JSONB = re.compile(r"\\u0000|\\ud[89ab]")
"""What is JSON to Python and not to PostgreSQL: NUL and halves of characters."""


@dataclass
class Parcel:
    """One item on its way in, sent at `sent_at` by the phone's clock (None: it does not say). `said` None: not opened,
    `refused` says why; `kept`: what it is here, once it is."""

    item: Any
    device: Device
    community: Organisation
    op_id: uuid.UUID
    refused: str = ""
    said: rules.Said | None = None
    kept: Submission | None = None
    sent_at: datetime | None = None


def receive(
    *, device: Device, community: Organisation, in_service: bool, items: list[Any], sent_at: datetime | None = None
) -> list[Submission]:
    """Take items in, or put them into quarantine with their reasons; returns when it is committed, in the same order.

    An item known as stored answers as stored. All of a request stand in one transaction, with those of other requests
    that wait at the same moment; when one of them is refused half-way, each is taken in alone.
    """
    parcels = [_parcel(item, device, community) for item in items]
    for one in parcels:
        one.sent_at = sent_at
        _open_parcel(one, in_service)
    if any(one.refused for one in parcels):
        submissions.check_room(device)
    if parcels:
        _turns.serve(parcels)
    return [one.kept for one in parcels if one.kept is not None]


def _parcel(item: Any, device: Device, community: Organisation) -> Parcel:
    """Garbage gets an id of its own content, so that sending it twice keeps one."""
    try:
        if len(json.dumps(item)) <= LONGEST_ENVELOPE:
            return Parcel(item, device, community, uuid.UUID(str(item["op_id"])))
    except (KeyError, TypeError, ValueError):
        pass
    digest = hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()
    return Parcel(item, device, community, uuid.uuid5(device.pk, digest), refused=problems.Unreadable.code)


def _find_known(parcels: list[Parcel]) -> None:
    """Answer what is settled here; it only spares the work, the unique constraints decide."""
    known = Submission.objects.in_bulk([one.op_id for one in parcels])
    for one in parcels:
        kept = known.get(one.op_id)
        if kept is not None and (
            kept.visit_id or kept.finding_id or kept.community_id != one.community.pk or kept.state == "set_aside"
        ):
            one.kept = kept


def _open_parcel(one: Parcel, in_service: bool) -> None:
    if one.refused:
        return
    if not in_service:
        one.refused = problems.RevokedDevice.code
        return
    try:
        one.said = open_item(one.op_id, one.item)
    except Problem as problem:
        one.refused = problem.code
    except MACHINE_FAULTS:
        raise
    except Exception:
        log.exception("cannot open an item")
        one.refused = problems.NotUnderstood.code


def _serve(parcels: list[Parcel]) -> None:
    """Store parcels of any phones. A key that comes twice is looked for again when its first copy is stored."""
    while parcels:
        wave: dict[uuid.UUID, Parcel] = {}
        again = [one for one in parcels if wave.setdefault(one.op_id, one) is not one]
        _find_known(list(wave.values()))
        if new := [one for one in wave.values() if one.kept is None]:
            _store_wave(new)
            take_in_what_waited({one.device.pk for one in new if one.kept is not None and one.kept.visit_id})
        parcels = again


def _store_wave(parcels: list[Parcel]) -> None:
    try:
        _store(parcels)
    except MACHINE_FAULTS:
        raise
    except Exception as error:
        if len(parcels) > 1:
            for one in parcels:
                _store_wave([one])
        elif isinstance(error, IntegrityError) or parcels[0].said is None:
            raise
        else:
            if not isinstance(error, Problem):
                log.exception("cannot take an item in")
            code = error.code if isinstance(error, Problem) else problems.NotUnderstood.code
            parcels[0].said, parcels[0].refused = None, code
            _store(parcels)


@transaction.atomic(durable=True)
def _store(parcels: list[Parcel]) -> None:
    """Make of each what it says or put it into quarantine, all or none. Raises a Problem that comes when half
    is written.
    """
    kept: dict[uuid.UUID, Submission] = {}
    with ledger.together():
        for _key, some in groupby(sorted(parcels, key=lambda one: one.community.pk), key=lambda one: one.community.pk):
            kept |= _store_in_community(list(some))
    for one in parcels:
        one.kept = kept[one.op_id]


def _store_in_community(parcels: list[Parcel]) -> dict[uuid.UUID, Submission]:
    now, community = clock.now(), parcels[0].community
    refused = {one.op_id: one.refused for one in parcels if one.said is None}
    told = [OpenedItem(one.op_id, one.device.staff, one.said, _moment(one, now)) for one in parcels if one.said]
    late = {one.op_id: code for one in told if (code := to_check.why(one.said, one.happened_at, now))}
    good = [one for one in told if one.op_id not in late]
    became = {one.op_id: what for one, what in zip(good, apply_submissions(community, good), strict=True)}
    refused |= late | {key: what.code for key, what in became.items() if isinstance(what, Problem)}
    taken = {key: what for key, what in became.items() if isinstance(what, Stored)}
    kept = _keep(
        {one.op_id: (one.device, one.device.staff, taken[one.op_id]) for one in parcels if one.op_id in taken},
        community,
    )
    for one in parcels:
        if one.op_id in refused:
            kept[one.op_id] = _quarantine(one.op_id, community, one.device, one.item, refused[one.op_id])
    return kept


def _moment(one: Parcel, now: datetime) -> datetime:
    """Return when it happened as far as the clocks tell, else what the phone claims."""
    assert one.said is not None
    return moment_of(one.said.happened_at, one.said.stamp, one.sent_at, now, visits.CLOCK_SLACK) or one.said.happened_at


def _keep(taken: dict[uuid.UUID, tuple[Device, Staff, Stored]], community: Organisation) -> dict[uuid.UUID, Submission]:
    """Write under each key what it became; what a copy of the same moment stored stays as it is."""
    now = clock.now()
    rows = {
        key: Submission(
            op_id=key,
            community=community,
            device=device,
            staff=staff,
            received_at=now,
            visit=what.visit,
            finding=what.finding,
            state="waiting_photos" if what.photos else "stored",
        )
        for key, (device, staff, what) in taken.items()
    }
    new = insert_new(list(rows.values()))
    if len(new) < len(rows):
        for there in Submission.objects.select_for_update().filter(pk__in=rows.keys() - new).order_by("pk"):
            if there.state in {"waiting_photos", "stored"}:  # its photos may be here already
                rows[there.pk] = there
            else:
                rows[there.pk].save(force_update=True)
                new.add(there.pk)
    insert_new(
        [
            ExpectedPhoto(submission=rows[key], **asdict(one))
            for key, (_device, _staff, what) in taken.items()
            if key in new
            for one in {one.id: one for one in what.photos}.values()
        ]
    )
    to_check.hold({rows[key]: what.held for key, (_device, _staff, what) in taken.items() if key in new})
    return rows


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
    values = {
        "community": community,
        "device": device,
        "staff": device.staff,
        "state": "quarantined",
        "code": code,
        "received_at": clock.now(),
        "envelope": {"item": item},
    }
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


@lru_cache(maxsize=64)
def _private_key(key_id: str) -> str:
    """Return a private key, read once: a key never changes. Raises UnknownKey, and asks again next time."""
    key = ServerKey.objects.filter(pk=key_id).first()
    if key is None:
        raise problems.UnknownKey()
    return str(key.private)


def open_item(op_id: uuid.UUID, item: Any) -> rules.Said:
    private = _private_key(str(item.get("key_id"))[:12])
    if (item.get("alg") or SUITE) != suite_of(private):
        raise problems.UnknownKey()
    try:
        sealed = Envelope(decode(item.get("epk")), decode(item.get("iv")), decode(item.get("ct")))
        return rules.read(open_envelope(private, sealed, str(item["op_id"])), op_id)
    except CannotOpen as error:
        raise problems.Unreadable() from error
    except rules.Malformed as error:
        raise problems.NotUnderstood() from error


@transaction.atomic
def take_in_item(
    op_id: uuid.UUID, community: Organisation, device: Device, staff: Staff, item: Any, *, clip_time: bool = False
) -> Submission:
    """Make of one item what it says, all or none. Raises the Problems of quarantine."""
    said, now = open_item(op_id, item), clock.now()
    moment = moment_of(said.happened_at, None, None, now, visits.CLOCK_SLACK)
    if moment is None and not clip_time:
        raise problems.FutureDated()
    happened_at = min(moment, now) if moment else now
    with ledger.together():
        what = apply_submissions(community, [OpenedItem(op_id, staff, said, happened_at, looked_at=clip_time)])[0]
        if isinstance(what, Problem):
            raise what
        return _keep({op_id: (device, staff, what)}, community)[op_id]


def take_in_what_waited(phones: Collection[uuid.UUID]) -> None:
    """A correction or a taking back that came before its visit: try those again of the phones of which one is here."""
    held = Submission.objects.filter(device__in=phones, code=problems.VisitToCome.code, state="quarantined")
    for kept in held.select_related("staff", "device", "community") if phones and held.exists() else ():
        with contextlib.suppress(Problem, ValueError, TypeError, ArithmeticError, LookupError):
            take_in_item(kept.pk, kept.community, kept.device, kept.staff, kept.envelope.get("item"))


_turns: Turns[Parcel] = Turns(_serve, MOST_AT_ONCE, lambda one: one.community.pk)


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
    return photo_uploads.offset_of(photo_id), False


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
    here = photo_uploads.append(photo_id, offset, piece)
    if not complete and here != expected.size:
        return expected, here
    content = photo_uploads.whole(photo_id)
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
        picture = _open_photo(content, photo_id)
    except (CannotOpen, problems.PhotoDiffers) as error:
        photo_uploads.drop(photo_id)
        raise problems.PhotoUnreadable() if isinstance(error, CannotOpen) else error from error
    with transaction.atomic():
        try:
            kept: dict[str, Any] = {"visit": visit, "content": picture, "actor": device.staff}
            if expected.seconds is not None and expected.consented_at is not None:
                spoken: dict[str, Any] = {"seconds": expected.seconds, "consented_at": expected.consented_at}
                visits.add_voice(voice_id=photo_id, **kept, **spoken)
            else:
                visits.add_photo(photo_id=photo_id, sha256=hashlib.sha256(picture).hexdigest(), **kept)
        except (NotAPhoto, NotAVoice, VisitTakenBack) as error:
            expected.code = error.code  # it arrived whole and is no picture: the visit need not wait for it
        _settle_photo(expected)
    photo_uploads.drop(photo_id)
    return expected


def _open_photo(content: bytes, photo_id: uuid.UUID) -> bytes:
    for key in ServerKey.objects.order_by("-made_at"):
        try:
            return open_envelope(key.private, split(key.private, content), str(photo_id))
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
