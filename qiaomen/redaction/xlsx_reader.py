"""Reads an .xlsx to its last cell: rows and columns that are shown, and all that is not shown as hidden passages.

Values come from calamine as they were last computed; what is hidden is read from the parts themselves.
"""

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from qiaomen.kernel.texts import later as _
from qiaomen.kernel.texts import say
from qiaomen.redaction.packages import DAMAGED, TOO_LARGE, Package
from qiaomen.redaction.parts import XLSX, Extract, Passage, Table

HIDDEN_SHEET = _("隐藏的工作表“{sheet}”")
HIDDEN_ROWS = _("“{sheet}”里隐藏的行")
HIDDEN_COLUMNS = _("“{sheet}”里隐藏的列")
COMMENT, PROPERTIES = _("批注"), _("文档属性")
PIVOT = _("数据透视表的缓存")
NAMES = _("定义的名称")
SHEET_EDGE = _("页眉页脚、下拉列表和条件格式")
OUTSIDE = _("外部链接的缓存")
DRAWN = _("文本框和图形里的字")
OTHER = _("工作簿里不显示的部件（{part}）")
PICTURES_LEFT = _("工作簿里的 {count} 张图片没有带出；要公布的图片请单独上传")
DRAWN_LEFT = _("文本框、图表和图形没有带出")

MOST_CELLS = 6_000_000
_KINDS = (
    ("comment", COMMENT),
    ("docprops/", PROPERTIES),
    ("pivotcache", PIVOT),
    ("externallink", OUTSIDE),
    ("drawing", DRAWN),
    ("chart", DRAWN),
    ("diagram", DRAWN),
)
_NO_WORDS = re.compile(r"styles\.xml|theme|\[content_types\]|calcchain|sharedstrings", re.I)


def read(name: str, content: bytes, package: Package) -> Extract:
    """Return the whole of a workbook. Raises Unreadable."""
    hidden = list(_other_parts(package))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        places = _parts_of_sheets(package)
        blocks: list[Table] = []
        for meta in book.sheets_metadata:
            if meta.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.end and (sheet.end[0] + 1) * (sheet.end[1] + 1) > MOST_CELLS:
                raise package.refusal(TOO_LARGE)
            rows = [[shown(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            if meta.visible is not SheetVisibleEnum.Visible:
                hidden.append(Passage(say(HIDDEN_SHEET, sheet=meta.name), _as_text(rows)))
                continue
            part = places.get(meta.name, "")
            table, more = _seen(meta.name, rows, *_hidden_in(package, part))
            blocks.append(table)
            hidden += more
    except (CalamineError, ValueError, OSError) as error:
        raise package.refusal(DAMAGED) from error
    left = [say(PICTURES_LEFT, count=len(images))] if (images := package.images()) else []
    left += [say(DRAWN_LEFT)] if any("drawing" in part.lower() for part in package.names) else []
    return Extract(name, XLSX, tuple(blocks), tuple(p for p in hidden if p.text.strip()), tuple(left))


def shown(cell: Any) -> str:
    """Return a cell as text: whole numbers without .0, days in ISO form."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e21 else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def letters(column: int) -> str:
    """Return A for 0, AB for 27."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _as_text(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def _seen(name: str, rows: list[list[str]], no_rows: set[int], no_columns: set[int]) -> tuple[Table, list[Passage]]:
    """Return the table of what is shown, and what lies in hidden rows and columns."""
    width = max(map(len, rows), default=0)
    keep = [column for column in range(width) if column not in no_columns]
    row_nos = [number for number in range(1, len(rows) + 1) if number not in no_rows]
    while row_nos and not any(rows[row_nos[-1] - 1]):
        row_nos.pop()
    cells = [[rows[number - 1][column] for column in keep] for number in row_nos]
    table = Table(name, cells, row_nos, [letters(column) for column in keep])
    lost_rows = _as_text([rows[number - 1] for number in sorted(no_rows) if number <= len(rows)])
    lost_columns = _as_text([[row[column] for column in sorted(no_columns) if column < len(row)] for row in rows])
    return table, [
        Passage(say(HIDDEN_ROWS, sheet=name), lost_rows),
        Passage(say(HIDDEN_COLUMNS, sheet=name), lost_columns if no_columns else ""),
    ]


def _parts_of_sheets(package: Package) -> dict[str, str]:
    """Return which part each sheet stands in."""
    book = package.tree("xl/workbook.xml")
    links = {link.get("Id", ""): link.get("Target", "") for link in package.tree("xl/_rels/workbook.xml.rels")}
    found = {}
    for sheet in book.iter():
        if str(sheet.tag).endswith("}sheet"):
            key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
            target = links.get(key, "")
            found[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _hidden_in(package: Package, part: str) -> tuple[set[int], set[int]]:
    """Return the hidden rows (from 1) and columns (from 0) of a sheet; height or width zero hides as well."""
    if not package.has(part):
        raise package.refusal(DAMAGED)
    text = package.bytes_of(part).decode("utf-8", "replace")
    rows = {
        int(found[1])
        for tag in re.findall(r"<(?:\w+:)?row\s[^>]*>", text)
        if re.search(r'\s(?:hidden="(?:1|true)"|ht="0")', tag) and (found := re.search(r'\sr="(\d+)"', tag))
    }
    columns: set[int] = set()
    for tag in re.findall(r"<(?:\w+:)?col\s[^>]*>", text):
        if re.search(r'\s(?:hidden="(?:1|true)"|width="0")', tag):
            first, last = re.search(r'\smin="(\d+)"', tag), re.search(r'\smax="(\d+)"', tag)
            if first and last:
                columns |= set(range(int(first[1]) - 1, min(int(last[1]), 16384)))
    return rows, columns


def _other_parts(package: Package) -> Iterator[Passage]:
    """Yield what stands in parts other than the sheets' cells."""
    for part in package.names:
        low = part.lower()
        if not low.endswith((".xml", ".rels", ".vml")) or _NO_WORDS.search(low):
            continue
        if low.startswith("xl/worksheets/") and not low.endswith(".rels"):
            yield Passage(say(SHEET_EDGE), _edge_of(package.bytes_of(part)))
            continue
        text = package.texts_of(part)
        if low.endswith(".rels"):
            text = "\n".join(line for line in text.split("\n") if "@" in line or ":" in line)
        if low == "xl/workbook.xml":
            tree = package.tree(part)
            text = "\n".join(
                f"{e.get('name', '')} {e.text or ''} {e.get('comment', '')}"
                for e in tree.iter()
                if str(e.tag).endswith("}definedName")
            )
            yield Passage(say(NAMES), text)
            continue
        words = next((words for key, words in _KINDS if key in low), None)
        if text.strip():
            yield Passage(say(words) if words else say(OTHER, part=part), text)


def _edge_of(content: bytes) -> str:
    """Return the texts of a sheet outside its cells, from the tags that carry words."""
    text = content.decode("utf-8", "replace")
    cut = text.find("</sheetData>")
    tail = text[cut:] if cut >= 0 else ""
    words = re.findall(r">([^<>]{2,})<", tail) + re.findall(
        r'(?:prompt|error|promptTitle|display|tooltip|location)="([^"]{2,})"', tail
    )
    return "\n".join(words)
