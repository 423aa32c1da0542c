"""What is due, what was wished and who walks → the doors and sessions of the planner. Facts in, facts out.

Each team's session stands on a day of its own on the planner's clock, so that a window can belong to one team: a door
that lets in only one of the staff has no window in the others' sessions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Protocol

from qiaomen.planner.facts import Door, Place, Session, Window
from qiaomen.planner.foresight import HORIZON_DAYS, Rhythm, spare_by_seeing, spare_in_turn
from qiaomen.planner.home import HomeChances, HomePrior
from qiaomen.planner.minutes import SHUT, Minutes
from qiaomen.visits.rules.due import RETRY_WITHIN_DAYS, DoorFact, Wish, need_of

DAY_MINUTES = 24 * 60.0
VISIT_MINUTES = {"cadence": 20.0, "event": 12.0, "promise": 12.0, "retry": 15.0, "unseen": 8.0}
"""Minutes at an open door by why one came: care tools warn under 20 minutes, 15–20 doors a day (domain data); defaults.
"""
SHUT_MINUTES = 1.5
"""Minutes at a door that does not open: three knocks, a wait, a slip. A default."""


LEG_MINUTES = 3.0
"""From door to door by the stairs, when only few doors of each are walked. A default."""


def minutes_to_see(stays: float, shut: float = SHUT_MINUTES, chance: float = HomePrior().chance) -> float:
    """Return the minutes until somebody was seen at a door: the visit, the ways, and the knocks in vain before it."""
    return stays + LEG_MINUTES / chance + (1 / chance - 1) * shut


@dataclass(frozen=True)
class TeamFact:
    """A team as it walks on one day: from `starts` (minutes after midnight), in a slot of planner_home, who is
    there, and which of them are women.
    """

    key: str
    starts: float
    minutes: float
    slot: str
    walkers: frozenset[str]
    women: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pair:
    """Who has to stand at a door: a woman where one comes for a girl; two at the first visit where that was asked."""

    woman: bool = False
    two: bool = False

    def suits(self, walkers: frozenset[str], women: frozenset[str]) -> bool:
        """Say whether these walkers may go to the door."""
        return (not self.woman or bool(walkers & women)) and (not self.two or len(walkers) >= 2)


@dataclass(frozen=True)
class Candidate:
    """A door that may be walked: what a talk there is worth, why one comes (a clock), what was wished.

    `slots`: the only slots in which a second try makes sense; empty: any. `pair`: who has to be there.
    """

    door: str
    place: Place
    need: float
    clock: str
    reason: str
    must: bool = False
    wish: Wish = field(default_factory=Wish)
    slots: frozenset[str] = frozenset()
    pair: Pair = field(default_factory=Pair)


def sessions_of(teams: Sequence[TeamFact], place: Place) -> list[Session]:
    """Return one session a team, each on a day of its own; all set out from one place."""
    begins = [n * DAY_MINUTES + team.starts for n, team in enumerate(teams)]
    return [Session(team.key, start, start + team.minutes, place) for team, start in zip(teams, begins, strict=True)]


def doors_of(
    candidates: Sequence[Candidate],
    teams: Sequence[TeamFact],
    chances: HomeChances,
    table: Minutes | None = None,
) -> list[Door]:
    """Return the doors that some team may walk to; those that nobody may are not there. `table`: minutes of visits."""
    table = table or Minutes({**VISIT_MINUTES, SHUT: SHUT_MINUTES})
    found = (_door_of(candidate, teams, chances, table) for candidate in candidates)
    return [door for door in found if door is not None]


def _door_of(candidate: Candidate, teams: Sequence[TeamFact], chances: HomeChances, table: Minutes) -> Door | None:
    allowed = [n for n, team in enumerate(teams) if _may_come(candidate, team)]
    home = chances.chances(candidate.door, [team.slot for team in teams])
    best = max((home[n] for n in allowed), default=0.0)
    stays = table.of(candidate.clock, candidate.place.floor, candidate.door)
    minutes = best * stays + (1 - best) * table.of(SHUT, candidate.place.floor)
    open_hours = hours_of(candidate.wish, stays)
    windows: tuple[Window, ...] = ()
    if len(allowed) < len(teams) or open_hours is not None:
        hours = [(0.0, DAY_MINUTES - 1)] if open_hours is None else open_hours
        windows = tuple(Window(n * DAY_MINUTES + low, n * DAY_MINUTES + high) for n in allowed for low, high in hours)
        if not windows:
            return None
    return Door(
        candidate.door, candidate.place, minutes, candidate.need, home, windows, candidate.must, candidate.reason
    )


def _may_come(candidate: Candidate, team: TeamFact) -> bool:
    return (
        (candidate.wish.whom is None or candidate.wish.whom in team.walkers)
        and (not candidate.slots or team.slot in candidate.slots)
        and candidate.pair.suits(team.walkers, team.women)
    )


def hours_of(wish: Wish, minutes: float) -> list[tuple[float, float]] | None:
    """Return the stretches (minutes of the day) in which a visit of so many minutes may start; None: at any hour.

    A visit is over before the quiet hours begin; hours agreed for the day hold in their place.
    """
    if wish.agreed is not None:
        opens, last_start = wish.agreed
        return [(_minute(opens), _minute(last_start) if last_start else DAY_MINUTES - 1)]
    if wish.quiet_from is None or wish.quiet_to is None:
        return None
    quiet, loud = _minute(wish.quiet_from), _minute(wish.quiet_to)
    last = quiet - minutes
    parts = [(0.0, last), (loud, DAY_MINUTES - 1)] if quiet <= loud else [(loud, last)]
    return [(low, high) for low, high in parts if low <= high]


def _minute(moment: time) -> float:
    return moment.hour * 60.0 + moment.minute


@dataclass(frozen=True)
class TimedStop:
    """A door of a walk: minutes that a visit takes, and the stretches (minutes of the day) in which it may start; None:
    at any hour.
    """

    minutes: float
    hours: Sequence[tuple[float, float]] | None = None

    def starts_at(self, moment: float) -> float:
        """Return when a visit starts at the soonest; the moment itself when it is too late for all hours."""
        allowed = [max(low, moment) for low, high in self.hours or [(moment, moment)] if moment <= high]
        return min(allowed, default=moment)

    def may_start(self, moment: float) -> bool:
        """Say whether a visit may start at a moment."""
        return self.hours is None or any(low <= moment <= high for low, high in self.hours)


def time_stops(
    stops: Sequence[TimedStop], begins: float, way: Callable[[int | None, int], float]
) -> list[tuple[int, float]]:
    """Return (stop, minute of the day at which its visit starts) of a walk that takes stops in the order given, but one
    with hours of its own when it may start there: nobody waits for it while another door can be walked.

    `way`: minutes from one stop (None: the beginning) to another.
    """
    left, found, at, now = list(range(len(stops))), list[tuple[int, float]](), None, begins
    while left:
        at = _next_stop(stops, left, at, now, way)
        starts = stops[at].starts_at(now + way(found[-1][0] if found else None, at))
        found.append((at, starts))
        left.remove(at)
        now = starts + stops[at].minutes
    return found


def _next_stop(
    stops: Sequence[TimedStop], left: Sequence[int], at: int | None, now: float, way: Callable[[int | None, int], float]
) -> int:
    """Return the first stop that may start on arrival, or the one with hours that would be missed after it."""
    there = {stop: now + way(at, stop) for stop in left}
    timed = [stop for stop in left if stops[stop].hours is not None]
    first = next((stop for stop in left if stops[stop].may_start(there[stop])), None)
    if first is None:
        return min(left, key=lambda stop: stops[stop].starts_at(there[stop]))
    done = there[first] + stops[first].minutes

    def is_missed(stop: int) -> bool:
        later = done + way(first, stop)
        catches = stops[stop].may_start(stops[stop].starts_at(there[stop]))
        return catches and not stops[stop].may_start(stops[stop].starts_at(later))

    missed = [stop for stop in timed if stop != first and is_missed(stop)]
    return min(missed, key=lambda stop: stops[stop].starts_at(there[stop]), default=first)


def own_hours(wish: Wish, starts: time, minutes: int) -> tuple[time | None, time | None] | None:
    """Return from when to when a round of so many minutes may knock at a door that keeps part of it for itself.

    None in the pair: from the round's start, to its end. None: at any time of the round, at none, or only around a
    pause in the middle of it, which is no hour to come at. Hours agreed for the day are these, whatever the round.
    """
    if wish.agreed is not None:
        return wish.agreed
    if wish.quiet_from is None or wish.quiet_to is None:
        return None
    begins = starts.hour * 60 + starts.minute
    quiet, loud = (moment.hour * 60 + moment.minute for moment in (wish.quiet_from, wish.quiet_to))
    stretches = [(0, quiet), (loud, int(DAY_MINUTES))] if quiet <= loud else [(loud, quiet)]
    welcome = [(low, high) for low, high in stretches if low < begins + minutes and begins < high]
    if len(welcome) != 1:
        return None
    (low, high), (first, last) = welcome[0], (wish.quiet_to, wish.quiet_from)
    hours = (first if low > begins else None, last if high < begins + minutes else None)
    return None if hours == (None, None) else hours


def may_come(fact: DoorFact, day: date, walkers: frozenset[str]) -> bool:
    """Say whether a team may knock at a door on a day at all, at whatever hour."""
    wish = fact.wish
    if wish.no_visits or wish.phone_instead or (wish.whom is not None and wish.whom not in walkers):
        return False
    if fact.paused_until is not None and day < fact.paused_until:
        return False
    expected = wish.agreed is not None or any(asked.agreed_on and asked.due_on == day for asked in fact.promises)
    return wish.most_per_month is None or fact.visits_last_month < wish.most_per_month or expected


def is_welcome(fact: DoorFact, day: date, starts: float, minutes: float, walkers: frozenset[str]) -> bool:
    """Say whether a team may knock at a door on a day at a minute of it: the referee of every plan, sharing no code
    with what made it.
    """
    wish = fact.wish
    if not may_come(fact, day, walkers):
        return False
    if wish.agreed is not None:
        begins, ends = wish.agreed
        moment = time(int(starts) // 60, int(starts) % 60)
        return begins <= moment and (ends is None or moment <= ends)
    if wish.quiet_from is None or wish.quiet_to is None:
        return True
    quiet, loud = (moment.hour * 60 + moment.minute for moment in (wish.quiet_from, wish.quiet_to))
    if quiet > loud:
        return loud <= starts and starts + minutes <= quiet
    return starts + minutes <= quiet or starts >= loud


def slots_to_try(
    door: str, tried: frozenset[str], offered: Sequence[str], chances: HomeChances, *, last_chance: bool
) -> frozenset[str]:
    """Return the slot for a second try: of those offered in the coming days the one in which somebody is most likely
    home, but none in which the door stayed shut. Empty is any: no other is offered, or it is the `last_chance` in time.
    """
    others = sorted(set(offered) - tried)
    if last_chance or not others:
        return frozenset()
    return frozenset({chances.suggest_slot(door, others)})


def price_in_doors(other_prize: float, free: float | None, others: int) -> int | None:
    """Return how many other doors the must-visits took the place of, from the planner's two sums; None: not asked."""
    if free is None:
        return None
    each = other_prize / others if others and other_prize > 0 else 0.0
    return round(max(0.0, free - other_prize) / each) if each else 0


