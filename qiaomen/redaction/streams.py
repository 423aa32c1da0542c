"""The shown text of a part as long texts that detectors read in one go, and the way back to where each piece stands."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qiaomen.redaction.folding import WALL
from qiaomen.redaction.parts import Paragraph, Spot, Table
from qiaomen.redaction.passing import Passing
from qiaomen.redaction.tables import ColumnMark, columns_of, upright_columns


@dataclass
class Stream:
    """A text put together from paragraphs or cells.

    `persons`: places where a row of somebody begins. `names_only`: cells that stand below each other, read for nothing
    but a registered name that is broken from one into the next.
    """

    pieces: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    cells: list[tuple[int, int, int, int]] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)
    names_only: bool = False
    length: int = 0

    def add(self, text: str, block: int, row: int = -1, column: int = -1) -> None:
        """Append the text of a paragraph, or of a cell."""
        self.starts.append(self.length)
        self.cells.append((block, row, column, len(text)))
        self.put(text)

    def put(self, text: str) -> None:
        """Append what stands between."""
        self.pieces.append(text)
        self.length += len(text)

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)

    def spots(self, start: int, end: int) -> tuple[Spot, ...]:
        """Return the stretches of paragraphs and cells that a stretch of the stream covers."""
        found = []
        place = bisect_right(self.starts, start) - 1
        while place < len(self.starts) and self.starts[place] < end:
            block, row, column, length = self.cells[place]
            first, last = max(0, start - self.starts[place]), min(length, end - self.starts[place])
            if first < last:
                found.append(Spot(block, first, last, row, column))
            place += 1
        return tuple(found)


@dataclass
class TableView:
    """A table with its private columns and the streams of its other cells."""

    block: int
    table: Table
    columns: list[ColumnMark]
    streams: list[Stream]

    def cells_of(self, *columns: ColumnMark) -> Stream:
        """Return the cells of private columns one by one: nothing is read from one into the next."""
        stream = Stream()
        for mark in columns:
            for row in mark.rows:
                stream.add(self.table.rows[row][mark.column], self.block, row, mark.column)
                stream.put(WALL)
        return stream


def streams_of(blocks: Sequence[Paragraph | Table], passing: Passing) -> Iterator[Stream | TableView]:
    """Yield the runs of paragraphs as one stream each, and every table, in the order of the part."""
    run = Stream()
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            if run.pieces:
                run.put("\n")
            run.add(block.text, number)
            continue
        if run.pieces:
            yield run
            run = Stream()
        yield _view(number, block, passing)
    if run.pieces:
        yield run


def _view(number: int, table: Table, passing: Passing) -> TableView:
    columns = columns_of(table, passing)
    skip = {(row, mark.column) for mark in columns for row in mark.rows}
    people = {row for mark in columns if mark.kind in ("name", "id_no") for row in mark.rows}
    across = Stream()
    for row, cells in enumerate(table.rows):
        if row in people:
            across.persons.append(across.length)
        for column, cell in enumerate(cells):
            if cell and (row, column) not in skip:
                across.add(cell, number, row, column)
            across.put("\t" if cell else "")
        across.put(WALL)
    streams = [across]
    for column, rows in upright_columns(table, skip):
        upright = Stream()
        for row in rows:
            upright.add(table.rows[row][column], number, row, column)
            upright.put("\n")
        streams.append(upright)
    streams += _down(number, table, skip)
    return TableView(number, table, columns, streams)


def _down(number: int, table: Table, skip: set[tuple[int, int]]) -> Iterator[Stream]:
    """Yield each column whose cells have Chinese words, to find a name that begins in one cell and ends in the next."""
    for column in range(max(map(len, table.rows), default=0)):
        down = Stream(names_only=True)
        words = 0
        for row, cells in enumerate(table.rows):
            cell = cells[column] if column < len(cells) else ""
            if not cell or (row, column) in skip:
                down.put(WALL)
                continue
            words += not cell.isascii()
            down.add(cell, number, row, column)
            down.put("\n")
        if words > 1:
            yield down
