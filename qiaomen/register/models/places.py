"""Places from compound to door."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from qiaomen.office.models import Organisation
from qiaomen.register.rules.doors.labels import DoorParts, building_label, label_within


class InCommunity(models.Model):
    """What a community owns; the key is opaque, so an address tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


KINDS = {"estate": _("小区"), "village": _("村"), "court": _("大院"), "street": _("街巷")}
"""What a compound may be: buildings behind a gate, or houses of a village, a courtyard, a street."""


class Compound(InCommunity):
    """小区, 村, 大院 or 街巷: what a door's number is counted in. `kind` is one of KINDS."""

    record_type: ClassVar[str] = "register.compound"

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, default="estate")

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["community", "name"], name="compound_once")]

    def __str__(self) -> str:
        return self.name

    def get_kind(self) -> str:
        """Return the word for what it is."""
        return str(KINDS.get(self.kind, ""))


class Building(InCommunity):
    """楼栋."""

    record_type: ClassVar[str] = "register.building"

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="buildings")
    name = models.CharField(max_length=20)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["compound", "name"], name="building_once")]

    def __str__(self) -> str:
        return f"{self.compound.name}{building_label(self.name)}"

    @property
    def label(self) -> str:
        """3号楼; for the houses of a village, which have no building, its name."""
        return building_label(self.name) or self.compound.name


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


class Doors(models.QuerySet["Dwelling"]):
    """Doors, with the question which of them are doors today."""

    def standing(self) -> Self:
        """Keep the doors there are; one that was joined into another stays for what happened behind it."""
        return self.filter(joined_into=None)


class Dwelling(InCommunity):
    """A door. `door_label` is what every page shows of it (rules/doors/labels.py), with the compound among others.

    `joined_into`: the door that took this one up. `walk_order` grows along the way a team walks: building, entrance,
    floor, room.
    """

    record_type: ClassVar[str] = "register.dwelling"

    entrance = models.ForeignKey(Entrance, on_delete=models.PROTECT, related_name="dwellings")
    floor = models.IntegerField()
    room = models.CharField(max_length=20)
    door_label = models.CharField(max_length=120, db_index=True)
    walk_order = models.PositiveBigIntegerField(default=0, db_index=True)
    joined_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    objects = Doors.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["entrance", "room"], name="dwelling_once")]

    def __str__(self) -> str:
        return self.door_label

    @property
    def label_within(self) -> str:
        """The label without the compound, for what shows the compound beside it; reads entrance, building, compound."""
        building = self.entrance.building
        return label_within(DoorParts(building.compound.name, building.name, self.entrance.name, self.room))
