"""What residents asked about their own data."""

from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import SealedField
from qiaomen.register.models.people import Person
from qiaomen.register.models.places import InCommunity


class RightsRequest(InCommunity):
    """What a resident asks about their own data: to see, correct, complete, delete or have explained. It has a
    clock.
    """

    record_type: ClassVar[str] = "rights.rightsrequest"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    words = SealedField(label="rights.rightsrequest.words")
    received_at = models.DateTimeField()
    received_by = models.ForeignKey("office.Staff", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=10, default="open")
    answer = SealedField(label="rights.rightsrequest.answer", blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("office.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(state__in=["open", "done", "refused"]), name="rights_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"
