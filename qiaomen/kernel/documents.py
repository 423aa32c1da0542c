"""One grammar for the cell of an identity document: which document it is, whether it is whole, what is wrong with it.

How to call it: `read_documents(column, today=...)` for a column of a list, `read_document(cell, today=...)` for one
cell; give the cells as the reader gave them, since a number of eighteen digits that came as a number has lost its last
three. `number` is what the register may store; it is "" whenever the reading has a problem. `kind` says in which field:
only resident_id, residence_card and foreigner_card are numbers with a check digit that tell birth and sex. Nothing here
refuses a row: the field waits to be completed. Sources: GB 11643-1999 (number, check digit ISO 7064 MOD 11-2);
港澳台居民居住证申领发放办法 (国办发〔2018〕81号: 810000, 820000, 830000); 国家移民管理局 2023 (new 永久居留身份证).
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qiaomen.kernel.idcheck import check_id_no
from qiaomen.kernel.numerals import narrow
from qiaomen.kernel.recall import recalled


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """What a cell says.

    `kind`: resident_id, residence_card (of somebody from 港澳台; a 居住证 of another province only when it is named so),
    foreigner_card, passport, hm_permit (回乡证), tw_permit
    (台胞证), military, birth_certificate, none (the cell says there is none) or unknown. `birth` and `sex`
    ("male"/"female") only where the number tells them. `converted`: fifteen digits were completed. `tail`: the last
    characters a mask leaves.
    """

    kind: str
    number: str = ""
    birth: date | None = None
    sex: str = ""
    converted: bool = False
    tail: str = ""
    problem: str = ""
    explanation: str = ""


PROBLEMS = {
    "blank": "没有填",
    "none": "写明没有证件",
    "unregistered": "还没有上户口，没有证件号",
    "not-known": "写明不知道证件号",
    "lost": "证件丢失或正在补办",
    "refers": "写的是“同上”一类的话，没有号码",
    "masked": "中间几位被遮住了，不是完整的号码",
    "damaged": "被 Excel 变成数字，后三位已丢失，请把该列设为文本后重新填写",
    "maybe-damaged": "末三位是 000，可能已被 Excel 改坏，请对照证件",
    "length": "位数不对",
    "characters": "里有不该有的字符",
    "birth": "里的出生日期不存在",
    "future": "里的出生日期还没有到",
    "check-digit": "校验位不对，请对照证件",
    "maybe-a-date": "像是日期，不像证件号，请核对",
    "two": "一格里写了两个证件号",
    "unreadable": "看不懂是什么证件",
}

_WORDS = {
    "unregistered": re.compile("未上户|没上户|无户口|黑户|未落户|没落户|新生儿?$|未报户"),
    "lost": re.compile("丢失|遗失|补办|在办|办理中|未办"),
    "not-known": re.compile("不详|未知|不清楚|不知道|未提供|拒绝|待补|待查|待核"),
    "refers": re.compile("同上|同前|同户主"),
    "none": re.compile("^(?:无|没有|暂无|无证件?|无身份证号?码?|没有证件?|未填|空|N/?A|NULL)$"),
}
_NAMED = (
    ("hm_permit", re.compile("回乡证|(?:来往|往来)内地通行证|港澳通行证|港澳居民通行证|港澳证")),
    ("tw_permit", re.compile("台胞证|台湾居民.*通行证|大陆通行证")),
    ("passport", re.compile("护照|PASSPORT")),
    ("foreigner_card", re.compile("永久居留|永居证?|外国人身份证")),
    ("residence_card", re.compile("居住证")),
    ("birth_certificate", re.compile("出生(?:医学)?证明?")),
    ("military", re.compile("军官证|士兵证|文职|警官证|军人证|军字第|字第")),
)
_LABEL = re.compile("(?:第[一二]代|二代|居民)?身份证(?:件)?(?:号码?)?|证件(?:号码?)|号码?|ID(?:NO)?\\.?(?=[:\\d])")
_MASK = re.compile(r"\*|●|•|□|(?<=\d)[xX×]{2,}")
_SHAPES = {
    "residence_card": re.compile(r"[A-Z]?\d{8,16}"),
    "hm_permit": re.compile(r"[HM](?:\d{8}|\d{10})"),
    "tw_permit": re.compile(r"\d{8}(?:\d{2}|\([A-Z0-9]{1,2}\))?|T\d{8,10}"),
    "passport": re.compile(r"(?=[A-Z0-9]*\d)[A-Z0-9]{6,12}"),
    "foreigner_card": re.compile(r"[A-Z]{3}\d{12}"),
    "birth_certificate": re.compile(r"[A-Z]\d{9}"),
    "military": re.compile(r"[\u4e00-\u9fff]{0,4}字?第?\d{4,10}号?"),
}
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
    ]
)


def read_documents(cells: Sequence[object], *, today: date | None = None) -> list[DocumentReading]:
    """Read a column. A valid number that ends in 000 is only doubted where the column holds damaged ones."""
    readings = [read_document(cell, today=today) for cell in cells]
    broken = any(
        reading.problem == "damaged" or (reading.problem == "check-digit" and str(cell).strip(" '=\"").endswith("000"))
        for reading, cell in zip(readings, cells, strict=True)
    )
    if broken:
        return readings
    return [
        _of_id(narrow(str(cell)).strip("'=\""), today, trusted=True) if reading.problem == "maybe-damaged" else reading
        for reading, cell in zip(readings, cells, strict=True)
    ]


def read_document(cell: object, *, today: date | None = None) -> DocumentReading:
    """Read one cell. `today`: a birth day after it is a problem; None asks nothing of it."""
    if isinstance(cell, bool | date):
        return _unknown("maybe-a-date" if isinstance(cell, date) else "unreadable")
    if isinstance(cell, int | float):
        return _of_number(cell, today)
    return _of_text(str(cell or ""), today)


def _unknown(problem: str, tail: str = "") -> DocumentReading:
    kind = "none" if problem in ("blank", "none", "unregistered") else "unknown"
    return DocumentReading(kind, tail=tail, problem=problem, explanation=PROBLEMS[problem])


def _of_number(number: float, today: date | None) -> DocumentReading:
    """A number keeps fifteen digits: one of fifteen is whole, one of eighteen is not; a shorter one may lack zeros."""
    if not math.isfinite(number) or number != int(number):
        return _unknown("unreadable")
    digits = str(int(number))
    if number == 0:
        return _unknown("none")
    return _unknown("damaged") if len(digits) > 15 else _of_text(digits, today)


@recalled(maxsize=1 << 15)
def _of_text(text: str, today: date | None) -> DocumentReading:
    if len(text) == 18 and text.isascii() and text[:17].isdecimal():
        return _of_id(text, today)
    if len(text) > 80:
        return _unknown("unreadable")
    text = narrow(text).upper().strip("'`‘’\"= ")
    if not text or not text.strip("-/\\.?0"):
        return _unknown("none" if text else "blank")
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", text):
        return _unknown("damaged")
    named = next((kind for kind, word in _NAMED if word.search(text)), "")
    words = next((problem for problem, word in _WORDS.items() if word.search(text)), "")
    if words and not re.search(r"\d{6}", text):
        return _unknown(words)
    bare = _bare(text, named)
    if len(re.findall(r"(?<![0-9A-Z])(?:\d{17}[\dX]|\d{15})(?![0-9A-Z])", bare)) > 1:
        return _unknown("two")
    number = re.sub(r"[\s\-_.'`‘’\"=]", "", bare)
    if _MASK.search(number):
        return _unknown("masked", re.search("[0-9X]*$", number)[0])  # type: ignore[index]
    number = re.sub("[×✕✖ХХΧ＊]$", "X", number)
    return _of_shape(number, named, today)


def _bare(text: str, named: str) -> str:
    """Take away the words for a document and what stands in brackets without a number."""
    if named == "military":
        return text
    for _, word in _NAMED:
        text = word.sub("", text)
    text = re.sub(r"\([^()\d]*\)", "", _LABEL.sub("", text))
    return text.strip(" :,;、。")


def _of_shape(number: str, named: str, today: date | None) -> DocumentReading:
    """Choose the document by its name where it is said, else by its shape."""
    if len(number) in (15, 18) and re.fullmatch(r"\d{15}|\d{17}[\dX]", number):
        return _of_id(number, today)
    if named and named in _SHAPES:
        if _SHAPES[named].fullmatch(number):
            return DocumentReading(named, number)
        return _unknown("unreadable")
    if re.fullmatch(r"\d{8}", number):
        return _unknown("maybe-a-date") if _is_day(number, today) else DocumentReading("tw_permit", number)
    for kind in ("hm_permit", "foreigner_card", "birth_certificate"):
        if _SHAPES[kind].fullmatch(number):
            return DocumentReading(kind, number)
    if re.fullmatch(r"[A-Z]{1,3}\d{6,9}|1[45]\d{7}", number):
        return DocumentReading("passport", number)
    return _of_wrong(number)


def _of_wrong(number: str) -> DocumentReading:
    """Say what is wrong with a number that is no document."""
    if re.fullmatch(r"\d+X?", number):
        return _unknown("length")
    long = len(number) in (15, 17, 18, 19)
    return _unknown("characters" if long and re.match(r"[\dOIL]{6}", number) else "unreadable")


def _is_day(digits: str, today: date | None) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1890 <= day.year <= (today.year if today else 2100)


def _of_id(text: str, today: date | None, trusted: bool = False) -> DocumentReading:
    """Read a number of eighteen characters, or one of fifteen that is completed; `trusted`: 000 at its end is
    no harm.
    """
    check = check_id_no(text)
    if not check.ok:
        if check.reason == "check-digit" and check.normalised.endswith("000"):
            return replace(_unknown("damaged"), explanation=PROBLEMS["maybe-damaged"])
        return _unknown(check.reason)
    number, birth = check.normalised, check.birth
    if today is not None and birth is not None and birth > today:
        return _unknown("future")
    if number.endswith("000") and len(text) == 18 and not trusted:
        return _unknown("maybe-damaged")
    converted = len(text) == 15
    said = "由 15 位号码补成 18 位，请对照证件" if converted else ""
    return DocumentReading(_id_kind(number), number, birth, check.sex or "", converted, explanation=said)


def _id_kind(number: str) -> str:
    if number[:6] in ("810000", "820000", "830000"):
        return "residence_card"
    return "foreigner_card" if number[0] == "9" and number[1:3] in _PROVINCES else "resident_id"
