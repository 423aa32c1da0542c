"""What a record is asked about, read by the house it stands in (kernel/figures/asking.py)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from qiaomen.kernel.figures.asking import Subject, askable


def can_be_asked(found: QuerySet[Any]) -> bool:
    """Say whether the records of a list can be asked about."""
    return askable(getattr(found.model, "record_type", "")) is not None


def read(of_type: str, keys: Iterable[UUID]) -> dict[UUID, Subject]:
    """Return the records of one kind, by key; those that are gone from the database are not there."""
    kind = askable(of_type)
    return {subject.row: subject for subject in kind.read(keys)} if kind is not None else {}
