"""One meaning of late; wishes and leaves reach rounds that stand; paper counts like a phone; the night plans by
itself.
"""

import re
import uuid
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.groups.actions import memberships
from qiaomen.groups.models import CareGroup
from qiaomen.kernel import clock, figures
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.actions import household_events
from qiaomen.register.models import Dwelling, Person
from qiaomen.visits import problems
from qiaomen.visits.actions import due, rounds, visits, wishes
from qiaomen.visits.actions.weeks import promise
from qiaomen.visits.models import DueVisit, Leave, Round, RoundDoor, Team, Visit, VisitWish
from qiaomen.visits.nightly import plan_tomorrow, refresh_due
from qiaomen.visits.rules.brought.door_code import door_code
from qiaomen.visits.selectors import door_states, round_pages, worklist
from qiaomen.visits.selectors.teams import weeks
from qiaomen.visits.tests.street import FEW, NOON, TODAY, labels, person, promise_ideal, visit

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


def dues_of(door: Dwelling, **more: Any) -> Any:
    return DueVisit.objects.filter(dwelling=door, **more)


def test_late_is_the_same_for_the_list_the_badge_the_picture_and_the_report(
    community: Organisation,
    worker: Staff,
    doors: list[Dwelling],
) -> None:
    with clock.at(NOON - timedelta(days=60)):
        promise_ideal(community, worker)
    for n, days in enumerate((40, 31, 30, 8, 7)):
        with clock.at(NOON - timedelta(days=days)):
            visit(doors[12 + n], worker, "met")
    due.keep_current(community)
    with clock.at(NOON + timedelta(days=6)):
        due.keep_current(community)
        today, now = clock.today(), clock.now()
        lists = worklist.due_lists(community)
        badge = lists["late"]
        listed = [row for found in lists["lists"].values() for row in found if row["late"]]
        only = worklist.due_lists(community, late_only=True)["lists"]
        states = door_states.door_states(community, (door.pk for door in doors))
        bright = door_states.plan_of(community, door_states.Filter(mark="late"), worker)["bright"]
        figure = figures.get("visits.doors_overdue").count(community=community, start=today, end=today, as_at=now)
    assert (
        badge
        == len(listed)
        == sum(map(len, only.values()))
        == sum(state.late for state in states.values())
        == bright
        == figure
    )
    assert {row["dwelling"] for row in listed} == {*doors[:3], *doors[12:15]}
    with clock.at(NOON + timedelta(days=7)):
        visit(doors[12], worker, "met")
        due.keep_current(community)
        later = figures.get("visits.doors_overdue").list_records(community=community, start=today, end=today, as_at=now)
        assert doors[12] in later and doors[12].pk not in worklist.late_doors(community, clock.today())


def test_an_elder_couple_is_due_each_fourteen_days_until_the_child_moves_in_and_promises_stay(
    community: Organisation,
    worker: Staff,
    head: Staff,
    doors: list[Dwelling],
) -> None:
    home = doors[20].households.get()
    Person.objects.filter(household=home).update(birth_date=date(1954, 3, 1))
    person(home, doors[20], "老伴", date(1955, 3, 1))
    memberships.refresh(community)
    group = CareGroup.objects.get(community=community, code="empty_nest_elder")
    with pytest.raises(problems.CadenceOutOfRange):
        due.set_cadence(group=group, every_days=0, actor=head)
    due.set_cadence(group=group, every_days=14, actor=head)
    visit(doors[20], worker, "met")
    due.request_visit(household=home, key="case/3", kind="case", due_on=TODAY + timedelta(days=2))
    due.keep_current(community)
    mine = dues_of(doors[20], state="open", clock="cadence").get()
    assert (mine.reason, mine.due_on) == ("empty_nest_elder", TODAY + timedelta(days=14))
    household_events.add_person(
        household=home,
        kind="moved_in",
        on_date=TODAY,
        actor=worker,
        name="归来子",
        birth_date=date(1985, 5, 5),
        relation="子女",
    )
    due.keep_current(community)
    mine.refresh_from_db()
    assert (mine.state, mine.history[-1]["cause"]) == ("cancelled", "left-group")
    assert dues_of(doors[20], state="open", clock="promise").get().reason == "case"


