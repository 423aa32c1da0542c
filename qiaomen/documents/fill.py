"""Fills a template: one record, or a whole list in one file, each on a new page.

The libraries are loaded when a letter is made: every process of the site would carry them else.
"""

import copy
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qiaomen.documents.problems import HeaderVaries
from qiaomen.documents.templates import Place, check
from qiaomen.documents.values import Blank, Picture, Unconfirmed, Value, Values, is_blank, printed

PAPERS = {"A4": (210, 297), "A3": (297, 420)}
"""Widths and heights in millimetres."""
FIXED = datetime(2000, 1, 1)
"""No moment of making goes out with a file."""
_DRAWN = re.compile(r"<w:t(?: [^>]*)?></w:t>")


@dataclass(frozen=True)
class Filled:
    """A .docx and what stayed blank in it."""

    content: bytes
    blanks: tuple[Blank, ...]


def fill(template: bytes, values: Values, *, paper: str = "") -> Filled:
    """Fill a template for one record; `values` holds every field there is. `paper` "": as the template has it.

    Raises what `templates.check` raises.
    """
    return fill_list(template, [values], paper=paper)


def fill_list(template: bytes, records: Sequence[Values], *, paper: str = "") -> Filled:
    """Fill a template for each record of a list, in one file. Raises HeaderVaries; ValueError for an empty list."""
    if not records:
        raise ValueError("a list of nobody is not printed")
    places = check("", template, set(records[0]))
    if len(records) > 1:
        _check_shared(places, records)
    document = _Template(template)
    document.fill(records)
    document.set_paper(paper)
    fields = list(dict.fromkeys(place.field for place in places))
    blanks = [
        Blank(field, number, isinstance(values[field], Unconfirmed))
        for number, values in enumerate(records, 1)
        for field in fields
        if is_blank(values[field])
    ]
    return Filled(document.saved(), tuple(blanks))


def _check_shared(places: Sequence[Place], records: Sequence[Values]) -> None:
    """Refuse a header that would carry the words of one record over the page of another. Raises HeaderVaries."""
    for place in places:
        if place.shared and any(values[place.field] != records[0][place.field] for values in records):
            raise HeaderVaries(field=place.field, where=place.where)


class _Template:
    """A template while it is filled."""

    def __init__(self, content: bytes) -> None:
        from docxtpl import DocxTemplate
        from jinja2 import StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        self._doc = DocxTemplate(io.BytesIO(content))
        self._env = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        self._doc.render_init()

    def fill(self, records: Sequence[Values]) -> None:
        """Write every record into the body, and the first one into headers, footers and notes."""
        doc = self._doc
        self._forget_properties()
        source = doc.patch_xml(doc.get_xml())
        first: Any = None
        for values in records:
            body = doc.fix_tables(
                _DRAWN.sub("", doc.render_xml_part(source, doc.docx._part, self._of(values), self._env))
            )
            if first is None:
                first = body
            else:
                _append(first, body)
        doc.fix_docpr_ids(first)
        doc.map_tree(first)
        shared = self._of(records[0])
        for uri in (doc.HEADER_URI, doc.FOOTER_URI):
            for key, xml in list(doc.build_headers_footers_xml(shared, uri, self._env)):
                doc.map_headers_footers_xml(key, xml)
        doc.render_footnotes(shared, self._env)
        doc.is_rendered = True

    def _of(self, values: Values) -> dict[str, Any]:
        return {field: self._shown(value) for field, value in values.items()}

    def _shown(self, value: Value) -> Any:
        from docx.shared import Mm
        from docxtpl import InlineImage

        if isinstance(value, Picture):
            return InlineImage(self._doc, io.BytesIO(value.png), width=Mm(value.width_mm))
        return printed(value)

    def _forget_properties(self) -> None:
        """Whoever wrote the template does not go out with every letter."""
        properties = self._doc.docx.core_properties
        for name in (
            "author",
            "comments",
            "identifier",
            "language",
            "subject",
            "title",
            "last_modified_by",
            "keywords",
        ):
            setattr(properties, name, "")
        properties.created = properties.modified = FIXED

    def set_paper(self, paper: str) -> None:
        """Set every section on a paper, upright or across as it is."""
        from docx.shared import Mm

        if not paper:
            return
        short, long = (Mm(side) for side in PAPERS[paper])
        for section in self._doc.docx.sections:
            across = (section.page_width or 0) > (section.page_height or 0)
            section.page_width, section.page_height = (long, short) if across else (short, long)

    def saved(self) -> bytes:
        """Return the file."""
        out = io.BytesIO()
        self._doc.docx.save(out)
        return out.getvalue()


def _append(first: Any, body: Any) -> None:
    """Put the next record behind, on a new page, before the section that ends the document."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import parse_xml

    end = first.find(qn("w:sectPr"))
    added = [copy.deepcopy(child) for child in body if child.tag != qn("w:sectPr")]
    space = f'xmlns:w="{qn("w:p")[1:].split("}")[0]}"'
    added.insert(0, parse_xml(f'<w:p {space}><w:r><w:br w:type="page"/></w:r></w:p>'))
    for child in added:
        if end is None:
            first.append(child)
        else:
            end.addprevious(child)
