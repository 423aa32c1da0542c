"""The places there are: what the page of places shows, and the door an address means."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from qiaomen.office.models import Organisation
from qiaomen.register.models import Building, Compound, Dwelling, Household
from qiaomen.register.rules.doors.grammar import DoorReading
from qiaomen.register.selectors.places.asked import BUILDING

HERE = Q(entrances__dwellings__joined_into=None)


@dataclass(frozen=True)
class KnownBuilding:
    """A building with its doors and how many households live behind them."""

    building: Building
    doors: int
    homes: int


@dataclass
class KnownCompound:
    """A compound with its buildings, each with its doors and how many households live behind them."""

    compound: Compound
    buildings: list[KnownBuilding] = field(default_factory=list)
    doors: int = 0
    homes: int = 0


def places_of(community: Organisation) -> list[KnownCompound]:
    """Return the compounds with their buildings, in the order in which they are walked; three queries."""
    found = {one.pk: KnownCompound(one) for one in Compound.objects.filter(community=community).order_by("name")}
    buildings = Building.objects.filter(community=community).annotate(
        doors=Count("entrances__dwellings", filter=HERE, distinct=True)
    )
    homes = dict(
        Household.objects.filter(community=community, state="living", dwelling__isnull=False)
        .values_list(f"dwelling__{BUILDING}")
        .annotate(homes=Count("pk"))
        .order_by()
    )
    for building in buildings.order_by("order", "name"):
        known = found[building.compound_id]
        known.buildings.append(KnownBuilding(building, building.doors, homes.get(building.pk, 0)))
        known.doors += building.doors
        known.homes += homes.get(building.pk, 0)
    return list(found.values())


def compound_names(community: Organisation) -> tuple[str, ...]:
    """Return the names of the compounds of a community."""
    return tuple(Compound.objects.filter(community=community).order_by("name").values_list("name", flat=True))


def doors_meant(community: Organisation, reading: DoorReading) -> list[Dwelling]:
    """Return the doors an address may mean: one equal in every part, else those an unsaid entrance leaves open."""
    doors = Dwelling.objects.filter(community=community, **{f"{BUILDING}__compound__name": reading.compound})
    doors = doors.filter(**{f"{BUILDING}__name": reading.building}, room__iexact=reading.room)
    exact = list(doors.filter(entrance__name=reading.entrance))
    if not exact and reading.entrance == "1":
        exact = list(doors.filter(entrance__name=""))
    if not exact and not reading.entrance:
        exact = list(doors)
    return list(dict.fromkeys(_standing(door) for door in exact))


def _standing(door: Dwelling) -> Dwelling:
    while door.joined_into is not None:
        door = door.joined_into
    return door


def doors_of(building: Building) -> list[Dwelling]:
    """Return the doors of a building as they are walked."""
    return list(Dwelling.objects.standing().filter(entrance__building=building).order_by("walk_order", "pk"))


def door_page(door: Dwelling) -> dict[str, Any]:
    """Return what the page of a door shows: who lives there, what it was, and its neighbours of one building."""
    joined = Dwelling.objects.filter(joined_into=door).order_by("room")
    beside = Dwelling.objects.filter(entrance__building=door.entrance.building).standing().exclude(pk=door.pk)
    return {
        "door": door,
        "homes": Household.objects.filter(dwelling=door, state="living").order_by("head_name", "pk"),
        "gone": Household.objects.filter(dwelling=door).exclude(state="living").count(),
        "joined": joined,
        "beside": beside.order_by("walk_order"),
    }
