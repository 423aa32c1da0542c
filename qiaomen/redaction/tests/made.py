"""Files and names that several tests begin with; everybody is invented."""

import io
import zipfile
from collections.abc import Callable

from docx import Document
from openpyxl import Workbook
from PIL import Image

from qiaomen.kernel.idcheck import check_digit
from qiaomen.redaction.examine import examine
from qiaomen.redaction.findings import Decisions, Examined, Finding, suggested
from qiaomen.redaction.known_names import Registered
from qiaomen.redaction.parts import NewFile, Part
from qiaomen.redaction.passing import Passing, passing
from qiaomen.redaction.publish import publish

NAMES = Registered({"王建国": False, "高峰": False, "欧阳清和": False, "张海": False, "李小明": True}, ("幸福苑",))
PASSING = passing(["赵明远"], ["12345", "0917-7960000"], ["幸福苑3号楼1单元101室"])
ID = "99010119900101123" + check_digit("99010119900101123")


def find(content: bytes | str, name: str = "通知") -> Examined:
    """Examine one part."""
    return examine([Part(name, content)], NAMES, PASSING)[0]


def kinds(content: bytes | str, name: str = "通知") -> list[str]:
    """Return the kinds of what is shown and private."""
    return [finding.kind for finding in find(content, name).findings if not finding.hidden]


def release(content: bytes | str, name: str = "通知", decisions: Decisions | None = None) -> NewFile:
    """Publish one part by the suggestions, or as decided."""
    part = Part(name, content)
    decided = decisions or suggested(examine([part], NAMES, PASSING))
    return publish([part], decided, NAMES, PASSING)[0]


def words_of(new: NewFile) -> str:
    """Return the text of a new text file."""
    return new.content.decode()


def docx(*paragraphs: str, change: Callable[[dict[str, bytes]], None] | None = None) -> bytes:
    """Make a document; `change` edits its parts before it is packed."""
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue(), change) if change else out.getvalue()


def repacked(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return an office file whose parts were edited."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def xlsx(rows: list[list[object]], edit: Callable[[Workbook], None] | None = None) -> bytes:
    """Make a workbook of one sheet."""
    book = Workbook()
    book.active.title = "台账"
    for row in rows:
        book.active.append(row)
    if edit:
        edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def picture(size: tuple[int, int] = (400, 300), **saved: object) -> bytes:
    """Make a picture of stripes."""
    made = Image.new("RGB", size, (200, 220, 240))
    for x in range(0, size[0], 20):
        made.paste((x % 255, 90, 160), (x, 0, x + 10, size[1]))
    out = io.BytesIO()
    made.save(out, "JPEG", **saved)
    return out.getvalue()


def by_kind(examined: Examined, kind: str) -> Finding:
    """Return the first finding of a kind."""
    return next(finding for finding in examined.findings if finding.kind == kind)


__all__ = ["PASSING", "Passing"]
