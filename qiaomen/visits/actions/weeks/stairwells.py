"""A stairwell goes from one walk to another, a whole day is called off, the rest of a week is dealt anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from qiaomen.kernel import clock
from qiaomen.office import ledger
from qiaomen.office.models import Organisation, Staff
from qiaomen.planner.arrays import measure_walks
from qiaomen.planner.facts import Place, Walking
from qiaomen.visits import problems
from qiaomen.visits.actions import due, rounds
from qiaomen.visits.actions.round_plan import ANEW_TRIES, Dealt, deal, has_to_be, places_of
from qiaomen.visits.models import DueVisit, Round, RoundDoor, Team, Visit
from qiaomen.visits.models.walks import RoundDoors
from qiaomen.visits.rules.due import Wish
from qiaomen.visits.rules.planner_input import Pair, TimedStop, hours_of, may_come, time_stops
from qiaomen.visits.rules.vocabulary import AGREED
from qiaomen.visits.selectors.facts import Scope, door_facts, wishes_at
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
    day, which is made when there is none. Doors that were walked stay, those that may not be knocked on then, and those
    where an agreed day or hour would be missed.

    Raises CannotMove; also where another door of these walks would miss its hour.
    """
    community, today = team.community, clock.today()
    due.keep_current(community)
    rows = _doors_to_move(community, entrance, walk, today)
    rows = [row for row in rows if (row.round.team_id, row.round.day) != (team.pk, day)]
    walkers = walkers_on(team, day)
    if why := _why_not(team, day, bool(rows), bool(walkers), today):
        raise problems.CannotMove(why=why)
    to = _round_of(team, day)
    staying = _who_stays(to, rows, walkers)
    moving = _in_time(to, [row for row in rows if row.pk not in staying], staying)
    if not moving:
        raise problems.CannotMove(why="；".join(dict.fromkeys(staying.values())))
    sources = {row.round_id: row.round for row in moving}
    _keep_others(to, list(sources.values()), moving)
    _put(to, moving)
    for made in (*sources.values(), to):
        put_in_order(made)
    detail = {"doors": len(moving), "from": [str(key) for key in sources], "stay": len(staying)}
    ledger.record(community=community, actor=actor, code="visits.stairwell-moved", subject=to, detail=detail)
    return Moved(to, len(moving), [(row, staying[row.pk]) for row in rows if row.pk in staying])


def _in_time(to: Round, moving: list[RoundDoor], staying: dict[int, str]) -> list[RoundDoor]:
    """Return the doors that come in time in a round; the others are written to those that stay."""
    while moving:
        late = {stop.door.pk for stop in timed(to, _with(to, moving)) if not stop.in_time}
        lost = [row for row in moving if row.pk in late]
        if not lost:
            break
        staying.update({row.pk: str(problems.HOURS_LOST) for row in lost})
        moving = [row for row in moving if row not in lost]
    return moving


def _with(to: Round, moving: Sequence[RoundDoor]) -> list[RoundDoor]:
    there = list(_doors_of(to).planned())
    known = {row.dwelling_id for row in there}
    return [*there, *(row for row in moving if row.dwelling_id not in known)]


def _keep_others(to: Round, sources: Sequence[Round], moving: Sequence[RoundDoor]) -> None:
    """See that no door of these walks misses the hours it has now. Raises CannotMove."""
    gone, lost = {row.pk for row in moving}, list[str]()
    for made in (*sources, to):
        kept = _come_in_time(made) - gone
        doors = _with(to, moving) if made is to else [row for row in _doors_of(made).planned() if row.pk not in gone]
        lost += [
            stop.door.dwelling.door_label for stop in timed(made, doors) if not stop.in_time and stop.door.pk in kept
        ]
    if lost:
        raise problems.CannotMove(why=str(problems.OTHERS_LOST).format(doors="、".join(lost)))


def _doors_to_move(community: Organisation, entrance: UUID, walk: Round | None, today: date) -> list[RoundDoor]:
    """Return the doors of a stairwell, each once: where a round is to walk there, not where another may have time."""
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
    found = list(rows.select_related("round", "due", "dwelling").order_by("round__day", "position"))
    planned = {row.dwelling_id for row in found if not row.is_spare}
    kept: dict[UUID, RoundDoor] = {}
    for row in found:
        if not row.is_spare or row.dwelling_id not in planned:
            kept.setdefault(row.dwelling_id, row)
    return [row for row in found if row is kept[row.dwelling_id]]


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
    doors = {row.dwelling_id for row in rows}
    facts = {fact.dwelling: fact for fact in door_facts(to.community, to.day, doors)}
    names = frozenset(str(walker.pk) for walker in walkers)
    women, pairs = names & women_of(to.community), pairs_at(to.community, to.day)
    owed: dict[UUID, list[DueVisit]] = {}
    asked = DueVisit.objects.filter(dwelling__in=doors, state="open", clock__in=["promise", "event"])
    for promise in asked.defer("history").order_by("due_on", "pk"):
        owed.setdefault(promise.dwelling_id, []).append(promise)
    found: dict[int, str] = {}
    for row in rows:
        why = next(filter(None, (_why_owed(to, row, promise) for promise in owed.get(row.dwelling_id, ()))), "")
        fact, pair = facts.get(str(row.dwelling_id)), pairs.get(row.dwelling_id, Pair())
        if not why and fact is not None and not may_come(fact, to.day, names):
            why = str(problems.NOT_WELCOME)
        if why := why or ("" if pair.suits(names, women) else str(problems.NOT_PAIRED)):
            found[row.pk] = why
    return found


