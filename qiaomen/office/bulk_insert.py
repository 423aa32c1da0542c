"""Many rows in one statement, where the database's unique constraints say which of them are new."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db import connection, models

CHUNK = 500
M = TypeVar("M", bound=models.Model)


def insert_new(rows: Sequence[M]) -> set[Any]:
    """Insert rows of one model, leave out those a unique constraint has already, and return the keys of the new ones.

    Rows go in by key, so that two transactions with the same rows wait for each other instead of locking up. No
    signals. Raises IntegrityError for every other constraint, and then nothing is written.
    """
    new: set[Any] = set()
    if rows:
        key = type(rows[0])._meta.pk
        if not isinstance(key, models.AutoField):
            rows = sorted(rows, key=lambda row: str(row.pk))
        for start in range(0, len(rows), CHUNK):
            new.update(_insert(rows[start : start + CHUNK]))
        for row in rows:
            if row.pk in new:
                row._state.adding, row._state.db = False, connection.alias
    return new


def _insert(rows: Sequence[M]) -> Iterator[Any]:
    meta, quote = type(rows[0])._meta, connection.ops.quote_name
    fields = [one for one in meta.local_concrete_fields if not isinstance(one, models.AutoField)]
    columns = ", ".join(quote(str(one.column)) for one in fields)
    marks = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(rows))
    values = [one.get_db_prep_save(one.pre_save(row, True), connection) for row in rows for one in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES {marks} "
            f"ON CONFLICT DO NOTHING RETURNING {quote(str(meta.pk.column))}",
            values,
        )
        found = cursor.fetchall()
    return (meta.pk.to_python(key) for (key,) in found)


def keep_first(rows: Sequence[M]) -> tuple[dict[Any, M], set[Any]]:
    """Keep each row under the key its maker gave it: the first to come stays.

    Returns what stands under each key, and the keys that are new; a key that another community holds is in neither.
    """
    new = insert_new(rows)
    kept = {row.pk: row for row in rows if row.pk in new}
    homes = {row.pk: getattr(row, "community_id") for row in rows if row.pk not in new}  # noqa: B009
    if homes:
        there = type(rows[0])._base_manager.filter(pk__in=list(homes))  # also what no longer counts
        kept |= {row.pk: row for row in there if getattr(row, "community_id") == homes[row.pk]}  # noqa: B009
    return kept, new
