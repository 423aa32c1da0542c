"""Looking at people's details: every look is a ledger line, and an account that opens too many is stopped for a
while.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast

from qiaomen.kernel import clock, ledger_kinds
from qiaomen.office import ledger
from qiaomen.office.access import staff_in
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.problems import OwnBrake, TooManyLooks

WINDOW = timedelta(hours=1)
"""The limit of `settings.LOOKS_PER_HOUR` people holds for any hour that rolls by. Source: promises.md C10."""
NOTICE = timedelta(hours=24)
BRAKED, LIFTED = "office.braked", "office.brake-lifted"


@dataclass(frozen=True)
class Brake:
    """An account that was stopped. `standing`: nobody has lifted it and its hour is not over."""

    staff: Staff
    at: datetime
    seen: int
    standing: bool


@dataclass(frozen=True)
class _Line:
    code: str
    subject: str
    at: datetime
    people: frozenset[str]


def look(
    *,
    community: Organisation,
    actor: Staff,
    code: str,
    people: Iterable[UUID],
    subject: models.Model,
    fields: Iterable[str] = (),
    reason: str = "",
    once: bool = False,
) -> None:
    """Write that somebody looked at people's details, or refuse it. Call it before showing, in no transaction of its
    own.

    `once`: the same people of the same subject again within the hour write no second line.
    Raises TooManyLooks, ValueError for a kind that is not declared as a look: its lines would not be counted.
    """
    if not ledger_kinds.get(code).is_look:
        raise ValueError(code)
    shown = frozenset(map(str, people))
    if once and _stands(_lines(actor), code, subject, shown):
        return
    with transaction.atomic():
        ledger.lock(community)  # so that many connections at once count one after the other
        lines = _lines(actor)
        over = _over(actor, lines, shown)
        if over is None:
            ledger.record(
                community=community,
                actor=actor,
                code=code,
                subject=subject,
                fields=list(fields),
                reason=reason,
                detail={"people": sorted(shown)},
            )
        elif not _braked_since(actor, lines[0].at if lines else clock.now()):
            ledger.record(community=community, actor=actor, code=BRAKED, subject=actor, detail={"seen": over[0]})
    if over is not None:
        seen, until = over
        raise TooManyLooks(
            seen=seen, limit=settings.LOOKS_PER_HOUR, until=until.astimezone(clock.SHANGHAI).strftime("%H:%M")
        )


def short_key(person: UUID) -> str:
    """Return how a line about a list names a person: half the key, one in 18 million million million meets
    another's.
    """
    return person.hex[:16]


@transaction.atomic
def look_at_list(
    *,
    community: Organisation,
    actor: Staff,
    code: str,
    people: Iterable[UUID],
    subject: models.Model | None = None,
    fields: Iterable[str] = (),
    detail: dict[str, Any] | None = None,
) -> None:
    """Write that somebody was shown a page of a list; the same page again within the hour is no line.

    `people`: keys of the people or the households it named.
    It does not count for the brake: a list shows names, not details. Raises ValueError for a kind not declared as a
    list.
    """
    if not ledger_kinds.get(code).is_list:
        raise ValueError(code)
    told = {**(detail or {}), "shown": sorted(map(short_key, people))}
    recent = LedgerEntry.objects.filter(actor=actor, code=code, at__gt=clock.now() - WINDOW, community=community)
    same = recent.filter(subject_id=str(subject.pk) if subject is not None else "").values_list("detail", flat=True)
    if (told["shown"] or subject is not None) and told not in list(same):
        ledger.record(community=community, actor=actor, code=code, subject=subject, fields=list(fields), detail=told)


def lines_about(person: UUID, *subjects: UUID | None) -> models.QuerySet[LedgerEntry]:
    """Return the ledger lines about a person: as their subject or one of `subjects`, or among the people looked
    at or listed.
    """
    direct = models.Q(subject_id__in=[str(key) for key in (person, *subjects) if key is not None])
    kinds = [kind.code for kind in ledger_kinds.all_kinds() if kind.is_look or kind.is_list]
    named = models.Q(told__contains=str(person))
    for key in (person, *(key for key in subjects if key is not None)):
        named |= models.Q(told__contains=f'"{short_key(key)}"')
    found = LedgerEntry.objects.annotate(told=Cast("detail", models.TextField()))
    return found.filter(direct | models.Q(named, code__in=kinds))


def _lines(actor: Staff) -> list[_Line]:
    """Return an account's looks of the last hour, the oldest first: one query over the index (actor, code, at)."""
    kinds = [kind.code for kind in ledger_kinds.all_kinds() if kind.is_look]
    rows = LedgerEntry.objects.filter(actor=actor, code__in=kinds, at__gt=clock.now() - WINDOW).order_by("at")
    return [
        _Line(code, subject, at, frozenset(detail.get("people", ())))
        for code, subject, at, detail in rows.values_list("code", "subject_id", "at", "detail")
    ]


