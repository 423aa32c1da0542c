"""A phone is enrolled, takes a pack, and leaves; keys and epochs are made."""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from qiaomen.kernel import clock, sealing
from qiaomen.office import ledger
from qiaomen.office.models import Badge, Device, Organisation, Staff
from qiaomen.office.problems import FirstPassword
from qiaomen.phone import problems
from qiaomen.phone.models import Epoch, Pack, ServerKey
from qiaomen.phone.rules import envelope
from qiaomen.phone.rules.allowed import contents_of
from qiaomen.phone.rules.tokens import hand_in_token, hash_token

IDLE = timedelta(hours=8)
"""A phone with a PIN; the desk, which has none, is half an hour (office/idle.py). Source: promises.md C7."""
SEEN_EVERY = timedelta(minutes=5)


@transaction.atomic
def make_epoch() -> Epoch:
    """Begin a new epoch after a restore; every community's ledger says so."""
    epoch = Epoch.objects.create(made_at=_after_the_newest(Epoch))
    for community in Organisation.objects.filter(kind="community"):
        ledger.record(community=community, actor=None, code="phone.epoch-made", detail={"epoch": str(epoch.pk)})
    return epoch


@transaction.atomic
def enrol_device(*, staff: Staff, label: str) -> tuple[Device, str]:
    """Enrol a phone and return it with its token, which is shown this once.

    Raises WrongLogin for county staff, FirstPassword for who still has the one-time code somebody printed.
    """
    community = staff.community
    if community is None or staff.role not in {"head", "worker", "volunteer"}:
        raise problems.WrongLogin()
    if staff.code_until is not None:
        raise FirstPassword()
    token, now = secrets.token_urlsafe(32), clock.now()
    device = Device.objects.create(
        staff=staff,
        label=label[:60],
        token_sha256=hash_token(token),
        hand_in_token_hash=hash_token(hand_in_token(token)),
        created_at=now,
        last_seen_at=now,
        in_use_at=now,
    )
    badge_of(device)
    ledger.record(community=community, actor=staff, code="phone.enrolled", subject=device)
    return device, token


def is_idle(device: Device) -> bool:
    """Say whether a phone was silent for so long that its token takes nothing until it signs in anew."""
    return device.in_use_at is None or clock.now() - device.in_use_at > IDLE


def note_seen(device: Device) -> None:
    """Write, every few minutes, that a phone was here; one that is idle stays idle."""
    if device.last_seen_at is None or clock.now() - device.last_seen_at > SEEN_EVERY:
        seen = {"last_seen_at": clock.now(), **({} if is_idle(device) else {"in_use_at": clock.now()})}
        Device.objects.filter(pk=device.pk).update(**seen)


@transaction.atomic
def leave(*, device: Device) -> None:
    """Hand a phone over: it takes no list any more; what was made on it is still taken in."""
    locked = Device.objects.select_for_update().select_related("staff").get(pk=device.pk)
    community = locked.staff.community
    if locked.left_at is None and community is not None:
        locked.left_at = clock.now()
        locked.save(update_fields=["left_at"])
        ledger.record(community=community, actor=locked.staff, code="phone.left", subject=locked)


@transaction.atomic
def give(*, device: Device, to: Staff, actor: Staff) -> None:
    """Have a colleague fetch what is still on the phone of somebody who goes; given back to its user it goes on.

    It takes no list any more; what was made on it is still taken in.
    """
    locked = Device.objects.select_for_update().select_related("staff").get(pk=device.pk)
    community = locked.staff.community
    if community is None:
        return
    own = locked.staff_id == to.pk
    locked.kept_by, locked.left_at = (None, None) if own else (to, locked.left_at or clock.now())
    locked.save(update_fields=["kept_by", "left_at"])
    ledger.record(community=community, actor=actor, code="phone.given", subject=locked, detail={"to": str(to.pk)})


@transaction.atomic
def revoke_device(*, device: Device, actor: Staff) -> None:
    """Take a phone out of service now; its sealed visits still arrive, into quarantine."""
    locked = Device.objects.select_for_update().select_related("staff").get(pk=device.pk)
    community = locked.staff.community
    if locked.revoked_at is None and community is not None:
        locked.revoked_at = clock.now()
        locked.save(update_fields=["revoked_at"])
        ledger.record(community=community, actor=actor, code="phone.revoked", subject=locked)


@transaction.atomic
def note_pack(*, device: Device, community: Organisation, pack: dict[str, Any]) -> None:
    """Write that a pack was taken, and remember what it contained; the same list taken again is good for longer."""
    Device.objects.filter(pk=device.pk).update(list_taken_at=clock.now())
    contents, expires = contents_of(pack["doors"]), datetime.fromisoformat(pack["expires_at"])
    last = Pack.objects.filter(device=device).order_by("-made_at").first()
    if last is not None and last.contents == contents and last.expires_at > clock.now():
        last.expires_at = expires
        last.save(update_fields=["expires_at"])
    else:
        Pack.objects.create(
            id=pack["pack_id"],
            community=community,
            device=device,
            staff=device.staff,
            made_at=clock.now(),
            expires_at=expires,
            contents=contents,
        )
    detail = {"pack": pack["pack_id"], "doors": len(pack["doors"])}
    ledger.record(
        community=community,
        actor=device.staff,
        code="phone.pack-taken",
        subject=device,
        fields=["head_name", "phone"],
        detail=detail,
    )


def current_key() -> ServerKey:
    """Return the newest key phones seal to; it is there since migrate. Reading takes no lock: every phone asks."""
    return ServerKey.objects.order_by("-made_at").first() or make_key()


def make_key() -> ServerKey:
    """Make the key phones seal to from now on; the older ones stay, for what is still to come and what was carried."""
    private, public = envelope.make_key(envelope.SM_SUITE if sealing.suite() == "sm4" else envelope.SUITE)
    key_id = hashlib.sha256(public.encode()).hexdigest()[:8]
    made_at = _after_the_newest(ServerKey)
    return ServerKey.objects.create(id=key_id, public=public, private=private, made_at=made_at)


def _after_the_newest(model: type[ServerKey] | type[Epoch]) -> datetime:
    """Return now, or a moment after the newest there is: where the clock was set back, what is made is still the
    newest.

    A restored site on a machine whose clock is behind would else go on with its old key and epoch, and never say so.
    """
    newest = model.objects.aggregate(newest=Max("made_at"))["newest"]
    return max(clock.now(), newest + timedelta(microseconds=1)) if newest else clock.now()


def current_epoch() -> Epoch:
    """Return the newest epoch; the first call makes it."""
    return Epoch.objects.order_by("-made_at").first() or Epoch.objects.create(made_at=clock.now())


def badge_of(device: Device) -> Badge:
    """Return the badge of a phone; the first call makes it."""
    badge = Badge.objects.filter(pk=device.pk).first()
    if badge is None:
        secret = base64.urlsafe_b64encode(secrets.token_bytes(20)).rstrip(b"=").decode()
        number = f"{secrets.randbelow(10**8):08d}"
        badge = Badge.objects.create(device=device, number=number, secret=secret)
    return badge
