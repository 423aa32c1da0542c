"""The right to hand in that a row on a phone carries: it outlives the sign-in, and a restored database knows it too.

A grant is sealed by the server's own master key and names the phone, the person and the community. It opens nothing and
gets nothing: with it a row reaches the inbox. What comes under a phone that this database does not know, because it was
enrolled after the backup, waits as 待核.
"""

import json
import secrets
import uuid
from typing import Any

from django.db import transaction

from qiaomen.kernel import clock, sealing
from qiaomen.office import ledger
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.phone.rules.tokens import hash_token

AAD = "phone.grant"
PREFIX = "v1."
LONGEST = 1000


def issue_grant(device: Device) -> str:
    """Give a phone its right to hand in what is made on it: at its sign-in, once."""
    staff = device.staff
    said = {
        "device": str(device.pk), "staff": str(staff.pk), "name": staff.name, "role": staff.role,
        "community": str(staff.community.pk if staff.community else ""), "label": device.label,
    }  # fmt: skip
    grant = sealing.seal(json.dumps(said, ensure_ascii=False), AAD)
    device.grant_hash = hash_token(grant)  # what signs the file of a phone without signal
    device.save(update_fields=["grant_hash"])
    return grant


def device_of_grant(token: str) -> Device | None:
    """Return the phone a grant was given to; None for what is no grant of this server.

    A phone this database does not know is entered as out of service, under the same keys: nothing that comes from it is
    taken in before somebody of the office looked.
    """
    said = _read(token)
    if said is None:
        return None
    found = Device.objects.select_related("staff__organisation__parent").filter(pk=said["device"]).first()
    return found or _enter_again(said)


def _read(token: str) -> dict[str, Any] | None:
    if not token.startswith(PREFIX) or len(token) > LONGEST:
        return None
    try:
        said = json.loads(sealing.unseal(token, AAD))
        return {**said, **{name: uuid.UUID(said[name]) for name in ("device", "staff", "community")}}
    except (sealing.CannotUnseal, KeyError, TypeError, ValueError):
        return None


@transaction.atomic
def _enter_again(said: dict[str, Any]) -> Device | None:
    """Enter a phone, and its person if need be, that were here before the backup was restored: out of service both."""
    community = Organisation.objects.filter(pk=said["community"], kind="community").first()
    if community is None:
        return None
    staff = Staff.objects.filter(pk=said["staff"]).first() or Staff.objects.create(
        pk=said["staff"], login_name=f"restored-{str(said['staff'])[:8]}", name=said["name"], role=said["role"],
        organisation=community, is_active=False, password="!" + secrets.token_urlsafe(20),
    )  # fmt: skip
    now = clock.now()
    device, new = Device.objects.get_or_create(
        pk=said["device"],
        defaults={
            "staff": staff, "label": said["label"], "token_sha256": hash_token(secrets.token_urlsafe(32)),
            "created_at": now, "revoked_at": now,
        },
    )  # fmt: skip
    if new:
        ledger.record(community=community, actor=None, code="phone.entered-again", subject=device)
    return device
