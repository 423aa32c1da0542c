"""The file of an export: one visible sheet from an empty workbook, text and numbers only, its watermark on every page."""

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import xlsxwriter
from django.utils.translation import gettext as _
from msoffcrypto.format.ooxml import OOXMLFile

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands as the day of making in every file: a workbook's properties tell nothing."""
EASY = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits nobody mistakes for each other, read out or written down: no i, l, o, 0, 1."""
GROUPS, IN_GROUP = 3, 4


@dataclass(frozen=True)
class Sheet:
    """What stands in the file. `numbers`: places of the columns that hold whole numbers."""

    title: str
    watermark: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    numbers: frozenset[int] = frozenset()


def write_book(sheet: Sheet) -> bytes:
    """Return the .xlsx. No formula, no link, no name, no hidden part, no author; a leading = is text like any other."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": EPOCH})
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@", "bottom": 1})
    mark, number = book.add_format({"italic": True, "font_color": "#8a1c1c"}), book.add_format({"num_format": "0"})
    page = book.add_worksheet(_sheet_name(sheet.title))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    line = _for_header(sheet.watermark)
    page.set_header(f"&C{line}")
    page.set_footer(f"&L{line}&R&P / &N")
    page.write_string(0, 0, sheet.watermark, mark)
    for x, (header, width) in enumerate(zip(sheet.headers, sheet.widths, strict=True)):
        page.set_column(x, x, max(8, width / 7))
        page.write_string(1, x, header, bold)
    for y, row in enumerate(sheet.rows, 2):
        for x, cell in enumerate(row):
            if x in sheet.numbers and cell.isascii() and cell.isdigit():
                page.write_number(y, x, int(cell), number)
            elif cell:
                page.write_string(y, x, cell, text)
    page.write_string(len(sheet.rows) + 2, 0, sheet.watermark, mark)
    page.freeze_panes(2, 1)
    book.close()
    return out.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(char for char in title if char not in "[]:*?/\\'")[:31] or _("台账")


def _for_header(text: str) -> str:
    """Escape what a page's header reads as a code; it holds at most 255 characters, both parts together are less."""
    return text.replace("&", "&&")[:200]


def make_password() -> str:
    """Return a password of twelve easy characters in three groups: 59 bits, each try costs 100,000 SHA-512."""
    return "-".join("".join(secrets.choice(EASY) for _n in range(IN_GROUP)) for _g in range(GROUPS))


def lock_book(content: bytes, password: str) -> bytes:
    """Return the .xlsx encrypted as Excel and WPS do it: AES-256 in CBC, SHA-512, an HMAC over the whole.

    Source: ECMA-376 part 2; MS-OFFCRYPTO 2.3.4.10 (agile encryption).
    """
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()
