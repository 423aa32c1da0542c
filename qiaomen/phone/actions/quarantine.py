"""What the head decides of an item in quarantine: it is taken in, or set aside."""

import logging

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.phone import problems
from qiaomen.phone.actions import inbox
from qiaomen.phone.models import Submission

log = logging.getLogger(__name__)


@transaction.atomic
def take_in(*, kept: Submission, actor: Staff) -> None:
    """The head takes a quarantined item in; a time in the future becomes the time it arrived. Raises CannotTakeIn."""
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


@transaction.atomic
def set_aside(*, kept: Submission, actor: Staff) -> None:
    """The head sets a quarantined item aside; the envelope stays."""
    locked = Submission.objects.select_for_update().get(pk=kept.pk)
    if locked.state == "quarantined":
        locked.state, locked.settled_by, locked.settled_at = "set_aside", actor, clock.now()
        locked.save(update_fields=["state", "settled_by", "settled_at"])
        detail = {"op_id": str(locked.pk)}
        ledger.record(community=locked.community, actor=actor, code="phone.set-aside", detail=detail)
