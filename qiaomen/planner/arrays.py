"""Turns doors and sessions into the arrays the compiled search walks over, and keeps only the doors worth a look."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qiaomen.planner.facts import Door, Place, PlanParams, Session, Walking

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEAR = 100
"""So many neighbours of a door are kept; a removal never spreads further."""


class Facts(NamedTuple):
    """A problem as arrays; N doors, R routes (sessions), W windows at most; node N+2r starts route r, N+2r+1 ends it.

    travel[i, j]: minutes from node i to node j; back is its transpose. minutes[i]: length of the visit, 0 for ends.
    prize[i, r], opens[i, r, w], closes[i, r, w] (last start), ways[i, r] (windows in use, 0 = never in this session).
    near[i, :]: the doors nearest to door i, nearest first.
    """

    travel: Floats
    back: Floats
    minutes: Floats
    prize: Floats
    opens: Floats
    closes: Floats
    ways: Ints
    must: NDArray[np.bool_]
    starts: Floats
    ends: Floats
    near: Ints


def measure_walks(places: Sequence[Place], walking: Walking) -> Floats:
    """Return the walking minutes between all pairs of places, shape (n, n); down one staircase and up the next."""
    known: dict[Hashable, int] = {}
    stairs = np.array([known.setdefault(stair_of(place), len(known)) for place in places])
    floors = np.array([max(p.floor, 1) - 1 for p in places], dtype=float)
    spot = np.array([(p.east, p.north) for p in places], dtype=float).reshape(-1, 2)
    gap = spot[:, None, :] - spot[None, :, :]
    level = np.sqrt((gap**2).sum(axis=2)) * (walking.detour / walking.metres_per_minute)
    change = level + walking.entrance_minutes + floors[:, None] * walking.floor_down_minutes
    change += floors[None, :] * walking.floor_up_minutes
    climb = floors[None, :] - floors[:, None]
    inside = np.where(climb > 0, climb * walking.floor_up_minutes, -climb * walking.floor_down_minutes)
    walks: Floats = np.where(stairs[:, None] == stairs[None, :], inside + walking.neighbour_minutes, change)
    np.fill_diagonal(walks, 0.0)
    return walks


def clip_windows(door: Door, session: Session) -> list[tuple[float, float]]:
    """Return the stretches in which the door's visit may start within a session, in order of time."""
    latest = session.ends - door.minutes
    if not door.windows:
        return [(session.starts, latest)] if latest >= session.starts else []
    spans = [(max(w.opens, session.starts), min(w.last_start, latest)) for w in door.windows]
    return sorted(span for span in spans if span[0] <= span[1])


def prize_of(door: Door, session: int) -> float:
    """Return what a visit is worth in a session: need times the chance that somebody is home."""
    return door.need * (door.home_chance[session] if door.home_chance else 1.0)


def rank_doors(doors: Sequence[Door], sessions: Sequence[Session], params: PlanParams) -> list[int]:
    """Return the doors worth searching, as indices in the order given: must-visits, then prize for the minutes, counted
    until keep_ratio × what the sessions hold is reached.

    A staircase is reached once for all the doors taken there: see rank_in_stairs.
    """
    walking = params.walking
    step = walking.floor_up_minutes + walking.floor_down_minutes
    loads = np.array([door.minutes + (max(door.place.floor, 1) - 1) * step + 1.0 for door in doors])
    best = np.array([best_prize(door, sessions) for door in doors])
    ranks = rank_in_stairs([stair_of(door.place) for door in doors], best, loads, params.stair_minutes)
    order = np.lexsort((np.arange(len(doors)), -ranks))
    room = params.keep_ratio * sum(session.ends - session.starts for session in sessions)
    kept: list[int] = []
    for index in order:
        if room <= 0 and len(kept) >= params.keep_least:
            break
        if best[index] > 0:
            kept.append(int(index))
            room -= doors[index].minutes + 1.0
    return sorted({*kept, *(index for index, door in enumerate(doors) if door.must_visit)})


