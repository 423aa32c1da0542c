"""A need is heard once, however often it is sent."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office import ledger
from qiaomen.office.bulk_insert import keep_first
from qiaomen.office.models import Staff
from qiaomen.register.models import Household, Person
from qiaomen.visits.models import Visit


@transaction.atomic
def hear_need(
    *,
    need_id: uuid.UUID,
    household: Household,
    kind: str,
    words: str,
    handling: str,
    origin: str,
    heard_at: datetime,
    heard_by: Staff,
    visit: Visit | None = None,
    person: Person | None = None,
    mandated: bool | None = None,
) -> tuple[Need, bool]:
    """Keep a need under the key its maker gave it; the second sending returns the stored one and False.

    Raises Need.DoesNotExist when the key is taken in another community.
    """
    need = Need(
        id=need_id,
        community=household.community,
        household=household,
        visit=visit,
        kind=kind,
        words=words,
        handling=handling,
        origin=origin,
        heard_at=heard_at,
        heard_by=heard_by,
        person=person,
        mandated=mandated,
    )
    kept, new = hear_needs([need])
    if need_id not in kept:
        raise Need.DoesNotExist
    return kept[need_id], need_id in new


@transaction.atomic
def hear_needs(needs: Sequence[Need]) -> tuple[dict[uuid.UUID, Need], set[uuid.UUID]]:
    """Keep needs (unsaved rows, each with the key its maker gave it, none twice), all received now.

    Returns what is stored under each key, and the keys that are new; a key that is taken in another community is
    missing.
    """
    now = clock.now()
    for need in needs:
        need.received_at = now
    kept, new = keep_first(needs)
    with ledger.together():
        for need in needs:
            if need.pk in new:
                detail = {"kind": need.kind, "handling": need.handling, "origin": need.origin}
                ledger.record(
                    community=need.community, actor=need.heard_by, code="needs.heard", subject=need, detail=detail
                )
    return kept, new
