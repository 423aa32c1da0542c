"""A telephone is kept whole or not at all, and every number of a cell is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaomen.kernel.telephones import read_telephones

ONE, TWO = "13800138000", "13900139000"
LAND = "0917-7962345"

NUMBERS: dict[object, tuple[str, ...]] = {
    ONE: (ONE,),
    13800138000: (ONE,),
    "13800138000.0": (ONE,),
    " 13800138000 ": (ONE,),
    "+86 13800138000": (ONE,),
    "+8613800138000": (ONE,),
    "8613800138000": (ONE,),
    "0086-13800138000": (ONE,),
    "(+86)13800138000": (ONE,),
    "138 0013 8000": (ONE,),
    "138-0013-8000": (ONE,),
    "１３８００１３８０００": (ONE,),
    "'13800138000": (ONE,),
    "手机：13800138000": (ONE,),
    "13800138000（子）": (ONE,),
    "1.3800138000E+10": (ONE,),
    f"{ONE}/{TWO}": (ONE, TWO),
    f"{ONE},{TWO}": (ONE, TWO),
    f"{ONE}、{TWO}": (ONE, TWO),
    f"{ONE};{TWO}": (ONE, TWO),
    f"{ONE}；{TWO}": (ONE, TWO),
    f"{ONE} {TWO}": (ONE, TWO),
    f"{ONE}\n{TWO}": (ONE, TWO),
    f"{ONE}{TWO}": (ONE, TWO),
    f"{ONE}或{TWO}": (ONE, TWO),
    f"{ONE}，{LAND}": (ONE, LAND),
    f"{ONE} {LAND}": (ONE, LAND),
    f"{ONE}/{ONE}": (ONE,),
    "0917-7962345": (LAND,),
    "09177962345": (LAND,),
    "(0917)7962345": (LAND,),
    "0917 7962345": (LAND,),
    "0917—7962345": (LAND,),
    "0917/7962345": (LAND,),
    "9177962345": (LAND,),
    9177962345.0: (LAND,),
    "+86-917-7962345": (LAND,),
    "0917-7962345-801": (LAND,),
    "0917-7962345转801": (LAND,),
    "7962345": ("7962345",),
    "010-62345678": ("010-62345678",),
    "01062345678": ("010-62345678",),
    "029-87654321": ("029-87654321",),
    "12345": ("12345",),
    "110": ("110",),
    "95598": ("95598",),
    "400-800-1234": ("4008001234",),
    "661234": ("661234",),
    "+852 9123 4567": ("+85291234567",),
    "00852-91234567": ("+85291234567",),
}

UNKNOWN = {
    "138****8000": "masked",
    "138xxxx8000": "masked",
    "138●●●●8000": "masked",
    "1380013****": "masked",
    "1.38001E+10": "damaged",
    "1.38E+10": "damaged",
    "1.3800138E+10": "damaged",
    "0": "none",
    0: "none",
    "无": "none",
    "/": "none",
    "-": "none",
    "不详": "none",
    "": "blank",
    None: "blank",
    "同上": "refers",
    "1380013800": "length",
    "138001380001": "length",
    "12800138000": "prefix",
    "1380013800O": "unreadable",
    "abc": "unreadable",
    1.5: "unreadable",
    float("nan"): "unreadable",
    True: "unreadable",
    "x" * 200: "unreadable",
}


@pytest.mark.parametrize(("cell", "numbers"), NUMBERS.items())
def test_the_numbers_of_a_cell_are_all_kept(cell: object, numbers: tuple[str, ...]) -> None:
    readings = read_telephones(cell)
    assert tuple(reading.normal for reading in readings) == numbers and not any(r.problem for r in readings)


@pytest.mark.parametrize(("cell", "problem"), UNKNOWN.items())
def test_what_is_no_whole_number_stays_unknown(cell: object, problem: str) -> None:
    (reading,) = read_telephones(cell)
    assert (reading.normal, reading.digits, reading.problem) == ("", "", problem) and reading.explanation


def test_a_mask_leaves_its_tail() -> None:
    assert read_telephones("138****8000")[0].tail == "8000"


def test_an_extension_is_kept() -> None:
    assert read_telephones("0917-7962345转801")[0].extension == "801"


def test_whose_number_it_is_is_noted() -> None:
    assert [(r.normal, r.note) for r in read_telephones(f"张三:{ONE} 李四:{TWO}")] == [(ONE, "张三"), (TWO, "李四")]


def test_a_good_number_beside_a_broken_one_is_kept() -> None:
    assert [r.normal or r.problem for r in read_telephones(f"{ONE}/39")] == [ONE, "length"]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (ONE, "mobile"),
        (LAND, "landline"),
        ("12345", "service"),
        ("661234", "short"),
        ("+85291234567", "abroad"),
        ("无", "none"),
    ],
)
def test_the_kind_is_told(cell: str, kind: str) -> None:
    assert read_telephones(cell)[0].kind == kind


MOBILES = st.tuples(st.integers(3, 9), st.integers(0, 10**9 - 1)).map(lambda part: f"1{part[0]}{part[1]:09}")


@given(
    st.lists(MOBILES, min_size=1, max_size=3, unique=True), st.sampled_from(["/", ",", "、", "；", " ", "\n", " / "])
)
def test_any_separator_keeps_all_numbers(numbers: list[str], sign: str) -> None:
    assert [reading.normal for reading in read_telephones(sign.join(numbers))] == numbers


@given(MOBILES)
def test_a_number_that_lost_its_end_is_never_a_number(number: str) -> None:
    damaged = f"{number[0]}.{number[1:6]}E+10"
    assert [reading.problem for reading in read_telephones(damaged)] == ["damaged"]


@given(st.one_of(st.text(max_size=130), st.floats(), st.integers()))
def test_no_cell_breaks_the_grammar(cell: object) -> None:
    for reading in read_telephones(cell):
        assert bool(reading.normal) != bool(reading.problem)


def test_a_cell_that_came_as_a_number_is_read_like_its_text() -> None:
    assert read_telephones(13800138000.0)[0].normal == ONE
