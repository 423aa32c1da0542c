"""Random plans: nobody knocks where it was asked not to, and a sheet of paper names the right door.

1,000 plans by default, 10,000 with QM_PROVE=1.
"""

import os
import uuid
from datetime import date, time, timedelta
from random import Random

import pytest

from qiaomen.criteria.facts import load_entries
from qiaomen.criteria.tests.test_criteria import NATIONAL
from qiaomen.planner.check import check_plan
from qiaomen.planner.facts import Place, PlanParams, Walking
from qiaomen.planner.home import HomeChances, Knock
from qiaomen.planner.plan import plan_rounds
from qiaomen.visits.rules.brought import door_code
from qiaomen.visits.rules.due import DoorFact, GroupFact, PromiseFact, Tier, Wish, deduce, need_of
from qiaomen.visits.rules.planner_input import (
    DAY_MINUTES,
    VISIT_MINUTES,
    Candidate,
    TeamFact,
    doors_of,
    hours_of,
    is_welcome,
    own_hours,
    price_in_doors,
    sessions_of,
    slots_to_try,
)

TODAY = date(2026, 11, 24)
TIERS = {entry["code"]: Tier(**entry) for entry in load_entries(NATIONAL, "cadence.yaml")}
GROUPS = (GroupFact("high_risk_elder", "high"), GroupFact("empty_nest_elder", "key"))
QUICK = PlanParams(price_share=0.0)
PLANS = 10_000 if os.environ.get("QM_PROVE") == "1" else 1_000
STAFF = ("yao", "fang", "guo")
SLOTS = ("weekday-morning", "weekday-afternoon", "weekday-evening")


def some_wish(dice: Random) -> Wish:
    quiet = time(dice.randrange(24), dice.choice([0, 30])), time(dice.randrange(24), dice.choice([0, 30]))
    quiet_from, quiet_to = quiet if dice.random() < 0.5 and quiet[0] != quiet[1] else (None, None)
    whom = dice.choice(STAFF) if dice.random() < 0.3 else None
    often = dice.choice([1, 2]) if dice.random() < 0.2 else None
    begins = dice.randrange(8, 19)
    agreed = (time(begins, 30), dice.choice([None, time(begins + 2)])) if dice.random() < 0.2 else None
    return Wish(dice.random() < 0.15, dice.random() < 0.15, quiet_from, quiet_to, whom, often, agreed)


def some_door(dice: Random, n: int) -> DoorFact:
    outcome = dice.choice([None, "met", "no_answer", "refused"])
    last = TODAY - timedelta(days=dice.randrange(1, 200)) if outcome else None
    promise = (PromiseFact(f"c{n}", "case", TODAY),) if dice.random() < 0.3 else ()
    return DoorFact(
        str(n),
        known_since=TODAY - timedelta(days=300),
        last_spoken=last if outcome == "met" else None,
        last_outcome=outcome,
        last_outcome_day=last,
        tries=1,
        groups=tuple(dice.sample(GROUPS, dice.randrange(3))),
        promises=promise,
        wish=some_wish(dice),
        visits_last_month=dice.randrange(3),
        paused_until=TODAY + timedelta(days=5) if dice.random() < 0.1 else None,
    )


def some_team(dice: Random, n: int) -> TeamFact:
    slot = dice.randrange(3)
    walkers = frozenset(dice.sample(STAFF, dice.randrange(1, 3)))
    return TeamFact(str(n), (8.5, 14.0, 18.0)[slot] * 60, dice.choice([60, 90]), SLOTS[slot], walkers)


def test_thousands_of_random_plans_break_no_wish() -> None:
    dice, knocked = Random(20261125), 0
    chances = HomeChances([Knock(str(n), dice.choice(SLOTS), dice.random() < 0.6) for n in range(40)])
    for seed in range(PLANS):
        teams = [some_team(dice, n) for n in range(dice.randrange(1, 3))]
        facts = {str(n): some_door(dice, n) for n in range(6)}
        candidates = []
        for key, fact in facts.items():
            due = [due for due in deduce(fact, TODAY, TIERS) if due.way == "door"]
            if due:
                place = Place("A", dice.randrange(2), dice.randrange(2), dice.randrange(1, 7))
                need, slots = need_of(due[0].weight, due[0].opens_on, due[0].due_on, TODAY), frozenset[str]()
                if due[0].clock == "retry":
                    slots = frozenset({dice.choice(SLOTS)})
                must = due[0].clock == "promise"
                candidates.append(Candidate(key, place, need, due[0].clock, due[0].reason, must, fact.wish, slots))
        doors, sessions = doors_of(candidates, teams, chances), sessions_of(teams, Place())
        plan = plan_rounds(doors, sessions, QUICK, seed=seed, iterations=5)
        assert not check_plan(doors, sessions, plan, Walking())
        clocks, wanted = (
            {candidate.door: candidate.clock for candidate in candidates},
            {candidate.door: candidate.slots for candidate in candidates},
        )
        for n, (team, walked) in enumerate(zip(teams, plan.rounds, strict=True)):
            for stop in walked.stops:
                minute = stop.starts - n * DAY_MINUTES
                stays = VISIT_MINUTES[clocks[stop.door]]
                assert is_welcome(facts[stop.door], TODAY, minute, stays, team.walkers), (seed, stop)
                assert not wanted[stop.door] or team.slot in wanted[stop.door]
                knocked += 1
    assert knocked > PLANS


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [
        ((time(12, 0), time(15, 0)), [(0.0, 700.0), (900.0, 1439.0)]),
        ((time(21, 0), time(8, 0)), [(480.0, 1240.0)]),
        ((time(0, 10), time(23, 59)), [(1439.0, 1439.0)]),
    ],
)
def test_a_visit_is_over_before_the_quiet_hours(quiet: tuple[time, time], expected: list[tuple[float, float]]) -> None:
    assert hours_of(Wish(quiet_from=quiet[0], quiet_to=quiet[1]), 20) == expected
    assert hours_of(Wish(), 20) is None


