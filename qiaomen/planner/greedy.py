"""The greedy plan: always the door with the most prize for each minute it costs. The baseline to beat."""

from collections.abc import Sequence

from qiaomen.planner import loops as kernel
from qiaomen.planner.arrays import Facts, build_facts, rank_doors
from qiaomen.planner.facts import Door, Plan, PlanParams, Session
from qiaomen.planner.plan import check_words, tell_plan
from qiaomen.planner.search import Routes, lay_out
from qiaomen.planner.state import POWERS, make_state

RATIO = POWERS.index(1.0)


def find_greedy_routes(facts: Facts) -> Routes:
    """Insert doors at their cheapest place while one fits: must-visits first, then most prize a minute."""
    state = make_state(facts, 1)
    kernel.begin(facts, state, lay_out(facts, None))
    state.touched[:] = 0
    kernel.recreate(facts, state, RATIO, 0.0, 0.0)
    sizes = [state.size[state.slot[r], r] for r in range(len(facts.starts))]
    return [[int(i) for i in state.seq[state.slot[r], r, 1 : size + 1]] for r, size in enumerate(sizes)]


def plan_greedily(doors: Sequence[Door], sessions: Sequence[Session], params: PlanParams | None = None) -> Plan:
    """Plan the same rounds as plan_rounds without any search."""
    params = params or PlanParams()
    check_words(doors, sessions)
    kept = [doors[index] for index in rank_doors(doors, sessions, params)]
    facts = build_facts(kept, sessions, params.walking)
    return tell_plan(doors, kept, sessions, facts, find_greedy_routes(facts), None, 0)
