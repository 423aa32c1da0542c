"""Reads a .pdf page by page; a page that is a picture of words is no text, and is refused as such."""

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from qiaomen.kernel.texts import Text, say
from qiaomen.kernel.texts import later as _
from qiaomen.redaction.parts import PDF, Extract, Paragraph, Passage
from qiaomen.redaction.problems import Unreadable

PLACE = _("第 {page} 页第 {line} 行")
DAMAGED = _("打不开，可能已经损坏")
LOCKED = _("有密码")
SCANNED = _("第 {page} 页是扫描的图片，没有文字")
NO_LETTERS = _("第 {page} 页的字体没有写明是什么字，读出来是乱码")
ATTACHED = _("里面带着附件")
SCRIPT = _("里面有脚本")
TOO_LONG = _("超过 500 页")
PROPERTIES, NOTES, FORMS = _("文档属性"), _("批注和链接"), _("表单里填的内容")
PICTURES_LEFT = _("PDF 里的图片没有带出；要公布的图片请单独上传")
MOST_PAGES = 500
FEW_LETTERS = 8
MOST_STRANGE = 0.02


def read(name: str, content: bytes) -> Extract:
    """Return the text of every page, and what lies beside it. Raises Unreadable."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise _refusal(name, LOCKED)
        root = reader.trailer["/Root"].get_object()
        _refuse_active(name, reader, root)
        blocks: list[Paragraph] = []
        hidden: list[Passage] = []
        pictures = 0
        for number, page in enumerate(reader.pages, 1):
            text = page.extract_text() or ""
            images = len(list(_images(page)))
            pictures += images
            _refuse_unread(name, number, text, images)
            lines = [line.rstrip() for line in text.split("\n")]
            blocks += [Paragraph(line, say(PLACE, page=number, line=n)) for n, line in enumerate(lines, 1)]
            if notes := "\n".join(_notes(page)):
                hidden.append(Passage(say(NOTES), notes))
        hidden += _beside(reader, root)
    except Unreadable:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError, IndexError) as error:
        raise _refusal(name, DAMAGED) from error
    left = (say(PICTURES_LEFT),) if pictures else ()
    return Extract(name, PDF, tuple(blocks), tuple(hidden), left)


def _refusal(name: str, because: Text, **details: object) -> Unreadable:
    return Unreadable(file_name=name, because=say(because, **details))


def _refuse_active(name: str, reader: PdfReader, root: Any) -> None:
    if len(reader.pages) > MOST_PAGES:
        raise _refusal(name, TOO_LONG)
    names = root.get("/Names")
    names = names.get_object() if names is not None else {}
    if "/EmbeddedFiles" in names or "/AF" in root:
        raise _refusal(name, ATTACHED)
    if "/JavaScript" in names or ("/OpenAction" in root and "/JS" in str(root["/OpenAction"].get_object())):
        raise _refusal(name, SCRIPT)
    form = root.get("/AcroForm")
    if form is not None and "/XFA" in form.get_object():
        raise _refusal(name, SCRIPT)


def _refuse_unread(name: str, number: int, text: str, images: int) -> None:
    letters = [sign for sign in text if not sign.isspace()]
    if images and len(letters) < FEW_LETTERS:
        raise _refusal(name, SCANNED, page=number)
    strange = sum(1 for sign in letters if sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" or ord(sign) < 32)
    if letters and strange > MOST_STRANGE * len(letters):
        raise _refusal(name, NO_LETTERS, page=number)


def _images(page: Any) -> Iterator[str]:
    """Yield the pictures a page draws, through forms inside forms."""
    todo, seen = [page.get("/Resources")], set[int]()
    while todo:
        resources = todo.pop()
        resources = resources.get_object() if resources is not None else None
        if not resources or id(resources) in seen:
            continue
        seen.add(id(resources))
        objects = resources.get("/XObject")
        for name, drawn in (objects.get_object() if objects is not None else {}).items():
            drawn = drawn.get_object()
            if drawn.get("/Subtype") == "/Image":
                yield str(name)
            elif drawn.get("/Resources") is not None:
                todo.append(drawn["/Resources"])


def _notes(page: Any) -> Iterator[str]:
    notes = page.get("/Annots")
    for note in notes.get_object() if notes is not None else []:
        note = note.get_object()
        for key in ("/Contents", "/T", "/V", "/TU", "/RC"):
            if note.get(key):
                yield str(note[key])
        action = note.get("/A")
        if action is not None and action.get_object().get("/URI"):
            yield str(action.get_object()["/URI"])


def _beside(reader: PdfReader, root: Any) -> Iterator[Passage]:
    if reader.metadata:
        yield Passage(say(PROPERTIES), "\n".join(str(value) for value in reader.metadata.values()))
    metadata = root.get("/Metadata")
    if metadata is not None:
        yield Passage(say(PROPERTIES), metadata.get_object().get_data().decode("utf-8", "replace"))
    fields = reader.get_fields() or {}
    if fields:
        yield Passage(say(FORMS), "\n".join(f"{key} {field.get('/V', '')}" for key, field in fields.items()))
