"""Hours agreed at the desk and on paper: kept by the plan, told on a slip, and when we break them, why."""

import uuid
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.kernel.lines import lines_held
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Dwelling, Household
from qiaomen.visits import problems
from qiaomen.visits.actions import due, rounds, visits, wishes
from qiaomen.visits.lines.at_doors import lines_of
from qiaomen.visits.models import DueVisit, Round, Team, Visit, VisitRequest
from qiaomen.visits.rules.brought.door_code import door_code
from qiaomen.visits.tests.street import FEW, NOON, TODAY, visit

BACKEND = "django.contrib.auth.backends.ModelBackend"
TOMORROW = TODAY + timedelta(days=1)
HOURS = (time(15), time(16))


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


def agree(home: Household, worker: Staff, day: date = TOMORROW, **more: Any) -> VisitRequest:
    return wishes.agree_hours(household=home, key=uuid.uuid4(), day=day, hours=HOURS, actor=worker, **more)


@pytest.fixture
def home(doors: list[Dwelling]) -> Household:
    return doors[9].households.get()


def plan(team: Team, day: date, worker: Staff) -> Round:
    return visits.plan_round(team=team, day=day, actor=worker, iterations=FEW)


def test_the_plan_keeps_what_was_agreed_as_a_must_and_may_keep_what_was_not(
    doors: list[Dwelling], home: Household, team: Team, worker: Staff
) -> None:
    team.starts_at = time(14, 30)
    team.save()
    agree(home, worker)
    agree(doors[10].households.get(), worker, must=False)
    made = plan(team, TOMORROW, worker)
    door = made.doors.get(dwelling=home.dwelling)
    assert door.must and 30 <= (door.arrive_minute or 0) <= 90
    assert not made.doors.filter(dwelling=doors[10], must=True).exists()


def test_a_past_day_and_an_end_before_the_beginning_are_refused(home: Household, worker: Staff) -> None:
    with pytest.raises(problems.AgreedUnclear):
        agree(home, worker, TODAY - timedelta(days=1))
    with pytest.raises(problems.AgreedUnclear):
        wishes.agree_hours(household=home, key=uuid.uuid4(), day=TOMORROW, hours=(time(16), time(15)), actor=worker)


def test_a_day_of_another_year_is_refused_with_words(home: Household, worker: Staff) -> None:
    agree(home, worker, TODAY + timedelta(days=60))
    with pytest.raises(problems.AgreedUnclear, match="六十天以内"):
        agree(home, worker, TODAY + timedelta(days=61))


def why_said(home: Household, viewer: Staff) -> str:
    (line,) = [line for line in lines_of([home], viewer, clock.today()) if line.code == "visits.agreed"]
    return str(line.text)


@pytest.mark.parametrize(
    ("story", "words"),
    [("none", "那天没有小组走"), ("snow", "那天的轮次因“下雪”没有走"), ("passed", "那天排了，没有走到")],
)
def test_what_we_broke_is_the_first_line_of_the_next_day_with_the_reason(
    community: Organisation, home: Household, team: Team, head: Staff, worker: Staff, story: str, words: str
) -> None:
    team.starts_at = time(14, 30)
    team.save()
    agree(home, worker)
    if story != "none":
        made = plan(team, TOMORROW, worker)
        if story == "snow":
            rounds.cancel_round(round=made, cause="下雪", actor=head)
    with clock.at(NOON + timedelta(days=2)):
        due.keep_current(community)
        assert words in why_said(home, worker)
        first = lines_held(community, head, clock.today())[0]
        assert first.code == "visits.agreed" and words in str(first.text) and "网格员" not in str(first.text)
        again = plan(team, clock.today(), worker)
        assert again.doors.get(dwelling=home.dwelling).must
        visit(home.dwelling, worker, "met")  # type: ignore[arg-type]
        due.refresh(community)
        assert [line for line in lines_held(community, head, clock.today()) if line.code == "visits.agreed"] == []


def test_hours_are_agreed_and_taken_back_at_the_desk_and_told_on_a_slip(
    client: Client, home: Household, worker: Staff
) -> None:
    client.force_login(worker, backend=BACKEND)
    sent = {"agree_key": str(uuid.uuid4()), "day": TOMORROW.isoformat(), "start": "15:00", "end": "16:30"}
    for _n in range(2):
        assert client.post(reverse("visits:agree", args=[home.pk]), sent).status_code == 302
    kept = VisitRequest.objects.get()
    assert (kept.kind, kept.starts_at, kept.ends_at) == ("agreed", time(15), time(16, 30))
    slip = client.get(reverse("visits:slip", args=[home.pk])).content.decode()
    assert "2026年11月25日" in slip and "15:00–16:30" in slip.replace("\n", "") and home.head_name not in slip
    bad = client.post(reverse("visits:agree", args=[home.pk]), {**sent, "day": "2026-11-01"})
    assert "约的日期要从今天起、在六十天以内" in bad.content.decode()
    client.post(reverse("visits:agree", args=[home.pk]), {"cancel": str(kept.pk)})
    assert not VisitRequest.objects.get().open


