"""The rows of a list, column by column: who is a person, what each cell says, which door."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from qiaomen.imports.rules.list_kinds import OF_ROSTER
from qiaomen.imports.rules.reading.cell_values import Soft, Values, read_values, short_texts
from qiaomen.imports.rules.reading.roster_words import SEXES, relation_of, says_yes, status_of
from qiaomen.imports.rules.reading.sheet_rows import SheetRows, read_rows
from qiaomen.kernel import clock
from qiaomen.kernel.cells import clean, clean_column
from qiaomen.register.rules.addresses import Address
from qiaomen.register.rules.doors.grammar import DoorReading, read_door, read_door_columns
from qiaomen.register.rules.register_row import RegisterRow
from qiaomen.workbooks.sheet import Sheet

Read = TypeVar("Read")

LONGEST = {
    "former_name": 60,
    "nickname": 60,
    "head_name": 60,
    "household_no": 30,
    "relation": 20,
    "origin_town": 40,
    "origin_village": 40,
}
LONGEST_NAME = 60
LIFTED = {"是": True, "否": False, "脱贫户": True}
DOTS = str.maketrans(dict.fromkeys("•‧・⋅∙●﹒", "·"))
"""The separator of a name is U+00B7; keyboards give others."""

SPOT = 1_000_000
"""Where a row names several persons, a person is named by row number plus this for each person before."""


@dataclass(frozen=True)
class Surroundings:
    """What is known beside the sheet: the day, the compounds on record, the place the sheet as a whole is about.

    `renamed`: compounds a person said are others ("幸福院" is 幸福苑).
    """

    today: date = field(default_factory=clock.today)
    compounds: tuple[str, ...] = ()
    compound: str = ""
    building: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Table:
    """One sheet as read, column by column.

    `reasons`: by place in the columns, why a row stays out; `soft`: its fields that wait to be completed. `doors`: as
    read, `addresses`: where the door is sure. `keys`: what rows of one household have in common, once that is decided.
    `hushed`: places whose numbers are not held against the register.
    """

    sheet: str
    kind: str
    grid: Sheet
    fields: Sequence[str]
    titles: Sequence[str]
    spots: list[int]
    row_nos: list[int]
    values: dict[str, list[Any]]
    parts: list[int] = field(default_factory=list)
    streams: list[int] = field(default_factory=list)
    doors: list[DoorReading | None] = field(default_factory=list)
    addresses: list[Address | None] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    reasons: dict[int, list[str]] = field(default_factory=dict)
    soft: dict[int, list[Soft]] = field(default_factory=dict)
    left_out: dict[int, str] = field(default_factory=dict)
    hushed: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.row_nos)

    def refuse(self, place: int, reason: str) -> None:
        """Keep a row out, and say why."""
        self.reasons.setdefault(place, []).append(reason)

    def soften(self, place: int, soft: Soft) -> None:
        """Leave a field of a row open, to be completed."""
        self.soft.setdefault(place, []).append(soft)

    def title(self, code: str) -> str:
        """Return the user's own name of a column, "" when the sheet has none."""
        return next((title for title, one in zip(self.titles, self.fields, strict=False) if one == code), "")

    def spot(self, place: int) -> tuple[str, int]:
        """Return what names a row in answers and records."""
        return self.sheet, self.row_nos[place] + SPOT * self.parts[place]

    def row(self, place: int) -> RegisterRow:
        """Return one row by itself."""
        values = {code: column[place] for code, column in self.values.items()}
        return RegisterRow(self.sheet, self.spot(place)[1], values, self.addresses[place], self.keys[place])

    def cells(self, place: int) -> list[str]:
        """Return a row as it stands in the sheet; a column nobody reads is not kept and stays blank."""
        row = self.grid.row(self.spots[place])
        return [clean(row[n]) if code and n < len(row) else "" for n, code in enumerate(self.fields)]


def read_table(
    grid: Sheet,
    header: int,
    fields: Sequence[str],
    titles: Sequence[str],
    kind: str,
    *,
    blocks: Sequence[int] = (),
    beside: bool = False,
    around: Surroundings | None = None,
) -> Table:
    """Read the rows below the header, which stands in row number `header` (from 1).

    `fields`: the field of each column, "" where it is not read. Values of the columns of `OF_ROSTER` are those of their
    kind; those of other columns are clean text.
    """
    around = around or Surroundings()
    rows = read_rows(grid, header, fields, blocks or (0,) * len(fields), beside, titles)
    numbers = [grid.row_nos[spot] for spot in rows.spots]
    table = Table(grid.name, kind, grid, fields, titles, rows.spots, numbers, {}, rows.parts, rows.streams)
    table.left_out = rows.left_out
    _fill(table, rows, around)
    return table


