"""Bytes of a workbook or a csv from grids, the same for the same grids on every machine and day."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from benchmarks.worlds.office_grids import Grid
from benchmarks.worlds.office_values import Cell, Serial

CREATED = datetime(2026, 6, 1, 9, 30)
EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
"""Whether a book counts from 1904 -> its day 0 (for days after February 1900)."""

ENCODINGS = {
    "csv-gb18030": ("gb18030", ","),
    "csv-utf8": ("utf-8", ","),
    "csv-utf8-bom": ("utf-8-sig", ","),
    "csv-utf16": ("utf-16", "\t"),
    "csv-title-then-tabs": ("gb18030", "\t"),
}
"""Kind of csv -> encoding, separator. Excel's "Unicode text" is UTF-16 with tabs."""


def workbook(grids: Sequence[Grid], counts_from_1904: bool) -> bytes:
    """Write a workbook; texts stay texts, a day is a date cell, a Serial a bare number."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": counts_from_1904})
    book.set_properties({"created": CREATED})
    formats = {"text": book.add_format({"text_wrap": True}), "day": book.add_format({"num_format": "yyyy/m/d"})}
    for grid in grids:
        sheet = book.add_worksheet(grid.name)
        for top, left, bottom, right in grid.merges:
            sheet.merge_range(top, left, bottom, right, "", formats["text"])
        for number, row in enumerate(grid.rows):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, formats, EPOCHS[counts_from_1904])
    book.close()
    return target.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any], epoch: date) -> None:
    if isinstance(cell, Serial):
        sheet.write_number(row, column, (cell.day - epoch).days)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), formats["day"])
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_string(row, column, cell, formats["text"])


def comma_separated(grid: Grid, kind: str) -> bytes:
    """Write one grid as a csv of this kind."""
    encoding, separator = ENCODINGS[kind]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    for row in grid.rows:
        bare = row[:1] if row[0] and not any(row[1:]) else row
        writer.writerow(["" if cell is None else cell for cell in bare])
    return text.getvalue().encode(encoding)
