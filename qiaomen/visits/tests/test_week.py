"""The week on one page: stairwells moved, a day called off, the rest dealt anew; who may stand at which door."""

import re
import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.groups.actions import memberships
from qiaomen.groups.models import CareGroup, GroupDefinition, Membership
from qiaomen.kernel import clock, figures
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.planner.compounds import plan_near
from qiaomen.planner.facts import Door, Place, PlanParams, Session, Window
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household
from qiaomen.visits import problems
from qiaomen.visits.actions import due, round_plan, rounds, visits, wishes
from qiaomen.visits.actions.weeks import stairwells
from qiaomen.visits.models import Round, RoundDoor, Team
from qiaomen.visits.nightly import plan_tomorrow
from qiaomen.visits.problems import CannotMove
from qiaomen.visits.rules.planner_input import TimedStop, time_stops
from qiaomen.visits.selectors.teams import county
from qiaomen.visits.selectors.teams.week_page import week_page
from qiaomen.visits.tests.street import FEW, NOON, TODAY, labels, promise_ideal, visit

BACKEND = "django.contrib.auth.backends.ModelBackend"
THURSDAY = TODAY + timedelta(days=2)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.fixture
def second(community: Organisation, head: Staff, mate: Staff) -> Team:
    made = visits.make_team(community=community, name="敲门二组", members=[head, mate], actor=head)
    visits.set_times(team=made, weekdays=[3], starts_at=time(14, 30), minutes=90, actor=head)
    return made


@pytest.fixture
def dealt(team: Team, worker: Staff, doors: list[Dwelling]) -> Round:
    visits.set_times(team=team, weekdays=[1, 3], starts_at=time(14, 30), minutes=150, actor=worker)
    return visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)


def of_stairs(made: Round, stairs: str) -> list[str]:
    return [label for label in labels(made) if label.startswith(f"3-{stairs}-")]


def test_a_stairwell_goes_to_another_walk_and_stays_there_when_all_is_dealt_anew(
    dealt: Round, second: Team, head: Staff, doors: list[Dwelling]
) -> None:
    gone, stays = of_stairs(dealt, "1"), of_stairs(dealt, "2")
    assert gone and stays
    moved = stairwells.move_stairwell(entrance=doors[0].entrance_id, team=second, day=THURSDAY, actor=head)
    assert (moved.doors, moved.left, moved.to.team) == (len(gone), [], second)
    assert labels(dealt) == stays and labels(moved.to) == gone, "in walking order on both sides"
    for made in (dealt, moved.to):
        rows = list(made.doors.order_by("position").values_list("position", "arrive_minute"))
        assert [n for n, _minute in rows] == list(range(1, len(rows) + 1))
        minutes = [minute for _n, minute in rows]
        planned = [minute for minute in minutes if minute is not None]
        assert planned == sorted(planned) == minutes[: len(planned)], "the doors for time that is left come last"
    again = rounds.deal_anew(round=dealt, actor=head)
    assert not of_stairs(again, "1")[: len(gone)] or not set(of_stairs(again, "1")) & set(gone)
    assert set(gone) <= set(labels(rounds.deal_anew(round=moved.to, actor=head)))
    entry = LedgerEntry.objects.get(code="visits.stairwell-moved")
    assert entry.actor == head and entry.detail["doors"] == len(gone)


def test_what_was_walked_wished_or_promised_stays_where_it_is(
    dealt: Round, second: Team, head: Staff, worker: Staff, doors: list[Dwelling]
) -> None:
    first, wished, asked = list(dealt.doors.filter(dwelling__entrance=doors[0].entrance_id).order_by("position"))[:3]
    visit(first.dwelling, worker, "met", made=dealt)
    wishes.note_wish(household=wished.dwelling.households.get(), actor=head, whom=worker)
    due.request_visit(household=asked.dwelling.households.get(), key="case/1", kind="case", due_on=TODAY)
    due.refresh(dealt.community)
    rounds.deal_anew(round=dealt, actor=head)
    moved = stairwells.move_stairwell(entrance=doors[0].entrance_id, team=second, day=THURSDAY, actor=head)
    stay = {row.dwelling_id for row, _why in moved.left}
    assert stay == {wished.dwelling_id, asked.dwelling_id}
    assert {first.dwelling_id, *stay} <= set(dealt.doors.values_list("dwelling", flat=True))