UNSEEN = ("longest-unseen", "never-seen")


class DueRow(Protocol):
    """A due visit, deduced (rules.due.Due) or as it stands in the database."""

    @property
    def clock(self) -> str: ...

    @property
    def reason(self) -> str: ...

    @property
    def opens_on(self) -> date: ...

    @property
    def due_on(self) -> date: ...

    @property
    def weight(self) -> float: ...

    @property
    def since(self) -> date | None: ...


Terms = Mapping[str, tuple[int, int]]
"""By reason (a care group's code; longest-unseen and never-seen as one): every how many days, and how many days
ahead the window opens."""


def rhythm_of(row: DueRow, terms: Terms) -> Rhythm | None:
    """Return how the need of a due visit comes back; None: it does not, or nobody knows the term of its reason.

    A knock that was due before yesterday's call (the door is asked for more seldom) comes back with its own term.
    """
    every, ahead = terms.get(UNSEEN[0] if row.reason in UNSEEN else row.reason, (0, 0))
    if row.clock not in ("cadence", "unseen") or not every:
        return None
    if row.since is not None and row.due_on > row.since:
        every = (row.due_on - row.since).days
    window = min(max(1, ahead), every)
    return Rhythm(row.weight, every - window, window)


CARE_FIRST = 1.3
"""What a care group's day counts beside a day of the doors that are seen in turn. These come in whole staircases and
would else crowd out the single door that has a way of its own: chosen on seeds 11 to 13 of benchmarks.bench_season."""


