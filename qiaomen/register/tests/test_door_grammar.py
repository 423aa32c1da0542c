"""One door is one door however it is spelt, and two doors are never one."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from qiaomen.register.rules.doors.grammar import DoorKey, compare_doors, read_door, read_door_columns

TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "doors.yaml").read_text(encoding="utf-8"))


def key_of(text: str) -> DoorKey:
    return DoorKey(*(part.strip() for part in text.split("|")))


SPELLINGS = [(str(text), key_of(door["is"])) for door in TABLE["doors"] for text in door["written"]]


def test_the_table_has_two_hundred_spellings() -> None:
    assert len({text for text, _ in SPELLINGS}) >= 200


@pytest.mark.parametrize(("text", "key"), SPELLINGS)
def test_a_spelling_is_its_door(text: str, key: DoorKey) -> None:
    assert read_door(text).key == key


@pytest.mark.parametrize(("text", "compound", "building", "entrance", "door"), TABLE["defaults"])
def test_what_stands_around_a_cell_completes_it(
    text: str, compound: str, building: str, entrance: str, door: str
) -> None:
    assert read_door(text, compound=compound, building=building, entrance=entrance).key == key_of(door)


@pytest.mark.parametrize(("text", "problem"), TABLE["ask"].items())
def test_what_is_not_sure_is_asked(text: str, problem: str) -> None:
    reading = read_door(text)
    assert (reading.problem, reading.key) == (problem, None) and reading.explanation


@pytest.mark.parametrize(("one", "other"), TABLE["other"])
def test_two_doors_are_two(one: str, other: str) -> None:
    assert compare_doors(read_door(one), read_door(other)) == "other"


def test_an_entrance_that_only_one_side_tells_is_asked() -> None:
    assert compare_doors(read_door("幸福苑3-501"), read_door("幸福苑3-2-501")) == "ask"
    assert compare_doors(read_door("3-2-501"), read_door("幸福苑3-2-501")) == "ask"


def test_no_door_has_a_label_without_its_compound() -> None:
    assert read_door("3-2-501").label == "" and read_door("3-2-501").key is None
    assert read_door("3-2-501", compound="幸福苑").label == "幸福苑3号楼2单元501"


@pytest.mark.parametrize(
    ("text", "notes"), [("租住幸福苑3-2-501", ("租户",)), ("幸福苑3-2-501（空置）", ("空房",)), ("幸福苑3-2-501", ())]
)
def test_what_is_noted_beside_a_door_is_kept(text: str, notes: tuple[str, ...]) -> None:
    assert read_door(text).notes == notes


def test_words_behind_a_door_are_kept_apart() -> None:
    assert read_door("幸福苑3-2-501张三家").rest == "张三家"


@pytest.mark.parametrize(
    ("columns", "label"),
    [
        ({"compound": "幸福苑小区", "building": 3.0, "entrance": "二", "room": 501.0}, "幸福苑3号楼2单元501"),
        ({"compound": "幸福苑", "building": "3号楼2单元", "room": "501"}, "幸福苑3号楼2单元501"),
        ({"compound": "幸福苑", "room": "3-2-501"}, "幸福苑3号楼2单元501"),
        ({"compound": "幸福苑", "building": "B", "room": 501}, "幸福苑B号楼501"),
        ({"compound": "李家村", "building": "五组", "room": 23}, "李家村5组23号"),
        ({"compound": "幸福苑", "address": "3-2-501"}, "幸福苑3号楼2单元501"),
    ],
)
def test_columns_of_their_own_are_read_by_the_same_grammar(columns: dict[str, Any], label: str) -> None:
    assert read_door_columns(**columns).label == label


def test_columns_and_address_that_differ_are_asked() -> None:
    reading = read_door_columns(compound="幸福苑", building="3", entrance="2", room="501", address="幸福苑4-2-501")
    assert reading.problem == "contradiction"


def test_a_known_compound_is_found_behind_its_street_and_not_inside_another_name() -> None:
    known = ("幸福苑",)
    assert read_door("柳湾路幸福苑3-2-501", known=known).compound == "幸福苑"
    assert read_door("新幸福苑3-2-501", known=known).compound == "新幸福苑"


def test_a_known_compound_that_ends_in_a_number_is_told_from_its_buildings() -> None:
    assert read_door("阳光1003号楼2单元501", known=("阳光100",)).key == DoorKey("阳光100", "3", "2", "501")


HAN = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """Write 1 to 99 as people do."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 1 else "十" if tens == 1 else HAN[tens] + "十") + (HAN[ones] if ones else "")


