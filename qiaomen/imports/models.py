"""Lists that came in: the batch, its rows, and columns remembered."""

import base64
from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import SealedField
from qiaomen.register.models import Act, InCommunity


class ImportBatch(InCommunity):
    """One list that came in: what was read, and what became of each row.

    `workbook` is dropped when the list is committed: what no column reads is not kept. `answers`: what a person said of
    rows that look like somebody, by sheet and row: apart, left_out, all_apart.
    """

    record_type: ClassVar[str] = "imports.importbatch"

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    workbook = SealedField(label="imports.importbatch.workbook")
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
    act = models.OneToOneField(Act, null=True, on_delete=models.PROTECT, related_name="+")

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


ROW = ("batch_id", "kind", "sheet", "row_no")


class ImportRow(models.Model):
    """A row a person must see before the commit.

    `kind`: problem (stays out), double (stays out until a person says who it is), ask (comes in unless a person leaves
    it out), changed, held (set by hand since the last list, stays). `differences`: sealed JSON, a list of [field, value
    now, value in the sheet]; of double {new, options}, of ask {new, other, why}. `row_no`: `Table.spot`.
    """

    record_type: ClassVar[str] = "imports.importrow"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=10, default="problem")
    sheet = models.CharField(max_length=60)
    row_no = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)
    cells = SealedField(label="imports.importrow.cells", row=ROW, default="")
    differences = SealedField(label="imports.importrow.differences", row=ROW, default="", blank=True)

    def __str__(self) -> str:
        return f"{self.sheet} {self.row_no}"


class ImportPage(models.Model):
    """A page of how a list was understood, as sealed JSON: some hundred of these stand for 13,000 rows.

    `kind`: home (new households), alike, missing, soft (fields to be completed), whole (what concerns all of the list).
    """

    record_type: ClassVar[str] = "imports.importpage"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="pages")
    kind = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    content = SealedField(label="imports.importpage.content", row=("batch_id", "kind", "number"))

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["batch", "kind", "number"], name="page_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class KnownMapping(InCommunity):
    """As which list, and which columns, a header was read: the next sheet with the same header is read the same way."""

    record_type: ClassVar[str] = "imports.knownmapping"

    header_sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=40, default="roster")
    fields = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["community", "header_sha256"], name="mapping_once")
        ]

    def __str__(self) -> str:
        return self.header_sha256
