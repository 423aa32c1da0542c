"""Rows of a list that tell of something done, not of a fact: a visit kept on paper or in a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class RecordRow:
    """One row about a person who stands in the register: values by the fields of its kind, as clean text or by its words."""

    sheet: str
    row_no: int
    person: UUID
    household: UUID
    dwelling: UUID | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What is made of a row: a reason why not, or known already, or new with its key and what a person is shown."""

    key: UUID | None = None
    known: bool = False
    reason: str = ""
    shown: tuple[tuple[str, str], ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)
