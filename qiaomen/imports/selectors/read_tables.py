"""A workbook becomes tables: which list each sheet is, which column is what, and its rows read column by column."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from qiaomen.imports import problems
from qiaomen.imports.models import KnownMapping
from qiaomen.imports.rules.columns import SEARCHED, Header, find_header, propose_columns
from qiaomen.imports.rules.list_kinds import OF_ROSTER, Kind, load_kinds
from qiaomen.imports.rules.roster import Table, read_table
from qiaomen.imports.selectors.visit_records import FIELDS as VISIT_FIELDS
from qiaomen.office.models import Organisation
from qiaomen.register.selectors import packs
from qiaomen.workbooks import reader

MOST_TITLES = 40
SERIAL = ("序号", "编号", "序", "No.", "NO.")


@dataclass
class Workbook:
    """An opened workbook: its tables, what was decided about their columns, and what was left out."""

    tables: list[Table] = field(default_factory=list)
    mapping: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """Return the lists this installation knows, by code."""
    return load_kinds(packs.entries("ledgers.yaml"), packs.facts(), {"visits": VISIT_FIELDS})


def kind_of(code: str) -> Kind:
    """Return a list by code; one that a pack no longer declares is read as a roster."""
    return kinds().get(code) or kinds()["roster"]


def open_workbook(
    file_name: str, content: bytes, decided: Mapping[str, Any] | None = None, community: Organisation | None = None
) -> Workbook:
    """Read the sheets as decided, else as proposed. Raises NotAWorkbook and its kin, NoHeader, NotTaken.

    `community`: read a header the way somebody there read the same one before.
    """
    sheets, notes = reader.open_sheets(file_name, content)
    book = Workbook(notes=notes)
    refused = []
    for grid in sheets:
        name = grid.name
        found = decided[name] if decided and name in decided else None
        if found is None:
            top = [grid.row(place) for place in range(min(SEARCHED + 1, len(grid.row_nos)))]
            header = find_header(top, kinds(), f"{file_name}{name}")
            if header is None:
                notes.append(f"工作表“{name}”没有认得的表头，没有读")
                continue
            if kinds()[header.kind].people == "none":
                refused.append(kinds()[header.kind].title)
                notes.append(f"工作表“{name}”是{refused[-1]}，这类名册系统不收，没有读")
                continue
            found = _decide(header, grid.row_nos[header.row], community)
        book.mapping[name] = found
        fields, titles = found["fields"], found["titles"]
        book.tables.append(read_table(grid, found["header_row"], fields, titles, found["kind"]))
    if not book.mapping and refused:
        raise problems.NotTaken(title=refused[0])
    if not book.mapping:
        raise problems.NoHeader()
    _note_what_is_left(book)
    return book


def _decide(header: Header, row_no: int, community: Organisation | None) -> dict[str, Any]:
    titles = list(header.titles)
    found = {"header_row": row_no, "titles": titles, "fields": list(header.fields), "kind": header.kind}
    mappings = KnownMapping.objects.filter(community=community, header_sha256=fingerprint(titles))
    known = mappings.first() if community else None
    if known and len(known.fields) == len(titles) and known.kind in kinds():
        found |= {"fields": known.fields, "kind": known.kind}
    return found


def fingerprint(titles: Iterable[str]) -> str:
    """Return what a header is remembered by."""
    return hashlib.sha256("\t".join(titles).encode()).hexdigest()


def remember(community: Organisation, found: Mapping[str, Any]) -> None:
    """Keep how a person read a header."""
    KnownMapping.objects.update_or_create(
        community=community, header_sha256=fingerprint(found["titles"]),
        defaults={"fields": found["fields"], "kind": found["kind"]},
    )  # fmt: skip


def fields_of(kind: Kind) -> list[str]:
    """Return the fields a column of this kind may be read as."""
    codes = [*OF_ROSTER] if kind.people == "make" else [code for code in kind.columns]
    return codes + [column.code for column in (kind.ends, kind.only_if) if column]


def as_kind(found: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Return what was decided about a sheet, read as another list: its columns are proposed anew."""
    fields = list(propose_columns(found["titles"], kinds()[code]))
    return {**found, "kind": code, "fields": fields}


def unread_titles(found: Mapping[str, Any]) -> list[str]:
    """Return the titles of the columns nobody reads; a serial number tells nothing and is not worth a word."""
    pairs = zip(found["titles"], found["fields"], strict=True)
    return [title for title, code in pairs if title and not code and title not in SERIAL]


def _note_what_is_left(book: Workbook) -> None:
    for table in book.tables:
        unread = unread_titles(book.mapping[table.sheet])
        if unread:
            book.notes.append(f"工作表“{table.sheet}”没有读、也不会保存的列：{'、'.join(unread[:MOST_TITLES])}")
        if table.unclear_births:
            rows = "、".join(str(table.row_nos[place]) for place in table.unclear_births[:5])
            book.notes.append(
                f"工作表“{table.sheet}”有 {len(table.unclear_births)} 行的出生日期不是完整的日期，先空着（第 {rows} 行…）"
            )
