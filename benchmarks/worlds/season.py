"""Plays weeks of rounds as an office lives them: what is due, a plan for each day, knocks, who opens, what is learnt.

Every planner meets the same doors and the same luck. The rules are the product's own (visits.rules), so that what the
office's plan calls is what is measured. Nobody in it is a person.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from benchmarks.worlds.community import KINDS, make_places
from qiaomen.criteria.facts import load_entries
from qiaomen.planner.check import walk_minutes
from qiaomen.planner.facts import Door, Place, Plan, Round, Session, Stop, Walking
from qiaomen.planner.foresight import Rhythm, turn_days
from qiaomen.planner.home import HomeChances, Knock
from qiaomen.visits.rules.due import DoorFact, GroupFact, Tier, deduce, need_of
from qiaomen.visits.rules.planner_input import (
    SHUT_MINUTES,
    Candidate,
    TeamFact,
    doors_of,
    minutes_to_see,
    sessions_of,
    slots_to_try,
    worth_of_seeing,
)

PACK = [Path(__file__).resolve().parents[2] / "packs" / "national"]
TIERS = {entry["code"]: Tier(**entry) for entry in load_entries(PACK, "cadence.yaml")}
TIERS["everyone"] = replace(TIERS["everyone"], every_days=91, opens_before_days=68)
"""This office promises to see every door once a quarter: of a promise for a year half a year shows nothing."""
SHARES = (("high", 0.02), ("key", 0.05), ("general", 0.05))
"""Of all doors: behind so many somebody is in a group of this tier. About what the demo community has."""
FIRST_DAY = date(2026, 12, 1)
"""A Tuesday. Rounds go on Tuesdays at 14:30 and Thursdays at 17:30, teams of 150 minutes."""
OUTINGS = ((0, 870.0, "weekday-afternoon"), (2, 1050.0, "weekday-evening"))
TEAMS, MINUTES, WEEKS = {"care": 3, "sweep": 2}, 150.0, 26
WAY_MINUTES = 1.5
"""From door to door, for the hours that would be needed; what is walked is measured on the map."""
DESK_DAYS = 14
"""After three tries in vain the desk asks around; then the door may be tried again."""


@dataclass
class House:
    """A door of the world: what nobody knows (`opens`: the chance by slot) and what the office keeps of it."""

    key: str
    place: Place
    minutes: float
    tier: str
    opens: dict[str, float]
    seen: date
    tries: int = 0
    knocked: date | None = None
    shut: set[str] = field(default_factory=set)

    def rhythms(self) -> list[Rhythm]:
        """Return the rhythms of its clocks."""
        return [rhythm_of_tier(TIERS[code]) for code in {self.tier, "everyone"}]

    def need(self, days: int) -> float:
        """Return the need so many days after a talk: what is counted as neglect."""
        return max(rhythm.need(days) for rhythm in self.rhythms())

    def fact(self, day: date) -> DoorFact:
        """Return what the rules know of it."""
        resting = self.knocked is not None and (day - self.knocked).days >= DESK_DAYS and self.tries >= 3
        tries = 0 if resting else self.tries
        groups = () if self.tier == "everyone" else (GroupFact(self.tier, self.tier),)
        outcome, on = ("no_answer", self.knocked) if tries else ("met", self.seen)
        return DoorFact(self.key, self.seen, self.seen, outcome, on, tries, groups)


def rhythm_of_tier(tier: Tier) -> Rhythm:
    """Return how need comes back by a tier of the pack (visits.rules.due._cadence, _unseen)."""
    ahead = min(tier.opens_before_days, tier.every_days // 2) if tier.code != "everyone" else tier.opens_before_days
    return Rhythm(tier.weight, tier.every_days - ahead, ahead)


TERMS = {code: (tier.every_days, int(rhythm_of_tier(tier).window_days)) for code, tier in TIERS.items()}
TERMS["longest-unseen"] = TERMS["everyone"]


def make_houses(seed: int, kind: str, share: float) -> list[House]:
    """Return as many doors as make the hours of the teams `share` of what all cadences would need.

    `kind`: care (a visit sits down) or sweep (a quick one). Ages at the start lie between 0 and twice the cadence.
    """
    random, drawn = Random(f"season-{seed}-{kind}"), list[House]()
    wanted, needed = TEAMS[kind] * len(OUTINGS) * MINUTES / share, 0.0
    while needed < wanted:
        house = draw_house(random, len(drawn), kind)
        drawn.append(house)
        chance = sum(house.opens.values()) / len(house.opens)
        vain = (1 / chance - 1) * (SHUT_MINUTES + WAY_MINUTES)
        needed += 7 / TIERS[house.tier].every_days * (house.minutes + WAY_MINUTES + vain)
    places = make_places(seed, len(drawn))
    return [replace(house, place=place) for house, place in zip(drawn, places, strict=True)]


def draw_house(random: Random, index: int, kind: str) -> House:
    """Return a door without its place."""
    drawn, tier = random.random(), "everyone"
    for code, part in SHARES:
        drawn -= part
        if drawn < 0:
            tier = code
            break
    chances = {OUTINGS[0][2]: random.uniform(0.5, 0.9), OUTINGS[1][2]: random.uniform(0.3, 0.9)}
    seen = FIRST_DAY - timedelta(days=int(random.uniform(0, 2 * TIERS[tier].every_days)))
    return House(f"{index:05d}", Place(), float(random.choice(KINDS[kind])), tier, chances, seen)


Planner = Callable[[Sequence[Door], Sequence[Session]], Plan]


@dataclass(frozen=True)
class Policy:
    """How a season is planned. `far`: prizes as the product sets them (rules.planner_input); else the day's need."""

    name: str
    plan: Planner
    far: bool


