"""Which rows of a sheet are people: merged cells filled, several people in one row, totals left out. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qiaomen.imports.rules.reading.columns import HEAD_BLOCK
from qiaomen.kernel.cells import clean, clean_column
from qiaomen.kernel.numerals import with_digits
from qiaomen.workbooks.sheet import Sheet

PLACES = ("compound", "building", "entrance")
"""Columns whose value holds for the blank cells below it, until the next one."""

MERGED = (
    *PLACES,
    "household_no",
    "head_name",
    "address",
    "room",
    "origin_town",
    "origin_village",
    "lifted_out",
    "origin",
)
"""Columns whose merged cells hold for every row they span."""

HINTED = 3
"""Rows below the header that may be a hint how to fill the table in, or an example."""

PART = 64
"""Persons one row may name; a place in the order of rows is row number times this plus the person's."""

NOBODY = re.compile(
    r"^(?:合计|总计|小计|共计|累计|总数|总人数|本页|以上|以下|填表|制表|填报|审核|审批|复核|负责人|单位|签字|签名|盖章|经办|说明|备注|"
    r"网格员|社区|居委会|本户|示例|样例|例[:：如]|注[:：]|联系人[:：])|^(?:共|计|合计|小计)?\d+[户人口名]|^[一-鿿]{2,8}[:：]|导出|不得转发|仅限|打印|页码|^第\d+页"
)
"""What no person is called: totals, signatures, remarks, watermarks."""

_HINT = re.compile(r"必填|选填|如[:：]|格式|下拉|填写|\d+位|文本|示例|例[:：如]|填户主|不填|请")
_EXAMPLE = re.compile(r"^(?:填写)?(?:示例|样例)|^例[:：]?$|示例小区")
_SECTION = re.compile(r"(?P<place>\D*?)(?P<building>\d+[A-Z]?|[A-Z])(?:号楼|栋|幢|座|#楼)(?:(?P<entrance>\d+)单元)?")


