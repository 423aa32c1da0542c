"""The ledger written out, for somebody outside who checks it with docs/how-to/verify_ledger.py and printed heads."""

from collections.abc import Iterator

from django.db import transaction

from qiaomen.kernel import chain
from qiaomen.office import ledger
from qiaomen.office.ledger.check import stored_lines
from qiaomen.office.models import Organisation, Staff

FIRST_LINE = "qiaomen-ledger 1"


def lines_of(community: Organisation) -> Iterator[str]:
    """Yield a chain as text: a heading with id, code and name, then `hash key-id mark canonical-JSON` for each line.

    Reasons stay sealed: whoever checks the chain outside needs no words, and learns none.
    """
    yield f"# {community.pk} {community.code} {community.name}"
    for row in stored_lines(community.pk):
        yield f"{row['hash']} {row['key_id'] or '-'} {row['mark'] or '-'} {chain.canonical(row)}"


@transaction.atomic
def note_export(*, community: Organisation, actor: Staff | None, purpose: str) -> None:
    """Write that the ledger was written out, and what for, before it is."""
    ledger.record(community=community, actor=actor, code="office.ledger-exported", reason=purpose.strip()[:200])
