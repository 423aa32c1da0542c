"""Places from compound to door, the households behind the doors, their people, and each import."""

import base64
import uuid
from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import BlindIndex, SealedField
from qiaomen.office.models import Organisation


class InCommunity(models.Model):
    """What a community owns; the key is opaque, so an address tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Compound(InCommunity):
    """小区."""

    name = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["community", "name"], name="compound_once")]

    def __str__(self) -> str:
        return self.name


class Building(InCommunity):
    """楼栋."""

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="buildings")
    name = models.CharField(max_length=20)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["compound", "name"], name="building_once")]

    def __str__(self) -> str:
        return f"{self.compound.name}{self.name}号楼"


class Entrance(InCommunity):
    """单元: one staircase."""

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="entrances")
    name = models.CharField(max_length=20)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["building", "name"], name="entrance_once")]

    def __str__(self) -> str:
        return self.name


class Dwelling(InCommunity):
    """A door. `walk_order` grows along the way a team walks: building, entrance, floor, room."""

    entrance = models.ForeignKey(Entrance, on_delete=models.PROTECT, related_name="dwellings")
    floor = models.IntegerField()
    room = models.CharField(max_length=20)
    door_label = models.CharField(max_length=60, db_index=True)
    walk_order = models.PositiveBigIntegerField(default=0, db_index=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["entrance", "room"], name="dwelling_once")]

    def __str__(self) -> str:
        return self.door_label


class Household(InCommunity):
    """户 as the roster lists it; `version` grows with each change, so that a late phone can be told."""

    dwelling = models.ForeignKey(Dwelling, null=True, on_delete=models.PROTECT, related_name="households")
    household_no = models.CharField(max_length=30, blank=True)
    head_name = models.CharField(max_length=60)
    origin_town = models.CharField(max_length=40, blank=True)
    origin_village = models.CharField(max_length=40, blank=True)
    lifted_out = models.BooleanField(null=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, default="living")

    def __str__(self) -> str:
        return self.head_name


class Person(InCommunity):
    """A resident. The identity number and the telephone are sealed."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=60, db_index=True)
    relation = models.CharField(max_length=20, blank=True)
    is_head = models.BooleanField(default=False)
    sex = models.CharField(max_length=10, blank=True)
    birth_date = models.DateField(null=True)
    id_no = SealedField(blank=True, default="")
    id_no_bi = BlindIndex(of="id_no")
    phone = SealedField(blank=True, default="")
    phone_bi = BlindIndex(of="phone")
    name_pinyin = models.CharField(max_length=120, db_index=True, blank=True)
    name_initials = models.CharField(max_length=30, db_index=True, blank=True)
    phone_tail4 = models.CharField(max_length=4, db_index=True, blank=True)
    id_tail4 = models.CharField(max_length=4, db_index=True, blank=True)

    def __str__(self) -> str:
        return self.name


class ImportBatch(InCommunity):
    """One roster that came in: what was read, and what became of each row."""

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    workbook = SealedField()
    state = models.CharField(max_length=12, default="uploaded")
    mapping = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    rows_read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["community"], condition=models.Q(state="committing"), name="one_import_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def content(self) -> bytes:
        """The workbook as it was uploaded."""
        return base64.b64decode(self.workbook)


class ImportRow(models.Model):
    """A row that did not come in, with its reason; the good rows are residents, not rows."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="problem_rows")
    sheet = models.CharField(max_length=60)
    row_no = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)
    cells = SealedField(default="")

    def __str__(self) -> str:
        return f"{self.sheet} {self.row_no}"
