"""A number is found in any dress; dates, sums and references are none."""

import pytest

from benchmarks.worlds.planted import DISGUISES
from qiaomen.redaction.numbers import numbers_in
from qiaomen.redaction.tests.made import ID

VALUES = {"id_no": ID, "phone": "13912345678", "bank": "6222021234567890128"}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("kind", VALUES)
def test_a_number_is_found_in_any_dress_and_its_whole_stretch_is_covered(kind: str, disguise: str) -> None:
    dressed = DISGUISES[disguise](VALUES[kind])
    text = f"请核对{dressed}后回复"
    found = numbers_in(text)
    assert [(hit.kind, hit.plain) for hit in found] == [(kind, VALUES[kind])]
    assert (
        dressed.strip("'") in text[found[0].start : found[0].end] or len(dressed) > found[0].end - found[0].start > 10
    )


@pytest.mark.parametrize(
    "text",
    [
        "投入资金13,912,345,678.00元，工期2026.12.01-2027.01.31。",
        "上午8:30-12:00，下午14:00-17:30，2026年12月1日至15日。",
        "国办发〔2026〕12号第18条，编号DY20260001，共300户1200人。",
        "表决：同意138票、反对12票、弃权3票；面积12345.67平方米。",
        "一、二、三、四号楼，一九五〇年建成。",
        "合计1502 300 12004 5，比上年增长12.5%。",
    ],
)
def test_dates_sums_and_references_are_no_numbers_of_a_person(text: str) -> None:
    assert numbers_in(text) == []


def test_a_number_with_one_wrong_digit_is_still_shown() -> None:
    wrong = ID[:17] + ("1" if ID[17] != "1" else "2")
    assert [hit.kind for hit in numbers_in(f"身份证{wrong}。")] == ["id_no"]


def test_fifteen_digits_two_glued_telephones_and_a_prefix_are_found() -> None:
    assert [hit.kind for hit in numbers_in("旧证号110101900101123。")] == ["id_no"]
    assert len(numbers_in("1391234567813987654321")) == 2
    assert [hit.plain for hit in numbers_in("+86 13912345678")] == ["13912345678"]


@pytest.mark.parametrize(
    "text, kind",
    [
        ("车牌陕C·A1234停在院内", "plate"),
        ("邮箱abc.d@example.com", "account"),
        ("微信号：abc_12345", "account"),
        ("出生日期：1990年1月1日", "birth"),
        ("107.123456,34.123456", "place"),
        ("打到账号9988776655上", "bank"),
        ("座机7962345", "phone"),
    ],
)
def test_other_numbers_and_accounts_are_found(text: str, kind: str) -> None:
    assert [hit.kind for hit in numbers_in(text)] == [kind]
