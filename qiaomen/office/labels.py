"""A name that an office gives to a list of people, a kind of need or a class of order: asked by one, approved by
another.

What is made is made by the house that knows how (`makes`), at the approval and in its transaction; until then there is
nothing but the proposal. Approved labels stand on the public page. Source: promises.md 2.1.
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.kernel.forbidden import forbidden_in
from qiaomen.office import ledger
from qiaomen.office.access import check_second
from qiaomen.office.models import Label, Organisation, Staff
from qiaomen.office.problems import ForbiddenLabel, OwnLabel, UnknownPurpose

Maker = Callable[[Label, dict[str, Any]], UUID]
_makers: dict[str, Maker] = {}


def makes(kind: str) -> Callable[[Maker], Maker]:
    """Register what the approval of a kind of label makes; it returns the key of the new row."""

    def keep(make: Maker) -> Maker:
        _makers[kind] = make
        return make

    return keep


@transaction.atomic
def ask(
    *,
    community: Organisation,
    kind: str,
    title: str,
    purpose: str,
    purposes: dict[str, str],
    plan: dict[str, Any],
    actor: Staff,
) -> Label:
    """Ask for a label; `plan`: what is to be made with it. Raises ForbiddenLabel, UnknownPurpose."""
    title = " ".join(title.split())
    if word := forbidden_in(title):
        raise ForbiddenLabel(word=word)
    if purpose not in purposes:
        raise UnknownPurpose()
    if kind not in _makers:
        raise ValueError(f"no house makes {kind}")
    label = Label.objects.create(
        community=community,
        kind=kind,
        title=title,
        purpose=purpose,
        purpose_title=purposes[purpose],
        plan=json.dumps(plan, ensure_ascii=False),
        asked_by=actor,
        asked_at=clock.now(),
    )
    ledger.record(community=community, actor=actor, code="office.label-asked", subject=label, detail={"kind": kind})
    return label


@transaction.atomic
def decide(*, label: Label, approve: bool, actor: Staff) -> Label:
    """Approve or refuse a label that somebody else asked for; a second time changes nothing.

    Raises OwnLabel, NotASecondPerson, and what the house refuses; then it still waits.
    """
    locked = Label.objects.select_for_update(of=("self",)).select_related("community", "asked_by").get(pk=label.pk)
    if locked.state != "asked":
        return locked
    if approve and locked.asked_by_id == actor.pk:
        raise OwnLabel()
    if approve:
        check_second(actor, locked.asked_by)
    locked.decided_by, locked.decided_at = actor, clock.now()
    if approve:
        locked.subject = _makers[locked.kind](locked, json.loads(locked.plan))
    locked.state = "approved" if approve else "withdrawn" if locked.asked_by_id == actor.pk else "refused"
    locked.save(update_fields=["state", "decided_by", "decided_at", "subject"])
    code = "office.label-approved" if approve else "office.label-refused"
    ledger.record(community=locked.community, actor=actor, code=code, subject=locked, detail={"kind": locked.kind})
    return locked


def waiting(community: Organisation, kind: str) -> list[Label]:
    """Return what waits for a second person, oldest first."""
    found = Label.objects.filter(community=community, kind=kind, state="asked").select_related("asked_by")
    return list(found.order_by("asked_at"))


def published() -> list[Label]:
    """Return every label that an office made, newest first, for the public page."""
    found = Label.objects.filter(state="approved").select_related("community", "asked_by", "decided_by")
    return list(found.order_by("-decided_at")[:500])
