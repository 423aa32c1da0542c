"""What was done to the register, list by list and act by act, so that it can be taken back."""

from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import BlindIndex, SealedField
from qiaomen.office.models import Organisation
from qiaomen.register.models.people import Person
from qiaomen.register.models.places import InCommunity


class Act(InCommunity):
    """One thing that was done to the register. What it changed can be taken back while nothing newer stands on it."""

    record_type: ClassVar[str] = "register.act"

    kind = models.CharField(max_length=20)
    on_date = models.DateField(null=True)
    made_at = models.DateTimeField(db_index=True)
    made_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    reason = SealedField(label="register.act.reason", blank=True, default="")
    reason_bi = BlindIndex(label="register.act.reason", of="reason", scope="community_id")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    undo_reason = SealedField(label="register.act.undo_reason", blank=True, default="")

    def __str__(self) -> str:
        return f"{self.kind} {self.on_date}"


class Change(models.Model):
    """What an act did to one row. `before` empty: the act made the row; `kept`: an undo left it as it stands."""

    record_type: ClassVar[str] = "register.change"

    id = models.BigAutoField(primary_key=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="changes")
    of_type = models.CharField(max_length=40)
    row = models.UUIDField()
    before = SealedField(label="register.change.before", row=("act_id", "row"), default="", blank=True)
    after = SealedField(label="register.change.after", row=("act_id", "row"), default="", blank=True)
    kept = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["row", "id"], name="change_by_row")]

    def __str__(self) -> str:
        return f"{self.of_type} {self.row}"


class DuplicateSearch(models.Model):
    """The last search for records of one person in a community: when, how far the register was, and what it found.

    `last_change`: the newest Change there was; a newer one means that the register has moved on. `pairs`: sealed JSON,
    [left, right, band, bits, evidence] each, the surest first, as linkage gives them: keys and codes, no values.
    """

    record_type: ClassVar[str] = "register.duplicatesearch"

    community = models.OneToOneField(Organisation, primary_key=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    last_change = models.BigIntegerField(default=0)
    pairs = SealedField(label="register.duplicatesearch.pairs")

    def __str__(self) -> str:
        return f"{self.community_id} {self.made_at}"


class DistinctPair(InCommunity):
    """Two records a person has found to be two people: they are not asked about again."""

    record_type: ClassVar[str] = "register.distinctpair"

    left = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()
    said_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["left", "right"], name="distinct_once")]

    def __str__(self) -> str:
        return f"{self.left_id} {self.right_id}"
