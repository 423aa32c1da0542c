"""How one cell, and a whole column of cells, becomes clean text, dates, numbers and numbers of identity. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from qiaomen.kernel.texts import FIRST_DAY, LAST_DAY

_BETWEEN = "\uffff"
"""Stands between the cells of a column while it is cleaned in one go; no cell keeps it."""

_NO_GLYPH = re.compile("[\\s\\x00-\\x1e\\x7f-\\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufff9-\ufffb]+")
_NOT_COMPATIBLE = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")
"""NFKC would replace these ideographs by others: in a name they are the name (GB 18030-2022)."""

_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")


def _fold(text: str) -> str:
    """Fold full-width forms and drop what has no glyph; the ideographs stay as they are."""
    if text.isascii():
        return _NO_GLYPH.sub("", text)
    if re.search("[\uf900-\ufaff\U0002f800-\U0002fa1f]", text):
        text = _NOT_COMPATIBLE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    else:
        text = unicodedata.normalize("NFKC", text)
    return _NO_GLYPH.sub("", text)


def clean(cell: Any) -> str:
    """Return a cell as text: full-width folded, spaces gone, whole floats without .0, dates in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _fold(_ESCAPED.sub("", cell)) if "_x" in cell else _fold(cell.replace(_BETWEEN, ""))
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _fold(str(cell))


def clean_column(cells: Sequence[Any]) -> list[str]:
    """Clean a column, each distinct value once, all texts of it in one pass."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        known = _clean_texts(set(cells))
        return [known[cell] for cell in cells]
    known = _clean_texts({cell for cell in cells if type(cell) is str})
    return [known[cell] if type(cell) is str else clean(cell) for cell in cells]


def _clean_texts(texts: set[str]) -> dict[str, str]:
    ordered = list(texts)
    joined = _BETWEEN.join(ordered)
    if joined.count(_BETWEEN) != len(ordered) - 1 or "_x" in joined:
        return {text: clean(text) for text in ordered}
    return dict(zip(ordered, _fold(joined).split(_BETWEEN), strict=True)) if ordered else {}


_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九两", "0001234567892")


def chinese_number(text: str) -> str:
    """二十一 is 21, 十 is 10, 一九五〇 is 1950."""
    if "十" not in text:
        return text.translate(_CHINESE_DIGITS)
    tens, ones = text.split("十", 1)
    return (tens.translate(_CHINESE_DIGITS) or "1") + (ones.translate(_CHINESE_DIGITS) or "0")


def parse_date(text: str) -> date | None:
    """Read 2026-9-1, 2026.9.1, 2026/9/1, 2026年9月1日, 20260901, 一九五〇年三月五日 and Excel's day number 46266.

    None when it is no whole date, or none between FIRST_DAY and LAST_DAY: a month without a day is not made the first.
    """
    if len(text) > 40:
        return None
    text = re.sub("[〇零○一二三四五六七八九十]+", lambda found: chinese_number(found[0]), text)
    if re.fullmatch(r"[1-6]\d{4}", text):
        return date(1899, 12, 30) + timedelta(days=int(text))
    digits = re.findall(r"[0-9]+", text)
    if len(digits) == 1 and len(digits[0]) == 8:
        digits = [digits[0][:4], digits[0][4:6], digits[0][6:]]
    try:
        day = date(*(int(part) for part in digits[:3])) if len(digits) >= 3 else None
    except (ValueError, OverflowError):
        return None
    return day if day is not None and FIRST_DAY <= day <= LAST_DAY else None


def parse_count(text: str) -> int | None:
    """Read 2, 二级, 2 级, 约 30 天; None when there is no number in it."""
    found = re.search("[0-9]+|[〇零○一二两三四五六七八九十]+", text)
    number = chinese_number(found[0]) if found else ""
    return int(number) if number.isdecimal() and len(number) < 7 else None
