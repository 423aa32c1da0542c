"""Reads a .docx to its last word: what is shown as paragraphs and tables, what only lies in it as hidden passages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from qiaomen.kernel.texts import later as _
from qiaomen.kernel.texts import say
from qiaomen.redaction.packages import EMBEDDED, Package, local
from qiaomen.redaction.parts import DOCX, Extract, Paragraph, Passage, Table

PARAGRAPH = _("第 {number} 段")
TABLE = _("表 {number}")
HEADER, FOOTER, NOTE = _("页眉"), _("页脚"), _("脚注")
DELETED = _("修订里删去的字")
INVISIBLE = _("设成隐藏的字")
COMMENT = _("批注")
PROPERTIES = _("文档属性")
OTHER = _("文档里不显示的部件（{part}）")
LINKS = _("链接和替代文字")
PICTURES_LEFT = _("文档里的 {count} 张图片没有带出；要公布的图片请单独上传")
NUMBERING_LEFT = _("自动编号没有带出，请看一眼新文件里的序号")

_STYLES = (("title", re.compile("title|a3")), ("heading", re.compile("(?:heading|标题).*|[1-9]")))
_DROPPED = {"del", "moveFrom", "delText", "instrText", "delInstrText"}
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "□"}
_SHOWN = {"word/document.xml"}
_NO_WORDS = ("[content_types].xml", "styles", "fonttable", "theme", "settings", "numbering", "stylesWithEffects")


@dataclass
class _Reading:
    """What is gathered while the tree is walked."""

    deleted: list[str] = field(default_factory=list)
    invisible: list[str] = field(default_factory=list)
    described: list[str] = field(default_factory=list)
    numbered: bool = False
    tables: int = 0
    paragraphs: int = 0


def read(name: str, package: Package) -> Extract:
    """Return the whole of a document. Raises Unreadable."""
    reading = _Reading()
    blocks = list(_blocks(package, package.tree("word/document.xml"), reading, ""))
    shown = set(_SHOWN)
    for part in package.names:
        kind = next((k for k in ("header", "footer", "footnotes", "endnotes") if part.startswith(f"word/{k}")), "")
        if kind and part.endswith(".xml"):
            shown.add(part)
            words = {"header": HEADER, "footer": FOOTER}.get(kind, NOTE)
            blocks += [b for b in _blocks(package, package.tree(part), reading, say(words)) if _has_words(b)]
    hidden = [
        Passage(say(words), "\n".join(texts))
        for words, texts in ((DELETED, reading.deleted), (INVISIBLE, reading.invisible), (LINKS, reading.described))
        if texts
    ]
    hidden += _other_parts(package, shown)
    left = [say(PICTURES_LEFT, count=len(images))] if (images := package.images()) else []
    left += [say(NUMBERING_LEFT)] if reading.numbered else []
    return Extract(name, DOCX, tuple(blocks), tuple(hidden), tuple(left))


def _has_words(block: Paragraph | Table) -> bool:
    return bool(block.text.strip()) if isinstance(block, Paragraph) else True


def _other_parts(package: Package, shown: set[str]) -> Iterator[Passage]:
    for part in package.names:
        low = part.lower()
        if part in shown or not low.endswith((".xml", ".rels", ".vml")):
            continue
        if any(word.lower() in low for word in _NO_WORDS) and not low.endswith(".rels"):
            package.tree(part)
            continue
        text = package.texts_of(part)
        words = COMMENT if "comment" in low else PROPERTIES if low.startswith("docprops/") else None
        where = say(words) if words else say(LINKS) if low.endswith(".rels") else say(OTHER, part=part)
        if low.endswith(".rels"):
            text = "\n".join(
                line
                for line in text.split("\n")
                if (not line.endswith((".xml", ".vml")) and "/" in line) or "@" in line
            )
        if text.strip():
            yield Passage(where, text)


def _blocks(package: Package, parent: Element, reading: _Reading, where: str) -> Iterator[Paragraph | Table]:
    """Yield paragraphs and tables in the order of the page; text boxes behind the paragraph that holds them."""
    for child in parent:
        tag = local(child.tag)
        if tag == "p":
            yield from _paragraph(package, child, reading, where)
        elif tag == "tbl":
            yield from _table(package, child, reading)
        elif tag in ("altChunk", "object"):
            raise package.refusal(EMBEDDED)
        elif tag in _DROPPED:
            reading.deleted += [text for text in child.itertext() if text.strip()]
        elif tag != "sectPr":
            yield from _blocks(package, child, reading, where)


def _paragraph(package: Package, element: Element, reading: _Reading, where: str) -> Iterator[Paragraph | Table]:
    boxes: list[Element] = []
    text = "".join(_inline(package, element, reading, boxes))
    style = ""
    for part in element.iter():
        tag = local(part.tag)
        if tag == "pStyle":
            style = next(iter(part.attrib.values()), "").lower()
        elif tag == "numPr":
            reading.numbered = True
    if not where:
        reading.paragraphs += 1
    at = where or say(PARAGRAPH, number=reading.paragraphs)
    kind = next((kind for kind, form in _STYLES if form.fullmatch(style)), "plain")
    yield Paragraph(text, at, kind)
    for box in boxes:
        yield from _blocks(package, box, reading, where)


def _inline(package: Package, element: Element, reading: _Reading, boxes: list[Element]) -> Iterator[str]:
    for child in element:
        tag = local(child.tag)
        if tag == "r" and _is_invisible(child):
            reading.invisible += ["".join(child.itertext())]
        elif tag in _DROPPED:
            reading.deleted.append("".join(child.itertext()))
        elif tag == "t":
            yield child.text or ""
        elif tag in _SIGNS:
            yield "" if local(element.tag) == "tabs" else _SIGNS[tag]
        elif tag == "txbxContent":
            boxes.append(child)
        elif tag == "Fallback":
            reading.described += [text for text in child.itertext() if text.strip()]
        elif tag == "object":
            raise package.refusal(EMBEDDED)
        else:
            if tag in ("docPr", "cNvPr", "shape", "textpath"):
                reading.described += [
                    v for k, v in child.attrib.items() if local(k) in ("descr", "title", "alt", "string")
                ]
            yield from _inline(package, child, reading, boxes)


def _is_invisible(run: Element) -> bool:
    """Say whether a run is set to be hidden; white letters are shown, and so they are read as shown."""
    for properties in run:
        if local(properties.tag) == "rPr":
            for mark in properties:
                value = next(iter(mark.attrib.values()), "1")
                if local(mark.tag) in ("vanish", "webHidden") and value not in ("0", "false"):
                    return True
    return False


def _table(package: Package, element: Element, reading: _Reading) -> Iterator[Paragraph | Table]:
    reading.tables += 1
    name = say(TABLE, number=reading.tables)
    rows: list[list[str]] = []
    nested: list[Paragraph | Table] = []
    for row in _descend(element, "tr", reading):
        cells = []
        for cell in _descend(row, "tc", reading):
            inside = list(_blocks(package, cell, reading, name))
            cells.append("\n".join(b.text for b in inside if isinstance(b, Paragraph)))
            nested += [b for b in inside if isinstance(b, Table)]
        rows.append(cells)
    yield Table(name, rows)
    yield from nested


def _descend(element: Element, wanted: str, reading: _Reading) -> Iterator[Element]:
    """Yield the rows or cells of a table, through content controls; a deleted row counts as deleted."""
    for child in element:
        tag = local(child.tag)
        if tag == wanted:
            if any(local(mark.tag) == "del" for part in child if local(part.tag).endswith("Pr") for mark in part):
                reading.deleted += [text for text in child.itertext() if text.strip()]
            else:
                yield child
        elif tag in _DROPPED:
            reading.deleted += [text for text in child.itertext() if text.strip()]
        elif tag in ("sdt", "sdtContent", "ins", "customXml", "moveTo"):
            yield from _descend(child, wanted, reading)
