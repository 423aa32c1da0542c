"""Names of the register are found by construction, an everyday word only where a person is meant; others by grammar."""

import pytest

from benchmarks.worlds.spoken import CLEAN, NAMED
from qiaomen.redaction.known_names import Registered
from qiaomen.redaction.passing import passing
from qiaomen.redaction.scan import marks_in
from qiaomen.redaction.tests.made import NAMES, find, kinds

ACCOUNT = "6100230000001234"
"""Sixteen digits with a wrong check digit: only the word before them says what they are."""


@pytest.mark.parametrize(
    "text", ["王建国", "王 建 国", "王\u200b建国", "王\n建国", "王·建·国", "给王建国送去", "由王建国签字"]
)
def test_a_registered_name_is_found_however_it_is_broken(text: str) -> None:
    assert kinds(text) == ["name"]


@pytest.mark.parametrize("text", ["居民高峰反映漏水", "高峰家住二楼", "高 峰来电", "给高峰（男）送药"])
def test_a_name_that_is_an_everyday_word_is_found_where_a_person_is_meant(text: str) -> None:
    assert "name" in kinds(text)


@pytest.mark.parametrize(
    "text", ["早高峰时段请错峰出行", "高峰期每天两小时", "用电高峰已过", "每张海报都要张贴", "迎高峰、保供电"]
)
def test_an_everyday_word_and_what_two_words_share_are_no_name(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "居民张德福反映漏水",
        "李秀兰女士来电",
        "申请人：周子涵，材料齐全",
        "户主刘万里，家住城东",
        "陈阿妹的女儿在外地",
        "看望老人郑 淑 珍，送去米面",
        "阿依古丽·买买提来访",
        "到场的有郑淑珍、郑秀兰、郑志明。",
        "诸葛清明因病住院",
    ],
)
def test_a_name_on_no_register_is_found_beside_a_role(text: str) -> None:
    assert "other_name" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "居民高度重视",
        "业主安全意识",
        "马上就办",
        "常住人口登记",
        "群众方便",
        "户主和成员信息",
        "石油路封闭",
        "方案通过",
        "于春节前完成",
    ],
)
def test_everyday_words_that_begin_with_a_surname_are_no_names(text: str) -> None:
    assert kinds(text) == []


def test_what_the_office_lets_pass_stands_and_a_shorter_registered_name_inside_it_does_not_alarm() -> None:
    assert kinds("网格员赵明远，电话0917-7960000，热线12345，地址：幸福苑3号楼1单元101室。") == []
    assert kinds("网格员赵明亮女士，电话0917-7961111。") == ["other_name", "phone"]


@pytest.mark.parametrize(
    ("passes", "called", "minor"),
    [("李敏", "李敏华", False), ("张磊", "张磊磊", True), ("小明", "李小明", True), ("赵明远", "远大洋", False)],
)
def test_a_registered_name_that_is_more_than_the_passing_one_it_holds_or_meets_is_found(
    passes: str, called: str, minor: bool
) -> None:
    names, text = Registered({called: minor}), f"网格员{passes}走访。居民{called}来电。"
    found = [(mark.kind, mark.plain) for mark in marks_in(text, names, passing([passes]))]
    assert found == [("minor" if minor else "name", called)]
    assert called in {mark.plain for mark in marks_in(f"{passes}{called}来电", names, passing([passes]))}


@pytest.mark.parametrize("joined", ["赵明远大洋来电", "住户赵明远大洋"])
def test_a_registered_name_that_begins_inside_a_passing_one_is_found(joined: str) -> None:
    assert [mark.plain for mark in marks_in(joined, Registered({"远大洋": True}), passing(["赵明远"]))] == ["远大洋"]


