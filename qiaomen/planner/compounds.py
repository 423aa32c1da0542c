"""Rounds that stay in one or two compounds: a team that crosses the estate three times walks more streets than stairs.

A short search finds where the prizes of each session lie; then each session keeps its best compounds and is planned
with what is left of the budget. A must-visit goes where it has to, and its compound comes first.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qiaomen.planner.arrays import rank_doors
from qiaomen.planner.facts import Door, Plan, PlanParams, Session, Window
from qiaomen.planner.plan import plan_rounds

MOST = 2
"""So many compounds a walk."""
FIRST_SHARE = 0.25
"""The part of the budget that finds the compounds."""


def plan_near(
    doors: Sequence[Door],
    sessions: Sequence[Session],
    params: PlanParams | None = None,
    *,
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
    most: int = MOST,
) -> Plan:
    """Plan as plan_rounds does, each session in at most `most` compounds unless its must-visits lie in more.

    The sessions must not overlap: a door is kept out of one by its hours. A door that no session keeps is not named
    among what was left out.
    """
    if len({door.place.compound for door in doors}) <= most:
        return plan_rounds(doors, sessions, params, seed=seed, seconds=seconds, iterations=iterations)
    params = params or PlanParams()
    first = plan_rounds(
        [doors[index] for index in rank_doors(doors, sessions, params)],
        sessions,
        replace(params, price_share=0.0),
        seed=seed,
        seconds=None if seconds is None else seconds * FIRST_SHARE,
        iterations=None if iterations is None else int(iterations * FIRST_SHARE),
    )
    kept = compounds_of(first, doors, most)
    served = {stop.door: walk.session for walk in first.rounds for stop in walk.stops}
    near = [one for door in doors if (one := _confined(door, sessions, served.get(door.key), kept))]
    return plan_rounds(
        near,
        sessions,
        params,
        seed=seed,
        seconds=None if seconds is None else seconds * (1 - FIRST_SHARE),
        iterations=None if iterations is None else iterations - int(iterations * FIRST_SHARE),
    )


def compounds_of(plan: Plan, doors: Sequence[Door], most: int) -> dict[str, set[str]]:
    """Return the compounds each session keeps: those of its must-visits, then those with the most prize."""
    known, found = {door.key: door for door in doors}, {}
    for walk in plan.rounds:
        worth: dict[str, float] = defaultdict(float)
        musts = set()
        for stop in walk.stops:
            door = known[stop.door]
            worth[door.place.compound] += stop.prize
            if door.must_visit:
                musts.add(door.place.compound)
        others = [
            name for name, _prize in sorted(worth.items(), key=lambda one: (-one[1], one[0])) if name not in musts
        ]
        found[walk.session] = musts | set(others[: max(0, most - len(musts))])
    return found


def _confined(door: Door, sessions: Sequence[Session], served: str | None, kept: Mapping[str, set[str]]) -> Door | None:
    """Return a door with hours in the sessions that keep its compound, a must-visit in that which served it at first;
    None: no session does.
    """
    if door.must_visit:
        allowed = [one for one in sessions if served in (None, one.key)]
    else:
        allowed = [one for one in sessions if door.place.compound in kept.get(one.key, set())]
    if len(allowed) == len(sessions):
        return door
    windows = [window for session in allowed for window in _within(door, session)]
    return replace(door, windows=tuple(windows)) if windows else None


def _within(door: Door, session: Session) -> list[Window]:
    spans = [(window.opens, window.last_start) for window in door.windows] or [(session.starts, session.ends)]
    cut = [(max(opens, session.starts), min(last, session.ends)) for opens, last in spans]
    return [Window(opens, last) for opens, last in cut if opens <= last]
