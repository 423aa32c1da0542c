"""Alerts, calls, whom a household lets us ask instead, and questions put to many doors."""

from typing import Any, ClassVar

from django.db import models

from qiaomen.calls.rules.calling import OUTCOMES, WAYS
from qiaomen.office.fields import KeyedCode, SealedField
from qiaomen.office.models import Staff
from qiaomen.register.models import Building, Compound, Household, InCommunity
from qiaomen.visits.models import Visit


class Alert(InCommunity):
    """停电、高温、寒潮: typed in by somebody of the office, for the whole community or a part, until a day.

    `kind`: a code of the packs' alerts.yaml, which says whom to ring up first.
    """

    record_type: ClassVar[str] = "calls.alert"

    kind = models.CharField(max_length=20)
    compound = models.ForeignKey(Compound, null=True, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, null=True, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until = models.DateField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind} {self.from_at}"


class GoBetween(InCommunity):
    """Whom a household named to be asked how they are: a neighbour, a paired volunteer, a relative."""

    record_type: ClassVar[str] = "calls.gobetween"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    name = SealedField(label="calls.gobetween.name")
    phone = SealedField(label="calls.gobetween.phone", blank=True, default="")
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["household"], condition=models.Q(ended_at=None), name="one_open_go_between"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["neighbour", "volunteer", "relative"]), name="go_between_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.household_id}"


class _NotTakenBack(models.Manager["Call"]):
    """What counts: without the calls that were taken back."""

    def get_queryset(self) -> models.QuerySet["Call"]:
        return super().get_queryset().filter(taken_back_at=None)


class Call(InCommunity):
    """One call and what came of it. The key is made where it was recorded, so that sending twice stays one call.

    `why`: an alert's kind, or the reason of the due visit it answers. `visit`: the visit it counts as; None: nobody
    was seen. One that was taken back stays (`everything`) and counts nowhere (`objects`); who and why stand in the
    ledger.
    """

    record_type: ClassVar[str] = "calls.call"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=6, default="phone")
    outcome = models.CharField(max_length=12)
    why = KeyedCode(label="calls.call.why", blank=True)
    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.SET_NULL, related_name="+")
    note = SealedField(label="calls.call.note", blank=True, default="")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    objects = _NotTakenBack()
    everything: ClassVar[models.Manager["Call"]] = models.Manager()

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["community", "happened_at"], name="call_by_time")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(outcome__in=OUTCOMES), name="call_outcome_known"),
            models.CheckConstraint(condition=models.Q(way__in=WAYS), name="call_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.happened_at}"


class Sweep(InCommunity):
    """摸排: one to three questions, each a fact the packs declare, put to a set of doors until a day.

    `compound` None: the whole community. `from_age`–`to_age`: of whom it is asked, both included.
    """

    record_type: ClassVar[str] = "calls.sweep"

    title = models.CharField(max_length=40)
    codes = models.JSONField(default=list)
    compound = models.ForeignKey(Compound, null=True, on_delete=models.PROTECT, related_name="+")
    from_age = models.PositiveIntegerField(default=18)
    to_age = models.PositiveIntegerField(default=120)
    from_date = models.DateField()
    until = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(from_date__lte=models.F("until")), name="sweep_has_days"),
            models.CheckConstraint(condition=models.Q(from_age__lte=models.F("to_age")), name="sweep_has_ages"),
        ]

    def __str__(self) -> str:
        return self.title


class SweepReply(InCommunity):
    """A household was asked: it answered (the answers are facts of its people) or would not. `way`: how.

    `askings`: every time it was asked, in the order they came in: outcome, way, staff, happened_at and the visit it
    was at ("" for none). The columns are the one that holds; where one is undone they follow from the others.
    """

    record_type: ClassVar[str] = "calls.sweepreply"

    sweep = models.ForeignKey(Sweep, on_delete=models.PROTECT, related_name="replies")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10)
    way = models.CharField(max_length=6)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    askings = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["sweep", "household"], name="sweep_reply_once"),
            models.CheckConstraint(condition=models.Q(outcome__in=["answered", "refused"]), name="sweep_reply_known"),
            models.CheckConstraint(condition=models.Q(way__in=["door", "phone", "desk"]), name="sweep_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.happened_at}"
