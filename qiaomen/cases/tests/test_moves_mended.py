"""What reviewers found of moves, mended: a decided matter is not late, offers and letters go once, figures agree."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from qiaomen.cases import actions, problems, selectors
from qiaomen.cases.tests.test_cases import TUESDAY, household, person, receive, signed_in  # noqa: F401  a fixture
from qiaomen.cases.tests.test_moves import TODAY, body, deduced, last, noon  # noqa: F401  a fixture
from qiaomen.kernel import clock, figures
from qiaomen.needs.models import Owed
from qiaomen.register.models import Household


def test_a_referral_in_time_is_late_in_no_figure(household: Household) -> None:  # noqa: F811
    """The letter starts the clock of the answer: list, line and figure mean the same day."""
    case, head = receive(household), person("k-head")
    actions.choose_procedure(case=case, actor=head, code="referral")
    letter = {"body": body(case), "sentence": "转给民政局", "agreed": True, "number": "函3"}
    actions.refer_case(case=case, actor=head, **letter)
    case.refresh_from_db()
    moment = TUESDAY + timedelta(days=6)
    late = figures.get("cases.late")
    assert case.due_on == date(2026, 12, 8) and last(case).due_on == case.due_on
    assert late.count(community=case.community, start=TODAY, end=moment.date(), as_at=moment) == 0
    over = TUESDAY + timedelta(days=15)
    assert late.count(community=case.community, start=TODAY, end=over.date(), as_at=over) == 1


def test_a_matter_that_was_decided_is_not_late_at_once_and_is_decided_anew(household: Household) -> None:  # noqa: F811
    """Mediated on the twentieth day, not kept, mediated again: the first record stays in the history."""
    case, head = receive(household), person("k-head")
    actions.choose_procedure(case=case, actor=head, code="mediation")
    actions.record_part(case=case, actor=head, part="accept", result="agreed")
    actions.record_part(case=case, actor=head, part="hear")
    with clock.at(TUESDAY + timedelta(days=20)):
        actions.record_part(case=case, actor=head, part="agreement", result="none")
        case.refresh_from_db()
        assert case.due_on == date(2026, 12, 24), "thirty days, as before it was decided"
        with pytest.raises(problems.PartNotOpen):
            actions.record_part(case=case, actor=head, part="agreement", result="written")
        actions.close_case(case=case, actor=head, sentence="没有调成", outcome="none")
        actions.record_answer(case=case, actor=head, solved=False)
        page = signed_in("k-head").get(reverse("cases:detail", args=[case.pk])).content.decode()
        assert "以前记过的步骤" in page and "调解的结果" in page
        actions.record_part(case=case, actor=head, part="agreement", result="written")
        actions.record_part(case=case, actor=head, part="kept")
        actions.close_case(case=case, actor=head, sentence="调成了", outcome="settled")
    results = case.steps.filter(part="agreement").order_by("at", "pk").values_list("result", flat=True)
    assert list(results) == ["none", "written"]


def test_an_offer_is_withdrawn_while_it_waits_and_holds_no_other_move(household: Household) -> None:  # noqa: F811
    case, worker, head = receive(household, handling="mine"), person("k-worker"), person("k-head")
    asked = actions.offer_case(case=case, actor=worker, to=head)
    extended = actions.extend_case(case=case, actor=worker, reason="配件要从外地来")
    case.refresh_from_db()
    rows = {row["step"].pk: row["may_take_back"] for row in selectors.case_page(case, TODAY, worker)["steps"]}
    assert rows[asked.pk] and rows[extended.pk]
    actions.take_back_step(step=asked, reason="自己办", actor=worker)
    case.refresh_from_db()
    assert case.offered_to is None
    second = actions.offer_case(case=case, actor=worker, to=head)
    actions.decline_case(case=case, actor=head, reason="忙")
    with pytest.raises(problems.StepPast):
        actions.take_back_step(step=second, reason="太迟", actor=worker)
    actions.take_back_step(step=extended, reason="不用延", actor=worker)
    case.refresh_from_db()
    assert case.extensions == 0


def test_the_letter_goes_with_the_body_and_the_residents_word_and_once(household: Household) -> None:  # noqa: F811
    case, head, desk = receive(household), person("k-head"), signed_in("k-head")
    outside = body(case)
    actions.choose_procedure(case=case, actor=head, code="referral")
    with pytest.raises(problems.LetterByReferral):
        actions.record_part(case=case, actor=head, part="letter", number="函3")
    page = desk.get(reverse("cases:detail", args=[case.pk])).content.decode()
    refer = reverse("cases:refer", args=[case.pk])
    assert page.count(refer) == 1 and 'value="letter"' not in page
    sent = {"body": str(outside.pk), "sentence": "转给民政局了", "agreed": "on"}
    assert "请写文号" in desk.post(refer, sent).content.decode()
    with pytest.raises(problems.RecordLacks):
        actions.refer_case(case=case, actor=head, body=outside, sentence="转了", agreed=True)
    assert [desk.post(refer, {**sent, "number": "函3"}).status_code for _press in range(2)] == [302, 409]
    assert case.steps.filter(kind="referred", part="letter").count() == 1 == Owed.objects.count()


def test_a_step_that_is_sent_twice_from_one_page_is_written_once(household: Household) -> None:  # noqa: F811
    case, desk = receive(household), signed_in("k-worker")
    seen = desk.get(reverse("cases:detail", args=[case.pk])).context["seen"]
    where = [
        desk.post(reverse("cases:step", args=[case.pk]), {"sentence": "灯泡买了", "seen": seen})["Location"]
        for _press in range(2)
    ]
    assert where[0] == where[1] and case.steps.filter(kind="step").count() == 1
    seen = desk.get(reverse("cases:detail", args=[case.pk])).context["seen"]
    desk.post(reverse("cases:step", args=[case.pk]), {"sentence": "灯泡买了", "seen": seen})
    assert case.steps.filter(kind="step").count() == 2, "said again later it is another step"