def test_a_wish_reaches_the_round_that_stands_and_what_is_due_stays(
    community: Organisation,
    team: Team,
    worker: Staff,
    mate: Staff,
    doors: list[Dwelling],
) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    first, second, third, fourth = [door.dwelling for door in made.doors.order_by("position")[:4]]
    visit(fourth, worker, "met", made=made)
    wishes.note_wish(household=first.households.get(), actor=worker, phone_instead=True)
    wishes.note_wish(household=second.households.get(), actor=worker, whom=mate)
    wishes.pause(household=third.households.get(), until=TODAY + timedelta(days=3), reason="", actor=worker)
    wishes.note_wish(household=fourth.households.get(), actor=worker, no_visits=True)
    left = set(made.doors.values_list("dwelling", flat=True))
    assert not left & {first.pk, second.pk, third.pk} and fourth.pk in left
    due.keep_current(community)
    assert dues_of(first, state="open", way="phone").exists() and dues_of(second, state="open", way="door").exists()
    assert dues_of(third).first().history[-1]["cause"] == "paused"
    team.members.add(mate)
    again = rounds.deal_anew(round=made, actor=worker)
    assert second.door_label in labels(again) and first.door_label not in labels(again)


def test_who_is_away_is_covered_and_a_team_of_nobody_stays_at_home(
    community: Organisation,
    team: Team,
    worker: Staff,
    mate: Staff,
    doors: list[Dwelling],
) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    rounds.share_round(round=made, walkers=[worker], actor=worker)
    assert round_pages.todays_round(worker, community) == made and round_pages.todays_round(mate, community) is None
    with pytest.raises(problems.LeaveUnclear):
        wishes.note_leave(
            community=worker.organisation, staff=worker, from_date=TODAY, to_date=TODAY, cover=worker, actor=worker
        )
    leave = wishes.note_leave(
        community=worker.organisation, staff=worker, from_date=TODAY, to_date=TODAY, cover=mate, actor=worker
    )
    assert round_pages.todays_round(worker, community) is None and round_pages.todays_round(mate, community) == made
    assert set(made.doors.values_list("walker", flat=True)) == {mate.pk}
    assert round_pages.doors_for(made, mate).count() == made.doors.count()
    wishes.end_leave(leave=leave, actor=worker)
    tomorrow = TODAY + timedelta(days=1)
    wishes.note_leave(
        community=worker.organisation, staff=worker, from_date=tomorrow, to_date=tomorrow, cover=None, actor=worker
    )
    with pytest.raises(problems.NobodyThere):
        visits.plan_round(team=team, day=tomorrow, actor=worker, iterations=FEW)
    assert Round.objects.count() == 1


def test_a_shared_round_gives_each_phone_its_own_stairs(
    community: Organisation,
    team: Team,
    worker: Staff,
    mate: Staff,
    doors: list[Dwelling],
) -> None:
    team.members.add(mate)
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    whole = set(labels(made))
    assert round_pages.doors_for(made, mate).count() == len(whole)
    rounds.share_round(round=made, walkers=[worker, mate], actor=worker)
    parts = [
        set(round_pages.doors_for(made, who).values_list("dwelling__door_label", flat=True)) for who in (worker, mate)
    ]
    assert parts[0] | parts[1] == whole and not parts[0] & parts[1] and all(parts)


def test_a_second_try_waits_for_the_round_at_another_hour(
    community: Organisation,
    team: Team,
    worker: Staff,
    doors: list[Dwelling],
) -> None:
    evening = visits.make_team(community=community, name="傍晚组", members=[worker], actor=worker)
    visits.set_times(team=evening, weekdays=[3], starts_at=time(18, 0), minutes=90, actor=worker)
    visits.set_times(team=team, weekdays=[1, 3], starts_at=time(14, 0), minutes=90, actor=worker)
    for door in doors[:3]:
        with clock.at(NOON.replace(hour=15) - timedelta(days=4)):
            visit(door, worker, "no_answer")
    afternoon = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    shut = {door.door_label for door in doors[:3]}
    assert not shut & set(labels(afternoon)) and labels(afternoon)
    thursday = TODAY + timedelta(days=2)
    with clock.at(NOON + timedelta(days=2)):
        later = visits.plan_round(team=evening, day=thursday, actor=worker, iterations=FEW)
    assert shut <= set(labels(later))
    again = later.doors.filter(dwelling=doors[0]).get()
    assert (again.reason_code, again.days) == ("second-try", 6)


