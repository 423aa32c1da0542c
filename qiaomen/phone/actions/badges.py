"""The public side of the 敲门证: a number and the code of this minute say who stands at the door, and nothing else."""

import contextlib
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.office.models import Badge
from qiaomen.phone.rules import badge as rules
from qiaomen.visits.selectors.round_pages import todays_round

WRONG_TRIES, FOR_SECONDS = 20, 600
"""Six digits that hold five minutes are guessed by a machine in minutes, not by a person at a door."""


def is_braked(address: str) -> bool:
    """Say whether too many wrong codes came from a network address in the last ten minutes."""
    return int(cache.get(f"badge/{address}", 0)) >= WRONG_TRIES


def note_wrong(address: str) -> None:
    """Count a wrong code; the ten minutes run from the first."""
    cache.add(f"badge/{address}", 0, FOR_SECONDS)
    with contextlib.suppress(ValueError):  # the ten minutes ended just now
        cache.incr(f"badge/{address}")


def verify(number: str, code: str) -> dict[str, Any] | None:
    """Return who shows this badge now; None for a wrong code, a phone out of service, somebody who left."""
    badge = Badge.objects.select_related("device__staff__organisation__parent").filter(number=number).first()
    now = clock.now()
    if badge is None or not rules.is_good(badge.secret, code, now.timestamp()):
        return None
    device, staff = badge.device, badge.device.staff
    community = staff.community
    if device.revoked_at is not None or not staff.is_active or community is None:
        return None
    walks = todays_round(staff, community)
    purpose = _("今天：敲门小组入户走访") if walks else _("今天没有安排入户走访")
    return {"name": staff.name, "role": staff.role_title, "community": community, "purpose": purpose,
            "time": now.astimezone(clock.SHANGHAI)}  # fmt: skip
