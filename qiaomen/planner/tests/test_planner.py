"""The planner, the referee, the greedy baseline, and the two helpers beside them.

1,000 random plans by default, 10,000 with QM_PROVE=1.
"""

import os
from itertools import combinations, permutations
from random import Random

import pytest

from qiaomen.planner.check import check_plan, walk_minutes
from qiaomen.planner.facts import Door, Place, PlanParams, SearchParams, Session, Walking, Window
from qiaomen.planner.greedy import plan_greedily
from qiaomen.planner.home import HomeChances, HomePrior, Knock, name_slot
from qiaomen.planner.plan import plan_rounds
from qiaomen.planner.wait import WaitFacts, find_hours_needed, find_longest_wait

PARAMS = PlanParams(keep_least=500, price_share=0.0)
PLANS = 10_000 if os.environ.get("QM_PROVE") == "1" else 1_000
WALKING = PARAMS.walking


def make_place(random: Random) -> Place:
    building, entrance = random.randrange(4), random.randrange(2)
    return Place("幸福苑", building, entrance, random.randint(1, 6), building * 60.0, entrance * 15.0)


def make_windows(random: Random) -> tuple[Window, ...]:
    """None, one or two windows, some before or after every session."""
    count = random.choice([0, 0, 1, 2])
    starts = sorted(random.sample(range(0, 1600, 20), count))
    return tuple(Window(start, start + random.randint(0, 19)) for start in starts)


def make_doors(random: Random, count: int, sessions: int, musts: float = 0.1) -> list[Door]:
    return [
        Door(
            key=f"D{index}",
            place=make_place(random),
            minutes=float(random.choice([3, 5, 10, 20])),
            need=float(random.randint(0, 20)),
            home_chance=random.choice([(), tuple(round(random.random(), 2) for _ in range(sessions))]),
            windows=make_windows(random),
            must_visit=random.random() < musts,
        )
        for index in range(count)
    ]


def make_sessions(random: Random, count: int) -> list[Session]:
    found = []
    for index in range(count):
        starts = float(random.choice([0, 60, 1440]))
        end_place = make_place(random) if random.random() < 0.3 else None
        found.append(Session(f"S{index}", starts, starts + random.choice([20, 40, 90]), make_place(random), end_place))
    return found


def best_by_enumeration(doors: list[Door], sessions: list[Session]) -> tuple[int, float]:
    """Return (must-visits served, prize) of the best plan, every order of every subset tried."""
    best_of: list[dict[frozenset[int], float]] = []
    for r, session in enumerate(sessions):
        sets = {frozenset(): 0.0}
        for count in range(1, len(doors) + 1):
            for order in permutations(range(len(doors)), count):
                if frozenset(order) not in sets and walks(doors, session, order):
                    prizes = [doors[i].need * (doors[i].home_chance or [1] * 9)[r] for i in order]
                    sets[frozenset(order)] = sum(prizes)
        best_of.append(sets)
    reached = {frozenset(): 0.0}
    for sets in best_of:
        after: dict[frozenset[int], float] = {}
        for door, had in reached.items():
            for two, more in sets.items():
                if not door & two:
                    after[door | two] = max(after.get(door | two, -1.0), had + more)
        reached = after
    return max((sum(doors[i].must_visit for i in served), prize) for served, prize in reached.items())


def walks(doors: list[Door], session: Session, order: tuple[int, ...]) -> bool:
    time, here = session.starts, session.place
    for i in order:
        door = doors[i]
        time += walk_minutes(here, door.place, WALKING)
        if door.windows:
            open_ones = [max(time, w.opens) for w in door.windows if max(time, w.opens) <= w.last_start]
            if not open_ones:
                return False
            time = min(open_ones)
        time, here = time + door.minutes, door.place
    return time + walk_minutes(here, session.end_place or session.place, WALKING) <= session.ends + 1e-9


