"""The compiled search: take doors out of the rounds, put better ones in, keep what is better or nearly so.

Ruin and recreate with adjacent strings: Christiaens & Vanden Berghe 2020, SISR, DOI 10.1287/trsc.2019.0914. Insertion
tested in constant time with earliest and latest times: Vansteenwegen et al. 2009, DOI 10.1016/j.cor.2009.03.008.

Everything that is compiled stands in this one module on purpose: the compiler's cache looks at the file of the
function that is called from outside only, and would keep running old code of a helper in another file.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qiaomen.visits.rules.planner_arrays import Facts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., Any])

TINY = 1e-9
POWERS = (0.5, 1.0, 1.5, 2.0, 3.0)
"""Doors compete by prize ** power / minutes; each rebuild draws one power."""


def compiled(function: F) -> F:
    """Compile a loop once per machine; it runs without Python's lock, so that two threads use two cores."""
    return cast(F, njit(cache=True, nogil=True)(function))


class State(NamedTuple):
    """The rounds under way. Each route has two slots: the accepted one and the one being tried; slot[r] is in use.

    seq[s, r, :]: nodes from start to end; size[s, r]: doors in it. arrive, depart, latest[s, r, p]: arrival, end of
    visit, and the latest arrival from which the rest still works. cost, spot, fresh[s, r, i]: cheapest insertion of
    door i in minutes (inf: none), where, and whether that is known. where[i]: route of door i or -1. draw: the seed.
    """

    seq: Ints
    size: Ints
    arrive: Floats
    depart: Floats
    latest: Floats
    cost: Floats
    spot: Ints
    fresh: Ints
    slot: Ints
    touched: Ints
    where: Ints
    worth: Floats
    gain: Floats
    draw: NDArray[np.uint64]
    bid: Floats
    bid_route: Ints
    taste: Floats
    alive: Ints
    best_seq: Ints
    best_size: Ints
    score: Floats


def make_state(facts: Facts, seed: int) -> State:
    """Return empty rounds."""
    n, routes = facts.prize.shape
    state = State(
        seq=np.zeros((2, routes, n + 2), dtype=np.int64),
        size=np.zeros((2, routes), dtype=np.int64),
        arrive=np.zeros((2, routes, n + 2)),
        depart=np.zeros((2, routes, n + 2)),
        latest=np.zeros((2, routes, n + 2)),
        cost=np.full((2, routes, n), np.inf),
        spot=np.zeros((2, routes, n), dtype=np.int64),
        fresh=np.zeros((2, routes, n), dtype=np.int64),
        slot=np.zeros(routes, dtype=np.int64),
        touched=np.zeros(routes, dtype=np.int64),
        where=np.full(n, -1, dtype=np.int64),
        worth=np.stack([np.ascontiguousarray(facts.prize.T**power) for power in POWERS]),
        gain=facts.prize + facts.must[:, None] * (10.0 * facts.prize.max(initial=0.0) * n + 1.0),
        draw=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 or 1], dtype=np.uint64),
        bid=np.zeros(n),
        bid_route=np.zeros(n, dtype=np.int64),
        taste=np.ones(n),
        alive=np.zeros(n, dtype=np.int64),
        best_seq=np.zeros((routes, n + 2), dtype=np.int64),
        best_size=np.full(routes, -1, dtype=np.int64),
        score=np.array([0.0, -np.inf, 0.0]),
    )
    state.worth[:, :, facts.must] += 1e6 * (1.0 + state.worth.max(initial=0.0))
    for r in range(routes):
        state.seq[:, r, 0], state.seq[:, r, 1] = n + 2 * r, n + 2 * r + 1
        refresh(facts, state, r)
    return state


