"""A document is what it says, or unknown with its reason; no digit is invented."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaomen.kernel.documents import read_document, read_documents
from qiaomen.kernel.idcheck import check_digit

TODAY = date(2026, 11, 29)


def whole(first: str) -> str:
    return first + check_digit(first)


ID = whole("99010119700312011")
WITH_X = next(number for n in range(100) if (number := whole(f"990101197003120{n:02}")).endswith("X"))
WITH_000 = next(
    number for d in range(1, 28) for n in range(10) if (number := whole(f"990101197003{d:02}{n}00")).endswith("000")
)

KINDS = {
    ID: ("resident_id", ID),
    f" {ID} ": ("resident_id", ID),
    f"'{ID}": ("resident_id", ID),
    f"’{ID}": ("resident_id", ID),
    f'="{ID}"': ("resident_id", ID),
    f"{ID[:6]} {ID[6:14]} {ID[14:]}": ("resident_id", ID),
    f"{ID[:6]}-{ID[6:14]}-{ID[14:]}": ("resident_id", ID),
    f"身份证：{ID}": ("resident_id", ID),
    WITH_X.lower(): ("resident_id", WITH_X),
    WITH_X[:-1] + "×": ("resident_id", WITH_X),
    WITH_X.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")): ("resident_id", WITH_X),
    "990101700312011": ("resident_id", ID),
    990101700312011: ("resident_id", ID),
    whole("81000019700312011"): ("residence_card", whole("81000019700312011")),
    whole("83000019700312011"): ("residence_card", whole("83000019700312011")),
    whole("93115619700312011"): ("foreigner_card", whole("93115619700312011")),
    "USA310012345678": ("foreigner_card", "USA310012345678"),
    "E12345678": ("passport", "E12345678"),
    "e12345678": ("passport", "E12345678"),
    "EA1234567": ("passport", "EA1234567"),
    "护照：G12345678": ("passport", "G12345678"),
    "护照H12345678": ("passport", "H12345678"),
    "H1234567890": ("hm_permit", "H1234567890"),
    "M12345678": ("hm_permit", "M12345678"),
    "回乡证H12345678": ("hm_permit", "H12345678"),
    "01234567": ("tw_permit", "01234567"),
    "台胞证12345678": ("tw_permit", "12345678"),
    "T610000001": ("birth_certificate", "T610000001"),
}

PROBLEMS = {
    "": "blank",
    None: "blank",
    "无": "none",
    "/": "none",
    "0": "none",
    0: "none",
    "暂无": "none",
    "新生儿未上户": "unregistered",
    "未上户": "unregistered",
    "不详": "not-known",
    "待补": "not-known",
    "丢失": "lost",
    "身份证在补办": "lost",
    "同上": "refers",
    f"{ID[:6]}********{ID[-4:]}": "masked",
    float(ID): "damaged",
    int(ID): "damaged",
    "6.10199E+17": "damaged",
    f"{ID[:15]}000": "damaged",
    WITH_000: "maybe-damaged",
    ID[:-1]: "length",
    ID + "1": "length",
    "1234": "length",
    ID[:-1] + ("1" if ID[-1] != "1" else "2"): "check-digit",
    "99010119701312011X": "birth",
    whole("99010120300312011"): "future",
    ID.replace("0", "O"): "characters",
    f"{ID}/{WITH_X}": "two",
    "19560308": "maybe-a-date",
    date(1956, 3, 8): "maybe-a-date",
    "abc": "unreadable",
    True: "unreadable",
    1.5: "unreadable",
    "x" * 100: "unreadable",
}


@pytest.mark.parametrize(("cell", "document"), KINDS.items())
def test_a_document_is_its_kind_and_number(cell: object, document: tuple[str, str]) -> None:
    reading = read_document(cell, today=TODAY)
    assert (reading.kind, reading.number, reading.problem) == (*document, "")


@pytest.mark.parametrize(("cell", "problem"), PROBLEMS.items())
def test_what_is_no_whole_document_has_no_number(cell: object, problem: str) -> None:
    reading = read_document(cell, today=TODAY)
    assert (reading.number, reading.problem) == ("", problem) and reading.explanation


def test_a_number_tells_birth_and_sex_and_that_it_was_completed() -> None:
    reading = read_document("990101700312011")
    assert (reading.birth, reading.sex, reading.converted) == (date(1970, 3, 12), "male", True)


def test_a_number_that_ends_in_000_is_trusted_where_the_column_is_whole() -> None:
    assert [r.problem for r in read_documents([WITH_000, ID])] == ["", ""]
    assert [r.problem for r in read_documents([WITH_000, f"{ID[:15]}000"])] == ["maybe-damaged", "damaged"]
    assert [r.problem for r in read_documents([WITH_000, float(ID)])] == ["maybe-damaged", "damaged"]


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(1, 999))
def test_no_number_spoilt_by_a_spreadsheet_comes_in(birth: date, order: int) -> None:
    number = whole(f"990101{birth:%Y%m%d}{order:03}")
    assert read_document(number[:15] + "000").number == ""
    assert read_document(float(number.replace("X", "0"))).number == ""


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(1, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(birth: date, order: int, place: int, more: int) -> None:
    number = whole(f"990101{birth:%Y%m%d}{order:03}")
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert read_document(wrong).number == ""


@given(st.one_of(st.text(max_size=90), st.floats(), st.integers()))
def test_no_cell_breaks_the_grammar(cell: object) -> None:
    reading = read_document(cell, today=TODAY)
    assert bool(reading.number) != bool(reading.problem)


def test_fifteen_digits_that_came_as_a_number_are_whole() -> None:
    assert read_document(990101700312011.0).number == ID
