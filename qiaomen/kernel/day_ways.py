"""The ways to read a written day: its numbers may be year, month and day in more than one order or century."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qiaomen.kernel.lunar import leap_month_of, years_named

_HALF_DAY = "(?:上午|下午|早上|晚上|中午|凌晨)?"
_CLOCK = re.compile(
    rf"(?:[AP]M|{_HALF_DAY})?\d{{1,2}}(?::\d{{1,2}}){{1,2}}(?:\.\d+)?(?:[AP]M)?|"
    rf"{_HALF_DAY}\d{{1,2}}[时点](?:\d{{1,2}}分?)?(?:\d{{1,2}}秒)?"
)
_SQUEEZED = re.compile(r"(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}):(\d\d)(?::(\d\d))?(?:\.\d+)?")
_MONTHS = {
    name: n
    for n, name in enumerate(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], 1)
}
_SEXAGENARY = re.compile("([甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥])年?")
_ONE_DAY = {"正": "1", "冬": "11", "腊": "12"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read a text. Month or day is None where the text has none."""

    year: int
    month: int | None = None
    day: int | None = None
    lunar: bool = False
    leap: bool = False
    short_year: bool = False


def plain_lunar(text: str) -> tuple[str, bool]:
    """Write 正月, 腊月, 初五, 廿三 and 卅 plainly; say whether one of them stood there: they are lunar."""
    plain = re.sub("([正冬腊])(?=月)", lambda found: _ONE_DAY[found[1]], text)
    plain = re.sub("初(?=[一二三四五六七八九十]|10|[1-9])", "", plain)
    plain = re.sub("廿(?=[一二三四五六七八九])", "二十", plain).replace("廿", "二十").replace("卅", "三十")
    return plain, plain != text or "闰" in text


def ways_to_read(text: str, lunar: bool, years: tuple[int, int]) -> Iterator[Way]:
    """Yield the ways to read a text whose numbers are digits."""
    squeezed = _SQUEEZED.fullmatch(text)
    if squeezed:
        yield from _squeezed(squeezed[1], lunar)
        return
    text = re.sub(rf"[T ]?(?:{_CLOCK.pattern})$", "", text).strip() if re.search("[:时点]", text) else text
    leap, text = "闰" in text, text.replace("闰", "")
    named = _SEXAGENARY.match(text)
    if named:
        for year in years_named(named[1], *years):
            yield from _ways_of(f"{year}年{text[named.end() :]}", True, leap)
        return
    minguo = re.match(r"民国(元|\d{1,3})年?[-./]?", text)
    if minguo:
        year = 1911 + (1 if minguo[1] == "元" else int(minguo[1]))
        yield from _ways_of(f"{year}年{text[minguo.end() :]}", lunar, leap)
        return
    yield from _ways_of(text, lunar, leap)


def _squeezed(text: str, lunar: bool) -> Iterator[Way]:
    """1950/3/10:00 was 1950/3/1 0:00: of the last digits, one or two are the hour."""
    for width in (1, 2):
        day, hour = text[:-width], text[-width:]
        if hour.isdecimal() and int(hour) < 25 and day[-1:].isdecimal():
            yield from _ways_of(day, lunar, False)


def _ways_of(text: str, lunar: bool, leap: bool) -> Iterator[Way]:
    """Yield the ways to read day, month and year."""
    has_words = "年" in text
    for way in _in_order(_parts_of(text), text, has_words):
        if leap and not lunar:
            continue
        way = replace(way, lunar=lunar, leap=leap)
        yield way
        if lunar and not leap and way.month and leap_month_of(way.year) == way.month:
            yield replace(way, leap=True)


_ENGLISH = re.compile(
    r"(?P<day>\d{1,2})[- ]?(?P<name>[A-Z]{3})[A-Z]*[-, ]*(?P<year>\d{2,4})|"
    r"(?P<name2>[A-Z]{3})[A-Z]*[- ]?(?P<day2>\d{1,2}),? +(?P<year2>\d{4})"
)
_BETWEEN = re.compile(r"\s*[-/.,、。\\年月_ ]+\s*")