def test_hours_agreed_for_a_day_hold_in_place_of_the_quiet_hours() -> None:
    wish = Wish(quiet_from=time(12), quiet_to=time(18), agreed=(time(14), time(16)))
    assert hours_of(wish, 20) == [(840.0, 960.0)] and own_hours(wish, time(9), 60) == (time(14), time(16))
    assert hours_of(Wish(agreed=(time(14), None)), 20) == [(840.0, 1439.0)]
    fact = DoorFact("1", wish=wish)
    welcome = [minute for minute in range(1440) if is_welcome(fact, TODAY, minute, 20, frozenset())]
    assert (welcome[0], welcome[-1], len(welcome)) == (840, 960, 121)


@pytest.mark.parametrize(
    ("quiet", "starts", "expected"),
    [
        ((time(12), time(15)), time(14, 30), (time(15), None)),
        ((time(12), time(15)), time(10), (None, time(12))),
        ((time(16, 40), time(16)), time(14, 30), (time(16), time(16, 40))),
        ((time(15, 30), time(12)), time(14, 30), (None, time(15, 30))),
        ((time(21), time(8)), time(14, 30), None),
        ((time(15), time(15, 30)), time(14, 30), None),
        ((time(12), time(18)), time(14, 30), None),
        ((time(17), time(21)), time(14, 30), None),
        (None, time(14, 30), None),
    ],
    ids=[
        "only after",
        "only before",
        "one hour",
        "before, over midnight",
        "a night",
        "a pause in the middle",
        "not in this round",
        "as the round ends",
        "no wish",
    ],
)
def test_the_hour_to_come_at_is_what_a_wish_leaves_of_the_round(
    quiet: tuple[time, time] | None, starts: time, expected: tuple[time | None, time | None] | None
) -> None:
    wish = Wish(quiet_from=quiet[0], quiet_to=quiet[1]) if quiet else Wish()
    assert own_hours(wish, starts, 150) == expected


def test_a_second_try_goes_at_another_time_of_day_the_likeliest_one() -> None:
    knocks = [Knock("x", "weekday-evening", True)] * 8 + [Knock("x", "weekday-morning", False)] * 8
    chances, tried = HomeChances(knocks), frozenset({"weekday-afternoon"})
    both = ["weekday-afternoon", "weekday-morning", "weekday-evening"]
    assert slots_to_try("d", tried, both, chances, last_chance=False) == {"weekday-evening"}
    assert slots_to_try("d", tried, both[:2], chances, last_chance=False) == {"weekday-morning"}
    assert slots_to_try("d", tried, both[:1], chances, last_chance=False) == frozenset()
    assert slots_to_try("d", tried, both, chances, last_chance=True) == frozenset()


def test_what_a_must_visit_costs_is_told_in_doors() -> None:
    assert price_in_doors(20.0, 26.0, 10) == 3
    assert price_in_doors(20.0, 19.0, 10) == 0
    assert price_in_doors(0.0, 5.0, 0) == 0
    assert price_in_doors(20.0, None, 10) is None


def test_one_wrong_letter_or_two_swapped_ones_are_never_another_doors_code() -> None:
    dice = Random(7)
    for _ in range(300):
        code = door_code.door_code(uuid.UUID(int=dice.getrandbits(128)))
        assert door_code.is_code(code)
        for at in range(5):
            for letter in set(door_code.LETTERS) - {code[at]}:
                assert not door_code.is_code(code[:at] + letter + code[at + 1 :])
        for at in range(4):
            if code[at] != code[at + 1]:
                assert not door_code.is_code(code[:at] + code[at + 1] + code[at] + code[at + 2 :])


def test_a_code_means_the_door_of_the_round_first_and_never_a_guess() -> None:
    base = door_code.BASE**door_code.LENGTH
    twins = [uuid.UUID(int=5), uuid.UUID(int=5 + base)]
    other = uuid.UUID(int=77)
    code, far = door_code.door_code(twins[0]), door_code.door_code(other)
    assert door_code.find_doors([code, far], [*twins, other], twins[:1]) == {code: twins[0], far: other}
    assert door_code.find_doors([code], [*twins, other], []) == {}
    assert door_code.tidy(" k7p-4m ") == "K7P4M"
