"""The count of the gate: every look is a ledger line, and an account that sees too many people is stopped for a
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
from qiaomen.office.access import below, check_second, staff_in
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
    fields: frozenset[str]


def look(
    *,
    community: Organisation,
    actor: Staff,
    code: str,
    people: Iterable[UUID | str],
    subject: models.Model | None = None,
    fields: Iterable[str] = (),
    reason: str = "",
    once: bool = False,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write that somebody was shown people, or refuse it. Call it before showing, in no transaction of its own.

    `people`: keys of people (in a list also of households), or the marks of numbers somebody typed (gate.py). A kind
    that `is_look` shows details: each person counts once an hour, and `once` writes no second line for the same people
    and fields of the same subject within the hour. A kind that `is_list` shows names: nobody is counted, and the same
    page again within the hour is no line.
    Raises TooManyLooks, ValueError for a kind that is declared as neither: its lines would be found by nobody.
    """
    kind, keys = ledger_kinds.get(code), frozenset(people)
    line = {"actor": actor, "code": code, "subject": subject, "fields": sorted(set(fields)), "reason": reason}
    if kind.is_list:
        _list(community, line, {**(detail or {}), "shown": sorted(short_key(UUID(str(key))) for key in keys)})
    elif kind.is_look:
        _count(community, line, frozenset(map(str, keys)), detail or {}, once=once)
    else:
        raise ValueError(code)


@transaction.atomic
def _list(community: Organisation, line: dict[str, Any], told: dict[str, Any]) -> None:
    subject = line["subject"]
    recent = LedgerEntry.objects.filter(actor=line["actor"], code=line["code"], at__gt=clock.now() - WINDOW)
    recent = recent.filter(community=community, subject_id=str(subject.pk) if subject is not None else "")
    same = [one for one in recent.values_list("detail", flat=True) if {**one, "shown": told["shown"]} == told]
    known = {key for one in same for key in one["shown"]}
    if set(told["shown"]) - known or (subject is not None and not same):
        ledger.record(community=community, detail=told, **line)


def _count(
    community: Organisation, line: dict[str, Any], shown: frozenset[str], detail: dict[str, Any], *, once: bool
) -> None:
    actor = line["actor"]
    if once and _stands(_lines(actor), line["code"], line["subject"] or community, shown, line["fields"]):
        return
    with transaction.atomic():
        ledger.lock(community)  # so that many connections at once count one after the other
        lines = _lines(actor)
        over = _over(actor, lines, shown)
        if over is None:
            ledger.record(
                community=community,
                detail={**detail, "people": sorted(shown)},
                **{**line, "subject": line["subject"] or community},
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
        _Line(code, subject, at, frozenset(detail.get("people", ())), frozenset(fields))
        for code, subject, at, detail, fields in rows.values_list("code", "subject_id", "at", "detail", "fields")
    ]


def _stands(lines: list[_Line], code: str, subject: models.Model, shown: frozenset[str], fields: Iterable[str]) -> bool:
    key, asked = str(subject.pk), set(fields)
    mine = [one for one in lines if one.code == code and one.subject == key and asked <= one.fields]
    return any(shown <= one.people for one in mine)


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
    return _brakes_of(list(staff_in(community)))


def all_brakes(viewer: Staff) -> list[Brake]:
    """Return the same of every community below somebody, for who runs the system: which account, never whom it saw."""
    people = Staff.objects.filter(below(viewer.organisation, "organisation__"), is_active=True)
    return _brakes_of(list(people.select_related("organisation")))


def _brakes_of(people: list[Staff]) -> list[Brake]:
    since = clock.now() - NOTICE
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
    OwnBrake, NotASecondPerson.
    """
    community = actor.community
    if community is None or staff.community != community:
        raise ValueError("a brake is lifted within one community")
    if staff.pk == actor.pk:
        raise OwnBrake()
    check_second(actor, staff)
    if any(one.standing and one.staff.pk == staff.pk for one in brakes_in(community)):
        ledger.record(community=community, actor=actor, code=LIFTED, subject=staff)
