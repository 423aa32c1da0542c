"""The picture of a building: entrances as columns, floors as rows, every door a tile that reads in grey and aloud."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from qiaomen.register.models import Building, Dwelling, Household

TILE_WIDTH, TILE_HEIGHT, GAP, LEFT, TOP, STAIRS = 112, 70, 6, 52, 34, 18


@dataclass(frozen=True)
class Mark:
    """What a door shows: a sign, a word and a style, so that it reads in grey and aloud; `order` sorts the legend."""

    sign: str
    word: Any
    css: str
    order: int = 0


KNOWN, EMPTY = Mark("·", _lazy("已登记"), "known", 5), Mark("–", _lazy("无住户"), "empty", 9)


@dataclass(frozen=True)
class DoorNote:
    """What is shown of a door beyond its number: the mark, a third line, words for the groups, whether it is passed
    over.
    """

    mark: Mark
    line: str = ""
    groups: tuple[str, ...] = ()
    faint: bool = False


@dataclass(frozen=True)
class Tile:
    """One door in the picture."""

    x: int
    y: int
    room: str
    head: str
    note: DoorNote
    url: str


@dataclass(frozen=True)
class Elevation:
    """The picture of one building, the top floor first; `legend` counts every mark."""

    width: int
    height: int
    columns: list[tuple[int, str]]
    floors: list[tuple[int, int]]
    tiles: list[Tile]
    legend: list[tuple[Mark, int]] = field(default_factory=list)


def elevation_of(*, building: Building, notes: Mapping[Any, DoorNote] | None = None) -> Elevation:
    """Lay out one building; `notes` by dwelling key, else a door is known or empty."""
    entrances = list(
        building.entrances.order_by("order", "name").prefetch_related(
            Prefetch("dwellings", Dwelling.objects.standing().order_by("floor", "walk_order")),
            Prefetch("dwellings__households", Household.objects.filter(state="living"), to_attr="living_here"),
        )
    )
    floors = sorted({door.floor for entrance in entrances for door in entrance.dwellings.all()}, reverse=True)
    row_of = {floor: index for index, floor in enumerate(floors)}
    tiles: list[Tile] = []
    columns: list[tuple[int, str]] = []
    counts: dict[Mark, int] = {}
    left = LEFT
    for entrance in entrances:
        columns.append((left, entrance.name))
        used: dict[int, int] = {}
        for door in entrance.dwellings.all():
            place = used[door.floor] = used.get(door.floor, -1) + 1
            home = door.living_here[0] if door.living_here else None  # type: ignore[attr-defined]
            shown = (notes or {}).get(door.pk) or DoorNote(KNOWN if home else EMPTY)
            counts[shown.mark] = counts.get(shown.mark, 0) + 1
            x, y = left + place * (TILE_WIDTH + GAP), TOP + row_of[door.floor] * (TILE_HEIGHT + GAP)
            url = reverse("register:household", args=[home.pk]) if home else ""
            tiles.append(Tile(x, y, door.room, home.head_name[:1] if home else "", shown, url))
        left += (max(used.values(), default=0) + 1) * (TILE_WIDTH + GAP) + STAIRS
    rows = [(TOP + row_of[floor] * (TILE_HEIGHT + GAP) + TILE_HEIGHT // 2 + 6, floor) for floor in floors]
    height = TOP + len(floors) * (TILE_HEIGHT + GAP) + 8
    return Elevation(left, height, columns, rows, tiles, sorted(counts.items(), key=lambda item: item[0].order))
