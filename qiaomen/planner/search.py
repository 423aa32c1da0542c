"""Searches the routes of a problem given as arrays: descents of the compiled search, later ones from two good plans.

One long descent ends in one valley; on published instances of 100 doors its prize varied by 3 % between seeds. Many
short ones whose best plans are crossed vary less (hybrid genetic search: Vidal et al. 2012, DOI
10.1287/opre.1120.1048).

The search can be stopped at any time: the greedy routes stand before the first try, and what is returned is never
worth less. A budget is tries, or seconds that this thread computed: on a busy machine a second of the wall holds less
work, and a round must not be poorer, or empty, because somebody else was computing.
"""

from collections.abc import Callable
from random import Random
from time import thread_time
from typing import NamedTuple

import numpy as np

from qiaomen.planner import loops as kernel
from qiaomen.planner.arrays import Facts, Floats, Ints
from qiaomen.planner.facts import SearchParams
from qiaomen.planner.state import POWERS, State, make_state

Routes = list[list[int]]
STEPS = 60
"""The heat of a descent falls in so many steps; between two the search looks at the clock."""
RATIO = POWERS.index(1.0)


class Found(NamedTuple):
    """What a search found: for each route its doors in walking order, the tries spent, and whether it was in haste.

    `hasty`: the budget ended before one whole descent (SearchParams.tries_a_door tries for each door).
    """

    routes: Routes
    tries: int
    hasty: bool


class Budget:
    """What may be spent: tries, or seconds of a clock; 0 of them is nothing. `done` counts tries.

    With both the tries decide, so that the same seed gives the same plan, and the seconds only end it early, between
    two tries.
    """

    def __init__(self, seconds: float | None, iterations: int | None, clock: Callable[[], float]) -> None:
        if seconds is None and iterations is None:
            raise ValueError("give a budget in seconds or in iterations")
        if (seconds or 0) < 0 or (iterations or 0) < 0:
            raise ValueError("a budget is not negative")
        self.seconds, self.iterations, self.clock = seconds, iterations, clock
        self.began, self.done = clock(), 0

    def share(self) -> float:
        """Return the part that is spent: 1 or more means stop."""
        if 0 in (self.seconds, self.iterations):
            return 1.0
        if self.iterations is not None:
            return 1.0 if self.is_out_of_time() else self.done / self.iterations
        return (self.clock() - self.began) / max(self.seconds or 0.0, 1e-9)

    def is_out_of_time(self) -> bool:
        """Say whether the seconds are over; without seconds they never are."""
        return self.seconds is not None and self.clock() - self.began >= self.seconds

    def tries(self, share: float) -> int:
        """Return about how many tries a part of the budget pays for."""
        if self.iterations is not None:
            return max(1, round(self.iterations * share))
        return int(share * self.done / max(self.share(), 1e-9))


def find_routes(
    facts: Facts,
    params: SearchParams,
    *,
    seed: int,
    seconds: float | None = None,
    iterations: int | None = None,
    first: Routes | None = None,
    clock: Callable[[], float] = thread_time,
) -> Found:
    """Search until the budget is spent. `first` is where to begin; what is found is worth no less than it, nor than
    the greedy routes, which are there with a budget of nothing, too.
    """
    if facts.prize.size == 0:
        Budget(seconds, iterations, clock)
        return Found([[] for _ in facts.starts], 0, hasty=False)
    standing = best_of(facts, find_greedy_routes(facts), first)
    budget = Budget(seconds, iterations, clock)
    if budget.share() >= 1:
        return Found(standing[1], 0, hasty=True)
    random, good = Random(seed), list[tuple[float, Routes]]()
    descents = count_descents(facts, params, budget, seed)
    for turn in range(descents):
        heat = params.start_heat
        if turn >= params.fresh_share * descents and len(good) > 1:
            heat *= params.reheat
            (_, mother), (_, father) = random.sample(good, 2)
            first = cross(facts, mother, father, random)
        state = make_state(facts, seed + (turn << 32))
        kernel.begin(facts, state, lay_out(facts, first))
        descend(facts, state, params, budget, heat, (turn + 1) / descents)
        keep_good(good, state, params.good_plans)
        first = None
    routes = standing[1] if standing[0] > good[0][0] + kernel.TINY else good[0][1]
    return Found(routes, budget.done, hasty=budget.done < params.tries_a_door * len(facts.must))


