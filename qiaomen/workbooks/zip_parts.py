"""The parts of a zipped workbook, inflated a piece at a time and never beyond a limit, whatever its directory
claims.
"""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

PIECE = 4 << 20
MOST_ENTRIES = 2000
MAX_UNPACKED = 400 * 1024 * 1024
"""The sheet of 200,000 rows by 25 columns is 290 MB of XML."""


def _is_bomb(size: int, packed: int) -> bool:
    """A million blank rows shrink to a two-hundredth, as does no text of people; nothing honest shrinks to a
    five-hundredth.
    """
    return (size > 1_000_000 and size > 500 * packed) or (size > 64_000_000 and size > 200 * packed)


class Overgrown(Exception):
    """The parts are larger, or more, than any workbook of an office."""


class NoParts(Exception):
    """The bytes are no zipped workbook, or a part of it is damaged."""


class SheetPart(NamedTuple):
    """A sheet of a workbook, the part it stands in, and whether it is shown."""

    name: str
    part: str
    visible: bool


class Parts:
    """An opened zip file. Raises NoParts, Overgrown."""

    def __init__(self, content: bytes) -> None:
        self._content, self._inflated = content, 0
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            raise NoParts from error
        self._entries = {entry.filename.lstrip("/"): entry for entry in entries}
        declared = sum(entry.file_size for entry in entries)
        bomb = any(_is_bomb(entry.file_size, max(1, entry.compress_size)) for entry in entries)
        if declared > MAX_UNPACKED or bomb or len(entries) > MOST_ENTRIES:
            raise Overgrown
        if "xl/workbook.xml" not in self._entries:
            raise NoParts

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part piece by piece; nothing when there is none of that name. Raises NoParts, Overgrown."""
        entry = self._entries.get(name)
        if entry is None:
            return
        head = self._content[entry.header_offset : entry.header_offset + 30]
        if head[:4] != b"PK\x03\x04" or entry.compress_type not in (0, 8) or entry.flag_bits & 1:
            raise NoParts
        start = entry.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        packed = memoryview(self._content)[start : start + entry.compress_size]
        if entry.compress_type == 0:
            yield from (self._count(bytes(packed[at : at + PIECE])) for at in range(0, len(packed), PIECE))
            return
        inflater, rest = zlib.decompressobj(-15), bytes(packed)
        try:
            while rest and not inflater.eof:
                piece = inflater.decompress(rest, PIECE)
                rest = inflater.unconsumed_tail
                yield self._count(piece)
        except zlib.error as error:
            raise NoParts from error
        if not inflater.eof:
            raise NoParts

    def _count(self, piece: bytes) -> bytes:
        self._inflated += len(piece)
        if self._inflated > MAX_UNPACKED:
            raise Overgrown
        return piece

    def whole(self, name: str) -> bytes:
        """Return a part as one. Raises NoParts, Overgrown."""
        return b"".join(self.pieces(name))

    def sheets(self) -> list[SheetPart]:
        """Return the sheets in their order; [] when the book says it in an unusual way."""
        book = self.whole("xl/workbook.xml").decode("utf-8", "replace")
        links = self.whole("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        types = self.whole("[Content_Types].xml").decode("utf-8", "replace")
        if re.search(r'date1904="(1|true)"|<!', types + book + links):
            return []
        targets = {}
        for link in re.findall(r"<Relationship\s[^>]*>", links):
            attributes = dict(re.findall(r'(\w+)="([^"]*)"', link))
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found = []
        for sheet in re.findall(r"<sheet\s[^>]*>", book):
            attributes = dict(re.findall(r'([\w:]+)="([^"]*)"', sheet))
            part = targets.get(attributes.get("r:id", ""), "")
            if "name" not in attributes or part not in self._entries:
                return []
            found.append(
                SheetPart(html.unescape(attributes["name"]), part, attributes.get("state", "visible") == "visible")
            )
        return found

    def farthest(self, part: str) -> tuple[int, int]:
        """Return the farthest row and column that a sheet's cells name. Raises NoParts, Overgrown."""
        row = column = 0
        rest = b""
        for piece in self.pieces(part):
            rest += piece
            for letters in set(re.findall(rb'r="([A-Z]{1,4})\d', rest)):
                place = 0
                for letter in letters:
                    place = place * 26 + letter - 64
                column = max(column, place)
            row = max(row, *map(int, set(re.findall(rb'r="[A-Z]{0,4}(\d{1,9})"', rest))), 0)
            rest = rest[-40:]
        return row, column

    def verify(self) -> list[str]:
        """Inflate every part a reader would open, keeping none; return the sheets' parts.

        Raises Overgrown, and NoParts also where a part declares a document type: no office program writes one."""
        opened = [name for name in self._entries if name.endswith((".xml", ".rels"))]
        for name in opened:
            for number, piece in enumerate(self.pieces(name)):
                if number == 0 and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
                    raise NoParts
        return [name for name in opened if name.startswith("xl/worksheets/")]
