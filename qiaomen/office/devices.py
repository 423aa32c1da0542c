"""Phones that went out with a list and were not heard of again: visits may still be on them."""

from datetime import timedelta

from django.db.models import F

from qiaomen.kernel import clock
from qiaomen.office.access import staff_in
from qiaomen.office.models import Device, Organisation

SILENT_AFTER, TOLD_FOR = timedelta(hours=24), timedelta(days=30)
SAME_CALL = timedelta(minutes=10)
"""Taking a list takes some requests; one that late after it is a new sign of life."""


def silent_since_list(community: Organisation) -> list[Device]:
    """Return the phones in service that took a list over 24 hours ago and gave no sign since, the longest first.

    It tells of visits that nobody has seen yet, not of people: a phone heard of once since is not in it.
    Source: screens.md §10.1 (after 24 hours the head is told).
    """
    now = clock.now()
    return list(
        Device.objects.filter(
            staff__in=staff_in(community),
            revoked_at=None,
            last_seen_at__lte=F("list_taken_at") + SAME_CALL,
            list_taken_at__range=(now - TOLD_FOR, now - SILENT_AFTER),
        )
        .select_related("staff")
        .order_by("list_taken_at", "pk")
    )