def at_hour(made: Round, door: Dwelling) -> time:
    row = made.doors.get(dwelling=door)
    return (datetime.combine(made.day, made.starts_at) + timedelta(minutes=row.arrive_minute or 0)).time()


def agree(door: Dwelling, head: Staff, day: date, hours: tuple[time, time], *, must: bool = True) -> None:
    home = door.households.get()
    wishes.agree_hours(household=home, key=uuid.uuid4(), day=day, hours=hours, actor=head, must=must)


@pytest.mark.parametrize("must", [True, False])
def test_a_door_with_an_agreed_day_stays_on_it_when_its_stairwell_is_moved(
    dealt: Round, second: Team, head: Staff, doors: list[Dwelling], must: bool
) -> None:
    kept = dealt.doors.filter(dwelling__entrance=doors[0].entrance_id)[0].dwelling
    agree(kept, head, TODAY, (time(14, 30), time(16)), must=must)
    moved = stairwells.move_stairwell(entrance=doors[0].entrance_id, team=second, day=THURSDAY, actor=head)
    assert [(row.dwelling, why) for row, why in moved.left] == [(kept, str(problems.AGREED_THEN))]
    assert time(14, 30) <= at_hour(dealt, kept) <= time(16)


def test_what_has_to_be_done_at_a_door_keeps_it_whatever_else_brings_somebody_there(
    dealt: Round, second: Team, head: Staff, doors: list[Dwelling]
) -> None:
    row = dealt.doors.filter(dwelling__entrance=doors[0].entrance_id)[0]
    due.request_visit(household=row.dwelling.households.get(), key="case/1", kind="case", due_on=TODAY)
    due.refresh(dealt.community)
    assert row.due is not None and row.due.reason != "case", "the round was dealt before"
    moved = stairwells.move_stairwell(entrance=doors[0].entrance_id, team=second, day=THURSDAY, actor=head)
    assert [(left.dwelling, why) for left, why in moved.left] == [(row.dwelling, str(problems.PROMISED_BEFORE))]


def test_an_agreed_hour_is_kept_by_both_walks_or_the_move_is_refused(
    dealt: Round, second: Team, head: Staff, doors: list[Dwelling]
) -> None:
    visits.set_times(team=second, weekdays=[1, 3], starts_at=time(14, 30), minutes=150, actor=head)
    there, here = (
        dealt.doors.filter(dwelling__entrance=door.entrance_id)[0].dwelling for door in (doors[0], doors[12])
    )
    hours = (time(15, 10), time(15, 40))
    agree(there, head, TODAY, hours)
    agree(here, head, TODAY, hours)
    rounds.deal_anew(round=dealt, actor=head)
    assert hours[0] <= at_hour(dealt, here) <= hours[1]
    moved = stairwells.move_stairwell(entrance=doors[0].entrance_id, team=second, day=TODAY, actor=head)
    assert moved.left == [] and hours[0] <= at_hour(moved.to, there) <= hours[1]
    assert hours[0] <= at_hour(dealt, here) <= hours[1], "the walk it left still comes in time"
    first = moved.to.doors.order_by("position")[0]
    assert first.dwelling != there and first.arrive_minute == 0, "nobody waits while others can be walked"


def test_a_door_stays_where_another_walk_would_come_too_late_for_its_hour(
    dealt: Round, second: Team, head: Staff, doors: list[Dwelling]
) -> None:
    visits.set_times(team=second, weekdays=[1, 3], starts_at=time(16), minutes=90, actor=head)
    kept = dealt.doors.filter(dwelling__entrance=doors[0].entrance_id)[0].dwelling
    agree(kept, head, TODAY, (time(15, 10), time(15, 40)))
    rounds.deal_anew(round=dealt, actor=head)
    moved = stairwells.move_stairwell(entrance=doors[0].entrance_id, team=second, day=TODAY, actor=head)
    assert [(row.dwelling, why) for row, why in moved.left] == [(kept, str(problems.HOURS_LOST))]
    assert kept.door_label in labels(dealt) and kept.door_label not in labels(moved.to)


