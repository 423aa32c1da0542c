"""Takes in the file of a phone that has no signal: the sealed items, carried to the office by hand.

The file proves whose phone wrote it without holding anything that could be used again: each part is signed with
HMAC-SHA256 under the hash of the phone's hand-in token, which both sides know and the file does not. A server restored
to before the sign-in knows no such hash: the part brings its right sealed to the server's own key, and waits as 待核.
Source: screens.md §10.1 (导出到文件交给组长).
"""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office import ledger
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.phone import problems
from qiaomen.phone.actions import grants, inbox
from qiaomen.phone.models import ServerKey
from qiaomen.phone.rules.envelope import CannotOpen, Envelope, decode, open_envelope
from qiaomen.phone.rules.tokens import hash_token
from qiaomen.phone.selectors import submissions

MOST_BYTES = 64_000_000
MOST_IN_FILE = 1_000
PHOTO_FAILED = (KeyError, TypeError, ValueError, CannotOpen, Problem)


@dataclass
class Carried:
    """What a file brought: items new here, here before, waiting for the head; photos new here, and not readable."""

    new: int = 0
    known: int = 0
    waiting: int = 0
    photos: int = 0
    bad_photos: int = 0


def sign(hand_in_token_hash: str, body: str) -> str:
    """Return the signature of a part as hex; the phone computes the same (web/phone/src/carry.ts)."""
    return hmac.new(hand_in_token_hash.encode(), body.encode(), hashlib.sha256).hexdigest()


def take_file(*, community: Organisation, content: bytes, actor: Staff) -> Carried:
    """Take in what a phone of this community wrote into a file; the same file twice adds nothing. Raises NotAPhoneFile."""
    with transaction.atomic():  # a phone the restored database did not know is entered with a good file only
        carried, parts = Carried(), _parts(community, content)
    for device, body in parts:
        _take_items(device, community, body["items"], carried)
        for photo in body["photos"]:
            _take_photo(device, community, photo, carried)
        with transaction.atomic():
            detail = {"items": len(body["items"]), "photos": len(body["photos"])}
            ledger.record(community=community, actor=actor, code="phone.file-taken", subject=device, detail=detail)
    return carried


def _parts(community: Organisation, content: bytes) -> list[tuple[Device, dict[str, Any]]]:
    """Return each part with its phone; all are known to be whole before one is taken in."""
    phones = submissions.devices_in(community)
    try:
        told = json.loads(content) if len(content) <= MOST_BYTES else {}
        found = [(_writer(community, phones, one), json.loads(one["body"])) for one in told["parts"]]
        sizes = [_size(body) for _device, body in found]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise problems.NotAPhoneFile() from error
    if not found or max(sizes) > MOST_IN_FILE:
        raise problems.NotAPhoneFile()
    return found


def _size(body: dict[str, Any]) -> int:
    """Return how many things a part holds. Raises TypeError where they are no lists."""
    items, photos = body["items"], body["photos"]
    if not isinstance(items, list) or not isinstance(photos, list):
        raise TypeError("no list")
    return len(items) + len(photos)


def _writer(community: Organisation, phones: list[Device], part: dict[str, Any]) -> Device:
    body, mac = part["body"], str(part["mac"])
    for device in phones:
        held = filter(None, (device.grant_hash, device.hand_in_token_hash))  # with neither anybody could sign for it
        if any(_signed(by, body, mac) for by in held):
            return device
    right = _right_in(part)
    if right and _signed(hash_token(right), body, mac):
        found = grants.device_of_grant(right)
        if found is not None and found.staff.community == community:
            return found
    raise ValueError("no phone of this community signed it")


def _signed(by: str, body: str, mac: str) -> bool:
    return hmac.compare_digest(sign(by, body).encode(), mac.encode())


def _right_in(part: dict[str, Any]) -> str:
    """Return the right a part was signed by, which only this server can open; empty where it brings none."""
    sealed = part.get("right")
    if not isinstance(sealed, dict):
        return ""
    key = ServerKey.objects.filter(pk=str(sealed.get("key_id"))[:12]).first()
    if key is None:
        return ""
    try:
        envelope = Envelope(decode(sealed.get("epk")), decode(sealed.get("iv")), decode(sealed.get("ct")))
        return open_envelope(key.private, envelope, f"right:{part['mac']}").decode()
    except CannotOpen:
        return ""


def _take_items(device: Device, community: Organisation, items: list[Any], carried: Carried) -> None:
    began, in_service = clock.now(), device.revoked_at is None and device.staff.is_active
    for start in range(0, len(items), inbox.MOST_ITEMS):
        some = items[start : start + inbox.MOST_ITEMS]
        for kept in inbox.receive(device=device, community=community, in_service=in_service, items=some):
            if kept.state in {"quarantined", "set_aside"}:
                carried.waiting += kept.state == "quarantined"
            elif kept.received_at < began:
                carried.known += 1
            else:
                carried.new += 1


def _take_photo(device: Device, community: Organisation, photo: Any, carried: Carried) -> None:
    try:
        key, content = uuid.UUID(str(photo["id"])), decode(photo["body"])
        if not inbox.photo_offset(community=community, photo_id=key)[1]:
            inbox.receive_photo(device=device, community=community, photo_id=key, content=content)
            carried.photos += 1
    except PHOTO_FAILED:
        carried.bad_photos += 1  # it stays on the phone, which sends it when it has a signal
