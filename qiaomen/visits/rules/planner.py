"""Plans the rounds of some days: which doors, in which order, by which team, with the reason for each.

Team orienteering with time windows. Facts in, a finding out; the only clock is a budget in seconds, and with a budget
in iterations the same seed gives the same plan on every machine.
"""

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from qiaomen.visits.rules import planner_kernel as kernel
from qiaomen.visits.rules.planner_arrays import (
    Facts,
    Floats,
    Ints,
    best_prize,
    build_facts,
    clip_windows,
    prize_of,
    rank_doors,
)
from qiaomen.visits.rules.planner_facts import Door, LeftOut, Plan, PlanParams, Round, SearchParams, Session, Stop
from qiaomen.visits.rules.planner_state import make_state

Routes = list[list[int]]
STEPS = 200
"""The heat falls in so many steps; between two the search looks at the clock."""


def plan_rounds(
    doors: Sequence[Door],
    sessions: Sequence[Session],
    params: PlanParams | None = None,
    *,
    seed: int = 1,
    seconds: float | None = None,
    iterations: int | None = None,
) -> Plan:
    """Plan the sessions' rounds within a budget of seconds or of iterations (exactly one of them).

    Must-visits go before everything else; one that cannot be served is named in `left_out`, never dropped in silence.

    Raises: ValueError when both or no budget is given, or when two doors or two sessions share a key.
    """
    params = params or PlanParams()
    check_words(doors, sessions)
    kept = [doors[index] for index in rank_doors(doors, sessions, params)]
    facts = build_facts(kept, sessions, params.walking)
    routes, spent = find_routes(facts, params.search, seed=seed, seconds=seconds, iterations=iterations)
    free = None
    if params.price_share and any(door.must_visit for door in kept):
        again = facts._replace(must=np.zeros_like(facts.must))
        budget = {
            "seconds": seconds and seconds * params.price_share,
            "iterations": iterations and max(1, int(iterations * params.price_share)),
        }
        others, _ = find_routes(again, params.search, seed=seed, first=routes, **budget)  # type: ignore[arg-type]
        free = sum(facts.prize[i, r] for r, route in enumerate(others) for i in route if not kept[i].must_visit)
    return tell_plan(doors, kept, sessions, facts, routes, free, spent)


def check_words(doors: Sequence[Door], sessions: Sequence[Session]) -> None:
    """Refuse doors or sessions that share a key, and chances that do not fit the sessions."""
    if len({door.key for door in doors}) < len(doors) or len({one.key for one in sessions}) < len(sessions):
        raise ValueError("two doors or two sessions share a key")
    if wrong := [door.key for door in doors if len(door.home_chance) not in (0, len(sessions))]:
        raise ValueError(f"door {wrong[0]} needs one chance for each session")


def find_routes(
    facts: Facts,
    params: SearchParams,
    *,
    seed: int,
    seconds: float | None = None,
    iterations: int | None = None,
    first: Routes | None = None,
) -> tuple[Routes, int]:
    """Search; return for each route its doors in walking order, and the tries spent. `first` is where to begin."""
    if (seconds is None) == (iterations is None):
        raise ValueError("give a budget in seconds or in iterations")
    began = perf_counter()
    state = make_state(facts, seed)
    if facts.prize.size == 0:
        return [[] for _ in facts.starts], 0
    kernel.begin(facts, state, lay_out(facts, first))
    scale = max(float(facts.prize.max(axis=1).mean()), 1e-9)
    fall = params.end_heat / params.start_heat
    minute_price = 1e-6 * scale
    done, share, chunk = 0, 0.0, 5
    while share < 1:
        if iterations is not None:
            chunk = min(max(1, iterations // STEPS), iterations - done)
        kernel.search(facts, state, chunk, scale * params.start_heat * fall**share, minute_price, knobs_of(params))
        done += chunk
        if iterations is not None:
            share = done / iterations
        elif seconds is not None:
            spent = perf_counter() - began
            share = spent / max(seconds, 1e-9)
            chunk = max(5, min(5000, int(seconds / STEPS * done / spent)))
    routes = [[int(i) for i in state.best_seq[r, 1 : state.best_size[r] + 1]] for r in range(len(facts.starts))]
    return routes, done


def knobs_of(params: SearchParams) -> Floats:
    """Return the search's numbers in the order the compiled loop reads them."""
    both = params.string_share + params.random_share
    return np.array(
        [params.string_share, both, params.strings, params.longest, params.removals, params.rivals, params.noise,
         params.blink, params.order_share], dtype=np.float64,
    )  # fmt: skip


def lay_out(facts: Facts, routes: Routes | None) -> Ints:
    """Return routes as one row each, filled up with -1."""
    rows = np.full((len(facts.starts), len(facts.must) + 1), -1, dtype=np.int64)
    for r, route in enumerate(routes or []):
        rows[r, : len(route)] = route
    return rows


def tell_plan(
    doors: Sequence[Door], kept: Sequence[Door], sessions: Sequence[Session], facts: Facts, routes: Routes,
    free: float | None, iterations: int,
) -> Plan:  # fmt: skip
    """Put routes into words: times, prizes, reasons, and everything left out."""
    rounds = tuple(tell_round(kept, sessions, facts, r, route) for r, route in enumerate(routes))
    stops = {stop.door: stop for one in rounds for stop in one.stops}
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
        iterations=iterations,
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
    if not fits_alone(facts, [one.key for one in kept].index(door.key)):
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
