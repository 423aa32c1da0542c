"""What identity is decided from: the evidence of a row, what stands on record, and how the two compare."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple, TypeVar

from qiaomen.register.rules.door_grammar import DoorKey

K = TypeVar("K")
V = TypeVar("V")

Ref = tuple[str, int]
"""A sheet and the number of a row in it."""

_HEAD = re.compile(r"户主(?:本人)?|戶主|本人|本户户主|0?0|01|是")
_NO_NUMBER = re.compile(r"[-/\\.?0*]*|无|没有|不详|未知|空|N/?A|NULL", re.I)


@dataclass(frozen=True, slots=True)
class RowEvidence:
    """All a row tells of a person; "" or None where it is silent, never a default.

    `id_key`: the number of the document or its blind mark, of the same kind as on record. `id_birth`: the birth day the
    number tells. `birth_year`: all that is known of a birth without its day. `is_head`: from a column 是否户主; None
    when there is none. `door`: as written in this row, not carried down. `together`: names in the other rows of the
    household, when the rows are grouped already.
    """

    ref: Ref
    name: str
    id_key: str = ""
    id_birth: date | None = None
    birth: date | None = None
    birth_year: int | None = None
    sex: str = ""
    phones: frozenset[str] = frozenset()
    relation: str = ""
    is_head: bool | None = None
    household_no: str = ""
    head_name: str = ""
    door: DoorKey | None = None
    former_name: str = ""
    together: frozenset[str] = frozenset()

    @property
    def heads(self) -> bool:
        """Whether the row says that this is the head of the household."""
        if self.is_head is not None:
            return self.is_head
        return bool(_HEAD.fullmatch(self.relation)) or (not self.relation and self.head_name == self.name != "")

    @property
    def born(self) -> date | None:
        """The birth day: the number tells it better than a column."""
        return self.id_birth or self.birth


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """One person on record. `state`: here, away, left, died."""

    key: str
    name: str
    household: str
    id_key: str = ""
    birth: date | None = None
    sex: str = ""
    phones: frozenset[str] = frozenset()
    relation: str = ""
    is_head: bool = False
    state: str = "here"
    other_names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownHousehold:
    """One household on record."""

    key: str
    door: DoorKey | None = None
    number: str = ""
    head_name: str = ""


@dataclass(frozen=True)
class OnRecord:
    """What stands on record in a community, found by whatever a row tells."""

    persons: tuple[KnownPerson, ...] = ()
    households: tuple[KnownHousehold, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, KnownPerson]:
        """People by the key of their document."""
        return {person.id_key: person for person in self.persons if person.id_key}

    @cached_property
    def by_key(self) -> Mapping[str, KnownPerson]:
        """People by their own key."""
        return {person.key: person for person in self.persons}

    @cached_property
    def by_name(self) -> Mapping[str, list[KnownPerson]]:
        """People by each name they bear or bore."""
        return _index((name, person) for person in self.persons for name in {person.name, *person.other_names})

    @cached_property
    def homes(self) -> Mapping[str, KnownHousehold]:
        """Households by key."""
        return {household.key: household for household in self.households}

    @cached_property
    def members(self) -> Mapping[str, list[KnownPerson]]:
        """The people of each household who have not died or left."""
        return _index((person.household, person) for person in self.persons if person.state in ("here", "away"))

    @cached_property
    def at_door(self) -> Mapping[tuple[str, str, str], list[KnownHousehold]]:
        """Households by compound, building and room: an entrance may be told by one side only."""
        return _index((_spot(home.door), home) for home in self.households if home.door is not None)

    @cached_property
    def by_number(self) -> Mapping[str, list[KnownHousehold]]:
        """Households by their number, where it is one."""
        return _index((number, home) for home in self.households if (number := household_number(home.number)))

    def living_at(self, door: DoorKey | None) -> list[KnownHousehold]:
        """Return the households that may live at a door."""
        if door is None:
            return []
        return [home for home in self.at_door.get(_spot(door), []) if doors_agree(home.door, door) is not False]


def _index(pairs: Iterable[tuple[K, V]]) -> Mapping[K, list[V]]:
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _spot(door: DoorKey | None) -> tuple[str, str, str]:
    return (door.compound, door.building, door.room) if door else ("", "", "")


def household_number(text: str) -> str:
    """Return a household number as it can be compared; "" for 无, /, 0, which number nothing."""
    text = re.sub(r"\.0$", "", text.strip())
    return "" if _NO_NUMBER.fullmatch(text) else text.lstrip("0")


def doors_agree(first: DoorKey | None, other: DoorKey | None) -> bool | None:
    """Return whether two doors are one; None when one is not known, or only one of them tells its entrance."""
    if first is None or other is None:
        return None
    if first == other:
        return True
    if _spot(first) == _spot(other) and not (first.entrance and other.entrance):
        return None
    return False


class Reason(NamedTuple):
    """A piece of evidence: its code, and words for a person."""

    code: str
    words: str


WORDS = {
    "id": "证件号",
    "name": "姓名",
    "birth": "出生日期",
    "birth-year": "出生年份",
    "sex": "性别",
    "phone": "电话",
    "relation": "与户主关系",
    "door": "住址",
    "number": "户号",
    "head-name": "户主姓名",
    "together": "同住的人",
    "id-birth": "证件号里的出生日期",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where a row and a person on record agree and differ; what only one of them tells is in neither."""

    agree: frozenset[str] = frozenset()
    differ: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Tally:
    agree: set[str] = field(default_factory=set)
    differ: set[str] = field(default_factory=set)

    def note(self, code: str, verdict: bool | None) -> None:
        if verdict is not None:
            (self.agree if verdict else self.differ).add(code)


def compare(row: RowEvidence, person: KnownPerson, record: OnRecord) -> Comparison:
    """Hold the evidence of a row against a person on record."""
    tally, home = _Tally(), record.homes.get(person.household)
    names = {person.name, *person.other_names}
    tally.note("name", row.name in names or row.former_name in names)
    tally.note("id", row.id_key == person.id_key if row.id_key and person.id_key else None)
    tally.note("birth", row.born == person.birth if row.born and person.birth else None)
    year = row.birth_year if row.born is None else None
    tally.note("birth-year", year == person.birth.year if year and person.birth else None)
    tally.note("sex", row.sex == person.sex if row.sex and person.sex else None)
    tally.note("phone", bool(row.phones & person.phones) if row.phones and person.phones else None)
    tally.note("relation", _relations_agree(row, person))
    if home is not None:
        number, own = household_number(row.household_no), household_number(home.number)
        tally.note("door", doors_agree(row.door, home.door))
        tally.note("number", number == own if number and own else None)
        tally.note("head-name", row.head_name == home.head_name if row.head_name and home.head_name else None)
    mates = {mate.name for mate in record.members.get(person.household, []) if mate.key != person.key}
    if row.together & mates:
        tally.note("together", True)
    if row.id_birth and row.birth and row.id_birth != row.birth:
        tally.note("id-birth", False)
    return Comparison(frozenset(tally.agree), frozenset(tally.differ))


def _relations_agree(row: RowEvidence, person: KnownPerson) -> bool | None:
    if row.heads or person.is_head:
        heads_named = bool(row.relation or row.head_name or row.is_head is not None)
        return row.heads == person.is_head if heads_named and (person.relation or person.is_head) else None
    return row.relation == person.relation if row.relation and person.relation else None
