"""The offices' own lists come in with their real columns, tell facts of standing people, and are taken back."""

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse

from qiaomen.criteria.facts import Fact
from qiaomen.imports import problems
from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.rules.list_kinds import load_kinds
from qiaomen.imports.selectors import import_pages, read_tables
from qiaomen.imports.tests.test_import import equation
from qiaomen.kernel import clock
from qiaomen.kernel.masking import HIDDEN
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office import ledger
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.actions import acts, household_events, person_facts
from qiaomen.register.models import Household, Person, ToldFact
from qiaomen.register.rules.addresses import parse_origin
from qiaomen.register.selectors import facts, packs

Rows = list[list[Any]]
TODAY = date(2026, 11, 20)
ROSTER = [
    ["户号", "户主姓名", "姓名", "与户主关系", "身份证号码", "联系电话", "居住地址"],
    ["7", "单志明", "单志明", "户主", id_no(11), "13900001234", "幸福苑3号楼2单元501室"],
    ["", "", "仇小兰", "配偶", id_no(22), "", ""],
    ["8", "曾·艾力", "曾·艾力", "户主", id_no(33, "19480201"), "13900009999", "幸福苑3-2-502"],
    ["", "", "曾小宝", "孙子", id_no(44, "20180601"), "", ""],
    ["9", "王伟", "王伟", "户主", id_no(55), "", "幸福苑3-1-101"],
    ["10", "王伟", "王伟", "户主", id_no(66, "19600101"), "", "幸福苑3-1-102"],
]


def sheet(rows: Rows, name: str = "台账") -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(name)
    for y, row in enumerate(rows):
        page.write_row(y, 0, row)
    book.close()
    return out.getvalue()


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with clock.at(clock.now().replace(year=2026, month=11, day=20)):
        yield


@pytest.fixture
def stand(community: Organisation, worker: Staff) -> Organisation:
    bring(community, worker, ROSTER, "名册.xlsx")
    return community


def preview(community: Organisation, worker: Staff, rows: Rows, name: str = "台账.xlsx") -> ImportBatch:
    batch = batches.upload_roster(
        community=community, actor=worker, file_name=name, content=sheet(rows, f"台账{ImportBatch.objects.count()}")
    )
    return batches.preview_roster(batch=batch)


def bring(community: Organisation, worker: Staff, rows: Rows, name: str = "台账.xlsx") -> ImportBatch:
    return batches.commit_roster(batch=preview(community, worker, rows, name), actor=worker)


def kind(batch: ImportBatch) -> str:
    return next(iter(batch.mapping.values()))["kind"]


def known(name: str, born: str = "") -> dict[str, Any]:
    return facts.known_of(Person.objects.get(name=name))


