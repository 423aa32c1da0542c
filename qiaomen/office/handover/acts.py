"""Handing over: every line somebody holds goes to a named colleague, all in one transaction or none.

What somebody holds is asked of the houses (`kernel.lines.lines_held`), so that no list of kinds stands here.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.lines import Line, Ref, act_by_code, lines_held, reassign
from qiaomen.office import ledger
from qiaomen.office.access import staff_in
from qiaomen.office.models import Handover, Organisation, Staff
from qiaomen.office.problems import AlreadyAway, GoneAway, NobodyToTake, StillHolding, WrongDays

Key = tuple[str, str, UUID]
"""A thing that is held: the code of its act, and the record."""
Away = Callable[[Handover, Staff | None], None]
log = logging.getLogger(__name__)
_away: list[Away] = []
_back: list[Away] = []


class NotAllKept(Exception):
    """Some absences did not begin or end this night; the others did."""


@dataclass(frozen=True)
class Kind:
    """Things of one kind that somebody holds: the code of their act, its name, the lines."""

    act: str
    title: Any
    lines: list[Line]


def when_away(begin: Away, end: Away) -> None:
    """Declare what a house does when somebody is away for days, and when they are back: `(handover, actor)`, actor None
    by night.
    """
    _away.append(begin)
    _back.append(end)


def key_of(line: Line) -> Key:
    """Return by what a held thing is known, whatever its line says today."""
    return (line.act, *line.subject)


def plain_text(line: Line) -> str:
    """Return what may stand beside a name without a look: of a line whose words are sealed no more than that it is
    there.
    """
    return _("一件要保密的事，打开再看") if line.sealed else str(line.text)


def takers(community: Organisation, leaver: Staff) -> list[Staff]:
    """Return who may take something over: the head and the grid workers who are here and not the leaver."""
    return list(staff_in(community, "head", "worker").exclude(pk=leaver.pk).order_by("role", "name"))


def reader_of(community: Organisation) -> Staff:
    """Return a reader from whom no work of a community is hidden, and who is nobody: it is never saved.

    What is held does not depend on who happens to ask, nor on what became of them.
    """
    return Staff(role="head", organisation=community)


def held_by(staff: Staff, viewer: Staff | None = None, community: Organisation | None = None) -> list[Line]:
    """Return all one member of staff holds by name in a community, by default their own; without a viewer all of it.

    Every such line can go to somebody else: a test sees to it.
    """
    home = community or _home(staff)
    reader = viewer or reader_of(home)
    return [line for line in lines_held(home, reader, clock.today(), owner=staff.pk) if line.act]


def works_in(staff: Staff, community: Organisation) -> bool:
    """Say whether somebody works in a community now."""
    return staff_in(community).filter(pk=staff.pk).exists()


def belongs_to(staff: Staff, community: Organisation) -> bool:
    """Say whether it is a community's to hand over somebody's work: who works or worked there, or left things there."""
    if staff.community == community or Handover.objects.filter(community=community, staff=staff).exists():
        return True
    return bool(held_by(staff, community=community))


def left_behind(community: Organisation) -> list[Staff]:
    """Return who works in a community no more and still has work of it by name: a fixed number of queries."""
    lines = lines_held(community, reader_of(community), clock.today())
    owners = {line.owner[1] for line in lines if line.act and line.owner and line.owner[0] == Staff.record_type}
    here = staff_in(community).values("pk")
    return list(
        Staff.objects.filter(pk__in=owners).exclude(pk__in=here).select_related("organisation").order_by("name")
    )


def kinds_of(lines: list[Line]) -> list[Kind]:
    """Return held lines by kind, the kinds in the order their first line came."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.act, []).append(line)
    return [Kind(act, act_by_code(act).title or _("其他"), of_kind) for act, of_kind in found.items()]


def _home(staff: Staff) -> Organisation:
    assert staff.community is not None, "county staff hold nothing of a community"
    return staff.community


