"""Rounds: planned from a deal, cancelled with a cause, dealt anew, shared between two."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from qiaomen.kernel import clock
from qiaomen.office import jobs, ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits import problems
from qiaomen.visits.actions.round_plan import (
    ANEW_TRIES,
    BETTER_TRIES,
    COMING_DAYS,
    Dealt,
    deal,
    preview,
)
from qiaomen.visits.models import Round, RoundDoor, Team, Visit
from qiaomen.visits.selectors.teams.leave import leaves_on, replace_absent

BETTER = "visits.better"
"""The job that searches on where a round was dealt in haste."""
MOST_DOORS = 60
"""A phone's pack holds no more (promises E5)."""
LAST = 20_000
"""Where doors stand while a round is written anew: behind all others."""


@transaction.atomic
def plan_day(
    *,
    community: Organisation,
    day: date,
    teams: Sequence[Team],
    actor: Staff | None,
    seconds: float | None = None,
    iterations: int | None = None,
    limit: int = MOST_DOORS,
) -> list[Round]:
    """Deal the doors of a day to teams that have no round yet and write their rounds; rounds that stand are returned
    with them. Raises NobodyThere, NothingDue; NoTimeLeft when doors are due and none fits into what is left of the day.
    """
    standing = Round.objects.filter(community=community, day=day, team__in=teams).exclude(state="cancelled")
    made = list(standing.order_by("team__name"))
    free = [team for team in teams if team.pk not in {walk.team_id for walk in made}]
    if not free:
        return made
    away = leaves_on(community, day)
    there = [team for team in free if replace_absent(team.members.all(), away)]
    if not there:
        raise problems.NobodyThere()
    dealt = deal(community=community, day=day, teams=there, seconds=seconds, iterations=iterations)
    new = [write_round(team, day, dealt, actor, limit) for team in there if dealt.doors[team.pk]]
    if not new and not made:
        raise problems.NoTimeLeft(doors=dealt.waiting) if dealt.waiting else problems.NothingDue()
    return [*made, *new]


def write_round(team: Team, day: date, dealt: Dealt, actor: Staff | None, limit: int) -> Round:
    """Write a team's round of a day as it was dealt."""
    made = Round.objects.create(
        community=team.community,
        team=team,
        day=day,
        starts_at=team.starts_at,
        minutes=team.minutes,
        price=dealt.price,
        hasty=dealt.hasty,
    )
    _write_doors(made, dealt, dealt.doors[team.pk][:limit], first=1)
    _note_planned(made, actor)
    if made.hasty and actor is not None:
        jobs.ask(community=team.community, code=BETTER, subject=made.pk, actor=actor)
    return made


def _write_doors(made: Round, dealt: Dealt, stops: Sequence[tuple[UUID, float | None, bool]], first: int) -> None:
    """Write stops as doors of a round, numbered from `first`."""
    rows = []
    for place, (key, minute, must) in enumerate(stops, first):
        row = dealt.dues[key]
        days = (made.day - row.since).days if row.since else 0
        rows.append(
            RoundDoor(
                round=made,
                dwelling_id=key,
                position=place,
                reason_code=row.reason,
                days=max(0, days),
                due=row,
                arrive_minute=None if minute is None else max(0, round(minute)),
                must=must,
            )
        )
    RoundDoor.objects.bulk_create(rows)
    _take_from_spares(made, [row.dwelling_id for row in rows if not row.is_spare])


def _take_from_spares(made: Round, doors: Sequence[UUID]) -> None:
    """Take doors that a round is to walk out of what others of its day might have time for."""
    others = RoundDoor.objects.spare().filter(round__community=made.community, round__day=made.day, dwelling__in=doors)
    others.exclude(round=made).unwalked().delete()


def leave_what_was_reached(visits: Sequence[Visit]) -> None:
    """Where a round had time for a door that another is to walk within the week, nobody knocks there twice for one
    reason: the door leaves the others, but where something is promised it.
    """
    there = Q()
    for visit in visits:
        if visit.round_id is not None:
            there |= Q(round=visit.round_id, dwelling=visit.dwelling_id)
    if not there:
        return
    for row in RoundDoor.objects.spare().filter(there).select_related("round").defer("reason_code"):
        week = (row.round.day, row.round.day + timedelta(days=COMING_DAYS - 1))
        others = RoundDoor.objects.filter(
            dwelling=row.dwelling_id, round__state="planned", round__day__range=week
        ).exclude(round=row.round)
        others.exclude(due__clock="promise").unwalked().delete()


def _note_planned(made: Round, actor: Staff | None) -> None:
    detail = {"doors": made.doors.count()}
    ledger.record(community=made.community, actor=actor, code="visits.round-planned", subject=made, detail=detail)


@transaction.atomic
def cancel_round(*, round: Round, cause: str, actor: Staff) -> Round | None:
    """Cancel a round with its cause (snow) and deal what is due to the team's next round, which is returned when it
    stands already. Nobody is late by it. Raises CauseNeeded, AlreadyCancelled.
    """
    if not cause.strip():
        raise problems.CauseNeeded()
    found = Round.objects.select_for_update().select_related("team", "community").get(pk=round.pk)
    if found.state == "cancelled":
        raise problems.AlreadyCancelled()
    found.state, found.cause = "cancelled", cause.strip()[:200]
    found.save(update_fields=["state", "cause"])
    ledger.record(
        community=found.community, actor=actor, code="visits.round-cancelled", subject=found, reason=found.cause
    )
    later = Round.objects.filter(team=found.team, state="planned", day__gt=max(found.day, clock.today()))
    following = later.order_by("day").first()
    return deal_anew(round=following, actor=actor) if following else None


