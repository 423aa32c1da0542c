"""Public solvers on the planner's own arrays: PyVRP, OR-Tools, VROOM. Each gets the same doors and the same matrix.

Prizes must not differ by session here: none of the three can say that. Times are whole numbers, legs rounded up. The
budget is CPU seconds, so that a busy machine takes nothing from anybody.
"""

from datetime import timedelta
from time import thread_time

import numpy as np

from qiaomen.planner.arrays import Facts

Routes = list[list[int]]


def walk_routes(facts: Facts, routes: Routes) -> float:
    """Return the prize of some routes. Raises: ValueError when a window, a limit or a door is broken."""
    n, seen = len(facts.must), set()
    for r, route in enumerate(routes):
        time, here = facts.starts[r], n + 2 * r
        for i in route:
            time += facts.travel[here, i]
            spans = [(facts.opens[i, r, w], facts.closes[i, r, w]) for w in range(facts.ways[i, r])]
            begun = [max(time, opens) for opens, closes in spans if time <= closes + 1e-6]
            if not begun or i in seen:
                raise ValueError(f"door {i} in route {r} breaks a rule")
            seen.add(i)
            time, here = begun[0] + facts.minutes[i], i
        if route and time + facts.travel[here, n + 2 * r + 1] > facts.ends[r] + 1e-6:
            raise ValueError(f"route {r} is too long")
    return float(sum(facts.prize[i, r] for r, route in enumerate(routes) for i in route))


def whole(facts: Facts, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the matrix and the visits' minutes as whole numbers, rounded up."""
    travel = np.ceil(facts.travel * scale - 1e-6).astype(np.int64)
    np.fill_diagonal(travel, 0)
    return travel, np.ceil(facts.minutes * scale - 1e-6).astype(np.int64)


def span_of(facts: Facts, i: int) -> tuple[float, float]:
    """Return the one stretch in which door i may start in some session."""
    rows = [r for r in range(len(facts.starts)) if facts.ways[i, r]]
    if not rows:
        return -1.0, -1.0
    return min(facts.opens[i, r, 0] for r in rows), max(facts.closes[i, r, facts.ways[i, r] - 1] for r in rows)


def group_sessions(facts: Facts) -> list[list[int]]:
    """Return the sessions in groups that are the same in everything: time, place, prizes and windows."""
    groups: dict[bytes, list[int]] = {}
    n = len(facts.must)
    for r in range(len(facts.starts)):
        ends = [facts.travel[n + 2 * r, :n], facts.travel[:n, n + 2 * r + 1]]
        parts = [facts.starts[r], facts.ends[r], facts.prize[:, r], facts.opens[:, r], facts.closes[:, r], *ends]
        groups.setdefault(b"".join(np.ascontiguousarray(part).tobytes() for part in parts), []).append(r)
    return list(groups.values())


def price_prizes(facts: Facts, travel: np.ndarray, weight: float) -> list[int]:
    """Return the prizes in units of the matrix: a mean prize is worth `weight` mean legs between doors."""
    n = len(facts.must)
    unit = weight * travel[:n, :n].mean() / facts.prize[:, 0].mean()
    return [max(1, int(prize * unit)) for prize in facts.prize[:, 0]]


def solve_pyvrp(facts: Facts, seconds: float, seed: int, weight: float, scale: float = 100.0) -> Routes:
    """Prize-collecting with PyVRP, sessions that are alike as one vehicle type; stops after CPU seconds.

    `weight`: a mean prize is worth so many mean legs. Below 0.5 it finds hardly a door worth a leg on open instances.
    """
    import pyvrp

    n, routes = facts.prize.shape
    travel, minutes = whole(facts, scale)
    prizes = price_prizes(facts, travel, weight)
    clients = []
    for i in range(n):
        early, late = span_of(facts, i)
        if early < 0:
            early = late = 0
        clients.append(
            pyvrp.Client(
                i,
                service_duration=int(minutes[i]),
                tw_early=int(np.ceil(early * scale)),
                tw_late=int(late * scale + 1e-6),
                prize=prizes[i],
                required=bool(facts.must[i]),
            )
        )
    groups = group_sessions(facts)
    depots = [pyvrp.Depot(n + 2 * group[0] + end) for group in groups for end in (0, 1)]
    vehicles = [
        pyvrp.VehicleType(
            len(group),
            start_depot=2 * g,
            end_depot=2 * g + 1,
            tw_early=int(facts.starts[group[0]] * scale),
            tw_late=int(facts.ends[group[0]] * scale + 1e-6),
        )
        for g, group in enumerate(groups)
    ]
    found = pyvrp.solve(
        pyvrp.ProblemData([pyvrp.Location(0, 0)] * len(travel), clients, depots, vehicles, [travel], [travel]),
        CpuLimit(seconds),
        seed=seed,
        collect_stats=False,
        display=False,
    )
    best: Routes = [[] for _ in range(routes)]
    free = [list(group) for group in groups]
    for route in found.best.routes() if found.is_feasible() else []:
        best[free[route.vehicle_type()].pop(0)] = [visit.idx for visit in route if visit.is_client()]
    return best


class CpuLimit:
    """PyVRP's stopping criterion by CPU seconds of this thread."""

    def __init__(self, seconds: float) -> None:
        self.ends = thread_time() + seconds

    def __call__(self, best_cost: float) -> bool:
        """Say whether to stop."""
        return thread_time() > self.ends

    def fraction_remaining(self) -> None:
        """Name no share: the time is not known in iterations."""


def solve_ortools(facts: Facts, seconds: float, weight: float = 2.0, scale: float = 100.0) -> Routes:
    """Routing with disjunctions and guided local search; stops after CPU seconds.

    Legs cost their length, or guided local search has no arc to punish (25 points of gap); a door left out costs its
    prize in legs, see price_prizes. With must-visits only PARALLEL_CHEAPEST_INSERTION finds a first plan; without,
    PATH_CHEAPEST_ARC led to the best of five strategies tried.
    """
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    n, routes = facts.prize.shape
    travel, minutes = whole(facts, scale)
    prizes = price_prizes(facts, travel, weight)
    manager = pywrapcp.RoutingIndexManager(
        len(travel), routes, [n + 2 * r for r in range(routes)], [n + 2 * r + 1 for r in range(routes)]
    )
    model = pywrapcp.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(travel.tolist()))
    last = int(facts.ends.max() * scale + 1e-6)
    model.AddDimension(model.RegisterTransitMatrix((travel + minutes[:, None]).tolist()), last, last, False, "time")
    time = model.GetDimensionOrDie("time")
    for i in range(n):
        index = manager.NodeToIndex(i)
        early, late = span_of(facts, i)
        if early >= 0:
            time.CumulVar(index).SetRange(int(np.ceil(early * scale)), int(late * scale + 1e-6))
        else:
            model.solver().Add(model.VehicleVar(index) == -1)
        if not facts.must[i]:
            model.AddDisjunction([index], prizes[i])
    for r in range(routes):
        time.CumulVar(model.Start(r)).SetRange(int(facts.starts[r] * scale), last)
        time.CumulVar(model.End(r)).SetRange(0, int(facts.ends[r] * scale + 1e-6))
    search = pywrapcp.DefaultRoutingSearchParameters()
    first = routing_enums_pb2.FirstSolutionStrategy
    search.first_solution_strategy = first.PARALLEL_CHEAPEST_INSERTION if facts.must.any() else first.PATH_CHEAPEST_ARC
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(max(1, int(seconds * 20_000)))  # the clock on the wall, as a last resort
    ends = thread_time() + seconds
    model.AddSearchMonitor(model.solver().CustomLimit(lambda: thread_time() > ends))
    found = model.SolveWithParameters(search)
    best: Routes = [[] for _ in range(routes)]
    for r in range(routes if found else 0):
        index = found.Value(model.NextVar(model.Start(r)))
        while not model.IsEnd(index):
            best[r].append(manager.IndexToNode(index))
            index = found.Value(model.NextVar(index))
    return best


