"""Keys phones seal to, the epoch of this database, every submission that arrived, and what it held beyond the visit."""

import uuid
from typing import Any, ClassVar

from django.db import models

from qiaomen.needs.rules.vocabulary import HANDLINGS
from qiaomen.office.fields import SealedField
from qiaomen.office.models import Device, Organisation, Staff
from qiaomen.phone.rules.vocabulary import FINDINGS
from qiaomen.register.models import Entrance, InCommunity, Person
from qiaomen.visits.models import Round, Visit

STATES = ("stored", "waiting_photos", "quarantined", "set_aside")


class ServerKey(models.Model):
    """A key pair phones seal to; old ones stay, so that a late phone can still hand in."""

    id = models.CharField(primary_key=True, max_length=12)
    public = models.CharField(max_length=100)
    private = SealedField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id


class Epoch(models.Model):
    """Names this run of the database; a new one after a restore makes phones offer their sealed copies again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class Badge(models.Model):
    """What a phone proves itself by: a secret for the 敲门证, and a second token that can hand in and nothing else."""

    device = models.OneToOneField(Device, primary_key=True, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=8, unique=True)
    secret = SealedField()
    hand_in_sha256 = models.CharField(max_length=64, blank=True, db_index=True)

    def __str__(self) -> str:
        return self.number


class Finding(InCommunity):
    """Something seen on the stairs: a matter of the entrance, of no household. The key is made where it was seen."""

    entrance = models.ForeignKey(Entrance, on_delete=models.PROTECT, related_name="+")
    floor = models.SmallIntegerField(null=True)
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    words = SealedField(blank=True, default="")
    handling = models.CharField(max_length=12)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(kind__in=FINDINGS), name="finding_kind_known"),
            models.CheckConstraint(condition=models.Q(handling__in=HANDLINGS), name="finding_handling_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at}"


class Submission(models.Model):
    """One thing a phone handed in. The envelope is kept until it is stored; it is never dropped unread."""

    op_id = models.UUIDField(primary_key=True)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16)
    code = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField()
    envelope = models.JSONField(default=dict)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="+")
    finding = models.ForeignKey(Finding, null=True, on_delete=models.PROTECT, related_name="+")
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


class ExpectedPhoto(models.Model):
    """A photo a submission announced; the item is stored when all of them are here.

    `sha256`, `size`: of the sealed bytes, as the visit declared them; empty and None from phones that declare nothing.
    """

    id = models.UUIDField(primary_key=True)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="photos")
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    size = models.PositiveIntegerField(null=True)
    received_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class VisitDetail(models.Model):
    """What a visit brought beyond its outcome: sealed JSON {check, talks, seen}, rules/submission.py says how."""

    visit = models.OneToOneField(Visit, primary_key=True, on_delete=models.PROTECT, related_name="+")
    said = SealedField()

    def __str__(self) -> str:
        return str(self.visit_id)


class Correction(InCommunity):
    """What somebody handed in and then put right, with the reason; `before`, `after`: sealed JSON. The key is the phone's."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    reason = SealedField()
    before = SealedField()
    after = SealedField()
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.visit_id} {self.made_at}"


class TwoVersions(InCommunity):
    """Two accounts of one thing that contradict: both stay, a person says which holds.

    Of a door on a day (`first` and `second` are visits) or of one fact of a person (`person`, `code`: what the register
    says against what `second` was told, sealed in `told`; applied only when a person chooses it).
    """

    first = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=list)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, blank=True)
    told = SealedField(blank=True, default="")
    found_at = models.DateTimeField()
    choice = models.CharField(max_length=8, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["first", "second", "person", "code"], name="two_versions_once"),
            models.CheckConstraint(condition=models.Q(choice__in=["", "first", "second", "both"]), name="choice_known"),
        ]

    def __str__(self) -> str:
        return f"{self.second_id} {self.fields}"
