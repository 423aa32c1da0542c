"""The menu: at most eight doors, each a word for what a worker does; behind a door the pages the houses declare in
their `menu.py`; and the houses' verbs, which the search box finds.

From these declarations come the menu, the tabs of a page, what Ctrl+K finds, the check that a role is shown nothing it
may not open, and the table in docs/reference/houses.md. Source: docs/decisions/0053-eight-doors.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MOST_DOORS = 8
"""A menu one sees at a glance: it never grows; a new page stands behind a door."""

Waiting = Callable[[Any, Any, Any], Any]
"""(viewer, community, today) -> the rows that wait for this reader: a query that is not yet asked, several, or None."""
Badge = Callable[[Any, Any], int]
"""(viewer, community) -> how many wait."""


@dataclass(frozen=True)
class Door:
    """A word of the menu. `mark` names its icon; pages that name no door are behind the last one up to their place."""

    code: str
    title: Any
    mark: str
    place: int


@dataclass(frozen=True)
class Entry:
    """A page behind a door. `place` orders the pages; `covers`: pages below its address are its own; `door`: behind
    which it stands, by its place when "". `is_verb`: shown as a button beside the tabs (导入, 导出, 重复, 底数).

    `mark` is kept for declarations of old. `waiting`: what the number beside it counts, on every page, with the others
    in one query. `badge`: a number that costs more; it is counted only on the pages behind the same door.
    """

    place: int
    route: str
    title: Any
    mark: str = ""
    covers: bool = False
    door: str = ""
    is_verb: bool = False
    waiting: Waiting | None = None
    badge: Badge | None = None


_doors: dict[str, Door] = {}
_entries: dict[str, Entry] = {}


def register_doors(*doors: Door) -> None:
    """Make the words of the menu known. Raises ValueError for one that stands twice, and for a ninth."""
    for door in doors:
        if door.code in _doors or len(_doors) == MOST_DOORS:
            raise ValueError(f"door {door.code} stands twice or is one too many: the menu has {MOST_DOORS}")
        _doors[door.code] = door


def all_doors() -> list[Door]:
    """Return the words of the menu in their order."""
    return sorted(_doors.values(), key=lambda door: door.place)


def door_of(entry: Entry) -> Door:
    """Return behind which door a page stands. Raises ValueError for a door that nobody has declared."""
    doors = all_doors()
    if entry.door:
        if entry.door not in _doors:
            raise ValueError(f"menu entry {entry.route} names the door {entry.door}, which does not exist")
        return _doors[entry.door]
    return next((door for door in reversed(doors) if door.place <= entry.place), doors[0])


def register(*entries: Entry) -> None:
    """Make pages known; a route that stands twice is a mistake."""
    for entry in entries:
        if entry.route in _entries:
            raise ValueError(f"menu entry {entry.route} is registered twice")
        _entries[entry.route] = entry


@dataclass(frozen=True)
class Verb:
    """An act by its name, for the search box: 打印今天, 导出; 张三 改电话.

    `route`: where it is done. `words`: how else it is said. `of`: the record type it is done at, whose key the route
    takes, "" for none; `more`: what the route takes behind the key. `offered`: it stands under every hit of its kind.
    """

    route: str
    title: Any
    words: tuple[Any, ...] = ()
    of: str = ""
    more: tuple[str, ...] = ()
    offered: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every word for it."""
        return tuple(str(word) for word in (self.title, *self.words))


_verbs: list[Verb] = []


def register_verbs(*verbs: Verb) -> None:
    """Make acts known by name; one name for two acts of a kind is a mistake."""
    for verb in verbs:
        if any(known.of == verb.of and set(known.names) & set(verb.names) for known in _verbs):
            raise ValueError(f"verb {verb.title} is registered twice")
        _verbs.append(verb)


def all_verbs() -> list[Verb]:
    """Return the acts in the order in which the houses named them."""
    return list(_verbs)


def all_entries(*, by_place: bool = True) -> list[Entry]:
    """Return the pages in the order of the menu, or as the houses have declared them."""
    return sorted(_entries.values(), key=lambda entry: entry.place) if by_place else list(_entries.values())