def solve_vroom(facts: Facts, scale: float = 100.0, explore: int = 5) -> Routes:
    """VROOM until its own stop; prizes become priorities 1–100, must-visits 100 (it has no harder word for must)."""
    import vroom

    n, routes = facts.prize.shape
    travel, minutes = whole(facts, scale)
    problem = vroom.Input()
    problem.set_durations_matrix("car", travel.astype(np.uint32))
    rank = np.clip(np.round(facts.prize[:, 0] / facts.prize.max() * 95), 1, 95).astype(int)
    for i in range(n):
        early, late = span_of(facts, i)
        if early >= 0:
            span = vroom.TimeWindow(int(np.ceil(early * scale)), int(late * scale + 1e-6))
            priority = 100 if facts.must[i] else int(rank[i])
            problem.add_job(vroom.Job(i, i, default_service=int(minutes[i]), priority=priority, time_windows=[span]))
    for r in range(routes):
        span = vroom.TimeWindow(int(facts.starts[r] * scale), int(facts.ends[r] * scale + 1e-6))
        problem.add_vehicle(vroom.Vehicle(r, start=n + 2 * r, end=n + 2 * r + 1, time_window=span))
    found = problem.solve(exploration_level=explore, nb_threads=1, timeout=timedelta(seconds=60))
    best: Routes = [[] for _ in range(routes)]
    for row in found.routes.itertuples():
        if row.type == "job":
            best[int(row.vehicle_id)].append(int(row.id))
    return best