def worth_of(row: DueRow, terms: Terms, day: date, next_days: float, turn: float | None = None) -> float:
    """Return the need × days that answering a due visit on a day spares; `next_days`: until the next round; `turn`: in
    how many days all doors are seen (planner.foresight.turn_days), None: not known, each door counts for itself.

    A knock in vain moves the day on which the window opens, not the wait: it is counted back from the day it was due.
    A household nobody ever talked to counts by its need alone: on the day a roster comes in, those who are seen every
    week come first, however soon they are due again.
    """
    rhythm = rhythm_of(row, terms)
    if rhythm is None:
        days = RETRY_WITHIN_DAYS if row.clock == "retry" else HORIZON_DAYS
        return spare_by_seeing(need_of(row.weight, row.opens_on, row.due_on, day), 0.0, None, next_days, days)
    every = rhythm.rest_days + rhythm.window_days
    waited = max(0.0, (day - row.due_on).days + every)
    if row.since is None:
        return spare_by_seeing(row.weight * (1 + waited / every), 0.0, None, next_days)
    if row.clock == "unseen" and turn is not None:
        return spare_in_turn(waited, rhythm, turn, next_days)
    first = CARE_FIRST if row.clock == "cadence" else 1.0
    return first * spare_by_seeing(rhythm.need(waited), waited, rhythm, next_days)


