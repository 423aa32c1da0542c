"""What of one phone waits in quarantine has an end: a phone out of service could fill the disk with junk."""

from django.db.models import Sum, TextField
from django.db.models.functions import Cast, Length

from qiaomen.office.models import Device
from qiaomen.phone import problems
from qiaomen.phone.models import Submission

MOST_ASIDE, MOST_ASIDE_CHARACTERS = 1_000, 10_000_000
"""Items and characters of one phone: more than a month of its visits, sealed to a key that is lost."""


def check_room(device: Device) -> None:
    """Let a phone put more aside. Raises QuarantineFull when nobody has looked at so much of it."""
    aside = Submission.objects.filter(device=device, state__in=("quarantined", "set_aside"), visit=None)
    size = aside.aggregate(size=Sum(Length(Cast("envelope", TextField()))))["size"] or 0
    if aside.count() >= MOST_ASIDE or size >= MOST_ASIDE_CHARACTERS:
        raise problems.QuarantineFull()
