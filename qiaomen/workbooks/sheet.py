"""What a sheet is to whoever reads it."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol


class Merged(NamedTuple):
    """Cells that were made one: numbers of rows from 1, places of columns from 0, the last of each within."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


class Sheet(Protocol):
    """A sheet as a reader gives it. `row_nos`: the number of each row, growing; wholly blank rows may be left out.

    `merged`: cells that were made one; only the first of them holds the value. `from_1904`: the workbook counts its
    days from 1904, as old Macs do.
    """

    name: str
    row_nos: Sequence[int]
    merged: Sequence[Merged]
    from_1904: bool

    def column(self, place: int) -> list[Any]:
        """Return the cells of one column, "" for the blank ones."""
        ...

    def row(self, place: int) -> list[Any]:
        """Return the cells of one row."""
        ...
