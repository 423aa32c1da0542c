"""One grammar for a written day, for lists, grid, forms and phone: what is not sure stays unknown, with its reason.

How to call it: `read_day(cell, today=clock.today(), hint=DayHint(birth=..., age=...))`. Give the cell as the reader
gave it (text, number, date), blanks still in it: "1950/3/1 0:00" without its blank can be two days. For a day of birth
the defaults fit. For other days say how far they may lie back and ahead: `oldest=20, ahead=5`. A reading without a
`day` is not a fault of the row: the row comes in and the field waits to be completed, with `explanation` as the reason.
"""

import math
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from qiaomen.kernel.ages import years_before
from qiaomen.kernel.day_ways import Way, plain_lunar, ways_to_read, whole
from qiaomen.kernel.lunar import solar_day
from qiaomen.kernel.numerals import narrow, with_digits
from qiaomen.kernel.recall import recalled

OLDEST_PERSON = 130
"""Years. The oldest documented life lasted 122; nobody alive is older than this."""

PLAUSIBLE_AGE = 110
"""Years. A year written with two digits is not read as making somebody older, unless a hint says so."""

AGE_SLACK = 15
"""Years an age in a list may be off (old list, 虚岁): enough to choose a century, never a day."""

_HOME = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class DayHint:
    """What else is known of the person: the birth day an identity number tells, the age a column tells."""

    birth: date | None = None
    age: int | None = None


@dataclass(frozen=True, slots=True)
class DayReading:
    """What a cell says. `day` is None when no whole day is sure; `precision`: day, month, year or "" (nothing).

    `calendar`: solar, lunar or "". `problem`: a code of PROBLEMS or ""; `explanation`: a sentence for a person, also
    when a sure day was not written plainly. `year` and `month` hold what is known of a day without its day or month.
    """

    day: date | None = None
    precision: str = ""
    calendar: str = ""
    problem: str = ""
    explanation: str = ""
    year: int | None = None
    month: int | None = None


PROBLEMS = {
    "blank": "没有填",
    "unreadable": "看不懂，应像 1956-03-08 或 1956年3月8日",
    "ambiguous": "有不止一种读法",
    "no-year": "没有年份",
    "no-such-day": "历书上没有这一天",
    "future": "这一天还没有到",
    "too-old": "年代太早，请核对",
    "masked": "有一部分被遮住了",
    "approximate": "只是大约的日子",
    "two-days": "一格里写了两个日子",
}


@dataclass(frozen=True, slots=True)
class _Bounds:
    first: date
    last: date
    plausible: date
    today: date