ELDERS = [
    ["村民组", "户号", "姓名", "性别", "身份证号码", "出生日期", "年龄", "联系电话", "居住情况", "健康状况", "养老方式", "开户行", "社保卡号", "生活补贴",
     "养老保险类型", "养老金", "慢性疾病", "紧急联系人", "紧急联系电话", "帮扶责任人", "帮扶人电话", "最近走访", "备注"],
    ["一组", "7", "单志明", "男", id_no(11), "1950-01-01", 76, "", "与配偶", "良好", "居家", "某行", "6217", "", "城乡居民", "", "", "单小明", "13800001111", "网格员甲", "", "", ""],
]  # fmt: skip
EMPTY_NEST = [
    [
        "姓名",
        "住址",
        "类别",
        "婚姻",
        "有无子女",
        "文化程度",
        "空巢原因",
        "兴趣爱好",
        "子女探望频率",
        "经济来源",
        "月收入档",
        "近期活动",
        "需要服务",
        "晚年最缺",
    ],
    ["单志明", "幸福苑3-2-501", "低收入", "已婚", "有", "小学", "子女外出", "下棋", "每月一次", "", "", "", "", ""],
    ["仇小兰", "幸福苑3-2-501", "失独", "已婚", "无", "小学", "", "", "一年以上", "", "", "", "", ""],
]
LEFT_BEHIND = [
    ["村民组", "户号", "姓名", "性别", "身份证号码", "出生日期", "年龄", "就读学校", "年级", "监护人姓名", "监护关系", "监护人电话", "外出务工家长", "家长电话",
     "务工地址", "留守类型", "关爱级别", "最近走访", "走访记录", "备注"],
    ["一组", "8", "曾小宝", "女", id_no(44, "20180601"), "2018.6.1", 8, "第一小学", "二年级", "曾·艾力", "祖父", "13900009999", "父母", "", "外省", "双方", "高", "", "", ""],
]  # fmt: skip
DISABILITY = [
    ["村民组", "户号", "户主姓名", "姓名", "性别", "身份证号码", "年龄", "残疾类型", "残疾等级", "残疾证照片", "联系方式", "是否低保", "办证日期", "换证日期", "监护人",
     "监护人电话", "备注", "残疾证号", "证件到期日", "证件状态"],
    ["一组", "8", "曾·艾力", "曾·艾力", "", id_no(33, "19480201"), 78, "肢体", "二级", "", "13900009999", "是", "", "", "", "", "", "", "2027年3月5日", "正常"],
]  # fmt: skip
DIBAO = [
    ["村民组", "户号", "户主姓名", "姓名", "性别", "身份证号码", "年龄", "是否残疾", "残疾类型", "残疾等级", "低保类型", "联系方式", "开始时间", "保障标准", "救助类型",
     "开户行", "社保卡号", "动态调整记录", "备注", "享受结束日期", "保障状态"],
    ["一组", "7", "单志明", "单志明", "", id_no(11), 76, "否", "", "", "城市", "", "2025.1.1", 600, "", "", "6217000000000000", "", "", "", "正常"],
    ["一组", "7", "单志明", "仇小兰", "", id_no(22), 76, "否", "", "", "城市", "", "2024-1-1", 600, "", "", "", "", "", "2026-06-30", ""],
]  # fmt: skip
RELIEF = [
    ["村民组", "户主姓名", "救助对象姓名", "身份证号码", "联系电话", "救助类型", "申请事由", "申请日期", "审批状态", "审批日期", "救助金额", "开户行", "社保卡号", "发放方式",
     "发放日期", "经办人", "疾病名称", "灾害类型", "就读学校及年级", "家庭年人均收入", "民主评议意见", "救助后回访记录", "回访日期", "备注"],
    ["一组", "单志明", "单志明", id_no(11), "", "低保边缘", "", "", "已通过", "", "", "", "", "", "", "", "某病", "", "", "", "", "", "", ""],
    ["一组", "曾·艾力", "曾·艾力", id_no(33, "19480201"), "", "刚性支出困难家庭", "", "", "审批中", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""],
    ["一组", "王伟", "王伟", id_no(55), "", "临时救助", "", "", "已通过", "", 3000, "", "", "", "", "", "", "", "", "", "", "", "", ""],
]  # fmt: skip
TEKUN = [
    ["户主姓名", "姓名", "身份证号码", "供养方式", "月供养金", "护理等级"],
    ["王伟", "王伟", id_no(66, "19600101"), "集中供养", 900, "全护理"],
]
MONITORED = [
    ["户号", "户主姓名", "姓名", "监测类别", "风险类型", "风险消除时间", "帮扶责任人"],
    ["7", "单志明", "单志明", "边缘易致贫户", "因病", "", "网格员乙"],
    ["8", "曾·艾力", "曾·艾力", "突发严重困难户", "因灾", "2026.5.1", ""],
]
LIFTED = [
    ["户号", "户主姓名", "姓名", "脱贫年度", "致贫原因", "帮扶责任人", "帮扶措施"],
    ["7", "单志明", "单志明", 2019, "缺技术", "网格员丙", "务工"],
]
OLD_AGE = [
    ["2026年第三季度高龄津贴发放表"],
    ["老人姓名", "身份证号码", "老人联系方式", "户籍地址", "发放金额", "银行卡号", "人员类型", "原始类型"],
    ["单志明", id_no(11), "13900001234", "拾光县甲镇乙村", 150, "6217000000000000", "城镇", "新增"],
]
POSTS = [
    [
        "姓名",
        "身份证号码",
        "联系电话",
        "岗位名称",
        "责任片区",
        "工资",
        "开户行",
        "社保卡号",
        "合同开始",
        "合同结束",
        "备注",
    ],
    ["王伟", id_no(66, "19600101"), "", "保洁", "三号楼", 1800, "", "", "2026-1-1", "2028.12.31", ""],
]
RELOCATION = [
    [
        "村民组",
        "户号",
        "户主",
        "姓名",
        "性别",
        "身份证号码",
        "年龄",
        "联系方式",
        "原居住地址",
        "现居住地址",
        "搬迁类型",
        "申请时间",
        "审批状态",
        "备注",
    ],
    [
        "",
        "8",
        "曾·艾力",
        "曾·艾力",
        "",
        id_no(33, "19480201"),
        78,
        "",
        "拾光县甲镇乙村三组",
        "幸福苑3-2-502",
        "集中安置",
        "",
        "",
        "",
    ],
]
EXAMPLES: dict[str, tuple[Rows, str, dict[str, Any]]] = {
    "elders": (ELDERS, "单志明", {"living_arrangement": "with_spouse", "emergency_name": "单小明", "emergency_phone": "13800001111", "helper_name": "网格员甲"}),
    "empty_nest": (EMPTY_NEST, "仇小兰", {"lost_only_child": True, "child_visits_days": 365}),
    "left_behind": (LEFT_BEHIND, "曾小宝", {
        "school": "第一小学", "school_grade": "二年级", "guardian_name": "曾·艾力", "guardian_relation": "祖父", "guardian_phone": "13900009999",
        "parents_away": "both"}),
    "disability": (DISABILITY, "曾·艾力", {
        "disability_card": True, "disability_kind": "limb", "disability_grade": 2, "receives_dibao": True, "disability_card_until": date(2027, 3, 5)}),
    "dibao": (DIBAO, "单志明", {"receives_dibao": True, "dibao_from": date(2025, 1, 1)}),
    "relief": (RELIEF, "单志明", {"receives_dibao_edge": True}),
    "tekun": (TEKUN, "", {}),
    "monitored": (MONITORED, "单志明", {"is_monitored": True, "helper_name": "网格员乙"}),
    "lifted_out": (LIFTED, "单志明", {"helper_name": "网格员丙"}),
    "old_age": (OLD_AGE, "单志明", {"receives_old_age_allowance": True}),
    "public_posts": (POSTS, "", {}),
    "relocation": (RELOCATION, "曾·艾力", {}),
}  # fmt: skip


