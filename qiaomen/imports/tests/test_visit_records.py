# ruff: noqa: F811  the fixtures of the rosters serve here too
"""Visit records kept in a sheet become visits, once, and are taken back unless somebody worked on them."""

from typing import Any

from qiaomen.imports.selectors import import_pages
from qiaomen.imports.tests.test_list_kinds import VISITS, bring, kind, on_the_day, preview, stand  # noqa: F401
from qiaomen.kernel import clock
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.actions import acts
from qiaomen.visits.models import Visit, VisitPhoto


def test_a_visit_record_becomes_visits_with_their_outcomes(stand: Organisation, worker: Staff) -> None:
    batch = bring(stand, worker, VISITS)
    assert kind(batch) == "alone_visits" and (batch.created, batch.rejected) == (3, 2)
    found = {visit.outcome: visit for visit in Visit.objects.all()}
    assert set(found) == {"met", "no_answer", "by_phone"} and {visit.origin for visit in found.values()} == {"paper"}
    assert found["met"].note == "聊了家常；存在问题：灯坏了；处理措施：已报修" and found["met"].staff == worker
    assert found["no_answer"].note == "敲门没人应；走访人：志愿者甲"
    assert found["met"].happened_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H") == "2026-11-03 12"
    assert LedgerEntry.objects.filter(code="visits.recorded").count() == 3
    reasons = [row.reasons[0] for row in batch.rows.filter(kind="problem").order_by("row_no")]
    assert reasons == ["没有走访日期", "走访日期 2027-01-01 还没有到"]


def test_next_months_list_counts_last_months_rows_as_known(stand: Organisation, worker: Staff) -> None:
    bring(stand, worker, VISITS[:4])
    more = [
        *VISITS[:4],
        [9, "仇小兰", "", 76, "", "幸福苑3-2-501", "", "", "2026-11-18", "网格员", "包了饺子", "", "", "", ""],
    ]
    batch = bring(stand, worker, [*more, more[-1]])
    assert (batch.created, batch.same, batch.rejected) == (1, 3, 1) and Visit.objects.count() == 4
    assert "一模一样" in batch.rows.get(kind="problem").reasons[0]


def test_outcome_words_decide_and_unknown_ones_are_a_problem(stand: Organisation, worker: Staff) -> None:
    head = ["走访对象", "走访时间", "走访人员", "走访结果", "群众诉求", "整改措施", "办结状态", "回访情况", "备注"]
    rows: list[list[Any]] = [
        ["单志明", "2026-11-1", "网格员", "见面", "", "", "", "", ""],
        ["曾·艾力", "2026-11-1", "网格员", "不在家", "", "", "", "", ""],
        ["仇小兰", "2026-11-1", "网格员", "电话", "想装扶手", "", "", "", ""],
        ["曾小宝", "2026-11-1", "网格员", "说不清", "想装扶手", "", "", "", ""],
        ["王伟", "2026-11-1", "网格员", "见面", "", "", "", "", ""],
    ]
    batch = bring(stand, worker, [head, *rows])
    assert kind(batch) == "help_visits" and (batch.created, batch.rejected) == (3, 2)
    assert sorted(Visit.objects.values_list("outcome", flat=True)) == ["by_phone", "met", "no_answer"]
    reasons = "".join(row.reasons[0] for row in batch.rows.filter(kind="problem"))
    assert "“走访结果”里的“说不清”不认得" in reasons and "分不清" in reasons


def test_visits_are_taken_back_unless_somebody_worked_on_them(stand: Organisation, worker: Staff) -> None:
    batch = bring(stand, worker, VISITS)
    worked_on = Visit.objects.get(outcome="met")
    VisitPhoto.objects.create(community=stand, visit=worked_on, sha256="0" * 64, received_at=clock.now(), size=1)
    acts.undo(act=batch.act, actor=worker, reason="传错了", partly=True)
    assert list(Visit.objects.all()) == [worked_on]
    assert [one["title"] for one in import_pages.kept_after_undo(batch, batch.made_by)] == ["3-2-501 2026-11-03 见面"]
    assert bring(stand, worker, VISITS).created == 2
