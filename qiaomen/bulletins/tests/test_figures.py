"""Every figure adds up, says what it may be compared with, is frozen with its words, and explains what moved since."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.bulletins import actions
from qiaomen.bulletins.models import Bulletin, FrozenFigure
from qiaomen.bulletins.rules import charts
from qiaomen.bulletins.selectors import board, differences, numbers
from qiaomen.bulletins.tests.test_bulletins import TUESDAY, desk, head, publish, visit
from qiaomen.cases import actions as cases
from qiaomen.cases.models import Case
from qiaomen.kernel import clock, figures
from qiaomen.kernel.figures import Earlier, Figure, Period, moments_of
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Need
from qiaomen.office.models import LedgerEntry, Organisation
from qiaomen.register.models import Household
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Visit

pytestmark = pytest.mark.django_db
WEEK = Period.around(TUESDAY.date(), "week")


def hear(origin: str, many: int, at: datetime = TUESDAY, handling: str = "office") -> list[Need]:
    home = Household.objects.filter(dwelling__door_label="3-2-101").get()
    made = []
    with clock.at(at):
        for _number in range(many):
            need, _case = cases.receive_need(
                need_id=uuid.uuid4(),
                household=home,
                kind="repair",
                words="CANARY诉求",
                handling=handling,
                origin=origin,
                heard_at=at,
                heard_by=head(),
            )
            made.append(need)
    return made


def asked(home: Organisation, at: datetime = TUESDAY + timedelta(hours=2), width: str = "week") -> dict[str, Any]:
    return {"community": home, "as_at": at, **Period.around(TUESDAY.date(), width).days}


def page(name: str, route: str, *args: Any, **query: str) -> str:
    answer = desk(name).get(reverse(f"bulletins:{route}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_of_forty_matters_twenty_seven_were_walked_to_and_one_put_right_is_named(community: Organisation) -> None:
    walked = hear("visit", 27)
    hear("window", 8)
    hear("telephone", 5)
    bulletin = publish(community)
    heard = next(row for row in numbers.numbers_of(bulletin) if row.figure.code == "needs.heard")
    parts = {part["part"]: part["value"] for part in heard.parts}
    assert heard.value == 40 == sum(parts.values()) and parts["visit"] == 27
    listed = page("b-worker", "figure", bulletin.pk, "needs.heard", by="origin", part="visit")
    assert listed.count("CANARY院3-2-101") + listed.count(">3-2-101") == 27
    with clock.at(TUESDAY + timedelta(days=1)):
        address = reverse("needs:origin", args=[walked[0].pk])
        assert desk("b-head").post(address, {"origin": "window", "reason": " "}).status_code in {400, 409, 422}
        desk("b-head").post(address, {"origin": "window", "reason": "是到窗口来说的"})
    with clock.at(TUESDAY + timedelta(days=1, hours=1)):
        now = page("b-head", "number", "needs.walked", day=f"{TUESDAY:%Y-%m-%d}")
    assert '<div class="qm-number">26' in now.replace("\n", "")
    again = next(row for row in numbers.numbers_of(bulletin) if row.figure.code == "needs.heard")
    assert {part["part"]: part["value"] for part in again.parts}["visit"] == 27, "what was published stays"
    why = differences.whys_of(community, Need, [str(walked[0].pk)], bulletin.as_at)  # type: ignore[arg-type]
    assert [(line.who, line.reason) for line in why[str(walked[0].pk)]] == [("CANARY-head", "是到窗口来说的")]


def test_a_record_put_right_after_publishing_is_the_difference_and_says_by_whom(community: Organisation) -> None:
    visit(1, "met", TUESDAY)
    visit(2, "met", TUESDAY)
    bulletin = publish(community)
    gone = Visit.objects.get(dwelling__door_label="3-2-101")
    with clock.at(TUESDAY + timedelta(hours=3)):
        visits.correct_visit(visit=gone, outcome="no_answer", note=gone.note, reason="按错了", actor=head())
    difference, changed = differences.difference_of(bulletin, "visits.doors_opened")
    assert (difference.again, difference.gone, difference.come) == (1, (str(gone.dwelling_id),), ())
    assert changed[0].row is not None and changed[0].row["door"].endswith("3-2-101")
    assert [(why.who, str(why.said)) for why in changed[0].whys] == [("CANARY-head", "改正了自己交的走访")]
    shown = page("b-head", "figure", bulletin.pk, "visits.doors_opened")
    assert "公布时在里面，现在不在" in shown and "改正了自己交的走访" in shown


def test_what_is_taken_back_counts_until_it_was_in_every_figure(community: Organisation) -> None:
    visit(1, "met", TUESDAY)
    needed = hear("window", 3)
    home = Household.objects.filter(dwelling__door_label="3-2-101").get()
    shut, again, never = (Case.objects.get(need=need) for need in needed)
    with clock.at(TUESDAY):
        owed = needs.owe(household=home, sentence="回话", owner=head(), actor=head(), due_on=TUESDAY.date())
    with clock.at(TUESDAY + timedelta(hours=1)):
        for case in (shut, again):
            cases.close_case(case=case, actor=head(), sentence="好了")
        cases.record_answer(case=again, actor=head(), solved=False)
    later = TUESDAY + timedelta(days=7)
    moments = [TUESDAY + timedelta(hours=2), later - timedelta(minutes=1), later + timedelta(minutes=1)]
    codes = [figure.code for figure in figures.all_figures()]

    def counted(at: datetime) -> dict[str, int]:
        return {code: figures.get(code).count(**asked(community, at)) for code in codes}

    before = [counted(at) for at in moments]
    with clock.at(later):
        visits.take_back(visit=Visit.objects.get(), actor=head())
        cases.take_back_step(step=shut.steps.get(kind="closed"), reason="按错了", actor=head())
        cases.take_back_step(step=again.steps.get(kind="not_solved"), reason="按错了", actor=head())
        needs.take_back_need(need=never.need, reason="没有这件事", actor=head())
        needs.drop_owed(owed=owed, reason="记错了", actor=head())
    after = [counted(at) for at in moments]
    assert after[:2] == before[:2], "no taking back moves what stood before it"
    moved = {code: (before[2][code], after[2][code]) for code in codes if before[2][code] != after[2][code]}
    assert moved == {
        "visits.doors_knocked": (1, 0),
        "visits.doors_opened": (1, 0),
        "visits.knocks": (1, 0),
        "needs.heard": (3, 2),
        "needs.brought_in": (3, 2),
        "needs.answers_due": (3, 1),
        "needs.answers_in_time": (1, 0),
        "cases.under_way": (2, 1),
        "cases.closed": (2, 1),
        "cases.answered": (1, 0),
    }


def test_a_record_that_is_gone_altogether_is_said_to_be_gone(community: Organisation) -> None:
    hear("visit", 2, handling="on_the_spot")
    bulletin = publish(community)
    Need.objects.filter(pk=Need.objects.first().pk).delete()  # type: ignore[union-attr]
    assert "这条记录已经没有了" in page("b-head", "figure", bulletin.pk, "needs.heard")


def test_a_number_is_held_by_the_definition_it_was_published_with(
    community: Organisation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hear("visit", 3)
    bulletin = publish(community)
    was = figures.get("needs.heard")
    new: dict[str, Any] = {**was.__dict__, "version": 2, "definition": "只算上门的", "code": "needs.heard"}
    new |= {"records": lambda **kw: was.records(**kw).filter(origin="window")}

    def serve(earlier: tuple[Earlier, ...]) -> None:
        monkeypatch.setitem(figures.registry._figures, "needs.heard", Figure(**{**new, "earlier": earlier}))

    serve((Earlier(1, was.definition, was.records),))
    row = next(row for row in numbers.numbers_of(bulletin) if row.figure.code == "needs.heard")
    assert row.definition == str(was.definition) and (row.value, row.difference.again, row.differs) == (3, 3, False)
    assert row.difference.redefined and row.difference.by_today == 0
    assert "按今天的口径是 0" in page("b-head", "figure", bulletin.pk, "needs.heard")
    serve(())
    row = next(row for row in numbers.numbers_of(bulletin) if row.figure.code == "needs.heard")
    assert row.value == 3 and row.difference.again is None
    assert "旧口径的算法已经不在" in page("b-head", "figure", bulletin.pk, "needs.heard")
    assert str(was.definition) in Client().get(f"/p/B-1/{bulletin.pk}/").content.decode()


def test_every_breakdown_adds_up_and_every_part_lies_in_its_whole(community: Organisation) -> None:
    visit(1, "met", TUESDAY)
    visit(1, "no_answer", TUESDAY)
    hear("visit", 3, handling="on_the_spot")
    hear("window", 2)
    with clock.at(TUESDAY + timedelta(hours=1)):
        cases.close_case(case=Case.objects.all()[0], actor=head(), sentence="好了")
    mine = board.Asked(community, WEEK, exact=True, today=TUESDAY.date())
    with clock.at(TUESDAY + timedelta(hours=2)):
        for figure in figures.all_figures():
            value = figure.count(**mine.days(figure, WEEK))
            for _title, _code, parts in board.breakdowns(figure, mine):
                assert sum(part.many for part in parts) == value, figure.code
            if figure.whole:
                keys = set(figure.list_records(**mine.days(figure, WEEK)).values_list("pk", flat=True))
                whole = figures.get(figure.whole).list_records(**mine.days(figure, WEEK))
                assert keys <= set(whole.values_list("pk", flat=True)), figure.code
        assert board.distinct_of(figures.get("visits.knocks"), mine) == 1
        assert figures.get("visits.knocks").count(**mine.days(figures.get("visits.knocks"), WEEK)) == 2


def test_closed_solved_asked_and_reopened_as_at_each_moment(community: Organisation) -> None:
    hear("window", 4)
    found = list(Case.objects.order_by("pk"))
    for hours, case, solved in ((1, 0, None), (1, 1, True), (1, 2, False), (1, 3, False)):
        with clock.at(TUESDAY + timedelta(hours=hours)):
            cases.close_case(case=found[case], actor=head(), sentence="办好了")
        if solved is not None:
            with clock.at(TUESDAY + timedelta(hours=2)):
                cases.record_answer(case=found[case], actor=head(), solved=solved)
    with clock.at(TUESDAY + timedelta(hours=3)):
        cases.close_case(case=found[3], actor=head(), sentence="又办好了")
    with clock.at(TUESDAY + timedelta(hours=4)):
        cases.record_answer(case=found[3], actor=head(), solved=True)
    names = ("under_way", "closed", "not_asked", "answered", "solved", "solved_at_first")
    expected = {0.5: (4, 0, 0, 0, 0, 0), 1.5: (0, 4, 4, 0, 0, 0), 2.5: (2, 4, 1, 3, 1, 1), 5: (1, 4, 1, 3, 2, 1)}
    for hours, numbers_then in expected.items():
        at = TUESDAY + timedelta(hours=hours)
        assert tuple(figures.get(f"cases.{name}").count(**asked(community, at)) for name in names) == numbers_then, (
            hours
        )
    values = {f"cases.{name}": number for name, number in zip(names, expected[5], strict=True)}
    rate = next(rate for rate in figures.all_rates() if rate.code == "cases.first_time_rate").measure(values)
    assert rate is not None and (rate.part, rate.of, rate.hundred) == (1, 3, None), "below ten there is no share"
    assert [number for _why, number in rate.excluded] == [1]


def test_answers_owed_are_in_time_late_or_not_yet_due(community: Organisation) -> None:
    home = Household.objects.first()
    assert home is not None
    made = []
    with clock.at(TUESDAY):
        for _number in range(3):
            made.append(needs.owe(household=home, sentence="回话", owner=head(), actor=head(), due_on=TUESDAY.date()))
    with clock.at(TUESDAY + timedelta(hours=1)):
        needs.tell(owed=made[0], actor=head())
    with clock.at(TUESDAY + timedelta(days=1)):
        needs.tell(owed=made[1], actor=head())
    counts = [
        tuple(
            figures.get(code).count(**asked(community, at)) for code in ("needs.answers_due", "needs.answers_in_time")
        )
        for at in (TUESDAY, TUESDAY + timedelta(hours=2), TUESDAY + timedelta(days=2))
    ]
    assert counts == [(0, 0), (1, 1), (3, 1)]
    for hour, in_time in ((datetime.max.time().replace(tzinfo=clock.SHANGHAI), 1), (None, 0)):
        last = datetime.combine(TUESDAY.date(), hour) if hour else moments_of(TUESDAY.date(), TUESDAY.date())[1]
        made[2].told_at = last if hour else last + timedelta(microseconds=1)
        made[2].told_by = head()
        made[2].save()
        at = TUESDAY + timedelta(days=3)
        assert figures.get("needs.answers_in_time").count(**asked(community, at)) == 1 + in_time


@pytest.mark.parametrize(
    ("today", "first", "why"),
    [
        (date(2026, 12, 5), date(2026, 1, 1), ""),
        (date(2026, 11, 25), date(2026, 1, 1), "unfinished"),
        (date(2026, 12, 5), date(2026, 11, 18), "began-later"),
        (date(2026, 12, 5), None, "nothing"),
    ],
)
def test_what_may_not_be_compared_says_why(today: date, first: date | None, why: str) -> None:
    assert figures.comparable(WEEK, WEEK.before(), today=today, first=first) == why
    assert figures.comparable(WEEK, WEEK.before(), today=today, first=first, versions=(1, 2)) == (why or "redefined")


def test_a_quarter_in_which_recording_began_is_not_compared_on_the_page(community: Organisation) -> None:
    hear("visit", 1, TUESDAY - timedelta(days=40))
    with clock.at(datetime(2027, 1, 10, 10, tzinfo=clock.SHANGHAI)):
        shown = page("b-head", "number", "needs.neighbours", width="quarter", day="2026-12-31")
    assert shown.count("不能比：前一段开始时还没有登记这类事") == 2


def test_the_week_told_again_says_no_more_than_it_did(community: Organisation) -> None:
    hear("visit", 12)
    bulletin = publish(community)
    assert bulletin.figures.get(code="needs.heard").shown == 10
    with clock.at(TUESDAY + timedelta(hours=3)):
        actions.withdraw_bulletin(bulletin=bulletin, actor=head(), reason="漏了几件")
    hear("visit", 2, TUESDAY + timedelta(hours=4))
    again = publish(community, TUESDAY + timedelta(hours=5))
    row = again.figures.get(code="needs.heard")
    assert (row.value, row.shown, row.same) == (14, 10, True)
    public = Client().get("/p/B-1/").content.decode()
    assert "和上一版相同" in public and 'number">14' not in public


def test_the_public_reads_what_was_frozen_whatever_the_rule_is_today(community: Organisation) -> None:
    hear("visit", 40)
    publish(community)
    FrozenFigure.objects.filter(code="needs.heard").update(shown=35)
    text = Client().get("/p/B-1/").content.decode()
    assert "35<small>" in text and "40<small>" not in text.split("听到的诉求")[0].rsplit("<li>", 1)[1]


def test_the_board_holds_every_figure_and_every_rate_and_what_is_still_missing(community: Organisation) -> None:
    hear("visit", 3)
    with clock.at(TUESDAY + timedelta(hours=1)), CaptureQueriesContext(connection) as asked_for:
        shown = page("b-head", "figures")
    for figure in figures.all_figures():
        assert str(figure.title) in shown and str(figure.definition) in shown
    for rate in figures.all_rates():
        assert str(rate.title) in shown and str(rate.definition) in shown
    assert "满意度" in shown and "满意度要由抽签回访来问" in shown
    assert len(asked_for) <= 2 * len(figures.all_figures()) + 10
    hear("visit", 30)
    with clock.at(TUESDAY + timedelta(hours=1)), CaptureQueriesContext(connection) as more:
        page("b-head", "figures")
    assert len(more) == len(asked_for), "the number of questions does not grow with the records"


def test_a_list_behind_a_live_number_is_as_long_as_it_and_a_line_of_the_ledger(community: Organisation) -> None:
    hear("visit", 3)
    hear("window", 2)
    with clock.at(TUESDAY + timedelta(hours=1)):
        part = page("b-worker", "behind", "needs.heard", by="origin", part="visit")
        assert part.count("<tr><td>") == 3
        assert page("b-worker", "behind", "needs.answers_due").count("这个数字背后没有记录") == 1
        assert desk("b-worker").get(reverse("bulletins:behind", args=["needs.nothing"])).status_code == 404
        wrong = desk("b-worker").get(reverse("bulletins:behind", args=["needs.heard"]), {"by": "heard_by"})
        assert wrong.status_code == 404, "nobody is counted by who heard"
        odd = desk("b-worker").get(reverse("bulletins:figures"), {"day": "三月", "width": "decade"})
        assert odd.status_code == 200
    looks = LedgerEntry.objects.filter(code="bulletins.looked").order_by("seq")
    assert [look.detail["figure"] for look in looks] == ["needs.heard"], "an empty list shows nobody"


def test_the_courses_are_drawn_by_the_server_and_say_every_number_beside(community: Organisation) -> None:
    for weeks in range(4):
        hear("visit", 3 + weeks, TUESDAY - timedelta(weeks=weeks))
    with clock.at(TUESDAY + timedelta(hours=1)):
        shown, every = page("b-head", "number", "needs.heard"), page("b-head", "courses")
    assert shown.count("<path d=") == 1 and shown.count("<circle") == 3 and "<td>5</td>" in shown
    assert (
        'role="img"' in shown
        and "aria-labelledby" in shown
        and "style=" not in shown.split("<svg")[1].split("</svg>")[0]
    )
    assert every.split("<main")[1].count("<svg") == len(figures.all_figures()) and "<td>4</td>" in every


def test_what_is_under_way_is_as_at_the_end_of_each_week_and_not_as_at_now(community: Organisation) -> None:
    for weeks in range(4):
        hear("window", 1, TUESDAY - timedelta(weeks=weeks))
    with clock.at(TUESDAY + timedelta(hours=1)):
        mine = board.Asked(community, WEEK, exact=True, today=TUESDAY.date())
        assert board.series([figures.get("cases.under_way")], mine)["cases.under_way"][-4:] == [None, 2, 3, 4]


@pytest.mark.once
def test_a_number_not_told_is_a_gap_in_the_line() -> None:
    drawing = charts.line(["a", "b", "c", "d", "e"], [1, 2, None, 4, 5])
    assert len(drawing.runs) == 2 and len(drawing.dots) == 4 and drawing.up[-1].label == "5"
    assert [charts.top_of(number) for number in (0, 5, 6, 11, 21, 99)] == [5, 5, 10, 20, 50, 100]
    assert [bar.wide for bar in charts.bars([("a", 4), ("b", None), ("c", 1)])] == [100.0, None, 25.0]
    assert moments_of(WEEK.start, WEEK.end)[1] > TUESDAY


@pytest.mark.once
def test_published_parts_are_closed_lists_and_no_figure_counts_by_a_worker() -> None:
    for code, breakdowns in numbers.PARTS.items():
        assert all(figures.get(code).closed(name) for name in breakdowns)
    for figure in figures.all_figures():
        assert str(figure.definition) and str(figure.population) and figure.first is not None, figure.code
        for breakdown in figure.breakdowns:
            assert not {"staff", "owner", "heard_by", "made_by", "walker"} & set(breakdown.path.split("__")), (
                figure.code
            )
    assert Bulletin.record_type
