"""What is to go out: its parts as they came in, what was decided on each finding, and the files made anew."""

from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import SealedField
from qiaomen.office.models import Staff
from qiaomen.redaction.findings import KEEP, MASK, REMOVE, ROLE, SEEN
from qiaomen.register.models import Consent, InCommunity

STATES = ("draft", "published", "withdrawn")
WAYS = (MASK, ROLE, REMOVE, KEEP, SEEN)


class Publication(InCommunity):
    """Something the office tells the public; `end_day` is the last day on which the public page shows it."""

    record_type: ClassVar[str] = "publications.publication"

    title = models.CharField(max_length=60)
    end_day = models.DateField()
    state = models.CharField(max_length=10, default="draft")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="publication_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(published_at__isnull=False),
                name="publication_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class PublicationPart(InCommunity):
    """One text or file: sealed as it came in until it is published, then only what was made anew.

    `upload`: base64 of the bytes, or the text itself where `is_text`; emptied when the new file stands, and after
    thirty days. `covered`: cells of a picture's grid that a hand covered, "column-row" each.
    """

    record_type: ClassVar[str] = "publications.publicationpart"

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    is_text = models.BooleanField(default=False)
    name = SealedField(label="publications.publicationpart.name", blank=True, default="")
    upload = SealedField(label="publications.publicationpart.upload", blank=True, default="")
    digest = models.CharField(max_length=64)
    covered = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["publication", "position"], name="publication_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.position}"


class PublishedFile(InCommunity):
    """The file that went out, made anew from a part; `words`: its text, by which a later check finds it again."""

    record_type: ClassVar[str] = "publications.publishedfile"

    part = models.OneToOneField(PublicationPart, on_delete=models.PROTECT, related_name="file")
    file_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    content = models.BinaryField()
    words = models.TextField(blank=True)
    changed = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.file_name


class Decision(InCommunity):
    """What somebody decided on one finding. `consent`: whose agreement lets it stand as it is."""

    record_type: ClassVar[str] = "publications.decision"

    part = models.ForeignKey(PublicationPart, on_delete=models.CASCADE, related_name="decisions")
    finding = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    place = SealedField(label="publications.decision.place", blank=True, default="")
    way = models.CharField(max_length=10)
    consent = models.ForeignKey(Consent, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(way__in=WAYS), name="decision_way_known"),
            models.CheckConstraint(
                condition=~models.Q(way=KEEP) | models.Q(consent__isnull=False), name="kept_by_consent"
            ),
            models.UniqueConstraint(fields=["part", "finding"], name="finding_decided_once"),
        ]

    def __str__(self) -> str:
        return f"{self.finding} {self.way}"