@transaction.atomic
def deal_anew(*, round: Round, actor: Staff | None, iterations: int = ANEW_TRIES) -> Round:
    """Deal the doors of a round not walked yet once more, over what is due now; what was visited stays in front."""
    return write_anew(round, preview(round, iterations), actor)


def write_anew(round: Round, dealt: Dealt, actor: Staff | None) -> Round:
    """Write a round as it was dealt anew; what was visited stays in front, and what somebody put there by hand stays,
    behind the plan where the minutes do not hold it, before the doors for time that is left. Two who share it keep
    their stairs.
    """
    shared = _walkers(round)
    by_hand = set(round.doors.filter(by_hand=True).values_list("dwelling", flat=True))
    seen = set(round.visits.values_list("dwelling", flat=True))
    stops = [stop for stop in dealt.doors.get(round.team_id, []) if stop[0] not in seen]
    left = by_hand - seen - {door for door, _minute, _must in stops}
    kept = list(round.doors.filter(dwelling__in=seen).order_by("position"))
    last = list(round.doors.filter(dwelling__in=left).order_by("position"))
    round.doors.exclude(dwelling__in=seen | left).delete()
    _number(last, LAST)
    _number(kept, 1)
    most = max(0, MOST_DOORS - len(kept) - len(last))
    planned = [stop for stop in stops if stop[1] is not None][:most]
    spares = [stop for stop in stops if stop[1] is None][: most - len(planned)]
    _write_doors(round, dealt, planned, first=len(kept) + 1)
    _number(last, len(kept) + len(planned) + 1)
    _write_doors(round, dealt, spares, first=len(kept) + len(planned) + len(last) + 1)
    _share_as_before(round, shared)
    round.doors.filter(dwelling__in=by_hand).update(by_hand=True)
    round.price, round.hasty = dealt.price, dealt.hasty
    round.save(update_fields=["price", "hasty"])
    _note_planned(round, actor)
    return round


def _walkers(round: Round) -> dict[UUID, UUID]:
    """Return who walks which door and which staircase of a shared round; {} where it is not shared."""
    rows = list(round.doors.exclude(walker=None).values_list("dwelling", "dwelling__entrance", "walker"))
    by_stair = {entrance: walker for _door, entrance, walker in rows if walker}
    return by_stair | {door: walker for door, _entrance, walker in rows if walker}


def _share_as_before(round: Round, walkers: Mapping[UUID, UUID]) -> None:
    """Give the doors back to who walked them; a new door to who walks its staircase, else to all."""
    if not walkers:
        return
    doors = list(round.doors.filter(walker=None).select_related("dwelling"))
    for door in doors:
        door.walker_id = walkers.get(door.dwelling_id) or walkers.get(door.dwelling.entrance_id)
    RoundDoor.objects.bulk_update(doors, ["walker"])


def _number(doors: Sequence[RoundDoor], first: int) -> None:
    for place, door in enumerate(doors, first):
        RoundDoor.objects.filter(pk=door.pk).update(position=place)


@transaction.atomic
def better_round(*, round: Round, actor: Staff | None) -> bool:
    """Search on for a round that was dealt in haste; return whether it was dealt anew.

    Left alone: one that is no longer in haste, is cancelled or shared, or on which somebody may be under way.
    """
    found = Round.objects.select_for_update().select_related("team", "community").get(pk=round.pk)
    starts = datetime.combine(found.day, found.starts_at, clock.SHANGHAI)
    is_quiet = clock.now() < starts and not found.visits.exists() and not found.doors.exclude(walker=None).exists()
    if not (found.hasty and found.state == "planned" and is_quiet):
        return False
    deal_anew(round=found, actor=actor, iterations=BETTER_TRIES)
    return True


@transaction.atomic
def share_round(*, round: Round, walkers: Sequence[Staff], actor: Staff) -> None:
    """Give each walker of a round a stretch of it: whole staircases in order, about as many doors each; none: all to
    all. A door for the time that is left goes to who walks its staircase, else to all.
    """
    rows = list(round.doors.select_related("dwelling").order_by("position"))
    doors = [door for door in rows if not door.is_spare]
    stairs: list[list[RoundDoor]] = []
    for door in doors:
        if not stairs or stairs[-1][-1].dwelling.entrance_id != door.dwelling.entrance_id:
            stairs.append([])
        stairs[-1].append(door)
    given = 0
    for stair in stairs:
        middle = 2 * given + len(stair) - 1
        who = walkers[middle * len(walkers) // (2 * len(doors))] if walkers else None
        for door in stair:
            door.walker = who
        given += len(stair)
    by_stair = {door.dwelling.entrance_id: door.walker for door in doors}
    for door in rows:
        if door.is_spare:
            door.walker = by_stair.get(door.dwelling.entrance_id)
    RoundDoor.objects.bulk_update(rows, ["walker"])
    detail = {"walkers": len(walkers)}
    ledger.record(community=round.community, actor=actor, code="visits.round-shared", subject=round, detail=detail)


@transaction.atomic
def replace_member(*, team: Team, leaver: Staff, to: Staff, actor: Staff) -> None:
    """Put somebody in a leaver's place in a team, and on the doors of rounds that were not walked yet."""
    team.members.remove(leaver)
    team.members.add(to)
    doors = RoundDoor.objects.filter(round__team=team, round__day__gte=clock.today(), walker=leaver)
    doors.update(walker=to)
    ledger.record(community=team.community, actor=actor, code="visits.team-changed", subject=team)
