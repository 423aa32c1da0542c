"""A person's own views of the grid, and the files that leave the register."""

import uuid
from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import SealedField
from qiaomen.register.models.places import InCommunity


class SavedView(models.Model):
    """A tab of the grid one person keeps: which columns, which filters, which order. Filters may name people: sealed."""

    record_type: ClassVar[str] = "sheets.savedview"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey("office.Staff", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=30)
    view = models.CharField(max_length=30)
    columns = models.JSONField(default=list)
    filters = SealedField(label="sheets.savedview.filters", default="", blank=True)
    sort = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class Export(InCommunity):
    """A file of rows that somebody asked for, and who let it go. The file itself is not kept, only marks of its rows.

    `locked`: the encrypted file for the minute its link is good; the password is shown once and kept nowhere.

    `asked_for`: sealed JSON of the question (view, columns, filters, order) and of the columns shown in clear; emptied
    after thirty days, for a filter may name somebody. `frozen`: sealed JSON of whom the file is about, as [key, mark of
    what stood in the row] in their order: what was approved is these people as they were, and nobody else.
    `marks`: keyed hashes of what the rows said, 8 bytes each and sorted; a leaked extract is traced by them.
    """

    record_type: ClassVar[str] = "sheets.export"

    number = models.PositiveIntegerField()
    view = models.CharField(max_length=30)
    asked_for = SealedField(label="sheets.export.asked_for", default="")
    frozen = SealedField(label="sheets.export.frozen", default="")
    purpose = models.CharField(max_length=100)
    clear_reason = models.CharField(max_length=100, blank=True)
    rows = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, default="asked")
    asked_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_index=True)
    decided_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=100, blank=True)
    expires_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    marks = models.BinaryField(default=b"")
    locked = models.BinaryField(default=b"")
    link_sha256 = models.CharField(max_length=64, blank=True)
    link_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["community", "number"], name="export_number_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "approved", "refused", "taken"]), name="export_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="export_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community.code}-{self.number:04d}"
