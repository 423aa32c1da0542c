"""People are found by what is half known of them; whoever may not read a fact is answered the same whatever it is."""

from datetime import date
from typing import Any

import pytest

from qiaomen.kernel import clock
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.actions.looks import find_page, find_people
from qiaomen.register.models import Person
from qiaomen.register.rules.search.facts import Fact, read_facts
from qiaomen.register.rules.search.readings import Vocabulary, readings
from qiaomen.register.rules.search.tokens import blur
from qiaomen.register.tests.town import bring_in

ROWS: list[list[Any]] = [
    [1, "高建国", "户主", "", "13912341234", "幸福苑3-2-501"],
    [1, "张秀英", "配偶", "", "13900005678", ""],
    [1, "高明", "子", "", "", ""],
    [2, "王八斤", "户主", "", "13800001234", "幸福苑3-2-502"],
    [3, "李文华", "户主", "", "", "锦瑟里13-2-501"],
    [4, "张伟", "户主", "", "", "锦瑟里3-2-501"],
]
BORN = {
    "高建国": (date(1950, 3, 5), "male"),
    "张秀英": (date(1956, 6, 1), "female"),
    "高明": (date(1985, 9, 13), "male"),
    "王八斤": (date(1941, 1, 2), "male"),
    "李文华": (date(1993, 12, 4), "female"),
    "张伟": (date(1960, 2, 2), "male"),
}


@pytest.fixture
def town(community: Organisation, head: Staff) -> Organisation:
    bring_in(community, head, ROWS)
    for name, (born, sex) in BORN.items():
        Person.objects.filter(name=name).update(birth_date=born, sex=sex)
    Person.objects.filter(name="高明").update(work_place="东风路修车铺")
    Person.objects.get(name="高建国").household.people.update()
    home = Person.objects.get(name="高建国").household
    home.household_no = "4107"
    home.save(update_fields=["household_no"])
    return community


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("80多岁姓王的", ["王八斤"]),
        ("幸福苑3栋 高大爷", ["高建国"]),
        ("幸福苑 高大爷", ["高建国"]),
        ("张阿姨", ["张秀英"]),
        ("老高", ["高建国"]),
        ("幸福苑3栋 小高", ["高明"]),
        ("老高家", ["高建国", "张秀英", "高明"]),
        ("高建国家", ["高建国", "张秀英", "高明"]),
        ("高建国的妻子", ["张秀英"]),
        ("张秀英的儿子", ["高明"]),
        ("修车铺的", ["高明"]),
        ("高 修车铺", ["高明"]),
        ("1950年3月5日", ["高建国"]),
        ("李 1993", ["李文华"]),
        ("李 93年的", ["李文华"]),
        ("高明 9月13日", ["高明"]),
        ("幸福苑3栋 女 70", ["张秀英"]),
        ("李华", ["李文华"]),
        ("高国建", ["高建国"]),
        ("李文花", ["李文华"]),
        ("李武华", ["李文华"]),
        ("zangwei", ["张伟"]),
        ("zhanwei", ["张伟"]),
        ("gao jianguo", ["高建国"]),
        ("4107", ["高建国", "张秀英", "高明"]),
        ("139****1234", ["高建国"]),
        ("138****1234", ["王八斤"]),
        ("137****1234", []),
        ("锦瑟里 李", ["李文华"]),
        ("锦瑟里李文华", ["李文华"]),
        ("李文华 锦瑟里", ["李文华"]),
        ("锦瑟 3-2-501", ["张伟"]),
        ("十三栋二单元五零一", ["李文华"]),
        ("13#楼2单元501", ["李文华"]),
        ("13/2/501", ["李文华"]),
        ("13 2 501", ["李文华"]),
        ("13栋5楼 李", ["李文华"]),
        ("13栋6楼 李", []),
    ],
)
def test_half_a_fact_finds_the_person(town: Organisation, head: Staff, text: str, found: list[str]) -> None:
    assert [hit.title for hit in find_people(community=town, text=text, actor=head)] == found


