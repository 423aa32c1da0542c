"""How a messy roster is read: header row, columns, damaged numbers, addresses. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from qiaomen.kernel.idcheck import check_id_no

ALIASES: dict[str, tuple[str, ...]] = {
    "household_no": ("户号", "户编号", "家庭编号"),
    "head_name": ("户主姓名", "户主"),
    "name": ("姓名", "居民姓名", "成员姓名", "名字"),
    "former_name": ("曾用名",),
    "nickname": ("小名", "别名"),
    "relation": ("与户主关系", "户主关系", "关系", "家庭关系"),
    "sex": ("性别",),
    "id_no": ("身份证号", "身份证号码", "公民身份号码", "证件号码", "身份证"),
    "birth_date": ("出生日期", "出生年月", "生日"),
    "phone": ("联系电话", "联系方式", "电话", "手机号", "手机号码", "手机"),
    "address": ("楼栋单元", "地址", "居住地址", "现居住地址", "现住址", "住址"),
    "compound": ("小区", "小区名称"),
    "building": ("楼栋", "楼号", "栋"),
    "entrance": ("单元", "单元号"),
    "room": ("室", "房号", "门牌号", "门牌"),
    "origin_town": ("原乡镇", "迁出乡镇", "原属乡镇"),
    "origin_village": ("原村", "迁出村", "原属村"),
    "lifted_out": ("是否脱贫户", "脱贫户"),
}
"""Field -> the names real ledgers give it (domain.md §7)."""

_BY_ALIAS = {alias: code for code, names in ALIASES.items() for alias in names}
HEAD_WORDS = {"户主", "本人", "0"}
SEXES = {"男": "male", "女": "female", "1": "male", "2": "female"}


@dataclass(frozen=True)
class Address:
    """A door as parsed; floor comes from the room number."""

    compound: str
    building: str
    entrance: str
    room: str

    @property
    def floor(self) -> int:
        """Floor: all but the last two digits of the room, 1 when the room has no such number."""
        digits = re.sub(r"\D", "", self.room)
        return int(digits[:-2]) if len(digits) > 2 else 1

    @property
    def label(self) -> str:
        """Building-entrance-room, e.g. 3-2-501."""
        return f"{self.building}-{self.entrance}-{self.room}"


@dataclass(frozen=True)
class RosterRow:
    """One row as read: values by field, and the reasons why it cannot come in (empty = it can)."""

    sheet: str
    row_no: int
    values: dict[str, Any]
    cells: tuple[str, ...]
    reasons: tuple[str, ...] = ()
    address: Address | None = None
    household_key: str = ""
    notes: tuple[str, ...] = field(default=())


def clean(cell: Any) -> str:
    """Return a cell as text: full-width folded, spaces gone, whole floats without .0, dates in ISO form."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "".join(unicodedata.normalize("NFKC", str(cell)).split()).replace("\u200b", "")


def propose_columns(cells: Sequence[Any]) -> dict[int, str]:
    """Return column index -> field for a row of header cells; the first column of a name wins."""
    found: dict[int, str] = {}
    for index, cell in enumerate(cells):
        name = re.sub(r"[*()（）:]|必填|选填", "", clean(cell))
        code = _BY_ALIAS.get(name)
        if code and code not in found.values():
            found[index] = code
    return found


def find_header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[int, str]] | None:
    """Return index and columns of the best header among the first ten rows; None when none names people."""
    best: tuple[int, dict[int, str]] | None = None
    for index, row in enumerate(rows[:10]):
        columns = propose_columns(row)
        if "name" in columns.values() and len(columns) >= 3 and (best is None or len(columns) > len(best[1])):
            best = (index, columns)
    return best


_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def _chinese_number(text: str) -> str:
    """二十一 is 21, 十 is 10, 一九五〇 is 1950."""
    if "十" not in text:
        return text.translate(_CHINESE_DIGITS)
    tens, ones = text.split("十", 1)
    return (tens.translate(_CHINESE_DIGITS) or "1") + (ones.translate(_CHINESE_DIGITS) or "0")


def parse_date(text: str) -> date | None:
    """Read 2026-9-1, 2026.9.1, 2026/9/1, 2026年9月1日, 20260901, 一九五〇年三月五日 and Excel's day number 46266.

    None when it is no whole date: a month without a day is not made the first.
    """
    text = re.sub("[〇零○一二三四五六七八九十]+", lambda found: _chinese_number(found[0]), text)
    digits = re.findall(r"\d+", text)
    if re.fullmatch(r"[1-6]\d{4}", text):
        return date(1899, 12, 30) + timedelta(days=int(text))
    if len(digits) == 1 and len(digits[0]) == 8:
        digits = [digits[0][:4], digits[0][4:6], digits[0][6:]]
    try:
        return date(*(int(part) for part in digits[:3])) if len(digits) >= 3 else None
    except ValueError:
        return None