def _why_owed(to: Round, row: RoundDoor, owed: DueVisit) -> str:
    """Return why what is owed at a door keeps it on its day, "" where it does not."""
    if owed.reason in AGREED and owed.due_on == row.round.day != to.day:
        return str(problems.AGREED_THEN)
    later = max(owed.due_on, row.round.day) < to.day
    return str(problems.PROMISED_BEFORE) if later and has_to_be(owed, to.day) else ""


def _put(to: Round, moving: Sequence[RoundDoor]) -> None:
    there = {row.dwelling_id: row for row in to.doors.all()}
    for n, row in enumerate(moving):
        if row.dwelling_id in there:
            row.delete()
            there[row.dwelling_id].by_hand = True
            there[row.dwelling_id].save(update_fields=["by_hand"])
            continue
        row.round, row.position, row.walker, row.by_hand, row.arrive_minute = to, 2 * AWAY + n, None, True, None
        row.save(update_fields=["round", "position", "walker", "by_hand", "arrive_minute"])


@dataclass(frozen=True)
class Timed:
    """A door of a walk: when the walk is there, in minutes after its start, and whether that suits the household."""

    door: RoundDoor
    minute: float
    in_time: bool


def _doors_of(made: Round) -> RoundDoors:
    return made.doors.select_related("due", "dwelling").order_by("position")


def _stops_of(made: Round, doors: Sequence[RoundDoor], places: Mapping[UUID, Place]) -> list[TimedStop]:
    """Return doors with the hours in which somebody may come on the day of a round; one that was walked has none."""
    table, wishes = minutes_table(made.community), wishes_at(Scope(made.community, made.day))
    walked, found = set(Visit.objects.filter(round=made).values_list("dwelling", flat=True)), []
    for row in doors:
        kind = row.due.clock if row.due else "unseen"
        stays = table.of(kind, places[row.dwelling_id].floor, str(row.dwelling_id))
        wish = Wish() if row.dwelling_id in walked else wishes.get(row.dwelling_id, Wish())
        found.append(TimedStop(stays, hours_of(wish, stays)))
    return found


def _come_in_time(made: Round) -> set[int]:
    """Return the planned doors of a round at which it comes in time as it stands, by the key of their row."""
    doors, begins = list(_doors_of(made).planned()), minutes_of(made.starts_at)
    stops = _stops_of(made, doors, places_of(made.community, [row.dwelling_id for row in doors]))
    both = zip(doors, stops, strict=True)
    return {row.pk for row, stop in both if stop.may_start(begins + float(row.arrive_minute or 0))}


def timed(made: Round, doors: Sequence[RoundDoor]) -> list[Timed]:
    """Return the doors of a walk in the order in which it takes them: each stairwell in one go where it is first met,
    and a door with hours of its own in these, wherever the order leaves the walk time for it.
    """
    if not doors:
        return []
    first: dict[UUID, int] = {}
    for n, door in enumerate(doors):
        first.setdefault(door.dwelling.entrance_id, n)
    doors = sorted(doors, key=lambda door: (first[door.dwelling.entrance_id], door.dwelling.walk_order))
    places = places_of(made.community, [door.dwelling_id for door in doors])
    ways = measure_walks([places[door.dwelling_id] for door in doors], Walking())
    own = [door.arrive_minute for door in doors if door.round_id == made.pk and door.arrive_minute is not None]
    begins, sets_out = float(minutes_of(made.starts_at)), float(min(own, default=0))
    stops = _stops_of(made, doors, places)
    walk = time_stops(stops, begins, lambda at, to: sets_out if at is None else float(ways[at, to]))
    return [Timed(doors[at], starts - begins, stops[at].may_start(starts)) for at, starts in walk]


def put_in_order(made: Round) -> None:
    """Number a round's doors anew and say when the walk is there (`timed`); those for the time that is left come after
    them, without a minute.

    A round left without doors by a person's hand stays: it says that the team was to go out.
    """
    doors = []
    for stop in timed(made, list(_doors_of(made).planned())):
        stop.door.arrive_minute = round(stop.minute)
        doors.append(stop.door)
    doors += [door for door in _doors_of(made) if door.is_spare]
    for n, door in enumerate(doors, 1):
        door.position = n + AWAY
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
        taken |= {door for stops in dealt.doors.values() for door, minute, _must in stops if minute is not None}
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
