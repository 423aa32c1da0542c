"""Makes the file that goes out from paragraphs and tables alone: no part of the upload is in it.

Each library is loaded when its kind of file is made: every process of the site would carry them else.
"""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

import xlsxwriter

from qiaomen.redaction.parts import DOCX, PDF, PICTURE, TEXT, XLSX, Extract, Paragraph, Table
from qiaomen.redaction.problems import CannotBeSet

FIXED = datetime(2000, 1, 1)
"""No moment of making goes out with a file: it would tell when somebody worked."""
FONT = "STSong-Light"
"""Adobe's font for simplified Chinese, which every reader brings or replaces; the file carries none."""
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,10})(?:\.\d{1,6})?")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def name_of(extract: Extract) -> str:
    """Return what the new file is called: the old name could hold a name, so the kind and nothing more."""
    ends = {TEXT: ".txt", DOCX: ".docx", XLSX: ".xlsx", PDF: ".pdf", PICTURE: ".jpg"}
    end = ".csv" if extract.kind == TEXT and extract.name.lower().endswith(".csv") else ends[extract.kind]
    return f"公布件{end}"


def write(kind: str, name: str, blocks: Sequence[Paragraph | Table]) -> bytes:
    """Return a new file of a kind. Raises CannotBeSet."""
    if kind == DOCX:
        return _docx(blocks)
    if kind == XLSX:
        return _xlsx(blocks)
    if kind == PDF:
        return _pdf(name, blocks)
    return _text(blocks)


def _text(blocks: Sequence[Paragraph | Table]) -> bytes:
    out = io.StringIO(newline="")
    lines = [block.text for block in blocks if isinstance(block, Paragraph)]
    out.write("\n".join(lines))
    for block in blocks:
        if isinstance(block, Table):
            csv.writer(out, lineterminator="\n").writerows(block.rows)
    return out.getvalue().encode("utf-8", "replace")


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def _docx(blocks: Sequence[Paragraph | Table]) -> bytes:
    from docx import Document
    from docx.oxml.ns import qn

    document = Document()
    font = document.styles["Normal"]
    font.font.name = "SimSun"
    font.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    styles = {"title": "Title", "heading": "Heading 2", "plain": None}
    for block in blocks:
        if isinstance(block, Paragraph):
            document.add_paragraph(_clean(block.text), style=styles[block.style])
            continue
        width = max(map(len, block.rows), default=0)
        if not width:
            continue
        table = document.add_table(rows=0, cols=width, style="Table Grid")
        for row in block.rows:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                cell.text = _clean(text)
    properties = document.core_properties
    properties.author = properties.comments = properties.title = properties.last_modified_by = ""
    properties.created = properties.modified = FIXED
    out = io.BytesIO()
    document.save(out)
    return _unstamped(out.getvalue())


def _unstamped(content: bytes) -> bytes:
    """Return a package whose parts carry no moment of making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _xlsx(blocks: Sequence[Paragraph | Table]) -> bytes:
    """Make a workbook whose sheets have numbers: a name of the upload could be somebody's."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"author": "", "created": FIXED})
    tables = [block for block in blocks if isinstance(block, Table)]
    for number, table in enumerate(tables, 1):
        sheet = book.add_worksheet(f"表{number}")
        for row, cells in enumerate(table.rows):
            for column, text in enumerate(cells):
                if _NUMBER.fullmatch(text):
                    sheet.write_number(row, column, float(text))
                elif text:
                    sheet.write_string(row, column, _clean(text)[:32767])
    book.close()
    return out.getvalue()


def _pdf(name: str, blocks: Sequence[Paragraph | Table]) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph as SetParagraph
    from reportlab.platypus import SimpleDocTemplate, Spacer

    lines = [block.text for block in blocks if isinstance(block, Paragraph)]
    strange = sorted({sign for line in lines for sign in line if ord(sign) > 0xFFFF or "\ue000" <= sign <= "\uf8ff"})
    if strange:
        raise CannotBeSet(file_name=name, signs="".join(strange[:10]))
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    style = ParagraphStyle("plain", fontName=FONT, fontSize=11, leading=18, wordWrap="CJK")
    out = io.BytesIO()
    page = SimpleDocTemplate(
        out, pagesize=A4, margin=20 * mm, invariant=1, title="", author="", creator="", producer=""
    )
    flow = [SetParagraph(escape(_clean(line)), style) if line.strip() else Spacer(1, 9) for line in lines]
    page.build(flow or [Spacer(1, 9)])
    return out.getvalue()
