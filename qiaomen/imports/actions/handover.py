"""A list somebody brought in and did not finish goes to a colleague."""

from django.db import transaction

from qiaomen.imports.models import ImportBatch
from qiaomen.office import ledger
from qiaomen.office.models import Staff


@transaction.atomic
def give(*, batch: ImportBatch, to: Staff, actor: Staff) -> None:
    """Have a colleague finish a list; what was read and answered of it stays."""
    batch.made_by = to
    batch.save(update_fields=["made_by"])
    ledger.record(community=batch.community, actor=actor, code="imports.roster-given", subject=batch)