def _fill(table: Table, rows: SheetRows, around: Surroundings) -> None:
    blank: list[Any] = [""] * len(table)
    raw = {code: rows.columns.get(code, blank) for code in (*OF_ROSTER, "age", "id_no", "birth_date", "phone")}
    told = {code: clean_column(raw[code]) if raw[code] is not blank else blank for code in OF_ROSTER}
    table.values = {code: clean_column(column) for code, column in rows.columns.items() if code not in OF_ROSTER}
    read = read_values(
        raw["id_no"],
        raw["birth_date"],
        raw["phone"],
        raw["age"],
        today=around.today,
        from_1904=table.grid.from_1904,
    )
    for place, softs in read.soft.items():
        table.soft[place] = softs
    _names(table, told)
    _people(table, told, read)
    _texts(table, told)
    _doors(table, raw, told, rows, around)
    table.keys = [""] * len(table)


def _names(table: Table, told: dict[str, list[str]]) -> None:
    names = told["name"]
    if any(dot in name for dot in "•‧・⋅∙●﹒" for name in set(names)):
        names = [name.translate(DOTS) for name in names]
    for place, name in enumerate(names):
        if not name:
            table.refuse(place, "没有姓名")
        elif len(name) > LONGEST_NAME:
            table.refuse(place, f"“{table.title('name')}”太长，最多 {LONGEST_NAME} 个字")
        elif name.isdecimal():
            table.refuse(place, f"“{table.title('name')}”里写的是数字，不像姓名")
    table.values["name"] = names


def _people(table: Table, told: dict[str, list[str]], read: Values) -> None:
    """What tells one person from another: documents, days, telephones, sexes, relations, statuses."""
    values = table.values
    births = [birth or day for birth, day in zip(read.id_births, read.births, strict=True)]
    values |= {"id_no": read.id_nos, "id_birth": read.id_births, "birth_date": births, "told_birth": read.births}
    values |= {"birth_year": read.birth_years, "phones": read.phones}
    values["phone"] = [numbers[0] if numbers else "" for numbers in read.phones]
    values["told_sex"] = [SEXES.get(text, "") for text in told["sex"]]
    values["sex"] = [sex or SEXES.get(text, "") for sex, text in zip(read.sexes, told["sex"], strict=True)]
    _heads(table, told)
    values["status"] = _each(status_of, told["status"])
    for place, (text, status) in enumerate(zip(told["status"], values["status"], strict=True)):
        if text and not status:
            table.soften(place, Soft("status", text[:40], "看不懂这个状态，按住在这里记"))


def _each(read: Callable[[str], Read], texts: Sequence[str]) -> list[Read]:
    """Read a column of words, each distinct one once."""
    known = {text: read(text) for text in set(texts)}
    return [known[text] for text in texts]


def _heads(table: Table, told: dict[str, list[str]]) -> None:
    """Who is the head, from the relation, a column of yes and no, or the name of the head; in words of one kind."""
    heads, flags = told["head_name"], told["is_head"]
    if heads and any(heads) and all(says_yes(text) is not None for text in set(heads) - {""}):
        heads, flags = [""] * len(heads), heads
    elif any(heads) and not any(told["relation"]) and all(_is_relation(text) for text in set(heads) - {""}):
        heads, told["relation"] = [""] * len(heads), heads
    pairs = _each(relation_of, told["relation"])
    yes = [says_yes(text) for text in flags] if any(flags) else [None] * len(heads)
    told["head_name"] = heads
    table.values["relation"] = [
        "户主" if flag and not words else words for (words, _), flag in zip(pairs, yes, strict=True)
    ]
    table.values["told_head"] = [flag if flag is not None else head for (_, head), flag in zip(pairs, yes, strict=True)]
    table.values["is_head"] = [
        bool(said) if said is not None else bool(head and head == name)
        for said, head, name in zip(table.values["told_head"], heads, table.values["name"], strict=True)
    ]


_RELATION = re.compile(
    r"户主(?:本人)?|本人|[一二三四五长次大小]?[儿孙养继外]*[子女]|妻子?|夫|丈夫|配偶|[岳祖外]*[父母]亲?|媳|儿媳|女婿|[兄弟姐妹]+|"
    r"[爷奶]+|其他|非亲属|儿子|女儿|孙[子女]"
)


def _is_relation(text: str) -> bool:
    return bool(_RELATION.fullmatch(relation_of(text)[0]))


def _texts(table: Table, told: dict[str, list[str]]) -> None:
    values = table.values
    values |= {code: list(told[code]) for code in LONGEST if code != "relation"}
    values["lifted_out"] = [LIFTED.get(text) for text in told["lifted_out"]]
    for code, longest in LONGEST.items():

        def note(place: int, text: str, code: str = code, longest: int = longest) -> None:
            table.soften(place, Soft(code, text[:40], f"太长，最多 {longest} 个字"))

        values[code] = short_texts(values[code], longest, note)


