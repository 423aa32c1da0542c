"""Opens a workbook without trusting it: magic bytes, zip directory, row limits; hidden sheets stay out."""

import io
import zipfile
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from qiaomen.register.problems import NotAWorkbook, WorkbookTooLarge

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
MAX_ROWS = 100_000


def open_sheets(file_name: str, content: bytes) -> tuple[list[tuple[str, list[list[Any]]]], list[str]]:
    """Return (visible sheets as name and rows, notes on what was left out). Raises NotAWorkbook, WorkbookTooLarge."""
    if content[:4] == b"PK\x03\x04":
        _guard_zip(file_name, content)
    elif content[:8] != bytes.fromhex("d0cf11e0a1b11ae1"):
        raise NotAWorkbook(file_name=file_name)
    sheets, notes, total = [], [], 0
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for meta in book.sheets_metadata:
            if meta.visible is not SheetVisibleEnum.Visible:
                notes.append(f"隐藏的工作表“{meta.name}”没有读")
                continue
            rows = book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            total += len(rows)
            if total > MAX_ROWS:
                raise WorkbookTooLarge(file_name=file_name)
            sheets.append((meta.name, rows))
    except (CalamineError, ValueError, OSError) as error:
        raise NotAWorkbook(file_name=file_name) from error
    return sheets, notes


def _guard_zip(file_name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise NotAWorkbook(file_name=file_name) from error
    unpacked = sum(entry.file_size for entry in entries)
    bomb = any(e.file_size > 1_000_000 and e.file_size > MAX_RATIO * max(1, e.compress_size) for e in entries)
    if unpacked > MAX_UNPACKED or bomb or len(entries) > 2000:
        raise WorkbookTooLarge(file_name=file_name)
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise NotAWorkbook(file_name=file_name)
