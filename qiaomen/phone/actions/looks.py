"""Reading what phones brought back is in the ledger."""

from django.db import transaction

from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff


@transaction.atomic
def note_look(*, community: Organisation, actor: Staff) -> None:
    """Write that somebody read what phones brought back."""
    ledger.record(community=community, actor=actor, code="phone.looked", fields=["note", "words"])