def test_every_plan_of_many_worlds_passes_the_referee() -> None:
    random = Random(1)
    for seed in range(300):
        sessions = make_sessions(random, random.randint(1, 4))
        doors = make_doors(random, random.randint(0, 30), len(sessions))
        plan = plan_rounds(doors, sessions, PARAMS, seed=seed, iterations=100)
        assert check_plan(doors, sessions, plan, WALKING) == []
        assert check_plan(doors, sessions, plan_greedily(doors, sessions, PARAMS), WALKING) == []


def test_a_tiny_plan_is_as_good_as_trying_everything() -> None:
    random = Random(2)
    for seed in range(40):
        sessions = make_sessions(random, 2)
        doors = make_doors(random, 5, 2, musts=0.25)
        plan = plan_rounds(doors, sessions, PARAMS, seed=seed, iterations=2000)
        musts, prize = best_by_enumeration(doors, sessions)
        assert sum(door.must_visit for door in doors) - len(plan.unserved_musts) == musts, seed
        assert plan.prize == pytest.approx(prize), seed


def test_thousands_of_random_plans_break_no_wish() -> None:
    """Quiet hours are windows without them, no-visit doors are not handed in; neither is ever knocked on."""
    random = Random(3)
    broken = 0
    for seed in range(PLANS):
        sessions = make_sessions(random, 2)
        doors = make_doors(random, 7, 2)
        plan = plan_rounds(doors[1:], sessions, PARAMS, seed=seed, iterations=4)
        windows = {door.key: door.windows for door in doors}
        for stop in (stop for walk in plan.rounds for stop in walk.stops):
            inside = any(w.opens - 1e-6 <= stop.starts <= w.last_start + 1e-6 for w in windows[stop.door])
            broken += stop.door == "D0" or (bool(windows[stop.door]) and not inside)
    assert broken == 0


def test_the_same_seed_and_iterations_give_the_same_plan() -> None:
    random = Random(4)
    sessions = make_sessions(random, 3)
    doors = make_doors(random, 40, 3)
    plans = [plan_rounds(doors, sessions, PlanParams(), seed=7, iterations=500) for _ in range(2)]
    assert plans[0] == plans[1]
    assert plans[0].iterations == 500


def test_a_must_visit_that_cannot_be_is_named_with_its_reason() -> None:
    home = Place("幸福苑", 1, 1, 1)
    sessions = [Session("周二一队", 840, 900, home)]
    doors = [
        Door("夜里", home, 10, 1, windows=(Window(1200, 1260),), must_visit=True),
        Door("远处", Place("南塬小区", 1, 1, 1, 9000.0), 10, 1, must_visit=True),
        *[Door(f"长谈{n}", home, 40, 1, must_visit=True) for n in range(2)],
        Door("顺路", home, 10, 5),
    ]
    plan = plan_rounds(doors, sessions, PlanParams(), iterations=200)
    reasons = {door.door: door.why for door in plan.unserved_musts}
    assert reasons.pop("夜里") == "no-window"
    assert reasons.pop("远处") == "too-far"
    assert list(reasons.values()) == ["no-room"]
    assert [stop.why for stop in plan.rounds[0].stops].count("must-visit") == 1
    assert check_plan(doors, sessions, plan, WALKING) == []


def test_the_price_of_must_visits_is_told_in_other_doors() -> None:
    home = Place("幸福苑", 1, 1, 1)
    sessions = [Session("周二一队", 840, 900, home)]
    doors = [Door("必访", home, 40, 0, must_visit=True), *[Door(f"户{n}", home, 9, 1) for n in range(8)]]
    plan = plan_rounds(doors, sessions, PlanParams(), iterations=300)
    assert (plan.other_prize, plan.other_prize_free) == (2, 6)
    assert plan_rounds(doors, sessions, PARAMS, iterations=300).other_prize_free is None


