"""The greedy plan: always the door with the most prize for each minute it costs. The baseline to beat."""

from collections.abc import Sequence

from qiaomen.planner.arrays import build_facts, rank_doors
from qiaomen.planner.direction import weighty_first
from qiaomen.planner.facts import Door, Plan, PlanParams, Session
from qiaomen.planner.plan import check_words, tell_plan
from qiaomen.planner.search import Found, find_greedy_routes


def plan_greedily(doors: Sequence[Door], sessions: Sequence[Session], params: PlanParams | None = None) -> Plan:
    """Plan the same rounds as plan_rounds without any search."""
    params = params or PlanParams()
    check_words(doors, sessions)
    kept = [doors[index] for index in rank_doors(doors, sessions, params)]
    facts = build_facts(kept, sessions, params.walking)
    routes = find_greedy_routes(facts)
    if params.weighty_first:
        routes = weighty_first(facts, routes)
    return tell_plan(doors, kept, sessions, facts, Found(routes, 0, hasty=False), None)
