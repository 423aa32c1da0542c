"""The menu: each house declares its pages in its `menu.py`, the desk shows those a role may use."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """A page of the menu. `place` orders the menu; `mark` names its icon; `covers`: pages below its address are its
    own.
    """

    place: int
    route: str
    title: Any
    mark: str
    covers: bool = False


_entries: dict[str, Entry] = {}


def register(*entries: Entry) -> None:
    """Make pages known; a route that stands twice is a mistake."""
    for entry in entries:
        if entry.route in _entries:
            raise ValueError(f"menu entry {entry.route} is registered twice")
        _entries[entry.route] = entry


def all_entries() -> list[Entry]:
    """Return the menu in its order."""
    return sorted(_entries.values(), key=lambda entry: entry.place)
