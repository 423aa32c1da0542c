"""PyVRP as a second referee: it finds every plan of a hundred worlds sound, and none once its sessions end too early.

    python3 start.py bench referee

The suite's own referee (planner_check) shares no code with the planner; this one shares no author. It stands here and
not in the suite because PyVRP brings a drawing library along that nothing else needs.
"""

import sys
from dataclasses import replace
from random import Random

import numpy as np
import pyvrp

from qiaomen.planner.check import walk_minutes
from qiaomen.planner.facts import Door, Plan, Session, Window
from qiaomen.planner.plan import plan_rounds
from qiaomen.planner.tests.test_planner import PARAMS, WALKING, make_doors, make_sessions

WORLDS = 100
TICKS = 1000
"""PyVRP counts in whole numbers: thousandths of a minute, legs rounded down so that rounding accuses nobody."""


def judge(doors: list[Door], sessions: list[Session], plan: Plan) -> bool:
    """Ask PyVRP whether a plan is sound."""
    places = [door.place for door in doors]
    for session in sessions:
        places += [session.place, session.end_place or session.place]
    legs = np.array([[0 if a is b else int(TICKS * walk_minutes(a, b, WALKING)) for b in places] for a in places])
    np.fill_diagonal(legs, 0)
    depots = [pyvrp.Depot(len(doors) + place) for place in range(2 * len(sessions))]
    locations = [pyvrp.Location(0, 0)] * len(places)
    facts = pyvrp.ProblemData(locations, _clients(doors, plan), depots, _vehicles(sessions), [legs], [legs])
    number = {door.key: place for place, door in enumerate(doors)}
    walked = [[number[stop.door] for stop in planned.stops] for planned in plan.rounds]
    routes = [pyvrp.Route(facts, route, r) for r, route in enumerate(walked) if route]
    return bool(pyvrp.Solution(facts, routes).is_feasible())


def _clients(doors: list[Door], plan: Plan) -> list[pyvrp.Client]:
    unserved = {left_out.door for left_out in plan.unserved_musts}
    spans = [door.windows[0] if door.windows else Window(0, 1e6) for door in doors]
    return [
        pyvrp.Client(
            place,
            service_duration=int(TICKS * door.minutes),
            tw_early=int(TICKS * span.opens),
            tw_late=int(TICKS * span.last_start),
            required=door.must_visit and door.key not in unserved,
        )
        for place, (door, span) in enumerate(zip(doors, spans, strict=True))
    ]


def _vehicles(sessions: list[Session]) -> list[pyvrp.VehicleType]:
    return [
        pyvrp.VehicleType(
            1,
            start_depot=2 * r,
            end_depot=2 * r + 1,
            tw_early=int(TICKS * session.starts),
            tw_late=int(TICKS * session.ends),
        )
        for r, session in enumerate(sessions)
    ]


def main() -> None:
    """Judge plans of invented worlds, and the same plans with sessions cut short by a minute."""
    random, accused, let_pass, walked = Random(6), [], [], 0
    for seed in range(WORLDS):
        sessions = make_sessions(random, random.randint(1, 4))
        doors = [replace(door, windows=door.windows[:1]) for door in make_doors(random, 25, len(sessions))]
        plan = plan_rounds(doors, sessions, PARAMS, seed=seed, iterations=100)
        if not judge(doors, sessions, plan):
            accused.append(seed)
        if any(planned.stops for planned in plan.rounds):
            walked += 1
            pairs = zip(sessions, plan.rounds, strict=True)
            short = [replace(session, ends=max(session.starts + 1, one.back - 1)) for session, one in pairs]
            let_pass += [seed] if judge(doors, short, plan) else []
    print(f"{WORLDS} plans, {walked} with doors: unsound {accused or 'none'}; late ones let pass {let_pass or 'none'}")
    if accused or let_pass or walked <= WORLDS // 2:
        sys.exit(1)


if __name__ == "__main__":
    main()