def _stands(lines: list[_Line], code: str, subject: models.Model, shown: frozenset[str]) -> bool:
    key = str(subject.pk)
    return any(one.code == code and one.subject == key and shown <= one.people for one in lines)


def _over(actor: Staff, lines: list[_Line], shown: frozenset[str]) -> tuple[int, datetime] | None:
    """Return how many people were seen and when there is room again, or None when this look may go on."""
    limit = settings.LOOKS_PER_HOUR
    last = _last_seen(lines)
    if shown <= set(last) or len(set(last) | shown) <= limit:
        return None
    if lifted := _last_lift(actor):
        last = _last_seen([one for one in lines if one.at > lifted])
        if shown <= set(last) or len(set(last) | shown) <= limit:
            return None
    room = len(set(last) | shown) - limit
    leave = sorted(last.values())
    return len(last), (leave[min(room, len(leave)) - 1] if leave else clock.now()) + WINDOW


def _last_seen(lines: list[_Line]) -> dict[str, datetime]:
    return {person: one.at for one in lines for person in one.people}


def _braked_since(actor: Staff, since: datetime) -> bool:
    lifted = _last_lift(actor)
    lines = LedgerEntry.objects.filter(actor=actor, at__gte=max(since, lifted) if lifted else since, code=BRAKED)
    return lines.exists()


def _last_lift(staff: Staff) -> datetime | None:
    lines = LedgerEntry.objects.filter(subject_id=str(staff.pk), code=LIFTED, at__gt=clock.now() - WINDOW)
    found: datetime | None = lines.aggregate(last=models.Max("at"))["last"]
    return found


def brakes_in(community: Organisation) -> list[Brake]:
    """Return who was stopped in the last day, the latest first: what the head is told."""
    since, people = clock.now() - NOTICE, list(staff_in(community))
    lines = LedgerEntry.objects.filter(actor__in=people, at__gt=since, code=BRAKED).select_related("actor")
    lifts: dict[str, Any] = dict(
        LedgerEntry.objects.filter(subject_id__in=[str(one.pk) for one in people], code=LIFTED, at__gt=since)
        .order_by("at")
        .values_list("subject_id", "at")
    )
    return [
        Brake(
            staff=line.actor,
            at=line.at,
            seen=int(line.detail.get("seen", 0)),
            standing=line.at > clock.now() - WINDOW and lifts.get(str(line.actor_id), since) < line.at,
        )
        for line in lines.order_by("-at")
        if line.actor is not None
    ]


@transaction.atomic
def lift_brake(*, staff: Staff, actor: Staff) -> None:
    """Let a stopped account go on: the count of its hour begins anew. Nobody does it for themselves. Raises
    OwnBrake.
    """
    community = actor.community
    if community is None or staff.community != community:
        raise ValueError("a brake is lifted within one community")
    if staff.pk == actor.pk:
        raise OwnBrake()
    if any(one.standing and one.staff.pk == staff.pk for one in brakes_in(community)):
        ledger.record(community=community, actor=actor, code=LIFTED, subject=staff)
