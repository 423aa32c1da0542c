"""Moments at which every house has something to do: the tables stand, a backup was restored, photos are counted."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

MIGRATED, RESTORED = "migrated", "restored"
_done: dict[str, list[Callable[[], Any]]] = {MIGRATED: [], RESTORED: []}
_files: list[Callable[[], Iterable[str]]] = []


def on(moment: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Declare what a house does at a moment; it must be safe to do twice. KeyError for an unknown moment."""

    def declare(work: Callable[[], Any]) -> Callable[[], Any]:
        _done[moment].append(work)
        return work

    return declare


def run(moment: str) -> None:
    """Do what every house declared, the lower houses first."""
    for work in _done[moment]:
        work()


def keeps_files(names: Callable[[], Iterable[str]]) -> Callable[[], Iterable[str]]:
    """Declare a function that names the files below MEDIA_ROOT which rows of a house point at."""
    _files.append(names)
    return names


def files_kept() -> Iterator[str]:
    """Yield every file below MEDIA_ROOT that a row points at."""
    for names in _files:
        yield from names()
