"""A workbook becomes tables: which list each sheet is, which column is what, and its rows read column by column."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from qiaomen.imports import problems
from qiaomen.imports.models import KnownMapping
from qiaomen.imports.rules.list_kinds import OF_ROSTER, Kind, load_kinds
from qiaomen.imports.rules.reading.columns import SEARCHED, Header, Layout, find_header, read_titles
from qiaomen.imports.rules.reading.roster import Surroundings, Table, read_table
from qiaomen.imports.rules.reading.sheet_place import table_place
from qiaomen.imports.selectors.visit_records import FIELDS as VISIT_FIELDS
from qiaomen.kernel import clock
from qiaomen.kernel.cells import clean
from qiaomen.office.models import Organisation
from qiaomen.register.models import Compound
from qiaomen.register.selectors import packs
from qiaomen.workbooks import reader
from qiaomen.workbooks.sheet import Sheet

MOST_TITLES = 40
SERIAL = ("序号", "编号", "序", "No.", "NO.", "行号")


@dataclass
class Workbook:
    """An opened workbook: its tables, what was decided about their columns, and what was left out."""

    tables: list[Table] = field(default_factory=list)
    mapping: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    samples: dict[str, list[str]] = field(default_factory=dict)


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """Return the lists this installation knows, by code."""
    return load_kinds(packs.entries("ledgers.yaml"), packs.facts(), {"visits": VISIT_FIELDS})


def kind_of(code: str) -> Kind:
    """Return a list by code; one that a pack no longer declares is read as a roster."""
    return kinds().get(code) or kinds()["roster"]


@dataclass(frozen=True)
class PlaceAnswers:
    """What is known of compounds: those on record or made by an answer, those said to be others, and each sheet's own.

    `only`: the compound of a community that has a single one. `recorded`: any stands on record.
    """

    known: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    only: str = ""
    recorded: bool = False

    @classmethod
    def of(cls, community: Organisation | None, answers: Mapping[str, Any]) -> "PlaceAnswers":
        """Read the compounds on record and what a person said of others."""
        names = sorted(Compound.objects.filter(community=community).values_list("name", flat=True)) if community else []
        said = answers.get("compounds", {})
        made = [name for name, meant in said.items() if meant == MAKE]
        renamed = {name: meant for name, meant in said.items() if meant not in ("", MAKE)}
        only = names[0] if len(names) == 1 else ""
        return cls(tuple(sorted({*names, *made})), renamed, answers.get("sheets", {}), only, bool(names))


MAKE = "+"
"""The answer that a compound is new and is to be made."""


def open_workbook(
    file_name: str,
    content: bytes,
    decided: Mapping[str, Any] | None = None,
    community: Organisation | None = None,
    places: PlaceAnswers | None = None,
) -> Workbook:
    """Read the sheets as decided, else as proposed. Raises NotAWorkbook and its kin, NoHeader, NotTaken.

    `community`: read a header the way somebody there read the same one before.
    """
    sheets, notes = reader.open_sheets(file_name, content)
    book = Workbook(notes=notes)
    places = places or PlaceAnswers()
    refused = []
    for grid in sheets:
        name = grid.name
        found = decided[name] if decided and name in decided else None
        if found is None:
            header = find_header(top_rows(grid), kinds(), f"{file_name}{name}")
            if header is None:
                _leave_open(book, grid)
                continue
            if kinds()[header.kind].people == "none":
                refused.append(kinds()[header.kind].title)
                notes.append(f"工作表“{name}”是{refused[-1]}，这类名册系统不收，没有读")
                continue
            found = _decide(header, grid.row_nos[header.row], community)
        book.mapping[name] = found
        if found.get("question"):
            book.samples[name] = _sample(grid, found)
        if is_read(found):
            book.tables.append(_read(grid, found, file_name, places))
    if not book.mapping and refused:
        raise problems.NotTaken(title=refused[0])
    if not book.mapping or not any(found.get("fields") for found in book.mapping.values()):
        raise problems.NoHeader()
    _note_what_is_left(book)
    return book


def is_read(found: Mapping[str, Any]) -> bool:
    """Say whether a sheet is read as it is decided: a column of names is known and nothing is asked."""
    return "name" in found["fields"] and not found.get("question")


def top_rows(grid: Sheet) -> list[list[Any]]:
    """Return the first rows with the values of merged cells in every cell they span: a header may be merged."""
    size = min(SEARCHED + 1, len(grid.row_nos))
    rows = [grid.row(place) for place in range(size)]
    places = {number: place for place, number in enumerate(grid.row_nos[:size])}
    for merged in grid.merged:
        if merged.first_row not in places or merged.last_row - merged.first_row > 3:
            continue
        first = rows[places[merged.first_row]]
        value = first[merged.first_column] if merged.first_column < len(first) else ""
        across = merged.last_column - merged.first_column + 1
        if merged.first_row == merged.last_row and across > max(3, len(first) * 3 // 4):
            continue
        for row in (rows[places[n]] for n in range(merged.first_row, merged.last_row + 1) if n in places):
            row += [""] * (merged.last_column + 1 - len(row))
            row[merged.first_column : merged.last_column + 1] = [value] * across
    return rows


def _leave_open(book: Workbook, grid: Sheet) -> None:
    """A sheet whose header was not found: a person may say which column is what, if it is a table at all."""
    rows = [grid.row(place) for place in range(min(SEARCHED, len(grid.row_nos)))]
    widths = [sum(bool(clean(cell)) for cell in row) for row in rows]
    if sum(width >= 3 for width in widths) < 2:
        book.notes.append(f"工作表“{grid.name}”没有认得的表头，没有读")
        return
    header = next(place for place, width in enumerate(widths) if width >= 3)
    size = max(map(len, rows))
    titles = ["" if re.search(r"\d{6}", clean(cell)) else clean(cell)[:40] for cell in [*rows[header], *[""] * size]]
    book.notes.append(f"工作表“{grid.name}”没有认得的表头：请在下面选好“姓名”等列，再按这样重新预览；现在没有读")
    book.mapping[grid.name] = {
        "header_row": grid.row_nos[header],
        "titles": titles[:size],
        "fields": [""] * size,
        "kind": "roster",
        "question": "no-header",
    }
    book.samples[grid.name] = _sample(grid, book.mapping[grid.name])


def _sample(grid: Sheet, found: Mapping[str, Any]) -> list[str]:
    """Return the first row under what may be the header, to choose columns by."""
    below = [place for place, number in enumerate(grid.row_nos[:SEARCHED]) if number > found["header_row"]]
    return [clean(cell)[:20] for cell in grid.row(below[0])] if below else []


def _read(grid: Sheet, found: Mapping[str, Any], file_name: str, places: PlaceAnswers) -> Table:
    """Read a sheet; a community's only compound holds where the sheet names no other."""
    named = places.sheets.get(grid.name, "")
    above = [title for number, title in _titles_above(grid, found["header_row"]) if number < found["header_row"]]
    compound, building = table_place(grid.name, [*above, file_name.rsplit(".", 1)[0]], places.known)
    around = Surroundings(clock.today(), places.known, named or compound, building, places.renamed)
    if not around.compound and places.only:
        table = _read_as(grid, found, replace(around, compound=places.only))
        if all(door is None or door.compound in ("", places.only) for door in table.doors):
            return table
    return _read_as(grid, found, around)


