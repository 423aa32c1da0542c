"""The referee: walks a plan again with its own arithmetic and names everything that is wrong. Shares no code."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from qiaomen.planner.facts import Door, Place, Plan, Round, Session, Walking

SLACK = 1e-6
"""Minutes of rounding that are forgiven."""


def walk_minutes(here: Place, there: Place, walking: Walking) -> float:
    """Return the minutes from one place to another: the same staircase, or down, across and up."""
    low, high = max(here.floor, 1), max(there.floor, 1)
    stair = (here.compound, here.building, here.entrance, here.east, here.north)
    if stair == (there.compound, there.building, there.entrance, there.east, there.north):
        floors = high - low
        climb = floors * walking.floor_up_minutes if floors > 0 else -floors * walking.floor_down_minutes
        return walking.neighbour_minutes + climb
    metres = math.hypot(there.east - here.east, there.north - here.north) * walking.detour
    climb = (low - 1) * walking.floor_down_minutes + (high - 1) * walking.floor_up_minutes
    return climb + metres / walking.metres_per_minute + walking.entrance_minutes


def check_plan(doors: Sequence[Door], sessions: Sequence[Session], plan: Plan, walking: Walking) -> list[str]:
    """Return every broken rule in words; empty when the plan is sound.

    Checked: each session once, no door twice, times walked, windows, minutes, every door served or named as left out,
    and the sums of the prizes.
    """
    by_key = {door.key: door for door in doors}
    wrong = (
        [] if [walk.session for walk in plan.rounds] == [session.key for session in sessions] else ["sessions differ"]
    )
    stops = [stop for walk in plan.rounds for stop in walk.stops]
    placed = Counter([stop.door for stop in stops] + [left.door for left in plan.left_out])
    wrong += [f"{key}: told {placed[key]} times" for key in by_key if placed[key] != 1]
    if unknown := [key for key in placed if key not in by_key]:
        return [*wrong, f"unknown doors {unknown}"]
    for index, (walk, session) in enumerate(zip(plan.rounds, sessions, strict=True)):
        wrong += check_round(by_key, session, index, walk, walking)
    if abs(sum(stop.prize for stop in stops) - plan.prize) > SLACK * max(1.0, plan.prize):
        wrong.append("prizes do not add up")
    others = sum(stop.prize for stop in stops if not by_key[stop.door].must_visit)
    if abs(others - plan.other_prize) > SLACK * max(1.0, plan.prize):
        wrong.append("other prizes do not add up")
    return wrong


def check_round(doors: dict[str, Door], session: Session, index: int, walk: Round, walking: Walking) -> Iterator[str]:
    """Name what is wrong in one round."""
    time, here = session.starts, session.place
    for stop in walk.stops:
        door = doors[stop.door]
        time += walk_minutes(here, door.place, walking)
        if abs(time - stop.arrives) > SLACK or stop.starts < time - SLACK:
            yield f"{door.key}: arrives at {time}, told {stop.arrives} and {stop.starts}"
        windows = [(window.opens, window.last_start) for window in door.windows] or [(-math.inf, math.inf)]
        if not any(opens - SLACK <= stop.starts <= last + SLACK for opens, last in windows):
            yield f"{door.key}: starts at {stop.starts}, outside its windows"
        prize = door.need * (door.home_chance[index] if door.home_chance else 1.0)
        if abs(prize - stop.prize) > SLACK * max(1.0, prize):
            yield f"{door.key}: prize {stop.prize}, worth {prize}"
        time, here = stop.starts + door.minutes, door.place
    if walk.stops:
        time += walk_minutes(here, session.end_place or session.place, walking)
    if time > session.ends + SLACK or abs(time - walk.back) > SLACK:
        yield f"{session.key}: back at {time}, told {walk.back}, ends {session.ends}"
