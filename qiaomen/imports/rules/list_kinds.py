"""The lists offices keep, as packs declare them: their columns, what a row tells, what its words mean. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from qiaomen.criteria.facts import Fact
from qiaomen.kernel.cells import parse_count, parse_date

WHO = (
    "household_no",
    "head_name",
    "name",
    "sex",
    "id_no",
    "birth_date",
    "phone",
    "address",
    "compound",
    "building",
    "entrance",
    "room",
)
"""The columns a person is found by."""

OF_ROSTER = (
    *WHO,
    "former_name",
    "nickname",
    "relation",
    "is_head",
    "status",
    "age",
    "origin_town",
    "origin_village",
    "lifted_out",
)
OF_HOUSEHOLD = ("origin_town", "origin_village", "lifted_out")
"""What a list may tell of a household."""

PEOPLE = ("make", "match", "none")
YES_NO = {
    **dict.fromkeys(("是", "有", "对", "√", "✓", "y", "Y", "1", "享受", "已享受", "在领", "已领"), True),
    **dict.fromkeys(("否", "无", "不是", "没有", "×", "x", "X", "n", "N", "0", "不享受", "未享受", "未领"), False),
}
LONGEST_TEXT = 120


@dataclass(frozen=True)
class Column:
    """A column of a list: the names it goes by, what its cell words mean, or the facts each word tells."""

    code: str
    names: tuple[str, ...]
    words: Mapping[str, Any] = field(default_factory=dict)
    tells: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """One list offices keep. `people`: make, match, or none (a list that is not taken)."""

    code: str
    title: str
    people: str
    writes: str
    columns: Mapping[str, Column]
    called: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    ends: Column | None = None
    only_if: Column | None = None
    name_is_enough: bool = False

    @cached_property
    def names(self) -> dict[str, str]:
        """Every name a column of this list goes by -> its code."""
        extra = [column for column in (self.ends, self.only_if) if column is not None]
        return {name: column.code for column in reversed([*self.columns.values(), *extra]) for name in column.names}

    @cached_property
    def told(self) -> list[Column]:
        """The columns that tell something, beyond those a person is found by."""
        return [column for code, column in self.columns.items() if code not in WHO]


def _column(code: str, told: Any) -> Column:
    if isinstance(told, list):
        return Column(code, tuple(told))
    words = (
        {str(word): value for value, names in (told.get("words") or {}).items() for word in names}
        if isinstance(told.get("words"), dict)
        else {str(word): True for word in told.get("words") or []}
    )
    return Column(
        code, tuple(told["names"]), words, {str(word): facts for word, facts in told.get("tells", {}).items()}
    )


def load_kinds(
    entries: Iterable[Mapping[str, Any]], facts: Mapping[str, Fact], of_records: Mapping[str, Iterable[str]]
) -> dict[str, Kind]:
    """Return the kinds by code, in the order the packs declare them.

    `of_records`: the fields of each kind of record that is no fact, by the word a list names it by. Raises ValueError for a column that leads nowhere.
    """
    kinds: dict[str, Kind] = {}
    for entry in entries:
        columns = {**entry.get("who", {}), **entry.get("columns", {})}
        kind = Kind(
            code=entry["code"],
            title=entry["title"],
            people=entry["people"],
            writes=entry["writes"],
            columns={code: _column(code, told) for code, told in columns.items()},
            called=tuple(entry.get("called", ())),
            signs=tuple(entry.get("signs", ())),
            fixed=entry.get("fixed", {}),
            ends=_column("ends", entry["ends"]) if "ends" in entry else None,
            only_if=_column("only_if", entry["only_if"]) if "only_if" in entry else None,
            name_is_enough=entry.get("name_is_enough", False),
        )
        if kind.code in kinds or kind.people not in PEOPLE:
            raise ValueError(f"list {kind.code}: declared twice, or people: {kind.people}")
        _check(kind, facts, {field for fields in of_records.values() for field in fields})
        kinds[kind.code] = kind
    return kinds


def _check(kind: Kind, facts: Mapping[str, Fact], of_records: set[str]) -> None:
    known = {*OF_ROSTER, "origin", *of_records} | {code for code, fact in facts.items() if fact.origin == "told"}
    told = {*kind.fixed} | {code for c in kind.columns.values() for facts_ in c.tells.values() for code in facts_}
    told |= {code for code, column in kind.columns.items() if not column.tells}
    if kind.writes != "people" and (lost := told - known):
        raise ValueError(f"list {kind.code}: {sorted(lost)} is no fact, no field of a household and nobody's field")
    for column in kind.columns.values():
        for code, value in [
            *((column.code, v) for v in column.words.values()),
            *((c, v) for told_ in column.tells.values() for c, v in told_.items()),
        ]:
            if code in facts:
                facts[code].write(value)


def reader_of(column: Column, fact: Fact | None) -> Callable[[str], Any]:
    """Return what turns a cell of this column into a value; it raises ValueError where the word is not known."""

    def read(text: str) -> Any:
        if column.words:
            return _by_word(column.words, text)
        if fact is None or fact.kind == "text":
            if fact is not None and len(text) > LONGEST_TEXT:
                raise ValueError(text)
            return text
        value: Any = None
        if fact.kind == "bool":
            value = YES_NO.get(text)
        elif fact.kind in ("int", "date"):
            value = parse_count(text) if fact.kind == "int" else parse_date(text)
        else:
            value = next((code for code, title in fact.choices.items() if title == text), None)
        if value is None:
            raise ValueError(text)
        return value

    return read


def _by_word(words: Mapping[str, Any], text: str) -> Any:
    bare = re.sub(r"[（(].*?[)）]", "", text)
    for one in (text, bare):
        if one in words:
            return words[one]
    raise ValueError(text)


def facts_of(column: Column, text: str) -> Mapping[str, Any]:
    """Return what the words of a cell tell; several stand between 、 and ，. Raises ValueError for an unknown word."""
    told: dict[str, Any] = {}
    for word in filter(None, re.split(r"[、，,;；/]", text)):
        told |= _by_word(column.tells, word)
    return told


def fixed_facts(kind: Kind, ended: str, today: date) -> Mapping[str, Any]:
    """Return what every row of the kind tells; a row that ended before today tells the contrary.

    Raises ValueError when the day it ended is no day.
    """
    if not ended or kind.ends is None:
        return kind.fixed
    day = parse_date(ended)
    if day is None:
        raise ValueError(ended)
    return {code: False for code in kind.fixed} if day <= today else kind.fixed
