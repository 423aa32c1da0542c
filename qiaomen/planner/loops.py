"""The compiled search: take doors out of the rounds, put better ones in, keep what is better or nearly so.

Ruin and recreate with adjacent strings: Christiaens & Vanden Berghe 2020, SISR, DOI 10.1287/trsc.2019.0914. Insertion
tested in constant time with earliest and latest times: Vansteenwegen et al. 2009, DOI 10.1016/j.cor.2009.03.008.

Everything that is compiled stands in this one module on purpose: the compiler's cache looks at the file of the
function that is called from outside only, and would keep running old code of a helper in another file.
"""

import numpy as np

from qiaomen.planner.arrays import Facts, Floats, Ints
from qiaomen.planner.compiled import compiled, compiled_min
from qiaomen.planner.state import FAR, State

TINY = 1e-9
SHUN = 4
"""In a rebuild one door in so many shuns one route, or it would always choose the nearest one."""


@compiled
def chance(state: State) -> float:
    """Draw a number in [0, 1): xorshift64*, so that a seed gives the same plan on every machine."""
    x = state.draw[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state.draw[0] = x
    drawn: float = (x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)
    return drawn * (1.0 / 9007199254740992.0)


@compiled
def below(state: State, limit: int) -> int:
    """Draw a whole number in [0, limit)."""
    return int(chance(state) * limit)


@compiled
def start_at(facts: Facts, i: int, r: int, time: float) -> float:
    """Return when a visit can start for one who arrives at `time`: now, at the next opening, or never (inf)."""
    for w in range(facts.ways[i, r]):
        if time <= facts.closes[i, r, w] + TINY:
            opens: float = facts.opens[i, r, w]
            return max(time, opens)
    return FAR


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


@compiled_min
def price_doors(facts: Facts, state: State, r: int) -> None:
    """Find the cheapest place in route r of every door; the price is the delay of whoever comes after, waiting
    included.

    All doors at one place, then the next place: the inner loop runs along memory without branches. Door by door it was
    two to three times slower for 440 doors.
    """
    s = state.slot[r]
    cost, spot = state.cost[s, r], state.spot[s, r]
    state.stale[s, r] = 0
    cost[:] = FAR
    for p in range(state.size[s, r] + 1):
        leaves, follows, last = state.depart[s, r, p], state.arrive[s, r, p + 1], state.latest[s, r, p + 1] + TINY
        before, after = facts.travel[state.seq[s, r, p]], facts.back[state.seq[s, r, p + 1]]
        for w in range(state.opens.shape[1]):
            opens, closes = state.opens[r, w], state.closes[r, w]
            for i in range(cost.shape[0]):
                time = leaves + before[i]
                begun = time if time > opens[i] else opens[i]
                done = begun + (facts.minutes[i] + after[i])
                fits = (time <= closes[i]) & (done <= last) & (done - follows < cost[i])
                cost[i] = done - follows if fits else cost[i]
                spot[i] = p if fits else spot[i]


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
    state.spot[new, r] = state.spot[old, r]
    state.stale[new, r] = state.stale[old, r]
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
    state.stale[s, r] = 1


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
    state.stale[state.slot[r], r] = 1


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
def gather_doors(facts: Facts, state: State, noise: float, blink: float) -> int:
    """List the doors outside the rounds in state.alive, some overlooked (`blink`), each with its taste and a route it
    shuns.
    """
    alive, routes = 0, state.slot.shape[0]
    for i in range(state.where.shape[0]):
        if state.where[i] < 0 and (facts.must[i] or chance(state) >= blink):
            state.alive[alive] = i
            state.taste[i] = 1.0 + noise * (2.0 * chance(state) - 1.0)
            state.shunned[i] = below(state, routes * SHUN) if routes > 1 else -1
            alive += 1
    return alive


@compiled
def choose_bid(state: State, alive: int, order: int, changed: int) -> tuple[int, int]:
    """Drop the doors that fit nowhere from state.alive; return how many stay and the place of the highest bid.

    A bid is taste × prize ** POWERS[order] for each minute; order -1 is taste × prize, -2 taste alone. `changed`: the
    only route whose costs changed since the last call; -1: all.
    """
    kept, top, highest = 0, 0, -1.0
    power = order if order >= 0 else 1
    for a in range(alive):
        i = state.alive[a]
        if state.where[i] >= 0:
            continue
        bid, route, first, last = -1.0, -1, 0, state.slot.shape[0]
        if changed >= 0 and state.bid_route[i] != changed:
            bid, route, first, last = state.bid[i], state.bid_route[i], changed, changed + 1
        for r in range(first, last):
            cost = state.cost[state.slot[r], r, i]
            if cost == FAR or r == state.shunned[i]:
                continue
            offer = state.worth[power, r, i] / max(cost, 1e-3)
            if offer > bid:
                bid, route = offer, r
        state.bid[i] = bid
        if order == -1:
            bid = state.worth[1, route, i]
        elif order == -2:
            bid = state.worth[5, route, i]
        if route >= 0:
            state.bid_route[i] = route
            state.alive[kept] = i
            if bid * state.taste[i] > highest:
                top, highest = kept, bid * state.taste[i]
            kept += 1
    return kept, top


@compiled
def recreate(facts: Facts, state: State, order: int, noise: float, blink: float) -> None:
    """Insert doors while any fits, always the one with the highest bid (see choose_bid)."""
    alive = gather_doors(facts, state, noise, blink)
    for r in range(state.slot.shape[0]):
        if state.stale[state.slot[r], r]:
            price_doors(facts, state, r)
    alive, top = choose_bid(state, alive, order, -1)
    while alive > 0:
        k = state.alive[top]
        r = state.bid_route[k]
        put_in(facts, state, k, r)
        price_doors(facts, state, r)
        alive, top = choose_bid(state, alive, order, r)


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
def ruin(facts: Facts, state: State, knobs: Floats) -> None:
    """Take doors out in one of three ways, drawn."""
    kind = chance(state)
    if kind < knobs[0]:
        ruin_strings(facts, state, 1 + below(state, int(knobs[2])), 1 + below(state, int(knobs[3])))
    else:
        rivals = 1 if kind < knobs[1] else int(knobs[5])
        ruin_poor(facts, state, 1 + below(state, int(knobs[4])), rivals)


@compiled
def rebuild(facts: Facts, state: State, knobs: Floats) -> None:
    """Put doors back in an order drawn."""
    if chance(state) < knobs[8]:
        recreate(facts, state, -1 - below(state, 2), 1.0, knobs[7])
    else:
        recreate(facts, state, below(state, 5), knobs[6], knobs[7])


@compiled
def begin(facts: Facts, state: State, rows: Ints) -> None:
    """Lay the first routes (one row each, -1 fills up; empty rows are fine) and count them as the best so far.

    A row that breaks a window or the hours is left empty.
    """
    for r in range(rows.shape[0]):
        touch(state, r)
        s = state.slot[r]
        p = 0
        while rows[r, p] >= 0:
            state.seq[s, r, p + 1] = rows[r, p]
            state.where[rows[r, p]] = r
            p += 1
        state.seq[s, r, p + 1] = facts.prize.shape[0] + 2 * r + 1
        state.size[s, r] = p
        refresh_stale(facts, state, r)
        if p > 0 and state.arrive[s, r, p + 1] > facts.ends[r] + TINY:
            take_out(state, r, 1, p)
            refresh_stale(facts, state, r)
    state.score[1], state.score[0] = value(facts, state, 0.0)
    state.score[2] = state.score[1]
    keep_best(state)


@compiled
def search(facts: Facts, state: State, count: int, heat: float, minute_price: float, knobs: Floats) -> None:
    """Run `count` tries at one heat (simulated annealing); a minute spent costs `minute_price` of prize.

    state.score: worth accepted now, best prize, worth of the best. knobs: see planner.knobs_of.
    """
    for _ in range(count):
        state.touched[:] = 0
        ruin(facts, state, knobs)
        rebuild(facts, state, knobs)
        prize, worth = value(facts, state, minute_price)
        if worth > state.score[0] + heat * np.log(chance(state) + 1e-300):
            state.score[0] = worth
            if prize > state.score[1] + TINY or (prize > state.score[1] - TINY and worth > state.score[2] + TINY):
                state.score[1], state.score[2] = prize, worth
                keep_best(state)
        else:
            undo(state)
