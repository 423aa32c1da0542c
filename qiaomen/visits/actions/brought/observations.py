"""What was seen on the stairs is settled, or goes to a colleague."""

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Staff
from qiaomen.visits.models import Observation


@transaction.atomic
def settle_finding(*, finding: Observation, actor: Staff) -> None:
    """Close a finding; a second time changes nothing."""
    locked = Observation.objects.select_for_update().get(pk=finding.pk)
    if locked.settled_at is None:
        locked.settled_at, locked.settled_by = clock.now(), actor
        locked.save(update_fields=["settled_at", "settled_by"])
        ledger.record(community=locked.community, actor=actor, code="visits.observation-settled", subject=locked)


@transaction.atomic
def give(*, finding: Observation, to: Staff, actor: Staff) -> None:
    """Give what a leaver took on to a colleague; who saw it stays in the ledger."""
    locked = Observation.objects.select_for_update().get(pk=finding.pk)
    locked.staff = to
    locked.save(update_fields=["staff"])
    ledger.record(community=locked.community, actor=actor, code="visits.observation-given", subject=locked)
