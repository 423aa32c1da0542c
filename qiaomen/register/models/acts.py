"""What was done to the register, list by list and act by act, so that it can be taken back."""

import base64
from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import SealedField
from qiaomen.register.models.people import Person
from qiaomen.register.models.places import InCommunity


class ImportBatch(InCommunity):
    """One list that came in: what was read, and what became of each row.

    `workbook` is dropped when the list is committed: what no column reads is not kept. `answers`: what a person said of
    rows that look like somebody, by sheet and row: apart, left_out, all_apart.
    """

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
    answers = models.JSONField(default=dict)
    opened: Any = None

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
    """A row a person must see before the commit.

    `kind`: problem (stays out), double (stays out unless a person says that it is somebody else), ask (comes in unless
    a person leaves it out), changed. `differences`: sealed JSON, a list of [field, value now, value in the sheet]; of
    double and ask {new, other, why}.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=10, default="problem")
    sheet = models.CharField(max_length=60)
    row_no = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)
    cells = SealedField(default="")
    differences = SealedField(default="", blank=True)

    def __str__(self) -> str:
        return f"{self.sheet} {self.row_no}"


class Act(InCommunity):
    """One thing that was done to the register. What it changed can be taken back while nothing newer stands on it."""

    kind = models.CharField(max_length=20)
    on_date = models.DateField(null=True)
    made_at = models.DateTimeField(db_index=True)
    made_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(ImportBatch, null=True, on_delete=models.PROTECT, related_name="acts")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    undo_reason = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.on_date}"


class Change(models.Model):
    """What an act did to one row. `before` empty: the act made the row; `kept`: an undo left it as it stands."""

    id = models.BigAutoField(primary_key=True)
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="changes")
    table = models.CharField(max_length=30)
    row = models.UUIDField()
    before = SealedField(default="", blank=True)
    after = SealedField(default="", blank=True)
    kept = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["row", "id"], name="change_by_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


class KnownMapping(InCommunity):
    """As which list, and which columns, a header was read: the next sheet with the same header is read the same way."""

    header_sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=40, default="roster")
    fields = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["community", "header_sha256"], name="mapping_once")
        ]

    def __str__(self) -> str:
        return self.header_sha256


class DistinctPair(InCommunity):
    """Two records a person has found to be two people: they are not asked about again."""

    left = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()
    said_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["left", "right"], name="distinct_once")]

    def __str__(self) -> str:
        return f"{self.left_id} {self.right_id}"