@dataclass
class Outcome:
    """What a season came to: `neglect` (need × days over all doors), by tier too, and what was done."""

    neglect: float
    by_tier: dict[str, float]
    met: int = 0
    knocks: int = 0
    late: dict[str, float] = field(default_factory=dict)


class Season:
    """One office over some weeks under one policy."""

    def __init__(self, seed: int, kind: str, share: float) -> None:
        self.seed, self.kind = seed, kind
        self.houses = {house.key: house for house in make_houses(seed, kind, share)}
        self.middle = Place("居委会", 0, 0, 1, 480.0, 300.0)
        self.knocks = self._past_knocks()
        self.met = 0
        stays = sum(house.minutes for house in self.houses.values()) / len(self.houses)
        weekly = TEAMS[kind] * len(OUTINGS) * MINUTES
        self.turn = turn_days(len(self.houses), minutes_to_see(stays), weekly, TIERS["everyone"].every_days)
        self.by_tier = dict.fromkeys(TIERS, 0.0)

    def _past_knocks(self) -> list[Knock]:
        """Return what the office knows of each door before the first week: nought to three knocks."""
        random, slots = Random(f"past-{self.seed}"), [outing[2] for outing in OUTINGS]
        found = []
        for house in self.houses.values():
            for _ in range(random.randrange(4)):
                slot = random.choice(slots)
                found.append(Knock(house.key, slot, random.random() < house.opens[slot]))
        return found

    def play(self, policy: Policy, weeks: int = WEEKS) -> Outcome:
        """Return what the weeks came to."""
        for week in range(weeks):
            for place, (offset, starts, slot) in enumerate(OUTINGS):
                day = FIRST_DAY + timedelta(days=7 * week + offset)
                following = OUTINGS[place + 1][0] if place + 1 < len(OUTINGS) else 7
                self.walk(self.plan(policy, day, starts, slot, following - offset), day, slot)
                self.count(day, following - offset)
        days = {key: (FIRST_DAY + timedelta(days=7 * weeks) - house.seen).days for key, house in self.houses.items()}
        late = {
            code: sum(days[key] > TIERS[code].every_days for key in mine) / max(1, len(mine))
            for code in TIERS
            if (mine := [key for key, house in self.houses.items() if house.tier == code]) is not None
        }
        return Outcome(sum(self.by_tier.values()), self.by_tier, self.met, len(self.knocks), late)

    def plan(self, policy: Policy, day: date, starts: float, slot: str, next_days: int) -> tuple[Plan, list[Door]]:
        """Plan one day as the product does."""
        teams = [TeamFact(f"{n}", starts, MINUTES, slot, frozenset()) for n in range(TEAMS[self.kind])]
        chances = HomeChances(self.knocks)
        candidates = [
            found for house in self.houses.values() if (found := self.candidate(house, day, policy, chances, next_days))
        ]
        doors = doors_of(candidates, teams, chances)
        stays = {house.key: house.minutes for house in self.houses.values()}
        doors = [self.with_minutes(door, stays[door.key], slot, chances) for door in doors]
        return policy.plan(doors, sessions_of(teams, self.middle)), doors

    def with_minutes(self, door: Door, stays: float, slot: str, chances: HomeChances) -> Door:
        """Put the minutes of this world in the place of the product's defaults."""
        chance = chances.chance(door.key, slot)
        return replace(door, minutes=chance * stays + (1 - chance) * SHUT_MINUTES)

    def candidate(
        self, house: House, day: date, policy: Policy, chances: HomeChances, next_days: int
    ) -> Candidate | None:
        """Return a door that is due, with what a visit is worth to the policy."""
        rows = [due for due in deduce(house.fact(day), day, TIERS) if due.opens_on <= day and due.way == "door"]
        if not rows:
            return None
        told = next((due for due in rows if due.clock == "retry"), rows[0])
        near = max(need_of(due.weight, due.opens_on, due.due_on, day) for due in rows)
        worth = worth_of_seeing(rows, TERMS, day, next_days, self.turn) if policy.far else near
        slots = frozenset[str]()
        if house.shut:
            last_chance = told.clock == "retry" and day >= told.due_on
            offered = [outing[2] for outing in OUTINGS]
            slots = slots_to_try(house.key, frozenset(house.shut), offered, chances, last_chance=last_chance)
        return Candidate(house.key, house.place, worth, told.clock, told.reason, slots=slots)

    def walk(self, planned: tuple[Plan, list[Door]], day: date, slot: str) -> None:
        """Walk the rounds: knock, stay where somebody opens, go home when the next visit would not fit."""
        plan, doors = planned
        known = {door.key: door for door in doors}
        for walk in plan.rounds:
            left, here = MINUTES, self.middle
            for stop in walk.stops:
                house, door = self.houses[stop.door], known[stop.door]
                way = walk_minutes(here, door.place, Walking())
                if way + house.minutes + walk_minutes(door.place, self.middle, Walking()) > left:
                    break
                opened = Random(f"{self.seed}-{day}-{house.key}").random() < house.opens[slot]
                left, here = left - way - (house.minutes if opened else SHUT_MINUTES), door.place
                self.note(house, day, slot, opened)

    def note(self, house: House, day: date, slot: str, opened: bool) -> None:
        """Write down what happened at a door."""
        self.knocks.append(Knock(house.key, slot, opened))
        resting = house.knocked is not None and (day - house.knocked).days >= DESK_DAYS
        house.tries = 0 if opened else (1 if resting and house.tries >= 3 else house.tries + 1)
        house.knocked = day
        if opened:
            house.seen, self.met = day, self.met + 1
            house.shut.clear()
        else:
            house.shut.add(slot)

    def count(self, day: date, days: int) -> None:
        """Add the needs of the days up to the next outing."""
        for house in self.houses.values():
            waited = (day - house.seen).days
            sums = SUMS[house.tier]
            self.by_tier[house.tier] += sums[waited + days] - sums[waited]


