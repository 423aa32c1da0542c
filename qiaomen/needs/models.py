"""A need as it was heard, and the sentence somebody is owed for it."""

from typing import Any, ClassVar

from django.db import models

from qiaomen.needs.rules.vocabulary import CHANNELS, KINDS, ORIGINS
from qiaomen.office.fields import SealedField
from qiaomen.office.models import Staff
from qiaomen.register.models import Household, InCommunity, Person
from qiaomen.visits.models import Visit
from qiaomen.visits.rules.vocabulary import HANDLINGS


class _NotTakenBack(models.Manager[Any]):
    """What counts: without what was taken back."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(taken_back_at=None)


class Need(InCommunity):
    """What was asked for; the words are sealed. The key is made where it was heard.

    One that was taken back, because nobody asked for it, stays (`everything`) and counts nowhere (`objects`).

    `person`: whom it is about, None for the household. `mandated`: the person asked us to act for them; None: not
    asked.
    """

    record_type: ClassVar[str] = "needs.need"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    words = SealedField(label="needs.need.words")
    handling = models.CharField(max_length=12)
    mandated = models.BooleanField(null=True)
    origin = models.CharField(max_length=10)
    heard_at = models.DateTimeField(db_index=True)
    heard_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Need"]] = _NotTakenBack()
    everything: ClassVar[models.Manager["Need"]] = models.Manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="need_kind_known"),
            models.CheckConstraint(condition=models.Q(handling__in=HANDLINGS), name="need_handling_known"),
            models.CheckConstraint(condition=models.Q(origin__in=ORIGINS), name="need_origin_known"),
        ]

    def __str__(self) -> str:
        return self.kind


class NeedCorrection(InCommunity):
    """What a need said before it was put right, and why; `before`, `after`: sealed JSON."""

    record_type: ClassVar[str] = "needs.needcorrection"

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="corrections")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    reason = SealedField(label="needs.needcorrection.reason")
    before = SealedField(label="needs.needcorrection.before")
    after = SealedField(label="needs.needcorrection.after")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.need_id} {self.made_at}"


class Owed(InCommunity):
    """A sentence somebody is owed: of which need, to whom, over which channel, by which day, and when it was told.

    A change of state owes the resident a sentence; it is a line in its owner's day until it is told. One that was noted
    by mistake is taken back: it stays (`everything`) and nobody owes it (`objects`). `again_at`: it had been noted as
    told, in a row that is taken back since then, and is owed again.
    """

    record_type: ClassVar[str] = "needs.owed"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    need = models.ForeignKey(Need, null=True, on_delete=models.PROTECT, related_name="+")
    sentence = SealedField(label="needs.owed.sentence")
    channel = models.CharField(max_length=10)
    due_on = models.DateField()
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    again_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Owed"]] = _NotTakenBack()
    everything: ClassVar[models.Manager["Owed"]] = models.Manager()

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["community", "told_at", "due_on"], name="owed_by_day")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(channel__in=CHANNELS), name="owed_channel_known"),
            models.CheckConstraint(
                condition=models.Q(told_at=None, told_by=None) | models.Q(told_at__isnull=False, told_by__isnull=False),
                name="told_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.due_on}"
