"""Whom to ring for what: bodies outside, and what the office itself posts.

A telephone nobody has tried for half a year says so. What law or service wants posted (grid workers with their duty
telephones, offices, officials, hotlines) the gate before publication lets stand; an identity or bank number is never
on that list. Source: docs/decisions/0051-publications.md.
"""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Body, Organisation, Posted, Staff
from qiaomen.office.problems import NeverPosted, SuchBody, SuchPosted
from qiaomen.redaction.findings import KINDS as PRIVATE_KINDS
from qiaomen.redaction.numbers import numbers_in

KINDS: dict[str, Any] = {"authority": _("上级和部门"), "partner": _("合作单位"), "company": _("企业和物业")}
POSTED_KINDS: dict[str, Any] = {"name": _("姓名"), "number": _("电话"), "address": _("办公地址")}
GOOD_FOR_DAYS = 180
"""A body nobody has confirmed for so long is to be rung before anybody is sent there; the office's own habit."""
COLUMNS = ("kind", "name", "telephone", "does")


def bodies_of(community: Organisation) -> QuerySet[Body]:
    """Return the bodies a community works with, by kind and name."""
    found = Body.objects.filter(community=community, ended_at=None).select_related("confirmed_by")
    return found.order_by("kind", "name")


def is_stale(body: Body, today: date) -> bool:
    """Say whether nobody has found it to be true for half a year."""
    return body.confirmed_on < today - timedelta(days=GOOD_FOR_DAYS)


@transaction.atomic
def keep_body(*, community: Organisation, actor: Staff, body: Body | None = None, **told: str) -> Body:
    """Add a body, or change what is known of one; either confirms it. Raises SuchBody."""
    if set(told) - set(COLUMNS):
        raise ValueError(sorted(told))
    kept, before = body or Body(community=community), {name: getattr(body, name) for name in COLUMNS} if body else {}
    for name, value in told.items():
        setattr(kept, name, value)
    kept.confirmed_on, kept.confirmed_by = clock.today(), actor
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        raise SuchBody(name=kept.name) from error
    changed = [name for name in COLUMNS if before.get(name) != getattr(kept, name)]
    code = "office.body-changed" if body else "office.body-added"
    ledger.record(community=community, actor=actor, code=code, subject=kept, fields=changed)
    return kept


@transaction.atomic
def confirm_body(*, body: Body, actor: Staff) -> None:
    """Note that somebody rang today and all of it is true."""
    body.confirmed_on, body.confirmed_by = clock.today(), actor
    body.save(update_fields=["confirmed_on", "confirmed_by"])
    ledger.record(community=body.community, actor=actor, code="office.body-confirmed", subject=body)


@transaction.atomic
def end_body(*, body: Body, actor: Staff, ended: bool = True) -> None:
    """Take a body off the list, or put it back; what was sent to it keeps its name. Raises SuchBody."""
    body.ended_at = clock.now() if ended else None
    try:
        with transaction.atomic():
            body.save(update_fields=["ended_at"])
    except IntegrityError as error:
        raise SuchBody(name=body.name) from error
    ledger.record(
        community=body.community,
        actor=actor,
        code="office.body-ended" if ended else "office.body-restored",
        subject=body,
    )


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
