"""Opens a table without trusting it: magic bytes, zip directory, row limits, encodings; hidden sheets stay out."""

import csv
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
        return _open_csv(file_name, content), []
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


def _open_csv(file_name: str, content: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Read comma, tab or semicolon separated text in UTF-8 or GB18030; anything else is no table."""
    text = _decode(content)
    if text is None or any(ord(char) < 32 and char not in "\t\r\n\f" for char in text[:100_000]):
        raise NotAWorkbook(file_name=file_name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",\t;", key=first.count)
    rows: list[list[Any]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append([*row])
            if len(rows) > MAX_ROWS:
                raise WorkbookTooLarge(file_name=file_name)
    except csv.Error as error:
        raise NotAWorkbook(file_name=file_name) from error
    if max(map(len, rows[:10]), default=0) < 2:
        raise NotAWorkbook(file_name=file_name)
    return [("csv", rows)]


def _decode(content: bytes) -> str | None:
    for encoding in ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


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