def stair_of(place: Place) -> tuple[str, int, int, float, float]:
    """Return what the doors of one staircase share."""
    return place.compound, place.building, place.entrance, place.east, place.north


def rank_in_stairs(stairs: Sequence[Hashable], prizes: Floats, loads: Floats, stair_minutes: float) -> Floats:
    """Return the prize a minute of each door: the best that the first so many doors of its staircase bring together,
    the way to the stairs paid once, or its own where it comes after them.
    """
    found: dict[Hashable, list[int]] = {}
    own = prizes / loads
    for index in np.lexsort((np.arange(len(prizes)), -own)):
        found.setdefault(stairs[index], []).append(int(index))
    ranks: Floats = own.copy()
    for mine in found.values():
        together = np.cumsum(prizes[mine]) / (stair_minutes + np.cumsum(loads[mine]))
        top = int(np.argmax(together))
        ranks[mine[: top + 1]] = together[top]
        ranks[mine[top + 1 :]] = np.minimum(own[mine[top + 1 :]], together[top])
    return ranks


def best_prize(door: Door, sessions: Sequence[Session]) -> float:
    """Return the door's prize in its best session; 0 when its windows meet none."""
    usable = [prize_of(door, r) for r, session in enumerate(sessions) if clip_windows(door, session)]
    return max(usable, default=0.0)


def build_facts(doors: Sequence[Door], sessions: Sequence[Session], walking: Walking) -> Facts:
    """Lay doors and sessions out as arrays."""
    places = [door.place for door in doors]
    for session in sessions:
        places += [session.place, session.end_place or session.place]
    spans = [[clip_windows(door, session) for session in sessions] for door in doors]
    wide = max([len(span) for row in spans for span in row] + [1])
    opens, closes = np.zeros((2, len(doors), len(sessions), wide))
    for i, row in enumerate(spans):
        for r, span in enumerate(row):
            for w, (first, last) in enumerate(span):
                opens[i, r, w], closes[i, r, w] = first, last
    return make_facts(
        travel=measure_walks(places, walking),
        minutes=np.array([door.minutes for door in doors]),
        prize=np.array([[prize_of(door, r) for r in range(len(sessions))] for door in doors]),
        windows=(opens, closes, np.array([[len(span) for span in row] for row in spans], dtype=np.int64)),
        must=np.array([door.must_visit for door in doors], dtype=np.bool_),
        limits=np.array([(session.starts, session.ends) for session in sessions]).reshape(-1, 2),
    )


def make_facts(
    *,
    travel: Floats,
    minutes: Floats,
    prize: Floats,
    windows: tuple[Floats, Floats, Ints],
    must: NDArray[np.bool_],
    limits: Floats,
) -> Facts:
    """Complete the arrays of a problem whose travel matrix is at hand (N doors, then start and end of each route)."""
    n, routes = len(minutes), len(limits)
    opens, closes, ways = windows
    both = travel[:n, :n] + travel[:n, :n].T
    np.fill_diagonal(both, np.inf)
    near = np.argsort(both, axis=1, kind="stable")[:, : min(max(n - 1, 0), NEAR)]
    return Facts(
        travel=np.ascontiguousarray(travel, dtype=np.float64),
        back=np.ascontiguousarray(travel.T, dtype=np.float64),
        minutes=np.concatenate([minutes.astype(np.float64), np.zeros(2 * routes)]),
        prize=np.ascontiguousarray(prize.reshape(n, routes), dtype=np.float64),
        opens=np.ascontiguousarray(opens, dtype=np.float64),
        closes=np.ascontiguousarray(closes, dtype=np.float64),
        ways=np.ascontiguousarray(ways.reshape(n, routes), dtype=np.int64),
        must=np.ascontiguousarray(must, dtype=np.bool_),
        starts=np.ascontiguousarray(limits[:, 0], dtype=np.float64),
        ends=np.ascontiguousarray(limits[:, 1], dtype=np.float64),
        near=np.ascontiguousarray(near, dtype=np.int64),
    )
