"""What waits for a person: its words for whoever decides, and a part of a visit that was dealt with."""

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.phone import problems
from qiaomen.phone.actions import inbox
from qiaomen.phone.models import HeldPart, Submission
from qiaomen.phone.rules import submission as rules

SHOWN_WAITING = (problems.OutsidePack.code, problems.FutureDated.code)


def words_of_waiting(kept: Submission) -> str:
    """Return what a visit that waits for its date says, for whoever decides on it; "" for what cannot be read."""
    item = kept.envelope.get("item")
    if kept.code not in SHOWN_WAITING or not isinstance(item, dict):
        return ""
    try:
        said = inbox.open_item(kept.pk, item)
    except (Problem, *inbox.NOT_READABLE):
        return ""
    if not isinstance(said, rules.VisitSaid):
        return ""
    day = said.happened_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
    answers = [f"{answer.code}={answer.value}" for answer in said.answers]
    return "；".join(part for part in (day, said.note, *(need.words for need in said.needs), *answers) if part)


@transaction.atomic
def settle_part(*, part: HeldPart, actor: Staff) -> None:
    """Somebody of the office read a held part and did what was to be done; a second time changes nothing."""
    locked = HeldPart.objects.select_for_update().select_related("submission__community").get(pk=part.pk)
    if locked.settled_at is None:
        locked.settled_by, locked.settled_at = actor, clock.now()
        locked.save(update_fields=["settled_by", "settled_at"])
        ledger.record(community=locked.submission.community, actor=actor, code="phone.part-settled", subject=locked)
