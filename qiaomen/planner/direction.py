"""Which way round a walk is gone: what weighs most first.

A walk takes as long one way round as the other, and it ends when the minutes are over, not when the list is: where
more people open than was expected, the last doors are not reached. So the better half of it comes first.
"""

from collections.abc import Sequence

from qiaomen.planner import loops as kernel
from qiaomen.planner.arrays import Facts

Routes = list[list[int]]


def weighty_first(facts: Facts, routes: Sequence[Sequence[int]]) -> Routes:
    """Return the routes, each turned round where more prize then comes early and nobody has to wait or comes late."""
    return [_turned(facts, list(route), r) for r, route in enumerate(routes)]


def _turned(facts: Facts, route: list[int], r: int) -> list[int]:
    worth = [float(facts.prize[i, r]) + 1e6 * bool(facts.must[i]) for i in route]
    early = sum(prize * place for place, prize in enumerate(worth))
    late = sum(prize * place for place, prize in enumerate(reversed(worth)))
    back = route[::-1]
    return back if late < early and _holds(facts, back, r) else route


def _holds(facts: Facts, route: Sequence[int], r: int) -> bool:
    """Say whether a route can be walked without a wait and within its hours."""
    n = len(facts.must)
    time, here = float(facts.starts[r]), n + 2 * r
    for i in route:
        arrives = time + float(facts.travel[here, i])
        if abs(float(kernel.start_at(facts, i, r, arrives)) - arrives) > kernel.TINY:
            return False
        time, here = arrives + float(facts.minutes[i]), i
    return time + float(facts.travel[here, n + 2 * r + 1]) <= float(facts.ends[r]) + kernel.TINY
