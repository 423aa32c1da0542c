"""A need is heard once, however often it is sent."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office import ledger
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
        id=need_id, community=household.community, household=household, visit=visit, kind=kind, words=words,
        handling=handling, origin=origin, heard_at=heard_at, heard_by=heard_by, received_at=clock.now(),
        person=person, mandated=mandated,
    )  # fmt: skip
    try:
        with transaction.atomic():
            need.save(force_insert=True)
    except IntegrityError:
        return Need.objects.get(pk=need_id, community=household.community), False
    detail = {"kind": kind, "handling": handling, "origin": origin}
    ledger.record(community=household.community, actor=heard_by, code="needs.heard", subject=need, detail=detail)
    return need, True
