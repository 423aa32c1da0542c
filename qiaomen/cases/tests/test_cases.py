"""A case has an owner and a working-day clock; the resident has the last word; one rule says what is late."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiaomen.cases import actions, problems, selectors
from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.rules import timing
from qiaomen.kernel import clock, figures, lines
from qiaomen.kernel.lines import Outcome, outcomes
from qiaomen.needs.models import Need
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household
from qiaomen.visits.models import Round, Team, Visit

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=clock.SHANGHAI)


@pytest.fixture
def household(db: None) -> Household:
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="K1")
    for name, role in (("k-head", "head"), ("k-worker", "worker"), ("k-volunteer", "volunteer")):
        Staff.objects.create_user(name, None, name=name, role=role, organisation=community)
    return Household.objects.create(community=community, head_name="柳如烟")


def person(name: str) -> Staff:
    return Staff.objects.get(login_name=name)


def receive(household: Household, by: str = "k-worker", handling: str = "office", at: datetime = TUESDAY) -> Case:
    with clock.at(at):
        case = actions.receive_need(
            need_id=uuid.uuid4(),
            household=household,
            kind="repair",
            words="楼道灯不亮",
            handling=handling,
            origin="visit",
            heard_at=at,
            heard_by=person(by),
        )[1]
    assert case is not None
    return case


@pytest.mark.parametrize(
    ("opened", "handling", "due"),
    [
        (date(2026, 11, 24), "office", date(2026, 12, 1)),
        (date(2026, 11, 27), "urgent", date(2026, 11, 30)),
        (date(2026, 9, 30), "office", date(2026, 10, 13)),  # 国庆 1-7, 10 October is worked (调休)
        (date(2025, 1, 27), "urgent", date(2025, 2, 5)),  # 春节 28 January to 4 February
    ],
)
def test_the_clock_counts_working_days(opened: date, handling: str, due: date) -> None:
    assert timing.due_on(opened, handling) == due


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(days=st.integers(-12, 12), state=st.sampled_from(["open", "reopened", "closed", "confirmed"]))
def test_late_and_due_soon_mean_the_same_in_rule_and_database(household: Household, days: int, state: str) -> None:
    Case.objects.all().delete()
    Need.objects.all().delete()
    need = Need.objects.create(
        community=household.community,
        household=household,
        kind="repair",
        words="x",
        handling="office",
        origin="visit",
        heard_at=TUESDAY,
        heard_by=person("k-head"),
        received_at=TUESDAY,
    )
    today, due = TUESDAY.date(), TUESDAY.date() + timedelta(days=days)
    Case.objects.create(
        community=household.community, need=need, owner=person("k-head"), state=state, opened_at=TUESDAY, due_on=due
    )
    assert Case.objects.filter(selectors.late(today)).exists() == timing.is_overdue(state, due, today)
    assert Case.objects.filter(selectors.due_soon(today)).exists() == timing.is_due_soon(state, due, today)


def test_what_is_taken_on_stays_with_who_heard_it_and_the_rest_is_the_heads_to_give_out(household: Household) -> None:
    assert receive(household, "k-worker", "mine").owner == person("k-worker")
    assert receive(household, "k-volunteer", "mine").owner == person("k-head"), "a volunteer owns no case"
    assert receive(household, "k-worker").owner == person("k-head")
    assert receive(household, "k-worker", "urgent").owner == person("k-head")


def test_a_round_tells_what_it_heard_with_holder_and_day(household: Household) -> None:
    place = {"community": household.community}
    compound = Compound.objects.create(name="柳荫小区", **place)
    entrance = Entrance.objects.create(
        building=Building.objects.create(compound=compound, name="1号楼", **place), name="1", **place
    )
    household.dwelling = Dwelling.objects.create(entrance=entrance, floor=1, room="101", door_label="1-1-101", **place)
    household.save()
    team = Team.objects.create(community=household.community, name="敲门一组")
    walk = Round.objects.create(community=household.community, team=team, day=TUESDAY.date())
    visit = Visit.objects.create(
        id=uuid.uuid4(),
        community=household.community,
        dwelling=household.dwelling,
        household=household,
        round=walk,
        staff=person("k-worker"),
        outcome="met",
        happened_at=TUESDAY,
        received_at=TUESDAY,
        origin="phone",
    )
    with clock.at(TUESDAY):
        for handling in ("on_the_spot", "mine", "office"):
            actions.receive_need(
                need_id=uuid.uuid4(),
                household=household,
                kind="repair",
                words="楼道灯不亮",
                handling=handling,
                origin="visit",
                heard_at=TUESDAY,
                heard_by=person("k-worker"),
                visit=visit,
            )
        receive(household)  # at the same door, of no round
        page = signed_in("k-head").get(reverse("cases:heard-on", args=[walk.pk]))
    context = page.context
    assert (context["heard"], context["on_the_spot"], context["under_way"], context["closed"]) == (3, 1, 2, 0)
    holders = {row["handling"]: row["case"].owner.login_name for row in context["rows"] if "case" in row}
    assert holders == {"我来办": "k-worker", "社区来办": "k-head"}
    assert "楼道灯不亮" not in page.content.decode()


def test_an_answer_on_the_spot_opens_no_case(household: Household) -> None:
    need, case = actions.receive_need(
        need_id=uuid.uuid4(),
        household=household,
        kind="other",
        words="问路",
        handling="on_the_spot",
        origin="visit",
        heard_at=TUESDAY,
        heard_by=person("k-head"),
    )
    assert need.pk and case is None and not Case.objects.exists()


def test_not_solved_reopens_with_history_and_a_new_clock(household: Household) -> None:
    case = receive(household)
    with clock.at(TUESDAY + timedelta(days=1)):
        actions.take_step(case=case, actor=person("k-worker"), sentence="找了电工")
        actions.close_case(case=case, actor=person("k-worker"), sentence="灯换好了")
    with clock.at(TUESDAY + timedelta(days=3)):
        actions.record_answer(case=case, actor=person("k-worker"), solved=False, words="还是不亮")
    case.refresh_from_db()
    assert (case.state, case.due_on, case.closed_at) == ("reopened", date(2026, 12, 4), None)
    assert [s.kind for s in case.steps.order_by("pk")] == ["opened", "step", "closed", "not_solved"]
    with clock.at(TUESDAY + timedelta(days=4)):
        actions.close_case(case=case, actor=person("k-head"), sentence="换了线路")
        actions.record_answer(case=case, actor=person("k-head"), solved=True)
    case.refresh_from_db()
    assert (case.state, case.answer) == ("confirmed", "solved")
    codes = list(LedgerEntry.objects.filter(subject_id=str(case.pk)).order_by("seq").values_list("code", flat=True))
    assert codes == [
        "cases.opened",
        "cases.step-taken",
        "cases.closed",
        "cases.answered",
        "cases.closed",
        "cases.answered",
    ]


def test_closing_takes_a_sentence_and_happens_once(household: Household) -> None:
    case, head = receive(household), person("k-head")
    with pytest.raises(problems.SentenceNeeded):
        actions.close_case(case=case, actor=head, sentence="  ")
    with pytest.raises(problems.NotClosed):
        actions.record_answer(case=case, actor=head, solved=True)
    actions.close_case(case=case, actor=head, sentence="好了")
    for again in (actions.close_case, actions.take_step):
        with pytest.raises(problems.NotUnderWay):
            again(case=case, actor=head, sentence="再来一次")
    with pytest.raises(problems.NotUnderWay):
        actions.hand_over(case=case, actor=head, owner=person("k-worker"))


def test_a_case_ends_in_a_way_some_house_knows_and_makes_what_follows_or_nothing(
    household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, head = receive(household), person("k-head")
    with pytest.raises(problems.OutcomeUnknown):
        actions.close_case(case=case, actor=head, sentence="批准了", outcome="granted")
    made: list[Any] = []

    def award(closed: Case, actor: Staff) -> None:
        made.append((closed.pk, actor))
        raise RuntimeError

    monkeypatch.setitem(outcomes.OUTCOMES, "granted", Outcome("granted", "批准了", award))
    with pytest.raises(RuntimeError):
        actions.close_case(case=case, actor=head, sentence="批准了", outcome="granted")
    assert made == [(case.pk, head)] and Case.objects.get(pk=case.pk).state == "open"
    monkeypatch.setitem(outcomes.OUTCOMES, "granted", Outcome("granted", "批准了", lambda case, actor: None))
    actions.close_case(case=case, actor=head, sentence="批准了", outcome="granted")
    assert Case.objects.get(pk=case.pk).outcome == "granted"
    actions.record_answer(case=case, actor=head, solved=False)
    assert Case.objects.get(pk=case.pk).outcome == ""


@pytest.mark.parametrize(("outcome", "is_told_as_done"), [("done", True), ("explained", False)])
def test_only_what_was_done_is_told_as_done(household: Household, outcome: str, is_told_as_done: bool) -> None:
    case, head = receive(household), person("k-head")
    with clock.at(TUESDAY + timedelta(days=1)):
        actions.close_case(case=case, actor=head, sentence="讲给居民了", outcome=outcome)
        found = [
            *lines.lines_of([household], head, clock.today()),
            *lines.lines_held(household.community, head, clock.today(), None),
        ]
        said = [f"{line.text}{line.spoken}" for line in found if line.code in ("cases.answer-owed", "needs.owed")]
        actions.record_answer(case=case, actor=head, solved=True)
        found = lines.lines_of([household], head, clock.today())
        said += [str(line.text) for line in found if line.code == "cases.kept"]
    assert len(said) == 4 and any("办好" in text for text in said) == is_told_as_done


def test_figures_stay_as_they_were_at_their_moment(household: Household) -> None:
    case, head = receive(household), person("k-head")
    later = TUESDAY + timedelta(days=10)
    with clock.at(later + timedelta(days=1)):
        actions.close_case(case=case, actor=head, sentence="好了")
    with clock.at(later + timedelta(days=2)):
        actions.record_answer(case=case, actor=head, solved=False)

    def count(code: str, as_at: datetime) -> int:
        period: dict[str, Any] = {"community": household.community, "start": TUESDAY.date(), "end": TUESDAY.date()}
        return figures.get(code).count(**period, as_at=as_at)

    assert [count("cases.under_way", at) for at in (TUESDAY - timedelta(1), TUESDAY, later)] == [0, 1, 1]
    assert (count("cases.late", TUESDAY), count("cases.late", later)) == (0, 1)
    assert count("cases.under_way", later + timedelta(days=1, hours=1)) == 0
    assert (count("cases.under_way", later + timedelta(days=3)), count("cases.late", later + timedelta(days=3))) == (
        1,
        0,
    )


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_from_the_window_to_the_residents_word_through_the_pages(household: Household) -> None:
    desk = signed_in("k-worker")
    form = {
        "need_id": str(uuid.uuid4()),
        "origin": "window",
        "kind": "benefit",
        "words": "问高龄补贴",
        "handling": "urgent",
    }
    for _ in range(2):  # a double press stays one case
        answer = desk.post(reverse("cases:hear", args=[household.pk]), form)
    case = Case.objects.get()
    assert answer["Location"] == reverse("cases:detail", args=[case.pk])
    page = desk.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert (
        "问高龄补贴" in page and LedgerEntry.objects.filter(code="cases.looked", actor=person("k-worker")).count() == 1
    )
    assert "柳如烟" in desk.get(reverse("cases:list") + "?tab=due_soon").content.decode()
    desk.post(reverse("cases:step", args=[case.pk]), {"sentence": "核对了年龄"})
    desk.post(reverse("cases:owner", args=[case.pk]), {"owner": str(person("k-head").pk)})
    desk.post(reverse("cases:close", args=[case.pk]), {"outcome": "done", "sentence": "本月起发放"})
    refused = desk.post(reverse("cases:close", args=[case.pk]), {"outcome": "done", "sentence": "又一次"})
    assert refused.status_code == 409 and "同事写的结果都在" in refused.content.decode()
    desk.post(reverse("cases:answer", args=[case.pk]), {"answer": "solved", "words": ""})
    case.refresh_from_db()
    assert (case.state, case.owner) == ("confirmed", person("k-head"))
    assert "居民说解决了" in desk.get(reverse("cases:detail", args=[case.pk])).content.decode()


def test_a_case_of_another_community_is_not_there(household: Household) -> None:
    case = receive(household)
    other = Organisation.objects.create(kind="community", name="别处", code="K2")
    Staff.objects.create_user("k2-head", None, name="贺主任", role="head", organisation=other)
    stranger = signed_in("k2-head")
    assert stranger.get(reverse("cases:detail", args=[case.pk])).status_code == 404
    closing = {"outcome": "done", "sentence": "越权"}
    assert stranger.post(reverse("cases:close", args=[case.pk]), closing).status_code == 404
    assert stranger.post(reverse("cases:owner", args=[case.pk]), {"owner": str(case.owner_id)}).status_code == 404
    assert stranger.get(reverse("cases:hear", args=[household.pk])).status_code == 404
    stepped = CaseStep.objects.filter(case=case).count()
    signed_in("k-worker").post(reverse("cases:owner", args=[case.pk]), {"owner": str(person("k2-head").pk)})
    case.refresh_from_db()
    assert case.owner == person("k-head") and CaseStep.objects.filter(case=case).count() == stepped