@dataclass
class SheetRows:
    """The rows of people of a sheet, column by column: cells as the reader gave them, by field.

    `spots`: places in the grid; `parts`: which person of the row (0 where a row is one person); `streams`: the table a
    row belongs to, where several stand side by side. `left_out`: rows that are nobody, with what they are.
    """

    columns: dict[str, list[Any]] = field(default_factory=dict)
    spots: list[int] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    streams: list[int] = field(default_factory=list)
    left_out: dict[int, str] = field(default_factory=dict)
    sections: list[tuple[int, str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Frame:
    """A grid below its header."""

    grid: Sheet
    first: int
    size: int
    titles: Sequence[str]

    def row(self, place: int) -> list[Any]:
        return self.grid.row(self.first + place)

    def number(self, place: int) -> int:
        return self.grid.row_nos[self.first + place]


def read_rows(
    grid: Sheet, header: int, fields: Sequence[str], blocks: Sequence[int], beside: bool, titles: Sequence[str]
) -> SheetRows:
    """Return the people below the header, which stands in row number `header`."""
    first = bisect_right(grid.row_nos, header)
    frame = _Frame(grid, first, len(grid.row_nos) - first, titles)
    raw = {place: grid.column(place)[first:] for place, code in enumerate(fields) if code}
    _fill_merged(frame, raw, fields)
    streams = _streams(raw, fields, blocks, beside, frame.size)
    found = SheetRows()
    wide = _wide_rows(frame)
    for number, (order, columns) in enumerate(streams):
        _take(found, frame, columns, order, number, wide, len(streams) > 1)
    return found


def _fill_merged(frame: _Frame, raw: Mapping[int, list[Any]], fields: Sequence[str]) -> None:
    """Give each row that a merged cell spans its value."""
    numbers = frame.grid.row_nos
    for merged in frame.grid.merged:
        if merged.last_row == merged.first_row or merged.first_column >= len(fields) or not frame.size:
            continue
        if fields[merged.first_column] not in MERGED or merged.first_row < frame.number(0):
            continue
        begin = bisect_left(numbers, merged.first_row) - frame.first
        end = bisect_right(numbers, merged.last_row) - frame.first
        column = raw[merged.first_column]
        for place in range(begin + 1, end):
            column[place] = column[begin]


def _wide_rows(frame: _Frame) -> set[int]:
    """Return the rows below the header one cell of which was made as wide as the table: titles, totals, watermarks."""
    found, numbers = set[int](), frame.grid.row_nos
    for merged in frame.grid.merged:
        width = merged.last_column - merged.first_column + 1
        if merged.first_row == merged.last_row and 2 * width > len(frame.titles) and width > 2:
            place = bisect_left(numbers, merged.first_row) - frame.first
            if 0 <= place < frame.size:
                found.add(place)
    return found


Order = list[tuple[int, int]]
"""(place of the row, which person of it) of each person."""


def _streams(
    raw: Mapping[int, list[Any]], fields: Sequence[str], blocks: Sequence[int], beside: bool, size: int
) -> list[tuple[Order, dict[str, list[Any]]]]:
    """Return the tables of a sheet: usually one; several where they stand side by side."""
    numbers = sorted({block for place, block in enumerate(blocks) if block and fields[place]})
    plain = [(place, 0) for place in range(size)]
    if not numbers and not any(code.startswith("head:") for code in fields):
        return [(plain, {code: raw[place] for place, code in enumerate(fields) if code})]
    if beside:
        return [
            (plain, {code: raw[place] for place, code in enumerate(fields) if code and blocks[place] == number})
            for number in numbers
        ]
    return [_unfolded(raw, fields, blocks, numbers or [0], size)]


def _unfolded(
    raw: Mapping[int, list[Any]], fields: Sequence[str], blocks: Sequence[int], numbers: list[int], size: int
) -> tuple[Order, dict[str, list[Any]]]:
    """Give each person of a row a row: the head from the columns of the head, then the members."""
    shared = {code: raw[n] for n, code in enumerate(fields) if code and not blocks[n] and not code.startswith("head:")}
    head = {f: raw[fields.index(f"head:{f}")] for f in HEAD_BLOCK if f"head:{f}" in fields}
    apart = [0] if numbers == [0] else numbers
    members = [
        {code: raw[n] for n, code in enumerate(fields) if code and blocks[n] == number and not code.startswith("head:")}
        for number in apart
    ]
    codes = dict.fromkeys(code for one in (shared, *members) for code in one)
    codes |= dict.fromkeys(("name", "relation", *head))
    order, columns = list[tuple[int, int]](), {code: list[Any]() for code in codes}
    listed = _listed(shared, members, size)
    for place in range(size):
        told = list[dict[str, Any]]()
        leader = clean(shared["head_name"][place]) if "head_name" in shared else ""
        if leader and (place, leader) not in listed:
            told.append({"name": leader, "relation": "户主", **{code: column[place] for code, column in head.items()}})
        for member in members:
            cells = {code: column[place] for code, column in member.items()}
            if clean(cells.get("name", "")):
                told.append(cells)
        for part, cells in enumerate(told[:PART]):
            order.append((place, part))
            for code, column in columns.items():
                whole = shared[code][place] if code in shared and code not in ("name", "relation", *head) else ""
                column.append(cells.get(code, whole))
    return order, columns


def _listed(shared: Mapping[str, Any], members: Sequence[Mapping[str, Any]], size: int) -> set[tuple[int, str]]:
    """Return in which rows a head needs no row of their own: they are a member of it, or of a row around it."""
    heads = [clean(cell) for cell in shared["head_name"]] if "head_name" in shared else [""] * size
    found, run = set[tuple[int, str]](), 0
    for place in range(size + 1):
        if place < size and place > run and heads[place] == heads[run]:
            continue
        names = {clean(one["name"][n]) for one in members if "name" in one for n in range(run, min(place, size))}
        again = range(run, min(place, size)) if run < size and heads[run] in names else range(run + 1, min(place, size))
        found |= {(n, heads[n]) for n in again}
        run = place
    return found


def _take(
    found: SheetRows,
    frame: _Frame,
    columns: dict[str, list[Any]],
    order: Order,
    stream: int,
    wide: set[int],
    several: bool,
) -> None:
    """Add the people of one table to what was found."""
    texts = {code: clean_column(column) for code, column in columns.items()}
    names = texts.get("name") or [""] * len(order)
    filled = [any(row) for row in zip(*texts.values(), strict=True)] if texts else []
    keep, apart = list[int](), several or any(part for _, part in order)
    for n, (place, _part) in enumerate(order):
        if not filled[n]:
            if place in wide:
                _note_section(found, frame, place)
            continue
        mine = [column[n] for column in texts.values()] if apart else None
        told = _is_nobody(frame, place, names[n], place in wide, mine)
        if told:
            found.left_out[frame.number(place)] = told
            _note_section(found, frame, place)
        else:
            keep.append(n)
    own = {code: [column[n] for n in keep] for code, column in columns.items()}
    _carry_places(own)
    size = len(found.spots)
    for code in {*found.columns, *own}:
        column = found.columns.setdefault(code, [""] * size)
        column += own.get(code) or [""] * len(keep)
    found.spots += [frame.first + order[n][0] for n in keep]
    found.parts += [order[n][1] or stream for n in keep]
    found.streams += [stream] * len(keep)


def _is_nobody(frame: _Frame, place: int, name: str, wide: bool, own: list[str] | None) -> str:
    """Return what a row is that is no person, "" for a person's row. `own`: its cells, where a row holds more."""
    plain = name and not NOBODY.search(name) and name not in frame.titles
    if plain and not wide and place >= HINTED and not name.isdecimal():
        return ""
    whole = [text for text in map(clean, frame.row(place)) if text]
    cells = whole if own is None else [text for text in own if text]
    if place < HINTED and (told := _is_hint(cells)):
        return told
    if name and name in frame.titles and sum(cell in frame.titles for cell in cells) * 2 > len(cells):
        return "表头"
    document = any(re.search(r"\d{15}", cell) for cell in cells)
    if wide and len(cells) <= 2:
        return "标题或说明"
    if name and not NOBODY.search(name) and not (name.isdecimal() and any(NOBODY.search(cell) for cell in whole)):
        return ""
    if document or not (name or cells[0]):
        return ""
    if name or NOBODY.search(cells[0]):
        return "合计、签名或说明"
    alone = len(cells) == 1 and len(frame.titles) > 2
    return "合计、签名或说明" if alone or any(NOBODY.search(cell) for cell in cells) else ""


def _is_hint(cells: Sequence[str]) -> str:
    if any(_EXAMPLE.search(cell) for cell in cells):
        return "填写示例"
    hints = sum(_HINT.search(cell) is not None for cell in cells)
    return "填写说明" if hints * 2 > len(cells) and not any(re.search(r"\d{15}", cell) for cell in cells) else ""


def _note_section(found: SheetRows, frame: _Frame, place: int) -> None:
    """A row that says nothing but 3号楼 holds for the rows below it."""
    cells = [text for text in map(clean, frame.row(place)) if text]
    said = _SECTION.fullmatch(with_digits(cells[0])) if len(set(cells)) == 1 else None
    if said:
        found.sections.append((frame.first + place, said["place"], f"{said['building']}号楼", said["entrance"] or ""))


def _carry_places(columns: dict[str, list[Any]]) -> None:
    """Give blank cells of compound, building and entrance what stands above, until the next value of it or above it."""
    present = [code for code in PLACES if code in columns]
    above = dict.fromkeys(present, "")
    if not present or all("" not in columns[code] for code in present):
        return
    for n in range(len(columns[present[0]])):
        for level, code in enumerate(present):
            cell = columns[code][n]
            if clean(cell):
                if clean(cell) != clean(above[code]):
                    above |= dict.fromkeys(present[level + 1 :], "")
                above[code] = cell
            else:
                columns[code][n] = above[code]