def test_paper_and_the_page_of_a_round_bring_agreed_hours(
    client: Client, doors: list[Dwelling], team: Team, worker: Staff
) -> None:
    made = plan(team, TODAY, worker)
    client.force_login(worker, backend=BACKEND)
    first, second = list(made.doors.order_by("position"))[:2]
    sheet = {"code": [door_code(first.dwelling_id)], "outcome": ["shortened"], "note": [""]}
    hours = {"day": [TOMORROW.isoformat()], "start": ["15:00"], "end": [""]}
    address = reverse("visits:paper", args=[made.pk])
    wrong = client.post(address, {**sheet, **hours, "start": ["25:00"]})
    assert "约的日期" in wrong.content.decode() and not Visit.objects.exists()
    assert client.post(address, {**sheet, **hours}).status_code == 302
    kept = VisitRequest.objects.get()
    assert kept.household == first.dwelling.households.get() and kept.ends_at is None
    sent = {"visit_id": str(uuid.uuid4()), "door": str(second.dwelling_id), "outcome": "shortened", "note": ""}
    record = reverse("visits:record", args=[made.pk])
    assert client.post(record, {**sent, "day": TOMORROW.isoformat()}).status_code == 200
    assert Visit.objects.count() == 1, "an hour without its beginning records nothing"
    assert client.post(record, {**sent, "day": TOMORROW.isoformat(), "start": "09:00"}).status_code == 302
    assert VisitRequest.objects.count() == 2
    due.keep_current(made.community)
    assert DueVisit.objects.filter(reason="agreed", state="open").count() == 2


def test_hours_for_when_we_pass_by_hide_no_day_that_has_to_be_kept(
    doors: list[Dwelling], home: Household, team: Team, worker: Staff
) -> None:
    with clock.at(NOON - timedelta(days=5)):
        agree(home, worker, TODAY - timedelta(days=3), must=False)
    due.request_visit(household=home, key="case/1", kind="case", due_on=TODAY)
    made = plan(team, TODAY, worker)
    assert made.doors.get(dwelling=home.dwelling).must


@pytest.mark.parametrize(
    ("outcome", "answers"), [("met", True), ("by_phone", True), ("refused", True), ("no_answer", False)]
)
def test_what_was_promised_is_owed_no_more_once_somebody_came_for_it_and_again_if_that_is_taken_back(
    community: Organisation, home: Household, worker: Staff, outcome: str, answers: bool
) -> None:
    def is_owed() -> bool:
        due.refresh(community)
        return DueVisit.objects.filter(dwelling=home.dwelling, reason="case", state="open").exists()

    assert home.dwelling is not None
    due.request_visit(household=home, key="case/1", kind="case", due_on=TODAY + timedelta(days=5))
    with clock.at(NOON + timedelta(days=1)):
        visit(home.dwelling, worker, "met")
        assert is_owed(), "it was about something else: nobody comes for it before its days begin"
    with clock.at(NOON + timedelta(days=4)):
        visit(home.dwelling, worker, outcome)
        assert is_owed() is not answers
    with clock.at(NOON + timedelta(days=9)):
        assert is_owed() is not answers, "and nobody is sent there every day until the case is closed"
        visits.take_back(visit=Visit.objects.latest("happened_at"), actor=worker)
        assert is_owed()
        visit(home.dwelling, worker, "met")
        assert not is_owed()
        due.request_visit(household=home, key="case/1", kind="case", due_on=TODAY + timedelta(days=9))
        assert is_owed(), "asked again after it"


def test_a_volunteer_writes_down_what_their_own_team_walked_and_agrees_no_hours(
    client: Client, doors: list[Dwelling], team: Team, worker: Staff, mate: Staff
) -> None:
    made = plan(team, TODAY, worker)
    first, second = list(made.doors.order_by("position"))[:2]
    client.force_login(mate, backend=BACKEND)
    paper, record = (reverse(f"visits:{name}", args=[made.pk]) for name in ("paper", "record"))
    sheet = {"code": [door_code(first.dwelling_id)], "outcome": ["met"], "note": ["约了周四下午"]}
    one = {"visit_id": str(uuid.uuid4()), "door": str(second.dwelling_id), "outcome": "met", "note": ""}
    for answer in (client.get(paper), client.post(paper, sheet), client.post(record, one)):
        assert answer.status_code == 403 and "不是您的小组走的" in answer.content.decode()
    page = client.get(reverse("visits:round", args=[made.pk])).content.decode()
    assert "补录纸单" not in page and record not in page and not Visit.objects.exists()
    team.members.add(mate)
    shown = client.get(paper).content.decode()
    assert "由网格员登记" in shown and 'name="day"' not in shown
    hours = {"day": [TOMORROW.isoformat()], "start": ["15:00"], "end": [""]}
    refused = client.post(paper, {**sheet, **hours}).content.decode()
    assert "由网格员或者社区主任登记" in refused and "约了周四下午" in refused and not Visit.objects.exists()
    assert client.post(paper, sheet).status_code == 302 and client.post(record, one).status_code == 302
    assert Visit.objects.count() == 2 and not VisitRequest.objects.exists()
