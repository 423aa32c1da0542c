"""A stairwell goes from one walk to another, a whole day is called off, the rest of a week is dealt anew."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.planner.arrays import measure_walks
from qiaomen.planner.facts import Walking
from qiaomen.visits import problems
from qiaomen.visits.actions import rounds
from qiaomen.visits.actions.round_plan import ANEW_TRIES, Dealt, deal, places_of
from qiaomen.visits.models import Round, RoundDoor, Team, Visit
from qiaomen.visits.rules.due import DoorFact
from qiaomen.visits.rules.planner_input import Pair, is_welcome
from qiaomen.visits.selectors.facts import door_facts
from qiaomen.visits.selectors.knocks import minutes_of
from qiaomen.visits.selectors.teams.leave import walkers_on
from qiaomen.visits.selectors.teams.minutes import minutes_table
from qiaomen.visits.selectors.teams.pairs import pairs_at, women_of

AWAY = 10_000
"""Positions while a round is put into order: two doors never share one."""


@dataclass(frozen=True)
class Moved:
    """Where a stairwell went, how many doors, and those that stay where they are, each with the reason."""

    to: Round
    doors: int
    left: list[tuple[RoundDoor, str]] = field(default_factory=list)


@transaction.atomic
def move_stairwell(*, entrance: UUID, team: Team, day: date, actor: Staff, walk: Round | None = None) -> Moved:
    """Put the doors of a stairwell that stand in rounds from today on (of one round: `walk`) into a team's round of a
    day, which is made when there is none. Doors that were walked stay, and those that may not be knocked on then.

    Raises CannotMove.
    """
    community, today = team.community, clock.today()
    rows = _doors_to_move(community, entrance, walk, today)
    rows = [row for row in rows if (row.round.team_id, row.round.day) != (team.pk, day)]
    walkers = walkers_on(team, day)
    if why := _why_not(team, day, bool(rows), bool(walkers), today):
        raise problems.CannotMove(why=why)
    to = _round_of(team, day)
    staying = _who_stays(to, rows, walkers)
    moving = [row for row in rows if row.pk not in staying]
    if not moving:
        raise problems.CannotMove(why="；".join(dict.fromkeys(staying.values())))
    sources = {row.round_id: row.round for row in moving}
    _put(to, moving)
    for made in (*sources.values(), to):
        put_in_order(made)
    detail = {"doors": len(moving), "from": [str(key) for key in sources], "stay": len(staying)}
    ledger.record(community=community, actor=actor, code="visits.stairwell-moved", subject=to, detail=detail)
    return Moved(to, len(moving), [(row, staying[row.pk]) for row in rows if row.pk in staying])


def _doors_to_move(community: Organisation, entrance: UUID, walk: Round | None, today: date) -> list[RoundDoor]:
    walked = Visit.objects.filter(round=OuterRef("round"), dwelling=OuterRef("dwelling"))
    rows = RoundDoor.objects.filter(
        ~Exists(walked),
        round__community=community,
        round__state="planned",
        round__day__gte=today,
        dwelling__entrance=entrance,
    )
    if walk is not None:
        rows = rows.filter(round=walk)
    return list(rows.select_related("round", "due", "dwelling").order_by("round__day", "position"))


def _why_not(team: Team, day: date, some: bool, walkers: bool, today: date) -> str:
    if day < today:
        return str(problems.PAST_DAY)
    if not some:
        return str(problems.NO_SUCH_STAIRS)
    if not walkers:
        return str(problems.NOBODY_WALKS)
    gone = Round.objects.filter(team=team, day=day)
    if gone.filter(state="cancelled").exists() and not gone.exclude(state="cancelled").exists():
        return str(problems.CALLED_OFF)
    return ""


def _round_of(team: Team, day: date) -> Round:
    """Return the team's round of a day; one without doors is made when there is none."""
    standing = Round.objects.filter(team=team, day=day).exclude(state="cancelled").first()
    return standing or Round.objects.create(
        community=team.community, team=team, day=day, starts_at=team.starts_at, minutes=team.minutes
    )


def _who_stays(to: Round, rows: Sequence[RoundDoor], walkers: Sequence[Staff]) -> dict[int, str]:
    """Return the doors that may not be moved there, by the key of their row, with the reason."""
    facts = {fact.dwelling: fact for fact in door_facts(to.community, to.day, {row.dwelling_id for row in rows})}
    names = frozenset(str(walker.pk) for walker in walkers)
    women, pairs = names & women_of(to.community), pairs_at(to.community, to.day)
    found: dict[int, str] = {}
    for row in rows:
        pair = pairs.get(row.dwelling_id, Pair())
        if why := _why_stays(to, row, facts.get(str(row.dwelling_id)), names, pair.suits(names, women)):
            found[row.pk] = why
    return found


def _why_stays(to: Round, row: RoundDoor, fact: DoorFact | None, walkers: frozenset[str], suits: bool) -> str:
    if row.due is not None and row.due.clock == "promise" and to.day > row.due.due_on:
        return str(problems.PROMISED_BEFORE)
    if fact is not None and not is_welcome(fact, to.day, minutes_of(to.starts_at), 1.0, walkers):
        return str(problems.NOT_WELCOME)
    return "" if suits else str(problems.NOT_PAIRED)