def test_the_night_refreshes_what_is_due_and_plans_the_rounds_of_tomorrow(
    community: Organisation,
    team: Team,
    worker: Staff,
    doors: list[Dwelling],
) -> None:
    visits.set_times(team=team, weekdays=[2], starts_at=time(14, 30), minutes=60, actor=worker)
    assert refresh_due() == "更新了 1 个社区" and DueVisit.objects.exists()
    assert (plan_tomorrow(), plan_tomorrow()) == ("安排了 1 轮", "安排了 1 轮")
    made = Round.objects.get()
    assert (made.day, made.starts_at) == (TODAY + timedelta(days=1), time(14, 30)) and made.doors.exists()
    with clock.at(NOON + timedelta(days=1)):
        assert plan_tomorrow() == "安排了 0 轮"
    planned = LedgerEntry.objects.get(code="visits.round-planned")
    assert planned.actor is None


def test_a_paper_sheet_counts_like_a_phone_and_its_codes_survive_a_new_deal(
    community: Organisation,
    team: Team,
    worker: Staff,
    doors: list[Dwelling],
    client: Client,
) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    sheet = [door.dwelling for door in made.doors.order_by("position").select_related("dwelling")]
    client.force_login(worker, backend=BACKEND)
    page = client.get(reverse("visits:round", args=[made.pk])).content.decode()
    assert all(door_code(door.pk) in page for door in sheet) and "重点探访" in page
    dropped = sheet[1]
    RoundDoor.objects.filter(round=made, dwelling=dropped).delete()
    lines = {
        "code": [door_code(sheet[0].pk), door_code(sheet[2].pk), door_code(dropped.pk).lower(), "K2K2K"],
        "outcome": ["met", "", "no_answer", "met"],
        "note": ["安好", "", "", ""],
    }
    where = reverse("visits:paper", args=[made.pk])
    refused = client.post(where, lines).content.decode()
    assert "K2K2K" in refused and 'value="安好"' in refused and not Visit.objects.exists()
    lines["code"][3] = ""
    for _ in range(2):
        assert client.post(where, lines).status_code == 302
    recorded = {visit.dwelling_id: visit for visit in Visit.objects.all()}
    assert set(recorded) == {sheet[0].pk, dropped.pk}
    assert {(visit.origin, visit.staff) for visit in recorded.values()} == {("paper", worker)}
    assert recorded[sheet[0].pk].note == "安好" and recorded[dropped.pk].outcome == "no_answer"
    history = reverse("visits:history", args=[sheet[0].households.get().pk])
    assert "纸单" in client.get(history).content.decode()


def test_the_head_sees_what_the_hours_allow(
    community: Organisation,
    team: Team,
    worker: Staff,
    doors: list[Dwelling],
) -> None:
    assert weeks.bound_of(community) is None
    memberships.refresh(community)
    visits.set_times(team=team, weekdays=[1, 4], starts_at=time(14, 30), minutes=150, actor=worker)
    wide = weeks.bound_of(community)
    visits.set_times(team=team, weekdays=[1], starts_at=time(14, 30), minutes=30, actor=worker)
    narrow = weeks.bound_of(community)
    assert wide and narrow
    assert wide["weeks"] == 2 and wide["enough"] and narrow["weeks"] is None and not narrow["enough"]
    assert float(wide["care"]) == float(narrow["care"]) > 0.5 == float(narrow["hours"])


def test_what_the_hours_allow_beside_the_care_is_as_promised_and_without_the_calls(
    community: Organisation, team: Team, worker: Staff, head: Staff, doors: list[Dwelling]
) -> None:
    visits.set_times(team=team, weekdays=[1, 4], starts_at=time(14, 30), minutes=150, actor=worker)
    memberships.refresh(community)

    def care(**high: int | None) -> float:
        promise.make_promise(community=community, terms={"high": high}, from_date=TODAY, actor=head)
        return float((weeks.bound_of(community) or {})["care"])

    weekly = care(days=7, door_days=None)
    assert care(days=7, door_days=14) == pytest.approx(weekly / 2, abs=0.1), "every other time it is a call"
    assert care(days=28, door_days=None) == pytest.approx(weekly / 4, abs=0.1), (
        "as promised, not as the tier would like"
    )


