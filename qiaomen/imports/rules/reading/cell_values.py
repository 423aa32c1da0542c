"""The cells of a list become values through the grammars; what is not sure stays open, and the row comes in.

A field that could not be read is kept as a `Soft` with its reason: it goes to "to be completed" and refuses nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from qiaomen.kernel.cells import clean
from qiaomen.kernel.days import DayHint, DayReading, read_day
from qiaomen.kernel.documents import DocumentReading, read_documents
from qiaomen.kernel.telephones import PhoneReading, read_telephones


class Soft(NamedTuple):
    """A field that waits to be completed: its code, what stood in the cell, and why it was not taken."""

    field: str
    text: str
    why: str


@dataclass
class Values:
    """What the documents, days and telephones of a column tell, row by row, and what is to be completed."""

    id_nos: list[str]
    id_births: list[date | None]
    births: list[date | None]
    birth_years: list[int | None]
    sexes: list[str]
    phones: list[tuple[str, ...]]
    soft: dict[int, list[Soft]]


SILENT_ID = ("blank", "none", "unregistered")
SILENT_PHONE = ("blank", "none")


def read_values(
    ids: Sequence[Any],
    days: Sequence[Any],
    telephones: Sequence[Any],
    ages: Sequence[Any],
    *,
    today: date,
    from_1904: bool,
) -> Values:
    """Read the columns of documents, birth days and telephones; `ages` only help to choose a century."""
    found = Values([], [], [], [], [], [], {})
    documents = read_documents(ids, today=today)
    for place, (paper, cell) in enumerate(zip(documents, ids, strict=True)):
        _take_document(found, place, paper, cell)
    for place, cell in enumerate(days):
        birth = found.id_births[place]
        if cell in ("", None):
            found.births.append(None)
            found.birth_years.append(None)
            continue
        age = _age(ages[place]) if birth is None else None
        hint = DayHint(birth, age) if birth is not None or age is not None else None
        day = read_day(cell, today=today, hint=hint, book_1904=from_1904)
        _take_day(found, place, day, cell, birth)
    for place, cell in enumerate(telephones):
        found.phones.append(_telephones(found, place, read_telephones(cell), cell) if cell not in ("", None) else ())
    return found


def _note(found: Values, place: int, soft: Soft) -> None:
    found.soft.setdefault(place, []).append(soft)


def _take_document(found: Values, place: int, paper: DocumentReading, cell: Any) -> None:
    found.id_nos.append("" if paper.problem else paper.number)
    found.id_births.append(None if paper.problem else paper.birth)
    found.sexes.append("" if paper.problem else paper.sex)
    if paper.problem and paper.problem not in SILENT_ID:
        _note(found, place, Soft("id_no", clean(cell)[:40], paper.explanation))


def _take_day(found: Values, place: int, day: DayReading, cell: Any, birth: date | None) -> None:
    found.births.append(day.day)
    found.birth_years.append(day.year if day.day is None and not day.problem else None)
    if birth is not None:
        year_differs = day.day is None and day.year is not None and day.year != birth.year
        if (day.day is not None and day.day != birth) or year_differs:
            _note(found, place, Soft("birth_date", clean(cell)[:40], "和证件号里的出生日期不一样，按证件号记"))
    elif day.problem not in ("", "blank"):
        _note(found, place, Soft("birth_date", clean(cell)[:40], day.explanation))
    elif day.day is None and day.year is not None:
        _note(found, place, Soft("birth_date", clean(cell)[:40], day.explanation or "不是完整的日期"))


def _age(cell: Any) -> int | None:
    text = clean(cell).removesuffix("岁").removesuffix("周")
    return int(text) if text.isdecimal() and len(text) < 4 else None


def _telephones(found: Values, place: int, told: Sequence[PhoneReading], cell: Any) -> tuple[str, ...]:
    numbers = tuple(dict.fromkeys(one.digits for one in told if one.digits))
    if not numbers and told[0].problem not in SILENT_PHONE:
        _note(found, place, Soft("phone", clean(cell)[:40], told[0].explanation))
    elif len(numbers) > 1:
        _note(found, place, Soft("phone", clean(cell)[:40], "一格里有几个号码，记了第一个"))
    return numbers


def short_texts(texts: list[str], longest: int, note: Callable[[int, str], None]) -> list[str]:
    """Return texts without those that are too long for their field; each of those is noted."""
    if max(map(len, texts), default=0) <= longest:
        return texts
    found = []
    for place, text in enumerate(texts):
        if len(text) > longest:
            note(place, text)
        found.append("" if len(text) > longest else text)
    return found