@pytest.mark.parametrize("code", list(EXAMPLES))
def test_a_list_with_its_real_columns_is_known_and_tells_its_facts(
    code: str, stand: Organisation, worker: Staff
) -> None:
    rows, name, facts = EXAMPLES[code]
    people = Person.objects.count()
    batch = bring(stand, worker, rows)
    assert kind(batch) == code and batch.created == 0 and batch.changed >= 1 and Person.objects.count() == people
    if name:
        assert known(name) == facts
    assert "6217000000000000" not in str([fact.value for fact in ToldFact.objects.all()])
    again = rows if code != "relief" else rows[:2]
    twice = preview(stand, worker, [*again, []])
    assert twice.changed + twice.same == len(again) - 1 - (code == "old_age"), "what is sealed is told whatever stands"
    written = ToldFact.objects.count()
    batches.commit_roster(batch=twice, actor=worker)
    assert ToldFact.objects.count() == written, "what stands already is not written a second time"
    acts.undo(act=twice.act, actor=worker, reason="传了两遍", partly=True)
    acts.undo(act=batch.act, actor=worker, reason="传错了", partly=True)
    assert not ToldFact.objects.exists() and not import_pages.kept_after_undo(batch, batch.made_by)
    assert (
        not Household.objects.exclude(origin_town="").exists()
        and not Household.objects.filter(lifted_out=True).exists()
    )
    assert ledger.verify(stand).ok


