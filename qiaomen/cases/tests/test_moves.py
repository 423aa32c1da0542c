"""What is done about a case's clock, its procedure and its owner: who may, what it owes, how it is taken back."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.cases import actions, problems, selectors
from qiaomen.cases.models import Case, CaseStep, NearRelative, ProcedureVersion
from qiaomen.cases.selectors import procedures
from qiaomen.cases.tests.test_cases import TUESDAY, household, person, receive, signed_in  # noqa: F401  a fixture
from qiaomen.kernel import clock, lines
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Owed
from qiaomen.office.models import Body, LedgerEntry
from qiaomen.register.models import Household, Person
from qiaomen.visits.models import VisitRequest

TODAY = TUESDAY.date()


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(TUESDAY):
        yield


def last(case: Case) -> CaseStep:
    return case.steps.order_by("-at", "-pk")[0]


def deduced(case: Case) -> tuple[Any, ...]:
    case.refresh_from_db()
    asked = VisitRequest.objects.filter(key=f"case/{case.pk}", open=True).values_list("due_on", flat=True)
    return (case.procedure, case.due_on, case.paused_until, case.extensions, case.waits, case.offered_to_id, *asked)


def body(case: Case) -> Body:
    return Body.objects.create(
        community=case.community,
        kind="authority",
        name="区民政局",
        does="低保",
        confirmed_on=TODAY,
        confirmed_by=case.owner,
    )


def test_a_pause_stops_the_clock_and_the_day_of_resuming_counts(household: Household) -> None:  # noqa: F811
    case, head = receive(household), person("k-head")
    assert case.due_on == date(2026, 12, 1)
    actions.pause_case(case=case, actor=head, kind="resident", until=date(2026, 11, 30), reason="等她从外地回来")
    case.refresh_from_db()
    assert (case.due_on, case.paused_until) == (date(2026, 12, 4), date(2026, 11, 30))
    assert last(case).due_on == case.due_on and not Owed.objects.exists(), "what waits for the resident they know"
    with clock.at(TUESDAY + timedelta(days=2)):
        actions.resume_case(case=case, actor=head)
        case.refresh_from_db()
        assert (case.due_on, case.paused_until) == (date(2026, 12, 2), None), "25 and 26: only the 25th stood still"


def test_a_pause_has_an_end_after_today_and_a_reason_its_procedure_knows(household: Household) -> None:  # noqa: F811
    case, head = receive(household), person("k-head")
    later = TODAY + timedelta(days=3)
    refused: list[tuple[type[problems.Problem], dict[str, Any]]] = [
        (problems.PauseWithoutEnd, {"kind": "papers", "until": None, "reason": "缺身份证"}),
        (problems.PauseEndsBefore, {"kind": "papers", "until": TODAY, "reason": "缺身份证"}),
        (problems.PauseEndsBefore, {"kind": "papers", "until": TODAY - timedelta(days=9), "reason": "缺身份证"}),
        (problems.ReasonMissing, {"kind": "papers", "until": later, "reason": " "}),
        (problems.PauseUnknown, {"kind": "posting", "until": later, "reason": "公示"}),
    ]
    before = deduced(case)
    for problem, told in refused:
        with pytest.raises(problem):
            actions.pause_case(case=case, actor=head, **told)
    assert deduced(case) == before and case.steps.count() == 1
    actions.pause_case(case=case, actor=head, kind="papers", until=later, reason="缺身份证，请带来")
    assert Owed.objects.get().sentence == "缺身份证，请带来"
    with pytest.raises(problems.PausedAlready):
        actions.pause_case(case=case, actor=head, kind="papers", until=later, reason="缺身份证")


def test_it_is_extended_once_and_the_resident_is_owed_the_reason(household: Household) -> None:  # noqa: F811
    case, head = receive(household), person("k-head")
    with pytest.raises(problems.ReasonMissing):
        actions.extend_case(case=case, actor=head, reason="")
    actions.extend_case(case=case, actor=head, reason="配件要从外地来")
    case.refresh_from_db()
    assert case.due_on == date(2026, 12, 8) and Owed.objects.get().sentence == "配件要从外地来"
    with pytest.raises(problems.NotExtended):
        actions.extend_case(case=case, actor=head, reason="还要")
    with pytest.raises(problems.NotExtended):
        actions.extend_case(case=receive(household, handling="urgent"), actor=head, reason="急事不延")


def test_every_move_is_taken_back_to_what_stood_before_it(household: Household) -> None:  # noqa: F811
    case, head = receive(household, handling="mine"), person("k-head")
    outside = body(case)
    until = TODAY + timedelta(days=4)
    moves = [
        lambda: actions.choose_procedure(case=case, actor=head, code="errand"),
        lambda: actions.record_part(case=case, actor=head, part="accept"),
        lambda: actions.pause_case(case=case, actor=head, kind="papers", until=until, reason="缺照片"),
        lambda: actions.resume_case(case=case, actor=head),
        lambda: actions.record_part(case=case, actor=head, part="send", number="2026-7"),
        lambda: actions.refer_case(case=case, actor=head, body=outside, sentence="转给民政局", agreed=True),
        lambda: actions.record_reply(case=case, actor=head, sentence="下周办"),
        lambda: actions.offer_case(case=case, actor=head, to=head),
    ]
    for n, move in enumerate(moves):
        with clock.at(TUESDAY + timedelta(hours=n)):
            before = deduced(case)
            move()
            assert deduced(case) != before or n in {1, 3, 4, 5, 6}
            actions.take_back_step(step=last(case), reason="按错了", actor=head)
            assert deduced(case) == before, n
            with pytest.raises(problems.StepPast):
                actions.take_back_step(step=case.steps.exclude(of=None).latest("pk").of, reason="再来", actor=head)
            move()
    case.refresh_from_db()
    assert case.procedure == "errand" and case.waits and case.offered_to == head
    assert sorted(owed.sentence for owed in Owed.objects.all()) == ["下周办", "缺照片", "转给民政局"]


def test_a_move_the_resident_was_told_of_stands(household: Household) -> None:  # noqa: F811
    case, head = receive(household), person("k-head")
    actions.extend_case(case=case, actor=head, reason="配件要从外地来")
    needs.tell(owed=Owed.objects.get(), actor=head)
    with pytest.raises(problems.ToldAlready):
        actions.take_back_step(step=last(case), reason="按错了", actor=head)


def test_who_heard_it_first_owns_it_until_the_colleague_says_yes(household: Household) -> None:  # noqa: F811
    case, worker, head = receive(household, handling="mine"), person("k-worker"), person("k-head")
    with pytest.raises(problems.OwnsAlready):
        actions.offer_case(case=case, actor=worker, to=worker)
    actions.offer_case(case=case, actor=worker, to=head)
    case.refresh_from_db()
    assert (case.owner, case.offered_to) == (worker, head)
    with pytest.raises(problems.OfferedAlready):
        actions.offer_case(case=case, actor=worker, to=head)
    with pytest.raises(problems.NotOffered):
        actions.accept_case(case=case, actor=worker)
    asked = lines.lines_held(household.community, head, TODAY, owner=head.pk)
    assert [line.code for line in asked] == ["cases.offered"] and f"{worker.name}请您接手" in asked[0].text
    seen = [line for line in lines.lines_held(household.community, worker, TODAY) if line.code == "cases.offered"]
    assert f"{worker.name}请{head.name}接手" in seen[0].text, "nobody is told that they are asked who is not"
    with pytest.raises(problems.ReasonMissing):
        actions.decline_case(case=case, actor=head, reason="")
    actions.decline_case(case=case, actor=head, reason="这周都在开会")
    case.refresh_from_db()
    assert (case.owner, case.offered_to) == (worker, None)
    actions.offer_case(case=case, actor=worker, to=head)
    actions.accept_case(case=case, actor=head)
    case.refresh_from_db()
    assert (case.owner, case.offered_to) == (head, None)
    kinds = ["opened", "offered", "declined", "offered", "accepted"]
    assert list(case.steps.order_by("at", "pk").values_list("kind", flat=True)) == kinds
    codes = set(LedgerEntry.objects.values_list("code", flat=True))
    assert codes >= {"cases.offered", "cases.declined", "cases.accepted"}


def test_a_referral_needs_the_residents_word_and_owes_them_one(household: Household) -> None:  # noqa: F811
    case, head = receive(household), person("k-head")
    outside = body(case)
    with pytest.raises(problems.ConsentMissing):
        actions.refer_case(case=case, actor=head, body=outside, sentence="转给民政局", agreed=False)
    actions.refer_case(
        case=case, actor=head, body=outside, sentence="转给区民政局了", agreed=True, number="函〔2026〕3号"
    )
    case.refresh_from_db()
    assert case.waits and Owed.objects.get().due_on == date(2026, 11, 26)
    with clock.at(TUESDAY + timedelta(days=6)):
        actions.record_reply(case=case, actor=head, sentence="已受理，十二月发放")
    case.refresh_from_db()
    told = Owed.objects.order_by("-made_at")[0]
    assert told.sentence == "已受理，十二月发放"
    assert not case.waits and told.due_on == date(2026, 12, 2)
    with pytest.raises(problems.NotReferred):
        actions.record_reply(case=case, actor=head, sentence="又一次")


def test_the_county_decides_and_here_it_is_only_recorded(household: Household) -> None:  # noqa: F811
    """低保 from the application to the notice: posting stops the clock, a refusal goes out in writing."""
    case, head = receive(household), person("k-head")
    actions.choose_procedure(case=case, actor=head, code="dibao")

    def on(day: date, part: str, **more: str) -> None:
        with clock.at(TUESDAY.replace(year=day.year, month=day.month, day=day.day)):
            actions.record_part(case=case, actor=head, part=part, **more)

    with pytest.raises(problems.PartNotOpen):
        actions.record_part(case=case, actor=head, part="decide", result="granted", number="1")
    on(date(2026, 11, 24), "hand_in")
    with pytest.raises(problems.RecordLacks):
        actions.record_part(case=case, actor=head, part="accept", result="accepted")
    on(date(2026, 11, 25), "accept", result="accepted", number="受理2026-11")
    case.refresh_from_db()
    assert case.due_on == date(2027, 1, 7) and case.waits, "30 working days; 1 January is off by law"
    on(date(2026, 11, 27), "investigate")
    on(date(2026, 11, 30), "post")
    case.refresh_from_db()
    assert case.paused_until == date(2026, 12, 8) and case.due_on == date(2027, 1, 15)
    with pytest.raises(problems.EndsTooEarly):
        actions.close_case(case=case, actor=head, sentence="批了", outcome="granted")
    on(date(2026, 12, 10), "decide", result="refused", number="不予〔2026〕9号")
    with clock.at(TUESDAY.replace(month=12, day=10)):
        with pytest.raises(problems.EndsTooEarly):
            actions.close_case(case=case, actor=head, sentence="批了", outcome="granted")
        actions.close_case(case=case, actor=head, sentence="收入高于标准；不服可以申请复议。", outcome="refused")
    case.refresh_from_db()
    letter = Owed.objects.get()
    assert (case.state, case.outcome) == ("closed", "explained")
    assert (letter.channel, letter.due_on) == ("letter", date(2026, 12, 15)), "three working days, in writing"


def test_whoever_is_a_near_relative_does_not_act_and_does_not_get_it(household: Household) -> None:  # noqa: F811
    mother = Person.objects.create(household=household, community=household.community, name="柳大妈")
    worker, head = person("k-worker"), person("k-head")
    with pytest.raises(problems.NotYoursToDeclare):
        actions.declare_near(person=mother, staff=head, relation="parent", actor=worker)
    declared = actions.declare_near(person=mother, staff=worker, relation="parent", actor=worker)
    with pytest.raises(problems.NearDeclared):
        actions.declare_near(person=mother, staff=worker, relation="parent", actor=worker)
    case = receive(household, "k-worker", "mine")
    assert case.owner == head, "what a near relative heard goes to somebody else"
    for act in (
        lambda: actions.take_step(case=case, actor=worker, sentence="我来"),
        lambda: actions.close_case(case=case, actor=worker, sentence="办了"),
        lambda: actions.extend_case(case=case, actor=worker, reason="忙"),
        lambda: actions.hand_over(case=case, actor=head, owner=worker),
        lambda: actions.offer_case(case=case, actor=head, to=worker),
    ):
        with pytest.raises(problems.NearRelativeActs):
            act()
    page = signed_in("k-head").get(reverse("cases:near")).content.decode()
    assert "柳大妈" in page and reverse("cases:detail", args=[case.pk]) in page
    actions.end_near(declared=declared, actor=head)
    actions.hand_over(case=case, actor=head, owner=worker)
    assert NearRelative.objects.get().ended_at is not None


def test_the_second_of_two_sees_what_changed_and_loses_nothing(household: Household) -> None:  # noqa: F811
    case, desk = receive(household), signed_in("k-worker")
    url = reverse("cases:detail", args=[case.pk])
    seen = desk.get(url).context["seen"]
    with clock.at(TUESDAY + timedelta(minutes=5)):
        actions.take_step(case=case, actor=person("k-head"), sentence="灯泡买了")
        answer = desk.post(reverse("cases:step", args=[case.pk]), {"sentence": "我去买灯泡", "seen": seen})
        page = answer.content.decode()
        assert answer.status_code == 409 and "灯泡买了" in page and "我去买灯泡" in page
        assert not case.steps.filter(staff=person("k-worker"), kind="step").exists()
        fresh = answer.context["seen"]
        again = desk.post(reverse("cases:step", args=[case.pk]), {"sentence": "那我去装", "seen": fresh})
    assert again.status_code == 302 and case.steps.filter(kind="step").count() == 2


def test_a_file_that_is_broken_or_changed_quietly_leaves_the_version_before_it(
    household: Household,  # noqa: F811
    settings: Any,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "here" / "procedures"
    folder.mkdir(parents=True)
    national = Path(settings.PACKS[0])
    text = (national / "procedures" / "errand.yaml").read_text(encoding="utf-8")
    settings.PACKS = [*settings.PACKS, tmp_path / "here"]
    file = folder / "errand.yaml"
    file.write_text(text, encoding="utf-8")
    first = receive(household)
    actions.choose_procedure(case=first, actor=person("k-head"), code="errand")
    assert ProcedureVersion.objects.filter(code="errand", version=1).count() == 1
    file.write_text(text.replace("title: 受理委托", "titel: 受理委托", 1), encoding="utf-8")
    said = procedures.faults_said()
    assert {(row["file"], row["line"]) for row in said} == {("errand.yaml", 15), ("errand.yaml", 16)}
    assert any("titel" in row["sentence"] for row in said)
    assert procedures.in_force()["errand"].version == 1, "the version before stays in force"
    page = signed_in("k-head").get(reverse("cases:procedures")).content.decode()
    assert "errand.yaml" in page and "titel" in page
    file.write_text(text.replace("title: 帮办代办", "title: 别的名字", 1), encoding="utf-8")
    assert procedures.in_force()["errand"].title == "帮办代办" and len(procedures.faults_said()) == 1
    newer = text.replace("title: 帮办代办", "title: 帮办代办（新）", 1).replace("version: 1", "version: 2", 1)
    file.write_text(newer, encoding="utf-8")
    assert procedures.in_force()["errand"].version == 2 and not procedures.faults_said()
    first.refresh_from_db()
    assert procedures.procedure_of(first).title == "帮办代办", "what has begun goes on as it began"


def test_the_page_says_how_it_stands_and_every_act_is_a_form(household: Household) -> None:  # noqa: F811
    case, desk = receive(household), signed_in("k-head")
    url = reverse("cases:detail", args=[case.pk])

    def post(route: str, **sent: Any) -> None:
        seen = desk.get(url).context["seen"]
        answer = desk.post(reverse(f"cases:{route}", args=[case.pk]), {"seen": seen, **sent})
        assert answer.status_code == 302, (route, answer.status_code, answer.content.decode()[:4000])

    page = desk.get(url).content.decode()
    assert "联系居民，问清楚" in page and "走了 0 个工作日，还剩 5 个" in page
    post("record", part="contact")
    post("pause", kind="papers", until="2026-11-27", reason="缺房产证复印件")
    page = desk.get(url).content.decode()
    assert "暂停，11月27日接着走" in page and "缺房产证复印件" in page and "还欠居民的话" in page
    assert "暂停到11月27日" in desk.get(reverse("cases:list") + "?tab=waiting").content.decode()
    post("resume")
    post("extend", reason="部门要再核一次")
    post("refer", body=str(body(case).pk), sentence="转给民政局了", agreed="on")
    assert "电话2026年11月24日核对过" in desk.get(url).content.decode()
    post("reply", sentence="下周答复")
    post("procedure", procedure="mediation")
    assert signed_in("k-worker").get(url).status_code == 403, "who is in a dispute is for who mediates and the head"
    post("owner", owner=str(person("k-worker").pk))
    assert signed_in("k-worker").get(url).status_code == 200
    refused = desk.post(reverse("cases:pause", args=[case.pk]), {"kind": "resident", "reason": "等"})
    assert "没有日子不能暂停" in refused.content.decode()


def test_a_worker_asks_a_colleague_through_the_page_and_the_head_gives(household: Household) -> None:  # noqa: F811
    case, worker, head = receive(household, handling="mine"), person("k-worker"), person("k-head")
    give = reverse("cases:owner", args=[case.pk])
    signed_in("k-worker").post(give, {"owner": str(head.pk)})
    case.refresh_from_db()
    assert (case.owner, case.offered_to) == (worker, head)
    desk: Client = signed_in("k-head")
    assert "请您接手这件事" in desk.get(reverse("cases:detail", args=[case.pk])).content.decode()
    desk.post(reverse("cases:accept", args=[case.pk]))
    case.refresh_from_db()
    assert case.owner == head
    desk.post(give, {"owner": str(worker.pk)})
    case.refresh_from_db()
    assert (case.owner, case.offered_to) == (worker, None)


def test_silent_and_late_matters_reach_the_head_in_one_line(household: Household) -> None:  # noqa: F811
    head = person("k-head")
    waiting, quiet, _other, _third = (receive(household) for _n in range(4))
    actions.pause_case(case=waiting, actor=head, kind="resident", until=date(2027, 1, 4), reason="回老家过年")
    with clock.at(TUESDAY + timedelta(days=9)):
        today = clock.today()
        said = lines.lines_held(household.community, head, today, owner=None)
        digest = [line for line in said if line.code == "cases.digest"]
        assert len(digest) == 1 and "逾期 3 件" in digest[0].text and "7 天没有动静 3 件" in digest[0].text
        assert {line.code for line in said if line.subject[1] == waiting.pk} == {"cases.paused"}
        counts = selectors.counts_in(household.community, ["silent", "late", "waiting"], today)
        assert counts == {"silent": 3, "late": 3, "waiting": 1}
        worker = lines.lines_held(household.community, person("k-worker"), today, owner=None)
        assert not [line for line in worker if line.code == "cases.digest"]
        assert quiet.owner.name not in digest[0].text


def test_a_matter_opened_under_a_procedure_keeps_its_version(household: Household) -> None:  # noqa: F811
    answer = signed_in("k-worker").post(
        reverse("cases:hear", args=[household.pk]),
        {
            "need_id": str(uuid.uuid4()),
            "origin": "window",
            "kind": "errand",
            "words": "帮我办老年证",
            "handling": "mine",
            "procedure": "errand",
        },
    )
    case = Case.objects.get()
    assert answer["Location"].endswith(f"{case.pk}/") and (case.procedure, case.version) == ("errand", 1)
    assert ProcedureVersion.objects.get().code == "errand"


def test_the_page_of_a_case_asks_a_fixed_number_of_times(household: Household) -> None:  # noqa: F811
    case, head, desk = receive(household), person("k-head"), signed_in("k-head")
    url = reverse("cases:detail", args=[case.pk])
    desk.get(url)
    with CaptureQueriesContext(connection) as first:
        desk.get(url)
    for n in range(6):
        actions.take_step(case=case, actor=head, sentence=f"第{n}步")
    actions.pause_case(case=case, actor=head, kind="papers", until=TODAY + timedelta(days=4), reason="缺照片")
    with CaptureQueriesContext(connection) as later:
        desk.get(url)
    assert len(first) == len(later) <= 26, (len(first), len(later), [query["sql"][:90] for query in first])
