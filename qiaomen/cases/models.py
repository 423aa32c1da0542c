"""Cases and their steps."""

from typing import Any, ClassVar

from django.db import models

from qiaomen.needs.models import Need
from qiaomen.office.fields import SealedField
from qiaomen.office.models import Staff
from qiaomen.register.models import InCommunity

STATES = ("open", "reopened", "closed", "confirmed", "taken_back")


class Case(InCommunity):
    """A need with an owner and a last day. `answer` is the resident's word after closing; `outcome`: how it ended, a
    code some house registered (kernel/lines/outcomes.py), empty while it has not.
    """

    record_type: ClassVar[str] = "cases.case"

    need = models.OneToOneField(Need, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="open")
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=30, blank=True, default="")
    answer = models.CharField(max_length=12, default="unanswered")

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["community", "state", "due_on"], name="case_by_due_day")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="case_state_known"),
            models.CheckConstraint(
                condition=models.Q(answer__in=["unanswered", "solved", "not_solved"]), name="case_answer_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.due_on}"


class CaseStep(models.Model):
    """One thing that happened to a case, with its sentence; never altered. `due_on` stands where a clock started.

    `of`: the step this one puts right or takes back; `outcome`: how the case ended, where this step closed it.
    `given_to`: who owned it from this step on, so that whoever had it once is known when the case is somebody else's.
    """

    record_type: ClassVar[str] = "cases.casestep"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    sentence = SealedField(label="cases.casestep.sentence", row=("case_id", "at", "kind"), blank=True, default="")
    due_on = models.DateField(null=True)
    given_to = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="righted")
    outcome = models.CharField(max_length=30, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["case", "at"], name="case_step_by_time"),
            models.Index(fields=["kind", "at", "case"], name="case_step_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
