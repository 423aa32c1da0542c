"""Rounds are dealt by need within the minutes; a cancelled one marks nobody late; what is due keeps its history."""

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import household_events
from qiaomen.register.models import Dwelling
from qiaomen.visits import problems
from qiaomen.visits.actions import due, round_plan, rounds, visits, wishes
from qiaomen.visits.models import DueVisit, Round, Team
from qiaomen.visits.selectors import round_pages
from qiaomen.visits.tests.street import FEW, NOON, TODAY, labels, visit


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


def test_the_old_come_first_within_the_minutes_and_each_climb_goes_up(
    team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    found, in_time = labels(made), made.doors.exclude(arrive_minute=None).order_by("position")
    planned = list(in_time.values_list("dwelling__door_label", flat=True))
    assert found[: len(planned)] == planned
    assert {f"3-{stairs}-{room}" for stairs in (1, 2) for room in ("101", "102", "201")} <= set(planned)
    assert len(found) < 24 and len(set(found)) == len(found)
    for stairs in (1, 2):
        climb = [label for label in planned if label.startswith(f"3-{stairs}")]
        assert climb == sorted(climb)
    arrivals = list(in_time.values_list("arrive_minute", flat=True))
    assert arrivals == sorted(arrivals) and arrivals[-1] < 90


def test_a_round_cancelled_for_snow_is_dealt_to_the_next_and_nobody_is_late(
    team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    with pytest.raises(problems.CauseNeeded):
        rounds.cancel_round(round=made, cause=" ", actor=worker)
    rounds.cancel_round(round=made, cause="下雪", actor=worker)
    with pytest.raises(problems.AlreadyCancelled):
        rounds.cancel_round(round=made, cause="下雪", actor=worker)
    with clock.at(NOON + timedelta(days=3)):
        following = visits.plan_round(team=team, day=TODAY + timedelta(days=3), actor=worker, iterations=FEW)
    old = {f"3-{stairs}-{room}" for stairs in (1, 2) for room in ("101", "102", "201")}
    assert old <= set(labels(made)) & set(labels(following)) and following != made
    assert Round.objects.get(pk=made.pk).cause == "下雪"
    assert "staff" not in {field.name for field in DueVisit._meta.get_fields()}


def test_what_is_due_is_done_by_a_talk_and_cancelled_when_it_is_no_longer_true(
    community: Organisation, worker: Staff, doors: list[Dwelling]
) -> None:
    due.keep_current(community)
    mine = DueVisit.objects.filter(dwelling=doors[0], state="open")
    assert {due.reason for due in mine} == {"high_risk_elder", "never-seen"}
    first = set(DueVisit.objects.filter(state="open").values_list("pk", flat=True))
    due.refresh(community)
    assert set(DueVisit.objects.filter(state="open").values_list("pk", flat=True)) == first
    visit(doors[0], worker, "met")
    home = doors[1].households.get()
    household_events.move_out(household=home, people=list(home.people.all()), on_date=TODAY, actor=worker)
    due.keep_current(community)
    assert not DueVisit.objects.filter(dwelling=doors[0], state="open", opens_on__lte=TODAY).exists()
    done = DueVisit.objects.exclude(state="open").get(dwelling=doors[0], reason="high_risk_elder")
    assert (done.state, [step["state"] for step in done.history]) == ("done", ["open", "done"]) and done.visit
    gone = DueVisit.objects.filter(dwelling=doors[1])
    assert {(due.state, due.history[-1]["cause"]) for due in gone} == {("cancelled", "nobody-lives-here")}


def test_no_answer_is_tried_at_another_time_and_after_three_becomes_work_for_the_desk(
    community: Organisation, worker: Staff, doors: list[Dwelling]
) -> None:
    for days, way in ((9, "door"), (6, "door"), (3, "desk")):
        with clock.at(NOON - timedelta(days=days)):
            visit(doors[0], worker, "no_answer")
        with clock.at(NOON - timedelta(days=days - 2)):
            due.keep_current(community)
            retry = DueVisit.objects.get(dwelling=doors[0], state="open", clock="retry")
            assert (retry.reason, retry.way) == ("second-try", way)


def test_a_promise_is_asked_once_and_is_a_must_on_its_last_day(
    community: Organisation, team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    home = doors[23].households.get()
    visit(doors[23], worker, "met", days=1)
    for _ in range(2):
        due.request_visit(household=home, key="case/7", kind="case", due_on=TODAY)
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    door = made.doors.get(dwelling=doors[23])
    assert door.must and door.reason_code == "case"
    due.withdraw_request(community=community, key="case/7")
    due.keep_current(community)
    assert DueVisit.objects.get(reason="case").state == "cancelled"


def test_nobody_comes_before_the_day_that_was_agreed_and_then_within_its_hours(
    community: Organisation, team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    home, day = doors[0].households.get(), TODAY + timedelta(days=3)
    visit(doors[0], worker, "shortened")
    hours = (time(15, 20), time(15, 40))
    due.request_visit(household=home, key="agreed/1", kind="agreed", due_on=day, hours=hours)
    for days in (1, 2):
        with clock.at(NOON + timedelta(days=days)):
            made = visits.plan_round(team=team, day=clock.today(), actor=worker, iterations=FEW)
            assert doors[0].door_label not in labels(made)
    with clock.at(NOON + timedelta(days=3)):
        made = visits.plan_round(team=team, day=day, actor=worker, iterations=FEW)
        door = made.doors.get(dwelling=doors[0])
        assert door.must and door.reason_code == "agreed"
        assert 50 <= door.arrive_minute <= 70  # the round begins at 14:30
        line = next(line for line in round_pages.round_list(made) if line["door"] == door)
        assert line["wish"] == "约好 15:20–15:40 来"
        visit(doors[0], worker, "met")
        due.keep_current(community)
        assert DueVisit.objects.get(reason="agreed").state == "done"
    with clock.at(NOON + timedelta(days=4)):
        due.refresh(community)
        assert not DueVisit.objects.filter(reason="agreed", state="open").exists()


def test_an_agreed_hour_in_which_no_team_walks_is_said(
    community: Organisation, team: Team, worker: Staff, doors: list[Dwelling], client: Client
) -> None:
    visit(doors[0], worker, "shortened", days=1)
    hours = (time(10, 0), time(11, 0))
    due.request_visit(household=doors[0].households.get(), key="agreed/1", kind="agreed", due_on=TODAY, hours=hours)
    assert round_pages.agreed_and_in_no_round(community) == []
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    assert doors[0].door_label not in labels(made)
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("visits:rounds")).content.decode()
    assert f"{doors[0].door_label} · 11月24日" in page and "10:00–11:00" in page and "打电话改约" in page


def test_wishes_and_pauses_are_obeyed_by_the_planner(
    community: Organisation, team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    homes = [door.households.get() for door in doors]
    wishes.note_wish(household=homes[0], actor=worker, no_visits=True)
    wishes.note_wish(household=homes[1], actor=worker, phone_instead=True)
    wishes.note_wish(household=homes[2], actor=worker, quiet_from=time(14, 0), quiet_to=time(16, 30))
    wishes.pause(household=homes[12], until=TODAY + timedelta(days=5), reason="住院", actor=worker)
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    found = set(labels(made))
    assert not found & {doors[n].door_label for n in (0, 1, 2, 12)}
    assert DueVisit.objects.filter(dwelling=doors[1], state="open", way="phone").exists()
    with pytest.raises(problems.QuietHoursUnclear):
        wishes.note_wish(household=homes[3], actor=worker, quiet_from=time(14, 0))
    with pytest.raises(problems.PauseInPast):
        wishes.pause(household=homes[3], until=TODAY, reason="", actor=worker)
    later = TODAY + timedelta(days=5)
    with clock.at(NOON + timedelta(days=5)):
        assert doors[12].door_label in set(
            labels(visits.plan_round(team=team, day=later, actor=worker, iterations=FEW))
        )
    assert wishes.note_wish(household=homes[0], actor=worker, no_visits=False) is None


def test_two_teams_take_different_doors_and_two_phones_different_stairs(
    community: Organisation, team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    other = visits.make_team(community=community, name="敲门二组", members=[worker], actor=worker)
    made = rounds.plan_day(community=community, day=TODAY, teams=[team, other], actor=worker, iterations=FEW)
    assert len(made) == 2 and not set(labels(made[0])) & set(labels(made[1]))
    mate = Staff.objects.create_user("w-m", None, name="志愿者", role="volunteer", organisation=community)
    rounds.share_round(round=made[0], walkers=[worker, mate], actor=worker)
    stairs = {}
    for door in made[0].doors.select_related("dwelling"):
        stairs.setdefault(door.dwelling.entrance_id, set()).add(door.walker_id)
    assert all(len(who) == 1 for who in stairs.values())
    rounds.share_round(round=made[0], walkers=[], actor=worker)
    assert not made[0].doors.exclude(walker=None).exists()


def test_dealing_anew_keeps_what_was_walked(
    community: Organisation, team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    first = made.doors.order_by("position")[0]
    visit(first.dwelling, worker, "met", made=made)
    urgent = doors[22].households.get()
    due.request_visit(household=urgent, key="case/9", kind="case", due_on=TODAY)
    again = rounds.deal_anew(round=made, actor=worker)
    found = labels(again)
    assert found[0] == first.dwelling.door_label and doors[22].door_label in found and len(set(found)) == len(found)
    positions = list(again.doors.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))


def planned(made: Round) -> set[str]:
    return set(made.doors.planned().values_list("dwelling__door_label", flat=True))


def test_what_a_new_deal_shows_before_is_what_it_does(team: Team, worker: Staff, doors: list[Dwelling]) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    urgent = next(door for door in doors if door.door_label not in labels(made))
    due.request_visit(household=urgent.households.get(), key="case/8", kind="case", due_on=TODAY)
    before, shown = planned(made), round_plan.compare_deal(made, round_plan.preview(made))
    come, go = ({door.door_label for door in shown[name]} for name in ("come", "go"))
    assert urgent.door_label in come
    assert planned(rounds.deal_anew(round=made, actor=worker)) == (before | come) - go
    again = round_plan.compare_deal(made, round_plan.preview(made))
    assert again == {"come": [], "go": []}


def test_a_round_on_its_way_is_dealt_over_the_minutes_that_are_left(
    team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    whole = made.doors.count()
    with clock.at(NOON.replace(hour=15, minute=15)):
        rounds.deal_anew(round=made, actor=worker)
    assert 0 < made.doors.count() <= whole * 2 // 3
    assert min(made.doors.exclude(arrive_minute=None).values_list("arrive_minute", flat=True)) >= 45


def test_what_a_cancelled_round_had_another_team_may_take_the_same_day(
    community: Organisation, team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    other = visits.make_team(community=community, name="敲门二组", members=[worker], actor=worker)
    rounds.cancel_round(round=made, cause="停电", actor=worker)
    instead = visits.plan_round(team=other, day=TODAY, actor=worker, iterations=FEW)
    assert len(set(labels(made)) & set(labels(instead))) >= len(labels(made)) - 2