@transaction.atomic
def hand_over(
    *,
    staff: Staff,
    to: Mapping[str, Staff],
    single: Mapping[Key, Staff],
    actor: Staff,
    community: Organisation | None = None,
) -> Handover:
    """Give everything somebody holds to colleagues: `to` by the code of an act, `single` for one thing before that.

    `community`: where it is held, by default where they work. Raises NobodyToTake when a thing has nobody, StillHolding
    when something is left; then nothing went.
    """
    community = community or _home(staff)
    lines = held_by(staff, community=community)
    able, given = {taker.pk for taker in takers(community, staff)}, []
    for line in lines:
        taker = single.get(key_of(line)) or to.get(line.act)
        if taker is None or taker.pk not in able:
            raise NobodyToTake(thing=plain_text(line))
        given.append((line, taker))
    made = Handover.objects.create(
        community=community,
        staff=staff,
        from_date=clock.today(),
        made_at=clock.now(),
        made_by=actor,
        begun_at=clock.now(),
        given=_packed(_give(given, actor, community)),
    )
    if left := held_by(staff, community=community):
        raise StillHolding(name=staff.name, n=len(left))
    ledger.record(
        community=community, actor=actor, code="office.handed-over", subject=staff, detail={"things": len(given)}
    )
    return made


def _give(given: list[tuple[Line, Staff]], actor: Staff, community: Organisation) -> list[list[str]]:
    """Give each line; return what is to come back: not what its taker held already."""
    able = {taker.pk: taker for _line, taker in given}
    had = {key: {key_of(line) for line in held_by(taker, community=community)} for key, taker in able.items()}
    for line, taker in given:
        reassign(line, to=taker, actor=actor)
    return [
        [line.act, line.subject[0], str(line.subject[1]), str(taker.pk)]
        for line, taker in given
        if key_of(line) not in had[taker.pk]
    ]


def _packed(entries: list[list[str]]) -> str:
    return json.dumps(entries) if entries else ""


@transaction.atomic
def take_back(*, handover: Handover, actor: Staff | None) -> int:
    """Return what was handed over, as far as its takers hold it still; return how many things came back. Twice is once.

    What they have finished or given on in the meantime stays where it is. Raises GoneAway when there is nobody any more
    to return it to; `actor` None, the night: then it stays with the stand-in, and 今天 tells the head.
    """
    found = Handover.objects.select_for_update(of=("self",)).select_related("staff", "community", "made_by")
    locked = found.get(pk=handover.pk)
    if locked.ended_at is not None:
        return 0
    entries = json.loads(locked.given) if locked.given else []
    came = 0
    if works_in(locked.staff, locked.community):
        came = _return(locked, entries, actor or locked.made_by)
    elif entries and actor is not None:
        raise GoneAway(name=locked.staff.name)
    locked.ended_at = clock.now()
    locked.save(update_fields=["ended_at"])
    for back in _back if locked.to_date is not None and locked.begun_at is not None else ():
        back(locked, actor)
    ledger.record(
        community=locked.community,
        actor=actor,
        code="office.handed-back",
        subject=locked.staff,
        detail={"things": came, "of": len(entries)},
    )
    return came


def _return(handover: Handover, entries: list[list[str]], actor: Staff) -> int:
    """Give back what the takers hold still; return how many things."""
    came = 0
    for taker in Staff.objects.filter(pk__in={entry[3] for entry in entries}):
        mine = {(entry[0], entry[1], UUID(entry[2])) for entry in entries if entry[3] == str(taker.pk)}
        for line in held_by(taker, community=handover.community):
            if key_of(line) in mine:
                reassign(line, to=handover.staff, actor=actor)
                came += 1
    return came


@transaction.atomic
def note_away(*, staff: Staff, stand_in: Staff, from_date: date, to_date: date, actor: Staff) -> Handover:
    """Note that a colleague does somebody's work from a day to a day, both included; today's begins at once.

    Raises WrongDays, AlreadyAway, NobodyToTake.
    """
    community = _home(staff)
    if to_date < from_date or to_date < clock.today():
        raise WrongDays()
    if stand_in.pk not in {taker.pk for taker in takers(community, staff)}:
        raise NobodyToTake(thing=staff.name)
    if Handover.objects.filter(staff=staff, ended_at=None, to_date__isnull=False).exists():
        raise AlreadyAway(name=staff.name)
    made = Handover.objects.create(
        community=community,
        staff=staff,
        stand_in=stand_in,
        from_date=from_date,
        to_date=to_date,
        made_at=clock.now(),
        made_by=actor,
    )
    ledger.record(community=community, actor=actor, code="office.away-noted", subject=staff)
    if from_date <= clock.today():
        lend(made, actor)
    return made


