"""The public side of the 敲门证: a number and the code of this minute say who stands at the door, and nothing else."""

import contextlib
import hashlib
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.office.models import Badge
from qiaomen.office.shared import badge_photos
from qiaomen.phone.rules import badge as rules
from qiaomen.visits.selectors.round_pages import todays_round

WRONG_TRIES, WRONG_IN_ALL, FOR_SECONDS = 20, 400, 600
"""Six digits that hold five minutes are guessed by a machine in minutes, not by a person at a door. Of one badge 20
wrong
codes from one address, and 400 from anywhere (a chance of 1 in 500), are looked at in ten minutes. An address alone is
never
stopped: a whole county may stand behind one."""


def _counters(address: str, number: str) -> dict[str, int]:
    """Return the counters of a try and what each allows; junk in a number does not make a key of any length."""
    badge = hashlib.sha256(number.encode(errors="replace")).hexdigest()[:16]
    return {f"badge/{badge}/{address}": WRONG_TRIES, f"badge/{badge}": WRONG_IN_ALL}


def is_braked(address: str, number: str) -> bool:
    """Say whether too many wrong codes of a badge came in the last ten minutes, from an address or from all."""
    return any(int(cache.get(key, 0)) >= most for key, most in _counters(address, number).items())


def note_wrong(address: str, number: str) -> None:
    """Count a wrong code; the ten minutes run from the first."""
    for key in _counters(address, number):
        cache.add(key, 0, FOR_SECONDS)
        with contextlib.suppress(ValueError):  # the ten minutes ended just now
            cache.incr(key)


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
    return {
        "name": staff.name,
        "photo": badge_photos.address_of(staff),
        "role": staff.role_title,
        "community": community,
        "purpose": purpose,
        "time": now.astimezone(clock.SHANGHAI),
    }
