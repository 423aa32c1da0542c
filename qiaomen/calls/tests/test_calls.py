"""The call list as it is lived: who stands on it, a number behind a look, a call that worries, a warning, a sweep."""

import uuid
from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.calls import problems
from qiaomen.calls.actions import alerts, calls, sweeps
from qiaomen.calls.models import Call, SweepReply
from qiaomen.calls.selectors import call_lists
from qiaomen.calls.selectors.call_lists import Asked, call_list, rows_of, who_may_be_rung_first
from qiaomen.calls.selectors.pages import going_alone
from qiaomen.calls.selectors.stairs import quiet_stairs
from qiaomen.calls.selectors.sweep_pages import sweep_page
from qiaomen.calls.selectors.sweeps import counts_of, left_in, phone_asks
from qiaomen.calls.tests.ringing import TEN, give_number, home_of, ring
from qiaomen.kernel import clock, figures
from qiaomen.kernel.lines import asked_at_door, lines_of
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.actions.person_facts import note_facts
from qiaomen.register.models import Dwelling, Household
from qiaomen.register.selectors.facts import known_of
from qiaomen.visits.actions import due, rounds, visits, wishes
from qiaomen.visits.models import DueVisit, Round, RoundDoor, Team, Visit, VisitRequest
from qiaomen.visits.tests.street import FEW, TODAY, visit

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def ten() -> Iterator[None]:
    with clock.at(TEN):
        yield


def test_between_two_knocks_the_weekly_tier_is_rung_up(
    community: Organisation, elder: Household, worker: Staff
) -> None:
    asked = call_list(community, TODAY).asked
    assert [one.home for one in asked] == [elder.pk]
    row = rows_of(community, asked, worker, clock.now())[0]
    assert len(row["say"]) == 2 and row["why_not"] == "" and row["reason"] == "重点探访"
    ring(elder, worker, "well")
    due.keep_current(community)
    assert call_list(community, TODAY).asked == []
    assert Visit.objects.get(household=elder, outcome="by_phone").origin == "desk"
    with clock.at(TEN + timedelta(days=7)):
        due.keep_current(community)
        row = DueVisit.objects.get(dwelling=elder.dwelling, state="open", clock="cadence")
    assert row.way == "door", "a call, then the door"


def test_late_is_past_the_promise_on_the_list_of_calls_and_at_the_door(
    community: Organisation, elder: Household, worker: Staff
) -> None:
    with clock.at(TEN + timedelta(days=1)):
        due.keep_current(community)
    row = DueVisit.objects.get(dwelling=elder.dwelling, state="open", clock="cadence")
    day = row.due_on + timedelta(days=3)
    for promised, late in ((None, False), (day, False), (day - timedelta(days=1), True)):
        row.promised_on = promised
        row.save()
        shown = rows_of(community, [Asked(elder.pk, row=row)], worker, TEN + timedelta(days=(day - TODAY).days))
        (line,) = [line for line in lines_of([elder], worker, day) if line.code == "visits.due"]
        assert shown[0]["late"] is late and ("过了 1 天" in str(line.text)) is late
        assert ("该在" in str(line.text)) is late and ("前去" in str(line.text)) is (promised is not None)


def test_a_number_is_one_look_and_nobody_is_rung_up_when_they_asked_not_to_be(
    community: Organisation, elder: Household, worker: Staff
) -> None:
    person, number = calls.show_number(household=elder, actor=worker)
    assert number == "13900000001" and person == elder.people.get()
    entry = LedgerEntry.objects.filter(code="register.field-revealed").latest("at")
    assert entry.actor_id == worker.pk
    wishes.note_wish(household=elder, actor=worker, quiet_from=time(9), quiet_to=time(11))
    with pytest.raises(problems.NotNow):
        calls.show_number(household=elder, actor=worker)
    with clock.at(TEN.replace(hour=13)), pytest.raises(problems.NotNow):
        calls.show_number(household=elder, actor=worker)
    with clock.at(TEN.replace(hour=15)):
        assert calls.show_number(household=elder, actor=worker)[1] == number
    person.phone = ""
    person.save()
    with pytest.raises(problems.NoNumber):
        calls.show_number(household=elder, actor=worker)