def _read_as(grid: Sheet, found: Mapping[str, Any], around: Surroundings) -> Table:
    return read_table(
        grid,
        found["header_row"],
        found["fields"],
        found["titles"],
        found["kind"],
        blocks=found.get("blocks", ()),
        beside=found.get("beside", False),
        around=around,
    )


def _titles_above(grid: Sheet, header: int) -> list[tuple[int, str]]:
    """Return the single cells of the rows above the header: titles of the table."""
    found = []
    for place, number in enumerate(grid.row_nos[:SEARCHED]):
        cells = [text for text in map(clean, grid.row(place)) if text] if number < header else []
        if 0 < len(cells) <= 3:
            found += [(number, cell) for cell in cells]
    return found


def _decide(header: Header, row_no: int, community: Organisation | None) -> dict[str, Any]:
    titles, layout = list(header.titles), header.layout
    found: dict[str, Any] = {"header_row": row_no, "titles": titles, "fields": list(header.fields), "kind": header.kind}
    found |= _layout(layout)
    mappings = KnownMapping.objects.filter(community=community, header_sha256=fingerprint(titles))
    known = mappings.first() if community else None
    if known and len(known.fields) == len(titles) and known.kind in kinds():
        found |= {"fields": known.fields, "kind": known.kind}
        found.pop("question", None)
    return found


