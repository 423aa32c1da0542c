"""The one door for what comes in: says by its bytes what a part is, and refuses what no reader can vouch for."""

import csv
import io

from qiaomen.kernel.texts import later as _
from qiaomen.kernel.texts import say
from qiaomen.redaction import docx_reader, pictures, xlsx_reader
from qiaomen.redaction.packages import Package
from qiaomen.redaction.parts import TEXT, Extract, Paragraph, Part, Table
from qiaomen.redaction.problems import Unreadable

LINE = _("第 {line} 行")
SOMETHING_ELSE = _("检查时没有的内容")
OLD_OR_LOCKED = _("有密码，或是旧格式（.doc、.xls、.ppt）")
WEB = _("是网页或矢量图，里面可以藏脚本和看不见的字")
ARCHIVE = _("是压缩包，不是一份文档")
NOT_TEXT = _("不是文字，也不是认得的文件")
MOST_BYTES = 60 << 20
TOO_LARGE = _("太大（超过 60 MB）")
MOST_CHARACTERS = 2_000_000
TOO_LONG = _("太长（超过 200 万字）")

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


def read(part: Part) -> Extract:
    """Return all that is in a part. Raises Unreadable with the reason in words."""
    if isinstance(part.content, str):
        return _of_text(part.name, part.content)
    content = part.content
    if len(content) > MOST_BYTES:
        raise Unreadable(file_name=part.name, because=say(TOO_LARGE))
    if content[:4] == b"PK\x03\x04":
        return _of_zip(part.name, content)
    if content[:8] == bytes.fromhex("d0cf11e0a1b11ae1"):
        raise Unreadable(file_name=part.name, because=say(OLD_OR_LOCKED))
    if content.lstrip()[:5] == b"%PDF-" or b"%PDF-" in content[:1024]:
        from qiaomen.redaction import pdf_reader  # its library is loaded for who reads a PDF

        return pdf_reader.read(part.name, content)
    if (
        content.startswith(_PICTURES)
        or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")
        or content[4:8] == b"ftyp"
    ):
        return pictures.read(part.name, content)
    return _of_bytes(part.name, content)


def _of_zip(name: str, content: bytes) -> Extract:
    package = Package(name, content)
    if package.has("word/document.xml"):
        return docx_reader.read(name, package)
    if package.has("xl/workbook.xml"):
        return xlsx_reader.read(name, content, package)
    raise Unreadable(file_name=name, because=say(ARCHIVE))


def _of_bytes(name: str, content: bytes) -> Extract:
    """Read a text file in UTF-8, UTF-16 or GB18030; a web page or a drawing is none."""
    text = _decoded(content)
    if text is None:
        raise Unreadable(file_name=name, because=say(NOT_TEXT))
    if text.lstrip("\ufeff \t\r\n")[:1] == "<" or name.lower().endswith((".svg", ".htm", ".html", ".xml", ".mht")):
        raise Unreadable(file_name=name, because=say(WEB))
    if name.lower().endswith(".csv"):
        rows = [row for row in csv.reader(io.StringIO(text, newline=""))]
        return Extract(name, TEXT, (Table(name, rows),))
    return _of_text(name, text)


def _decoded(content: bytes) -> str | None:
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16" if wide else "utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\x00" in text else text
    return None


def _of_text(name: str, text: str) -> Extract:
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(file_name=name, because=say(TOO_LONG))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Extract(name, TEXT, tuple(Paragraph(line, say(LINE, line=n)) for n, line in enumerate(lines, 1)))
