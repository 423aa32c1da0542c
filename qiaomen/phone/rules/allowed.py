"""What a phone may bring back: what its packs asked, of their doors, within their dates.

The permission table says what a role may write at the desk; a phone's answers come in beside it, so they are
measured by the list the server gave out itself. Source: promises.md T1, C4; issue 12 item 6.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

SLACK = timedelta(minutes=10)
"""As much as a phone's clock may be ahead of the server's."""
Asked = tuple[UUID, str]


@dataclass(frozen=True)
class ListedDoor:
    """A door as a pack listed it: the household said to live there, and its people."""

    household: UUID | None
    people: frozenset[UUID]


@dataclass(frozen=True)
class PackTaken:
    """What one pack contained. `asked`: (person, fact code) of its questions; times are aware, both ends included."""

    begins: datetime
    ends: datetime
    doors: Mapping[UUID, ListedDoor]
    asked: frozenset[Asked]

    def covers(self, moment: datetime) -> bool:
        """Say whether something that happened then can come from this pack."""
        return self.begins - SLACK <= moment <= self.ends + SLACK


@dataclass(frozen=True)
class Allowed:
    """What holds for one visit. `listed`: its door stood in a pack of that time; else without answers."""

    listed: bool = False
    household: UUID | None = None
    people: frozenset[UUID] = frozenset()
    asked: frozenset[Asked] = frozenset()


def contents_of(doors: Sequence[Mapping[str, Any]]) -> str:
    """Return what has to be remembered of the doors of a pack, as short JSON."""
    said = {
        "doors": {
            UUID(door["dwelling_id"]).hex: [
                UUID(door["household_id"]).hex if door["household_id"] else "",
                [UUID(person["id"]).hex for person in door["people"]],
            ]
            for door in doors
        },
        "asked": [[UUID(ask["person_id"]).hex, ask["code"]] for door in doors for ask in door["ask"]],
    }
    return json.dumps(said, separators=(",", ":"), sort_keys=True)


def read_pack(begins: datetime, ends: datetime, contents: str) -> PackTaken:
    """Read what `contents_of` wrote."""
    said = json.loads(contents)
    doors = {
        UUID(door): ListedDoor(UUID(home) if home else None, frozenset(map(UUID, people)))
        for door, (home, people) in said["doors"].items()
    }
    return PackTaken(begins, ends, doors, frozenset((UUID(person), code) for person, code in said["asked"]))


def allowed_at(packs: Iterable[PackTaken], door: UUID, moment: datetime) -> Allowed | None:
    """Return what a visit at a door at a moment may bring; None when no pack was out then. `packs`: oldest first."""
    out = [pack for pack in packs if pack.covers(moment)]
    if not out:
        return None
    listed = [pack for pack in out if door in pack.doors]
    if not listed:
        return Allowed()
    people = frozenset[UUID]().union(*(pack.doors[door].people for pack in listed))
    asked = frozenset(one for pack in listed for one in pack.asked if one[0] in people)
    return Allowed(True, listed[-1].doors[door].household, people, asked)
