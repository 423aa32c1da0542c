"""Doors for the minutes that are left over: a round is planned with the people who are likely to open.

Where fewer open than was expected the team stands at the end of its list with time to spare. Half of all rounds of care
visits end more than ten minutes early (benchmarks.bench_season). So each round names what lies on the way from its last
door; nobody expects the team there, and a door that is not reached is dealt again.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from qiaomen.planner.arrays import Floats, clip_windows, measure_walks, prize_of, rank_doors
from qiaomen.planner.facts import Door, Place, Plan, PlanParams, Session, Walking

SHARE = 0.25
"""Spare doors for so much of a session: 0.2 to 0.4 did alike on seeds 11 to 16."""
POOL = 200
"""So many doors are looked at, the best for their minutes."""


def find_spares(
    doors: Sequence[Door],
    sessions: Sequence[Session],
    plan: Plan,
    walking: Walking | None = None,
    share: float = SHARE,
) -> Mapping[str, tuple[str, ...]]:
    """Return by session the doors for the time that is left, in walking order from the last stop.

    They lie in the compounds the round goes to anyway. None is a must-visit, and none has hours that end before the
    team would be there. A round without stops has none.
    """
    walking = walking or Walking()
    pool = _pool(doors, sessions, plan)
    known = {door.key: door for door in doors}
    lasts = [known[walk.stops[-1].door].place if walk.stops else Place() for walk in plan.rounds]
    ways = measure_walks([*(door.place for door in pool), *lasts], walking)
    minutes = np.array([door.minutes for door in pool])
    free = np.ones(len(pool), dtype=np.bool_)
    found = {}
    for r, (walk, session) in enumerate(zip(plan.rounds, sessions, strict=True)):
        until = session.ends + share * (session.ends - session.starts)
        near = {known[stop.door].place.compound for stop in walk.stops}
        prizes = np.array(
            [prize_of(d, r) if d.place.compound in near and _is_open(d, session, until) else 0.0 for d in pool]
        )
        chosen = _walk_on(ways, minutes, prizes, free, len(pool) + r, until - session.ends) if walk.stops else []
        free[chosen] = False
        found[walk.session] = tuple(pool[i].key for i in chosen)
    return found


def _pool(doors: Sequence[Door], sessions: Sequence[Session], plan: Plan) -> list[Door]:
    taken = {stop.door for walk in plan.rounds for stop in walk.stops}
    left = [door for door in doors if door.key not in taken and not door.must_visit and door.need > 0]
    return [left[i] for i in rank_doors(left, sessions, PlanParams(keep_ratio=1.0, keep_least=POOL))]


def _is_open(door: Door, session: Session, until: float) -> bool:
    """Say whether a door may be knocked on at any minute of a session and after it."""
    if not clip_windows(door, session):
        return False
    return not door.windows or any(w.opens <= session.starts and until <= w.last_start for w in door.windows)


def _walk_on(
    ways: Floats,
    minutes: Floats,
    prizes: Floats,
    free: np.ndarray[tuple[int], np.dtype[np.bool_]],
    here: int,
    left: float,
) -> list[int]:
    """Return the doors walked on to from node `here`: always the most prize for its minutes."""
    chosen: list[int] = []
    open_yet = free & (prizes > 0)
    while left > 0 and open_yet.any():
        takes = ways[here, : len(minutes)] + minutes
        best = int(np.where(open_yet, prizes / (takes + 1.0), -1.0).argmax())
        chosen.append(best)
        open_yet[best] = False
        left -= float(takes[best])
        here = best
    return chosen