@transaction.atomic
def lend(handover: Handover, actor: Staff | None) -> int:
    """Give what somebody who is away holds to the stand-in, also what came since yesterday; return how many things.

    A phone or a place in a team stays: the houses know who walks instead (`when_away`). `actor` None: the night; a step
    in a matter then names who ordered it. Nothing goes to a stand-in who works there no more: 今天 tells the head.
    """
    found = Handover.objects.select_for_update(of=("self",))
    found = found.select_related("staff", "stand_in", "community", "made_by")
    locked = found.get(pk=handover.pk)
    stand_in, home = locked.stand_in, locked.community
    if locked.ended_at is not None or stand_in is None or not works_in(stand_in, home):
        return 0
    had = {key_of(line) for line in held_by(stand_in, community=home)}
    mine = [(line, stand_in) for line in held_by(locked.staff, community=home) if act_by_code(line.act).lent]
    mine = [(line, to) for line, to in mine if key_of(line) not in had]
    before = json.loads(locked.given) if locked.given else []
    locked.given, first = _packed([*before, *_give(mine, actor or locked.made_by, home)]), locked.begun_at is None
    locked.begun_at = locked.begun_at or clock.now()
    locked.save(update_fields=["given", "begun_at"])
    if first:
        for begin in _away:
            begin(locked, actor)
    if mine or first:
        ledger.record(
            community=locked.community,
            actor=actor,
            code="office.handover-begun",
            subject=locked.staff,
            detail={"things": len(mine)},
        )
    return len(mine)


def keep_current() -> tuple[int, int]:
    """Begin the absences whose day has come and end those whose last day is over; return how many of each.

    One that cannot be kept holds up no other. Raises NotAllKept after the last, so that it is told and tried again.
    """
    today, begun, ended, failed = clock.today(), 0, 0, 0
    for handover in absences().filter(from_date__lte=today).order_by("from_date", "pk"):
        over = handover.to_date is not None and handover.to_date < today
        try:
            if over:
                take_back(handover=handover, actor=None)
            else:
                lend(handover, None)
        except Exception:
            log.exception("absence %s was not kept", handover.pk)
            failed += 1
        else:
            begun, ended = begun + (not over), ended + over
    if failed:
        raise NotAllKept(f"{failed} of {begun + ended + failed}")
    return begun, ended


def absences() -> QuerySet[Handover]:
    """Return the absences that are not over."""
    return Handover.objects.filter(ended_at=None, to_date__isnull=False)


def without_stand_in(community: Organisation, today: date) -> list[Handover]:
    """Return the absences under way whose stand-in works in the community no more: one query."""
    found = absences().filter(community=community, from_date__lte=today)
    found = found.exclude(stand_in__in=staff_in(community).values("pk"))
    return list(found.select_related("staff", "stand_in").order_by("from_date", "pk"))


def kept_by_stand_ins(community: Organisation, since: datetime) -> list[Handover]:
    """Return the absences that ended since a moment without their person, the newest first: one query."""
    found = Handover.objects.filter(community=community, ended_at__gte=since, to_date__isnull=False)
    found = found.exclude(staff__in=staff_in(community).values("pk"))
    return list(found.select_related("staff", "stand_in").order_by("-ended_at"))


def standing_of(staff: Staff, community: Organisation) -> list[Handover]:
    """Return what can be taken back of somebody's handovers in a community, the newest first."""
    found = Handover.objects.filter(staff=staff, community=community, ended_at=None).select_related(
        "stand_in", "made_by"
    )
    return list(found.order_by("-made_at")[:20])


def ref_of(staff: Staff) -> Ref:
    """Return how lines name a member of staff."""
    return (Staff.record_type, staff.pk)
