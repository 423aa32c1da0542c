"""A sheet that was read row by row, handed on like one that was read by columns."""

from collections.abc import Sequence
from typing import Any

from qiaomen.workbooks.sheet import Merged
from qiaomen.workbooks.sheet import Sheet as Grid

__all__ = ["Grid", "RowGrid"]


class RowGrid:
    """The cells of one sheet, kept by rows."""

    def __init__(
        self, name: str, rows: Sequence[Sequence[Any]], merged: Sequence[Merged] = (), from_1904: bool = False
    ) -> None:
        self.name, self._rows, self.merged, self.from_1904 = name, rows, merged, from_1904
        self.row_nos: Sequence[int] = range(1, len(rows) + 1)

    def column(self, place: int) -> list[Any]:
        """Return the cells of one column, "" for the blank ones."""
        return [row[place] if place < len(row) else "" for row in self._rows]

    def row(self, place: int) -> list[Any]:
        """Return the cells of one row."""
        return list(self._rows[place])