def test_a_move_that_would_let_another_household_wait_in_vain_is_refused(
    dealt: Round, second: Team, head: Staff, doors: list[Dwelling]
) -> None:
    waits, far = (dealt.doors.filter(dwelling__entrance=doors[n].entrance_id)[0] for n in (12, 0))
    agree(waits.dwelling, head, TODAY, (time(14, 30), time(14, 35)))
    made = Round.objects.create(community=dealt.community, team=second, day=TODAY, starts_at=time(14, 30), minutes=90)
    RoundDoor.objects.filter(pk=waits.pk).update(round=made, position=2, arrive_minute=5)
    RoundDoor.objects.filter(pk=far.pk).update(round=made, position=1, arrive_minute=0)
    before = labels(dealt), labels(made)
    agree(far.dwelling, head, TODAY, (time(14, 30), time(14, 31)))
    with pytest.raises(CannotMove, match="就赶不上约好的"):
        stairwells.move_stairwell(entrance=doors[0].entrance_id, team=second, day=TODAY, actor=head, walk=dealt)
    assert (labels(dealt), labels(made)) == before


def test_a_walk_takes_a_timed_door_in_its_hours_and_waits_for_none_while_another_can_be_walked() -> None:
    dice = Random(18)

    def way(at: int | None, to: int) -> float:
        return 0.0 if at is None else 2.0

    for _n in range(300):
        stops = [TimedStop(10.0) for _n in range(dice.randrange(1, 12))]
        latest = 900.0 + 12 * (len(stops) - 1)
        opens = dice.uniform(900.0, latest)
        place = dice.randrange(len(stops) + 1)
        stops.insert(place, TimedStop(10.0, [(opens, opens + 12)]))
        walk = time_stops(stops, 900.0, way)
        assert sorted(at for at, _starts in walk) == list(range(len(stops)))
        starts = dict(walk)
        assert opens <= starts[place] <= opens + 12, (len(stops), place, opens, walk)
        plain = [at for at, _starts in walk if at != place]
        assert plain == sorted(plain), "the others keep their order"


def test_a_move_that_makes_no_sense_is_refused_in_words(
    dealt: Round, second: Team, head: Staff, mate: Staff, doors: list[Dwelling]
) -> None:
    entrance = doors[0].entrance_id
    with pytest.raises(CannotMove):
        stairwells.move_stairwell(entrance=entrance, team=second, day=TODAY - timedelta(days=1), actor=head)
    for staff in (head, mate):
        wishes.note_leave(
            community=dealt.community, staff=staff, from_date=THURSDAY, to_date=THURSDAY, cover=None, actor=head
        )
    with pytest.raises(CannotMove):
        stairwells.move_stairwell(entrance=entrance, team=second, day=THURSDAY, actor=head)
    stairwells.call_off_day(community=dealt.community, day=THURSDAY + timedelta(days=7), cause="下雪", actor=head)
    with pytest.raises(CannotMove):
        stairwells.move_stairwell(entrance=entrance, team=second, day=THURSDAY + timedelta(days=7), actor=head)
    assert not LedgerEntry.objects.filter(code="visits.stairwell-moved").exists()


def test_the_page_shows_the_week_and_moves_by_typing_and_by_the_key_that_is_dragged(
    dealt: Round, second: Team, head: Staff, worker: Staff, mate: Staff, doors: list[Dwelling], client: Client
) -> None:
    wishes.note_leave(
        community=dealt.community, staff=worker, from_date=THURSDAY, to_date=THURSDAY, cover=None, actor=head
    )
    client.force_login(head, backend=BACKEND)
    where, move = reverse("visits:week"), reverse("visits:move-stairwell")
    with CaptureQueriesContext(connection) as asked:
        week_page(dealt.community, TODAY)
    assert len(asked) <= 9, [query["sql"] for query in asked]
    page = client.get(where).content.decode()
    assert "网格员请假" in page and "没有人走" in page and "3-1" in page and "前一天晚上自动排" in page
    to = f"{THURSDAY}/{second.pk}"
    wrong = client.post(move, {"stairs": "9-9", "to": to}).content.decode()
    assert "没有这个楼道" in wrong and 'value="9-9"' in wrong
    assert "请选挪到哪一天" in client.post(move, {"stairs": "3-1"}).content.decode()
    done = client.post(move, {"stairs": " 3－1 ", "to": to}, follow=True).content.decode()
    assert "两边都重新排好了顺序" in done
    thursday = Round.objects.get(team=second, day=THURSDAY)
    back = {"stairs": str(doors[0].entrance_id), "walk": str(thursday.pk), "to": f"{TODAY}/{dealt.team_id}"}
    assert client.post(move, back).status_code == 302 and not thursday.doors.exists()
    client.force_login(mate, backend=BACKEND)
    assert "挪过去" not in client.get(where).content.decode() and client.post(move, back).status_code == 403
    assert client.get(where, {"week": "昨天"}).status_code == 200


