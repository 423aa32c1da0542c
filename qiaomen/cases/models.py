"""Cases and their steps."""

from typing import Any, ClassVar

from django.db import models

from qiaomen.needs.models import Need
from qiaomen.office.fields import SealedField
from qiaomen.office.models import Body, Staff
from qiaomen.register.models import InCommunity, Person

STATES = ("open", "reopened", "closed", "confirmed", "taken_back")
RELATIONS = ("spouse", "parent", "child", "sibling", "grandparent", "grandchild", "in_law")


class ProcedureVersion(models.Model):
    """A procedure file as it was when a matter ran under it: what comes later changes no matter that has begun."""

    record_type: ClassVar[str] = "cases.procedureversion"

    code = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["code", "version"], name="procedure_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Case(InCommunity):
    """A need with an owner and a last day. `answer` is the resident's word after closing; `outcome`: how it ended, a
    code some house registered (kernel/lines/outcomes.py), empty while it has not.

    `procedure`, `version`: which procedure it runs under. `due_on`, `paused_until`, `extensions` and `waits` (the next
    step is somebody's outside) are deduced from the steps after each act; `promised_on`: the day somebody promised.
    `offered_to`: the colleague who was asked to take it over and has not said yes or no.
    """

    record_type: ClassVar[str] = "cases.case"

    need = models.OneToOneField(Need, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="open")
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=30, blank=True, default="")
    procedure = models.CharField(max_length=30, default="general")
    version = models.PositiveSmallIntegerField(default=1)
    offered_to = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    promised_on = models.DateField(null=True)
    paused_until = models.DateField(null=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    waits = models.BooleanField(default=False)
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
    `given_to`: who owned it from this step on. `offered_to`: who was asked to. `body`: to whom it was referred.
    `until`: when a pause ends. `part`, `result`, `number`, `happened_on`: which step of the procedure was taken, how it
    came out, under which number it is kept outside, and when; of a pause `result` is its kind.
    """

    record_type: ClassVar[str] = "cases.casestep"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    sentence = SealedField(label="cases.casestep.sentence", row=("case_id", "at", "kind"), blank=True, default="")
    due_on = models.DateField(null=True)
    given_to = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    offered_to = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True)
    part = models.CharField(max_length=30, blank=True, default="")
    result = models.CharField(max_length=30, blank=True, default="")
    number = models.CharField(max_length=60, blank=True, default="")
    happened_on = models.DateField(null=True)
    of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="righted")
    outcome = models.CharField(max_length=30, blank=True, default="")

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["case", "at"], name="case_step_by_time"),
            models.Index(fields=["kind", "at", "case"], name="case_step_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class NearRelative(InCommunity):
    """A resident who is a near relative of somebody of the office: their matters are registered apart (单独登记备案), and
    somebody else acts. `ended_at`: it was noted by mistake.
    """

    record_type: ClassVar[str] = "cases.nearrelative"

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=12)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["staff", "person"], condition=models.Q(ended_at=None), name="near_relative_once"
            ),
            models.CheckConstraint(condition=models.Q(relation__in=RELATIONS), name="near_relative_known"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.relation}"
