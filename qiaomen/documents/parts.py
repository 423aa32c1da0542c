"""A filled .docx as what is printed of it: paragraphs with their look, tables with their joined cells, pictures."""

import io
from typing import Any

SIDES = {"left": "left", "start": "left", "center": "center", "right": "right", "end": "right", "both": "left"}
MOST_PICTURE = 300_000
Node = dict[str, Any]


def read(content: bytes) -> Node:
    """Return {width, height, margin (mm), header, footer, blocks} of a document, for the printer."""
    from docx import Document

    document = Document(io.BytesIO(content))
    section = document.sections[0]
    sizes = [section.page_width, section.page_height, section.left_margin, section.top_margin]
    width, height, side, top = (round(size.mm, 1) if size is not None else 0 for size in sizes)
    return {
        "width": width or 210,
        "height": height or 297,
        "side": side or 25,
        "top": top or 25,
        "header": _blocks(section.header._element, section.header.part),
        "footer": _blocks(section.footer._element, section.footer.part),
        "blocks": _blocks(document.element.body, document.part),
    }


def _blocks(parent: Any, part: Any) -> list[Node]:
    from docx.oxml.ns import qn

    found: list[Node] = []
    for child in parent:
        if child.tag == qn("w:p"):
            found.append(_paragraph(child, part))
        elif child.tag == qn("w:tbl"):
            found.append(_table(child, part))
        elif child.tag == qn("w:sdt"):
            found += _blocks(child.find(qn("w:sdtContent")), part)
    return found


def _paragraph(element: Any, part: Any) -> Node:
    from docx.text.paragraph import Paragraph

    paragraph = Paragraph(element, part)
    runs: list[Node] = []
    for child in element.iter():
        tag = child.tag.rsplit("}", 1)[-1] if isinstance(child.tag, str) else ""
        if tag == "r":
            runs += _run(child, paragraph)
        elif tag == "blip":
            runs += _picture(child, part)
    name = (paragraph.style.name or "") if paragraph.style is not None else ""
    alignment = paragraph.alignment if paragraph.alignment is not None else _of_style(paragraph)
    side = SIDES.get(str(alignment.to_xml(alignment)), "left") if alignment is not None else "left"
    title = name == "Title"
    return {"kind": "p", "runs": runs, "side": "center" if title else side, "head": title or name.startswith("Heading")}


def _of_style(paragraph: Any) -> Any:
    return paragraph.style.paragraph_format.alignment if paragraph.style is not None else None


def _run(element: Any, paragraph: Any) -> list[Node]:
    from docx.text.run import Run

    run = Run(element, paragraph)
    look = {"bold": bool(run.bold), "size": run.font.size.pt if run.font.size else 0}
    found: list[Node] = []
    for child in element:
        tag = child.tag.rsplit("}", 1)[-1] if isinstance(child.tag, str) else ""
        if tag == "t" and child.text:
            found.append({"text": child.text, **look})
        elif tag == "br" and child.get(f"{{{element.nsmap['w']}}}type") == "page":
            found.append({"page": True})
        elif tag in ("br", "cr"):
            found.append({"text": "\n", **look})
        elif tag == "tab":
            found.append({"text": "\u3000\u3000", **look})
    return found


def _picture(blip: Any, part: Any) -> list[Node]:
    from docx.oxml.ns import qn

    key = blip.get(qn("r:embed"))
    image = part.related_parts.get(key) if key else None
    inline = next((above for above in blip.iterancestors() if above.tag.endswith(("}inline", "}anchor"))), None)
    extent = next((child for child in inline if child.tag.endswith("}extent")), None) if inline is not None else None
    if image is None or extent is None or len(image.blob) > MOST_PICTURE:
        return []
    return [{"image": list(image.blob), "width": round(int(extent.get("cx")) / 36000, 1)}]


def _table(element: Any, part: Any) -> Node:
    from docx.oxml.ns import qn

    grid = element.find(qn("w:tblGrid"))
    columns = [int(column.get(qn("w:w")) or 1) for column in grid] if grid is not None else []
    rows: list[list[Node]] = []
    open_cells: dict[int, Node] = {}
    for row in element.iter(qn("w:tr")):
        if next(row.iterancestors(qn("w:tbl"))) is not element:
            continue
        rows.append(_row(row, part, open_cells))
    count = max((sum(cell["across"] for cell in cells) for cells in rows), default=1)
    return {"kind": "table", "columns": columns if len(columns) >= count else [1] * count, "rows": rows}


def _row(row: Any, part: Any, open_cells: dict[int, Node]) -> list[Node]:
    from docx.oxml.ns import qn

    at, found = 0, []
    height = next((int(mark.get(qn("w:val")) or 0) / 56.7 for mark in row.iter(qn("w:trHeight"))), 0)
    for cell in row.iter(qn("w:tc")):
        if next(cell.iterancestors(qn("w:tr"))) is not row:
            continue
        across = next((int(mark.get(qn("w:val"))) for mark in cell.iter(qn("w:gridSpan"))), 1)
        merge = next(iter(cell.iter(qn("w:vMerge"))), None)
        if merge is not None and merge.get(qn("w:val")) != "restart" and at in open_cells:
            open_cells[at]["down"] += 1
        else:
            made = {"blocks": _blocks(cell, part), "across": across, "down": 1, "height": round(height, 1)}
            found.append(made)
            open_cells[at] = made
        at += across
    return found
