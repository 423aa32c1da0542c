"""Half-known queries: sixty-eight kinds, each describing whom it means and nobody else, the same for the same seed."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from benchmarks.worlds.half_known import KINDS, MOST, ask, searches
from benchmarks.worlds.half_known_facts import Neighbourhood, Resident
from benchmarks.worlds.office_tables import make_tables
from benchmarks.worlds.office_truth import AS_AT

SYLLABLES = ("zhang", "wang", "li", "shi", "chen", "fang", "gao", "min", "hua", "ying", "sheng", "lan")


def sounds(name: str) -> tuple[str, ...]:
    """Give each character a made-up sound, always the same: no dictionary is needed to test the words."""
    return tuple(SYLLABLES[ord(char) % len(SYLLABLES)] for char in name)


@pytest.fixture(scope="module")
def around() -> Neighbourhood:
    residents = []
    for table in make_tables(3, 40):
        for number, household in enumerate(table.truth):
            for place, person in enumerate(household.members):
                resident = Resident(
                    key=f"{table.name}/{number}/{place}",
                    name=person.name,
                    syllables=sounds(person.name),
                    sex=person.sex,
                    birth=person.birth,
                    relation=person.relation,
                    household=f"{table.name}/{number}",
                    head=household.head,
                    compound=household.door.compound,
                    building=household.door.building or "",
                    entrance=household.door.entrance,
                    room=household.door.room,
                    telephone=person.telephone or "",
                    document=person.document or "",
                    household_no=household.household_no or "",
                )
                residents.append(spiced(resident, len(residents)))
    return Neighbourhood(residents, AS_AT)


def spiced(resident: Resident, number: int) -> Resident:
    """Give some people what an office knows of some: a group, a nickname, a former name, a place of work."""
    return replace(
        resident,
        groups=("独居老人",) if number % 9 == 0 else (),
        nickname=f"{resident.name[-1]}娃" if number % 7 == 0 else "",
        former_name=f"{resident.surname}小{resident.name[-1]}" if number % 11 == 0 else "",
        work_place=f"修车铺{number % 500}" if number % 5 == 0 else "",
    )


def test_there_are_sixty_eight_kinds():
    assert len(KINDS) == 68


def test_every_kind_asks_fifty_times_in_a_small_town(around):
    times = Counter(search.kind for search in searches(around, Random(1)))
    assert {name: times[name] for name in KINDS if times[name] < 50} == {}


def test_the_one_meant_fits_and_no_more_than_twenty_do(around):
    for search in searches(around, Random(2), each=10):
        assert search.wanted in search.fitting
        assert len(search.fitting) <= MOST
        assert search.query.strip() and "None" not in search.query


def test_the_same_seed_asks_the_same(around):
    first, again = (list(searches(around, Random(4), each=3)) for _ in range(2))
    assert first == again


def test_what_is_not_known_is_not_asked(around):
    bare = Resident("k", "赵一", (), "", None, "", "h", "", "", "", None, "")
    alone = Neighbourhood([bare], AS_AT)
    assert {name for name in KINDS if ask(name, bare, alone, Random(1))} == {
        "given name only",
        "name and what is to be done",
    }


def test_words_are_as_people_say_them(around):
    aunt = Resident(
        "a",
        "高秀英",
        ("gao", "xiu", "ying"),
        "女",
        AS_AT.replace(year=1966),
        "配偶",
        "h",
        "张建国",
        "幸福苑",
        "3",
        "2",
        "501",
        "13800001234",
        "990101196606010022",
        "12",
        ("独居老人",),
        "英子",
        "高小英",
        "修车铺",
    )
    town = Neighbourhood([aunt], AS_AT)
    said = {name: found.query for name in KINDS if (found := ask(name, aunt, town, Random(1)))}
    assert said["title 阿姨"] == "幸福苑3栋 高阿姨"
    assert said["head's husband or wife"] == "张建国的妻子"
    assert said["work place"] == "修车铺的"
    assert said["door in Chinese numerals"] == "三栋二单元五零一"
    assert said["floor and surname"] == "3栋5楼 高"
    assert said["surname and last character"] == "高英"
    assert said["pinyin, n for ng"] == "gaoxiuyin"
    assert said["mask of a telephone pasted"] == "138****1234"
    assert said["surname and decade"] == "幸福苑 高 六十多岁"
    assert "title 奶奶" not in said
