"""Which moment holds for what a phone says happened, when its clock cannot be trusted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_ON_A_PHONE = timedelta(days=60)
"""Older than this nothing honest is: a list is gone after 72 hours, and an outbox says so in red after two days."""


@dataclass(frozen=True)
class Stamp:
    """What a phone noted beside a time: `device` by its own clock, `counter` only rises. All are aware."""

    device: datetime
    counter: int


def read_moment(text: object) -> datetime | None:
    """Read an aware moment; None for what is none."""
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def moment_of(
    claimed: datetime, stamp: Stamp | None, sent_at: datetime | None, now: datetime, slack: timedelta
) -> datetime | None:
    """Return when it happened, or None when nobody can know and a person has to look.

    What the phone claims holds while it can be true. Else its own clock is asked how long before the sending it was:
    a clock that is decades off still runs; only one that was set in between cannot be read.
    """
    if now - LONGEST_ON_A_PHONE <= claimed <= now + slack:
        return claimed
    if stamp is None or sent_at is None:
        return None
    ago = sent_at - stamp.device
    return now - ago if timedelta(0) <= ago <= LONGEST_ON_A_PHONE else None
