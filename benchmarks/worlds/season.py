"""Plays weeks of rounds: plan, knock, see who opens, plan again. The same doors and the same luck for every planner."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from benchmarks.worlds.community import make_community
from qiaomen.planner.check import walk_minutes
from qiaomen.planner.facts import Door, Plan, Round, Session, Stop, Walking

Planner = Callable[[Sequence[Door], Sequence[Session]], Plan]
Worth = Callable[[float, float], float]
"""From a door's need and the weeks it has waited: what a visit is worth to the planner."""


def play_season(
    planner: Planner, *, seed: int, kind: str, weeks: int, households: int, worth: Worth = lambda need, waited: need
) -> tuple[float, int]:
    """Return (total neglect, doors met) over some weeks.

    A door's overdue share grows by 1/cadence a week (4 weeks for key groups, 13 for others) and falls to 0 when it
    opens; its need is weight × overdue share, and neglect is the sum of all needs after each week's rounds, whatever
    the planner was told a visit is worth.
    """
    doors, sessions = make_community(seed, kind=kind, households=households, musts=0, by_session=True)
    random = Random(f"season-{seed}-{kind}")
    weights = {door.key: random.choice((3.0, 4.0, 5.0, 6.0)) if random.random() < 0.12 else 1.0 for door in doors}
    cadence = {key: 4.0 if weight > 1 else 13.0 for key, weight in weights.items()}
    overdue = {door.key: random.uniform(0, 2) for door in doors}
    neglect, met = 0.0, 0
    for week in range(weeks):
        now = [
            replace(door, need=worth(weights[door.key] * overdue[door.key], overdue[door.key] * cadence[door.key]))
            for door in doors
        ]
        plan = planner(now, sessions)
        chance = {door.key: door.home_chance for door in doors}
        for index, one in enumerate(plan.rounds):
            for stop in one.stops:
                if Random(f"{seed}-{week}-{stop.door}-{one.session[-1]}").random() < chance[stop.door][index]:
                    overdue[stop.door] = 0.0
                    met += 1
        neglect += sum(weights[key] * overdue[key] for key in overdue)
        overdue = {key: was + 1 / cadence[key] for key, was in overdue.items()}
    return neglect, met


class AddressOrder:
    """Walks from door to door in the order of the addresses, goes on next time where it stopped, and begins again."""

    def __init__(self) -> None:
        self.next = 0

    def __call__(self, doors: Sequence[Door], sessions: Sequence[Session]) -> Plan:
        """Fill each session with the next doors; one whose window is shut is passed by."""
        rounds = tuple(self.walk(doors, session) for session in sessions)
        return Plan(rounds=rounds, left_out=(), prize=0.0, other_prize=0.0, other_prize_free=None, iterations=0)

    def walk(self, doors: Sequence[Door], session: Session) -> Round:
        """Return one session's round."""
        walking, time, here = Walking(), session.starts, session.place
        stops: list[Stop] = []
        for _ in doors:
            door = doors[self.next % len(doors)]
            starts = time + walk_minutes(here, door.place, walking)
            if starts + door.minutes + walk_minutes(door.place, session.place, walking) > session.ends:
                break
            self.next += 1
            if not door.windows or any(one.opens <= starts <= one.last_start for one in door.windows):
                stops.append(Stop(door.key, starts, starts, 0.0, door.minutes, "worth-the-minutes"))
                time, here = starts + door.minutes, door.place
        return Round(session.key, tuple(stops), time + walk_minutes(here, session.place, walking))
