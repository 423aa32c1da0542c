"""The menu: each house declares its pages in its `menu.py`, the desk shows those a role may use; and its verbs, which
the search box finds.
"""

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


@dataclass(frozen=True)
class Verb:
    """An act by its name, for the search box: 打印今天, 导出; 张三 改电话.

    `route`: where it is done. `words`: how else it is said. `of`: the record type it is done at, whose key the route
    takes, "" for none; `more`: what the route takes behind the key.
    """

    route: str
    title: Any
    words: tuple[Any, ...] = ()
    of: str = ""
    more: tuple[str, ...] = ()

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


def all_entries() -> list[Entry]:
    """Return the menu in its order."""
    return sorted(_entries.values(), key=lambda entry: entry.place)
