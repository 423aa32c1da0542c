"""Doors for the time that is left: nobody is expected there, so no other round, person or count may rely on them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.register.models import Dwelling
from qiaomen.visits.actions import due, round_plan, rounds, visits
from qiaomen.visits.actions.round_plan import Dealt
from qiaomen.visits.actions.weeks import stairwells
from qiaomen.visits.models import DueVisit, Round, RoundDoor, Team
from qiaomen.visits.tests.street import FEW, NOON, TODAY, labels, visit

THURSDAY = TODAY + timedelta(days=2)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.fixture
def second(team: Team, mate: Staff, worker: Staff) -> Team:
    return visits.make_team(community=team.community, name="敲门二组", members=[mate], actor=worker)


def stand(team: Team, day: date, planned: Sequence[Dwelling], spares: Sequence[Dwelling]) -> Round:
    """Write a round with a planned door every ten minutes, and spare doors behind them."""
    made = Round.objects.create(community=team.community, team=team, day=day, starts_at=time(14, 30), minutes=150)
    for n, door in enumerate([*planned, *spares]):
        minute = 10 * n if n < len(planned) else None
        RoundDoor.objects.create(
            round=made, dwelling=door, position=n + 1, reason_code="never-seen", arrive_minute=minute
        )
    return made


def spares_of(made: Round) -> list[str]:
    return list(made.doors.spare().order_by("position").values_list("dwelling__door_label", flat=True))


def names(doors: Sequence[Dwelling]) -> list[str]:
    return [door.door_label for door in doors]


def test_what_one_day_only_has_time_for_is_planned_by_the_next_day_that_has_to(
    team: Team, worker: Staff, doors: list[Dwelling], monkeypatch: pytest.MonkeyPatch
) -> None:
    visits.set_times(team=team, weekdays=[1, 3], starts_at=time(14, 30), minutes=150, actor=worker)
    door = doors[20]
    due.request_visit(household=door.households.get(), key="case/1", kind="case", due_on=THURSDAY)
    deal = stairwells.deal

    def deal_with_spare(*, day: date, **more: Any) -> Dealt:
        dealt = deal(day=day, **more)
        stops = [stop for stop in dealt.doors[team.pk] if stop[0] != door.pk or day != TODAY]
        return replace(dealt, doors={team.pk: [*stops, (door.pk, None, False)] if day == TODAY else stops})

    monkeypatch.setattr(stairwells, "deal", deal_with_spare)
    by_day = {day: dealt for day, _teams, dealt in stairwells.preview_week(team.community, TODAY).days}
    assert [must for key, minute, must in by_day[THURSDAY].doors[team.pk] if key == door.pk and minute is not None] == [
        True
    ]


def test_a_spare_door_is_free_for_other_days_and_leaves_them_when_it_was_reached_after_all(
    team: Team, second: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    promised = doors[20]
    due.request_visit(household=promised.households.get(), key="case/1", kind="case", due_on=THURSDAY)
    today = stand(team, TODAY, [], doors)
    later = rounds.plan_day(community=team.community, day=THURSDAY, teams=[second], actor=worker, iterations=FEW)[0]
    planned = list(later.doors.planned().select_related("dwelling").order_by("position"))
    assert len(planned) > 3, "a door that may never be reached blocks none"
    reached = next(row.dwelling for row in planned if row.dwelling != promised)
    visit(reached, worker, "no_answer", made=today)
    visit(promised, worker, "no_answer", made=today)
    left = set(labels(later))
    assert reached.door_label not in left, "nobody knocks twice in a week for one reason"
    assert promised.door_label in left, "a promise is a reason of its own"
    assert left == {row.dwelling.door_label for row in planned if row.dwelling != reached} | set(spares_of(later))


def test_a_planned_door_that_was_walked_changes_no_other_round(
    team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    today, later = stand(team, TODAY, doors[:2], []), stand(team, THURSDAY, doors[:4], [])
    visit(doors[0], worker, "met", made=today)
    visit(doors[3], worker, "met")
    assert labels(later) == names(doors[:4])


def test_what_has_to_be_done_today_is_taken_from_who_would_only_have_had_time(
    team: Team, second: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    urgent = doors[20]
    other = stand(team, TODAY, doors[:2], doors[12:])
    due.request_visit(household=urgent.households.get(), key="case/1", kind="case", due_on=TODAY)
    made = rounds.plan_day(community=team.community, day=TODAY, teams=[second], actor=worker, iterations=FEW)[0]
    assert made.doors.get(dwelling=urgent).must and urgent.door_label not in labels(other)
    assert not set(labels(made)) & set(labels(other)), "no door stands in two rounds of a day"


def test_what_a_round_did_not_reach_in_its_time_another_of_the_day_may_walk(
    team: Team, second: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    late, walked = doors[0], doors[1]
    other = stand(team, TODAY, doors[:6], [])
    other.doors.filter(dwelling=doors[2]).update(by_hand=True)
    second.starts_at, second.minutes = time(17, 30), 90
    second.save()
    with clock.at(NOON.replace(hour=15)):
        visit(walked, worker, "no_answer", made=other)
        made = round_plan.deal(community=team.community, day=TODAY, teams=[second], iterations=FEW)
        assert not {door.pk for door in doors[:6]} & {key for key, _minute, _must in made.doors[second.pk]}
    with clock.at(NOON.replace(hour=17, minute=15)):
        for home in (late.households.get(), doors[2].households.get()):
            due.request_visit(household=home, key=f"case/{home.pk}", kind="case", due_on=TODAY)
        made = round_plan.deal(community=team.community, day=TODAY, teams=[second], iterations=FEW)
        musts = {key for key, _minute, must in made.doors[second.pk] if must}
        assert {late.pk, doors[2].pk} <= musts and walked.pk not in {key for key, *_rest in made.doors[second.pk]}


def test_moving_a_stairwell_leaves_other_spare_doors_behind_the_plan_without_a_minute(
    team: Team, second: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    stand(team, TODAY, [doors[1], doors[12]], [doors[3], doors[13]])
    to = stand(second, THURSDAY, [doors[14]], [doors[3], doors[15]])
    moved = stairwells.move_stairwell(entrance=doors[0].entrance_id, team=second, day=THURSDAY, actor=worker)
    here = Round.objects.get(team=team)
    assert moved.doors == 2 and labels(here) == names([doors[12], doors[13]]) and spares_of(here) == names([doors[13]])
    assert labels(to) == names([doors[14], doors[1], doors[3], doors[15]]) and spares_of(to) == names([doors[15]])
    assert list(to.doors.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4]
    minutes = list(to.doors.planned().order_by("position").values_list("arrive_minute", flat=True))
    assert None not in minutes and minutes == sorted(minutes)


def test_a_door_that_two_rounds_hold_is_moved_from_the_one_that_is_to_walk_there(
    team: Team, second: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    today, later = stand(team, TODAY, [doors[12]], [doors[1]]), stand(team, THURSDAY, [doors[1], doors[2]], [])
    friday = THURSDAY + timedelta(days=1)
    moved = stairwells.move_stairwell(entrance=doors[0].entrance_id, team=second, day=friday, actor=worker)
    assert moved.doors == 2 and labels(moved.to) == names(doors[1:3]) and not later.doors.exists()
    assert spares_of(today) == names([doors[1]])
    visit(doors[1], worker, "met", made=today)
    assert labels(moved.to) == names([doors[2]])


@pytest.mark.parametrize(("most", "kept"), [(60, 4), (3, 3), (4, 4)])
def test_dealt_anew_the_plan_comes_first_then_what_was_put_there_by_hand_then_the_spare_doors(
    team: Team, worker: Staff, doors: list[Dwelling], monkeypatch: pytest.MonkeyPatch, most: int, kept: int
) -> None:
    due.keep_current(team.community)
    made = stand(team, TODAY, doors[:3], [])
    made.doors.filter(dwelling=doors[2]).update(by_hand=True)
    dues = {row.dwelling_id: row for row in DueVisit.objects.filter(state="open")}
    stops = [(doors[5].pk, None, False), (doors[0].pk, 0.0, False), (doors[1].pk, 12.0, False)]
    monkeypatch.setattr(rounds, "MOST_DOORS", most)
    rounds.write_anew(made, Dealt({team.pk: stops}, dues, None), worker)
    assert labels(made) == names([doors[0], doors[1], doors[2], doors[5]])[:kept]
    assert list(made.doors.order_by("position").values_list("position", flat=True)) == list(range(1, kept + 1))


def test_shared_rounds_are_halved_over_the_plan_and_spare_doors_go_with_their_staircase(
    team: Team, worker: Staff, mate: Staff, doors: list[Dwelling]
) -> None:
    made = stand(team, TODAY, [*doors[:2], *doors[12:14]], doors[2:10])
    rounds.share_round(round=made, walkers=[worker, mate], actor=worker)
    assert {row.dwelling_id: row.walker_id for row in made.doors.all()} == {
        **{door.pk: worker.pk for door in doors[:10]},
        **{door.pk: mate.pk for door in doors[12:14]},
    }
    other = stand(team, THURSDAY, doors[:2], doors[12:14])
    rounds.share_round(round=other, walkers=[worker, mate], actor=worker)
    assert set(other.doors.spare().values_list("walker", flat=True)) == {None}, "both may go there"
    rounds.share_round(round=made, walkers=[], actor=worker)
    assert not made.doors.exclude(walker=None).exists()