def test_a_day_lost_to_snow_is_called_off_whole_and_the_night_deals_nothing_to_it(
    dealt: Round, second: Team, head: Staff, client: Client
) -> None:
    client.force_login(head, backend=BACKEND)
    where = reverse("visits:call-off")
    assert "写明取消的原因" in client.post(where, {"day": THURSDAY.isoformat(), "cause": ""}).content.decode()
    assert client.post(where, {"day": THURSDAY.isoformat(), "cause": "下雪"}).status_code == 302
    assert Round.objects.filter(day=THURSDAY, state="cancelled").count() == 2
    page = client.get(reverse("visits:week")).content.decode()
    assert page.count("没有走：下雪") == 2
    with clock.at(NOON + timedelta(days=1)):
        assert plan_tomorrow() == "安排了 0 轮"


def test_the_rest_of_the_week_is_dealt_anew_after_a_preview_that_writes_nothing(
    dealt: Round, second: Team, head: Staff, worker: Staff, doors: list[Dwelling], client: Client
) -> None:
    walked = dealt.doors.order_by("position")[0].dwelling
    with clock.at(NOON + timedelta(days=1)):
        visit(walked, worker, "met", made=dealt)
        client.force_login(head, backend=BACKEND)
        where, before = reverse("visits:deal-week"), set(labels(dealt))
        page = client.get(where).content.decode()
        assert "敲门二组" in page and "就这样排" in page and not Round.objects.filter(day=THURSDAY).exists()
        shown = [int(n) for n in re.findall(r'data-label="户数">\s*(\d+)', page)]
        assert client.post(where).status_code == 302
    made = list(Round.objects.filter(day=THURSDAY).order_by("team__name"))
    assert [walk.doors.count() for walk in made] == shown and set(labels(dealt)) == before, "what was begun stands"
    keys = [key for walk in made for key in walk.doors.values_list("dwelling", flat=True)]
    assert len(keys) == len(set(keys)) and walked.pk not in keys


def test_a_woman_comes_to_a_girls_door_and_two_to_a_first_visit_that_asked_for_two(
    community: Organisation, team: Team, worker: Staff, mate: Staff, head: Staff, doors: list[Dwelling]
) -> None:
    memberships.refresh(community)
    child = CareGroup.objects.filter(community=community, child=True)[0]
    home, other = doors[1].households.get(), doors[2].households.get()
    girl = home.people.get()
    girl.sex = "female"
    girl.save(update_fields=["sex"])
    wishes.note_wish(household=other, actor=head, two_first=True)
    due.keep_current(community)
    definition = GroupDefinition.objects.filter(group=child)[0]
    Membership.objects.create(group=child, person=girl, from_date=TODAY, definition=definition)
    both = {doors[1].door_label, doors[2].door_label}

    def walked() -> set[str]:
        Round.objects.all().delete()
        return both & set(labels(visits.plan_round(team=team, day=TODAY, actor=head, iterations=FEW)))

    assert walked() == {doors[1].door_label}, "nobody noted who is a woman: the girl's door stays in the plan"
    team.women.set([mate])
    assert walked() == set(), "one man alone"
    team.members.set([worker, mate])
    assert walked() == both
    later = Round.objects.get()
    wishes.note_leave(community=community, staff=mate, from_date=later.day, to_date=later.day, cover=None, actor=head)
    assert not both & set(labels(later)), "leave takes them out again"


