"""Etiquette over random weeks: nobody knocks in quiet hours, above a cap, against a wish, or twice without a cause.

300 plans by default, 10,000 with QM_PROVE=1. The referee (`is_welcome`, `has_cause`) shares no code with what deduces
and plans. That it sees is tried, too: each rule is broken once, and the same weeks must then be refused.
"""

import os
from dataclasses import replace
from datetime import date, time, timedelta
from random import Random

import pytest

from qiaomen.criteria.facts import load_entries
from qiaomen.criteria.tests.test_criteria import NATIONAL
from qiaomen.planner.check import check_plan
from qiaomen.planner.facts import Place, PlanParams, Walking
from qiaomen.planner.home import HomeChances, Knock
from qiaomen.planner.plan import plan_rounds
from qiaomen.planner.spares import SHARE, find_spares
from qiaomen.visits.rules import due as rules
from qiaomen.visits.rules import planner_input
from qiaomen.visits.rules.due import DoorFact, EventFact, GroupFact, PromiseFact, Tier, Wish, deduce
from qiaomen.visits.rules.planner_input import (
    DAY_MINUTES,
    VISIT_MINUTES,
    Candidate,
    doors_of,
    is_welcome,
    sessions_of,
    worth_of_seeing,
)
from qiaomen.visits.tests.test_planner_input import SLOTS, some_team, some_wish

PLANS = 10_000 if os.environ.get("QM_PROVE") == "1" else 300
TODAY = date(2026, 11, 24)
TIERS = {entry["code"]: Tier(**entry) for entry in load_entries(NATIONAL, "cadence.yaml")}
TERMS = {"high_risk_elder": (7, 3), "empty_nest_elder": (30, 10), "longest-unseen": (365, 275)}
GROUPS = (GroupFact("high_risk_elder", "high"), GroupFact("empty_nest_elder", "key"))
SPOKEN = ("met", "shortened")
DOORS = 8


def some_door(dice: Random, n: int) -> DoorFact:
    outcome = dice.choice([None, "met", "no_answer", "refused"])
    last = TODAY - timedelta(days=dice.randrange(1, 200)) if outcome else None
    return DoorFact(
        str(n),
        known_since=TODAY - timedelta(days=300),
        last_spoken=last if outcome == "met" else None,
        last_outcome=outcome,
        last_outcome_day=last,
        tries=int(outcome == "no_answer"),
        groups=tuple(dice.sample(GROUPS, dice.randrange(3))),
        promises=(PromiseFact(f"c{n}", "case", TODAY + timedelta(days=dice.randrange(4))),)
        if dice.random() < 0.3
        else (),
        events=(EventFact("born", TODAY - timedelta(days=3)),) if dice.random() < 0.1 else (),
        wish=some_wish(dice),
        visits_last_month=dice.randrange(3),
        paused_until=TODAY + timedelta(days=5) if dice.random() < 0.1 else None,
    )


def walk_day(facts: dict[str, DoorFact], day: date, dice: Random, seed: int) -> dict[str, tuple[str, str]]:
    """Plan one day, ask the referee about every stop; return per door the clock that brought the team, and the team."""
    teams = [some_team(dice, n) for n in range(dice.randrange(1, 3))]
    chances = HomeChances([Knock(str(n), dice.choice(SLOTS), dice.random() < 0.6) for n in range(40)])
    candidates, clocks = [], {}
    for key, fact in facts.items():
        rows = [due for due in deduce(fact, day, TIERS) if due.way == "door" and due.opens_on <= day]
        if rows:
            told = max(rows, key=lambda due: {"promise": 2, "retry": 1}.get(due.clock, 0))
            place = Place("A", int(key) % 2, int(key) % 3, 1 + int(key) % 6)
            worth = worth_of_seeing(rows, TERMS, day, 2)
            must = told.clock == "promise" and told.due_on <= day
            candidates.append(Candidate(key, place, worth, told.clock, told.reason, must, fact.wish))
            clocks[key] = told.clock
    doors, sessions = doors_of(candidates, teams, chances), sessions_of(teams, Place())
    plan = plan_rounds(doors, sessions, PlanParams(price_share=0.0), seed=seed, iterations=5)
    assert not check_plan(doors, sessions, plan, Walking())
    spares, found = find_spares(doors, sessions, plan), dict[str, tuple[str, str]]()
    for n, (team, walked) in enumerate(zip(teams, plan.rounds, strict=True)):
        for stop in walked.stops:
            minute, stays = stop.starts - n * DAY_MINUTES, VISIT_MINUTES[clocks[stop.door]]
            assert is_welcome(facts[stop.door], day, minute, stays, team.walkers), (seed, day, stop)
            assert stop.door not in found, (seed, day, stop)
            found[stop.door] = clocks[stop.door], team.key
        for key in spares[walked.session]:
            for minute in (team.starts, team.starts + (1 + SHARE) * team.minutes):
                assert is_welcome(facts[key], day, minute, VISIT_MINUTES[clocks[key]], team.walkers), (seed, day, key)
            assert key not in found, (seed, day, key)
            found[key] = clocks[key], team.key
    return found