def test_what_ended_tells_the_contrary(stand: Organisation, worker: Staff) -> None:
    bring(stand, worker, DIBAO)
    assert known("仇小兰")["receives_dibao"] is False
    bring(stand, worker, MONITORED)
    assert known("曾·艾力")["is_monitored"] is False


def test_what_is_not_approved_or_not_kept_stays_out_with_its_reason(stand: Organisation, worker: Staff) -> None:
    batch = preview(stand, worker, RELIEF)
    assert equation(batch) == (3, 0, 1, 0, 2)
    reasons = [row.reasons for row in batch.rows.filter(kind="problem").order_by("row_no")]
    assert reasons == [["“审批状态”里的“审批中”，还没有批准，没有记"], ["“救助类型”里的“临时救助”不认得，没有记"]]


def test_the_household_learns_where_it_came_from(stand: Organisation, worker: Staff) -> None:
    bring(stand, worker, RELOCATION)
    home = Household.objects.get(head_name="曾·艾力")
    assert (home.origin_town, home.origin_village, home.version) == ("甲镇", "乙村", 2)
    bring(stand, worker, LIFTED)
    assert Household.objects.get(head_name="单志明").lifted_out is True
    assert parse_origin("某省某市新区某街道和平社区") == ("某街道", "和平社区") and parse_origin("乙村") == ("", "乙村")


HEAD = ["姓名", "身份证号码", "联系电话", "家庭住址", "残疾类型", "残疾等级"]
UNCLEAR: list[tuple[list[Any], str]] = [
    (["没这人", "", "", "", "肢体", "1"], "登记里没有对得上的“没这人”"),
    (["王伟", "", "", "", "肢体", "1"], "登记里有 2 位“王伟”，分不清"),
    (["单志明", id_no(22), "", "", "肢体", "1"], "这个身份证号登记的是 仇**"),
    (["单志明", id_no(999), "", "", "肢体", "1"], "登记里没有对得上的“单志明”"),
    (["单志明", "", "13911110000", "", "肢体", "1"], "门牌、电话、户号和出生日期都对不上"),
    (["单志明", id_no(11), "", "", "肢", "1"], "“残疾类型”里的“肢”不认得"),
    (["单志明", id_no(11), "", "", "肢体", "很重"], "“残疾等级”里的“很重”不认得"),
    (["单志明", 9.9e17, "", "", "肢体", "1"], "后三位已丢失"),
    (["单志明", "", "", "", "肢体", "1"], "只有姓名"),
    (["", id_no(11), "", "", "肢体", "1"], "没有姓名"),
]


@pytest.mark.parametrize("row,reason", UNCLEAR, ids=[reason for _, reason in UNCLEAR])
def test_a_row_that_cannot_be_matched_or_read_says_why(
    row: list[Any], reason: str, stand: Organisation, worker: Staff
) -> None:  # fmt: skip
    batch = preview(stand, worker, [HEAD, row])
    assert batch.rejected == 1 and reason in "；".join(batch.rows.get().reasons)


FOUND: list[list[Any]] = [
    ["王伟", "", "", "幸福苑3-1-102", "肢体", "1"],
    ["王伟", id_no(66, "19600101"), "", "", "肢体", "1"],
    ["曾•艾力", "", "139 0000 9999", "", "肢体", "1"],
    ["曾·艾力", "", "13900009999", "乱写的", "肢体", "1"],
]


@pytest.mark.parametrize("row", FOUND)
def test_a_person_is_found_by_whatever_the_row_tells(row: list[Any], stand: Organisation, worker: Staff) -> None:
    batch = bring(stand, worker, [HEAD, row])
    assert batch.changed == 1
    person = ToldFact.objects.filter(code="disability_grade").get().person
    assert person.household.household_no == ("10" if row[0] == "王伟" else "8")