def worth_of_seeing(
    rows: Iterable[DueRow], terms: Terms, day: date, next_days: float, turn: float | None = None
) -> float:
    """Return what a talk at a door is worth on a day: one talk answers all that is due there."""
    return max((worth_of(row, terms, day, next_days, turn) for row in rows), default=0.0)


OFTEN_HOME = 0.7
"""From this learnt chance on the hour itself is a reason. A default."""
SOON_DAYS = 7
NEIGHBOURS = 2


def why_today(
    row: DueRow | None, day: date, *, must: bool, chance: float | None, neighbours: int, spare: bool = False
) -> list[tuple[str, int]]:
    """Return why a door is walked on this day and not on another: (code, number), the weightiest first.

    `chance`: that somebody opens at this hour, learnt at this very door; None: nobody has knocked in it yet.
    `neighbours`: other planned doors of the same staircase; before its day a door then comes along, so that
    nobody climbs the stairs for it alone. `spare`: for the time that is left; nobody may reach it, and it has no other.
    """
    if spare:
        return [("spare", 0)]
    found: list[tuple[str, int]] = []
    if must:
        found.append(("last-day", 0))
    elif row is not None and row.due_on < day:
        found.append(("late", (day - row.due_on).days))
    elif row is not None and (row.due_on - day).days <= SOON_DAYS:
        days = (row.due_on - day).days
        found.append(("soon", days) if days else ("due", 0))
    if chance is not None and chance >= OFTEN_HOME:
        found.append(("hour", round(10 * chance)))
    if neighbours >= NEIGHBOURS:
        early = row is not None and row.clock == "unseen" and (row.due_on - day).days > SOON_DAYS
        found.append(("along" if early else "near", neighbours))
    return found or [("open", 0)]