def live_on(fact: DoorFact, day: date, outcome: str) -> DoorFact:
    """Return what is known of a door after a knock."""
    spoken = day if outcome in SPOKEN else fact.last_spoken
    tries = fact.tries + 1 if outcome == "no_answer" else 0
    kept = () if outcome in SPOKEN else fact.promises
    return replace(
        fact,
        last_spoken=spoken,
        last_outcome=outcome,
        last_outcome_day=day,
        tries=tries,
        promises=kept,
        visits_last_month=fact.visits_last_month + 1,
        wish=replace(fact.wish, agreed=None),
    )


def has_cause(fact: DoorFact, clock: str, outcome: str, days: int) -> bool:
    """Say whether a second knock within a week has a cause: something promised, something that happened, another hour
    two days after a door that stayed shut (at once where a high risk changed), or a household seen every week.
    """
    if clock == "promise":
        return bool(fact.promises)
    if outcome == "refused":
        return False
    weekly = any(group.tier == "high" for group in fact.groups)
    if outcome == "no_answer":
        return days >= 2 or (clock == "event" and weekly)
    return clock == "cadence" and weekly and days >= 4


def live_weeks(plans: int) -> tuple[int, int]:
    """Plan two days of each of so many weeks under the referee's eyes; return the knocks, and the second ones."""
    dice, knocked, again = Random(20261125), 0, 0
    for seed in range(plans // 2):
        facts = {str(n): some_door(dice, n) for n in range(DOORS)}
        first = walk_day(facts, TODAY, dice, seed)
        outcomes = {key: dice.choice([*SPOKEN, "no_answer", "refused"]) for key in first}
        for key, outcome in outcomes.items():
            facts[key] = live_on(facts[key], TODAY, outcome)
        days = dice.randrange(1, 7)
        facts = {key: replace(fact, wish=replace(fact.wish, agreed=None)) for key, fact in facts.items()}
        second = walk_day(facts, TODAY + timedelta(days=days), dice, seed)
        for key in second.keys() & first.keys():
            again += 1
            assert has_cause(facts[key], second[key][0], outcomes[key], days), (seed, key, outcomes[key], days)
        knocked += len(first) + len(second)
    return knocked, again


def test_over_random_weeks_nobody_knocks_where_or_when_it_was_asked_not_to() -> None:
    knocked, again = live_weeks(PLANS)
    assert knocked > PLANS
    assert again > PLANS // 30


BROKEN = {
    "quiet hours": (planner_input, "hours_of", lambda wish, minutes: None),
    "only her": (planner_input, "_may_come", lambda candidate, team: True),
    "no visits, by telephone, above the cap, a pause": (rules, "_as_wished", lambda due, fact, today: due),
    "a refusal": (rules, "_refusal_holds", lambda fact, today: False),
    "two days until the second try": (rules, "RETRY_AFTER_DAYS", 0),
}
"""Each rule, and how it is broken."""


@pytest.mark.parametrize("rule", BROKEN)
def test_each_rule_that_is_broken_is_seen(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*BROKEN[rule])
    with pytest.raises(AssertionError):
        live_weeks(200)


@pytest.mark.parametrize(
    ("wish", "minute", "welcome"),
    [
        (Wish(quiet_from=time(12), quiet_to=time(14)), 13 * 60.0, False),
        (Wish(quiet_from=time(12), quiet_to=time(14)), 14 * 60.0, True),
        (Wish(no_visits=True), 14 * 60.0, False),
        (Wish(phone_instead=True), 14 * 60.0, False),
        (Wish(whom="fang"), 14 * 60.0, False),
        (Wish(most_per_month=1), 14 * 60.0, False),
    ],
)
def test_the_referee_knows_each_wish(wish: Wish, minute: float, welcome: bool) -> None:
    fact = DoorFact("1", wish=wish, visits_last_month=1)
    assert is_welcome(fact, TODAY, minute, 15, frozenset({"yao"})) is welcome
