"""Places from compound to door."""

import uuid
from typing import Any, ClassVar

from django.db import models

from qiaomen.office.models import Organisation


class InCommunity(models.Model):
    """What a community owns; the key is opaque, so an address tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


def building_words(name: str) -> str:
    """Return how a building is said: 3 is 3号楼, 南楼 and 5组 are called so, "" (a house of its own) is nothing."""
    return f"{name}号楼" if name and name[-1].isascii() else name


class Compound(InCommunity):
    """小区."""

    record_type: ClassVar[str] = "register.compound"

    name = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["community", "name"], name="compound_once")]

    def __str__(self) -> str:
        return self.name


class Building(InCommunity):
    """楼栋."""

    record_type: ClassVar[str] = "register.building"

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="buildings")
    name = models.CharField(max_length=20)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["compound", "name"], name="building_once")]

    def __str__(self) -> str:
        return f"{self.compound.name}{building_words(self.name)}"


class Entrance(InCommunity):
    """单元: one staircase."""

    record_type: ClassVar[str] = "register.entrance"

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="entrances")
    name = models.CharField(max_length=20)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["building", "name"], name="entrance_once")]

    def __str__(self) -> str:
        return self.name


class Dwelling(InCommunity):
    """A door. `walk_order` grows along the way a team walks: building, entrance, floor, room."""

    record_type: ClassVar[str] = "register.dwelling"

    entrance = models.ForeignKey(Entrance, on_delete=models.PROTECT, related_name="dwellings")
    floor = models.IntegerField()
    room = models.CharField(max_length=20)
    door_label = models.CharField(max_length=60, db_index=True)
    walk_order = models.PositiveBigIntegerField(default=0, db_index=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["entrance", "room"], name="dwelling_once")]

    def __str__(self) -> str:
        return self.door_label