def test_what_was_promised_is_rung_up_however_often_they_were_seen_this_month(
    community: Organisation, elder: Household, worker: Staff
) -> None:
    wishes.note_wish(household=elder, actor=worker, most_per_month=1)
    due.request_visit(household=elder, key="case/1", kind="case", due_on=TODAY)
    due.keep_current(community)
    (asked,) = call_list(community, TODAY).asked
    assert rows_of(community, [asked], worker, clock.now())[0]["why_not"] == ""
    assert calls.show_number(household=elder, actor=worker)[1] == "13900000001"


def test_a_list_that_is_cut_loses_nobody_who_may_be_rung_up(
    community: Organisation, elder: Household, doors: list[Dwelling], worker: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    mute = Asked(home_of(doors[1]).pk, due_on=TODAY - timedelta(days=9))
    asked = [mute, Asked(elder.pk, due_on=TODAY)]
    assert who_may_be_rung_first(community, asked, clock.now()) == asked[::-1], "no number is known of the first"
    monkeypatch.setattr(call_lists, "MOST_SHOWN", 1)
    assert [row["household"] for row in rows_of(community, asked, worker, clock.now())] == [elder]
    mute.urgent = True
    assert who_may_be_rung_first(community, asked, clock.now()) == asked


def test_a_call_that_worries_becomes_a_must_visit_of_today(
    community: Organisation, elder: Household, team: Team, worker: Staff
) -> None:
    team.starts_at = time(14, 30)
    team.save()
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    assert not made.doors.filter(dwelling=elder.dwelling).exists()
    call = ring(elder, worker, "worry", note="说话没有力气")
    door = made.doors.get(dwelling=elder.dwelling)
    assert door.must and door.reason_code == "worry"
    assert going_alone(community, TODAY) == []
    asked = VisitRequest.objects.get(key=f"worry/{call.pk}")
    assert asked.due_on == TODAY
    with clock.at(TEN + timedelta(hours=5)):
        visit(elder.dwelling, worker, "met")  # type: ignore[arg-type]
        due.keep_current(community)
    row = DueVisit.objects.get(visit__outcome="met", clock="promise")
    assert row.state == "done" and not VisitRequest.objects.get(pk=asked.pk).open
    visits.take_back(visit=row.visit, actor=worker)
    assert VisitRequest.objects.get(pk=asked.pk).open, "what was taken back ended nothing"


def test_a_call_that_worries_leaves_a_shared_round_shared(
    elder: Household, team: Team, worker: Staff, mate: Staff
) -> None:
    team.starts_at = time(14, 30)
    team.save()
    team.members.add(mate)
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    rounds.share_round(round=made, walkers=[worker, mate], actor=worker)
    before = dict(made.doors.values_list("dwelling", "walker"))
    stairs = dict(made.doors.values_list("dwelling__entrance", "walker"))
    ring(elder, worker, "worry")
    after = dict(made.doors.values_list("dwelling", "walker"))
    assert elder.dwelling is not None and after.pop(elder.dwelling.pk) == stairs.get(elder.dwelling.entrance_id)
    assert after and after == {door: before[door] for door in after} and set(after.values()) == {worker.pk, mate.pk}


def test_without_a_round_the_list_says_that_somebody_has_to_go(elder: Household, worker: Staff) -> None:
    ring(elder, worker, "worry")
    assert [row["household"] for row in going_alone(elder.community, TODAY)] == [elder]
    with clock.at(TEN + timedelta(hours=1)):
        visit(elder.dwelling, worker, "met")  # type: ignore[arg-type]
        assert going_alone(elder.community, TODAY) == []


def test_a_round_takes_a_worry_off_the_list_only_while_it_is_to_come_or_when_it_was_there(
    community: Organisation, elder: Household, team: Team, worker: Staff
) -> None:
    ring(elder, worker, "worry")
    made = Round.objects.create(community=community, team=team, day=TODAY, starts_at=time(14, 30), minutes=90)
    row = RoundDoor.objects.create(round=made, dwelling=elder.dwelling, position=1, reason_code="never-seen")

    def is_alone() -> bool:
        return [line["household"] for line in going_alone(community, TODAY)] == [elder]

    assert is_alone(), "only with time to spare"
    row.arrive_minute = 0
    row.save()
    assert not is_alone()
    with clock.at(TEN.replace(hour=16)):
        assert is_alone(), "its time ended and nobody was there"
        visit(elder.dwelling, worker, "no_answer", made=made)  # type: ignore[arg-type]
        assert not is_alone()
    with clock.at(TEN.replace(hour=16, minute=30)):
        ring(elder, worker, "worry")
        assert is_alone(), "somebody was there before"


def test_a_worry_at_a_spare_door_goes_on_to_a_round_that_walks_there(
    community: Organisation, elder: Household, team: Team, worker: Staff, mate: Staff, doors: list[Dwelling]
) -> None:
    first = Round.objects.create(community=community, team=team, day=TODAY, starts_at=time(10), minutes=10)
    RoundDoor.objects.create(round=first, dwelling=doors[20], position=1, reason_code="never-seen", arrive_minute=0)
    RoundDoor.objects.create(round=first, dwelling=elder.dwelling, position=2, reason_code="never-seen")
    other = visits.make_team(community=community, name="敲门二组", members=[mate], actor=worker)
    second = Round.objects.create(community=community, team=other, day=TODAY, starts_at=time(14, 30), minutes=90)
    with clock.at(TEN.replace(minute=30)):
        ring(elder, worker, "worry")
        door = second.doors.get(dwelling=elder.dwelling)
        assert door.must and door.arrive_minute is not None and going_alone(community, TODAY) == []


def test_calls_in_vain_bring_somebody_to_the_door_and_an_answer_takes_that_back(
    elder: Household, worker: Staff
) -> None:
    for n in range(3):
        with clock.at(TEN + timedelta(days=n)):
            ring(elder, worker, "no_answer")
    asked = VisitRequest.objects.get(kind="unreached")
    assert asked.open and asked.due_on == TODAY + timedelta(days=5)
    with clock.at(TEN + timedelta(days=2, hours=3)):
        ring(elder, worker, "later")
    assert not VisitRequest.objects.get(pk=asked.pk).open


def test_a_call_sent_twice_is_one_call_one_visit_one_request(elder: Household, worker: Staff) -> None:
    key = uuid.uuid4()
    for _n in range(2):
        calls.record_call(
            call_id=key, household=elder, staff=worker, outcome="worry", happened_at=clock.now(), origin="phone"
        )
    assert Call.objects.count() == 1 == VisitRequest.objects.count()
    assert Visit.objects.filter(household=elder, outcome="by_phone").count() == 1
    with pytest.raises(problems.CallInFuture):
        calls.record_call(
            call_id=uuid.uuid4(),
            household=elder,
            staff=worker,
            outcome="well",
            happened_at=clock.now() + timedelta(days=1),
            origin="phone",
        )


def test_a_power_cut_puts_the_house_with_an_oxygen_machine_in_front_at_once(
    community: Organisation, doors: list[Dwelling], elder: Household, worker: Staff
) -> None:
    there = home_of(doors[7])
    note_facts(person=give_number(there), facts={"oxygen_machine": True}, on_date=TODAY, actor=worker)
    wishes.note_wish(household=there, actor=worker, quiet_from=time(9), quiet_to=time(18))
    alert = alerts.give_alert(community=community, kind="power_cut", until=TODAY, actor=worker)
    asked = call_list(community, TODAY).asked
    assert [one.home for one in asked] == [there.pk, elder.pk] and asked[0].urgent
    assert call_list(community, TODAY).warned[0].unasked == 23
    assert calls.show_number(household=there, actor=worker)[1], "a machine without power is asked for at any hour"
    ring(there, worker, "no_answer")
    assert VisitRequest.objects.get(kind="unreached").due_on == TODAY
    assert [row["household"] for row in going_alone(community, TODAY)] == [there]
    with clock.at(TEN + timedelta(minutes=5)):
        ring(there, worker, "well")
        assert call_list(community, TODAY).warned[0].reached == 1
    alerts.end_alert(alert=alert, actor=worker)
    assert call_list(community, TODAY).warned == []


def test_heat_asks_for_the_frail_first_and_only_at_its_place(
    community: Organisation, doors: list[Dwelling], head: Staff
) -> None:
    helpless = home_of(doors[8]).people.get()
    note_facts(person=helpless, facts={"selfcare_failed": 6}, on_date=TODAY, actor=head)
    alerts.give_alert(community=community, kind="heat", until=TODAY + timedelta(days=3), actor=head)
    asked = call_list(community, TODAY).asked
    assert asked[0].home == helpless.household_id
    assert {one.home for one in asked[1:]} == {home_of(doors[n]).pk for n in (0, 1, 2, 12, 13, 14)}
    building = doors[0].entrance.building
    again = alerts.give_alert(
        community=community, kind="cold", until=TODAY, actor=head, building=building, compound=building.compound
    )
    assert again.compound == building.compound
    with pytest.raises(problems.AlertUnclear):
        alerts.give_alert(community=community, kind="flood", until=TODAY, actor=head)
    with pytest.raises(problems.AlertUnclear):
        alerts.give_alert(community=community, kind="heat", until=TODAY - timedelta(days=1), actor=head)


def test_half_the_doors_of_an_entrance_silent_for_a_month_say_other_hours_or_a_notice(
    community: Organisation, doors: list[Dwelling], worker: Staff
) -> None:
    for n, outcome in enumerate(("no_answer", "no_answer", "no_answer", "met", "met")):
        visit(doors[n], worker, outcome, days=n)
        visit(doors[12 + n], worker, "met", days=n)
    (found,) = quiet_stairs(community, TODAY)
    assert (found["silent"], found["knocked"]) == (3, 5) and "1单元" in found["place"] and found["slot"]
    assert quiet_stairs(community, TODAY + timedelta(days=40)) == []


def test_whom_a_household_named_is_asked_and_counts_where_the_tier_says_so(elder: Household, worker: Staff) -> None:
    calls.name_go_between(household=elder, kind="neighbour", name="李明", phone="", actor=worker)
    ring(elder, worker, "well", way="other")
    due.keep_current(elder.community)
    assert Visit.objects.filter(outcome="by_other").exists()
    assert call_list(elder.community, TODAY).asked == []
    assert calls.name_go_between(household=elder, kind="neighbour", name="", phone="", actor=worker) is None
    with pytest.raises(problems.GoBetweenUnclear):
        calls.name_go_between(household=elder, kind="boss", name="李明", phone="", actor=worker)


def test_a_sweep_is_carried_by_doors_and_calls_and_its_figures_add_up(
    community: Organisation, doors: list[Dwelling], head: Staff, worker: Staff
) -> None:
    sweep = sweeps.begin_sweep(
        community=community,
        title="谁想找活干",
        codes=["wants_work"],
        until=TODAY + timedelta(days=9),
        from_age=18,
        to_age=60,
        actor=head,
    )
    assert counts_of(sweep, TODAY) == {"answered": 0, "refused": 0, "left": 18}
    home, shy = home_of(doors[5]), home_of(doors[6])
    ask = phone_asks(community, [home.pk], TODAY)[home.pk][0]
    assert ask["code"] == "wants_work" and [choice["value"] for choice in ask["choices"]] == [
        "true",
        "false",
        "declined",
    ]
    assert "想不想找点活干？" in asked_at_door(lines_of([home], worker, TODAY))
    person = home.people.get()
    reply = sweeps.take_answers(
        sweep=sweep, household=home, answers={(person.pk, "wants_work"): True}, way="phone", actor=worker
    )
    sweeps.take_answers(
        sweep=sweep, household=shy, answers={(shy.people.get().pk, "wants_work"): None}, way="desk", actor=worker
    )
    assert known_of(person)["wants_work"] is True and (reply.way, reply.staff) == ("phone", worker)
    assert counts_of(sweep, TODAY) == {"answered": 1, "refused": 1, "left": 16}
    period = {"community": community, "start": TODAY, "end": TODAY, "as_at": clock.now()}
    counted = [figures.get(f"calls.{name}").count(**period) for name in ("sweep_asked", "sweep_refused", "sweep_left")]
    assert counted == [2, 1, 16]
    sweeps.note_asked(
        community=community,
        household=shy,
        answered=["wants_work"],
        declined=[],
        actor=worker,
        happened_at=clock.now(),
        visit=uuid.uuid4(),
    )
    assert SweepReply.objects.get(household=shy).outcome == "answered"
    assert home not in left_in(sweep, TODAY) and "想不想找点活干？" not in asked_at_door(
        lines_of([home], worker, TODAY)
    )
    sweeps.end_sweep(sweep=sweep, actor=head)
    with pytest.raises(problems.SweepOver):
        sweeps.take_answers(sweep=sweep, household=home, answers={}, way="desk", actor=worker)


@pytest.mark.parametrize("title", ["谁家信教", "上访的有哪些户", "排查重点人员", "吸毒人员摸底", "谁是 法 轮 功"])
def test_a_forbidden_topic_is_refused_with_words(community: Organisation, head: Staff, title: str) -> None:
    with pytest.raises(problems.ForbiddenTopic) as refused:
        sweeps.begin_sweep(community=community, title=title, codes=["wants_work"], until=TODAY, actor=head)
    assert "谁想找活干" in refused.value.in_full()


@pytest.mark.parametrize("codes", [[], ["receives_dibao"], ["no_such"], ["wants_work"] * 2 + ["age"]])
def test_a_sweep_asks_what_the_list_of_facts_allows(community: Organisation, head: Staff, codes: list[str]) -> None:
    with pytest.raises(problems.SweepUnclear):
        sweeps.begin_sweep(community=community, title="问一问", codes=codes, until=TODAY, actor=head)


def test_the_pages_answer_and_the_number_leaves_a_line(
    client: Client, community: Organisation, elder: Household, head: Staff
) -> None:
    client.force_login(head, backend=BACKEND)
    page = client.get(reverse("calls:list")).content.decode()
    assert elder.head_name in page and "13900000001" not in page
    shown = client.post(reverse("calls:number", args=[elder.pk]), {"from": "list"})
    assert "13900000001" in shown.content.decode() and shown["Cache-Control"] == "no-store"
    body = {"call_id": str(uuid.uuid4()), "way": "phone", "outcome": "well"}
    assert client.post(reverse("calls:record", args=[elder.pk]), body).status_code == 302
    assert "都好" in client.get(reverse("calls:list")).content.decode()
    alert = {"kind": "heat", "place": "", "until": (TODAY + timedelta(days=2)).isoformat()}
    assert client.post(reverse("calls:alert"), alert).status_code == 302
    assert "高温" in client.get(reverse("calls:list")).content.decode()
    named = {"kind": "relative", "name": "王小", "phone": ""}
    assert client.post(reverse("calls:go-between", args=[elder.pk]), named).status_code == 302
    assert "王小" in client.get(reverse("calls:household", args=[elder.pk])).content.decode()
    sweep = {"title": "谁想找活干", "codes": ["wants_work"], "until": TODAY.isoformat(), "from_age": 18, "to_age": 60}
    made = client.post(reverse("calls:sweeps"), {**sweep, "title": "谁家信教"})
    assert "不能摸排" in made.content.decode() or "信教" in made.content.decode()
    made = client.post(reverse("calls:sweeps"), sweep, follow=True)
    assert "还没问 18 户" in made.content.decode()
    home = Household.objects.get(head_name="王15")
    answer = {"household": str(home.pk), f"answer-{home.people.get().pk}:wants_work": "true", "way": "phone"}
    address = made.redirect_chain[-1][0]
    assert "答了 1 户" in client.post(address, answer, follow=True).content.decode()
    again = client.post(address, {"household": str(Household.objects.get(head_name="王16").pk)}, follow=True)
    assert "还没有选一个答复" in again.content.decode()


def test_a_spare_door_of_a_round_takes_nobody_who_has_to_be_called_on(
    community: Organisation, doors: list[Dwelling], team: Team, head: Staff, worker: Staff
) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker, iterations=FEW)
    row = made.doors.select_related("dwelling").order_by("position")[0]
    home = home_of(row.dwelling)
    due.request_visit(household=home, key=f"worry/{home.pk}", kind="worry", due_on=TODAY)
    sweep = sweeps.begin_sweep(community=community, title="谁想找活干", codes=["wants_work"], until=TODAY, actor=head)
    for minute, taken in ((10, True), (None, False)):
        made.doors.filter(pk=row.pk).update(arrive_minute=minute, by_hand=False)
        assert (home not in [one["household"] for one in going_alone(community, TODAY)]) is taken
        (left,) = [one for one in sweep_page(sweep, TODAY)["left_rows"] if one["household"] == home]
        assert (left["round_day"] == TODAY) is taken
