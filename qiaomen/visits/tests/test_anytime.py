"""A planner answers at any time: the greedy plan stands before the first try, and the round says that it was hasty."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

import pytest
from django.test import Client

from qiaomen.kernel import clock
from qiaomen.office import jobs
from qiaomen.office.models import Staff
from qiaomen.planner import search as planner_search
from qiaomen.planner.facts import Plan, PlanParams
from qiaomen.planner.greedy import plan_greedily
from qiaomen.planner.plan import plan_rounds
from qiaomen.planner.search import Budget
from qiaomen.planner.tests.test_planner import make_doors, make_sessions
from qiaomen.register.models import Dwelling
from qiaomen.visits import problems
from qiaomen.visits.actions import round_plan as deals
from qiaomen.visits.actions import rounds
from qiaomen.visits.actions import visits as actions
from qiaomen.visits.models import Round, Team
from qiaomen.visits.tests.street import FEW, NOON, TODAY, labels, visit

PARAMS = PlanParams()


def worth(plan: Plan) -> tuple[int, float]:
    """Must-visits first, then the prize of the rest: what a plan is compared by."""
    return -len(plan.unserved_musts), round(plan.prize, 6)


def doors_of(plan: Plan) -> list[list[str]]:
    return [[stop.door for stop in one.stops] for one in plan.rounds]


@pytest.mark.parametrize("budget", [{"seconds": 0.0}, {"iterations": 0}, {"seconds": 1e-7}], ids=str)
def test_with_no_budget_the_greedy_plan_stands(budget: dict[str, float]) -> None:
    random = Random(11)
    for seed in range(40):
        sessions = make_sessions(random, random.randint(1, 4))
        doors = make_doors(random, random.randint(1, 30), len(sessions))
        plan, greedy = plan_rounds(doors, sessions, PARAMS, seed=seed, **budget), plan_greedily(doors, sessions, PARAMS)  # type: ignore[arg-type]
        assert worth(plan) >= worth(greedy) and (plan.hasty or not any(doors_of(greedy)))
        if not plan.iterations:
            assert doors_of(plan) == doors_of(greedy)


def test_a_search_of_any_length_is_never_worth_less_than_the_greedy_plan() -> None:
    random = Random(12)
    for seed in range(60):
        sessions = make_sessions(random, random.randint(1, 4))
        doors = make_doors(random, random.randint(1, 30), len(sessions))
        plan = plan_rounds(doors, sessions, PARAMS, seed=seed, iterations=1 + seed % 7)
        assert worth(plan) >= worth(plan_greedily(doors, sessions, PARAMS)), seed


def test_a_plan_is_hasty_until_one_whole_descent_was_made() -> None:
    random = Random(13)
    sessions, doors = make_sessions(random, 1), make_doors(random, 20, 1)
    enough = PARAMS.search.tries_a_door * len(doors)
    assert plan_rounds(doors, sessions, PARAMS, iterations=1).hasty
    assert not plan_rounds(doors, sessions, PARAMS, iterations=enough).hasty


def test_a_budget_is_computed_seconds_not_seconds_of_the_wall() -> None:
    assert planner_search.find_routes.__kwdefaults__["clock"] is planner_search.thread_time
    with pytest.raises(ValueError, match="not negative"):
        Budget(-1.0, None, lambda: 0.0)


@pytest.fixture
def morning() -> Iterator[None]:
    with clock.at(NOON):
        yield


def test_a_day_dealt_with_no_time_has_its_round_and_says_so(
    team: Team, worker: Staff, doors: list[Dwelling], client: Client, morning: None
) -> None:
    made = rounds.plan_day(community=team.community, day=TODAY, teams=[team], actor=worker, seconds=0.0)
    assert len(labels(made[0])) > 5 and made[0].hasty
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    assert "排得仓促" in client.get(f"/visits/rounds/{made[0].pk}/").content.decode()
    rounds.deal_anew(round=made[0], actor=worker)
    assert not Round.objects.get().hasty
    assert "排得仓促" not in client.get(f"/visits/rounds/{made[0].pk}/").content.decode()


def test_all_day_long_a_round_is_dealt_or_told_that_the_time_is_too_short(
    team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    begins = datetime.combine(TODAY, team.starts_at, clock.SHANGHAI)
    for minute in range(0, 24 * 60, 10):
        moment = datetime.combine(TODAY, time(minute // 60, minute % 60), clock.SHANGHAI)
        left = team.minutes - max(0.0, (moment - begins) / timedelta(minutes=1))
        with clock.at(moment):
            dealt = deals.deal(community=team.community, day=TODAY, teams=[team], iterations=FEW)
        assert dealt.waiting and (dealt.doors[team.pk] or 0 < left < 15), moment


def test_with_a_minute_left_it_is_time_that_is_short_not_work(team: Team, worker: Staff, doors: list[Dwelling]) -> None:
    last = datetime.combine(TODAY, team.starts_at, clock.SHANGHAI) + timedelta(minutes=team.minutes - 1)
    with clock.at(last), pytest.raises(problems.NoTimeLeft) as refusal:
        actions.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    assert "24 户" in str(refusal.value.in_full()) and not Round.objects.exists()


def test_a_round_dealt_in_haste_is_bettered_by_a_job_before_anybody_sets_out(
    team: Team, worker: Staff, doors: list[Dwelling], client: Client, morning: None
) -> None:
    made = rounds.plan_day(community=team.community, day=TODAY, teams=[team], actor=worker, seconds=0.0)[0]
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    assert "后台正在排得更好" in client.get(f"/visits/rounds/{made.pk}/").content.decode()
    assert [job.failed for job in jobs.run_waiting()] == [False]
    made.refresh_from_db()
    assert not made.hasty and len(labels(made)) > 5
    assert not rounds.better_round(round=made, actor=worker)


def test_a_round_under_way_is_left_as_it_is(team: Team, worker: Staff, doors: list[Dwelling], morning: None) -> None:
    made = rounds.plan_day(community=team.community, day=TODAY, teams=[team], actor=worker, seconds=0.0)[0]
    with clock.at(datetime.combine(TODAY, team.starts_at, clock.SHANGHAI)):
        jobs.run_waiting()
    made.refresh_from_db()
    assert made.hasty


def test_a_door_that_one_round_of_the_week_walks_is_in_no_other(
    team: Team, worker: Staff, mate: Staff, doors: list[Dwelling], morning: None
) -> None:
    other = actions.make_team(community=team.community, name="敲门二组", members=[mate], actor=worker)
    plans = [
        rounds.plan_day(community=team.community, day=day, teams=[walkers], actor=worker, iterations=FEW)[0]
        for day, walkers in ((TODAY, team), (TODAY + timedelta(days=2), other))
    ]
    walked = set(plans[0].doors.planned().values_list("dwelling__door_label", flat=True))
    first, second = (set(labels(made)) for made in plans)
    assert walked and second and not walked & second
    for door in Dwelling.objects.filter(door_label__in=first & second):
        visit(door, worker, "no_answer", made=plans[0])
    assert not first & set(labels(plans[1])), "one that was reached with time to spare leaves the other"


def test_the_page_says_why_it_is_today(
    team: Team, worker: Staff, doors: list[Dwelling], client: Client, morning: None
) -> None:
    made = rounds.plan_day(community=team.community, day=TODAY, teams=[team], actor=worker, iterations=FEW)[0]
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/visits/rounds/{made.pk}/").content.decode()
    assert page.count("为什么是今天") == made.doors.count() and "顺路" in page


def test_tries_decide_and_seconds_only_end_the_search_early() -> None:
    random = Random(14)
    sessions, doors = make_sessions(random, 2), make_doors(random, 30, 2)
    alone = plan_rounds(doors, sessions, PARAMS, seed=3, iterations=400)
    assert plan_rounds(doors, sessions, PARAMS, seed=3, iterations=400, seconds=3600.0) == alone
    assert plan_rounds(doors, sessions, PARAMS, seed=3, iterations=400, seconds=0.0).iterations == 0
