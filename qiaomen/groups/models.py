"""Care groups: what each means from which day on, who is in it from when until when, and what a person decided."""

from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import KeyedCode, SealedField
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models.people import Dated, Person
from qiaomen.register.models.places import InCommunity


class CareGroup(InCommunity):
    """重点关爱群体: one named "who?" of a community. `tier` is the cadence of care visits; `child`: named roles only.

    `purpose`: the service a group of the office's own is for; "" for those of the packs.
    """

    record_type: ClassVar[str] = "groups.caregroup"

    code = KeyedCode(label="groups.caregroup.code")
    title = KeyedCode(label="groups.caregroup.title")
    tier = KeyedCode(label="groups.caregroup.tier")
    child = models.BooleanField(default=False)
    purpose = KeyedCode(label="groups.caregroup.purpose", blank=True, default="")

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["community", "code"], name="group_once")]

    def __str__(self) -> str:
        return str(self.title)


class GroupDefinition(Dated):
    """What a group means from a day on. `numbers` are this office's own values of parameters in `when`."""

    record_type: ClassVar[str] = "groups.groupdefinition"

    group = models.ForeignKey(CareGroup, on_delete=models.CASCADE, related_name="definitions")
    when = SealedField(label="groups.groupdefinition.when")
    numbers = models.JSONField(default=dict)
    source = SealedField(label="groups.groupdefinition.source")
    reason = SealedField(label="groups.groupdefinition.reason", blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["group"], condition=models.Q(to_date=None), name="one_open_definition")
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.from_date}"


class GroupChoice(Dated):
    """A person decided: this one belongs (added) or does not (excluded), whatever the rule says, and why."""

    record_type: ClassVar[str] = "groups.groupchoice"

    group = models.ForeignKey(CareGroup, on_delete=models.CASCADE, related_name="choices")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    reason = SealedField(label="groups.groupchoice.reason")
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["group", "person"], condition=models.Q(to_date=None), name="one_open_choice"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["added", "excluded"]), name="choice_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class Membership(Dated):
    """A person is in a group from a day until a day; computed, never ticked. `entered`, `left`: why, as
    {"kind": first/act/definition/choice/time, "act": key}."""

    record_type: ClassVar[str] = "groups.membership"

    group = models.ForeignKey(CareGroup, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    definition = models.ForeignKey(GroupDefinition, on_delete=models.CASCADE, related_name="+")
    entered = models.JSONField(default=dict)
    left = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["group", "person"], condition=models.Q(to_date=None), name="one_open_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.person_id}"


class OpenQuestion(models.Model):
    """Which facts are not known of a person and would decide a group, as the last run found; no value stands in it.

    Kept because working it out for one door costs as much as for a staircase, and a page asks for one.
    """

    record_type: ClassVar[str] = "groups.openquestion"

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="+")
    community = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    codes = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.person_id)


class GroupRun(models.Model):
    """When the memberships of a community were last computed, over what, and how many are not known per group."""

    record_type: ClassVar[str] = "groups.grouprun"

    community = models.OneToOneField(Organisation, primary_key=True, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(null=True)
    stamp = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(null=True)
    unknown = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.community_id} {self.day}"
