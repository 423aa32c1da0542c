"""What can be kept is what is promised: late follows it, the question comes back, nothing turns red unasked."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.groups.actions import memberships
from qiaomen.groups.models import CareGroup
from qiaomen.kernel import clock, figures
from qiaomen.kernel.lines import lines_held
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.planner.facts import Place, Walking
from qiaomen.planner.promise import Term
from qiaomen.register.models import Dwelling
from qiaomen.visits import nightly
from qiaomen.visits.actions import due, round_plan, visits, wishes
from qiaomen.visits.actions.weeks import minutes, promise
from qiaomen.visits.models import CadencePromise, DueRun, DueVisit, RoundDoor, Team, Visit, VisitMinutes
from qiaomen.visits.problems import PromiseUnclear
from qiaomen.visits.rules.due import DoorFact, Due, EventFact, GroupFact, Tier, Wish, deduce
from qiaomen.visits.rules.promised import GREW, NONE, SHORT, TIERS, count_doors, question_of, with_promises
from qiaomen.visits.rules.vocabulary import AFAR
from qiaomen.visits.selectors import worklist
from qiaomen.visits.selectors.teams.minutes import minutes_table
from qiaomen.visits.selectors.teams.promise import promised_tiers, world_of
from qiaomen.visits.selectors.teams.promise_page import started
from qiaomen.visits.tests.street import FEW, NOON, TODAY, person, promise_ideal, visit

BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = date(2026, 12, 1)
WEEK, MONTH = {"days": 7, "door_days": None}, {"days": 30, "door_days": None}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


def tiers(**promised: list[Term]) -> dict[str, Tier]:
    days = {"high": 7, "key": 30, "everyone": 365}
    return {
        code: Tier(code, every, every // 2, 1, 1.0, "来源", promised=tuple(promised.get(code, [])))
        for code, every in days.items()
    }


def promised(fact: DoorFact, day: date, known: dict[str, Tier]) -> dict[str, Due]:
    return {one.clock: one for one in with_promises(deduce(fact, day, known, 400), fact, day, known)}


def test_a_visit_is_late_past_the_promise_and_not_past_the_cadence_a_tier_would_like() -> None:
    fact = DoorFact("a", DAY - timedelta(days=300), DAY - timedelta(days=100), groups=(GroupFact("elder", "key"),))
    assert promised(fact, DAY, tiers())["cadence"].promised_on is None
    found = promised(fact, DAY, tiers(key=[Term(DAY - timedelta(days=60), 90)]))
    assert found["cadence"].due_on == DAY - timedelta(days=70)
    assert found["cadence"].promised_on == DAY + timedelta(days=30) and found["unseen"].promised_on is None


def test_who_comes_into_a_tier_today_is_late_no_sooner_than_promised_from_today() -> None:
    group = GroupFact("elder", "high", DAY)
    fact = DoorFact("a", DAY - timedelta(days=300), DAY - timedelta(days=200), groups=(group,))
    found = promised(fact, DAY, tiers(high=[Term(DAY - timedelta(days=90), 7)]))
    assert found["cadence"].promised_on == DAY + timedelta(days=7)


def test_an_own_cadence_is_promised_in_the_proportion_of_its_tier() -> None:
    fact = DoorFact("a", DAY, DAY, groups=(GroupFact("nest", "key", DAY, 14),))
    found = promised(fact, DAY, tiers(key=[Term(DAY, 60)]))
    assert found["cadence"].promised_on == DAY + timedelta(days=28)


def test_an_event_before_the_list_came_in_is_not_late_when_it_comes_in() -> None:
    fact = DoorFact("a", DAY, events=(EventFact("turned-80", DAY - timedelta(days=40)),))
    found = promised(fact, DAY, tiers())
    assert found["event"].due_on < DAY and found["event"].promised_on == DAY + timedelta(days=14)


def test_a_second_try_is_late_when_the_visit_behind_it_is() -> None:
    fact = DoorFact("a", DAY - timedelta(days=60), None, "no_answer", DAY - timedelta(days=30), 1)
    assert promised(fact, DAY, tiers())["retry"].promised_on is None
    found = promised(fact, DAY, tiers(everyone=[Term(DAY - timedelta(days=60), 100)]))
    assert found["retry"].promised_on == DAY + timedelta(days=40)


def test_calls_alone_do_not_keep_what_was_promised_at_the_door() -> None:
    high = replace(
        tiers(high=[Term(DAY, 7)])["high"], promised_at_door=(Term(DAY, 14),), door_every_days=14, between="phone"
    )
    known = {**tiers(), "high": high}
    fact = DoorFact("a", DAY, DAY, groups=(GroupFact("elder", "high", DAY),), last_by=(("door", DAY),))
    assert promised(fact, DAY, known)["cadence"].promised_on == DAY + timedelta(days=7)
    rung_up = replace(
        fact, last_spoken=DAY + timedelta(days=13), last_by=(("door", DAY), ("phone", DAY + timedelta(13)))
    )
    assert promised(rung_up, DAY, known)["cadence"].promised_on == DAY + timedelta(days=14)
    shy = replace(rung_up, wish=Wish(phone_instead=True))
    assert promised(shy, DAY, known)["cadence"].promised_on == DAY + timedelta(days=20), (
        "who wishes no knock is rung up"
    )
    own = replace(rung_up, groups=(GroupFact("elder", "high", DAY, 14),))
    due_by = promised(own, DAY, known)["cadence"]
    assert due_by.promised_on == due_by.due_on == DAY + timedelta(days=27), "at its own cadence both are twice as long"


def test_a_door_seen_by_calls_alone_is_late_and_not_kept_everywhere(
    community: Organisation, head: Staff, worker: Staff, team: Team, doors: list[Dwelling], client: Client
) -> None:
    promise_ideal(community, head)
    for days in (0, 6, 12, 18):
        with clock.at(NOON + timedelta(days=days)):
            visit(doors[0], worker, "by_phone" if days else "met")
            visit(doors[1], worker, "met")
            due.keep_current(community)
    with clock.at(NOON + timedelta(days=20)):
        due.keep_current(community)
        today = clock.today()
        late = worklist.late_doors(community, today)
        assert doors[0].pk in late and doors[1].pk not in late
        period = {"community": community, "start": TODAY, "end": today - timedelta(days=1), "as_at": clock.now()}
        kept = set(figures.get("visits.promises_kept").records(**period).values_list("pk", flat=True))
        asked = set(figures.get("visits.promises_due").records(**period).values_list("pk", flat=True))
        assert {doors[0].pk, doors[1].pk} <= asked and doors[0].pk not in kept and doors[1].pk in kept
        client.force_login(worker, backend=BACKEND)
        page = client.get(reverse("visits:due"), {"late": "1"}).content.decode()
        assert doors[0].door_label in page and doors[1].door_label not in page


def test_a_question_is_asked_where_nothing_holds() -> None:
    assert question_of({}, None, []) == {} == question_of({"key": 0}, None, [])
    assert question_of({"key": 3}, None, [])["why"] == NONE
    assert question_of({"key": 3, "high": 1}, {"key": MONTH}, []) == {"why": TIERS, "tiers": ["high"]}
    nothing = {"high": {"days": None}, "key": MONTH}
    assert question_of({"key": 3, "high": 1}, nothing, [], {"key": 3, "high": 2}) == {}, "it was decided so"
    assert question_of({"key": 3, "high": 1}, nothing, [], {"key": 3}) == {"why": TIERS, "tiers": ["high"]}
    assert question_of({"key": 120}, {"key": MONTH}, [], {"key": 100}) == {"why": GREW, "tiers": ["key"]}
    assert question_of({"key": 119}, {"key": MONTH}, [], {"key": 100}) == {}
    facts = [DoorFact("a", groups=(GroupFact("x", "key", None, 15), GroupFact("y", "high"))), DoorFact("b")]
    facts += [DoorFact("c", groups=(GroupFact("x", "key", None, 15),))]
    assert count_doors(facts, tiers()) == {"high": 1, "everyone": 1, "key": 2}


def held(community: Organisation, head: Staff) -> list[str]:
    return [line.text for line in lines_held(community, head, clock.today()) if line.code == "visits.promise"]


def test_hours_halved_reopen_the_question_and_turn_no_door_red(
    community: Organisation, head: Staff, worker: Staff, team: Team, doors: list[Dwelling]
) -> None:
    visits.set_times(team=team, weekdays=[1, 4], starts_at=time(14, 30), minutes=180, actor=head)
    due.keep_current(community)
    assert "没有承诺，就没有逾期" in held(community, head)[0]
    assert not held(community, worker), "it is the head who is asked"
    promise_ideal(community, head)
    assert held(community, head) == []
    with clock.at(NOON + timedelta(days=2)):
        visits.set_times(team=team, weekdays=[1], starts_at=time(14, 30), minutes=30, actor=head)
        assert "做不到" in held(community, head)[0]
        assert DueRun.objects.get(community=community).question["why"] == SHORT
        due.keep_current(community)
        assert not worklist.late_doors(community, clock.today())
        terms = {"high": MONTH, "key": MONTH}
        promise.make_promise(community=community, terms=terms, from_date=clock.today(), actor=head)
        assert "有了新的户" in held(community, head)[0], "of the rest nothing was said"
    assert CadencePromise.objects.count() == 2
    entry = LedgerEntry.objects.filter(code="visits.cadence-promised").latest("pk")
    assert entry.actor == head and entry.detail["terms"] == terms


def test_leave_alone_reopens_the_question(
    community: Organisation, head: Staff, worker: Staff, team: Team, doors: list[Dwelling]
) -> None:
    visits.set_times(team=team, weekdays=[1, 4], starts_at=time(14, 30), minutes=180, actor=head)
    promise_ideal(community, head)
    begins = TODAY + timedelta(days=13)
    leave = wishes.note_leave(
        community=community,
        staff=worker,
        from_date=begins,
        to_date=begins + timedelta(days=14),
        cover=None,
        actor=head,
    )
    assert "高频" in held(community, head)[0]
    wishes.end_leave(leave=leave, actor=head)
    assert held(community, head) == []


def test_lists_badge_and_figure_follow_the_promise(
    community: Organisation, head: Staff, worker: Staff, team: Team, doors: list[Dwelling]
) -> None:
    promise_ideal(community, head)
    for days, late in ((7, 0), (8, 6)):
        with clock.at(NOON + timedelta(days=days)):
            due.keep_current(community)
            today, now = clock.today(), clock.now()
            assert len(worklist.late_doors(community, today)) == late == worklist.due_lists(community)["late"]
            figure = figures.get("visits.doors_overdue")
            assert figure.count(community=community, start=today, end=today, as_at=now) == late
    with clock.at(NOON + timedelta(days=8)):
        visit(doors[0], worker, "met")
        promise.make_promise(community=community, terms={"high": MONTH}, from_date=clock.today(), actor=head)
        due.keep_current(community)
        assert len(worklist.late_doors(community, clock.today())) == 5, "what was late stays late"


def test_how_somebody_is_seen_between_two_knocks_is_as_promised(community: Organisation, head: Staff) -> None:
    def promised_to(code: str, **term: int | None) -> tuple[str, int | None]:
        promise.make_promise(community=community, terms={"general": MONTH, code: term}, from_date=TODAY, actor=head)
        tier = promised_tiers(community, TODAY)[code]
        return tier.between, tier.knocks_every

    by_itself = promised_tiers(community, TODAY)
    assert (by_itself["high"].between, by_itself["high"].knocks_every) == ("phone", 14)
    assert (by_itself["key"].between, by_itself["key"].knocks_every) == ("door", None), "a call counts, none is planned"
    assert promised_to("high", days=7, door_days=28) == ("phone", 28)
    assert promised_to("high", days=7, door_days=None) == ("door", None)
    assert promised_to("key", days=30, door_days=90) == ("phone", 90)
    assert promised_to("high", days=None, door_days=None) == ("phone", 14), "nothing was promised"


def test_a_promise_shorter_than_the_cadence_of_a_tier_makes_doors_due_before_they_are_late(
    community: Organisation, head: Staff
) -> None:
    usual = promised_tiers(community, TODAY)["key"]
    term = {"days": 14, "door_days": None}
    promise.make_promise(community=community, terms={"general": MONTH, "key": term}, from_date=TODAY, actor=head)
    known = promised_tiers(community, TODAY)
    assert (known["key"].every_days, known["key"].opens_before_days) == (14, min(14, usual.opens_before_days))
    for own in (None, usual.every_days // 2, usual.every_days * 2):
        fact = DoorFact("a", DAY, DAY, groups=(GroupFact("nest", "key", DAY, own),))
        (found,) = [one for one in deduce(fact, DAY, known, 400) if one.clock == "cadence"]
        (late,) = [one for one in with_promises([found], fact, DAY, known)]
        assert found.opens_on < found.due_on == late.promised_on == DAY + timedelta(days=14 * (own or 30) // 30)
    memberships.refresh(community)
    codes = CareGroup.objects.filter(community=community, tier="key").values_list("code", flat=True)
    assert codes and {round_plan.terms_of(community)[code] for code in codes} == {(14, 7)}
    assert count_doors([fact], known) == count_doors([fact], tiers())


def test_what_is_proposed_keeps_the_telephone_of_a_tier(
    community: Organisation, head: Staff, team: Team, doors: list[Dwelling]
) -> None:
    visits.set_times(team=team, weekdays=[1, 4], starts_at=time(14, 30), minutes=60, actor=head)
    due.keep_current(community)
    world = world_of(community)
    assert started(world, "ideal") == world.ideal() and world.ideal()["high"] == {"days": 7, "door_days": 14}
    for start in ("first", "alike"):
        terms = started(world, start)
        term = terms["high"]
        assert term["door_days"] >= 14 and term["days"] == -(-term["door_days"] // 2), start
        promise.make_promise(community=community, terms=terms, from_date=TODAY, actor=head)
        assert promised_tiers(community, TODAY)["high"].between == "phone"


def test_a_promise_of_nothing_or_in_the_past_is_refused(community: Organisation, head: Staff) -> None:
    wrong: list[dict[str, Any]] = [{"days": 0}, {"days": 1461}, {"days": 30, "door_days": 7}, {"door_days": 7}]
    for term in wrong:
        with pytest.raises(PromiseUnclear):
            promise.make_promise(community=community, terms={"key": term}, from_date=TODAY, actor=head)
    with pytest.raises(PromiseUnclear):
        promise.make_promise(community=community, terms={"key": MONTH}, from_date=TODAY - timedelta(days=1), actor=head)
    assert not CadencePromise.objects.exists()


def test_the_head_sees_the_effect_and_promises_and_a_worker_only_sees(
    community: Organisation, head: Staff, worker: Staff, team: Team, doors: list[Dwelling], client: Client
) -> None:
    visits.set_times(team=team, weekdays=[1, 4], starts_at=time(14, 30), minutes=30, actor=head)
    where = reverse("visits:promise")
    client.force_login(worker, backend=BACKEND)
    page = client.get(where).content.decode()
    assert "还没有承诺过" in page and "就这样承诺" not in page and client.post(where).status_code == 403
    client.force_login(head, backend=BACKEND)
    page = client.get(where).content.decode()
    assert "这样做不到" in page and "就这样承诺" in page and "假定" in page
    asked = {"days_high": "14", "hours": "6", "minutes_cadence": "15", "from_date": TODAY.isoformat()}
    moved = client.get(reverse("visits:promise-effect"), asked).content.decode()
    assert "每周 6 小时" in moved and "高频" in moved and "<html" not in moved
    assert "每周 6 小时" in client.get(where, asked).content.decode(), "and without a script"
    assert Team.objects.get().minutes == 30 and not CadencePromise.objects.exists(), "looking changes nothing"
    assert "请至少给一档" in client.post(where, {"from_date": TODAY.isoformat()}).content.decode()
    wrong = client.post(where, {**asked, "door_high": "7"}).content.decode()
    assert "不短于见面的间隔" in wrong
    too_long = client.post(where, {**asked, "hours": "40"}).content.decode()
    assert "要在 30 到 480 分钟之间" in too_long and not CadencePromise.objects.exists()
    assert client.post(where, {**asked, "door_high": "28"}).status_code == 302
    made = CadencePromise.objects.get()
    assert made.terms == {"high": {"days": 14, "door_days": 28}, "everyone": {"days": None, "door_days": None}}
    assert Team.objects.get().minutes == 180
    assert minutes_table(community).of("cadence") == 15.0
    page = client.get(where).content.decode()
    assert "高频 14 天见一次（至少 28 天上门一次）" in page


def test_the_pages_ask_as_often_however_many_doors(
    community: Organisation, head: Staff, team: Team, doors: list[Dwelling], client: Client
) -> None:
    visits.set_times(team=team, weekdays=[1, 4], starts_at=time(14, 30), minutes=60, actor=head)
    due.keep_current(community)
    client.force_login(head, backend=BACKEND)
    client.get(reverse("visits:promise"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        world_of(community)
    assert len(asked) <= 11, [query["sql"] for query in asked]
    with CaptureQueriesContext(connection) as asked:
        due.refresh(community)
    first = len(asked)
    DueVisit.objects.filter(dwelling__in=doors[:12]).delete()
    with CaptureQueriesContext(connection) as asked:
        due.refresh(community)
    assert len(asked) <= first + 2, "new rows go in together"


def test_minutes_are_learnt_from_the_pauses_of_a_walk_and_of_no_person(
    community: Organisation, team: Team, worker: Staff, mate: Staff, doors: list[Dwelling], head: Staff
) -> None:
    team.members.add(mate)
    with clock.at(datetime.combine(TODAY, time(8), clock.SHANGHAI)):
        made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    begins = datetime.combine(TODAY - timedelta(days=1), time(14), clock.SHANGHAI)
    for days in range(9):
        for n, row in enumerate(RoundDoor.objects.filter(round=made).order_by("position")):
            Visit.objects.create(
                id=uuid.uuid4(),
                community=community,
                dwelling=row.dwelling,
                round=made,
                staff=(worker, mate)[n % 2],
                outcome="met",
                happened_at=begins - timedelta(days=days) + timedelta(minutes=10 * n),
                received_at=clock.now(),
                origin="phone",
            )
    assert nightly.learn_minutes().startswith("学到了")
    kinds = {row.kind: row for row in VisitMinutes.objects.filter(floors="", door=None)}
    learnt = next(row for kind, row in kinds.items() if kind in ("cadence", "unseen"))
    assert learnt.counted >= 20 and 8 < learnt.learnt < 10 and learnt.own is None
    named = {field.name for field in VisitMinutes._meta.get_fields()}
    assert not named & {"staff", "person", "team", "round"}, "it is of no person"
    promise.set_minutes(community=community, kind=learnt.kind, floors="", minutes=25, actor=head)
    minutes.learn_minutes(community)
    assert minutes_table(community).of(learnt.kind) == 25.0
    promise.set_minutes(community=community, kind=learnt.kind, floors="", minutes=None, actor=head)
    assert minutes_table(community).of(learnt.kind) == learnt.learnt
    Visit.everything.filter(origin="phone").update(origin="desk")
    minutes.learn_minutes(community)
    assert not VisitMinutes.objects.exclude(learnt=None).exists(), "what was typed in at the desk tells no minutes"


@pytest.mark.parametrize("outcome", AFAR)
def test_who_was_not_seen_at_the_door_tells_no_minutes_of_a_walk(outcome: str) -> None:
    door = uuid.uuid4()
    stops = [(door, "cadence", NOON, "met"), (door, minutes.SHUT, NOON + timedelta(minutes=9), outcome)]
    assert not list(minutes._between(stops, {door: Place("幸福苑", 1, 1, 3)}, Walking()))


def test_a_new_list_reopens_the_question(
    community: Organisation, head: Staff, team: Team, doors: list[Dwelling]
) -> None:
    visits.set_times(team=team, weekdays=[1, 4], starts_at=time(14, 30), minutes=180, actor=head)
    promise_ideal(community, head)
    assert held(community, head) == []
    terms = CadencePromise.objects.get().terms
    CadencePromise.objects.update(terms={code: terms[code] for code in ("high", "everyone")})
    promise.reconsider(community)
    assert held(community, head) == [], "nobody is in the other tiers"
    home = doors[5].households.get()
    home.people.all().delete()
    person(home, doors[5], "王六旬", date(1956, 1, 1))
    memberships.refresh(community)
    due.refresh(community)
    assert held(community, head) == ["重点有了新的户，还没有定多久见一次"]
    assert not worklist.late_doors(community, TODAY)
