"""Teams, their rounds with the doors in walking order, and the visits."""

from typing import Any, ClassVar

from django.db import models

from qiaomen.office.fields import SealedField
from qiaomen.office.models import Staff
from qiaomen.register.models import Dwelling, Household, InCommunity
from qiaomen.visits.rules.vocabulary import OUTCOMES


class Team(InCommunity):
    """敲门小组."""

    name = models.CharField(max_length=40)
    members = models.ManyToManyField(Staff, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["community", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name


class Round(InCommunity):
    """One team's outing on one day."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="rounds")
    day = models.DateField()

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["team", "day"], name="round_once_a_day")]

    def __str__(self) -> str:
        return f"{self.team} {self.day}"


class RoundDoor(models.Model):
    """A door of a round, with its place in the walk and the reason it was chosen."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="doors")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    reason_code = models.CharField(max_length=20)
    days = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["round", "dwelling"], name="door_once_a_round"),
            models.UniqueConstraint(fields=["round", "position"], name="position_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.reason_code}"


class Visit(InCommunity):
    """What happened at a door. The key is made where it was recorded, so that sending twice stays one visit."""

    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="visits")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    note = SealedField(blank=True, default="")
    origin = models.CharField(max_length=10)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["community", "happened_at"], name="visit_by_time")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(outcome__in=OUTCOMES), name="visit_outcome_known"),
            models.CheckConstraint(
                condition=models.Q(origin__in=["phone", "paper", "desk"]), name="visit_origin_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.happened_at}"


class VisitPhoto(InCommunity):
    """A photo of a matter, never of proof that somebody came; re-encoded, nothing but the picture kept, sealed on disk."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    size = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.id)
