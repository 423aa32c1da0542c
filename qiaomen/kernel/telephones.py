"""One grammar for the cell a telephone stands in: several numbers, land lines, damage, masks; each kept or explained.

How to call it: `read_telephones(cell)` with the cell as the reader gave it (text or number). The answer has one reading
for each number in the cell, and one with a problem when there is none. `digits` is what the register stores and seals;
a reading with a problem has none. Nothing here refuses a row: the field waits to be completed.
"""

import math
import re
from dataclasses import dataclass

from qiaomen.kernel.numerals import narrow
from qiaomen.kernel.recall import recalled

MOST_TEXT = 120
"""A cell of more characters than this is no telephone."""


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """One number of a cell.

    `kind`: mobile, landline, service, short (a group's short number), abroad, none (the cell says there is none) or
    unknown. `normal`: 13800138000, 0917-7962345, 12345, +85291234567; "" when not sure. `extension`: digits behind a
    switchboard. `tail`: the last digits that a mask leaves. `note`: what else stood there, often whose number it is.
    """

    kind: str
    normal: str = ""
    extension: str = ""
    tail: str = ""
    note: str = ""
    problem: str = ""
    explanation: str = ""

    @property
    def digits(self) -> str:
        """The number as digits only, "" when it is not known."""
        return re.sub(r"\D", "", self.normal)


PROBLEMS = {
    "blank": "没有填",
    "none": "写明没有电话",
    "refers": "写的是“同上”一类的话，没有号码",
    "masked": "中间几位被遮住了，不是完整的号码",
    "damaged": "被 Excel 变成科学计数，后几位已丢失，请把该列设为文本后重新填写",
    "length": "位数不对",
    "prefix": "不是手机号码的开头",
    "unreadable": "看不懂，应像 13800138000 或 0917-7962345",
}

_NONE = re.compile(
    r"[-/\\.?0*]*|无|没有|暂无|不详|未知|不清楚|未留|无电话|没电话|没有电话|无手机|空号?|N/?A|NULL", re.I
)
_REFERS = re.compile(r"(?:同上|同[前左右行户]|同户主|见户主|上同)\S{0,4}|[\"〃]+")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[Ee]\+?(\d{1,2})")
_HARD = re.compile(
    r"\s*(?:[/,、;\n|\\&]|\b(?:或者?|和|及)\b|(?<=\d)(?:或者?|和|及)(?=\d)|"
    r"(?<=\d)\s+(?=[\u3400-\u9fff]{1,6}:?\s*\d{6}))\s*"
)
_MOBILE = r"1[3-9]\d{9}"
_AREA = r"0(?:10|2\d|[3-9]\d{2})"
_SERVICE = re.compile(r"1[12]\d|12\d{3}|95\d{3,6}|96\d{3,6}|10\d{3,4}|116\d{3}|[48]00\d{7}")
_LANDLINE = re.compile(rf"({_AREA})([2-9]\d{{6,7}})")
_MASKED = re.compile(r"(\d{0,7})(?:[*●•×□]+|(?<=\d)[xX]{2,})(\d{0,6})")
_EXTENSION = re.compile(r"(?:-|转|分机|EXT\.?|#|,)\s*(\d{1,6})$", re.I)
_LABEL = re.compile(r"(?:联系)?(?:电话|手机|固话|座机|宅电|号码|TEL|MOBILE)(?:号码?)?[:.]?", re.I)
_FOUND = re.compile(rf"(?<!\d)(?:{_MOBILE}|{_AREA}-?[2-9]\d{{6,7}})(?!\d)")


def read_telephones(cell: object) -> tuple[PhoneReading, ...]:
    """Return a reading of each number in a cell; never empty."""
    if isinstance(cell, bool):
        return (_unknown("unreadable"),)
    if isinstance(cell, int | float):
        if not math.isfinite(cell) or cell != int(cell):
            return (_unknown("unreadable"),)
        return _read(str(int(cell)))
    return _read(str(cell or ""))


def _unknown(problem: str, note: str = "", tail: str = "") -> PhoneReading:
    kind = "none" if problem in ("none", "blank") else "unknown"
    return PhoneReading(kind, note=note, tail=tail, problem=problem, explanation=PROBLEMS[problem])


@recalled(maxsize=1 << 15)
def _read(text: str) -> tuple[PhoneReading, ...]:
    if re.fullmatch(_MOBILE, text, re.ASCII):
        return (PhoneReading("mobile", text),)
    if len(text) > MOST_TEXT:
        return (_unknown("unreadable"),)
    lines = [narrow(line) for line in text.split("\n")]
    text = "/".join(line for line in lines if line).strip("'`‘’\"=")
    if not text:
        return (_unknown("blank"),)
    if _NONE.fullmatch(text):
        return (_unknown("none"),)
    pieces = _join_area([piece for piece in _HARD.split(text) if piece.strip()])
    found: list[PhoneReading] = []
    for piece in pieces:
        found += [reading for reading in _piece(piece.strip()) if reading not in found]
    return tuple(found) or (_unknown("unreadable"),)


