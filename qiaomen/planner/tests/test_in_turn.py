"""Doors seen in turn fill a staircase, a walk brings the weightier half first, and time left over has its doors."""

from dataclasses import replace

from qiaomen.planner.check import check_plan
from qiaomen.planner.facts import Door, Place, Plan, PlanParams, Session, Walking, Window
from qiaomen.planner.foresight import Rhythm, spare_by_seeing, spare_in_turn, turn_days
from qiaomen.planner.plan import plan_rounds
from qiaomen.planner.spares import find_spares

RHYTHM = Rhythm(1.0, 23, 68)
TURN = 150.0
STAIRS = {f"stairs-{n}": 60 + 10 * n for n in range(6)}
"""Six doors of one staircase, seen 60 to 110 days ago: none is at its turn of 150 days."""
ALONE = {f"alone-{n}": 125 for n in range(8)}
"""Eight doors that were seen longer ago, each in a building of its own."""


RING = [(150.0 * east, 150.0 * north) for east, north in ((1, 0), (1, 1), (0, 1), (-1, 1))]
RING += [(-east, -north) for east, north in RING]
"""Where these stand: around the staircase, 150 metres from one to the next."""


def world(worth: dict[str, float]) -> tuple[list[Door], list[Session]]:
    doors = []
    for n, (key, need) in enumerate(worth.items()):
        place = Place("A", 1, 1, 1 + n // 2) if key in STAIRS else Place("A", n, 1, 1, *RING[n % 8])
        doors.append(Door(key, place, 5.0, need))
    return doors, [Session("s", 870.0, 908.0)]


def walked(plan: Plan) -> list[str]:
    return [stop.door for walk in plan.rounds for stop in walk.stops]


def plan_of(worth: dict[str, float]) -> Plan:
    doors, sessions = world(worth)
    plan = plan_rounds(doors, sessions, PlanParams(keep_least=20), seed=1, iterations=3000)
    assert not check_plan(doors, sessions, plan, Walking())
    return plan


def test_a_sweep_fills_the_whole_staircase_before_it_walks_from_house_to_house() -> None:
    days = STAIRS | ALONE
    in_turn = plan_of({key: spare_in_turn(seen, RHYTHM, TURN, 0.0) for key, seen in days.items()})
    alone = plan_of({key: spare_by_seeing(RHYTHM.need(seen), seen, RHYTHM, 0.0, 91.0) for key, seen in days.items()})
    assert set(STAIRS) <= set(walked(in_turn))
    assert not set(STAIRS) <= set(walked(alone))
    assert len(walked(in_turn)) > len(walked(alone))


def test_before_its_turn_a_door_counts_by_the_day_of_the_turn_and_after_it_by_today() -> None:
    for seen in (30, 60, 90, 149):
        then = RHYTHM.need(TURN) * seen - RHYTHM.need_until(seen)
        assert spare_in_turn(seen, RHYTHM, TURN, 0.0) == then > spare_by_seeing(RHYTHM.need(seen), seen, RHYTHM, 0.0)
    late = RHYTHM.need(200) * 200 - RHYTHM.need_until(200)
    assert spare_in_turn(200, RHYTHM, TURN, 0.0) == late
    assert spare_in_turn(10, RHYTHM, TURN, 5.0) == 0.0
    worths = [spare_in_turn(seen, RHYTHM, TURN, 2.0) for seen in range(23, 300)]
    assert worths == sorted(worths)


def test_the_turn_is_as_long_as_the_hours_make_it_within_bounds() -> None:
    assert turn_days(900, 10.0, 450.0, 91) == 140
    assert turn_days(10, 10.0, 450.0, 91) == 91
    assert turn_days(90_000, 10.0, 450.0, 91) == turn_days(900, 10.0, 0.0, 91) == 2 * 91


def test_a_walk_goes_round_the_way_that_brings_the_more_prize_early() -> None:
    doors = [Door(str(n), Place("A", n, 1, 1, 100.0 * n), 5.0, 1.0 + n) for n in range(5)]
    sessions = [Session("s", 0.0, 60.0)]
    plans = {
        first: plan_rounds(doors, sessions, PlanParams(weighty_first=first), seed=1, iterations=500)
        for first in (True, False)
    }
    for plan in plans.values():
        assert not check_plan(doors, sessions, plan, Walking())
    worth = [stop.prize for stop in plans[True].rounds[0].stops]
    assert sum(worth[:2]) > sum(worth[-2:])
    assert (
        plans[True].prize == plans[False].prize and abs(plans[True].rounds[0].back - plans[False].rounds[0].back) < 1e-6
    )


def test_an_hour_that_was_agreed_is_kept_whichever_way_round() -> None:
    doors = [Door(str(n), Place("A", n, 1, 1, 100.0 * n), 5.0, 1.0 + n) for n in range(5)]
    doors[4] = replace(doors[4], windows=(Window(40.0, 50.0),), must_visit=True)
    sessions = [Session("s", 0.0, 60.0)]
    plan = plan_rounds(doors, sessions, PlanParams(), seed=1, iterations=500)
    assert not check_plan(doors, sessions, plan, Walking())
    assert [40 <= stop.starts <= 50 for stop in plan.rounds[0].stops if stop.door == "4"] == [True]


def test_spare_doors_are_near_have_no_hours_that_end_and_stand_in_one_round() -> None:
    doors = [Door(f"{n}", Place("A", n // 6, 1, 1 + n % 6), 10.0, 5.0) for n in range(24)]
    doors += [Door("far", Place("B", 1, 1, 1, 900.0), 1.0, 99.0)]
    doors += [Door("quiet", Place("A", 0, 1, 1), 1.0, 99.0, windows=(Window(0.0, 30.0),))]
    doors += [Door("open", Place("A", 0, 1, 1), 1.0, 4.9, windows=(Window(0.0, 1439.0),))]
    sessions = [Session("one", 0.0, 60.0), Session("two", 1440.0, 1500.0)]
    plan = plan_rounds([d for d in doors if d.key != "far"], sessions, PlanParams(), seed=1, iterations=300)
    spares = find_spares(doors, sessions, plan)
    chosen = [key for more in spares.values() for key in more]
    assert set(spares) == {"one", "two"} and all(spares.values())
    assert len(chosen) == len(set(chosen)) and not set(chosen) & set(walked(plan))
    assert not {"far", "quiet"} & set(chosen)
    idle = replace(plan, rounds=tuple(replace(walk, stops=()) for walk in plan.rounds))
    assert not any(find_spares(doors, sessions, idle).values())
