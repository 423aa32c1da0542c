"""Cases, their steps, and what is done on somebody's behalf: mandate, originals, papers, trips."""

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


class _Standing(models.Manager[Any]):
    """What counts: without what was noted by mistake and taken back."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(taken_back_at=None)


class _OfCase(InCommunity):
    """Something noted at a case, by whom and when; noted by mistake it is taken back and stays (`everything`)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Any]] = _Standing()
    everything: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"


class Mandate(_OfCase):
    """Somebody asked us to act for them: in which words or by which signature, for what, until when.

    `person`: who gave it, None for somebody the register does not know. `proof`: words somebody heard, or a signature.
    `heard_by`: who heard it, with a colleague (`witness`) beside them or not. `until`: that day included; None: until
    the case is over.
    """

    record_type: ClassVar[str] = "cases.mandate"

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    proof = models.CharField(max_length=8)
    words = SealedField(label="cases.mandate.words")
    scope = SealedField(label="cases.mandate.scope")
    given_on = models.DateField()
    until = models.DateField(null=True)
    heard_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(proof__in=["heard", "signed"]), name="mandate_proof_known"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by=None)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="mandate_withdrawn_by_somebody",
            ),
        ]


class Original(_OfCase):
    """A paper of somebody's that lies with us: what it is, whose, in which drawer, and to whom it was given back.

    `number`: what is on the receipt and on the paper's cover; the next one of its community.
    """

    record_type: ClassVar[str] = "cases.original"

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    what = SealedField(label="cases.original.what")
    pieces = models.PositiveSmallIntegerField(default=1)
    drawer = models.CharField(max_length=20)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    returned_to = SealedField(label="cases.original.returned_to", blank=True, default="")

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["community", "returned_at", "taken_back_at"], name="original_in_drawer"),
            models.Index(fields=["case", "returned_at"], name="original_of_case"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["community", "number"], name="original_has_its_number"),
            models.CheckConstraint(
                condition=models.Q(returned_at=None, returned_by=None)
                | models.Q(returned_at__isnull=False, returned_by__isnull=False),
                name="original_returned_by_somebody",
            ),
        ]


class Material(_OfCase):
    """A paper a case needs, and why; what the office holds already is noted as known and never asked for.

    `state`: needed, brought, known or waived; `reason`: where it is known from, or why it can be done without.
    Source: 社会救助法 第六十二条.
    """

    record_type: ClassVar[str] = "cases.material"

    what = SealedField(label="cases.material.what")
    why = SealedField(label="cases.material.why")
    state = models.CharField(max_length=8)
    reason = SealedField(label="cases.material.reason", blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["case", "state"], name="material_of_case")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=["needed", "brought", "known", "waived"]), name="material_state_known"
            ),
        ]


class Trip(_OfCase):
    """Somebody went for a case: the resident had to come (`came`), or one of us went in their stead (`went`)."""

    record_type: ClassVar[str] = "cases.trip"

    way = models.CharField(max_length=4)
    on_date = models.DateField()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["case", "way"], name="trip_of_case"),
            models.Index(fields=["community", "way", "on_date"], name="trip_by_day"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(way__in=["came", "went"]), name="trip_way_known"),
        ]


class Tracking(InCommunity):
    """Number and code by which anybody who holds the receipt sees how far a case is: the state in words, no person."""

    record_type: ClassVar[str] = "cases.tracking"

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=8, unique=True)
    code = SealedField(label="cases.tracking.code")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.number


class TrackingTry(models.Model):
    """A number and a code that did not fit, as marks without number or address; kept for an hour."""

    record_type: ClassVar[str] = "cases.trackingtry"

    at = models.DateTimeField(db_index=True)
    number_mark = models.CharField(max_length=120)
    address_mark = models.CharField(max_length=120)

    def __str__(self) -> str:
        return str(self.at)


class FormTemplate(InCommunity):
    """A Word template an office uploaded in the place of the standard one of its kind, until it was ended."""

    record_type: ClassVar[str] = "cases.formtemplate"

    kind = models.CharField(max_length=12)
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["community", "kind"], condition=models.Q(ended_at=None), name="one_template_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"
