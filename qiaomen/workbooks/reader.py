"""Opens a table without trusting it: magic bytes, zip directory, true sizes, far cells, encodings; hidden sheets stay
out.
"""

import csv
import io
import re
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from qiaomen.kernel.texts import later as _
from qiaomen.kernel.texts import say
from qiaomen.workbooks import xls_bounds, xlsx_fast
from qiaomen.workbooks.problems import FarCells, NotAWorkbook, SheetFull, WorkbookTooLarge
from qiaomen.workbooks.row_sheet import Grid, RowGrid
from qiaomen.workbooks.sheet import Merged
from qiaomen.workbooks.zip_parts import NoParts, Overgrown, Parts

MAX_ROWS = 250_000
MAX_CELLS = 6_500_000
"""Cells of the box around all that is written: the general reader makes every blank one."""

XLS_ROWS, XLS_COLUMNS = 65_536, 256
LOOKED_AT = 60
"""Lines of a text table looked at for what separates its cells."""

FEW_COLUMNS = 200
"""A sheet of fewer columns that is too long is a long list; of more, one with a cell far away."""


def open_sheets(file_name: str, content: bytes) -> tuple[list[Grid], list[str]]:
    """Return (visible sheets, notes on what was left out).

    Raises NotAWorkbook, WorkbookTooLarge, FarCells, SheetFull.
    """
    try:
        if content[:4] == b"PK\x03\x04":
            return _open_zipped(file_name, content)
        if content[:8] == bytes.fromhex("d0cf11e0a1b11ae1"):
            return _open_general(file_name, content, old=True)
        return [_open_csv(file_name, content)], []
    except Overgrown as error:
        raise WorkbookTooLarge(file_name=file_name) from error
    except (CalamineError, NoParts, ValueError, OSError) as error:
        raise NotAWorkbook(file_name=file_name) from error
    except BaseException as error:
        # The general reader is written in Rust: where it gives up on a damaged .xls, it panics past Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise NotAWorkbook(file_name=file_name) from error


def _open_zipped(file_name: str, content: bytes) -> tuple[list[Grid], list[str]]:
    """Read an .xlsx the fast way, or, when any of its sheets is written unusually, all of it the general way."""
    parts = Parts(content)
    grids: list[Grid] = []
    notes: list[str] = []
    try:
        sheets = parts.sheets()
        shown = [sheet for sheet in sheets if sheet.visible and sheet.part.startswith("xl/worksheets/")]
        if not sheets:
            raise xlsx_fast.NotPlain
        shared, days = xlsx_fast.read_shared(parts), xlsx_fast.day_styles(parts)
        from_1904 = xlsx_fast.counts_from_1904(parts)
        for sheet in sheets:
            if sheet in shown:
                grids.append(xlsx_fast.read_sheet(parts, sheet.name, sheet.part, shared, days, from_1904))
            else:
                notes.append(_left_out(sheet.name, sheet.visible))
    except xlsx_fast.NotPlain:
        return _open_general(file_name, content)
    if sum(len(grid.row_nos) for grid in grids) > MAX_ROWS:
        raise WorkbookTooLarge(file_name=file_name)
    return grids, notes


def _left_out(name: str, visible: bool) -> str:
    return say(_("“{name}”不是表格，没有读") if visible else _("隐藏的工作表“{name}”没有读"), name=name)


def _open_general(file_name: str, content: bytes, old: bool = False) -> tuple[list[Grid], list[str]]:
    """Read any workbook, once it is sure that its parts are of their size and no cell is far away."""
    if not old:
        for part in Parts(content).verify():
            row, column = Parts(content).farthest(part)
            if row > MAX_ROWS and column < FEW_COLUMNS:
                raise Overgrown
            if row * column > MAX_CELLS:
                raise FarCells(file_name=file_name, sheet=part.rsplit("/", 1)[-1], row=row, column=column)
    else:
        for height, width in xls_bounds.boxes(content):
            if width > XLS_COLUMNS:
                raise NoParts
            if height * width > MAX_CELLS:
                raise FarCells(file_name=file_name, sheet=".xls", row=height, column=width)
    from_1904 = not old and xlsx_fast.counts_from_1904(Parts(content))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    grids: list[Grid] = []
    notes: list[str] = []
    for meta in book.sheets_metadata:
        if meta.visible is not SheetVisibleEnum.Visible or meta.typ is not SheetTypeEnum.WorkSheet:
            notes.append(_left_out(meta.name, meta.visible is SheetVisibleEnum.Visible))
            continue
        sheet = book.get_sheet_by_name(meta.name)
        height, width = (place + 1 for place in sheet.end or (-1, -1))
        if old and height >= XLS_ROWS:
            raise SheetFull(file_name=file_name, sheet=meta.name)
        if height * width > MAX_CELLS:
            raise FarCells(file_name=file_name, sheet=meta.name, row=height, column=width)
        merged = [
            Merged(top + 1, bottom + 1, left, right)
            for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])[: xlsx_fast.MOST_MERGED]
        ]
        grids.append(RowGrid(meta.name, sheet.to_python(skip_empty_area=False), merged, from_1904))
        if sum(len(grid.row_nos) for grid in grids) > MAX_ROWS:
            raise WorkbookTooLarge(file_name=file_name)
    return grids, notes


def _open_csv(file_name: str, content: bytes) -> Grid:
    """Read comma, tab or semicolon separated text in UTF-8 or GB18030; anything else is no table."""
    text = _decode(content)
    if text is None or re.search("[\x00-\x08\x0b\x0e-\x1f]", text[:100_000]):
        raise NotAWorkbook(file_name=file_name)
    separator = _separator([line for line in text[:100_000].splitlines() if line.strip()][:LOOKED_AT])
    rows: list[list[Any]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append([*row])
            if len(rows) > MAX_ROWS:
                raise Overgrown
    except csv.Error as error:
        raise NotAWorkbook(file_name=file_name) from error
    if max(map(len, rows[:10]), default=0) < 2:
        raise NotAWorkbook(file_name=file_name)
    return RowGrid("csv", rows)


def _separator(lines: list[str]) -> str:
    """Return what stands in most lines, and often in them: the first line may be a title without any."""
    return max(",\t;", key=lambda mark: (sum(mark in line for line in lines), sum(line.count(mark) for line in lines)))


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