@compiled
def chance(state: State) -> float:
    """Draw a number in [0, 1): xorshift64*, so that a seed gives the same plan on every machine."""
    x = state.draw[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state.draw[0] = x
    return float((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def below(state: State, limit: int) -> int:
    """Draw a whole number in [0, limit)."""
    return int(chance(state) * limit)


@compiled
def start_at(facts: Facts, i: int, r: int, time: float) -> float:
    """Return when a visit can start for one who arrives at `time`: now, at the next opening, or never (inf)."""
    for w in range(facts.ways[i, r]):
        if time <= facts.closes[i, r, w] + TINY:
            return max(time, facts.opens[i, r, w])
    return np.inf


@compiled
def refresh(facts: Facts, state: State, r: int) -> None:
    """Recompute a route's times."""
    s = state.slot[r]
    seq, size = state.seq[s, r], state.size[s, r]
    n = facts.prize.shape[0]
    state.depart[s, r, 0] = state.arrive[s, r, 0] = facts.starts[r]
    for p in range(1, size + 2):
        i = seq[p]
        time = state.depart[s, r, p - 1] + facts.travel[seq[p - 1], i]
        state.arrive[s, r, p] = time
        state.depart[s, r, p] = time if i >= n else start_at(facts, i, r, time) + facts.minutes[i]
    state.latest[s, r, size + 1] = facts.ends[r]
    for p in range(size, 0, -1):
        i = seq[p]
        bound = state.latest[s, r, p + 1] - facts.travel[i, seq[p + 1]] - facts.minutes[i]
        state.latest[s, r, p] = -np.inf
        for w in range(facts.ways[i, r] - 1, -1, -1):
            if bound + TINY >= facts.opens[i, r, w]:
                state.latest[s, r, p] = min(bound, facts.closes[i, r, w])
                break


@compiled
def price_insertion(facts: Facts, state: State, k: int, r: int) -> None:
    """Find the cheapest place of door k in route r: the delay of whoever comes after, waiting included."""
    s = state.slot[r]
    state.fresh[s, r, k] = 1
    seq, arrive, depart, latest = state.seq[s, r], state.arrive[s, r], state.depart[s, r], state.latest[s, r]
    back, travel, minutes = facts.back[k], facts.travel[k], facts.minutes[k]
    best, spot = np.inf, 0
    ways = facts.ways[k, r]
    if ways > 0:
        opens, last = facts.opens[k, r, 0], facts.closes[k, r, ways - 1]
        for p in range(state.size[s, r] + 1):
            time = depart[p] + back[seq[p]]
            if time > last + TINY:
                if depart[p] > last:
                    break
                continue
            time = max(time, opens) if ways == 1 else start_at(facts, k, r, time)
            time += minutes + travel[seq[p + 1]]
            if time <= latest[p + 1] + TINY and time - arrive[p + 1] < best:
                best, spot = time - arrive[p + 1], p
    state.cost[s, r, k], state.spot[s, r, k] = best, spot


@compiled
def touch(state: State, r: int) -> None:
    """Before the first change of a route in a try: work on the other slot, so that the accepted one survives."""
    if state.touched[r]:
        return
    state.touched[r] = 1
    old = state.slot[r]
    new = 1 - old
    end = state.size[old, r] + 2
    state.size[new, r] = state.size[old, r]
    state.seq[new, r, :end] = state.seq[old, r, :end]
    state.cost[new, r] = state.cost[old, r]
    state.fresh[new, r] = state.fresh[old, r]
    state.slot[r] = new


@compiled
def put_in(facts: Facts, state: State, k: int, r: int) -> None:
    """Insert door k into route r at its cheapest place."""
    spot = state.spot[state.slot[r], r, k]
    touch(state, r)
    s = state.slot[r]
    for p in range(state.size[s, r] + 1, spot, -1):
        state.seq[s, r, p + 1] = state.seq[s, r, p]
    state.seq[s, r, spot + 1] = k
    state.size[s, r] += 1
    state.where[k] = r
    refresh(facts, state, r)
    for i in range(state.where.shape[0]):
        if state.cost[s, r, i] != np.inf:  # what did not fit before does not fit now
            state.fresh[s, r, i] = 0


@compiled
def take_out(state: State, r: int, first: int, last: int) -> None:
    """Remove the doors at positions first..last from route r; its times must be refreshed afterwards."""
    touch(state, r)
    s = state.slot[r]
    for p in range(first, last + 1):
        state.where[state.seq[s, r, p]] = -1
    gap = last + 1 - first
    for p in range(last + 1, state.size[s, r] + 2):
        state.seq[s, r, p - gap] = state.seq[s, r, p]
    state.size[s, r] -= gap


@compiled
def position(state: State, i: int) -> int:
    """Return where in its route door i stands."""
    r = state.where[i]
    p = 1
    while state.seq[state.slot[r], r, p] != i:
        p += 1
    return p


@compiled
def remove_string(facts: Facts, state: State, i: int, longest: int) -> None:
    """Remove a string of neighbours in the route of door i that contains i (SISR, section 5.1)."""
    r = state.where[i]
    p = position(state, i)
    size = state.size[state.slot[r], r]
    length = 1 + below(state, min(longest, size))
    first = max(1, p - below(state, length))
    first = max(1, min(first, size + 1 - length))
    take_out(state, r, first, min(size, first + length - 1))
    refresh_stale(facts, state, r)


@compiled
def refresh_stale(facts: Facts, state: State, r: int) -> None:
    """Recompute a route after a removal: all its insertions must be priced again."""
    refresh(facts, state, r)
    state.fresh[state.slot[r], r, :] = 0


@compiled
def ruin_strings(facts: Facts, state: State, strings: int, longest: int) -> int:
    """Remove strings from up to `strings` routes around a door drawn at random; returns that door."""
    seed = below(state, state.where.shape[0])
    done = 0
    for step in range(-1, facts.near.shape[1]):
        i = seed if step < 0 else facts.near[seed, step]
        r = state.where[i]
        if r >= 0 and not state.touched[r]:
            remove_string(facts, state, i, longest)
            done += 1
            if done >= strings:
                break
    return seed


@compiled
def ruin_poor(facts: Facts, state: State, count: int, rivals: int) -> None:
    """Remove `count` served doors, each the poorest of `rivals` drawn: prize a minute saved (1 rival: at random)."""
    n = state.where.shape[0]
    for _ in range(count):
        worst, poorest = -1, np.inf
        for _ in range(rivals):
            i = below(state, n)
            r = state.where[i]
            if r < 0:
                continue
            p = position(state, i)
            seq = state.seq[state.slot[r], r]
            a, b = seq[p - 1], seq[p + 1]
            saved = facts.travel[a, i] + facts.travel[i, b] - facts.travel[a, b] + facts.minutes[i]
            ratio = facts.prize[i, r] / max(saved, 1e-3)
            if ratio < poorest:
                worst, poorest = i, ratio
        if worst >= 0:
            r = state.where[worst]
            p = position(state, worst)
            take_out(state, r, p, p)
    for r in range(state.touched.shape[0]):
        if state.touched[r]:
            refresh_stale(facts, state, r)


@compiled
def make_bid(facts: Facts, state: State, i: int, power: int) -> None:
    """Find door i's best route: prize ** power for each minute it costs there."""
    bid, route = 0.0, -1
    for r in range(state.slot.shape[0]):
        s = state.slot[r]
        if not state.fresh[s, r, i]:
            price_insertion(facts, state, i, r)
        if state.cost[s, r, i] < np.inf:
            offer = state.worth[power, r, i] / max(state.cost[s, r, i], 1e-3)
            if offer > bid:
                bid, route = offer, r
    state.bid[i] = bid * state.taste[i]
    state.bid_route[i] = route


@compiled
def recreate(facts: Facts, state: State, power: int, noise: float, blink: float) -> None:
    """Insert doors while any fits, always the highest bid; `noise` shakes the bids, `blink` overlooks a door."""
    alive = 0
    for i in range(state.where.shape[0]):
        if state.where[i] >= 0 or (not facts.must[i] and chance(state) < blink):
            continue
        state.taste[i] = 1.0 + noise * (2.0 * chance(state) - 1.0)
        make_bid(facts, state, i, power)
        if state.bid_route[i] >= 0:
            state.alive[alive] = i
            alive += 1
    while alive > 0:
        top = 0
        for a in range(1, alive):
            if state.bid[state.alive[a]] > state.bid[state.alive[top]]:
                top = a
        k = state.alive[top]
        put_in(facts, state, k, state.bid_route[k])
        kept = 0
        for a in range(alive):
            i = state.alive[a]
            if i == k:
                continue
            make_bid(facts, state, i, power)
            if state.bid_route[i] >= 0:
                state.alive[kept] = i
                kept += 1
        alive = kept


@compiled
def value(facts: Facts, state: State, minute_price: float) -> tuple[float, float]:
    """Return the prize of all rounds (must-visits weigh more), and the same less the minutes spent."""
    prize, minutes = 0.0, 0.0
    for r in range(state.slot.shape[0]):
        s = state.slot[r]
        size = state.size[s, r]
        for p in range(1, size + 1):
            prize += state.gain[state.seq[s, r, p], r]
        minutes += state.arrive[s, r, size + 1] - facts.starts[r]
    return prize, prize - minute_price * minutes


@compiled
def undo(state: State) -> None:
    """Go back to the accepted rounds."""
    for r in range(state.slot.shape[0]):
        if state.touched[r]:
            s = state.slot[r]
            for p in range(1, state.size[s, r] + 1):
                state.where[state.seq[s, r, p]] = -1
    for r in range(state.slot.shape[0]):
        if state.touched[r]:
            s = state.slot[r] = 1 - state.slot[r]
            for p in range(1, state.size[s, r] + 1):
                state.where[state.seq[s, r, p]] = r


@compiled
def keep_best(state: State) -> None:
    """Copy the accepted rounds as the best ones found."""
    for r in range(state.slot.shape[0]):
        s = state.slot[r]
        state.best_size[r] = state.size[s, r]
        state.best_seq[r] = state.seq[s, r]


@compiled
def search(
    facts: Facts, state: State, count: int, heat: float, cooling: float, minute_price: float, knobs: Floats
) -> float:
    """Run `count` tries with simulated annealing from `heat` downwards; returns the heat reached.

    state.score: value accepted now, best prize, minutes' value of the best.
    """
    for _ in range(count):
        state.touched[:] = 0
        kind = chance(state)
        if kind < knobs[0]:
            ruin_strings(facts, state, 1 + below(state, int(knobs[2])), 1 + below(state, int(knobs[3])))
        elif kind < knobs[1]:
            ruin_poor(facts, state, 1 + below(state, int(knobs[4])), 1)
        else:
            ruin_poor(facts, state, 1 + below(state, int(knobs[4])), int(knobs[5]))
        noise = knobs[6] if chance(state) < 0.5 else 0.0
        recreate(facts, state, below(state, 5), noise, knobs[7])
        prize, worth = value(facts, state, minute_price)
        if worth > state.score[0] + heat * np.log(chance(state) + 1e-300):
            state.score[0] = worth
            if prize > state.score[1] + TINY or (prize > state.score[1] - TINY and worth > state.score[2] + TINY):
                state.score[1], state.score[2] = prize, worth
                keep_best(state)
        else:
            undo(state)
        heat *= cooling
    return heat
