"""How offices write dates, telephones and documents: each habit by name, with what can still be known from it.

A habit takes a person and gives the cell, and the person as the table now shows them (see office_truth: ``blank_ok``,
``also``). None as a cell means that the habit does not fit this person; the plain one is used then.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from random import Random

from benchmarks.worlds.office_addresses import DIGITS, chinese
from benchmarks.worlds.office_people import LUNAR_BY_YEAR
from benchmarks.worlds.office_truth import TruePerson


@dataclass(frozen=True)
class Serial:
    """A date that stands in a cell of the format General: the writer turns it into the book's day number."""

    day: date


Cell = str | int | float | date | datetime | Serial | None
Written = tuple[Cell, TruePerson]
Habit = Callable[[TruePerson, Random], Written]

MONTHS = ["正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"]
NONE_WORDS = ("无", "/", "0", "—", "暂无", "")
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def doubtful(person: TruePerson, *fields: str) -> TruePerson:
    """Say that these fields may honestly be left empty."""
    return replace(person, blank_ok=person.blank_ok | set(fields))


def plain_date(pattern: str) -> Habit:
    """A date by its parts: {y} {m} {d}, {m:02d} …, {c} the year digit by digit in Chinese."""

    def write(person: TruePerson, random: Random) -> Written:
        day = person.birth
        year = "".join(DIGITS[int(digit)] for digit in str(day.year)).replace("零", "〇")
        return pattern.format(
            y=day.year, m=day.month, d=day.day, c=year, M=chinese(day.month), D=chinese(day.day)
        ), person

    return write


def six_digits(person: TruePerson, random: Random) -> Written:
    """560308, only where nobody alive could mean the other century."""
    two = person.birth.year % 100
    return (f"{person.birth:%y%m%d}" if two >= 27 or 2000 <= person.birth.year <= 2020 else None), person


def month_only(person: TruePerson, random: Random) -> Written:
    """1956年3月: the day is not known."""
    day = person.birth
    text = random.choice(("{}年{}月", "{}.{:02d}", "{}-{:02d}")).format(day.year, day.month)
    shown = replace(doubtful(person, "birth"), also=(*person.also, ("birth", day.replace(day=1).isoformat())))
    return text, shown


def minguo(person: TruePerson, random: Random) -> Written:
    """民国三十五年三月八日, for those born before 1949."""
    day = person.birth
    if day.year > 1948:
        return None, person
    year = day.year - 1911
    chinese_text = f"民国{chinese(year)}年{chinese(day.month)}月{chinese(day.day)}日"
    return random.choice((chinese_text, f"民国{year}年{day.month}月{day.day}日")), person


def lunar(person: TruePerson, random: Random) -> Written:
    """农历一九五六年正月初八: converted, or not known; never read as a solar day."""
    known = LUNAR_BY_YEAR.get(person.birth.year)
    if not known or known[0] != person.birth:
        return None, person
    year, month, day = known[1].split(".")
    leap = "闰" if month.startswith("闰") else ""
    ordinal = int(day)
    spoken = f"初{chinese(ordinal)}" if ordinal <= 10 else chinese(ordinal)
    text = f"{year}年{leap}{MONTHS[int(month.removeprefix('闰')) - 1]}月{spoken}"
    form = random.choice(("农历{}", "{}（农历）", "阴历{}", "{}(农历)"))
    return form.format(text), doubtful(person, "birth")


def impossible(person: TruePerson, random: Random) -> Written:
    """A slip of the keyboard: no such day, a day to come, or nobody is that old."""
    year = person.birth.year
    wrong = (f"{year}-13-08", f"{year}年2月31日", f"{year + 200}-03-15", f"{year - 200}.3.8")
    return random.choice(wrong), doubtful(person, "birth")


DATES: dict[str, Habit] = {
    "iso": plain_date("{y}-{m:02d}-{d:02d}"),
    "dots": plain_date("{y}.{m}.{d}"),
    "slashes": plain_date("{y}/{m}/{d}"),
    "chinese": plain_date("{y}年{m}月{d}日"),
    "chinese-numerals": plain_date("{c}年{M}月{D}日"),
    "eight-digits": plain_date("{y}{m:02d}{d:02d}"),
    "time-part": plain_date("{y}-{m:02d}-{d:02d} 00:00:00"),
    "six-digits": six_digits,
    "month-only": month_only,
    "minguo": minguo,
    "lunar": lunar,
    "impossible": impossible,
    "date-cell": lambda person, random: (person.birth, person),
    "serial-general": lambda person, random: (Serial(person.birth), person),
}
"""Habit -> how a day of birth is written. The last two only in a workbook."""


def telephone_pattern(pattern: str) -> Habit:
    """A mobile number by its parts: {0} first three, {1} next four, {2} last four."""

    def write(person: TruePerson, random: Random) -> Written:
        number = person.telephone
        return (pattern.format(number[:3], number[3:7], number[7:]) if number else None), person

    return write


