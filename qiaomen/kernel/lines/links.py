"""Pages and acts a house offers at a record of another house, where no line calls for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Link:
    """An act or a page a house offers at a record; `place` orders them, `primary` is the one to do first.

    `frame`: the page it leads to has a part with this id, which a page with script shows in place. `seldom`: it stands
    folded away where there is such a place.
    """

    place: int
    title: Any
    url: str
    primary: bool = False
    frame: str = ""
    seldom: bool = False


FOR_ALL = "public"
"""In place of a record type: what a house offers on every public page, to anybody. The record is None."""
LinksOf = Callable[[Any, Any], list[Link]]
_links: dict[tuple[str, str], LinksOf] = {}


def register_links(house: str, record_type: str, links_of_house: LinksOf) -> None:
    """Make known what a house offers at records of a type: `(record, viewer)`."""
    if (house, record_type) in _links:
        raise ValueError(f"links of {house} at {record_type} are registered twice")
    _links[house, record_type] = links_of_house


def links_of(record_type: str, record: Any, viewer: Any) -> list[Link]:
    """Return what all houses offer at a record, in the order of their places."""
    found = [link for (_, kind), of in _links.items() if kind == record_type for link in of(record, viewer)]
    return sorted(found, key=lambda link: link.place)
