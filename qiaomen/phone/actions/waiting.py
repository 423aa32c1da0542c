"""The words of what waits for a person, for whoever decides on it."""

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.phone import problems
from qiaomen.phone.actions import inbox
from qiaomen.phone.models import Submission
from qiaomen.phone.rules import submission as rules

NOT_READABLE = (ValueError, TypeError, LookupError, AttributeError)
"""What one item may raise for what is in it."""
SHOWN_WAITING = (problems.OutsidePack.code, problems.FutureDated.code)


def words_of_waiting(kept: Submission) -> str:
    """Return what a visit that waits for its date says, for whoever decides on it; "" for what cannot be read."""
    item = kept.envelope.get("item")
    if kept.code not in SHOWN_WAITING or not isinstance(item, dict):
        return ""
    try:
        said = inbox.open_item(kept.pk, item)
    except (Problem, *NOT_READABLE):
        return ""
    if not isinstance(said, rules.VisitSaid):
        return ""
    day = said.happened_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
    answers = [f"{answer.code}={answer.value}" for answer in said.answers]
    return "；".join(part for part in (day, said.note, *(need.words for need in said.needs), *answers) if part)