def say_day(day: date) -> str:
    """Return 1950年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def unknown(problem: str, detail: str = "") -> DayReading:
    """Return a reading that knows nothing, with its reason."""
    return DayReading(problem=problem, explanation=detail or PROBLEMS[problem])


def read_day(
    written: object,
    *,
    today: date,
    hint: DayHint | None = None,
    book_1904: bool = False,
    oldest: int = OLDEST_PERSON,
    ahead: int = 0,
) -> DayReading:
    """Read a day from a cell: a text, a number or a date.

    `book_1904`: the workbook counts its days from 1904, as old Macs do. `oldest`, `ahead`: years the day may lie
    before and after today. A hint only chooses between ways to read; it never makes a day.
    """
    if isinstance(written, datetime):
        written = written.date() if written.tzinfo is None else written.astimezone(_HOME).date()
    bounds = _bounds(today, oldest, ahead)
    if isinstance(written, date):
        return _settle([Way(written.year, written.month, written.day)], bounds, hint)
    if isinstance(written, bool):
        return unknown("unreadable")
    if isinstance(written, int | float):
        return _of_number(written, bounds, hint, book_1904)
    text = str(written or "")
    return _of_text(text, bounds, hint, book_1904) if len(text) <= 60 else unknown("unreadable")


@lru_cache(maxsize=256)
def _bounds(today: date, oldest: int, ahead: int) -> _Bounds:
    plausible = years_before(today, min(PLAUSIBLE_AGE, oldest))
    return _Bounds(years_before(today, oldest), years_before(today, -ahead), plausible, today)


# Numbers ------------------------------------------------------------------------------------------------------------


def _of_number(number: float, bounds: _Bounds, hint: DayHint | None, book_1904: bool) -> DayReading:
    """Read a number: 19560308, 560308, 195603, 1956 and 1956.3 as they look, another one as a day number of Excel."""
    if not math.isfinite(number) or number < 0:
        return unknown("unreadable")
    if number == 0:
        return unknown("blank")
    if number >= 100_000 or 1850 <= number <= 2200:
        return _of_text(f"{number:.2f}".rstrip("0").rstrip("."), bounds, hint, book_1904)
    return _of_serial(int(number), bounds, hint, book_1904)


def _of_serial(serial: int, bounds: _Bounds, hint: DayHint | None, book_1904: bool) -> DayReading:
    """Read a day number. Excel counts a 29 February 1900 that never was: it is number 60 of a book of 1900."""
    if book_1904:
        day = date(1904, 1, 1) + timedelta(days=serial)
    elif serial == 60:
        return unknown("no-such-day", "Excel 的第 60 天是 1900年2月29日，历书上没有这一天")
    else:
        day = date(1899, 12, 31 if serial < 60 else 30) + timedelta(days=serial)
    found = _settle([Way(day.year, day.month, day.day)], bounds, hint)
    return replace(found, explanation=found.explanation or f"按 Excel 的日期序号 {serial} 理解为 {say_day(day)}")


# Texts --------------------------------------------------------------------------------------------------------------

_PLAIN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_NONE = re.compile(r"[-/\\.?0]*|0000[-/.]00?[-/.]00?|无|没有|暂无|不详|未知|不清楚|不知道|空|待补|待查|N/?A|NULL", re.I)
_LABEL = re.compile(r"^(?:出生(?:日期|年月日?|时间)?|生日|生于|日期)[:：]?|(?:出?生(?:人)?|整)$")
_SOLAR = re.compile(r"公元|[公阳新西]历|\([公阳新]\)")
_LUNAR = re.compile(r"农历|[阴旧古老夏]历|\([阴农旧]\)|[阴农](?=\d|[一二三四五六七八九十正冬腊闰])")
_TRADITIONAL = str.maketrans("閏農曆歷陰陽舊臘國號時後", "闰农历历阴阳旧腊国号时后")
_ABOUT = re.compile(r"约|大概|左右|前后|年代|上旬|中旬|下旬|月底|月初(?![一二三四五六七八九十\d])|年初|年底")
_MASK = re.compile(r"\*|●|•|×|□|○○|\?{1,}|(?<=\d)[xX]+")
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
_ZONED = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?")


@recalled(maxsize=1 << 15)
def _of_text(text: str, bounds: _Bounds, hint: DayHint | None, book_1904: bool) -> DayReading:
    """Read a text; all that the answer depends on is an argument, so it is kept."""
    plain = _PLAIN.fullmatch(text)
    if plain and plain[1] != "0000":
        return _settle([whole(plain[1], plain[2], plain[3])], bounds, hint)
    text = narrow(text).translate(_TRADITIONAL).strip(" '`‘’\"。.,;、")
    text = re.sub(r"(?<=\d)\.0$", "", text) if re.fullmatch(r"\d{5,}\.0", text) else text
    if not text:
        return unknown("blank")
    if _NONE.fullmatch(text):
        return unknown("blank", f"写的是“{text}”，等于没有填")
    serial = re.fullmatch(r"([1-6]?\d{4})(?:\.\d+)?", text) if not re.match(r"(18|19|20)\d\d\b", text) else None
    if serial and len(serial[1]) == 5:
        return _of_serial(int(serial[1]), bounds, hint, book_1904)
    return _read_words(text, bounds, hint)


def _read_words(text: str, bounds: _Bounds, hint: DayHint | None) -> DayReading:
    """Take away what is beside the day: label, calendar, weekday, hour; then find the ways to read what is left."""
    zoned = _ZONED.fullmatch(text)
    if zoned:
        return _of_moment(zoned, bounds, hint)
    text = _WEEKDAY.sub("", _LABEL.sub("", text)).strip()
    said_solar, said_lunar = bool(_SOLAR.search(text)), bool(_LUNAR.search(text))
    text = _LUNAR.sub("", _SOLAR.sub("", text))
    about = bool(_ABOUT.search(text))
    text = re.sub(r"\([^()]*\)", "", _ABOUT.sub("", text)).strip(" :,")
    if re.search(r"\d\s*(?:至|到|或|和|;)\s*\d", text) and not _MASK.search(text):
        return unknown("two-days")
    text, lunar = plain_lunar(text)
    if said_solar and (said_lunar or lunar):
        return unknown("ambiguous", "又像公历又像农历，请问清是哪一种")
    if _MASK.search(text):
        return _masked(text)
    ways = list(ways_to_read(with_digits(text), lunar or said_lunar, (bounds.first.year, bounds.last.year)))
    if not ways:
        return unknown("no-year" if re.fullmatch(r"\d{1,2}[-/.月]\d{1,2}[日号]?", with_digits(text)) else "unreadable")
    found = _settle(ways, bounds, hint)
    return _roughly(found) if about and not found.problem else found


def _roughly(found: DayReading) -> DayReading:
    """Return what is left of a reading that a person only meant about: its month and year."""
    precision = "month" if found.month else "year"
    return replace(found, day=None, precision=precision, problem="approximate", explanation=PROBLEMS["approximate"])


def _of_moment(found: re.Match[str], bounds: _Bounds, hint: DayHint | None) -> DayReading:
    """Read a moment of a program: midnight in China is 16:00 of the day before in universal time."""
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ''}")
    except ValueError:
        return unknown("no-such-day")
    day = moment.date() if moment.tzinfo is None else moment.astimezone(_HOME).date()
    return _settle([Way(day.year, day.month, day.day)], bounds, hint)


def _masked(text: str) -> DayReading:
    year = re.match(r"((?:18|19|20)\d\d)(?=[-/.年*●•×xX□]|$)", text)
    if year is None:
        return unknown("masked")
    return DayReading(None, "year", "solar", "masked", PROBLEMS["masked"], int(year[1]))


# Which way is it? ---------------------------------------------------------------------------------------------------


def _settle(ways: list[Way], bounds: _Bounds, hint: DayHint | None) -> DayReading:
    """Return the only way that can be; with several, the one a hint chooses; else unknown, with all of them named."""
    if len(ways) == 1 and not ways[0].lunar and not ways[0].short_year:
        return _judge(ways[0], bounds)
    found: dict[tuple[object, ...], tuple[Way, DayReading]] = {}
    failed: list[DayReading] = []
    for way in ways:
        reading = _judge(way, bounds)
        if reading.problem or (way.short_year and _is_implausible(reading, bounds, hint)):
            failed.append(reading if reading.problem else unknown("too-old"))
        else:
            found.setdefault((reading.day, reading.year, reading.month), (way, reading))
    if not found:
        order = ("future", "too-old", "no-such-day")
        return min(failed, key=lambda reading: order.index(reading.problem))
    chosen = _chosen(list(found.values()), bounds, hint)
    if chosen is None:
        said = "、".join(_say(reading) for _, reading in found.values())
        return _in_common([reading for _, reading in found.values()], f"可能是 {said}，请核对")
    way, reading = chosen
    return replace(reading, explanation=reading.explanation or _why(way, reading, len(found), ways, failed))


def _is_implausible(reading: DayReading, bounds: _Bounds, hint: DayHint | None) -> bool:
    """Say whether a year of two digits would make somebody too old."""
    year = reading.day.year if reading.day else reading.year or 0
    if hint is not None and (hint.birth or hint.age is not None):
        return False
    return year < bounds.plausible.year


def _judge(way: Way, bounds: _Bounds) -> DayReading:
    """Return the reading of one way, with its problem when it cannot be."""
    calendar = "lunar" if way.lunar else "solar"
    if way.month is None or way.day is None:
        if way.month is not None and not 1 <= way.month <= 12:
            return unknown("no-such-day", f"没有 {way.month} 月")
        if problem := _outside(way.year, way.month, bounds):
            return unknown(problem)
        month = None if way.lunar else way.month
        words = "只有年份" if month is None else "只有年和月"
        return DayReading(None, "month" if month else "year", calendar, "", words, way.year, month)
    if way.lunar:
        day = solar_day(way.year, way.month, way.day, way.leap)
    else:
        try:
            day = date(way.year, way.month, way.day)
        except ValueError:
            day = None
    if day is None:
        name = f"农历{way.year}年{'闰' if way.leap else ''}" if way.lunar else f"{way.year}年"
        return unknown("no-such-day", f"历书上没有{name}{way.month}月{way.day}日")
    if day > bounds.last:
        return unknown("future", f"{say_day(day)}还没有到")
    if day < bounds.first:
        return unknown("too-old", f"{say_day(day)}太早，请核对")
    said = f"农历换算为 {say_day(day)}" if way.lunar else ""
    return DayReading(day, "day", calendar, "", said, day.year, day.month)


def _outside(year: int, month: int | None, bounds: _Bounds) -> str:
    if (year, month or 1) > (bounds.last.year, bounds.last.month):
        return "future"
    return "too-old" if (year, month or 12) < (bounds.first.year, bounds.first.month) else ""


def _chosen(
    found: list[tuple[Way, DayReading]], bounds: _Bounds, hint: DayHint | None
) -> tuple[Way, DayReading] | None:
    """Return the only reading, or the only one that agrees with the hint."""
    if len(found) == 1 or hint is None:
        return found[0] if len(found) == 1 else None
    if hint.birth is not None:
        left = [(way, reading) for way, reading in found if _holds(reading, hint.birth)]
        if len(left) == 1:
            return left[0]
        if found[0][0].short_year:
            left = [pair for pair in found if abs((pair[1].year or 0) - hint.birth.year) <= AGE_SLACK]
        return left[0] if len(left) == 1 else None
    if hint.age is None:
        return None
    born = bounds.today.year - hint.age
    left = [pair for pair in found if abs((pair[1].year or 0) - born) <= AGE_SLACK]
    return left[0] if len(left) == 1 else None


def _holds(reading: DayReading, birth: date) -> bool:
    if reading.day:
        return reading.day == birth
    return reading.year == birth.year and reading.month in (None, birth.month)


def _say(reading: DayReading) -> str:
    if reading.day:
        return say_day(reading.day)
    return f"{reading.year}年" + (f"{reading.month}月" if reading.month else "")


def _in_common(readings: list[DayReading], explanation: str) -> DayReading:
    """Return what all ways agree in: a year when it is one year, else nothing."""
    years = {reading.year for reading in readings}
    if len(years) > 1:
        return unknown("ambiguous", explanation)
    return DayReading(None, "year", readings[0].calendar, "ambiguous", explanation, years.pop())


def _why(way: Way, reading: DayReading, left: int, ways: list[Way], failed: list[DayReading]) -> str:
    """Say why this way was taken, where the text alone did not."""
    if left > 1:
        return f"按证件或年龄理解为 {_say(reading)}"
    if len(ways) == 1 or not failed:
        return ""
    return f"理解为 {_say(reading)}：别的读法" + PROBLEMS[failed[0].problem]
