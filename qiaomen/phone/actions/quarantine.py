"""What the head reads of an item in quarantine, and decides: it is taken in, or set aside."""

import logging

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.phone import problems
from qiaomen.phone.actions import inbox
from qiaomen.phone.models import Submission
from qiaomen.phone.rules import submission as rules

log = logging.getLogger(__name__)
NOT_READABLE = (ValueError, TypeError, LookupError, AttributeError)
"""What one item may raise for what is in it."""
SHOWN_WAITING = (problems.OutsidePack.code, problems.FutureDated.code)


@transaction.atomic
def take_in(*, kept: Submission, actor: Staff) -> None:
    """The head takes a quarantined item in, and with a visit what waited for it; a time in the future becomes the time
    it arrived. Raises CannotTakeIn.
    """
    locked = Submission.objects.select_for_update().select_related("device", "staff", "community").get(pk=kept.pk)
    if locked.state != "quarantined":
        return
    item = locked.envelope.get("item")
    try:
        if not isinstance(item, dict):
            raise problems.CannotTakeIn()
        taken = inbox.take_in_item(locked.pk, locked.community, locked.device, locked.staff, item, clip_time=True)
    except inbox.MACHINE_FAULTS:
        raise
    except Exception as error:
        if not isinstance(error, Problem):
            log.exception("cannot take an item in")
        raise problems.CannotTakeIn() from error
    taken.settled_by, taken.settled_at = actor, clock.now()
    taken.save(update_fields=["settled_by", "settled_at"])
    ledger.record(community=locked.community, actor=actor, code="phone.taken-in", subject=taken.visit)
    if taken.visit_id:
        inbox.take_in_what_waited([locked.device_id])


@transaction.atomic
def set_aside(*, kept: Submission, actor: Staff) -> None:
    """The head sets a quarantined item aside; the envelope stays."""
    locked = Submission.objects.select_for_update().get(pk=kept.pk)
    if locked.state == "quarantined":
        locked.state, locked.settled_by, locked.settled_at = "set_aside", actor, clock.now()
        locked.save(update_fields=["state", "settled_by", "settled_at"])
        detail = {"op_id": str(locked.pk)}
        ledger.record(community=locked.community, actor=actor, code="phone.set-aside", detail=detail)


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


@transaction.atomic
def note_look(*, community: Organisation, actor: Staff) -> None:
    """Write that somebody read what phones brought back."""
    ledger.record(community=community, actor=actor, code="phone.looked", fields=["note", "words"])
