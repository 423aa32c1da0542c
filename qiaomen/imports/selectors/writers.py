"""Which house writes a list's rows, when they are no facts: houses above the register make themselves known here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Act


@dataclass(frozen=True)
class Noted:
    """One row about a person who stands in the register: values by the writer's fields, as clean text or by its words."""

    sheet: str
    row_no: int
    person: UUID
    household: UUID
    dwelling: UUID | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What a writer makes of a row: a reason why not, or known already, or new with its key and what a person is shown."""

    key: UUID | None = None
    known: bool = False
    reason: str = ""
    shown: tuple[tuple[str, str], ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Writer:
    """A house that writes rows. `fields`: code -> title, the code beginning with the writer's own.

    `judge` reads only and gives a verdict for each row. `write` writes the new ones within an act, notes each row made
    (`history.note_made`) and returns their ledger lines. `tell` says in words what an undo has kept: (title, address).
    """

    code: str
    table: str
    fields: Mapping[str, Any]
    judge: Callable[[Organisation, Sequence[Noted]], list[Verdict]]
    write: Callable[[Act, Staff, Sequence[tuple[Noted, Verdict]]], list[dict[str, Any]]]
    tell: Callable[[Sequence[UUID]], list[dict[str, str]]]


_writers: dict[str, Writer] = {}


def register(writer: Writer) -> None:
    """Make a writer known by its code; a code used twice is a mistake."""
    if writer.code in _writers:
        raise ValueError(f"writer {writer.code} is registered twice")
    _writers[writer.code] = writer


def get(code: str) -> Writer | None:
    """Return the writer with this code, None when no house above the register has it."""
    return _writers.get(code)


def all_writers() -> list[Writer]:
    """Return all writers."""
    return list(_writers.values())


def titles() -> dict[str, Any]:
    """Return the titles of all writers' fields by code."""
    return {code: title for writer in all_writers() for code, title in writer.fields.items()}
