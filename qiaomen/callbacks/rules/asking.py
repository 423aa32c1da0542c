"""When somebody who does not answer is tried again, and what an answer means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from qiaomen.kernel.clock import SHANGHAI

SOLVED, HALF, NOT_SOLVED, NOT_MINE = "solved", "half", "not", "not_mine"
OUTCOMES = (SOLVED, HALF, NOT_SOLVED, NOT_MINE)
REOPENS = (HALF, NOT_SOLVED)
"""FixMyStreet #588: what is half mended is not mended."""
DIED, MOVED, REFUSED, NO_ANSWER = "died", "moved", "refused", "no_answer"
AT_ONCE = (DIED, MOVED, REFUSED)
"""What a caller hears that ends a call without another try. Who does not want to is asked no more, and is a silent
one: neither dead nor moved."""
BANDS = ((time(6), "morning"), (time(12), "afternoon"), (time(18), "evening"))
TRIES = 3
"""Tries by telephone, in at least two parts of the day, before somebody goes to the door or leaves a slip."""
FOUR_WEEKS = timedelta(days=28)
CHECK_MONTHS = (1, 3, 6)


@dataclass(frozen=True)
class Level:
    """A level of satisfaction as the place words it; `counts`: yes, no, or None for 不了解, which is in no share."""

    code: str
    title: str
    counts: bool | None


def band_of(moment: datetime) -> str:
    """Return the part of the day, Asia/Shanghai; before six it is still the evening."""
    here = moment.astimezone(SHANGHAI).time()
    return next((name for start, name in reversed(BANDS) if here >= start), "evening")


def is_tried_out(tries: Sequence[datetime]) -> bool:
    """Say whether the telephone was tried often enough, and not at one hour only."""
    return len(tries) >= TRIES and len({band_of(moment) for moment in tries}) >= 2


def months_before(moment: datetime, months: int) -> datetime:
    """Return the moment so many months of thirty days earlier: before it somebody may be asked again."""
    return moment - timedelta(days=30 * months)
