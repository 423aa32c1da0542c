"""Records several houses share, built once: bodies outside, pictures, campaigns, and who stands in for whom.

Source: docs/decisions/0050-one-inbox.md.
"""

import uuid
from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import SealedField
from qiaomen.office.models.staff import Organisation, Staff

BODY_KINDS = ("authority", "partner", "company")
POSTED_KINDS = ("name", "number", "address")
LONGEST_VOICE, LARGEST_VOICE = 60, 1024 * 1024
"""Seconds and bytes of a voice line; the same stand in contract/limits.json, which the phone holds to."""
CAMPAIGN_STATES = ("asked", "agreed", "refused", "ended")


class Body(models.Model):
    """An outside authority, partner or company: whom to ring, for what, and when that was last found to be true.

    `ended_at`: it is asked no more; what was referred to it keeps its name.
    """

    record_type: ClassVar[str] = "office.body"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    telephone = models.CharField(max_length=30, blank=True)
    does = models.CharField(max_length=200)
    confirmed_on = models.DateField()
    confirmed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(kind__in=BODY_KINDS), name="body_kind_known"),
            models.UniqueConstraint(fields=["community", "name"], condition=models.Q(ended_at=None), name="body_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Posted(models.Model):
    """What the office posts anyway and the gate before publication lets stand: a name, a telephone, an address.

    `capacity`: as what it is posted, e.g. 一网格网格员. `ended_at`: it stands no more.
    """

    record_type: ClassVar[str] = "office.posted"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    text = models.CharField(max_length=60)
    capacity = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(kind__in=POSTED_KINDS), name="posted_kind_known"),
            models.UniqueConstraint(
                fields=["community", "text"], condition=models.Q(ended_at=None), name="posted_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Photo(models.Model):
    """A picture of a matter: re-encoded, nothing but the picture kept, sealed on disk (shared/photo_files.py).

    `redacted_at`: a copy with faces and numbers covered lies beside the original; only that copy is ever published.
    A house that takes pictures has a table of its own upon this one, which says what the picture is of.
    """

    record_type: ClassVar[str] = "office.photo"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    size = models.PositiveIntegerField()
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(redacted_at=None, redacted_by=None)
                | models.Q(redacted_at__isnull=False, redacted_by__isnull=False),
                name="redacted_copy_has_its_maker",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Voice(models.Model):
    """A voice line of whoever agreed to it before: sealed on disk among the pictures (shared/photo_files.py).

    `consented_at`: when the phone noted that they agreed; `media`: what the bytes are.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    media = models.CharField(max_length=20)
    seconds = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()
    consented_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(seconds__gte=1, seconds__lte=LONGEST_VOICE), name="%(class)s_is_one_line"
            )
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s"


class Campaign(models.Model):
    """A tag records may carry for some weeks: a purpose of the closed list, agreed by a second person.

    It asks for no form of its own: its page lists what was recorded anyway.
    """

    record_type: ClassVar[str] = "office.campaign"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)
    from_date = models.DateField()
    to_date = models.DateField()
    state = models.CharField(max_length=8, default="asked")
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(state__in=CAMPAIGN_STATES), name="campaign_state_known"),
            models.CheckConstraint(condition=models.Q(to_date__gte=models.F("from_date")), name="campaign_ends_later"),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="campaign_decided_by_another",
            ),
            models.UniqueConstraint(
                fields=["community", "purpose", "from_date"],
                condition=models.Q(state__in=["asked", "agreed"]),
                name="campaign_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.from_date}"


class CampaignMark(models.Model):
    """A record carries a campaign. Never a person's or a household's record (shared/campaigns.py)."""

    record_type: ClassVar[str] = "office.campaignmark"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="marks")
    of_type = models.CharField(max_length=40)
    row = models.UUIDField(db_index=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["campaign", "of_type", "row"], name="campaign_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.of_type} {self.row}"


class Handover(models.Model):
    """What somebody held went to colleagues: for good (`to_date` None), or for the days somebody is away.

    `stand_in`: who does the work of those days; None where things went to several. `given`: sealed JSON, a list of
    [act, record type, key, to whom], so that exactly this comes back; empty until it begins. `ended_at`: it came back,
    by itself after the last day or because somebody said so.
    """

    record_type: ClassVar[str] = "office.handover"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    community = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    given = SealedField(label="office.handover.given", blank=True, default="")
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(to_date=None) | models.Q(to_date__gte=models.F("from_date"), stand_in__isnull=False),
                name="handover_has_days_and_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(stand_in=None) | ~models.Q(staff=models.F("stand_in")), name="handover_to_another"
            ),
            models.UniqueConstraint(
                fields=["staff"], condition=models.Q(ended_at=None, to_date__isnull=False), name="away_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.from_date}"