def _doors(
    table: Table, raw: dict[str, list[Any]], told: dict[str, list[str]], rows: SheetRows, around: Surroundings
) -> None:
    """Read where each row lives, from one column or from four; blank where the row itself says nothing."""
    known: dict[tuple[Any, ...], DoorReading | None] = {}
    columns = [raw[code] for code in ("compound", "building", "entrance", "room", "address")]
    sections = sorted(rows.sections)
    has = set(table.fields)
    stairs_first = _begin_with_stairs(columns[4], around.building) if "building" not in has else False
    for place, cells in enumerate(zip(*columns, strict=True)):
        default = (
            _default_at(rows.spots[place], sections, around) if sections else (around.compound, around.building, "")
        )
        if (cells, default) not in known:
            read = (*cells[:4], _with_stairs(cells[4])) if stairs_first or sections else cells
            known[cells, default] = _read_one(read, default, has, around)
        door = known[cells, default]
        if door and not stairs_first and not sections and "building" not in has:
            door = _either(door, cells[4], around.building)
        table.doors.append(door)
        if door and door.problem not in ("", "blank", "no-compound"):
            table.soften(place, Soft("address", clean(cells[4]) or clean(cells[3]), door.explanation))
        key = door.key if door else None
        table.addresses.append(Address(*key) if key else None)


_TWO_PARTS = re.compile(r"(\d{1,2})[-－—](\d{3,4}[室户号]?(?:[（(].*[)）])?)")


def _begin_with_stairs(cells: Sequence[Any], building: str) -> bool:
    """Say whether 2-301 is entrance 2 in a sheet about one building: other rows say so, or another number is there."""
    if not building:
        return False
    own = re.sub(r"\D", "", building)
    texts = {clean(cell) for cell in cells}
    firsts = {found[1].lstrip("0") for text in texts if (found := _TWO_PARTS.fullmatch(text))}
    return bool(firsts - {own}) or any("单元" in text or "门" in text for text in texts)


def _either(door: DoorReading, cell: Any, building: str) -> DoorReading:
    """In a sheet about building 1, 1-501 alone may be its entrance 1 or the building again: asked."""
    found = _TWO_PARTS.fullmatch(clean(cell)) if building else None
    if found is None or found[1] != re.sub(r"\D", "", building):
        return door
    said = f"是 {found[1]} 单元，还是就指 {found[1]} 号楼？请写成“{found[1]}单元{found[2]}”"
    return replace(door, problem="ambiguous", explanation=said)


def _with_stairs(cell: Any) -> Any:
    found = _TWO_PARTS.fullmatch(clean(cell))
    return f"{found[1]}单元{found[2]}" if found else cell


def _default_at(spot: int, sections: Sequence[tuple[int, str, str, str]], around: Surroundings) -> tuple[str, str, str]:
    """Return the place of the last section row above: 3号楼 in a row of its own."""
    compound, building, entrance = around.compound, around.building, ""
    for where, named, number, stairs in sections:
        if where > spot:
            break
        compound, building, entrance = named or compound, number, f"{stairs}单元" if stairs else ""
    return compound, building, entrance


def _read_one(
    cells: tuple[Any, ...], default: tuple[str, str, str], has: set[str], around: Surroundings
) -> DoorReading | None:
    compound, building, entrance, room, address = cells
    text = address if isinstance(address, str) else clean(address)
    if not clean(room) and not clean(text):
        return None
    named = clean(compound) or ("" if "compound" in has else default[0])
    number = building if clean(building) or "building" in has else default[1]
    stairs = entrance if clean(entrance) or "entrance" in has else default[2]
    known = around.compounds
    if has & {"building", "entrance", "room"}:
        door = read_door_columns(compound=named, building=number, entrance=stairs, room=room, address=text, known=known)
    else:
        door = read_door(text, compound=named, building=str(number), entrance=str(stairs), known=known)
    if door.compound and door.compound not in known and not _NAME_OF_PLACE.fullmatch(door.compound):
        return replace(door, compound="", problem="unreadable", explanation="看不懂，应像“幸福苑3号楼2单元501室”")
    return _renamed(door, around.renamed)


_NAME_OF_PLACE = re.compile(r"(?=.*[\u3400-\u9fff])[\w·()（）\-—.#号&]+")
"""A compound, a village or a street has a Chinese character in its name and no sign of a formula."""


def _renamed(door: DoorReading, renamed: Mapping[str, str]) -> DoorReading:
    return replace(door, compound=renamed[door.compound]) if door.compound in renamed else door


def rows_of(tables: Iterable[Table]) -> int:
    """Count the rows of tables."""
    return sum(map(len, tables))
