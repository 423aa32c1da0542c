"""A filled .docx as what is printed of it: paragraphs with their look, tables with their joined cells, pictures."""

import io
from typing import Any

from qiaomen.documents.problems import NotInPdf
from qiaomen.kernel.texts import later as _

SIDES = {"left": "left", "start": "left", "center": "center", "right": "right", "end": "right", "both": "left"}
MOST_PICTURE = 300_000
Node = dict[str, Any]


def read(content: bytes) -> Node:
    """Return {width, height, margin (mm), headers, footers, blocks} of a document, for the printer.

    `headers`, `footers`: {all, first, even} as blocks; None where the document has none of its own for these pages.
    Raises NotInPdf for what it cannot hand on: notes, and a second section with its own header or footer.
    """
    from docx import Document

    document = Document(io.BytesIO(content))
    _check_parts(document)
    section = document.sections[0]
    sizes = [section.page_width, section.page_height, section.left_margin, section.top_margin]
    width, height, side, top = (round(size.mm, 1) if size is not None else 0 for size in sizes)
    return {
        "width": width or 210,
        "height": height or 297,
        "side": side or 25,
        "top": top or 25,
        "headers": _on_pages(document, section.header, section.first_page_header, section.even_page_header),
        "footers": _on_pages(document, section.footer, section.first_page_footer, section.even_page_footer),
        "blocks": _blocks(document.element.body, document.part),
    }


def _on_pages(document: Any, every: Any, first: Any, even: Any) -> Node:
    """Return what stands over or under the first, the even and all other pages."""
    has_first = document.sections[0].different_first_page_header_footer
    has_even = document.settings.odd_and_even_pages_header_footer
    return {
        "all": _of_page(every),
        "first": _of_page(first) if has_first else None,
        "even": _of_page(even) if has_even else None,
    }


def _of_page(found: Any) -> list[Node]:
    return [] if found.is_linked_to_previous else _without_pages(_blocks(found._element, found.part))


def _check_parts(document: Any) -> None:
    """Refuse what a page of the PDF would miss. Raises NotInPdf."""
    from docx.oxml.ns import qn

    if any(True for _mark in document.element.body.iter(qn("w:footnoteReference"), qn("w:endnoteReference"))):
        raise NotInPdf(part=_("脚注或尾注"))
    names = [f"{kind}{of}" for kind in ("", "first_page_", "even_page_") for of in ("header", "footer")]
    later = list(document.sections)[1:]
    if any(not getattr(section, name).is_linked_to_previous for section in later for name in names):
        raise NotInPdf(part=_("第二节自己的页眉页脚"))


def _blocks(parent: Any, part: Any) -> list[Node]:
    from docx.oxml.ns import qn

    found: list[Node] = []
    for child in parent:
        if child.tag == qn("w:p"):
            found += _paragraphs(child, part)
        elif child.tag == qn("w:tbl"):
            found.append(_table(child, part))
        elif child.tag == qn("w:sdt"):
            found += _blocks(child.find(qn("w:sdtContent")), part)
    return found


def _paragraphs(element: Any, part: Any) -> list[Node]:
    """Return a paragraph as what stands before, between and after the page breaks in it."""
    whole = _paragraph(element, part)
    pieces: list[list[Node]] = [[]]
    for run in whole["runs"]:
        if "page" in run:
            pieces.append([])
        else:
            pieces[-1].append(run)
    if len(pieces) == 1:
        return [whole]
    found: list[Node] = []
    for number, runs in enumerate(pieces):
        found += [{"kind": "page"}] if number else []
        found += [{**whole, "runs": runs}] if runs else []
    return found


def _without_pages(blocks: list[Node]) -> list[Node]:
    """Leave out page breaks where no page can end: in a cell, a header or a footer."""
    return [block for block in blocks if block["kind"] != "page"]


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
            made = {
                "blocks": _without_pages(_blocks(cell, part)),
                "across": across,
                "down": 1,
                "height": round(height, 1),
            }
            found.append(made)
            open_cells[at] = made
        at += across
    return found