def test_the_dead_and_the_moved_are_refused_by_name(stand: Organisation, worker: Staff) -> None:
    person = Person.objects.get(name="仇小兰")
    household_events.record_death(household=person.household, person=person, on_date=TODAY, actor=worker)
    batch = preview(stand, worker, [HEAD, ["仇小兰", id_no(22), "", "", "肢体", "1"]])
    assert batch.rows.get().reasons == ["仇小兰登记为已故，请先核对，再在户的页面上更正"]


def test_one_person_twice_in_a_list_is_told_once(stand: Organisation, worker: Staff) -> None:
    row = ["单志明", id_no(11), "", "", "肢体", "1"]
    batch = preview(stand, worker, [HEAD, row, [*row[:5], "2"]])
    assert equation(batch) == (2, 0, 1, 0, 1) and "第 2 行已经是这个人" in batch.rows.get(kind="problem").reasons[0]


def test_the_preview_says_what_was_known_and_what_is_told(stand: Organisation, worker: Staff) -> None:
    bring(stand, worker, [HEAD, ["单志明", id_no(11), "", "", "肢体", "3"]])
    batch = preview(stand, worker, [HEAD, ["单志明", id_no(11), "", "", "肢体", "2"]])
    lines = [("disability_kind", "残疾类型", HIDDEN, "肢体"), ("disability_grade", "残疾等级", HIDDEN, "2级")]
    assert [one for one in import_pages.changed_rows(batch, worker)[0]["lines"] if one in lines] == lines
    other = import_pages.changed_rows(batch, Staff(role="head", organisation=stand))
    assert "2级" not in str(other), "the list is hers"
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("imports:detail", args=[batch.pk])).content.decode()
    assert "残疾人台账" in page and "这类名单不新增居民" in page and id_no(11) not in page


def test_taking_a_list_back_keeps_what_was_told_since(stand: Organisation, worker: Staff) -> None:
    person = Person.objects.get(name="单志明")
    person_facts.note_facts(person=person, facts={"disability_grade": 4}, on_date=date(2026, 1, 1), actor=worker)
    batch = bring(stand, worker, [HEAD, ["单志明", id_no(11), "", "", "肢体", "3"]])
    with clock.at(clock.now().replace(day=25)):
        person_facts.note_facts(person=person, facts={"disability_grade": 1}, on_date=date(2026, 11, 25), actor=worker)
        acts.undo(act=batch.act, actor=worker, reason="传错了", partly=True)
        assert known("单志明") == {"disability_grade": 1}
        assert [one["title"] for one in import_pages.kept_after_undo(batch, batch.made_by)] == ["单志明"]


def test_taking_the_roster_back_keeps_a_person_of_whom_a_list_told(stand: Organisation, worker: Staff) -> None:
    bring(stand, worker, [HEAD, ["单志明", id_no(11), "", "", "肢体", "3"]])
    roster = ImportBatch.objects.get(file_name="名册.xlsx")
    acts.undo(act=roster.act, actor=worker, reason="传错了", partly=True)
    assert [p.name for p in Person.objects.all()] == ["单志明"] and known("单志明")["disability_grade"] == 3


VISITS = [
    [
        "序号",
        "姓名",
        "性别",
        "年龄",
        "联系电话",
        "居住地址",
        "网格",
        "健康状况",
        "走访日期",
        "走访人",
        "走访内容",
        "存在问题",
        "处理措施",
        "下次走访日期",
        "备注",
    ],
    [
        1,
        "单志明",
        "男",
        76,
        "",
        "幸福苑3-2-501",
        "",
        "好",
        "2026.11.3",
        "网格员",
        "聊了家常",
        "灯坏了",
        "已报修",
        "",
        "",
    ],
    [2, "曾·艾力", "", 78, "13900009999", "", "", "", "2026-11-04", "志愿者甲", "敲门没人应", "", "", "", ""],
    [3, "仇小兰", "", 76, "", "幸福苑3-2-501", "", "", "2026年11月5日", "网格员", "电话联系，一切都好", "", "", "", ""],
    [4, "单志明", "", 76, "", "幸福苑3-2-501", "", "", "", "网格员", "聊了家常", "", "", "", ""],
    [5, "单志明", "", 76, "", "幸福苑3-2-501", "", "", "2027-1-1", "网格员", "聊了家常", "", "", "", ""],
]


