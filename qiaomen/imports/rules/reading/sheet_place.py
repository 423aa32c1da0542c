"""What the name of a sheet and the rows above its header tell of the place it is about. Pure."""

import re
from collections.abc import Iterable

from qiaomen.kernel.numerals import with_digits
from qiaomen.register.rules.doors.words import compound_name

_ABOUT = re.compile(
    r"(?:的)?(?:居民|住户|村民|人口|常住|实有|家庭|成员|人员|户籍|户|网格|楼栋|基本|基础|信息|情况|登记|摸底|调查|统计|汇总|管理|采集|"
    r"花名册|名册|花名|名单|台账|表|册|档案|\d{4}年?|\(.*?\)|（.*?）|[-_—·. ])+$"
)
_BUILDING = re.compile(r"(?<![A-Za-z\d])(\d{1,3}[A-Za-z]?|[A-Za-z])(?:号楼|#楼?|栋|幢|座)|(\d{1,3})楼(?!\d)")
_SIDES = re.compile(r"([东南西北中][东西南北]?\d?楼)")
_COMPOUND = re.compile(
    r"[一-鿿A-Z0-9]{1,20}(?:小区|花园|家园|[苑园里村城府庭居院庄巷寓邸湾郡坊都墅阁轩座街路]|新区|家属楼|宿舍|公寓|广场|大厦)(?:[一二三四五六七八九十\d]+期)?"
)
_NO_COMPOUND = re.compile(r"(?:社区|居委会|委员会|街道|[省市县区镇乡]|网格|单位|办事处|公园|医院|学院|法院|总表|合计)$")
_TITLED = re.compile(r"^(?:小区|小区名称|村|村庄|楼盘|院落|地址)[:：](.+)$")


def place_of(text: str, known: Iterable[str] = ()) -> tuple[str, str]:
    """Return (compound, building) a title tells, "" for what it does not: 金桂园2号楼 is 金桂园, 2号楼."""
    known = sorted(known, key=len, reverse=True)
    bare = re.sub(r"\s", "", text)
    titled = _TITLED.match(bare)
    bare = titled[1] if titled else bare
    if len(bare) > 40 or re.search(r"[:：]", bare):
        return "", ""
    digits = with_digits(bare)
    found = _BUILDING.search(digits) or _SIDES.search(digits)
    building = ""
    if found:
        number = next(group for group in found.groups() if group)
        building = number if number.endswith("楼") else f"{number}号楼"
    whole = next((name for name in known if name in bare), "")
    if whole:
        return whole, building
    before = digits[: found.start()] if found else _ABOUT.sub("", bare)
    before = bare[: len(before)] if len(bare) == len(digits) else before
    before = _ABOUT.sub("", before)
    if not _COMPOUND.fullmatch(before) or _NO_COMPOUND.search(before):
        return "", building
    return compound_name(before, tuple(known)), building


def table_place(sheet: str, above: Iterable[str], known: Iterable[str] = ()) -> tuple[str, str]:
    """Return (compound, building) of a whole sheet: its name is nearer than a title, a title than the file."""
    compound = building = ""
    for text in (sheet, *above):
        named, number = place_of(text, known)
        compound, building = compound or named, building or number
    return compound, building
