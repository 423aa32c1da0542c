"""What is due, dealt to teams by the planner: rows → facts → a plan. Nothing is written here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import mean
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists

from qiaomen.groups.models import CareGroup
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation
from qiaomen.planner.compounds import plan_near
from qiaomen.planner.facts import Place, Plan, PlanParams, Stop
from qiaomen.planner.foresight import turn_days
from qiaomen.planner.home import HomeChances
from qiaomen.planner.minutes import SHUT, Minutes
from qiaomen.planner.spares import find_spares
from qiaomen.register.models import Dwelling, Household
from qiaomen.visits.actions import due
from qiaomen.visits.models import Cadence, DueVisit, Leave, Round, RoundDoor, Team
from qiaomen.visits.models.walks import walked_there
from qiaomen.visits.rules.due import Wish, is_must, need_of
from qiaomen.visits.rules.planner_input import (
    DAY_MINUTES,
    UNSEEN,
    Candidate,
    Pair,
    TeamFact,
    doors_of,
    minutes_to_see,
    price_in_doors,
    sessions_of,
    slots_to_try,
    worth_of_seeing,
)
from qiaomen.visits.selectors.facts import Scope, wishes_at
from qiaomen.visits.selectors.knocks import knocks_of, minutes_of, slot_on
from qiaomen.visits.selectors.teams.leave import leaves_on, replace_absent
from qiaomen.visits.selectors.teams.minutes import minutes_table
from qiaomen.visits.selectors.teams.pairs import pairs_at, women_of
from qiaomen.visits.selectors.teams.promise import promised_tiers

COMPOUND_METRES, BUILDING_METRES, IN_A_ROW = 250.0, 45.0, 4
"""From one compound to the next, from one building to the next, and how many stand in a row. Defaults."""
DAY_PARAMS = PlanParams(keep_ratio=2.5)
"""With more doors to choose from, whole staircases are found: a season of sweeps had 0.7 % less neglect (bench_season,
seeds 11 to 13)."""
DAY_TRIES = 6000
"""The planner's budget for the rounds of a day, in tries: about half a second of computing (planning.md). The same
facts give the same rounds on every machine."""
CPU_SECONDS = 2.0
"""A slow machine stops here, between two tries; a round that is then in haste says so and is bettered by a job."""
BETTER_TRIES = 12000
"""The budget of that job: a whole descent over four times the doors that a day keeps."""
STAYS = 1.1
"""Dealt anew, a door that stands in the round stays unless another needs a visit by so much more."""
ANEW_TRIES = 3000
"""The planner's budget for dealing anew, in tries: what is previewed is what is then written."""
TOLD = {"promise": 2, "retry": 1}
"""What is told of a door before what weighs most there."""
MAYBE = "maybe"
"""Hours for when we pass by: kept where they are kept, and no must."""
MANY = 1000
"""Of more doors than this all of the community are read: naming each costs the database more."""
COMING_DAYS = 7
"""A second try looks for its hour, and a door for its next round, among the rounds of so many days."""


@dataclass(frozen=True)
class Dealt:
    """What a plan would make: per team its doors in walking order, each with the minute of the session (None: for the
    time that is left over, planner.spares) and whether it is a must; and what the must-visits cost, in doors (None: not
    asked).

    `hasty`: the planner's budget ended before it had searched enough. `waiting`: doors that some team could walk to.
    """

    doors: dict[UUID, list[tuple[UUID, float | None, bool]]]
    dues: dict[UUID, DueVisit]
    price: int | None
    hasty: bool = False
    waiting: int = 0


def places_of(community: Organisation, keys: Iterable[UUID]) -> dict[UUID, Place]:
    """Return where doors are; where no map says so, compounds and the buildings of one stand in rows of a few."""
    wanted = set(keys)
    doors = Dwelling.objects.filter(community=community)
    if len(wanted) <= MANY:
        doors = doors.filter(pk__in=wanted)
    found = doors.values_list(
        "pk", "floor", "entrance__order", "entrance__building__order", "entrance__building__compound__name"
    )
    rows = [row for row in found if row[0] in wanted]
    names = {name: n for n, name in enumerate(sorted({row[4] for row in rows}))}
    return {
        key: Place(compound, building, entrance, max(1, floor), *_metres(names[compound], building))
        for key, floor, entrance, building, compound in rows
    }


