"""What was written of a need or a case is put right or taken back, with a reason; what a resident was told stays."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.cases import actions, problems, selectors
from qiaomen.cases.models import Case, CaseStep
from qiaomen.cases.tests.test_cases import TUESDAY, household, person, receive  # noqa: F401  a fixture
from qiaomen.kernel import clock, figures, lines
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Need, NeedCorrection, Owed
from qiaomen.register.models import Household
from qiaomen.visits.models import VisitRequest


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(TUESDAY):
        yield


def facts(case: Case) -> tuple[object, ...]:
    """All that a step may change of a case: its row, what it asks of the plan, and what the resident is owed."""
    case.refresh_from_db()
    owed = Owed.objects.filter(told_at=None).count()
    asked = VisitRequest.objects.filter(open=True).order_by("key").values_list("key", "due_on")
    return case.state, case.answer, case.due_on, case.closed_at, case.outcome, owed, *asked


def last(case: Case) -> CaseStep:
    return case.steps.order_by("-at", "-pk")[0]


def late_at(case: Case, days: int) -> int:
    moment = TUESDAY + timedelta(days=days)
    period = {"start": TUESDAY.date(), "end": moment.date()}
    return figures.get("cases.under_way").count(community=case.community, as_at=moment, **period)


def test_every_change_of_state_is_taken_back_to_what_stood_before(household: Household) -> None:  # noqa: F811
    case, head = receive(household), person("k-head")
    acts = [
        lambda: actions.close_case(case=case, actor=head, sentence="修好了"),
        lambda: actions.record_answer(case=case, actor=head, solved=False),
        lambda: actions.close_case(case=case, actor=head, sentence="又修了", outcome="explained"),
        lambda: actions.record_answer(case=case, actor=head, solved=True),
    ]
    for days, act in enumerate(acts, 1):
        with clock.at(TUESDAY + timedelta(days=days)):
            before = facts(case)
            act()
            done = last(case)
            assert facts(case) != before
            actions.take_back_step(step=done, reason="按错了", actor=head)
            assert facts(case) == before
            with pytest.raises(problems.StepPast):
                actions.take_back_step(step=done, reason="再来", actor=head)
            act()
    assert [late_at(case, days) for days in (0, 1, 2, 3, 4)] == [1, 0, 1, 0, 0]


def test_a_closing_the_resident_knows_of_stands(household: Household) -> None:  # noqa: F811
    case, head = receive(household), person("k-head")
    actions.close_case(case=case, actor=head, sentence="修好了")
    needs.tell(owed=Owed.objects.get(), actor=head)
    with pytest.raises(problems.ToldAlready):
        actions.take_back_step(step=last(case), reason="按错了", actor=head)
    with pytest.raises(problems.ToldAlready):
        needs.take_back_need(need=case.need, reason="没有这件事", actor=head)
    assert Need.objects.count() == 1


def test_an_earlier_change_and_a_colleagues_step_stay(household: Household) -> None:  # noqa: F811
    case, head = receive(household), person("k-head")
    actions.close_case(case=case, actor=head, sentence="修好了")
    closing = last(case)
    actions.record_answer(case=case, actor=head, solved=False)
    with pytest.raises(problems.StepPast):
        actions.take_back_step(step=closing, reason="按错了", actor=head)
    step = actions.take_step(case=case, actor=head, sentence="约了师傅")
    with pytest.raises(problems.NotYourStep):
        actions.take_back_step(step=step, reason="按错了", actor=person("k-worker"))
    with pytest.raises(problems.ReasonMissing):
        actions.correct_step(step=step, sentence="约了电工", reason=" ", actor=head)


def test_a_step_is_put_right_and_both_stand_on_the_page(household: Household, client: Client) -> None:  # noqa: F811
    case, worker = receive(household), person("k-worker")
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    where = client.post(reverse("cases:step", args=[case.pk]), {"sentence": "约了木工"}).headers["Location"]
    step = last(case)
    assert where.endswith(f"#step-{step.pk}")
    page = client.get(where).content.decode()
    assert page.count("记下了。") == 1 and "更正：办理" in page
    url = reverse("cases:correct-step", args=[case.pk, 2])
    assert "请写一句为什么更正" in client.post(url, {"sentence": "约了电工"}).content.decode()
    where = client.post(url, {"sentence": "约了电工", "reason": "写错了"}).headers["Location"]
    page = client.get(where).content.decode()
    assert "约了木工" in page and "约了电工" in page and page.count("qm-undone") == 1
    back = reverse("cases:take-back-step", args=[case.pk, 3])
    assert client.post(back, {"reason": "记错了"}).status_code == 302
    assert selectors.case_page(case, clock.today(), worker)["steps"][-1]["title"] == "撤销"


def test_a_need_is_put_right_with_a_reason(household: Household, client: Client) -> None:  # noqa: F811
    need, worker = receive(household).need, person("k-worker")
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("needs:correct", args=[need.pk])
    assert "楼道灯不亮" in client.get(url).content.decode()
    sent = {"kind": "safety", "words": "楼道灯漏电", "reason": "听错了"}
    assert client.post(url, {**sent, "reason": ""}).status_code == 200 and not NeedCorrection.objects.exists()
    assert client.post(url, sent).status_code == 302
    kept = NeedCorrection.objects.get()
    assert json.loads(kept.before) == {"kind": "repair", "words": "楼道灯不亮"}
    need.refresh_from_db()
    assert (need.kind, need.words) == ("safety", "楼道灯漏电")


def test_a_need_nobody_asked_for_is_gone_with_its_case(household: Household, client: Client) -> None:  # noqa: F811
    case, worker = receive(household), person("k-worker")
    needs.owe(household=household, need=case.need, sentence="明天去看", owner=worker, actor=worker)
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("needs:take-back", args=[case.need_id])
    assert "请写一句为什么撤销" in client.post(url, {}).content.decode() and Need.objects.exists()
    for _twice in range(2):
        assert client.post(url, {"reason": "记到别的户了"}).status_code == 302
    assert not Need.objects.exists() and not Owed.objects.exists() and not VisitRequest.objects.filter(open=True)
    assert facts(case)[0] == "taken_back" and late_at(case, 0) == 0
    today = clock.today()
    assert not lines.lines_of([household], worker, today), "at the door nobody says that it was done"
    assert not lines.lines_held(household.community, worker, today, owner=None)
    assert selectors.counts_in(household.community, ["under_way"], clock.today()) == {"under_way": 0}
    assert "已撤销" in client.get(reverse("register:household", args=[household.pk])).content.decode()


def test_only_who_heard_a_need_and_the_head_put_it_right(household: Household) -> None:  # noqa: F811
    need = receive(household, by="k-head").need
    with pytest.raises(needs.problems.NotHeardByYou):
        needs.correct_need(need=need, kind="care", words="x", reason="y", actor=person("k-worker"))
    needs.take_back_need(need=need, reason="没有这件事", actor=person("k-head"))


def test_a_sentence_noted_by_mistake_is_not_owed(household: Household, client: Client) -> None:  # noqa: F811
    worker = person("k-worker")
    owed = needs.owe(household=household, sentence="证办好了", owner=worker, actor=worker)
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("needs:drop-owed", args=[owed.pk])
    assert "请写一句为什么撤销" in client.post(url, {}).content.decode()
    for _twice in range(2):
        assert client.post(url, {"reason": "记错户了"}).status_code == 302
    assert not Owed.objects.exists() and Owed.everything.get().taken_back_at == TUESDAY


def test_a_case_taken_back_with_its_need_comes_back_by_no_step(household: Household) -> None:  # noqa: F811
    case, head = receive(household), person("k-head")
    actions.close_case(case=case, actor=head, sentence="修好了")
    actions.record_answer(case=case, actor=head, solved=False)
    answer, step = last(case), actions.take_step(case=case, actor=head, sentence="约了师傅")
    needs.take_back_need(need=case.need, reason="没有这件事", actor=head)
    for taken in (answer, step):
        with pytest.raises(problems.StepPast):
            actions.take_back_step(step=taken, reason="按错了", actor=head)
    with pytest.raises(problems.StepPast):
        actions.correct_step(step=step, sentence="约了电工", reason="写错了", actor=head)
    assert facts(case)[0] == "taken_back" and not VisitRequest.objects.filter(open=True).exists()
    rows = selectors.case_page(case, clock.today(), head)["steps"]
    assert not any(row["may_correct"] or row["may_take_back"] for row in rows)


def test_a_correction_that_is_taken_back_strikes_nothing(household: Household) -> None:  # noqa: F811
    case, head = receive(household), person("k-head")
    step = actions.take_step(case=case, actor=head, sentence="约了木工")
    wrong = actions.correct_step(step=step, sentence="约了电工", reason="写错了", actor=head)
    actions.take_back_step(step=wrong, reason="原来的对", actor=head)
    rows = {row["step"].pk: row for row in selectors.case_page(case, clock.today(), head)["steps"]}
    assert not rows[step.pk]["righted"] and rows[step.pk]["may_correct"] and rows[wrong.pk]["righted"]
    again = actions.correct_step(step=step, sentence="约了瓦工", reason="又写错了", actor=head)
    assert again.of == step
    with pytest.raises(problems.StepPast):
        actions.correct_step(step=step, sentence="约了漆工", reason="再来", actor=head)


def test_a_colleague_s_promise_and_one_of_a_need_stay(household: Household, client: Client) -> None:  # noqa: F811
    worker, head = person("k-worker"), person("k-head")
    own = needs.owe(household=household, sentence="证办好了", owner=head, actor=head)
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("needs:drop-owed", args=[own.pk]), {"reason": "不想回"}).status_code == 403
    assert "撤销这句话" not in client.get(reverse("needs:owed", args=[own.pk])).content.decode()
    case = receive(household)
    actions.close_case(case=case, actor=worker, sentence="修好了")
    answer = Owed.objects.get(need=case.need)
    assert client.post(reverse("needs:drop-owed", args=[answer.pk]), {"reason": "不想回"}).status_code == 409
    assert "撤销这句话" not in client.get(reverse("needs:owed", args=[answer.pk])).content.decode()
    with pytest.raises(needs.problems.OwedForNeed):
        needs.drop_owed(owed=answer, actor=head, reason="记错了")
    assert Owed.objects.count() == 2
    needs.give_owed(owed=own, to=worker, actor=head)
    own.refresh_from_db()
    needs.drop_owed(owed=own, actor=worker, reason="记错户了")


def test_each_closing_goes_with_its_own_sentence(household: Household) -> None:  # noqa: F811
    case, head = receive(household), person("k-head")
    acts = [
        lambda: actions.close_case(case=case, actor=head, sentence="修好了"),
        lambda: actions.record_answer(case=case, actor=head, solved=False),
        lambda: actions.close_case(case=case, actor=head, sentence="又修了"),
    ]
    done = []
    for hours, act in enumerate(acts, 1):
        with clock.at(TUESDAY + timedelta(hours=hours)):
            act()
            done.append(last(case))
    with clock.at(TUESDAY + timedelta(hours=9)):
        Owed.objects.filter(told_at=None).update(taken_back_at=clock.now())  # as one could before it was refused
        for step in reversed(done[1:]):
            actions.take_back_step(step=step, reason="按错了", actor=head)
        first = Owed.objects.get()
        assert first.sentence == "修好了" and first.told_at is None, "nobody answered, so nobody was told"
        needs.tell(owed=first, actor=head)
        with pytest.raises(problems.ToldAlready):
            actions.take_back_step(step=done[0], reason="按错了", actor=head)
    assert facts(case)[0] == "closed"


def test_what_was_told_before_the_answer_stays_told_when_the_answer_is_taken_back(
    household: Household,  # noqa: F811
) -> None:
    case, head = receive(household), person("k-head")
    actions.close_case(case=case, actor=head, sentence="修好了")
    with clock.at(TUESDAY + timedelta(hours=1)):
        needs.tell(owed=Owed.objects.get(), actor=head)
    with clock.at(TUESDAY + timedelta(hours=2)):
        actions.record_answer(case=case, actor=head, solved=True)
        actions.take_back_step(step=last(case), reason="按错了", actor=head)
    assert Owed.objects.get().told_at == TUESDAY + timedelta(hours=1)


def test_what_was_taken_back_meanwhile_is_refused_with_words(household: Household) -> None:  # noqa: F811
    need, head = receive(household).need, person("k-head")
    owed = needs.owe(household=household, sentence="证办好了", owner=head, actor=head)
    needs.drop_owed(owed=owed, actor=head, reason="记错户了")
    needs.take_back_need(need=need, actor=head, reason="没有这件事")
    with pytest.raises(needs.problems.OwedTakenBack):
        needs.tell(owed=owed, actor=head)
    with pytest.raises(needs.problems.NeedTakenBack):
        needs.correct_need(need=need, kind="care", words="x", reason="y", actor=head)
    with pytest.raises(needs.problems.NeedTakenBack):
        needs.correct_origin(need=need, origin="window", reason="y", actor=head)