def _layout(layout: Layout) -> dict[str, Any]:
    told: dict[str, Any] = {"blocks": list(layout.blocks)} if any(layout.blocks) else {}
    told |= {"beside": True} if layout.beside else {}
    return told | ({"question": layout.question} if layout.question else {})


def fingerprint(titles: Iterable[str]) -> str:
    """Return what a header is remembered by."""
    return hashlib.sha256("\t".join(titles).encode()).hexdigest()


def remember(community: Organisation, found: Mapping[str, Any]) -> None:
    """Keep how a person read a header."""
    KnownMapping.objects.update_or_create(
        community=community,
        header_sha256=fingerprint(found["titles"]),
        defaults={"fields": found["fields"], "kind": found["kind"]},
    )


def fields_of(kind: Kind) -> list[str]:
    """Return the fields a column of this kind may be read as."""
    codes = [*OF_ROSTER] if kind.people == "make" else [code for code in kind.columns]
    return codes + [column.code for column in (kind.ends, kind.only_if) if column]


def columns_are_clear(found: Mapping[str, Any], kind: Kind) -> bool:
    """Say whether a person's choice names a column of names, no field that is not the kind's, and each once."""
    blocks = found.get("blocks") or [0] * len(found["fields"])
    used = [(block, code) for block, code in zip(blocks, found["fields"], strict=True) if code]
    codes = {code.removeprefix("head:") for _, code in used}
    return len(used) == len(set(used)) and "name" in codes and not codes - set(fields_of(kind))


def as_kind(found: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Return what was decided about a sheet, read as another list: its columns are proposed anew."""
    layout = read_titles(found["titles"], kinds()[code])
    kept = {name: value for name, value in found.items() if name not in ("blocks", "beside", "question")}
    return {**kept, "kind": code, "fields": list(layout.fields), **_layout(layout)}


def unread_titles(found: Mapping[str, Any]) -> list[str]:
    """Return the titles of the columns nobody reads; a serial number tells nothing and is not worth a word."""
    pairs = zip(found["titles"], found["fields"], strict=True)
    return [title for title, code in pairs if title and not code and title not in SERIAL]


def nearest_field(title: str, kind: Kind) -> str:
    """Return the field whose name stands in a title that nobody reads, "" for none: 联系人手机 is like a telephone."""
    found = [name for name in kind.names if len(name) > 1 and name in title]
    return kind.names[max(found, key=len)] if found else ""


MOST_ROWS_NAMED = 5


def _note_what_is_left(book: Workbook) -> None:
    for table in book.tables:
        unread = dict.fromkeys(unread_titles(book.mapping[table.sheet]))
        if unread:
            titles = "、".join(list(unread)[:MOST_TITLES])
            book.notes.append(f"工作表“{table.sheet}”没有读、也不会保存的列：{titles}")
        for word in dict.fromkeys(table.left_out.values()):
            rows = [row for row, said in table.left_out.items() if said == word]
            some = "、".join(map(str, rows[:MOST_ROWS_NAMED])) + ("…" if len(rows) > MOST_ROWS_NAMED else "")
            book.notes.append(f"工作表“{table.sheet}”有 {len(rows)} 行是{word}，不是人，没有读（第 {some} 行）")