def _put(to: Round, moving: Sequence[RoundDoor]) -> None:
    there = {row.dwelling_id: row for row in to.doors.all()}
    for n, row in enumerate(moving):
        if row.dwelling_id in there:
            row.delete()
            there[row.dwelling_id].by_hand = True
            there[row.dwelling_id].save(update_fields=["by_hand"])
            continue
        row.round, row.position, row.walker, row.by_hand = to, 2 * AWAY + n, None, True
        row.save(update_fields=["round", "position", "walker", "by_hand"])


def put_in_order(made: Round) -> None:
    """Number a round's doors anew, each stairwell in one go where it is first met, and say when the walk is there.

    A round left without doors by a person's hand stays: it says that the team was to go out.
    """
    doors = list(made.doors.select_related("due", "dwelling").order_by("position"))
    if not doors:
        return
    first: dict[UUID, int] = {}
    for n, door in enumerate(doors):
        first.setdefault(door.dwelling.entrance_id, n)
    doors.sort(key=lambda door: (first[door.dwelling.entrance_id], door.dwelling.walk_order))
    places = places_of(made.community, [door.dwelling_id for door in doors])
    table, minute = minutes_table(made.community), 0.0
    ways = measure_walks([places[door.dwelling_id] for door in doors], Walking())
    for n, door in enumerate(doors):
        minute += float(ways[n - 1, n]) if n else float(doors[0].arrive_minute or 0)
        door.position, door.arrive_minute = n + 1, round(minute)
        kind = door.due.clock if door.due else "unseen"
        minute += table.of(kind, places[door.dwelling_id].floor, str(door.dwelling_id))
    for row in doors:
        row.position += AWAY
    RoundDoor.objects.bulk_update(doors, ["position", "arrive_minute"])
    for row in doors:
        row.position -= AWAY
    RoundDoor.objects.bulk_update(doors, ["position"])


@transaction.atomic
def call_off_day(*, community: Organisation, day: date, cause: str, actor: Staff) -> int:
    """Call a whole day off with its cause (snow): every round of it, and those that would have been dealt. Return how
    many. Nobody is late by it. Raises CauseNeeded, CannotMove for a day gone by.
    """
    if not cause.strip():
        raise problems.CauseNeeded()
    if day < clock.today():
        raise problems.CannotMove(why=str(problems.PAST_DAY))
    standing = list(Round.objects.filter(community=community, day=day, state="planned").order_by("team__name"))
    known = set(Round.objects.filter(community=community, day=day).values_list("team", flat=True))
    for team in Team.objects.filter(community=community).order_by("name"):
        if day.weekday() in team.weekdays and team.pk not in known:
            standing.append(_round_of(team, day))
    for made in standing:
        rounds.cancel_round(round=made, cause=cause, actor=actor)
    detail = {"rounds": len(standing)}
    ledger.record(
        community=community, actor=actor, code="visits.day-called-off", reason=cause.strip()[:200], detail=detail
    )
    return len(standing)


@dataclass(frozen=True)
class WeekDealt:
    """What dealing the rest of a week anew would make: per day its teams and their plan."""

    days: list[tuple[date, list[Team], Dealt]]


def preview_week(community: Organisation, monday: date) -> WeekDealt:
    """Deal the days of a week that are still to come once more, each over what the days before it leave; nothing is
    written. The same facts give the same plan.
    """
    found, taken = [], set[UUID]()
    for day in (monday + timedelta(days=n) for n in range(7)):
        teams = _teams_to_deal(community, day) if day >= clock.today() else []
        if not teams:
            continue
        dealt = deal(community=community, day=day, teams=teams, iterations=ANEW_TRIES, elsewhere=taken)
        taken |= {door for stops in dealt.doors.values() for door, _minute, _must in stops}
        found.append((day, teams, dealt))
    return WeekDealt(found)


def _teams_to_deal(community: Organisation, day: date) -> list[Team]:
    """Return the teams that go out on a day, were not called off, have somebody there and were at no door yet."""
    walks = Round.objects.filter(community=community, day=day)
    off = set(walks.filter(state="cancelled").values_list("team", flat=True))
    begun = set(walks.filter(visits__taken_back_at=None, visits__isnull=False).values_list("team", flat=True))
    planned = set(walks.exclude(state="cancelled").values_list("team", flat=True))
    teams = Team.objects.filter(community=community).order_by("name")
    goes = (team for team in teams if team.pk in planned or (day.weekday() in team.weekdays and team.pk not in off))
    return [team for team in goes if team.pk not in begun and walkers_on(team, day)]


@transaction.atomic
def deal_week(*, community: Organisation, monday: date, actor: Staff) -> int:
    """Deal the days of a week that are still to come anew, as previewed; return how many rounds."""
    made = 0
    for day, teams, dealt in preview_week(community, monday).days:
        for team in teams:
            standing = Round.objects.filter(team=team, day=day).exclude(state="cancelled").first()
            if standing is not None:
                rounds.write_anew(standing, dealt, actor)
            elif dealt.doors.get(team.pk):
                rounds.write_round(team, day, dealt, actor, rounds.MOST_DOORS)
            made += 1
    return made