def _parts_of(text: str) -> list[str]:
    """Return the numbers of a text, in order; [] when something else stands between them."""
    english = _ENGLISH.fullmatch(text.upper())
    if english:
        day, name, year = (english[part] or english[part + "2"] for part in ("day", "name", "year"))
        return [year if len(year) == 4 else "'" + year, str(_MONTHS[name]), day] if name in _MONTHS else []
    text = re.sub(r"[日号]$", "", text)
    if not re.fullmatch(r"[\d\-/.,、。\\年月_ ']+", text):
        return []
    return _BETWEEN.split(text.strip("年月-/. "))


def _in_order(parts: list[str], text: str, has_words: bool) -> Iterator[Way]:
    """Yield year, month and day in the orders a person may have meant."""
    sizes = tuple(map(len, parts))
    if not all(part.lstrip("'").isdecimal() for part in parts) or not parts:
        return
    if len(parts) == 1:
        yield from _in_one(parts[0], has_words)
    elif len(parts) == 2:
        yield from _year_and_month(parts, text, has_words)
    elif len(parts) == 3 and sizes[0] == 4 and max(sizes[1:]) <= 2:
        yield whole(*parts)
    elif len(parts) == 3 and parts[0].startswith("'"):
        yield from _short(parts[0], parts[1], parts[2])
    elif len(parts) == 3 and sizes[2] == 4 and max(sizes[:2]) <= 2:
        yield whole(parts[2], parts[0], parts[1])
        yield whole(parts[2], parts[1], parts[0])
    elif len(parts) == 3 and max(sizes) <= 2:
        if sizes[0] == 2:
            yield from _short(*parts)
        if sizes[2] == 2 and ("/" in text or sizes[0] == 1 or int(parts[0]) <= 31 < int(parts[2])):
            yield from _short(parts[2], parts[0], parts[1])
            yield from _short(parts[2], parts[1], parts[0])


def whole(year: str, month: str, day: str) -> Way:
    """Return one way; 00 for a month or a day says that it is not known."""
    return Way(int(year), int(month) or None, (int(day) or None) if int(month) else None)


def _short(year: str, month: str, day: str) -> Iterator[Way]:
    """Yield both centuries a year of two digits may belong to."""
    for century in ("19", "20"):
        yield replace(whole(century + year.lstrip("'"), month, day), short_year=True)


def _in_one(digits: str, has_words: bool) -> Iterator[Way]:
    """Read 19560308 (also with an hour behind it), 560308, 195603, 1956."""
    digits = digits.lstrip("'")
    size = len(digits)
    if size in (8, 12, 14):
        yield whole(digits[:4], digits[4:6], digits[6:8])
    elif size == 6:
        yield from _short(digits[:2], digits[2:4], digits[4:])
        if digits[:2] in ("18", "19", "20"):
            yield Way(int(digits[:4]), int(digits[4:]))
    elif size == 4:
        yield Way(int(digits))
    elif size == 2 and has_words:
        yield from (Way(int(century + digits), short_year=True) for century in ("19", "20"))


def _year_and_month(parts: list[str], text: str, has_words: bool) -> Iterator[Way]:
    """Read a year and a month. As a number 1956.10 loses its last digit: 1956.1 may be January or October."""
    first, second = parts
    years = [first] if len(first) == 4 else ["19" + first, "20" + first] if len(first) == 2 and has_words else []
    for year in years:
        short = len(first) == 2
        if len(second) in (3, 4) and not short and "年" not in text:
            yield whole(year, second[:-2], second[-2:])
        elif len(second) <= 2:
            yield Way(int(year), int(second) or None, short_year=short)
            if second == "1" and re.fullmatch(r"\d{4}\.1", text):
                yield Way(int(year), 10)
