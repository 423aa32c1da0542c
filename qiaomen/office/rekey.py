"""Moves every sealed value under the newest key, in small steps: killed in the middle it goes on where it stopped.

A value says under which key it stands, so there is nothing to remember between two runs: whatever is under another key
than the newest is still to do. A value that does not open stops the run, and nothing of its step is written.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from qiaomen.kernel import sealing
from qiaomen.office.fields import BlindIndex, KeyedCode, SealedField, write_sealed

STEP = 500


_files: dict[str, Callable[[], int]] = {}


def also(name: str, move: Callable[[], int]) -> None:
    """Register what seals files of a house anew; it returns how many, and does the rest when it is called again."""
    _files[name] = move


@dataclass
class Rekeyed:
    """How many values were sealed anew, per column."""

    columns: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.columns.values())


def sealed_columns(kind: type) -> Iterator[tuple[type[models.Model], Any]]:
    """Return every column of a kind (SealedField, KeyedCode, BlindIndex) with its table, but those never written again.

    The ledger refuses a second writing: its reasons open, as its marks are checked, with the key of their day.
    """
    for model in apps.get_models():
        for column in model._meta.local_concrete_fields:
            if isinstance(column, kind) and not getattr(column, "lasting", False):
                yield model, column


def left_behind() -> dict[str, int]:
    """Return per column how many values are not under the newest key: sealed ones, and codes."""
    found = {}
    for kind in (SealedField, KeyedCode):
        for model, column in sealed_columns(kind):
            if count := sum(1 for _ in _others(model, column, None)):
                found[f"{model._meta.db_table}.{column.column}"] = count
    return found


def _others(model: type[models.Model], column: Any, most: int | None) -> Iterator[Any]:
    """Return keys of rows whose value stands under another key, straight from the column."""
    quote, suites = connection.ops.quote_name, ("aes", "sm4")
    newest = [f"{prefix}.{suite}.{sealing.newest_key()}.%" for suite in suites for prefix in ("v1", "c1")]
    other = " AND ".join([f"{quote(column.column)} NOT LIKE %s"] * len(newest))
    key, limit = quote(str(model._meta.pk.column)), f" LIMIT {most}" if most else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM {quote(model._meta.db_table)} "
            f"WHERE {quote(column.column)} IS NOT NULL AND {quote(column.column)} <> '' AND {other}{limit}",
            newest,
        )
        yield from (model._meta.pk.to_python(row[0]) for row in cursor.fetchall())


def rekey() -> Rekeyed:
    """Seal every sealed value under the newest key. Raises CannotUnseal; what was done by then is done.

    May run beside a server that has the new key first in QM_MASTER_KEYS.
    """
    done = Rekeyed()
    for model, column in sealed_columns(SealedField):
        name = f"{model._meta.db_table}.{column.column}"
        while keys := list(_others(model, column, STEP)):
            with transaction.atomic():
                rows = list(model._base_manager.select_for_update().filter(pk__in=keys))
                write_sealed(rows, [column.name])
            done.columns[name] = done.columns.get(name, 0) + len(keys)
    for name, move in _files.items():
        done.columns[name] = move()
    return done


@transaction.atomic
def rekey_marks() -> Rekeyed:
    """Move the codes and blind indexes, which stand under the oldest key, to the newest: all in one transaction.

    No server may run meanwhile, and the old key leaves QM_MASTER_KEYS before one is started again, because lookups use
    the oldest key. Every value opens with the old one until then.
    """
    done = Rekeyed()
    with sealing.marking_with_newest():
        for kind in (KeyedCode, BlindIndex):
            for model, column in sealed_columns(kind):
                done.columns[f"{model._meta.db_table}.{column.column}"] = _move_marks(model, column)
    return done


def _move_marks(model: type[models.Model], column: Any) -> int:
    quote = connection.ops.quote_name
    update = (
        f"UPDATE {quote(model._meta.db_table)} SET {quote(column.column)} = %s "
        f"WHERE {quote(str(model._meta.pk.column))} = %s"
    )
    values = []
    for row in model._base_manager.all().iterator(chunk_size=STEP):
        if text := column.marked_anew(row):
            values.append((text, model._meta.pk.get_db_prep_save(row.pk, connection)))
    with connection.cursor() as cursor:
        cursor.executemany(update, values)
    return len(values)
