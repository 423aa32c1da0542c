"""Keys phones seal to, the epoch of this database, every submission that arrived, and what it held beyond the visit."""

import uuid
from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import SealedField
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.visits.models import Observation, Visit

STATES = ("stored", "waiting_photos", "quarantined", "set_aside")


class ServerKey(models.Model):
    """A key pair phones seal to; old ones stay, so that a late phone can still hand in."""

    record_type: ClassVar[str] = "phone.serverkey"

    id = models.CharField(primary_key=True, max_length=12)
    public = models.CharField(max_length=100)
    private = SealedField(label="phone.serverkey.private")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class Epoch(models.Model):
    """Names this run of the database; a new one after a restore makes phones offer their sealed copies again."""

    record_type: ClassVar[str] = "phone.epoch"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Pack(models.Model):
    """What somebody took down to a phone: which doors, their people, what was asked of whom, and from when until when.

    What the phone brings back is measured by it (rules/allowed.py). `contents`: sealed short JSON. Dropped when nothing
    of it can arrive any more (nightly.py).
    """

    record_type: ClassVar[str] = "phone.pack"

    id = models.UUIDField(primary_key=True)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    contents = SealedField(label="phone.pack.contents")

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["staff", "expires_at"], name="pack_by_staff")]

    def __str__(self) -> str:
        return str(self.id)


class Submission(models.Model):
    """One thing a phone handed in. The envelope is kept until it is stored; it is never dropped unread."""

    record_type: ClassVar[str] = "phone.submission"

    op_id = models.UUIDField(primary_key=True)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16)
    code = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField()
    envelope = models.JSONField(default=dict)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="+")
    finding = models.ForeignKey(Observation, null=True, on_delete=models.PROTECT, related_name="+")
    settled_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["community", "state"], name="submission_by_state")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="submission_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=["quarantined", "set_aside"])
                | models.Q(visit__isnull=False)
                | models.Q(finding__isnull=False),
                name="stored_submission_has_what_it_became",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.op_id}"


class HeldPart(models.Model):
    """A part of a visit that was not understood: the visit stands, this waits for a person. `kind`: what it was
    to be.
    """

    record_type: ClassVar[str] = "phone.heldpart"

    id = models.UUIDField(primary_key=True)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="held")
    kind = models.CharField(max_length=12)
    why = models.CharField(max_length=40)
    said = SealedField(label="phone.heldpart.said")
    settled_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.why}"


class ExpectedPhoto(models.Model):
    """A photo or a voice line a submission announced; the item is stored when all of them are here.

    `sha256`, `size`: of the sealed bytes, as the visit declared them; empty and None from phones that declare nothing.
    `seconds`, `consented_at`: of a voice line, None of a photo.
    """

    record_type: ClassVar[str] = "phone.expectedphoto"

    id = models.UUIDField(primary_key=True)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="photos")
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    size = models.PositiveIntegerField(null=True)
    seconds = models.PositiveSmallIntegerField(null=True)
    consented_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return str(self.id)
