"""How far a long work is, and the wish to stop it: in the process's cache, since its transaction shows nothing before
its end. Another process sees that the work runs, not how far it is."""

import time
from typing import Any
from uuid import UUID

from django.core.cache import cache

KEPT_SECONDS = 3600


class Stopped(Exception):
    """Somebody asked the work to stop; it rolls back whole."""


class Progress:
    """Counts the rows a work has dealt with, and stops it when a person has asked for that.

    `subject`: the key of what is worked at (a list that came in); `total`: how many rows there are.
    """

    def __init__(self, subject: UUID, total: int) -> None:
        self.subject, self.total, self.done, self._worked, self._since = subject, total, 0, 0, time.monotonic()
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
        cache.set(_key(self.subject), {"done": self.done, "total": self.total, "seconds_left": left}, KEPT_SECONDS)
        if cache.get(_stop_key(self.subject)):
            raise Stopped


def ask_to_stop(subject: UUID) -> None:
    """Ask the work at this subject to stop at its next step."""
    cache.set(_stop_key(subject), True, KEPT_SECONDS)


def forget(subject: UUID) -> None:
    """Drop what is kept of a work."""
    cache.delete_many([_key(subject), _stop_key(subject)])


def read(subject: UUID) -> dict[str, Any] | None:
    """Return {done, total, seconds_left}; None when no work at this subject runs in this process."""
    found: dict[str, Any] | None = cache.get(_key(subject))
    return found


def _key(subject: UUID) -> str:
    return f"work-{subject}"


def _stop_key(subject: UUID) -> str:
    return f"work-stop-{subject}"
