"""How a door is shown: the one function every page, print, grid and pack has its door labels from. Pure.

`Dwelling.door_label` keeps what it returns (actions/places/labels.py keeps it true), so that a page needs no other
table and no template puts a compound in front of it.
"""

import re
from typing import NamedTuple


class DoorParts(NamedTuple):
    """Where a door is. `building` is "" for a house of a village, `entrance` "" where a building has none."""

    compound: str
    building: str
    entrance: str
    room: str


def door_label(door: DoorParts, *, named: bool) -> str:
    """Return 3-2-501, or with its compound 幸福苑 3-2-501 where the community has more than one (`named`).

    A house of a village is 12号, of a village group 5组12号, of a building without entrances 3-501.
    """
    label = label_within(door)
    return f"{door.compound} {label}" if named and door.compound else label


def building_label(name: str) -> str:
    """Return 3号楼 for 3; what has a word of its own stays: 5组, 东楼, 8号院, 平房."""
    return f"{name}号楼" if re.fullmatch(r"[A-Z]?\d+[A-Z]?|[A-Z甲乙丙丁戊己]", name) else name


def label_within(door: DoorParts) -> str:
    """Return the label of a door inside its compound, for a page whose heading, or a phone that shows, the compound."""
    house = not door.entrance and (not door.building or building_label(door.building) == door.building)
    if house:
        return door.building + (f"{door.room}号" if door.room.isdecimal() else door.room)
    return "-".join(part for part in (door.building, door.entrance, door.room) if part)
