"""The public side of the 敲门证: a number and the code of this minute say who stands at the door, and nothing else."""

from typing import Any

from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.phone.models import Badge
from qiaomen.phone.rules import badge as rules
from qiaomen.visits.selectors import todays_round


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
