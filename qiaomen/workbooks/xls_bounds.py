"""An .xls before it is opened: how far its cells reach. The general reader makes every blank cell of that box, and a
damaged
column number would ask it for more memory than any machine has."""

import struct
from collections.abc import Iterator

from qiaomen.workbooks.zip_parts import NoParts

_SECTOR_END = 0xFFFFFFFA
_CELLS = {0x06, 0x406, 0x201, 0x203, 0x204, 0x205, 0x7E, 0x27E, 0xFD, 0xD6, 0xBD, 0xBE, 0x01, 0x02, 0x03, 0x04, 0x05}
"""Records that begin with the row and column of a cell ([MS-XLS] 2.3.2); BIFF5 and BIFF8 share them."""

_MANY = (0xBD, 0xBE)
_BEGIN = (0x809, 0x409, 0x209, 0x09)


class _File:
    """The compound file: its sectors, and which sector follows which. Raises NoParts."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 512:
            raise NoParts
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise NoParts
        self._content, self._size = content, 1 << shift
        self._folder, _, self._least, mini_fat = struct.unpack_from("<IIII", content, 48)
        more, _count = struct.unpack_from("<II", content, 68)
        tables = list(struct.unpack_from("<109I", content, 76))
        seen = set[int]()
        while more < _SECTOR_END:
            if more in seen:
                raise NoParts
            seen.add(more)
            listed = self._longs(more)
            tables += listed[:-1]
            more = listed[-1]
        self._next = [number for sector in tables if sector < _SECTOR_END for number in self._longs(sector)]
        self._mini_next = [number for sector in self._chain(mini_fat) for number in self._longs(sector)]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._content):
            raise NoParts
        return self._content[start : start + self._size].ljust(self._size, b"\0")

    def _longs(self, number: int) -> list[int]:
        return list(struct.unpack(f"<{self._size // 4}I", self._sector(number)))

    def _chain(self, first: int, following: list[int] | None = None) -> Iterator[int]:
        following, seen = self._next if following is None else following, 0
        while first < _SECTOR_END:
            seen += 1
            if first >= len(following) or seen > len(following):
                raise NoParts
            yield first
            first = following[first]

    def streams(self) -> Iterator[bytes]:
        """Yield each stream that may hold the workbook."""
        folder = b"".join(map(self._sector, self._chain(self._folder)))
        entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
        mini = b""
        for entry in entries:
            named, first, size = struct.unpack_from("<H", entry, 64)[0], *struct.unpack_from("<II", entry, 116)
            name = entry[: max(0, min(named, 64) - 2)].decode("utf-16-le", "replace")
            if entry[66] == 5:
                mini = b"".join(map(self._sector, self._chain(first)))
            elif name.lower() in ("workbook", "book"):
                if size < self._least:
                    places = self._chain(first, self._mini_next)
                    yield b"".join(mini[place * 64 : place * 64 + 64] for place in places)[:size]
                else:
                    yield b"".join(map(self._sector, self._chain(first)))[:size]


def boxes(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield (rows, columns) of the box around the cells of each sheet. Raises NoParts where the file is damaged."""
    found = False
    for stream in _File(content).streams():
        found = True
        rows = columns = at = 0
        while at + 4 <= len(stream):
            kind, size = struct.unpack_from("<HH", stream, at)
            if kind in _BEGIN:
                yield rows, columns
                rows = columns = 0
            elif kind in _CELLS and size >= 6:
                row, column = struct.unpack_from("<HH", stream, at + 4)
                if kind in _MANY:
                    # The reader believes the length of the record as well as the last column it names.
                    named = struct.unpack_from("<H", stream, min(at + 2 + size, len(stream) - 2))[0]
                    column = max(named, column + size // 2)
                rows, columns = max(rows, row + 1), max(columns, column + 1)
            at += 4 + size
        yield rows, columns
    if not found:
        raise NoParts