def test_a_walk_stays_in_two_compounds_unless_a_must_visit_forces_it() -> None:
    random = Random(7)
    doors = [
        Door(
            f"{n}", Place(f"c{n % 6}", n % 3, 1, 1 + n % 5, 300.0 * (n % 6), 20.0 * (n % 3)), 8.0, random.uniform(1, 3)
        )
        for n in range(180)
    ]
    sessions = [Session(f"s{n}", 1440.0 * n, 1440.0 * n + 150) for n in range(2)]
    where = {door.key: door.place.compound for door in doors}
    plan = plan_near(doors, sessions, PlanParams(price_share=0.0), seed=1, iterations=3000)
    for walk in plan.rounds:
        assert len({where[stop.door] for stop in walk.stops}) <= 2 and len(walk.stops) > 10
    musts = [
        Door(
            f"m{n}", Place(f"c{n}", 0, 1, 1, 300.0 * n, 0.0), 8.0, 1.0, windows=(Window(0.0, 1400.0),), must_visit=True
        )
        for n in range(4)
    ]
    where |= {door.key: door.place.compound for door in musts}
    forced = plan_near([*doors, *musts], sessions, PlanParams(price_share=0.0), seed=1, iterations=3000)
    assert not forced.unserved_musts
    first = {where[stop.door] for stop in forced.rounds[0].stops}
    assert first == {"c0", "c1", "c2", "c3"}, "the must-visits lie in four, and nothing else is added"
    assert len({where[stop.door] for stop in forced.rounds[1].stops}) <= 2


def test_a_round_over_many_compounds_is_cut(community: Organisation, team: Team, worker: Staff) -> None:
    for n in range(5):
        building = Building.objects.create(
            community=community, compound=Compound.objects.create(community=community, name=f"院{n}"), name="1", order=n
        )
        entrance = Entrance.objects.create(community=community, building=building, name="1", order=1)
        for room in range(8):
            door = Dwelling.objects.create(
                community=community,
                entrance=entrance,
                floor=1 + room // 2,
                room=str(room),
                door_label=f"院{n} 1-1-{room}",
                walk_order=100 * n + room,
            )
            Household.objects.create(community=community, dwelling=door, head_name="户")
    made = round_plan.deal(community=community, day=TODAY, teams=[team], iterations=1000)
    keys = [door for door, _minute, _must in made.doors[team.pk]]
    names = set(Dwelling.objects.filter(pk__in=keys).values_list("entrance__building__compound__name", flat=True))
    assert keys and 1 <= len(names) <= 2


def test_the_county_sees_promised_against_kept_by_community_nobody_by_name_and_no_order_by_figure(
    community: Organisation, head: Staff, worker: Staff, doors: list[Dwelling], client: Client
) -> None:
    county_of = Organisation.objects.create(kind="county", name="拾光县", code="SG")
    community.parent = county_of
    community.save(update_fields=["parent"])
    for code in ("A0", "Z9"):
        Organisation.objects.create(kind="community", name=f"{code}社区", code=code, parent=county_of)
    viewer = Staff.objects.create_user("duban", None, name="督导", role="supervisor", organisation=county_of)
    with clock.at(NOON - timedelta(days=12)):
        promise_ideal(community, head)
        due.keep_current(community)
    with clock.at(NOON - timedelta(days=6)):
        for door in (doors[0], doors[1]):
            visit(door, worker, "met")
    with clock.at(NOON - timedelta(days=2)):
        visit(doors[2], worker, "met")
    due.keep_current(community)
    with CaptureQueriesContext(connection) as asked:
        rows = county.promised_by_community(viewer, None, TODAY)["rows"]
    assert len(asked) <= 4
    assert [row["community"].code for row in rows] == ["A0", "R1", "Z9"], "by code, whatever the figures"
    mine = rows[1]
    assert (mine["promised"], mine["kept"]) == (6, 2) and "高频 7 天见一次" in mine["words"]
    assert set(mine) == {"community", "words", "promised", "kept"}
    client.force_login(viewer, backend=BACKEND)
    page = client.get("/desk/").content.decode()
    assert "各社区的承诺和兑现" in page and "不是名次" in page
    assert worker.name not in page and head.name not in page and "sort" not in page
    period = {"community": community, "start": TODAY - timedelta(days=28), "end": TODAY - timedelta(days=1)}
    numbers = [figures.get(f"visits.promises_{word}").count(as_at=clock.now(), **period) for word in ("due", "kept")]
    assert numbers == [6, 2], "the bulletin says the same"
