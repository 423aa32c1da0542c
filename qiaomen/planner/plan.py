"""Plans the rounds of some days: which doors, in which order, by which team, with the reason for each.

Team orienteering with time windows. Facts in, a finding out; the only clock is a budget in seconds of computing, and
with a budget in iterations the same seed gives the same plan on every machine. Whatever the budget, nothing included,
the greedy plan stands (planner_search): no door stays out for want of time to think.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from qiaomen.planner import loops as kernel
from qiaomen.planner.arrays import Facts, best_prize, build_facts, clip_windows, prize_of, rank_doors
from qiaomen.planner.direction import weighty_first
from qiaomen.planner.facts import Door, LeftOut, Place, Plan, PlanParams, Round, Session, Stop
from qiaomen.planner.search import Found, find_routes


def plan_rounds(
    doors: Sequence[Door],
    sessions: Sequence[Session],
    params: PlanParams | None = None,
    *,
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
) -> Plan:
    """Plan the sessions' rounds within a budget of computed seconds or of iterations (0 included); with both the
    iterations decide what is found, and the seconds only end it early.

    Must-visits go before everything else; one that cannot be served is named in `left_out`, never dropped in silence.

    Raises: ValueError when no budget is given, a negative one, or when two doors or two sessions share a key.
    """
    params = params or PlanParams()
    check_words(doors, sessions)
    compile_loops()
    kept = [doors[index] for index in rank_doors(doors, sessions, params)]
    facts = build_facts(kept, sessions, params.walking)
    found = find_routes(facts, params.search, seed=seed, seconds=seconds, iterations=iterations)
    free = None
    if params.price_share and any(door.must_visit for door in kept):
        again = facts._replace(must=np.zeros_like(facts.must))
        budget = {
            "seconds": seconds and seconds * params.price_share,
            "iterations": iterations and max(1, int(iterations * params.price_share)),
        }
        others = find_routes(again, params.search, seed=seed, first=found.routes, **budget).routes  # type: ignore[arg-type]
        free = sum(facts.prize[i, r] for r, route in enumerate(others) for i in route if not kept[i].must_visit)
    if params.weighty_first:
        found = found._replace(routes=weighty_first(facts, found.routes))
    return tell_plan(doors, kept, sessions, facts, found, free)


@lru_cache(maxsize=1)
def compile_loops() -> None:
    """Plan one door once, outside of any budget: on a new machine the loops are compiled here, which takes a while."""
    params = PlanParams()
    facts = build_facts([Door("", Place(), 1.0, 1.0)], [Session("", 0.0, 60.0)], params.walking)
    find_routes(facts, params.search, seed=1, iterations=1)


def check_words(doors: Sequence[Door], sessions: Sequence[Session]) -> None:
    """Refuse doors or sessions that share a key, and chances that do not fit the sessions."""
    if len({door.key for door in doors}) < len(doors) or len({session.key for session in sessions}) < len(sessions):
        raise ValueError("two doors or two sessions share a key")
    if wrong := [door.key for door in doors if len(door.home_chance) not in (0, len(sessions))]:
        raise ValueError(f"door {wrong[0]} needs one chance for each session")


def tell_plan(
    doors: Sequence[Door],
    kept: Sequence[Door],
    sessions: Sequence[Session],
    facts: Facts,
    found: Found,
    free: float | None,
) -> Plan:
    """Put routes into words: times, prizes, reasons, and everything left out."""
    rounds = tuple(tell_round(kept, sessions, facts, r, route) for r, route in enumerate(found.routes))
    stops = {stop.door: stop for walk in rounds for stop in walk.stops}
    considered = {door.key for door in kept}
    left_out = tuple(
        LeftOut(door.key, door.must_visit, best_prize(door, sessions), why_out(door, sessions, facts, kept, considered))
        for door in doors
        if door.key not in stops
    )
    musts = {door.key for door in doors if door.must_visit}
    return Plan(
        rounds=rounds,
        left_out=left_out,
        prize=sum(stop.prize for stop in stops.values()),
        other_prize=sum(stop.prize for key, stop in stops.items() if key not in musts),
        other_prize_free=free,
        iterations=found.tries,
        hasty=found.hasty,
    )


def tell_round(kept: Sequence[Door], sessions: Sequence[Session], facts: Facts, r: int, route: list[int]) -> Round:
    """Walk a route once and note arrivals, starts and what each stop costs."""
    time, stops = sessions[r].starts, []
    nodes = [len(kept) + 2 * r, *route, len(kept) + 2 * r + 1]
    for before, i, after in zip(nodes, route, nodes[2:], strict=False):
        door = kept[i]
        arrives = time + float(facts.travel[before, i])
        starts = float(kernel.start_at(facts, i, r, arrives))
        way = float(facts.travel[before, i] + facts.travel[i, after] - facts.travel[before, after])
        why = "must-visit" if door.must_visit else "worth-the-minutes"
        stops.append(Stop(door.key, arrives, starts, prize_of(door, r), door.minutes + way, why))
        time = starts + door.minutes
    return Round(sessions[r].key, tuple(stops), time + float(facts.travel[nodes[-2], nodes[-1]]) if route else time)


def why_out(door: Door, sessions: Sequence[Session], facts: Facts, kept: Sequence[Door], considered: set[str]) -> str:
    """Say why a door is in no round (one of LEFT_OUT)."""
    if not any(clip_windows(door, session) for session in sessions):
        return "no-window"
    if door.key not in considered:
        return "not-considered"
    if not fits_alone(facts, [door.key for door in kept].index(door.key)):
        return "too-far"
    return "no-room" if door.must_visit else "not-worth-the-minutes"


def fits_alone(facts: Facts, i: int) -> bool:
    """Say whether some session could visit door i and nothing else."""
    n = len(facts.must)
    for r, (starts, ends) in enumerate(zip(facts.starts, facts.ends, strict=True)):
        begun = kernel.start_at(facts, i, r, starts + facts.travel[n + 2 * r, i])
        if begun + facts.minutes[i] + facts.travel[i, n + 2 * r + 1] <= ends + kernel.TINY:
            return True
    return False