def _metres(compound: int, building: int) -> tuple[float, float]:
    south, east = divmod(compound, IN_A_ROW)
    back, along = divmod(building, IN_A_ROW)
    return east * COMPOUND_METRES + along * BUILDING_METRES, south * COMPOUND_METRES + back * BUILDING_METRES


def _middle(places: Collection[Place]) -> Place:
    """Return where the teams set out: in the middle, where the office may stand."""
    if not places:
        return Place()
    return Place("", east=mean(place.east for place in places), north=mean(place.north for place in places))


class _DueRow(NamedTuple):
    """Of a due visit what a plan weighs: a community has thousands, a round takes a few."""

    pk: UUID
    door: UUID
    clock: str
    reason: str
    weight: float
    opens_on: date
    due_on: date
    since: date | None


_DUE = ("pk", "dwelling", "clock", "reason", "weight", "opens_on", "due_on", "since")


def _best_due(community: Organisation, day: date, table: Minutes) -> dict[UUID, tuple[float, _DueRow]]:
    """Return per door what a talk there is worth on a day (rules.planner_input) and the due visit to tell of: the one
    that weighs most, a second try before the cadence behind it. One knock answers all that is due behind a door.
    """
    found: dict[UUID, list[_DueRow]] = {}
    rows = DueVisit.objects.filter(community=community, state="open", way="door", opens_on__lte=day)
    rows = rows.order_by("due_on", "dwelling__walk_order", "pk")  # not by chance: a key is drawn anew each time
    for row in map(_DueRow._make, rows.values_list(*_DUE)):
        found.setdefault(row.door, []).append(row)
    terms, next_days = terms_of(community), _days_to_next(community, day)
    turn = _turn_of(community, terms, table)
    return {
        key: (
            worth_of_seeing(mine, terms, day, next_days, turn),
            mine[0] if len(mine) == 1 else max(mine, key=lambda row: _presses(row, day)),
        )
        for key, mine in found.items()
    }


def _presses(row: _DueRow, day: date) -> tuple[bool, int, float]:
    """Return what weighs most at a door: what has to be done on this day, whatever else is said of it."""
    return has_to_be(row, day), TOLD.get(row.clock, 0), need_of(row.weight, row.opens_on, row.due_on, day)


def has_to_be(row: _DueRow | DueVisit, day: date) -> bool:
    """Say whether a door has to be walked to for this on a day, whatever else waits."""
    return row.reason != MAYBE and is_must(row.clock, row.opens_on, row.due_on, day)