def test_a_hit_says_compound_sex_and_age_group_and_how_it_was_found(town: Organisation, head: Staff) -> None:
    (hit,) = find_people(community=town, text="李武华", actor=head)
    assert hit.subtitle == "锦瑟里 13-2-501 · 女 · 18–34 岁 · 户主" and hit.near and not hit.told
    (hit,) = find_people(community=town, text="修车铺的", actor=head)
    assert [field.code for field in hit.told] == ["work_place"]


@pytest.mark.parametrize("text", ["修车铺的", "1950年3月5日"])
def test_what_being_found_tells_is_a_look(town: Organisation, head: Staff, text: str) -> None:
    hits = find_people(community=town, text=text, actor=head)
    line = LedgerEntry.objects.get(code="register.list-looked")
    assert set(line.detail["people"]) == {hit.id for hit in hits} and line.actor == head and line.fields


@pytest.mark.parametrize("text", ["姓王 85岁", "老高", "李 1993", "高建国的妻子", "4107", "锦瑟里 李"])
def test_what_a_filter_may_ask_is_none(town: Organisation, head: Staff, text: str) -> None:
    assert find_people(community=town, text=text, actor=head)
    assert not LedgerEntry.objects.filter(code="register.list-looked")


@pytest.mark.parametrize("text", ["独居老人", "独居老人 王", "修车铺的", "85岁姓王的", "1950年3月5日", "王 1941"])
def test_a_volunteer_is_told_nothing_by_asking(town: Organisation, head: Staff, text: str) -> None:
    volunteer = Staff.objects.create_user("v", None, name="志愿者", role="volunteer", organisation=town)
    assert find_people(community=town, text=text, actor=volunteer) == []
    assert not LedgerEntry.objects.filter(code="register.list-looked")


def test_a_sealed_child_is_not_found_by_what_is_not_shown(town: Organisation, head: Staff, worker: Staff) -> None:
    today = clock.today()
    born = today.replace(year=today.year - 9)
    Person.objects.filter(name="高明").update(birth_date=born, work_place="")
    texts = ("9岁", "高 9岁", f"{born.year}年{born.month}月{born.day}日", "高建国的儿子", "小高")
    for text in texts:
        assert "高**" not in [hit.title for hit in find_people(community=town, text=text, actor=worker)], text
        assert "高明" in [hit.title for hit in find_people(community=town, text=text, actor=head)], text
    assert "高**" in [hit.title for hit in find_people(community=town, text="老高家", actor=worker)]


def test_hits_are_counted_and_paged(town: Organisation, head: Staff) -> None:
    rows = [
        [n, f"王{'甲乙丙丁戊'[n % 5]}{'子丑寅卯辰巳午未申酉'[n // 5]}", "户主", "", "", f"锦瑟里9-1-{101 + n}"]
        for n in range(45)
    ]
    bring_in(town, head, rows)
    pages = [find_page(community=town, text="锦瑟里9栋", actor=head, page=n) for n in (1, 2, 3, 4)]
    assert [len(page.hits) for page in pages] == [20, 20, 5, 0]
    assert {page.total for page in pages} == {45} and not any(page.more for page in pages)
    assert len({hit.id for page in pages for hit in page.hits}) == 45


def test_the_reader_leaves_names_alone() -> None:
    for name in ("王小明", "家家", "十三", "李岁", "月明", "老舍"):
        assert [Fact("born", None)] not in list(read_facts(name, 2026))
        read = readings(name, str, Vocabulary(), 2026)
        assert any(not reading.facts and any(word.name == name for word in reading.words) for reading in read), name


def test_sounds_that_are_mixed_up_are_one() -> None:
    assert blur("zhangsheng") == blur("zansen") and blur("wang") == "wan" != blur("wa")