def test_the_referee_sees_what_is_wrong() -> None:
    random = Random(5)
    sessions = make_sessions(random, 2)
    doors = make_doors(random, 25, 2, musts=0.0)
    plan = plan_rounds(doors, sessions, PARAMS, iterations=200)
    late = [
        Session(session.key, session.starts, session.starts + 1, session.place, session.end_place)
        for session in sessions
    ]
    shut = [Door(d.key, d.place, d.minutes, d.need, d.home_chance, (Window(-9, -5),)) for d in doors]
    assert check_plan(doors, late, plan, WALKING)
    assert check_plan(shut, sessions, plan, WALKING)
    assert check_plan(doors[1:], sessions, plan, WALKING)
    assert check_plan(doors, sessions, plan, Walking(metres_per_minute=50))


def test_words_that_make_no_sense_are_refused() -> None:
    home = Place()
    session = Session("一队", 0, 60, home)
    with pytest.raises(ValueError):
        Window(10, 9)
    with pytest.raises(ValueError):
        Session("一队", 60, 60, home)
    with pytest.raises(ValueError):
        Door("户", home, -1, 1)
    with pytest.raises(ValueError):
        SearchParams(end_heat=2.0, start_heat=1.0)
    with pytest.raises(ValueError):
        PlanParams(keep_ratio=0.5)
    with pytest.raises(ValueError):
        plan_rounds([Door("户", home, 1, 1)], [session])
    with pytest.raises(ValueError):
        plan_rounds([Door("户", home, 1, 1)] * 2, [session], iterations=1)
    with pytest.raises(ValueError):
        plan_rounds([Door("户", home, 1, 1, home_chance=(0.5, 0.5))], [session], iterations=1)


def test_nothing_to_do_is_an_empty_plan() -> None:
    plan = plan_rounds([], [Session("一队", 0, 60)], iterations=10)
    assert plan.rounds[0].stops == () and plan.prize == 0
    assert plan_rounds([Door("户", Place(), 1, 1)], [], iterations=10).left_out[0].why == "no-window"


def test_the_second_try_falls_on_another_hour() -> None:
    knocks = [Knock("甲", "weekday-morning", False)] * 2 + [Knock("乙", "weekday-evening", True)] * 8
    home = HomeChances(knocks, HomePrior(chance=0.5, strength=2.0))
    assert home.suggest_slot("甲") == "weekday-evening"
    assert home.chance("甲", "weekday-morning") < home.chance("丙", "weekday-morning") < 0.5
    assert home.chance("乙", "weekday-evening") == pytest.approx((8 + 2 * 0.9) / 10)
    assert home.chances("丙", ["weekend-morning"]) == (0.5,)
    assert [name_slot(minute, False) for minute in (540, 720, 1020)] == list(home.slots)[:3]
    assert name_slot(1200, True) == "weekend-evening"


def test_the_longest_wait_and_the_hours_for_a_shorter_one() -> None:
    facts = WaitFacts(doors=4388, minutes_a_door=12.5, weekly_minutes=900)
    assert find_longest_wait(facts) == 61
    assert find_hours_needed(facts, 26) == pytest.approx(4388 * 12.5 / 26 / 60)
    missed = WaitFacts(100, 10, 500, open_chance=0.5, missed_minutes=2, reserved_share=0.4)
    assert find_longest_wait(missed) == 4
    assert find_longest_wait(WaitFacts(100, 10, 0)) is None
    kept = WaitFacts(4388, 12.5, find_hours_needed(facts, 26) * 60)
    assert find_longest_wait(kept) == 26


def test_pairs_of_doors_are_walked_as_the_referee_walks() -> None:
    from qiaomen.planner.arrays import measure_walks

    places = [make_place(Random(seed)) for seed in range(20)]
    walks = measure_walks(places, WALKING)
    for a, b in combinations(range(20), 2):
        assert walks[a, b] == pytest.approx(walk_minutes(places[a], places[b], WALKING))