def test_the_pages_of_rounds_open_for_the_head_and_say_what_they_should(
    community: Organisation,
    team: Team,
    worker: Staff,
    head: Staff,
    doors: list[Dwelling],
    client: Client,
) -> None:
    client.force_login(head, backend=BACKEND)
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    home = doors[0].households.get()
    client.post(reverse("visits:note-wish", args=[home.pk]), {"quiet_from": "12:00", "quiet_to": "14:00"})
    client.post(
        reverse("visits:set-times", args=[team.pk]), {"weekdays": ["1", "4"], "starts_at": "14:30", "minutes": 90}
    )
    client.post(
        reverse("visits:note-leave"), {"staff": str(worker.pk), "from_date": "2026-11-25", "to_date": "2026-11-26"}
    )
    found = {
        name: client.get(reverse(name, args=args)).content.decode()
        for name, args in (
            ("visits:rounds", []),
            ("visits:due", []),
            ("visits:round", [made.pk]),
            ("visits:deal", [made.pk]),
            ("visits:paper", [made.pk]),
            ("visits:wish", [home.pk]),
        )
    }
    assert "周二、周五" in found["visits:rounds"] and "没有人代走" in found["visits:rounds"]
    assert "每周共 3 小时" in found["visits:rounds"]
    assert "12:00–14:00 不便" in found["visits:due"] and "民发〔2022〕73号" in found["visits:due"]
    assert "12:00–14:00 不便" in found["visits:round"] and "从未见过面" in found["visits:wish"]
    wrong = client.post(reverse("visits:note-wish", args=[home.pk]), {"quiet_from": "12:00"})
    assert "请把开始和结束时间都填上" in wrong.content.decode()
    late = client.post(reverse("visits:pause", args=[home.pk]), {"until": "2026-11-24"})
    assert "今天以后" in late.content.decode()
    client.post(reverse("visits:cancel", args=[made.pk]), {"cause": "下雪"})
    page = client.get(reverse("visits:rounds")).content.decode()
    assert "走了 0 轮，共安排 1 轮" in page and "因“下雪”没有走" in page
    assert (
        client.get(reverse("visits:rounds"), {"week": "2026-11-17"}).content.decode().count("走了 0 轮，共安排 0 轮")
        == 1
    )
    assert client.get(reverse("visits:rounds"), {"week": "昨天"}).status_code == 200
    assert not re.search("迟到|超期人员|责任人", page)
    client.post(reverse("visits:end-leave", args=[Leave.objects.get().pk]))
    assert not Leave.objects.exists()


def test_another_community_reaches_none_of_it(
    community: Organisation,
    team: Team,
    worker: Staff,
    doors: list[Dwelling],
    client: Client,
) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    leave = wishes.note_leave(
        community=worker.organisation, staff=worker, from_date=TODAY, to_date=TODAY, cover=None, actor=worker
    )
    memberships.refresh(community)
    group, home = CareGroup.objects.filter(community=community)[0], doors[0].households.get()
    other = Organisation.objects.create(kind="community", name="新桥社区", code="N2")
    stranger = Staff.objects.create_user("s-w", None, name="外人", role="head", organisation=other)
    client.force_login(stranger, backend=BACKEND)
    for name, key in (("paper", made), ("deal", made), ("wish", home)):
        assert client.get(reverse(f"visits:{name}", args=[key.pk])).status_code == 404
    posts = (
        ("cancel", made),
        ("share", made),
        ("deal", made),
        ("paper", made),
        ("note-wish", home),
        ("pause", home),
        ("set-cadence", group),
        ("end-leave", leave),
        ("set-times", team),
    )
    for name, key in posts:
        assert client.post(reverse(f"visits:{name}", args=[key.pk])).status_code == 404
    client.post(
        reverse("visits:note-leave"), {"staff": str(worker.pk), "from_date": "2026-11-25", "to_date": "2026-11-26"}
    )
    assert Leave.objects.count() == 1 and uuid.UUID(str(leave.pk))


def test_a_refused_pause_leaves_the_wish_on_its_form(doors: list[Dwelling], worker: Staff, client: Client) -> None:
    client.force_login(worker, backend=BACKEND)
    home = doors[0].households.get()
    wishes.note_wish(household=home, actor=worker, no_visits=True, words="不要上门")
    page = client.post(reverse("visits:pause", args=[home.pk]), {"until": "2026-11-24"})
    sent = {field.html_name: field.value() for field in page.context["form"] if field.value()}
    assert client.post(reverse("visits:note-wish", args=[home.pk]), sent).status_code == 302
    stands = VisitWish.objects.get(household=home, ended_at=None)
    assert stands.no_visits and stands.words == "不要上门"
