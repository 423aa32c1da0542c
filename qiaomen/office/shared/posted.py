"""What law or service wants posted: grid workers with their duty telephones, offices, officials, hotlines.

The gate before publication lets it stand. An identity or bank number is never on this list.
Source: docs/decisions/0051-publications.md.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Posted, Staff
from qiaomen.office.problems import NeverPosted, SuchPosted
from qiaomen.redaction.findings import KINDS as PRIVATE_KINDS
from qiaomen.redaction.numbers import numbers_in

KINDS: dict[str, Any] = {"name": _("姓名"), "number": _("电话"), "address": _("办公地址")}


def posted_of(community: Organisation) -> QuerySet[Posted]:
    """Return what stands on the list, by kind and in the order it was added."""
    found = Posted.objects.filter(community=community, ended_at=None).select_related("added_by")
    return found.order_by("-kind", "added_at")


@transaction.atomic
def post(*, community: Organisation, actor: Staff, kind: str, text: str, capacity: str) -> Posted:
    """Add what may stand in everything published. Raises NeverPosted, SuchPosted."""
    text = " ".join(text.split())
    never = next((hit for hit in numbers_in(text) if PRIVATE_KINDS[hit.kind].never_kept), None)
    if never:
        raise NeverPosted(kind=str(PRIVATE_KINDS[never.kind].title))
    try:
        with transaction.atomic():
            made = Posted.objects.create(
                community=community, kind=kind, text=text, capacity=capacity, added_at=clock.now(), added_by=actor
            )
    except IntegrityError as error:
        raise SuchPosted(text=text) from error
    ledger.record(community=community, actor=actor, code="office.posted-added", subject=made, detail={"kind": kind})
    return made


@transaction.atomic
def end_posted(*, posted: Posted, actor: Staff) -> None:
    """Take something off the list: from now on the gate finds it. Twice is once."""
    if Posted.objects.filter(pk=posted.pk, ended_at=None).update(ended_at=clock.now()):
        ledger.record(community=posted.community, actor=actor, code="office.posted-ended", subject=posted)
