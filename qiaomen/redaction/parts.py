"""What comes in and how it lies inside: parts, the blocks a reader finds in them, and places said in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qiaomen.kernel.texts import later as _
from qiaomen.kernel.texts import say

CELL = _("{table}第 {row} 行第 {column} 列")
TEXT, DOCX, XLSX, PDF, PICTURE = "text", "docx", "xlsx", "pdf", "picture"


@dataclass(frozen=True)
class Part:
    """One thing somebody wants to publish: a text typed on a page, or a file with its name and bytes."""

    name: str
    content: bytes | str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph that is shown. `style`: plain, title or heading; `where`: its place in words."""

    text: str
    where: str
    style: str = "plain"


@dataclass(frozen=True)
class Table:
    """A table that is shown. `rows`: its cells as texts; `row_nos` and `column_names`: how a reader calls them."""

    name: str
    rows: Sequence[Sequence[str]]
    row_nos: Sequence[int] = ()
    column_names: Sequence[str] = ()

    def where(self, row: int, column: int) -> str:
        """Return a cell's place: 台账!C12, or 第 2 行第 3 列 where a sheet has no letters."""
        if self.column_names:
            return f"{self.name}!{self.column_names[column]}{self.row_nos[row]}"
        return say(CELL, table=self.name, row=row + 1, column=column + 1)


@dataclass(frozen=True)
class Passage:
    """Text that lies in a file without being shown: a hidden sheet, a comment, a deleted word. It never goes out."""

    where: str
    text: str


@dataclass(frozen=True)
class Extract:
    """All that a reader found in a part: what is shown and what only lies in it."""

    name: str
    kind: str
    blocks: Sequence[Paragraph | Table] = ()
    hidden: Sequence[Passage] = ()
    left_behind: Sequence[str] = ()
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a block: characters `start` to `end` of a paragraph, or of a cell when `row` is not -1."""

    block: int
    start: int
    end: int
    row: int = -1
    column: int = -1


@dataclass(frozen=True)
class NewFile:
    """The file that goes out: built anew, never the upload. `changed`: how many stretches differ from what was read."""

    name: str
    kind: str
    content: bytes
    changed: int
    left_behind: Sequence[str] = field(default=())