NUMBERS = (str, lambda n: f"{n:02d}", chinese)
ROOMS = (str, lambda n: f"{n:04d}", lambda n: "".join(HAN[int(d)] for d in str(n)))
BUILDING_MARKS = ("号楼", "栋", "幢", "座", "#楼", "#")
ENTRANCE_MARKS = ("单元", "门洞", "梯", "门")
ROOM_MARKS = ("", "室", "号", "户", "门")
FRONTS = ("", "拾光县", "柳湾镇", "拾光县柳湾镇", "租住", "住址：", "柳湾路39号")
BACKS = ("", "（租户）", "(空房)", " 租", "。")
DOORS = st.tuples(
    st.sampled_from(["幸福苑", "平安里", "翠湖名苑", "阳光家园"]),
    st.integers(1, 99),
    st.integers(1, 20),
    st.integers(1, 33).flatmap(lambda floor: st.integers(floor * 100 + 1, floor * 100 + 12)),
)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, DoorKey]:
    compound, building, entrance, room = draw(DOORS)
    plain = draw(st.booleans())
    if plain:
        sign = draw(st.sampled_from(["-", "/", " ", "－", "—", "、", "_"]))
        body = sign.join([str(building), str(entrance), str(room)])
    else:
        body = draw(st.sampled_from(NUMBERS))(building) + draw(st.sampled_from(BUILDING_MARKS))
        body += draw(st.sampled_from(NUMBERS))(entrance) + draw(st.sampled_from(ENTRANCE_MARKS))
        if draw(st.booleans()):
            body += f"{room // 100}" + draw(st.sampled_from(["楼", "层"]))
        body += draw(st.sampled_from(ROOMS))(room)
    place = compound + draw(st.sampled_from(["", "小区"]))
    text = (
        draw(st.sampled_from(FRONTS)) + place + body + draw(st.sampled_from(ROOM_MARKS)) + draw(st.sampled_from(BACKS))
    )
    return text, DoorKey(compound, str(building), str(entrance), str(room))


@given(spellings())
def test_every_way_to_write_a_door_gives_that_door(written: tuple[str, DoorKey]) -> None:
    text, key = written
    assert read_door(text).key == key


@given(DOORS, DOORS)
def test_two_doors_written_alike_are_never_one(
    one: tuple[str, int, int, int], other: tuple[str, int, int, int]
) -> None:
    first, second = (read_door(f"{c}{b}-{e}-{r}") for c, b, e, r in (one, other))
    assert (first.key == second.key) == (one == other)


@given(DOORS)
def test_the_label_of_a_door_is_that_door(door: tuple[str, int, int, int]) -> None:
    compound, building, entrance, room = door
    reading = read_door(f"{compound}{building}-{entrance}-{room}")
    assert read_door(reading.label).key == reading.key


@given(st.text(max_size=90))
def test_no_text_breaks_the_grammar_and_no_key_lacks_its_compound(text: str) -> None:
    reading = read_door(text)
    assert reading.problem or (reading.key and reading.key.compound and reading.key.room)


@pytest.mark.parametrize("door", sorted({door["is"] for door in TABLE["doors"]}))
def test_the_label_of_any_kind_of_door_is_that_door(door: str) -> None:
    text = next(str(one["written"][0]) for one in TABLE["doors"] if one["is"] == door)
    assert read_door(read_door(text).label).key == key_of(door)