def test_a_name_on_no_register_that_holds_a_passing_one_is_found() -> None:
    found = marks_in("学生张磊磊获奖，网格员张磊到场。", Registered(), passing(["张磊"]))
    assert [mark.plain for mark in found] == ["张磊磊"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("学生李小明获奖", "minor"),
        (f"账号{ACCOUNT}", "bank"),
        ("护照号AB1234567890123", "document"),
        ("电话13912345678", "phone"),
        ("3号楼2单元401室漏水", "door"),
    ],
)
def test_a_list_speaks_for_its_own_kind_alone_and_for_no_kind_that_is_never_kept(text: str, kind: str) -> None:
    found = next(mark for mark in marks_in(text, NAMES, passing()) if mark.kind == kind)
    own = {"phone": "numbers", "door": "addresses"}.get(kind, "")
    for name in ("names", "numbers", "addresses"):
        if (name, kind) == ("names", "minor"):
            continue  # whoever works here under a child's name: docs/decisions/0051
        lets = passing(**{name: [found.plain, text[found.start : found.end]]})
        assert (found in marks_in(text, NAMES, lets)) is (name != own), name


def test_a_passing_name_is_known_however_the_list_writes_it() -> None:
    assert not marks_in("网格员赵明远女士来电。", Registered(), passing(["赵 明·远"]))


def test_of_two_ways_to_write_a_name_the_child_s_counts_in_either_order() -> None:
    for people in ({"李小明": True, "李·小明": False}, {"李·小明": False, "李小明": True}):
        assert [mark.kind for mark in marks_in("李小明来电", Registered(people), passing())] == ["minor"]


def test_a_child_is_a_minor_by_the_register_by_school_and_by_kin() -> None:
    assert kinds("李小明获奖") == ["minor"]
    chain = find("杜某的女儿，县西街小学六年级，上学困难。").findings
    assert [(finding.kind, finding.found) for finding in chain] == [("minor", "杜某的女儿，县西街小学六年级")]
    assert chain[0].instead["role"] == "一名学生"


def test_an_illness_or_income_is_private_only_beside_somebody() -> None:
    assert kinds("糖尿病、高血压患者请按时服药，月收入低于800元的可以申请低保。") == []
    assert kinds("王建国患糖尿病，月收入800元。") == ["name", "health", "income"]


@pytest.mark.parametrize("text", ["3号楼2单元401室漏水", "幸福苑3-2-402", "东关村三组12号", "5栋1单元6楼东户"])
def test_a_door_is_found(text: str) -> None:
    assert kinds(text) == ["door"]


@pytest.mark.parametrize(
    "text",
    [
        "幸福苑3号楼1单元101室",
        "地址：幸福苑 3号楼1单元 101室，欢迎来访",
        "幸福苑３号楼１单元１０１室",
        "到幸福苑-3号楼-1单元-101室办",
    ],
)
def test_the_address_that_the_office_posts_stands_where_all_of_it_stands(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "居委会在幸福苑3号楼1单元101室，楼上3号楼2单元401室漏水",
        "3号楼2单元401室漏水，请到幸福苑3号楼1单元101室登记",
        "安居苑3号楼1单元101室漏水",
        "3号楼1单元101室漏水",
        "幸福苑3号楼1单元101室东邻3号楼1单元102室",
        "幸福苑\uffff3号楼1单元101室",
    ],
)
def test_a_door_of_somebody_near_the_posted_address_or_like_its_end_is_found(text: str) -> None:
    assert kinds(text) == ["door"]


def test_an_address_posted_without_its_door_opens_no_door_behind_it() -> None:
    found = marks_in("幸福苑3号楼1单元401室漏水", NAMES, passing(addresses=["幸福苑3号楼1单元", "幸福苑"]))
    assert [mark.kind for mark in found] == ["door"]


@pytest.mark.parametrize("text", ["3号楼至7号楼新增车位", "2单元楼梯扶手", "杜康路18号", "12月3-5日", "第3章第2-401条"])
def test_what_nobody_can_knock_at_is_no_door(text: str) -> None:
    assert kinds(text) == []


def test_most_names_in_sentences_by_hand_are_found_and_clean_words_are_left() -> None:
    """Not a promise for every text: what falls short is in docs/explanation/publication-gate.md."""
    names = Registered()
    missed = []
    for sentence, called in NAMED:
        found = "|".join(mark.plain for mark in marks_in(sentence, names, passing()))
        missed += [name for name in called.split() if name not in found]
    assert len(missed) <= 9, missed  # of 92: nine tenths; 95 % is the goal
    assert not [mark for text in CLEAN for mark in marks_in(text, names, passing())]