def sum_needs(tier: str, most: int = 1400) -> list[float]:
    """Return for each number of days since a talk the sum of the needs of the days before."""
    rhythms = [rhythm_of_tier(TIERS[code]) for code in {tier, "everyone"}]
    sums = [0.0]
    for days in range(most):
        sums.append(sums[-1] + max(rhythm.need(days) for rhythm in rhythms))
    return sums


SUMS = {code: sum_needs(code) for code in TIERS}


class AddressOrder:
    """Walks from door to door in the order of the addresses, goes on next time where it stopped, and begins again."""

    def __init__(self) -> None:
        self.after = ""

    def __call__(self, doors: Sequence[Door], sessions: Sequence[Session]) -> Plan:
        """Fill each session with the next doors that are due; one whose window is shut is passed by."""
        rounds = tuple(self.walk(doors, session) for session in sessions)
        return Plan(rounds=rounds, left_out=(), prize=0.0, other_prize=0.0, other_prize_free=None, iterations=0)

    def walk(self, doors: Sequence[Door], session: Session) -> Round:
        """Return one session's round."""
        walking, time, here = Walking(), session.starts, session.place
        stops: list[Stop] = []
        ordered = sorted(doors, key=lambda door: (door.key <= self.after, door.key))
        for door in ordered:
            starts = time + walk_minutes(here, door.place, walking)
            if starts + door.minutes + walk_minutes(door.place, session.place, walking) > session.ends:
                break
            self.after = door.key
            if not door.windows or any(span.opens <= starts <= span.last_start for span in door.windows):
                stops.append(Stop(door.key, starts, starts, 0.0, door.minutes, "worth-the-minutes"))
                time, here = starts + door.minutes, door.place
        return Round(session.key, tuple(stops), time + walk_minutes(here, session.place, walking))
