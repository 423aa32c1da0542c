"""An office file as a package of parts: what may be inside is named; anything else is refused in words."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from qiaomen.kernel.problems import Problem
from qiaomen.kernel.texts import Text, say
from qiaomen.kernel.texts import later as _
from qiaomen.redaction.problems import Unreadable

MOST_UNPACKED = 300 << 20
MOST_ENTRIES = 3000
DAMAGED = _("打不开，可能已经损坏")
TOO_LARGE = _("展开后大得不正常")
MACRO = _("带有宏")
EMBEDDED = _("里面嵌着别的文件或对象")
LOCKED = _("有密码")
STRANGE = _("里面有认不出的部件（{part}）")
SCRIPT = _("里面有可以藏脚本的内容")

_MACRO = re.compile(r"vbaproject|\.bin$|macrosheets|activex|customui", re.I)
_HARMLESS = re.compile(r"printersettings/|thumbnail|\.odttf$|\.fntdata$|^mimetype$|/$", re.I)
_EMBEDDED = re.compile(r"embeddings?/|oleobject|/objects?/|afchunk|altchunk", re.I)
IMAGES = re.compile(r"\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|webp|heic|wdp)$", re.I)


class Package:
    """The parts of a .docx or .xlsx. Raises Unreadable for macros, embedded files, archives and strange parts."""

    def __init__(self, file_name: str, content: bytes) -> None:
        self.file_name = file_name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise self.refusal(DAMAGED) from error
        entries = self._zip.infolist()
        sizes = sum(entry.file_size for entry in entries)
        packed = max(1, sum(entry.compress_size for entry in entries))
        if sizes > MOST_UNPACKED or len(entries) > MOST_ENTRIES or (sizes > 5_000_000 and sizes > 400 * packed):
            raise self.refusal(TOO_LARGE)
        self.names = [entry.filename for entry in entries]
        if len({name.lower() for name in self.names}) != len(self.names):
            raise self.refusal(DAMAGED)
        if any(entry.flag_bits & 1 for entry in entries):
            raise self.refusal(LOCKED)
        for name in self.names:
            self._allow(name)

    def refusal(self, because: Text, **details: object) -> Problem:
        """Return the refusal of this file."""
        return Unreadable(file_name=self.file_name, because=say(because, **details))

    def _allow(self, name: str) -> None:
        if _HARMLESS.search(name) and not _EMBEDDED.search(name):
            return
        if _EMBEDDED.search(name):
            raise self.refusal(EMBEDDED)
        if _MACRO.search(name):
            raise self.refusal(MACRO)
        if IMAGES.search(name):
            return
        if name.lower().endswith(".svg"):
            raise self.refusal(SCRIPT)
        if not name.lower().endswith((".xml", ".rels", ".vml")):
            raise self.refusal(STRANGE, part=name)

    def has(self, name: str) -> bool:
        """Say whether there is a part of this name."""
        return name in self.names

    def images(self) -> list[str]:
        """Return the names of the pictures inside."""
        return [name for name in self.names if IMAGES.search(name) and "thumbnail" not in name.lower()]

    def bytes_of(self, name: str) -> bytes:
        """Return a part. Raises Unreadable."""
        try:
            with self._zip.open(name) as file:
                content = file.read(MOST_UNPACKED + 1)
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, KeyError, EOFError) as error:
            raise self.refusal(DAMAGED) from error
        except Exception as error:  # zlib.error is no OSError
            raise self.refusal(DAMAGED) from error
        if len(content) > MOST_UNPACKED:
            raise self.refusal(TOO_LARGE)
        return content

    def tree(self, name: str) -> Element:
        """Return a part as a tree. A document type is refused: no office program writes one. Raises Unreadable."""
        content = self.bytes_of(name)
        head = content[:4096].replace(b"\x00", b"")
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise self.refusal(SCRIPT)
        try:
            return ElementTree.fromstring(content)
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise self.refusal(DAMAGED) from error

    def texts_of(self, name: str) -> str:
        """Return every text and every attribute with a word in it, a line each: for what does not go out."""
        return "\n".join(_texts(self.tree(name)))


def local(tag: object) -> str:
    """Return a tag without its namespace."""
    return str(tag).rsplit("}", 1)[-1]


_SHOWING = {
    "descr",
    "title",
    "name",
    "alt",
    "Target",
    "author",
    "val",
    "address",
    "tooltip",
    "initials",
    "string",
    "v",
    "s",
}


def _texts(root: Element) -> Iterator[str]:
    for element in root.iter():
        if element.text and element.text.strip():
            yield element.text
        for key, value in element.attrib.items():
            if local(key) in _SHOWING and len(value) >= 2 and not value.startswith(("http://schemas", "urn:")):
                yield value
        if element.tail and element.tail.strip():
            yield element.tail
