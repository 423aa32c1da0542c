"""Phones, their keys and badges, and the epoch of this database."""

import base64
import hashlib
import secrets

from qiaomen.kernel import clock
from qiaomen.office.models import Badge, Device
from qiaomen.phone.models import Epoch, ServerKey
from qiaomen.phone.rules import envelope


def hash_token(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def current_key() -> ServerKey:
    """Return the newest key phones seal to; the first call makes it. Reading takes no lock: every phone asks."""
    key = ServerKey.objects.order_by("-made_at").first()
    if key is None:
        private, public = envelope.make_key()
        key_id = hashlib.sha256(public.encode()).hexdigest()[:8]
        key = ServerKey.objects.create(id=key_id, public=public, private=private, made_at=clock.now())
    return key


def current_epoch() -> Epoch:
    """Return the newest epoch; the first call makes it."""
    return Epoch.objects.order_by("-made_at").first() or Epoch.objects.create(made_at=clock.now())


def hand_in_token(token: str) -> str:
    """Return the lesser token of a token: it hands in and gets nothing. The phone computes it too and keeps it unlocked."""
    return hash_token("hand-in:" + token)


def badge_of(device: Device, token: str = "") -> Badge:
    """Return the badge of a phone; the first call makes it."""
    badge = Badge.objects.filter(pk=device.pk).first()
    if badge is None:
        secret = base64.urlsafe_b64encode(secrets.token_bytes(20)).rstrip(b"=").decode()
        lesser = hash_token(hand_in_token(token)) if token else ""
        number = f"{secrets.randbelow(10**8):08d}"
        badge = Badge.objects.create(device=device, number=number, secret=secret, hand_in_sha256=lesser)
    return badge
