"""How far a commit is, and the wish to stop it: in the process's cache, since its transaction shows nothing before its end."""

import time
from typing import Any
from uuid import UUID

from django.core.cache import cache

KEPT_SECONDS = 3600


class Stopped(Exception):
    """Somebody asked the commit to stop; it rolls back whole."""


class Progress:
    """Counts the rows a commit has dealt with, and stops it when a person has asked for that."""

    def __init__(self, batch: UUID, total: int) -> None:
        self.batch, self.total, self.done, self._worked, self._since = batch, total, 0, 0, time.monotonic()
        self.step(0)

    def begin(self, total: int, nothing_to_do: int) -> None:
        """Say how many rows there are, and how many of them need no work. Raises Stopped."""
        self.total, self.done, self._since = total, nothing_to_do, time.monotonic()
        self.step(0)

    def step(self, rows: int) -> None:
        """Say that so many rows more are done. Raises Stopped."""
        self.done, self._worked = self.done + rows, self._worked + rows
        spent = time.monotonic() - self._since
        left = spent / self._worked * (self.total - self.done) if self._worked else None
        cache.set(_key(self.batch), {"done": self.done, "total": self.total, "seconds_left": left}, KEPT_SECONDS)
        if cache.get(_stop_key(self.batch)):
            raise Stopped


def ask_to_stop(batch: UUID) -> None:
    """Ask the commit of a batch to stop at its next step."""
    cache.set(_stop_key(batch), True, KEPT_SECONDS)


def forget(batch: UUID) -> None:
    """Drop what is kept of a commit."""
    cache.delete_many([_key(batch), _stop_key(batch)])


def read(batch: UUID) -> dict[str, Any] | None:
    """Return {done, total, seconds_left}; None when no commit of this batch runs in this process."""
    found: dict[str, Any] | None = cache.get(_key(batch))
    return found


def _key(batch: UUID) -> str:
    return f"import-{batch}"


def _stop_key(batch: UUID) -> str:
    return f"import-stop-{batch}"