def terms_of(community: Organisation) -> dict[str, tuple[int, int]]:
    """Return by reason every how many days a door is seen and how many ahead its window opens (rules.planner_input)."""
    known = promised_tiers(community, clock.today())
    everyone = known["everyone"]
    own = dict(Cadence.objects.filter(community=community).values_list("group__code", "every_days"))
    found = {UNSEEN[0]: (everyone.every_days, everyone.opens_before_days)}
    for code, tier in CareGroup.objects.filter(community=community).values_list("code", "tier"):
        every = known[tier].days_of(own.get(code))
        found[code] = every, min(known[tier].opens_before_days, every // 2)
    return found


def _turn_of(community: Organisation, terms: Mapping[str, tuple[int, int]], table: Minutes) -> float:
    """Return in how many days the teams come round to every door."""
    lived_in = Household.objects.filter(community=community, state="living").values("dwelling").distinct().count()
    hours = Team.objects.filter(community=community).values_list("minutes", "weekdays")
    weekly = sum(minutes * len(weekdays) for minutes, weekdays in hours)
    return turn_days(lived_in, minutes_to_see(table.of("unseen"), table.of(SHUT)), weekly, terms[UNSEEN[0]][0])


def _days_to_next(community: Organisation, day: date) -> int:
    """Return in how many days some team goes out again, a week at most."""
    walked = {weekday for team in Team.objects.filter(community=community) for weekday in team.weekdays}
    return next((n for n in range(1, COMING_DAYS) if (day.weekday() + n) % 7 in walked), COMING_DAYS)


class _Standing(NamedTuple):
    """The doors of the day's rounds: those of the teams that are dealt for, those that others walk, those that others
    only come to with time to spare.
    """

    mine: set[UUID]
    taken: set[UUID]
    spare: set[UUID]


def _dealt_already(community: Organisation, day: date, teams: Sequence[Team]) -> _Standing:
    """Return the doors of the day's rounds; one that was not reached when a round's time ended is nobody's."""
    rows = RoundDoor.objects.filter(round__community=community, round__day=day).exclude(round__state="cancelled")
    found, mine = _Standing(set(), set(), set()), {team.pk for team in teams}
    for row in rows.select_related("round").defer("reason_code").annotate(walked=Exists(walked_there())):
        if row.round.team_id in mine:
            found.mine.add(row.dwelling_id)
        elif row.walked:  # type: ignore[attr-defined]
            found.taken.add(row.dwelling_id)
        elif not row.round.is_over(clock.now()):
            (found.spare if row.is_spare else found.taken).add(row.dwelling_id)
    return found


def put_by_hand(community: Organisation, day: date, teams: Sequence[Team]) -> tuple[set[UUID], set[UUID]]:
    """Return the doors somebody put by hand into the rounds of these teams on a day, and those put elsewhere, into
    rounds whose time has not ended.
    """
    days = (min(day, clock.today()), day + timedelta(days=COMING_DAYS))
    rows = RoundDoor.objects.filter(
        by_hand=True, round__community=community, round__state="planned", round__day__range=days
    )
    mine = {team.pk for team in teams}
    found = list(rows.select_related("round").defer("reason_code"))
    here = {row.dwelling_id for row in found if row.round.team_id in mine and row.round.day == day}
    return here, {row.dwelling_id for row in found if not row.round.is_over(clock.now())} - here


def _of_the_week(community: Organisation, day: date) -> set[UUID]:
    """Return the doors that a round of another day is still to walk within the week around a day: nobody knocks there
    twice for one reason. What it only comes to with time to spare is free; reached, it leaves the others (`rounds`).
    """
    week = timedelta(days=COMING_DAYS - 1)
    rows = RoundDoor.objects.planned().filter(
        round__community=community, round__day__range=(max(day - week, clock.today()), day + week)
    )
    others = rows.exclude(round__day=day).exclude(round__state="cancelled").unwalked()
    return set(others.values_list("dwelling", flat=True))


def _candidates(
    community: Organisation,
    day: date,
    best: dict[UUID, tuple[float, _DueRow]],
    standing: set[UUID],
    shut: dict[UUID, set[str]],
    chances: HomeChances,
    by_hand: set[UUID],
) -> list[Candidate]:
    wishes, places = wishes_at(Scope(community, day)), places_of(community, best)
    pairs, usual, anybody = pairs_at(community, day), Wish(), Pair()
    offered = [
        slot_on(team, later)
        for team in Team.objects.filter(community=community)
        for later in (day + timedelta(days=n) for n in range(COMING_DAYS))
        if later == day or later.weekday() in team.weekdays
    ]
    found = []
    for key, (need, row) in best.items():
        slots = frozenset[str]()
        if key in shut and row.clock != "promise":
            last_chance = row.clock == "retry" and day >= row.due_on
            slots = slots_to_try(str(key), frozenset(shut[key]), offered, chances, last_chance=last_chance)
        need *= STAYS if key in standing else 1.0
        wish = wishes.get(key, usual)
        found.append(
            Candidate(
                str(key),
                places[key],
                need,
                row.clock,
                row.reason,
                key in by_hand or has_to_be(row, day),
                wish,
                slots,
                pairs.get(key, anybody),
            )
        )
    return found


def deal(
    *,
    community: Organisation,
    day: date,
    teams: Sequence[Team],
    seconds: float | None = None,
    iterations: int | None = None,
    params: PlanParams | None = None,
    elsewhere: Collection[UUID] = (),
) -> Dealt:
    """Plan the rounds of some teams on a day; nothing is written. Doors of other rounds that stand are left to
    them, and those that are walked `elsewhere`.
    """
    due.keep_current(community)
    away, (standing, taken, spare) = leaves_on(community, day), _dealt_already(community, day, teams)
    here, put_elsewhere = put_by_hand(community, day, teams)
    taken |= {*elsewhere, *put_elsewhere} - here
    week = ((_of_the_week(community, day) - standing) | spare) - here
    table = minutes_table(community)
    best = {
        key: (worth, row)
        for key, (worth, row) in _best_due(community, day, table).items()
        if key not in taken and (key not in week or has_to_be(row, day))
    }
    chances, shut = knocks_of(community, day)
    women = women_of(community)
    facts = [fact for team in teams if (fact := _team_fact(team, day, away, women)).walkers]
    candidates = _candidates(community, day, best, standing, shut, chances, here)
    doors = doors_of(candidates, facts, chances, table)
    sessions = sessions_of(facts, _middle([candidate.place for candidate in candidates]))
    if seconds is None and iterations is None:
        seconds, iterations = CPU_SECONDS, DAY_TRIES
    plan = plan_near(
        doors, sessions, params or DAY_PARAMS, seed=day.toordinal(), seconds=seconds, iterations=iterations
    )
    begins = {str(team.pk): minutes_of(team.starts_at) for team in teams}
    starts = {fact.key: n * DAY_MINUTES + begins[fact.key] for n, fact in enumerate(facts)}
    windowed = {door.key for door in doors if door.windows}
    spares = find_spares(doors, sessions, plan)
    stops = [UUID(stop.door) for walk in plan.rounds for stop in walk.stops]
    stops += [UUID(door) for more in spares.values() for door in more]
    rows = DueVisit.objects.in_bulk([best[key][1].pk for key in stops])
    dealt = _dealt(plan, {key: rows[best[key][1].pk] for key in stops}, starts, windowed)
    for team_key, more in spares.items():
        dealt.doors[UUID(team_key)] += [(UUID(door), None, False) for door in more]
    return replace(dealt, hasty=plan.hasty, waiting=len(doors))


def _team_fact(team: Team, day: date, away: dict[UUID, Leave], women: frozenset[str]) -> TeamFact:
    """Return a team as it walks on a day; one that is on its way has the minutes that are left."""
    walkers = frozenset(str(member.pk) for member in replace_absent(team.members.all(), away))
    starts, minutes, now = minutes_of(team.starts_at), float(team.minutes), clock.now().astimezone(clock.SHANGHAI)
    gone = minutes_of(now.time()) - starts if now.date() == day else 0.0
    if 0 < gone < minutes:
        starts, minutes = starts + gone, minutes - gone
    return TeamFact(str(team.pk), starts, minutes, slot_on(team, day), walkers, walkers & women)


def _dealt(plan: Plan, dues: dict[UUID, DueVisit], starts: dict[str, float], windowed: set[str]) -> Dealt:
    stops = [stop for walk in plan.rounds for stop in walk.stops]
    rows = Dwelling.objects.filter(pk__in=[UUID(stop.door) for stop in stops])
    places = {str(key): (entrance, order) for key, entrance, order in rows.values_list("pk", "entrance", "walk_order")}
    musts = {stop.door for stop in stops if stop.why == "must-visit"}
    doors: dict[UUID, list[tuple[UUID, float | None, bool]]] = {
        UUID(walk.session): [
            (UUID(door), begins - starts[walk.session], door in musts)
            for door, begins in in_stair_order(walk.stops, places, windowed)
        ]
        for walk in plan.rounds
    }
    price = price_in_doors(plan.other_prize, plan.other_prize_free, len(stops) - len(musts)) if musts else None
    return Dealt(doors, dues, price)


def in_stair_order(
    stops: Sequence[Stop], places: Mapping[str, tuple[UUID, int]], windowed: set[str]
) -> list[tuple[str, float]]:
    """Return (door, start) with each climb of a staircase going up: a walk up and down costs the same either way.

    `places`: entrance and walking order by key. A staircase with a door that has hours of its own keeps its order.
    """
    found: list[tuple[str, float]] = []
    block: list[Stop] = []
    for stop in [*stops, None]:
        if block and (stop is None or places[stop.door][0] != places[block[0].door][0]):
            names = [stop.door for stop in block]
            if not windowed & set(names):
                names.sort(key=lambda name: places[name][1])
            found += zip(names, (stop.starts for stop in block), strict=True)
            block = []
        if stop is not None:
            block.append(stop)
    return found


def preview(round: Round, iterations: int = ANEW_TRIES) -> Dealt:
    """Plan a round once more; nothing is written, and the same facts give the same plan."""
    return deal(community=round.community, day=round.day, teams=[round.team], iterations=iterations)


def compare_deal(round: Round, dealt: Dealt) -> dict[str, list[Dwelling]]:
    """Return what dealing anew would change: planned doors that come, planned doors that go, in walking order."""
    now, seen = (set(rows.values_list("dwelling", flat=True)) for rows in (round.doors.planned(), round.visits))
    new = {key for key, minute, _must in dealt.doors.get(round.team_id, []) if minute is not None}
    rows = Dwelling.objects.filter(pk__in=now | new).select_related("entrance__building__compound")
    doors = list(rows.order_by("walk_order"))
    return {
        "come": [door for door in doors if door.pk in new - now],
        "go": [door for door in doors if door.pk in now - new - seen],
    }
