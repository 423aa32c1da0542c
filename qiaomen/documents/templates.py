"""The gate of a template: what it may be, which fields stand where, and the first one nobody knows.

A template names fields and nothing else, `{{姓名}}`: no expression, no condition, no loop, so that a file from outside
computes nothing. The names are read here as a person would, paragraph by paragraph, to say the place; what Word has cut
into pieces is joined first.
"""

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from qiaomen.documents.problems import BrokenField, NoField, NotATemplate, UnknownField
from qiaomen.kernel.problems import Problem
from qiaomen.kernel.texts import Text, say
from qiaomen.kernel.texts import later as _
from qiaomen.redaction.packages import Package, local

MOST_BYTES = 5 << 20
MAIN = "word/document.xml"
_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml$")
_WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OPENED = re.compile(r"\{\{(.*?)\}\}|\{[{%#]|[%#}]\}|｛｛|｝｝", re.S)
_NAME = re.compile(r"\w+")
_TOO_LARGE, _NOT_WORD = _("超过 {megabytes} MB"), _("不是 .docx 文档")
_OUTSIDE = _("里面连着外面的文件")
_PARAGRAPH, _ROW = _("第 {number} 段"), _("表 {table} 第 {row} 行")
_HEADER, _FOOTER, _NOTE = _("页眉"), _("页脚"), _("脚注")
_NEAR = _("是不是要写“{field}”？")
_WIDE, _UNPAIRED = _("大括号是全角的，要用半角的 {{ 和 }}"), _("两个大括号要在同一段里成对写，里面只写字段的名字")


@dataclass(frozen=True)
class Place:
    """A field and where it stands, in words; `shared`: on every page of the file, in a header or a footer."""

    field: str
    where: str
    shared: bool = False


class TemplatePackage(Package):
    """The parts of a template. Raises NotATemplate where the gate of publications would refuse the file."""

    def refusal(self, because: Text, **details: object) -> Problem:
        """Return the refusal of this file."""
        return NotATemplate(file_name=self.file_name, because=say(because, **details))


def check(file_name: str, content: bytes, fields: Collection[str]) -> tuple[Place, ...]:
    """Return the fields of a template in the order of the page, each with its place.

    Raises NotATemplate for macros, other formats, bombs and links to other files; UnknownField, BrokenField, NoField.
    """
    package = _open(file_name, content)
    found = [place for part in sorted(package.names) if _PARTS.match(part) for place in _places(package, part)]
    for place in found:
        if place.field not in fields:
            near = difflib.get_close_matches(place.field, list(fields), 1, 0.5)
            hint = say(_NEAR, field=near[0]) if near else ""
            raise UnknownField(where=place.where, field=place.field, near=hint)
    if not found:
        raise NoField(file_name=file_name)
    return tuple(found)


def _open(file_name: str, content: bytes) -> TemplatePackage:
    if len(content) > MOST_BYTES:
        raise NotATemplate(file_name=file_name, because=say(_TOO_LARGE, megabytes=MOST_BYTES >> 20))
    if not content.startswith(b"PK"):
        raise NotATemplate(file_name=file_name, because=say(_NOT_WORD))
    package = TemplatePackage(file_name, content)
    if not package.has(MAIN) or _WORD not in package.bytes_of("[Content_Types].xml"):
        raise package.refusal(_NOT_WORD)
    for part in package.names:
        if part.lower().endswith((".xml", ".rels", ".vml")):
            _check_links(package, package.tree(part))
    return package


def _check_links(package: TemplatePackage, root: Element) -> None:
    """Refuse what Word would fetch from elsewhere when the letter is opened; a web address to press may stand."""
    for relation in root:
        kind = relation.get("Type", "")
        if relation.get("TargetMode") == "External" and not kind.endswith("/hyperlink"):
            raise package.refusal(_OUTSIDE)


def _places(package: TemplatePackage, part: str) -> Iterator[Place]:
    names = {"header": _HEADER, "footer": _FOOTER, "footnotes": _NOTE, "endnotes": _NOTE}
    kind = next((words for start, words in names.items() if part.startswith(f"word/{start}")), None)
    for where, text in _paragraphs(package.tree(part)):
        at = say(kind) if kind else where
        for field in _fields(text, at):
            yield Place(field, at, shared=kind is not None)


def _paragraphs(root: Element) -> Iterator[tuple[str, str]]:
    """Yield every paragraph with its place: those of a table by table and row, the others counted on."""
    numbers = {"p": 0, "tbl": 0}

    def walk(element: Element, where: str) -> Iterator[tuple[str, str]]:
        row = 0
        table = numbers["tbl"]
        for child in element:
            tag = local(child.tag)
            if tag == "Fallback":  # the older writing of the box before it
                continue
            if tag == "p":
                numbers["p"] += not where
                at = where or say(_PARAGRAPH, number=numbers["p"])
                yield at, "".join(_texts(child))
                yield from walk(child, at)
            elif tag == "tbl":
                numbers["tbl"] += 1
                yield from walk(child, where)
            elif tag == "tr":
                row += 1
                yield from walk(child, say(_ROW, table=table, row=row))
            else:
                yield from walk(child, where)

    yield from walk(root, "")


def _texts(paragraph: Element) -> Iterator[str]:
    """Yield the words of a paragraph without those of a box that hangs in it."""
    for child in paragraph:
        tag = local(child.tag)
        if tag == "t":
            yield child.text or ""
        elif tag in ("br", "tab", "cr"):
            yield "\n"
        elif tag not in ("txbxContent", "Fallback", "p"):
            yield from _texts(child)


def _fields(text: str, where: str) -> Iterator[str]:
    for match in _OPENED.finditer(text):
        inside = match.group(1)
        if inside is None:
            because = say(_WIDE) if match.group()[0] in "｛｝" else say(_UNPAIRED)
            raise BrokenField(where=where, field=match.group(), because=because)
        name = inside.strip()
        if not _NAME.fullmatch(name):
            raise BrokenField(where=where, field=match.group()[:60], because=say(_UNPAIRED))
        yield name
