"""What can stand in the ledger: each kind with its sentence, its personal fields and how they are erased."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class LedgerKind:
    """One kind of ledger line. `personal_fields` are the fields looked at or changed; the values never stand in it.

    `is_look`: somebody opened people's details; its lines carry their keys and count for the brake
    (office/disclosure).
    `is_list`: somebody was shown a page of a list that tells something of the people on it; its lines carry short keys.
    """

    code: str
    sentence: Any
    personal_fields: tuple[str, ...] = ()
    erased_by: Any = ""
    is_look: bool = False
    is_list: bool = False


_kinds: dict[str, LedgerKind] = {}


def register(*kinds: LedgerKind) -> None:
    """Make kinds known by code; a code used twice is a mistake."""
    for kind in kinds:
        if kind.code in _kinds:
            raise ValueError(f"ledger kind {kind.code} is registered twice")
        _kinds[kind.code] = kind


def get(code: str) -> LedgerKind:
    """Return the kind with this code. Raises KeyError for an undeclared kind."""
    return _kinds[code]


def all_kinds() -> list[LedgerKind]:
    """Return all kinds in the order of their codes."""
    return [_kinds[code] for code in sorted(_kinds)]


Apart = Callable[[UUID, UUID | None], Iterable[UUID]]
_apart: list[Apart] = []


def register_apart(subjects_of: Apart) -> None:
    """Make known a house whose ledger lines name records and never whom they are about: (person, household) to records.

    The office finds nobody in such lines, whatever it looks for; on the person's own page they stand.
    """
    _apart.append(subjects_of)


def apart_of(person: UUID, household: UUID | None) -> list[UUID]:
    """Return the records whose lines are about a person and name nobody."""
    return [key for subjects_of in _apart for key in subjects_of(person, household)]