def test_unread_columns_are_named_and_never_kept(stand: Organisation, worker: Staff) -> None:
    rows = [RELIEF[0], [*RELIEF[1][:16], "不该留下的病", *RELIEF[1][17:]]]
    rows[1][8] = "审批中"
    batch = preview(stand, worker, rows)
    assert any("疾病名称" in note and "没有读、也不会保存" in note for note in batch.notes)
    kept = [row.cells + json.dumps(row.reasons) for row in batch.rows.all()]
    assert len(kept) == 1 and "不该留下的病" not in kept[0] and "单志明" in kept[0]


NOT_TAKEN = {
    "党员台账": [
        "村民组",
        "户号",
        "户主姓名",
        "姓名",
        "性别",
        "身份证号码",
        "年龄",
        "入党时间",
        "转正时间",
        "党龄",
        "联系方式",
        "党费",
        "所在支部",
    ],
    "退役军人台账": ["姓名", "身份证号码", "人员类别", "入伍时间", "退伍时间", "军龄", "军种"],
    "信访矛盾纠纷台账": ["反映人", "联系电话", "问题类型", "诉求内容", "处理人", "处理状态", "办结日期"],
}


@pytest.mark.parametrize("title", list(NOT_TAKEN))
def test_lists_that_are_no_business_of_the_register_are_not_taken(
    title: str, stand: Organisation, worker: Staff
) -> None:
    with pytest.raises(problems.NotTaken) as refused:
        preview(stand, worker, [NOT_TAKEN[title], ["x"] * len(NOT_TAKEN[title])])
    assert title in str(refused.value) and ImportBatch.objects.count() == 1


def test_a_person_can_say_which_list_it_is_and_it_is_remembered(stand: Organisation, worker: Staff) -> None:
    rows = [
        ["姓名", "身份证号码", "残疾类型", "残疾等级", "办证日期", "低保类型", "保障标准"],
        ["单志明", id_no(11), "肢体", "2", "", "", ""],
    ]
    batch = preview(stand, worker, rows)
    assert kind(batch) == "dibao"
    client = Client()
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("imports:columns", args=[batch.pk]), {"kind-0": "disability"})
    batch.refresh_from_db()
    assert kind(batch) == "disability" and batch.changed == 1
    batches.commit_roster(batch=batch, actor=worker)
    assert known("单志明") == {"disability_card": True, "disability_kind": "limb", "disability_grade": 2}
    assert kind(preview(stand, worker, [*rows, []])) == "disability"
    answer = client.post(reverse("imports:columns", args=[preview(stand, worker, rows, "b.xlsx").pk]), {"kind-0": "party"})  # fmt: skip
    assert answer.status_code == 400


def test_every_list_leads_to_facts_fields_or_writers_and_only_rosters_make_people() -> None:
    found = read_tables.kinds()
    assert [code for code, one in found.items() if one.people == "make"] == ["roster"]
    assert {one.writes for one in found.values()} == {"people", "facts", "visits", "nothing"}
    bad = {"code": "x", "title": "x", "people": "match", "writes": "facts", "columns": {"no_such_fact": ["某列"]}}
    with pytest.raises(ValueError, match="no_such_fact"):
        load_kinds([bad], packs.facts(), {})
    wrong = {**bad, "columns": {"disability_kind": {"names": ["类型"], "words": {"no_such_kind": ["某类"]}}}}
    with pytest.raises(ValueError, match="no_such_kind"):
        load_kinds([wrong], packs.facts(), {})
    assert isinstance(packs.facts()["school"], Fact)


def test_each_told_list_writes_its_lines(stand: Organisation, worker: Staff) -> None:
    bring(stand, worker, DISABILITY)
    assert LedgerEntry.objects.filter(code="register.household-changed").count() == 1
