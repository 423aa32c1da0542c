"""When somebody may be rung up, and what a call asks for next. Facts in, findings out.

A household's quiet hours and how often it wants to hear from us hold for calls as for knocks. Only where a machine that
keeps somebody alive may have no power is a number rung at any hour.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

OUTCOMES = ("well", "worry", "later", "no_answer", "wrong_number", "declined")
SPOKE = ("well", "worry", "later", "declined")
"""Outcomes in which somebody picked up."""
SEEN = ("well", "worry")
"""Outcomes after which somebody counts as seen in that way."""
WAYS = ("phone", "video", "other")
EARLIEST, LATEST = time(8, 30), time(20, 0)
NOON_REST = (time(12, 0), time(14, 0))
"""Hours at which nobody is rung up who did not ask for it: before, after, and the midday rest. The office's own habit,
no law; a household's words go further."""
MOST_TRIES_A_DAY = 2
BETWEEN_TRIES = timedelta(hours=2)
TRIES_BEFORE_A_KNOCK = 3
"""After so many calls in vain somebody goes there; where an alert is urgent after the first."""
DECLINED_DAYS = 90
"""Whoever wants no calls is not rung up for a quarter, as a refusal at the door holds (visits.rules.due)."""


@dataclass(frozen=True)
class Callee:
    """What is known of a household before it is rung up, on one day.

    `contacts`: how often somebody of it was spoken to within a month; `tries`: when it was rung up in vain since the
    last talk, oldest first.
    """

    quiet_from: time | None = None
    quiet_to: time | None = None
    most_per_month: int | None = None
    contacts: int = 0
    tries: tuple[datetime, ...] = ()
    declined_on: date | None = None
    has_telephone: bool = True


def why_not(callee: Callee, now: datetime, *, urgent: bool = False, promised: bool = False) -> str:
    """Return why a household is not to be rung up now, "" when it may be. `now`: in the office's own time.

    `urgent`: power is gone and a machine in the house needs it; then only a missing number stands in the way.
    `promised`: the call keeps what was promised to them, and is none of those they want no more of.
    """
    if not callee.has_telephone:
        return "no-number"
    if urgent:
        return ""
    if callee.declined_on is not None and (now.date() - callee.declined_on).days < DECLINED_DAYS:
        return "declined"
    if callee.most_per_month is not None and callee.contacts >= callee.most_per_month and not promised:
        return "often-enough"
    if is_quiet(callee, now.time()):
        return "quiet"
    today = [moment for moment in callee.tries if moment.date() == now.date()]
    if len(today) >= MOST_TRIES_A_DAY:
        return "tried-today"
    return "tried-just-now" if today and now - today[-1] < BETWEEN_TRIES else ""


def is_quiet(callee: Callee, moment: time) -> bool:
    """Say whether nobody rings at this time of day."""
    if not EARLIEST <= moment < LATEST or NOON_REST[0] <= moment < NOON_REST[1]:
        return True
    quiet, loud = callee.quiet_from, callee.quiet_to
    if quiet is None or loud is None:
        return False
    return quiet <= moment < loud if quiet <= loud else moment >= quiet or moment < loud


def asks_for_a_knock(outcome: str, tries: int, *, urgent: bool = False) -> str:
    """Return why somebody has to go there after a call, "" when not. `tries`: in vain, this call among them."""
    if outcome == "worry":
        return "worry"
    unanswered = outcome in ("no_answer", "wrong_number")
    enough = urgent or outcome == "wrong_number" or tries >= TRIES_BEFORE_A_KNOCK
    return "unreached" if unanswered and enough else ""


def knock_by(reason: str, today: date, *, urgent: bool = False) -> date:
    """Return by when: a worry and an urgent alert today, who was not reached within three days."""
    return today if reason == "worry" or urgent else today + timedelta(days=3)
