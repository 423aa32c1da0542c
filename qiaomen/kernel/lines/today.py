"""What 今天 shows beside the lines: parts of the page, what happened since yesterday, and what a record is called.

The desk puts the page together and names no house.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from qiaomen.kernel.lines.line import Ref


@dataclass(frozen=True)
class Part:
    """A part of 今天: `column` top, side or foot, `place` its order there, `template` draws what `context` returns.

    `context`: `(viewer, community, today)` in a fixed number of queries; community is None for who works in none. None
    returned: the part has nothing to say and is not there. `homes`: the households a context shows, for the gate.
    """

    code: str
    column: str
    place: int
    template: str
    context: Callable[[Any, Any, date], dict[str, Any] | None]
    roles: frozenset[str]
    homes: Callable[[dict[str, Any]], Iterable[UUID]] = lambda _context: ()


@dataclass(frozen=True)
class News:
    """One thing that has happened, newest first on the page.

    `at` None: its day is not told, as of a birthday; such stand first. `household`, `people`: whose door it was at,
    and who is named.
    """

    at: datetime | None
    text: Any
    household: UUID | None = None
    people: tuple[UUID, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Name:
    """What a record is called where a line about it stands: 小区 门牌 姓名, and its page."""

    text: str
    url: str = ""


NewsOf = Callable[[Any, Any, datetime, int], Iterable[News]]
NamesOf = Callable[[Iterable[UUID], Any], dict[UUID, Name]]
PARTS: dict[str, Part] = {}
NEWS: dict[str, NewsOf] = {}
NAMES: dict[str, NamesOf] = {}


def register_part(part: Part) -> None:
    """Make a part known by its code. Raises ValueError for a code used twice or a column the page has not."""
    if part.code in PARTS or part.column not in ("top", "side", "foot"):
        raise ValueError(f"part {part.code} is registered twice or stands nowhere")
    PARTS[part.code] = part


def register_news(house: str, news_of_house: NewsOf) -> None:
    """Make known what happened in a house: `(community, viewer, since, most)`, newest first, in fixed queries."""
    if house in NEWS:
        raise ValueError(f"news of {house} are registered twice")
    NEWS[house] = news_of_house


def register_names(record_type: str, names_of_type: NamesOf) -> None:
    """Make known what records of a type are called: `(keys, viewer)` in a fixed number of queries."""
    if record_type in NAMES:
        raise ValueError(f"names of {record_type} are registered twice")
    NAMES[record_type] = names_of_type


def parts_of(viewer: Any, community: Any, today: date) -> dict[str, list[dict[str, Any]]]:
    """Return the parts this viewer's page has, by column and in their order: template and context of each, with the
    households it shows.
    """
    found: dict[str, list[dict[str, Any]]] = {"top": [], "side": [], "foot": []}
    for part in sorted(PARTS.values(), key=lambda part: (part.place, part.code)):
        context = part.context(viewer, community, today) if viewer.role in part.roles else None
        if context is not None:
            found[part.column].append(
                {"template": part.template, "context": context, "homes": list(part.homes(context))}
            )
    return found


def news_of(community: Any, viewer: Any, since: datetime, most: int) -> list[News]:
    """Return what happened in all houses since a moment, the newest first, at most so many of each."""
    found = [news for of in NEWS.values() for news in of(community, viewer, since, most)]
    dated = sorted(found, key=lambda news: str(news.text))
    return sorted(dated, key=lambda news: news.at.timestamp() if news.at else float("inf"), reverse=True)


def names_of(refs: Iterable[Ref], viewer: Any) -> dict[Ref, Name]:
    """Return what records are called; one whose type nobody names, or that is not there, is not in it."""
    by_type: dict[str, set[UUID]] = {}
    for record_type, key in refs:
        by_type.setdefault(record_type, set()).add(key)
    return {
        (record_type, key): name
        for record_type, keys in by_type.items()
        if record_type in NAMES
        for key, name in NAMES[record_type](keys, viewer).items()
    }