def _compound(name: str) -> str:
    """幸福苑小区 and 幸福苑 are one compound."""
    return name.removesuffix("小区") or "本小区"


def parse_address(text: str) -> Address | None:
    """Read 幸福苑小区3号楼2单元501室, 幸福苑3-2-501, 3栋2单元501."""
    match = re.fullmatch(
        r"(?P<c>.*?[^\d\-#]|)(?:第)?(?P<b>\d+[A-Za-z]?)(?:号楼|栋|幢|号|#|-)(?P<e>\d+)(?:单元|门|-)(?P<r>\d{3,4}[A-Za-z]?)(?:室|号|户)?",
        text,
    )
    return Address(_compound(match["c"]), match["b"], match["e"], match["r"]) if match else None


def _check_id(raw: Any, text: str) -> tuple[str, str]:
    if not text:
        return "", ""
    if isinstance(raw, float | int) or re.fullmatch(r"\d(\.\d+)?[Ee]\+?\d+", text):
        return "", "身份证号被 Excel 变成数字，后三位已丢失，请把该列设为文本后重新填写"
    check = check_id_no(text)
    words = {
        "length": "身份证号位数不对",
        "characters": "身份证号里有不该有的字符",
        "birth": "身份证号里的出生日期不存在",
        "check-digit": "身份证号校验位不对，请对照证件",
    }
    return (check.normalised, "") if check.ok else ("", words[check.reason])


def read_rows(sheet: str, rows: Sequence[Sequence[Any]], header: int, columns: dict[int, str]) -> list[RosterRow]:
    """Turn the rows below the header into RosterRows; blanks below a household head take the head's household."""
    found: list[RosterRow] = []
    carried: dict[str, str] = {}
    for offset, cells in enumerate(rows[header + 1 :], header + 2):
        raw = {code: cells[index] if index < len(cells) else "" for index, code in columns.items()}
        text = {code: clean(cell) for code, cell in raw.items()}
        if not any(text.values()):
            continue
        if text.get("head_name") or text.get("household_no") or _is_head(text):
            carried = {}
        for code in ("household_no", "head_name", "address", "compound", "building", "entrance", "room", "origin_town",
                     "origin_village", "lifted_out"):  # fmt: skip
            carried[code] = text.get(code) or carried.get(code, "")
        found.append(_row(sheet, offset, raw, {**text, **carried}, tuple(clean(cell) for cell in cells)))
    return found


def _is_head(text: dict[str, str]) -> bool:
    return text.get("relation", "") in HEAD_WORDS


def _row(sheet: str, row_no: int, raw: dict[str, Any], text: dict[str, str], cells: tuple[str, ...]) -> RosterRow:
    reasons = [] if text.get("name") else ["没有姓名"]
    id_no, reason = _check_id(raw.get("id_no"), text.get("id_no", ""))
    if reason:
        reasons.append(reason)
    check = check_id_no(id_no) if id_no else None
    phone = re.sub(r"[^\d]", "", text.get("phone", ""))
    if phone and not 7 <= len(phone) <= 13:
        reasons.append("电话号码位数不对")
    if text.get("building") and text.get("room"):
        bare = [re.sub(r"(号楼|栋|幢|单元|室|号)$", "", text.get(c, "")) for c in ("building", "entrance", "room")]
        address: Address | None = Address(_compound(text.get("compound", "")), bare[0], bare[1] or "1", bare[2])
    else:
        address = parse_address(text.get("address", ""))
    if address is None:
        reasons.append("看不懂住址，应像“幸福苑3号楼2单元501室”" if text.get("address") else "没有住址")
    values = {
        "name": text.get("name", ""),
        "former_name": text.get("former_name", "")[:60],
        "nickname": text.get("nickname", "")[:60],
        "relation": text.get("relation", ""),
        "is_head": _is_head(text) or (not text.get("relation") and text.get("head_name") == text.get("name")),
        "sex": (check.sex if check and check.sex else SEXES.get(text.get("sex", ""), "")),
        "birth_date": check.birth if check else parse_date(text.get("birth_date", "")),
        "id_no": id_no,
        "phone": phone,
        "household_no": text.get("household_no", ""),
        "head_name": text.get("head_name", ""),
        "origin_town": text.get("origin_town", ""),
        "origin_village": text.get("origin_village", ""),
        "lifted_out": {"是": True, "否": False}.get(text.get("lifted_out", "")),
    }
    key = text.get("household_no") or (f"{address.compound}/{address.label}/{text.get('head_name')}" if address else "")
    return RosterRow(sheet, row_no, values, cells, tuple(reasons), address, key)