def two_numbers(person: TruePerson, random: Random) -> Written:
    """Two numbers in one cell."""
    if not person.telephone:
        return None, person
    second = random.choice(("1370000", "0900-775")) + f"{random.randrange(10000):04d}"
    joint = random.choice(("/", "、", "，", " ", "\n", ";"))
    return person.telephone + joint + second, replace(person, telephones=(*person.telephones, second.replace("-", "")))


def land_line(person: TruePerson, random: Random) -> Written:
    """A land line with an area code that no place has."""
    number = f"77{random.randrange(100000):05d}"
    text = random.choice(("0900-{}", "0900{}", "（0900）{}", "0900 {}")).format(number)
    return text, replace(person, telephones=(f"0900{number}",))


def masked_telephone(person: TruePerson, random: Random) -> Written:
    """The middle is hidden: the number is not known."""
    if not person.telephone:
        return None, person
    return f"{person.telephone[:3]}****{person.telephone[7:]}", doubtful(person, "telephone")


def scientific_telephone(person: TruePerson, random: Random) -> Written:
    """1.38E+10: the number is lost."""
    if not person.telephone:
        return None, person
    return f"{int(person.telephone):.5E}", doubtful(person, "telephone")


def no_telephone(person: TruePerson, random: Random) -> Written:
    """A word that says there is none."""
    return random.choice(NONE_WORDS), replace(person, telephones=())


TELEPHONES: dict[str, Habit] = {
    "plain": telephone_pattern("{0}{1}{2}"),
    "spaced": telephone_pattern("{0} {1} {2}"),
    "hyphens": telephone_pattern("{0}-{1}-{2}"),
    "plus-86": telephone_pattern("+86 {0}{1}{2}"),
    "86-without-plus": telephone_pattern("86{0}{1}{2}"),
    "point-zero": telephone_pattern("{0}{1}{2}.0"),
    "whose": telephone_pattern("{0}{1}{2}（儿子）"),
    "number-cell": lambda person, random: (int(person.telephone) if person.telephone else None, person),
    "two-in-a-cell": two_numbers,
    "land-line": land_line,
    "masked": masked_telephone,
    "scientific": scientific_telephone,
    "none-words": no_telephone,
}
"""Habit -> how a telephone number is written."""


def document_pattern(form: Callable[[str], str]) -> Habit:
    """An identity number in some dress from which it can be read whole."""

    def write(person: TruePerson, random: Random) -> Written:
        return (form(person.document) if person.document else None), person

    return write


def fifteen(person: TruePerson, random: Random) -> Written:
    """The old number of fifteen digits; the one of eighteen is as right."""
    whole = person.document
    if not whole or person.birth.year >= 2000:
        return None, person
    old = whole[:6] + whole[8:17]
    return old, replace(person, document=old, also=(*person.also, ("document", whole)))


def damaged(person: TruePerson, random: Random) -> Written:
    """A number cell: Excel kept fifteen places and the last three are gone."""
    if not person.document or person.document.endswith("X"):
        return None, person
    return int(person.document[:15] + "000"), doubtful(person, "document")


def scientific_document(person: TruePerson, random: Random) -> Written:
    """9.90101E+17: the number is lost."""
    return ("9.90101E+17" if person.document else None), doubtful(person, "document")


def foreign(kind: str, words: str, digits: int, letters: str) -> Habit:
    """Another document: passport, 回乡证, 台胞证, 居住证; with or without its name before it."""

    def write(person: TruePerson, random: Random) -> Written:
        number = letters + f"{random.randrange(10**digits):0{digits}d}"
        text = random.choice((f"{words}{number}", f"{words}：{number}", f"{number}({words})"))
        return text, replace(person, document_kind=kind, document=number)

    return write


def no_document(person: TruePerson, random: Random) -> Written:
    """A word that says there is none."""
    words = random.choice((*NONE_WORDS, "未上户", "未办理", "无身份证"))
    return words, replace(person, document_kind=None, document=None)


DOCUMENTS: dict[str, Habit] = {
    "text": document_pattern(str),
    "apostrophe": document_pattern(lambda number: f"'{number}"),
    "equals-quote": document_pattern(lambda number: f'="{number}"'),
    "lower-x": document_pattern(str.lower),
    "spaces": document_pattern(lambda number: f"{number[:6]} {number[6:14]} {number[14:]}"),
    "full-width": document_pattern(lambda number: number.translate(FULL_WIDTH)),
    "trailing-tab": document_pattern(lambda number: f" {number}\t"),
    "fifteen-digits": fifteen,
    "damaged-number": damaged,
    "scientific": scientific_document,
    "passport": foreign("护照", "护照", 8, "E"),
    "home-return-permit": foreign("回乡证", "回乡证", 8, "H"),
    "taiwan-permit": foreign("台胞证", "台胞证", 8, ""),
    "residence-permit": foreign("居住证", "居住证", 10, "L"),
    "none-words": no_document,
}
"""Habit -> how a document is written."""
