"""What of the county is made: a mark for each act, written in the act's own transaction.

Killed anywhere, the act under way is undone by the database and the next start goes on with it; an act that has its
mark is never done twice. The table is simtown's own and no part of the product.
"""

from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection, transaction

EDITION = "3"
"""Raised when an older county cannot be gone on with: its owner is offered to make it anew."""
BEGAN = "began"
MOST_LETTERS = 200
TRIES = 5
"""So often an act is begun anew when the database was locked for its whole patience (settings: 20 seconds)."""


class Steps:
    """The acts done in this database, each with a word to remember (a date, a key)."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS simtown_steps"
                f" (name varchar({MOST_LETTERS}) PRIMARY KEY, kept varchar({MOST_LETTERS}) NOT NULL)"
            )
            cursor.execute("SELECT name, kept FROM simtown_steps")
            self._kept: dict[str, str] = dict(cursor.fetchall())

    def __contains__(self, name: str) -> bool:
        return name in self._kept

    def kept(self, name: str) -> str:
        """Return what an act left to remember."""
        return self._kept[name]

    def once(self, name: str, act: Callable[[], Any]) -> bool:
        """Do an act that has no mark yet and mark it, both or neither; returns whether it was done now."""
        if name in self:
            return False
        for left in reversed(range(TRIES)):
            try:
                self._kept[name] = self._do(name, act)
                break
            except OperationalError:  # SQLite has one writer: a visitor of the open site may hold it
                if not left or connection.in_atomic_block:
                    raise
        return True

    def _do(self, name: str, act: Callable[[], Any]) -> str:
        with transaction.atomic():
            kept = act()
            word = kept if isinstance(kept, str) else ""
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO simtown_steps (name, kept) VALUES (%s, %s)", [name, word])
        return word
