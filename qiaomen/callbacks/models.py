"""A round of asking again, the calls it asks for, and how often somebody was tried."""

from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import SealedField
from qiaomen.office.models import Staff
from qiaomen.register.models import Household, InCommunity, Person

SAMPLE_STATES = ("framed", "drawn")
PURPOSES = ("round", "four_week", "month_1", "month_3", "month_6")
CALL_STATES = ("waiting", "answered", "no_answer", "gone")


class CallbackRules(InCommunity):
    """How this place asks: its levels of satisfaction, the months nobody is asked again, which checks it makes.

    `levels`: a list of [code, title, counts]; counts true, false, or null for 不了解. `checks`: of PURPOSES.
    """

    record_type: ClassVar[str] = "callbacks.callbackrules"

    levels = models.JSONField()
    months_apart = models.PositiveSmallIntegerField(default=6)
    checks = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["community"], name="one_way_of_asking"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Sample(InCommunity):
    """A round: the frame is the list of a figure, frozen with its hash before the public value is known.

    `frame`: a list of [key of the record, ticket, stratum, key of the matter], one a household; `left_out`: reason →
    how many records are not in the frame. `replaced`: who was drawn and is not asked or could not be, each with `mark`,
    `stratum`, `place`, `because`. `end_hash`: over everybody drawn and replaced, printed anew with each replacement.
    `quotas`: stratum → how many are drawn. `secret` seals the lot and is printed once drawn; `salt` never: it keeps a
    ticket from telling which record it is. `redraw_of`: the latest draw of nearly the same matters before, with the
    reason for another.
    """

    record_type: ClassVar[str] = "callbacks.sample"

    figure = models.CharField(max_length=60)
    of_type = models.CharField(max_length=40)
    start = models.DateField()
    end = models.DateField()
    as_at = models.DateTimeField()
    by = models.CharField(max_length=10, blank=True, default="")
    frame = models.JSONField()
    frame_hash = models.CharField(max_length=64)
    left_out = models.JSONField(default=dict)
    replaced = models.JSONField(default=list)
    end_hash = models.CharField(max_length=64, blank=True, default="")
    quotas = models.JSONField()
    levels = models.JSONField()
    commitment = models.CharField(max_length=64)
    secret = SealedField(label="callbacks.sample.secret")
    salt = SealedField(label="callbacks.sample.salt")
    state = models.CharField(max_length=8, default="framed")
    public_value = models.CharField(max_length=80, blank=True, default="")
    seed = models.CharField(max_length=64, blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    redraw_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="redraws")
    redraw_because = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(state__in=SAMPLE_STATES), name="sample_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="framed") | models.Q(drawn_at__isnull=False),
                name="drawn_sample_has_its_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(redraw_of=None) | ~models.Q(redraw_because=""), name="redraw_has_its_reason"
            ),
            models.UniqueConstraint(
                fields=["community", "figure", "start", "end"],
                condition=models.Q(redraw_of=None),
                name="one_draw_of_a_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.start}"


class Call(InCommunity):
    """Somebody who is asked again about one record. `caller` is neither its handler nor named in it.

    `of_type` and `row` name the record; `sample` None: a check by the calendar (`purpose`). `asked_at`: when it was
    dealt. `answer`: sealed JSON with solved, level, words; `code` stands on the slip for whoever has no telephone.
    `because`: why nobody can ask, or may: died, moved, refused; "" while there is no reason.
    """

    record_type: ClassVar[str] = "callbacks.call"

    sample = models.ForeignKey(Sample, null=True, on_delete=models.PROTECT, related_name="calls")
    purpose = models.CharField(max_length=10)
    of_type = models.CharField(max_length=40)
    row = models.UUIDField()
    stratum = models.CharField(max_length=60, blank=True, default="")
    place = models.PositiveIntegerField(default=0)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    caller = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="waiting")
    because = models.CharField(max_length=10, blank=True, default="")
    due_on = models.DateField()
    code = models.CharField(max_length=8, blank=True, default="")
    answer = SealedField(label="callbacks.call.answer", blank=True, default="")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["caller", "state", "due_on"], name="call_by_caller"),
            models.Index(fields=["household", "answered_at"], name="call_by_household"),
            models.Index(fields=["person", "answered_at"], name="call_by_person"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(purpose__in=PURPOSES), name="call_purpose_known"),
            models.CheckConstraint(condition=models.Q(state__in=CALL_STATES), name="call_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="gone") | ~models.Q(because=""), name="gone_call_has_its_reason"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="answered") | models.Q(answered_at__isnull=False, answered_by__isnull=False),
                name="answer_has_its_moment",
            ),
            models.UniqueConstraint(
                fields=["sample", "row"], condition=models.Q(sample__isnull=False), name="asked_once_a_round"
            ),
            models.UniqueConstraint(
                fields=["purpose", "row"], condition=models.Q(sample__isnull=True), name="checked_once"
            ),
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="slip_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.state}"


class Attempt(models.Model):
    """One try to reach somebody; nobody answered, or this would be an answer."""

    record_type: ClassVar[str] = "callbacks.attempt"

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["call", "at"], name="one_try_at_a_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.at}"