def find_greedy_routes(facts: Facts) -> Routes:
    """Insert doors at their cheapest place while one fits: must-visits first, then most prize a minute."""
    state = make_state(facts, 1)
    kernel.begin(facts, state, lay_out(facts, None))
    state.touched[:] = 0
    kernel.recreate(facts, state, RATIO, 0.0, 0.0)
    sizes = [state.size[state.slot[r], r] for r in range(len(facts.starts))]
    return [[int(i) for i in state.seq[state.slot[r], r, 1 : size + 1]] for r, size in enumerate(sizes)]


def best_of(facts: Facts, *several: Routes | None) -> tuple[float, Routes]:
    """Return the routes worth most, and their worth as the search counts it: must-visits before all prizes."""
    found: list[tuple[float, Routes]] = []
    for routes in several:
        if routes is not None:
            state = make_state(facts, 1)
            kernel.begin(facts, state, lay_out(facts, routes))
            keep_good(found, state, len(several))
    return found[0]


def count_descents(facts: Facts, params: SearchParams, budget: Budget, seed: int) -> int:
    """Return how many descents the budget pays for; with seconds, a fiftieth of them goes into measuring the speed."""
    if budget.iterations is None:
        state = make_state(facts, seed)
        kernel.begin(facts, state, lay_out(facts, None))
        while budget.share() < 0.02:
            kernel.search(facts, state, 10, params.start_heat * mean_prize(facts), 0.0, knobs_of(params))
            budget.done += 10
    return max(1, round(budget.tries(1.0) / (params.tries_a_door * len(facts.must))))


def descend(facts: Facts, state: State, params: SearchParams, budget: Budget, heat: float, until: float) -> None:
    """Let the heat (in mean prizes of a door) fall to `params.end_heat` until that share of the budget is spent."""
    began, scale = budget.share(), mean_prize(facts)
    fall = min(1.0, params.end_heat / heat)
    while (share := budget.share()) < until:
        now = scale * heat * fall ** ((share - began) / (until - began))
        count = max(1, min(5000, budget.tries((until - began) / STEPS)))
        if budget.iterations is not None:
            count = min(count, budget.iterations - budget.done)
        kernel.search(facts, state, count, now, 1e-6 * scale, knobs_of(params))
        budget.done += count


def keep_good(good: list[tuple[float, Routes]], state: State, most: int) -> None:
    """Add the best plan of a descent to the good ones, best first, unless one visits the same doors."""
    routes = [[int(i) for i in row[1 : size + 1]] for row, size in zip(state.best_seq, state.best_size, strict=True)]
    doors = {frozenset(route) for route in routes}
    if all({frozenset(route) for route in other} != doors for _, other in good):
        good.append((float(state.score[1]), routes))
        good.sort(key=lambda move: -move[0])
        del good[most:]


def cross(facts: Facts, mother: Routes, father: Routes, random: Random) -> Routes:
    """Return some routes of one plan and, in the sessions left, those routes of the other that add most prize.

    A door is taken once. Routes move only between sessions of the same hours; one that does not hold there is
    emptied by kernel.begin.
    """
    order = random.sample(range(len(mother)), len(mother))
    kept = random.randint(1, max(1, len(mother) - 1))
    child: Routes = [[] for _ in mother]
    taken, free = set[int](), set(range(len(mother)))
    for r in order[:kept]:
        child[r] = mother[r]
        taken.update(mother[r])
    for r in order[kept:]:
        alike = [j for j in sorted(free) if facts.starts[j] == facts.starts[r] and facts.ends[j] == facts.ends[r]]
        if alike:
            added = [[i for i in father[j] if i not in taken] for j in alike]
            top = max(range(len(alike)), key=lambda a: sum(facts.prize[i, r] for i in added[a]))
            child[r] = added[top]
            taken.update(added[top])
            free.discard(alike[top])
    return child


def mean_prize(facts: Facts) -> float:
    """Return the mean over doors of the prize in their best session."""
    return max(float(facts.prize.max(axis=1).mean()), 1e-9)


def knobs_of(params: SearchParams) -> Floats:
    """Return the search's numbers in the order the compiled loop reads them."""
    both = params.string_share + params.random_share
    return np.array(
        [
            params.string_share,
            both,
            params.strings,
            params.longest,
            params.removals,
            params.rivals,
            params.noise,
            params.blink,
            params.order_share,
        ],
        dtype=np.float64,
    )


def lay_out(facts: Facts, routes: Routes | None) -> Ints:
    """Return routes as one row each, filled up with -1."""
    rows = np.full((len(facts.starts), len(facts.must) + 1), -1, dtype=np.int64)
    for r, route in enumerate(routes or []):
        rows[r, : len(route)] = route
    return rows
