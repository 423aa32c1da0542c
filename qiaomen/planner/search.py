"""Searches the routes of a problem given as arrays: descents of the compiled search, later ones from two good plans.

One long descent ends in one valley; on published instances of 100 doors its prize varied by 3 % between seeds. Many
short ones whose best plans are crossed vary less (hybrid genetic search: Vidal et al. 2012, DOI
10.1287/opre.1120.1048).
"""

from collections.abc import Callable
from random import Random
from time import perf_counter

import numpy as np

from qiaomen.planner import loops as kernel
from qiaomen.planner.arrays import Facts, Floats, Ints
from qiaomen.planner.facts import SearchParams
from qiaomen.planner.state import State, make_state

Routes = list[list[int]]
STEPS = 60
"""The heat of a descent falls in so many steps; between two the search looks at the clock."""


class Budget:
    """What may be spent: seconds of a clock or tries (exactly one of them). `done` counts tries."""

    def __init__(self, seconds: float | None, iterations: int | None, clock: Callable[[], float]) -> None:
        if (seconds is None) == (iterations is None):
            raise ValueError("give a budget in seconds or in iterations")
        self.seconds, self.iterations, self.clock = seconds, iterations, clock
        self.began, self.done = clock(), 0

    def share(self) -> float:
        """Return the part that is spent: 1 or more means stop."""
        if self.iterations is not None:
            return self.done / max(self.iterations, 1)
        return (self.clock() - self.began) / max(self.seconds or 0.0, 1e-9)

    def tries(self, share: float) -> int:
        """Return about how many tries a part of the budget pays for."""
        if self.iterations is not None:
            return max(1, round(self.iterations * share))
        return int(share * self.done / max(self.share(), 1e-9))


def find_routes(
    facts: Facts, params: SearchParams, *, seed: int, seconds: float | None = None, iterations: int | None = None,
    first: Routes | None = None, clock: Callable[[], float] = perf_counter,
) -> tuple[Routes, int]:  # fmt: skip
    """Search; return for each route its doors in walking order, and the tries spent. `first` is where to begin."""
    budget = Budget(seconds, iterations, clock)
    if facts.prize.size == 0:
        return [[] for _ in facts.starts], 0
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
    return good[0][1], budget.done


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
        good.sort(key=lambda one: -one[0])
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
        [params.string_share, both, params.strings, params.longest, params.removals, params.rivals, params.noise,
         params.blink, params.order_share], dtype=np.float64,
    )  # fmt: skip


def lay_out(facts: Facts, routes: Routes | None) -> Ints:
    """Return routes as one row each, filled up with -1."""
    rows = np.full((len(facts.starts), len(facts.must) + 1), -1, dtype=np.int64)
    for r, route in enumerate(routes or []):
        rows[r, : len(route)] = route
    return rows
