"""Nobody chooses whom to ask; who had a hand in it neither asks nor sees; what is not solved opens again."""

import json
import re
import runpy
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from qiaomen.callbacks import problems
from qiaomen.callbacks.actions import calls, rounds
from qiaomen.callbacks.lines import lines_held
from qiaomen.callbacks.models import Call, Sample
from qiaomen.callbacks.selectors import results
from qiaomen.callbacks.tests.conftest import CLOSED, Office
from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case, CaseStep
from qiaomen.kernel import clock
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Need
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.office.tests.cast import client_of
from qiaomen.register.models import Household

SCRIPT = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "verify_draw.py"


def framed(office: Office, **more: Any) -> Sample:
    today = clock.today()
    told: dict[str, Any] = {"figure": CLOSED, "start": today - timedelta(days=90), "end": today, "width_share": 30}
    return rounds.frame_round(community=office.community, actor=office.head, **(told | more))


def drawn(office: Office, **more: Any) -> Sample:
    return rounds.draw_round(sample=framed(office, **more), actor=office.head, public="4 2 6")


def agrees(sample: Sample) -> bool:
    """Have the stand-alone script check a draw against what its page prints."""
    faults = runpy.run_path(str(SCRIPT))["faults_of"](results.proof_of(sample), sample.commitment, sample.end_hash)
    return not faults


def say(call: Call, solved: str = "solved", level: str = "satisfied", **more: Any) -> None:
    calls.answer(call=call, actor=call.caller, solved=solved, level=level, **more)


def told_all(sample: Sample, yes: int) -> None:
    for number, call in enumerate(Call.objects.filter(sample=sample, state="waiting").order_by("place")):
        say(call, "solved" if number < yes else "not_mine", "satisfied" if number < yes else "unsatisfied")


def test_a_round_is_committed_to_before_and_a_stranger_s_script_agrees(office: Office, tmp_path: Path) -> None:
    office.make("worker", "k-other")
    office.close(30)
    sample = framed(office)
    before = (sample.commitment, sample.frame_hash)
    assert LedgerEntry.objects.get(code="callbacks.framed").detail["commitment"] == sample.commitment
    with pytest.raises(problems.PublicValueNeeded):
        rounds.draw_round(sample=sample, actor=office.head, public=" ")
    sample = rounds.draw_round(sample=sample, actor=office.head, public="4 2 6")
    assert (sample.commitment, sample.frame_hash) == before
    with pytest.raises(problems.NotFramed):
        rounds.draw_round(sample=sample, actor=office.head, public="1 1 1")
    page = client_of(office.head).get(reverse("callbacks:proof", args=[sample.pk]))
    file = tmp_path / "draw.json"
    file.write_bytes(page.content)
    assert subprocess.run([sys.executable, "-I", str(SCRIPT), str(file)], capture_output=True).returncode == 0
    told = json.loads(page.content)
    told["public"] = "6 6 6"
    file.write_text(json.dumps(told), "utf-8")
    assert subprocess.run([sys.executable, "-I", str(SCRIPT), str(file)], capture_output=True).returncode == 1
    assert not any(str(key) in page.content.decode() for key in Case.objects.values_list("pk", flat=True))


def test_neither_a_handler_nor_the_head_nor_somebody_named_only_in_a_step_asks(office: Office) -> None:
    other, stepped = office.make("worker", "k-other"), office.make("worker", "k-stepped")
    for case in office.close(20):
        cases.record_answer(case=case, actor=office.handler, solved=False)
        cases.take_step(case=case, actor=stepped, sentence="去看过一次")
        cases.close_case(case=case, actor=office.handler, sentence="修好了")
    sample = drawn(office)
    assert set(sample.calls.values_list("caller", flat=True)) == {other.pk}
    call = sample.calls.filter(state="waiting")[0]
    for person in (office.handler, office.head, stepped):
        with pytest.raises(problems.NotYourCall):
            calls.answer(call=call, actor=person, solved="solved", level="satisfied")
        with pytest.raises(problems.NotYourCall):
            calls.pass_on(call=call, to=person, actor=office.head)