def _join_area(pieces: list[str]) -> list[str]:
    """0917/7962345 is one number whose area code stands apart."""
    joined: list[str] = []
    for piece in pieces:
        if joined and re.fullmatch(_AREA, joined[-1]) and re.fullmatch(r"[2-9]\d{6,7}", piece):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _piece(text: str) -> list[PhoneReading]:
    """Read one piece of a cell: as one number if it can be one, else the numbers that stand in it."""
    scientific = _SCIENTIFIC.fullmatch(text.replace(" ", ""))
    if scientific:
        return [_scientific(scientific)]
    text = re.sub(r"(?<=\d)\.0$", "", text)
    if _REFERS.fullmatch(text):
        return [_unknown("refers")]
    note, bare = _note_of(_LABEL.sub("", text))
    masked = _MASKED.fullmatch(re.sub(r"[\s-]", "", bare))
    if masked and masked[0] and not masked[0].isdecimal():
        return [_unknown("masked", note, masked[2])]
    whole = _whole(bare)
    if not whole.problem:
        return [_with(whole, note)]
    several = _several(bare)
    return [_with(reading, note) for reading in several] if several else [_with(whole, note)]


def _with(reading: PhoneReading, note: str) -> PhoneReading:
    if not note:
        return reading
    return PhoneReading(
        reading.kind, reading.normal, reading.extension, reading.tail, note, reading.problem, reading.explanation
    )


def _note_of(text: str) -> tuple[str, str]:
    """Take the words beside a number away: （子）, 儿子:, 张三. The words behind 转 are an extension."""
    words = re.findall(r"[\u3400-\u9fff\U00020000-\U0003ffff·]+", text)
    words = [word for word in words if word not in ("转", "分机")]
    bare = text
    for word in words:
        bare = bare.replace(word, " ", 1)
    bare = re.sub(r"\(\s*\)|[:]", " ", bare)
    return "".join(words), " ".join(bare.split())


def _several(text: str) -> list[PhoneReading]:
    """Return the numbers that stand one behind the other with nothing but blanks or dashes between them."""
    pair = re.fullmatch(rf"({_MOBILE})\D?({_MOBILE})", text)
    if pair:
        return [PhoneReading("mobile", pair[1]), PhoneReading("mobile", pair[2])]
    words = text.split()
    if len(words) > 1:
        read = [_whole(word) for word in words]
        if all(not reading.problem or not re.search(r"\d", word) for reading, word in zip(read, words, strict=True)):
            return [reading for reading in read if not reading.problem]
    found = _FOUND.findall(text)
    rest = _FOUND.sub("", text)
    return [_whole(number) for number in found] if found and not re.search(r"\d", rest) else []


def _scientific(found: re.Match[str]) -> PhoneReading:
    """1.38001E+10 has lost five digits; 1.3800138000E+10 has all of them."""
    mantissa, exponent = found[1] + (found[2] or ""), int(found[3])
    if len(mantissa) != exponent + 1:
        return _unknown("damaged")
    return _whole(mantissa)


def _whole(text: str) -> PhoneReading:
    """Read a text that holds one number."""
    plain = re.sub(r"[()\s.]", "", text)
    plain = re.sub(r"^(?:\+|00)86-?|^86-?(?=1[3-9]\d{9}$)", "", plain)
    abroad = re.fullmatch(r"(?:\+|00)(?!86)([1-9][\d-]{6,15})", plain)
    if abroad:
        return PhoneReading("abroad", "+" + abroad[1].replace("-", ""))
    if not re.search(r"\d", plain):
        return _unknown("unreadable")
    digits = plain.replace("-", "")
    if digits.isascii() and digits.isdecimal() and (reading := _of_digits(digits)) is not None:
        return reading
    extension = _EXTENSION.search(plain)
    if extension:
        main = _of_digits(plain[: extension.start()].replace("-", ""))
        if main is not None and main.kind in ("landline", "service") and not main.problem:
            return PhoneReading(main.kind, main.normal, extension[1], explanation=main.explanation)
    if not digits.isdecimal():
        return _unknown("unreadable")
    return _unknown("prefix" if len(digits) == 11 and digits[0] == "1" else "length")


def _of_digits(digits: str) -> PhoneReading | None:
    """Return the number that digits are; None when they are none."""
    if re.fullmatch(_MOBILE, digits):
        return PhoneReading("mobile", digits)
    if _SERVICE.fullmatch(digits):
        return PhoneReading("service", digits)
    land = _LANDLINE.fullmatch(digits) or _LANDLINE.fullmatch("0" + digits)
    if land and len(land[1]) + len(land[2]) >= 10 and not (len(land[1]) == 4 and len(digits) < 10):
        lost = "" if digits[0] == "0" else "区号前的 0 补上了"
        return PhoneReading("landline", f"{land[1]}-{land[2]}", explanation=lost)
    if re.fullmatch(r"[2-9]\d{6,7}", digits):
        return PhoneReading("landline", digits, explanation="没有区号")
    if re.fullmatch(r"6\d{3,5}", digits):
        return PhoneReading("short", digits, explanation="像是集团短号，只在本单位能打通")
    return None
