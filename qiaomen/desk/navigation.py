"""The menu of a reader: the doors behind which there is something for them, the pages behind the open one, numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.kernel.menu import Door, Entry, all_doors, all_entries, door_of
from qiaomen.office.access import permission_table
from qiaomen.office.models import Organisation, Staff

FRONT = 4
"""Doors in the bar at the bottom of a telephone; 更多 is the fifth."""


@dataclass(frozen=True)
class Page:
    """A page behind the open door. `count`: how many things wait there for this reader."""

    title: Any
    url: str
    active: bool
    is_verb: bool
    count: int


@dataclass(frozen=True)
class Opened:
    """A door of this reader's menu; it leads to its first page. `count`: what waits behind it, all pages together."""

    title: Any
    mark: str
    url: str
    active: bool
    count: int


@dataclass(frozen=True)
class Menu:
    """What the shell draws. `pages`: the tabs, then the verbs, of the open door; empty where nothing is to be chosen.

    `searches`: the search box is for this reader.
    """

    doors: list[Opened]
    pages: list[Page]
    searches: bool = False

    @property
    def front(self) -> list[Opened]:
        """The doors in a telephone's bar."""
        return self.doors[:FRONT]

    @property
    def rest(self) -> list[Opened]:
        """The doors under 更多."""
        return self.doors[FRONT:]

    @property
    def tabs(self) -> list[Page]:
        """The pages shown as tabs."""
        return [page for page in self.pages if not page.is_verb]

    @property
    def verbs(self) -> list[Page]:
        """The pages shown as buttons."""
        return [page for page in self.pages if page.is_verb]

    @property
    def rest_is_active(self) -> bool:
        """Say whether the open door stands under 更多."""
        return any(door.active for door in self.rest)


def may_open(user: Any, route: str) -> bool:
    """Say whether the permission table lets somebody look at a page."""
    permission = permission_table().get((route, "GET"))
    return permission is not None and user.role in permission.roles


def pages_of(user: Any) -> Iterator[tuple[Entry, str]]:
    """Yield (entry, address) of the pages that the permission table gives to a person's role."""
    for entry in all_entries():
        if may_open(user, entry.route):
            yield entry, _address(entry.route)


@cache
def _address(route: str) -> str:
    """Return where a page of the menu stands; sixty are asked for on every page."""
    return reverse(route)


def menu_of(request: HttpRequest, viewer: Staff, *, counted: bool = True) -> Menu:
    """Return the menu of a reader at the page asked for: one query for all numbers, and those of the open door.

    `counted`: False on the page of a fault: what could not be read once is not asked again.
    """
    pages, today = list(pages_of(viewer)), clock.today()
    here, door = _where(request)
    counts = counts_of([entry for entry, _url in pages], viewer, today) if counted else {}
    is_page = counted and here is not None and here.route == _route(request)
    badges = _badges(pages, door, viewer) if is_page else {}
    by_door: dict[Door, list[tuple[Entry, str]]] = {made: [] for made in all_doors()}
    for entry, url in pages:
        by_door[door_of(entry)].append((entry, url))
    behind = [
        Page(entry.title, url, entry == here, entry.is_verb, counts.get(entry.route, 0) + badges.get(entry.route, 0))
        for entry, url in (by_door[door] if door else ())
    ]
    doors = []
    for made, mine in by_door.items():
        if mine:
            first = next((url for entry, url in mine if not entry.is_verb), mine[0][1])
            waiting = sum(counts.get(entry.route, 0) for entry, _url in mine)
            doors.append(Opened(made.title, made.mark, first, made == door, waiting))
    return Menu(doors, behind if len(behind) > 1 else [], searches=may_open(viewer, "desk:search"))


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""


def _where(request: HttpRequest) -> tuple[Entry | None, Door | None]:
    """Return the page of the menu a request is at and its door: the page itself, else the page that covers it, else the
    door of the first page its house has declared; (None, None) for one's own password, the search, and what is of no
    house.
    """
    route, entries = _route(request), all_entries()
    at = next((entry for entry in entries if entry.route == route), None)
    if at is None:
        above = [entry for entry in entries if entry.covers and request.path.startswith(_address(entry.route))]
        at = max(above, key=lambda entry: len(_address(entry.route)), default=None)
    if at is not None:
        return at, door_of(at)
    permission = permission_table().get((route, "GET"))
    if permission is None or permission.relation == "own" or route.startswith("desk:"):
        return None, None
    house = f"{route.partition(':')[0]}:"
    own = next((entry for entry in all_entries(by_place=False) if entry.route.startswith(house)), None)
    return None, door_of(own) if own is not None else None


def counts_of(entries: Iterable[Entry], viewer: Staff, today: date) -> dict[str, int]:
    """Return how many things wait for a reader at each page that counts any, by its route: one query for all of them,
    none for those who work in no community.
    """
    community = viewer.community
    if community is None:
        return {}
    asked: list[tuple[str, QuerySet[Any]]] = []
    for entry in entries:
        rows = entry.waiting(viewer, community, today) if entry.waiting else None
        asked += [
            (entry.route, query) for query in ([] if rows is None else rows if isinstance(rows, list) else [rows])
        ]
    if not asked:
        return {}
    numbers = Organisation.objects.filter(pk=community.pk).values_list(*[_number(rows) for _route, rows in asked]).get()
    found: dict[str, int] = {}
    for (route, _rows), number in zip(asked, numbers, strict=True):
        found[route] = found.get(route, 0) + number
    return found


def _number(rows: QuerySet[Any]) -> Coalesce:
    """Return the number of rows as part of another query."""
    counted = (
        rows.order_by().annotate(menu_n=Func(F("pk"), function="COUNT", output_field=IntegerField())).values("menu_n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _badges(pages: list[tuple[Entry, str]], door: Door | None, viewer: Staff) -> dict[str, int]:
    community = viewer.community
    if community is None:
        return {}
    return {
        entry.route: entry.badge(viewer, community)
        for entry, _url in pages
        if entry.badge is not None and door_of(entry) == door
    }
