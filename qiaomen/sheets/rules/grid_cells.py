"""What a person types into a cell of the grid, read and said: dates, yes and no, ages, and what a filter means."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from qiaomen.kernel import days
from qiaomen.kernel.ages import years_before
from qiaomen.kernel.cells import parse_date
from qiaomen.kernel.telephones import read_telephones

YES = {"是", "有", "对", "1", "true", "yes", "y", "√", "✓"}
NO = {"否", "无", "没有", "不是", "0", "false", "no", "n", "×"}
EMPTY, FILLED = {"空", "（空）", "(空)", "没有填"}, {"非空", "不空", "有内容"}
MALE, FEMALE = {"男", "男性", "male", "m"}, {"女", "女性", "female", "f"}


class Unreadable(ValueError):
    """What was typed is of no use here; `word` names the sentence that says why."""

    def __init__(self, word: str) -> None:
        self.word = word
        super().__init__(word)


def tidy(text: str) -> str:
    """Return the text without control characters and outer blanks: a pasted cell may hold a tab or a line's end."""
    kept = "".join(" " if char in "\t\r\n" else char for char in text if char in "\t\r\n" or char.isprintable())
    return re.sub(r" {2,}", " ", kept).strip()


def narrow(text: str) -> str:
    """Return the text with full-width digits and letters made half-width, without blanks, in small letters."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def read_bool(text: str) -> bool:
    """Read 是 / 否 as people write them. Raises Unreadable."""
    word = narrow(text)
    if word in YES or word in NO:
        return word in YES
    raise Unreadable("bool")


def read_sex(text: str) -> str:
    """Read 男 / 女. Raises Unreadable."""
    word = narrow(text)
    if word in MALE or word in FEMALE:
        return "male" if word in MALE else "female"
    raise Unreadable("choice")


def read_choice(text: str, choices: dict[str, str]) -> str:
    """Return the code of a choice given by its title or its code. Raises Unreadable."""
    word = text.strip()
    found = [code for code, title in choices.items() if word in (code, title)]
    if not found:
        raise Unreadable("choice")
    return found[0]


def read_int(text: str) -> int:
    """Read a whole number, a unit after it forgiven. Raises Unreadable."""
    found = re.fullmatch(r"(\d{1,6})\D{0,2}", narrow(text))
    if not found:
        raise Unreadable("int")
    return int(found[1])


EARLIEST, AHEAD = 1880, 60
"""The year before which no day of a register lies, and years a day may lie ahead: a card may run for decades."""


def read_day(text: str, today: date) -> date:
    """Read a whole date that is not absurd, by the grammar all lists share. Raises Unreadable."""
    found = days.read_day(text, today=today, oldest=today.year - EARLIEST, ahead=AHEAD).day
    if found is None:
        raise Unreadable("date")
    return found


def read_birth(text: str, today: date) -> date:
    """Read a date of birth, which is not tomorrow. Raises Unreadable."""
    found = days.read_day(text, today=today).day
    if found is None:
        soon = days.read_day(text, today=today, ahead=AHEAD).day
        raise Unreadable("birth" if soon else "date")
    return found


def read_phone(text: str) -> str:
    """Read the digits of one telephone number, by the grammar all lists share. Raises Unreadable."""
    readings = read_telephones(text)
    if len(readings) != 1 or readings[0].problem:
        raise Unreadable("phone")
    return readings[0].digits


def say_day(day: date | None) -> str:
    """Return 1950年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


@dataclass(frozen=True)
class Span:
    """From one value until another, both in it; None is open. `whole_years`: no bound lies inside a year."""

    low: date | int | None
    high: date | int | None
    whole_years: bool = False


def read_day_span(text: str) -> Span:
    """Read 1950, 1950-1960, 1950-03, 1950年3月, 1950-03-05. Raises Unreadable."""
    word = narrow(text)
    if years := re.fullmatch(r"(\d{4})年?(?:[-~～至到](\d{4})年?)?", word):
        first, last = int(years[1]), int(years[2] or years[1])
        if 1800 <= first <= last <= 2200:
            return Span(date(first, 1, 1), date(last, 12, 31), whole_years=True)
    if month := re.fullmatch(r"(\d{4})[-./年](\d{1,2})月?", word):
        year, number = int(month[1]), int(month[2])
        if 1800 <= year <= 2200 and 1 <= number <= 12:
            after = date(year + number // 12, number % 12 + 1, 1)
            return Span(date(year, number, 1), date.fromordinal(after.toordinal() - 1))
    day = parse_date(word)
    if day is None:
        raise Unreadable("filter")
    return Span(day, day)


def read_int_span(text: str) -> Span:
    """Read 60, 60-80, 60+, >=60, >60, <14, 60岁以上. Raises Unreadable."""
    word = (
        narrow(text).replace("岁", "").replace("≥", ">=").replace("≤", "<=").replace("以上", "+").replace("以下", "-")
    )
    if found := re.fullmatch(r"(\d{1,3})[-~～至到](\d{1,3})", word):
        return Span(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{1,3})(\+|-)?", word):
        number = int(found[1])
        return {"+": Span(number, None), "-": Span(None, number)}.get(found[2] or "", Span(number, number))
    if found := re.fullmatch(r"(>=|<=|>|<)(\d{1,3})", word):
        number = int(found[2])
        bounds = {">=": (number, None), ">": (number + 1, None), "<=": (None, number), "<": (None, number - 1)}
        return Span(*bounds[found[1]])
    raise Unreadable("filter")


def births_of_ages(span: Span, today: date) -> Span:
    """Return which days of birth make somebody that old today."""
    low = None if span.high is None else date.fromordinal(years_before(today, int(span.high) + 1).toordinal() + 1)  # type: ignore[arg-type]
    high = None if span.low is None else years_before(today, int(span.low))  # type: ignore[arg-type]
    return Span(low, high)
