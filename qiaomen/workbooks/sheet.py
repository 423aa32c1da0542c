"""What a sheet is to whoever reads it."""

from collections.abc import Sequence
from typing import Any, Protocol


class Sheet(Protocol):
    """A sheet as a reader gives it. `row_nos`: the number of each row, growing; wholly blank rows may be left out."""

    name: str
    row_nos: Sequence[int]

    def column(self, place: int) -> list[Any]:
        """Return the cells of one column, "" for the blank ones."""
        ...

    def row(self, place: int) -> list[Any]:
        """Return the cells of one row."""
        ...