def test_two_questions_with_few_answers_each_say_which_they_are(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(6)
    sample = drawn(office)
    told_all(sample, 6)
    page = client_of(office.head).get(reverse("callbacks:round", args=[sample.pk])).content.decode()
    result = page.split('data-testid="result"')[1].split("</section>")[0]
    assert re.findall(r"<h3>(.+?)</h3>\s*<p[^>]*>(.+?)</p>", result) == [
        ("解决了没有", "只有 6 个答复，太少，不算百分比"),
        ("满意不满意", "只有 6 个答复，太少，不算百分比"),
    ]


def test_whoever_takes_a_hand_after_the_draw_asks_no_more(office: Office) -> None:
    other = office.make("worker", "k-other")
    office.close(12)
    call = drawn(office).calls.filter(state="waiting")[0]
    case = Case.objects.get(pk=call.row)
    cases.inherit(case=case, actor=office.head, owner=other)
    with pytest.raises(problems.NotYourCall):
        say(call)


def test_the_handler_and_the_head_see_no_page_and_no_line_of_whom(office: Office) -> None:
    other = office.make("worker", "k-other")
    office.close(12)
    sample = drawn(office)
    call = sample.calls.filter(state="waiting")[0]
    homes = [f"户{number}" for number in range(12)]
    for person in (office.handler, office.head):
        client = client_of(person)
        for route, key in (("round", sample.pk), ("proof", sample.pk)):
            page = client.get(reverse(f"callbacks:{route}", args=[key])).content.decode()
            assert not any(home in page for home in homes) and call.code not in page
        assert client.get(reverse("callbacks:call", args=[call.pk])).status_code in (403, 404)
        assert not [line for line in lines_of(office, person) if line.code == "callbacks.call"]
    assert client_of(other).get(reverse("callbacks:call", args=[call.pk])).status_code == 200
    assert [line.code for line in lines_of(office, other)].count("callbacks.call") == sample.calls.count()


def lines_of(office: Office, person: Staff) -> list[Any]:
    return [line for owner in (None, person.pk) for line in lines_held(office.community, person, clock.today(), owner)]


def test_in_a_small_office_the_county_asks_then_a_neighbour_else_nobody(office: Office) -> None:
    office.close(12)
    with pytest.raises(problems.NobodyToAsk):
        framed(office)
    assert not Sample.objects.exists()
    town = office.community.parent
    beside = Organisation.objects.create(kind="community", name="邻社区", code="K3", parent=town)
    neighbour = office.make("worker", "k-neighbour", beside)
    sample = framed(office)
    county = office.make("supervisor", "k-county", Organisation.objects.get(code="K0"))
    sample = rounds.draw_round(sample=sample, actor=office.head, public="1 2 3")
    assert set(sample.calls.values_list("caller", flat=True)) == {county.pk} != {neighbour.pk}
    call = sample.calls.filter(state="waiting")[0]
    assert client_of(county).get(reverse("callbacks:call", args=[call.pk])).status_code == 200
    assert client_of(neighbour).get(reverse("callbacks:call", args=[call.pk])).status_code == 404


@pytest.mark.parametrize("solved, words", [("half", "只解决了一半"), ("not", "没有解决")])
@pytest.mark.parametrize("confirmed", [False, True])
def test_half_and_not_open_the_case_again_with_a_line_that_says_by_whom_and_why(
    office: Office, solved: str, words: str, confirmed: bool
) -> None:
    other = office.make("worker", "k-other")
    for case in office.close(12):
        if confirmed:
            cases.record_answer(case=case, actor=office.handler, solved=True)
    call = drawn(office).calls.filter(state="waiting")[0]
    say(call, solved, words="三楼还是黑")
    case = Case.objects.get(pk=call.row)
    step = CaseStep.objects.filter(case=case).latest("at", "pk")
    assert case.state == "reopened" and step.staff == other
    assert words in step.sentence and "三楼还是黑" in step.sentence


def test_what_was_answered_on_the_spot_and_is_not_solved_gets_its_first_case(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(12)
    CaseStep.objects.all().delete()
    Case.objects.all().delete()
    Need.objects.update(handling="on_the_spot")
    call = drawn(office, figure="needs.heard").calls.filter(state="waiting")[0]
    say(call, "not", words="还是黑")
    case = Case.objects.get(need=call.row)
    assert case.state == "open" and case.due_on > clock.today()
    assert "还是黑" in case.steps.latest("at", "pk").sentence


def test_solved_and_not_mine_leave_the_case_as_it_is(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(12)
    first, second = drawn(office).calls.filter(state="waiting")[:2]
    say(first, "solved")
    say(second, "not_mine")
    assert set(Case.objects.values_list("state", flat=True)) == {"closed"}


def test_an_answer_keyed_twice_is_one_answer_and_it_is_sealed(office: Office) -> None:
    other = office.make("worker", "k-other")
    office.close(12)
    call = drawn(office).calls.filter(state="waiting")[0]
    told = {"code": call.code.lower(), "solved": "solved", "level": "satisfied", "way": "slip", "words": "好"}
    client = client_of(other)
    assert client.post(reverse("callbacks:key"), told).status_code == 302
    again = client.post(reverse("callbacks:key"), told | {"level": "unsatisfied"})
    assert "已经录过答复" in again.content.decode()
    call.refresh_from_db()
    assert json.loads(call.answer)["level"] == "satisfied"
    with pytest.raises(TypeError):
        str(Call.objects.filter(pk=call.pk).values_list("answer", flat=True)[0])
    wrong = client.post(reverse("callbacks:key"), told | {"code": "ZZZZZZZ"})
    assert "没有编号是" in wrong.content.decode()
    mine = client_of(office.handler).post(reverse("callbacks:key"), told).content.decode()
    assert "不归您问" in mine or "经办过" in mine


def test_three_calls_at_several_hours_then_the_door_and_the_next_lot_stands_in(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(40)
    sample = drawn(office)
    before, call = sample.calls.count(), sample.calls.filter(state="waiting").order_by("place")[0]
    morning = clock.now().replace(hour=9)
    for day in range(3):
        with clock.at(morning + timedelta(days=day)):
            calls.note_attempt(call=call, actor=call.caller, way="telephone")
    with clock.at(morning + timedelta(days=3)), pytest.raises(problems.TryAgainFirst):
        calls.give_up(call=call, actor=call.caller)
    with clock.at(morning + timedelta(days=3, hours=10)):
        calls.note_attempt(call=call, actor=call.caller, way="telephone")
        with pytest.raises(problems.TryAgainFirst):
            calls.give_up(call=call, actor=call.caller)
    with clock.at(morning + timedelta(days=4)):
        calls.note_attempt(call=call, actor=call.caller, way="slip")
        calls.give_up(call=call, actor=call.caller)
    assert results.progress(sample) == {"waiting": before, "answered": 0, "no_answer": 1, "gone": 0}
    sample.refresh_from_db()
    assert [(part, why) for part, _mark, why in results.proof_of(sample)["replaced"]] == [("", "no_answer")]
    assert agrees(sample)
    say(Call.objects.get(pk=call.pk))  # the slip came back after all
    assert results.progress(sample)["answered"] == 1


def test_who_died_or_moved_since_is_said_to_be_gone_and_replaced(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(40)
    sample = framed(office)
    Household.objects.filter(head_name__in=[f"户{number}" for number in range(0, 20, 2)]).update(state="left")
    sample = rounds.draw_round(sample=sample, actor=office.head, public="4 2 6")
    told = results.progress(sample)
    assert told["waiting"] == sample.quotas[""] and told["gone"] > 0 and agrees(sample)
    assert framed_without(office) == 10


def framed_without(office: Office) -> int:
    today = clock.today()
    frame = rounds.frame_of(community=office.community, figure=CLOSED, start=today - timedelta(days=90), end=today)
    return int(frame.left_out[rounds.GONE])


def test_nobody_is_asked_again_within_the_months_the_place_leaves(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(30)
    sample = drawn(office)
    told_all(sample, 30)
    today = clock.today()
    period = {"community": office.community, "figure": CLOSED, "start": today - timedelta(days=90), "end": today}
    frame = rounds.frame_of(**period)
    assert frame.left_out[rounds.RECENT] == sample.calls.count()
    with clock.at(clock.now() + timedelta(days=200)):
        assert rounds.RECENT not in rounds.frame_of(**period).left_out


def test_a_second_draw_needs_a_reason_and_both_are_printed(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(30)
    first = framed(office)
    with pytest.raises(problems.DrawnAlready):
        framed(office)
    second = framed(office, because="骰子掉到桌子底下")
    client = client_of(office.head)
    assert "骰子掉到桌子底下" in client.get(reverse("callbacks:round", args=[first.pk])).content.decode()
    assert "看第一次" in client.get(reverse("callbacks:round", args=[second.pk])).content.decode()


def test_no_result_is_shown_while_somebody_waits_and_then_a_range_in_words(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(40)
    sample = drawn(office)
    client, page = client_of(office.head), reverse("callbacks:round", args=[sample.pk])
    assert "问完才显示结果" in client.get(page).content.decode()
    size = sample.calls.count()
    told_all(sample, size - 3)
    shown = client.get(page).content.decode()
    assert f"{size} 人里 {size - 3} 人满意：全部 40 件里估计" in shown and "%" not in shown.split("<main")[1]


def test_a_group_of_six_says_too_few_and_strata_have_no_total(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(40)
    office.close(6, compound="小院", start=100)
    sample = drawn(office, by="compound", width_share=10)
    told_all(sample, 99)
    found = {counted.stratum: counted for counted in results.counted(sample, "satisfied")}
    assert set(found) == {"幸福苑", "小院"} and found["小院"].is_few and found["幸福苑"].span is not None
    page = client_of(office.head).get(reverse("callbacks:round", args=[sample.pk])).content.decode()
    assert "太少，不算百分比" in page and "全部 46 件" not in page


def test_the_four_week_question_comes_by_itself_once_and_to_nobody_with_a_hand_in_it(office: Office) -> None:
    other = office.make("worker", "k-other")
    office.close(3)
    assert calls.ask_by_calendar() == 0
    with clock.at(clock.now() + timedelta(days=28, hours=1)):
        assert calls.ask_by_calendar() == 3
        assert calls.ask_by_calendar() == 0
    assert set(Call.objects.values_list("caller", "purpose")) == {(other.pk, "four_week")}


def test_the_checks_after_months_are_made_where_the_place_asks_for_them(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(2)
    rounds.keep_rules(
        community=office.community,
        actor=office.head,
        levels=rounds.first_levels(),
        months_apart=6,
        checks=["month_1", "month_3", "month_6"],
    )
    for days, due in ((29, 0), (31, 2), (91, 2), (181, 2), (400, 0)):
        with clock.at(clock.now() + timedelta(days=days)):
            assert calls.ask_by_calendar() == due, days
    assert set(Call.objects.values_list("purpose", flat=True)) == {"month_1", "month_3", "month_6"}


def test_a_place_words_its_own_levels_and_a_round_keeps_those_it_was_drawn_with(office: Office) -> None:
    office.make("worker", "k-other")
    office.close(30)
    sample = drawn(office)
    told = {"levels": "很好 算\n一般 不算\n说不清 不计", "months_apart": "3", "checks": ["four_week"]}
    client = client_of(office.head)
    assert client.post(reverse("callbacks:rules"), told).status_code == 302
    assert [row[1] for row in rounds.rules_of(office.community).levels] == ["很好", "一般", "说不清"]
    assert "至少要有一档" in client.post(reverse("callbacks:rules"), told | {"levels": "好 算"}).content.decode()
    assert sample.calls.count() and calls.levels_of(sample.calls.all()[0])[0][1] == "满意"


def test_a_handover_gives_a_call_only_to_somebody_who_may_ask(office: Office) -> None:
    first, second = office.make("worker", "k-other"), office.make("worker", "k-third")
    office.close(12)
    call = drawn(office).calls.filter(caller=first)[0]
    calls.pass_on(call=call, to=second, actor=office.head)
    call.refresh_from_db()
    assert call.caller == second


@pytest.mark.parametrize("of_type", [Case.record_type, Need.record_type])
def test_an_answer_about_what_was_taken_back_after_the_draw_is_kept(office: Office, of_type: str) -> None:
    office.make("worker", "k-other")
    office.close(12)
    call = drawn(office).calls.filter(state="waiting")[0]
    case = Case.objects.get(pk=call.row)
    closing = case.steps.get(kind="closed")
    cases.take_back_step(step=closing, reason="按错了", actor=office.handler)
    needs.take_back_need(need=case.need, reason="没有这件事", actor=office.handler)
    if of_type == Need.record_type:
        call.of_type, call.row = of_type, case.need_id
        call.save(update_fields=["of_type", "row"])
    say(call, "not", "unsatisfied", words="没人来过")
    call.refresh_from_db()
    case.refresh_from_db()
    assert (call.state, json.loads(call.answer)["words"], case.state) == ("answered", "没人来过", "taken_back")
