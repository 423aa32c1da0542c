"""An upper bound on a plan's prize: column generation with HiGHS over ng-routes.

Routes that return to a door are allowed once they have forgotten it (ng-relaxation, Baldacci et al. 2011, DOI
10.1287/opre.1110.0975), so that the bound holds for all real plans over the same doors. After each master the
Lagrangian bound is taken: duals' value + the best reduced prize of each session.
"""

from time import perf_counter

import highspy
import numpy as np
from numba import njit

from benchmarks.rivals import group_sessions
from qiaomen.planner.arrays import Facts
from qiaomen.planner.facts import SearchParams
from qiaomen.planner.search import find_routes

SMOOTH = 0.7
LABELS = 4_000_000
MEMORY = 10
"""A door remembers whether so many of its neighbours were visited before it."""


@njit(cache=True)
def price_routes(
    travel, minutes, opens, closes, ways, profit, keep, starts, ends, source, sink, floor, limit, most, room
):
    """Find routes of one session whose reduced prize beats `floor`; label setting by time.

    Returns (best reduced prize, labels' doors, parents, ends of routes found, labels made); best is inf when `limit`
    labels did not suffice.
    """
    n, words = keep.shape
    # room[t]: the most profit that t whole minutes could hold
    buckets = int(ends - starts) + 2
    head = np.full(buckets, -1, np.int64)
    heap_next = np.empty(limit, np.int64)
    of_door = np.full(n, -1, np.int64)
    door_next = np.empty(limit, np.int64)
    door, parent = np.empty(limit, np.int64), np.empty(limit, np.int64)
    time, value = np.empty(limit), np.empty(limit)
    memory = np.zeros((limit, words), np.uint64)
    dead = np.zeros(limit, np.bool_)
    done = np.full(n, -1, np.int64)
    best_value = np.full(n, -1e300)
    made = 0
    for step in range(-1, buckets):
        label = -2 if step < 0 else head[step]
        while label != -1:
            following = -1 if label == -2 else heap_next[label]
            if label >= 0 and dead[label]:
                label = following
                continue
            here = source if label == -2 else door[label]
            now = starts if label == -2 else time[label]
            have = 0.0 if label == -2 else value[label]
            for j in range(n):
                if profit[j] <= 0.0 or ways[j] == 0:
                    continue
                if label >= 0 and (memory[label, j // 64] >> np.uint64(j % 64)) & np.uint64(1):
                    continue
                arrival = now + travel[here, j]
                begun = 1e300
                for w in range(ways[j]):
                    if arrival <= closes[j, w] + 1e-9:
                        begun = max(arrival, opens[j, w])
                        break
                left = begun + minutes[j]
                if left + travel[j, sink] > ends + 1e-9:
                    continue
                worth = have + profit[j]
                if worth + room[int(ends - left - travel[j, sink] + 1e-9)] <= floor:
                    continue
                beaten = False
                old = of_door[j]
                while old >= 0:
                    if not dead[old]:
                        earlier, richer = time[old] <= left + 1e-12, value[old] >= worth - 1e-12
                        if earlier and richer:
                            beaten = True
                            for w in range(words):
                                mine = np.uint64(0) if label == -2 else memory[label, w] & keep[j, w]
                                theirs = memory[old, w]
                                if w == j // 64:
                                    mine |= np.uint64(1) << np.uint64(j % 64)
                                if theirs & ~mine:
                                    beaten = False
                                    break
                            if beaten:
                                break
                        elif time[old] >= left and value[old] <= worth:
                            under = True
                            for w in range(words):
                                mine = np.uint64(0) if label == -2 else memory[label, w] & keep[j, w]
                                if w == j // 64:
                                    mine |= np.uint64(1) << np.uint64(j % 64)
                                if mine & ~memory[old, w]:
                                    under = False
                                    break
                            if under:
                                dead[old] = True
                    old = door_next[old]
                if beaten:
                    continue
                if made >= limit:
                    return np.inf, door, parent, done, made
                door[made], parent[made], time[made], value[made] = j, label, left, worth
                for w in range(words):
                    memory[made, w] = np.uint64(0) if label == -2 else memory[label, w] & keep[j, w]
                memory[made, j // 64] |= np.uint64(1) << np.uint64(j % 64)
                door_next[made] = of_door[j]
                of_door[j] = made
                bucket = min(int(left - starts), buckets - 1)
                heap_next[made] = head[bucket]
                head[bucket] = made
                if worth > best_value[j]:
                    best_value[j], done[j] = worth, made
                made += 1
            label = following
    best = max(0.0, floor, best_value.max())
    order = np.argsort(-best_value)
    chosen = np.full(most, -1, np.int64)
    for a in range(min(most, n)):
        if best_value[order[a]] > floor + 1e-6:
            chosen[a] = done[order[a]]
    return best, door, parent, chosen, made


def find_bound(facts: Facts, pool: list[list[list[int]]], *, gap: float = 0.002, seconds: float = 300.0) -> float:
    """Return an upper bound on the prize of any plan that serves every must-visit (inf when no pricing ended).

    `pool`: plans to start from (a list of doors for each session). Stops at a relative `gap` to the master or when
    the seconds are used. Duals are smoothed towards those of the best bound (Wentges 1997,
    DOI 10.1016/S0969-6016(97)00001-4).
    """
    began, groups = perf_counter(), group_sessions(facts)
    master = Master(facts, groups)
    for plan in pool:
        for r, route in enumerate(plan):
            master.add(next(g for g, group in enumerate(groups) if r in group), route)
    grow_by_search(facts, master, groups, seconds / 4)
    keep, best, centre = remember(facts), np.inf, None
    while perf_counter() - began < seconds:
        objective, duals, prices = master.solve()
        tried = duals if centre is None else SMOOTH * centre + (1 - SMOOTH) * duals
        bound, grown = float(tried.sum()), 0
        for g, group in enumerate(groups):
            most, routes = price_group(facts, group[0], tried, keep, prices[g])
            bound += most * len(group)
            grown += sum(master.add(g, route) for route in routes)
        if bound < best:
            best, centre = bound, tried
        if best <= objective * (1 + gap):
            break
        if not grown:
            centre = duals if centre is not duals else None
    return best


def grow_by_search(facts: Facts, master: "Master", groups: list[list[int]], seconds: float) -> None:
    """Add routes that our own search finds for the reduced prizes, while they help: it is faster than proving."""
    began, stale = perf_counter(), 0
    for turn in range(10_000):
        _, duals, prices = master.solve()
        stale += 1
        for g, group in enumerate(groups):
            profit = facts.prize - duals[:, None]
            ways = np.where(profit > 1e-9, facts.ways, 0)
            ways[:, [r for r in range(len(facts.starts)) if r not in group]] = 0
            eased = facts._replace(prize=np.maximum(profit, 0.0), ways=ways, must=np.zeros_like(facts.must))
            for route in find_routes(eased, SearchParams(), seed=turn + 1, iterations=400)[0]:
                if profit[route, group[0]].sum() > prices[g] + 1e-6 and master.add(g, route):
                    stale = 0
        if stale >= 5 or perf_counter() - began > seconds:
            return


def price_group(
    facts: Facts, r: int, duals: np.ndarray, keep: np.ndarray, floor: float
) -> tuple[float, list[list[int]]]:
    """Return the best reduced prize (at least `floor`) of a session, and routes that beat the floor."""
    n = len(facts.must)
    profit = facts.prize[:, r] - duals
    best, door, parent, chosen, _ = price_routes(
        facts.travel,
        facts.minutes,
        facts.opens[:, r],
        facts.closes[:, r],
        facts.ways[:, r],
        profit,
        keep,
        facts.starts[r],
        facts.ends[r],
        n + 2 * r,
        n + 2 * r + 1,
        floor,
        LABELS,
        60,
        room_for(facts, r, profit),
    )
    routes = []
    for label in chosen[chosen >= 0]:
        route = []
        while label >= 0:
            route.append(int(door[label]))
            label = parent[label]
        routes.append(route[::-1])
    return best, routes


def room_for(facts: Facts, r: int, profit: np.ndarray) -> np.ndarray:
    """Return for each whole number of minutes left the most profit they could hold: a fractional knapsack."""
    n = len(facts.must)
    inward = facts.travel[:, :n].copy()
    np.fill_diagonal(inward, np.inf)
    load = facts.minutes[:n] + np.maximum(inward.min(axis=0), 1e-3)
    use = np.flatnonzero((profit > 0) & (facts.ways[:, r] > 0))
    use = use[np.argsort(-profit[use] / load[use])]
    loads, profits = np.append(0.0, np.cumsum(load[use])), np.append(0.0, np.cumsum(profit[use]))
    return np.interp(np.arange(int(facts.ends[r] - facts.starts[r]) + 2) + 1.0, loads, profits)


def remember(facts: Facts) -> np.ndarray:
    """Return for each door the neighbours it remembers, as bits; must-visits are remembered by all."""
    n = len(facts.must)
    bits = np.zeros((n, n // 64 + 1), dtype=np.uint64)
    for j in range(n):
        for i in {j, *facts.near[j, :MEMORY].tolist(), *np.flatnonzero(facts.must).tolist()}:
            bits[j, i // 64] |= np.uint64(1) << np.uint64(i % 64)
    return bits


class Master:
    """The linear programme: routes chosen in parts; each door once at most, must-visits exactly once."""

    def __init__(self, facts: Facts, groups: list[list[int]]) -> None:
        self.facts, self.groups = facts, groups
        self.known: set[tuple[int, tuple[int, ...]]] = set()
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", 1)
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        for i in range(len(facts.must)):
            self.solver.addRow(1.0 if facts.must[i] else -highspy.kHighsInf, 1.0, 0, [], [])
        for group in groups:
            self.solver.addRow(-highspy.kHighsInf, float(len(group)), 0, [], [])
        dear = -float(facts.prize.sum() + 1)
        for i in np.flatnonzero(facts.must):
            self.solver.addCol(dear, 0.0, highspy.kHighsInf, 1, [int(i)], [1.0])

    def add(self, group: int, route: list[int]) -> bool:
        """Add a route of a group of sessions; False when it is there already."""
        if not route or (group, tuple(route)) in self.known:
            return False
        self.known.add((group, tuple(route)))
        doors, counts = np.unique(route, return_counts=True)
        prize = float(self.facts.prize[route, self.groups[group][0]].sum())
        rows = np.append(doors, len(self.facts.must) + group).astype(np.int32)
        self.solver.addCol(prize, 0.0, highspy.kHighsInf, len(rows), rows, np.append(counts, 1).astype(float))
        return True

    def solve(self) -> tuple[float, np.ndarray, np.ndarray]:
        """Return the optimum, the doors' duals and the groups' duals."""
        self.solver.run()
        duals = np.array(self.solver.getSolution().row_dual)
        n = len(self.facts.must)
        return self.solver.getObjectiveValue(), duals[:n], duals[n:]
