"""What of one phone waits in quarantine has an end: a phone out of service could fill the disk with junk."""

import json
import re
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Sum, TextField
from django.db.models.functions import Cast, Length

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Device, Organisation
from qiaomen.phone import problems
from qiaomen.phone.models import Submission

NOT_FOR_JSONB = re.compile(r"\\u0000|\\ud[89ab]")
"""What is JSON to Python and not to PostgreSQL: NUL and halves of characters."""
MOST_ASIDE, MOST_ASIDE_CHARACTERS = 1_000, 10_000_000
"""Items and characters of one phone: more than a month of its visits, sealed to a key that is lost."""


def check_room(device: Device) -> None:
    """Let a phone put more aside. Raises QuarantineFull when nobody has looked at so much of it."""
    aside = Submission.objects.filter(device=device, state__in=("quarantined", "set_aside"), visit=None)
    size = aside.aggregate(size=Sum(Length(Cast("envelope", TextField()))))["size"] or 0
    if aside.count() >= MOST_ASIDE or size >= MOST_ASIDE_CHARACTERS:
        raise problems.QuarantineFull()


def _storable(item: Any) -> Any:
    """The item itself, or its text where no database would keep it as JSON."""
    try:
        storable = not NOT_FOR_JSONB.search(json.dumps(item, allow_nan=False))
    except ValueError:
        storable = False
    return item if storable else {"text": json.dumps(item)}


@transaction.atomic
def put_aside(op_id: uuid.UUID, community: Organisation, device: Device, item: Any, code: str) -> Submission:
    """Keep an item that waits for a person; another version of it is kept beside the first."""
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
