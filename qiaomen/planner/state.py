"""The memory of the compiled search: the rounds under way, and what is already known about each insertion."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qiaomen.planner.arrays import Facts, Floats, Ints

FAR = 1e300
"""Stands for "cannot": larger than any time."""
POWERS = (0.5, 1.0, 1.5, 2.0, 3.0)
"""Doors compete by prize ** power / minutes; each rebuild draws one power."""


class State(NamedTuple):
    """The rounds under way. Each route has two slots: the accepted one and the one being tried; slot[r] is in use.

    seq[s, r, :]: nodes from start to end; size[s, r]: doors in it. arrive, depart, latest[s, r, p]: arrival, end of
    visit, and the latest arrival from which the rest still works. cost, spot[s, r, i]: cheapest insertion of door i in
    minutes (FAR: none) and where; stale[s, r]: they must be priced again. opens, closes[r, w, i]: the windows, with the
    doors side by side. where[i]: route of door i or -1. bid, bid_route[i]: its best offer. draw: the seed.
    """

    seq: NDArray[np.uint64]
    size: Ints
    arrive: Floats
    depart: Floats
    latest: Floats
    cost: Floats
    spot: Ints
    slot: Ints
    touched: Ints
    where: Ints
    worth: Floats
    gain: Floats
    stale: Ints
    opens: Floats
    closes: Floats
    draw: NDArray[np.uint64]
    bid: Floats
    bid_route: Ints
    taste: Floats
    shunned: Ints
    alive: Ints
    best_seq: NDArray[np.uint64]
    best_size: Ints
    score: Floats


def make_state(facts: Facts, seed: int) -> State:
    """Return empty rounds."""
    n, routes = facts.prize.shape
    state = State(
        seq=np.zeros((2, routes, n + 2), dtype=np.uint64),
        size=np.zeros((2, routes), dtype=np.int64),
        arrive=np.zeros((2, routes, n + 2)),
        depart=np.zeros((2, routes, n + 2)),
        latest=np.zeros((2, routes, n + 2)),
        cost=np.full((2, routes, n), FAR),
        spot=np.zeros((2, routes, n), dtype=np.int64),
        slot=np.zeros(routes, dtype=np.int64),
        touched=np.zeros(routes, dtype=np.int64),
        where=np.full(n, -1, dtype=np.int64),
        worth=np.stack([np.ascontiguousarray(facts.prize.T**power) for power in (*POWERS, 0.0)]),
        gain=facts.prize + facts.must[:, None] * (10.0 * facts.prize.max(initial=0.0) * n + 1.0),
        stale=np.ones((2, routes), dtype=np.int64),
        opens=np.ascontiguousarray(facts.opens.transpose(1, 2, 0)),
        closes=find_last_starts(facts),
        draw=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 or 1], dtype=np.uint64),
        bid=np.zeros(n),
        bid_route=np.zeros(n, dtype=np.int64),
        taste=np.ones(n),
        shunned=np.full(n, -1, dtype=np.int64),
        alive=np.zeros(n, dtype=np.int64),
        best_seq=np.zeros((routes, n + 2), dtype=np.uint64),
        best_size=np.full(routes, -1, dtype=np.int64),
        score=np.array([0.0, -np.inf, 0.0]),
    )
    state.worth[:, :, facts.must] += 1e6 * (1.0 + state.worth.max(initial=0.0))
    for r in range(routes):
        state.seq[:, r, 0], state.seq[:, r, 1] = n + 2 * r, n + 2 * r + 1
    return state


def find_last_starts(facts: Facts) -> Floats:
    """Return the last starts by route and window (R, W, N), with a hair of room; -inf where a window is not in use."""
    used = np.arange(facts.closes.shape[2]) < facts.ways[:, :, None]
    return np.ascontiguousarray(np.where(used, facts.closes + 1e-9, -np.inf).transpose(1, 2, 0))
