"""A week's bulletin and its frozen figures."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models

from qiaomen.office.models import Staff
from qiaomen.register.models import InCommunity


class Bulletin(InCommunity):
    """One week, Monday to Sunday."""

    record_type: ClassVar[str] = "bulletins.bulletin"

    week_start = models.DateField()
    state = models.CharField(max_length=10, default="draft")
    as_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "published", "withdrawn"]), name="bulletin_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(as_at__isnull=False),
                name="published_bulletin_has_its_moment",
            ),
            models.UniqueConstraint(
                fields=["community", "week_start"], condition=~models.Q(state="withdrawn"), name="one_bulletin_a_week"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week_start} {self.state}"

    @property
    def week_end(self) -> date:
        """The Sunday, which still counts."""
        return self.week_start + timedelta(days=6)


class Read(models.Model):
    """How the public reads a number: rounded in `shown`, None where it is held back (kernel/figures/suppression.py).

    `same`: as an earlier version of the week told it, less than ten having changed.
    """

    shown = models.PositiveIntegerField(null=True)
    same = models.BooleanField(default=False)
    record_ids = models.JSONField(default=list)

    class Meta:
        abstract = True


class FrozenFigure(Read):
    """A number as published: its words, its value, and the keys of the records it counted.

    `version`, `definition`: what it was defined as; it is recomputed by that and by no newer words.
    """

    record_type: ClassVar[str] = "bulletins.frozenfigure"

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="figures")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    definition = models.TextField(default="")
    value = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["bulletin", "code"], name="figure_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.value}"


class FrozenPart(Read):
    """One part of a published number; the parts of one breakdown add up to it. `title`: its word as it was then."""

    record_type: ClassVar[str] = "bulletins.frozenpart"

    figure = models.ForeignKey(FrozenFigure, on_delete=models.PROTECT, related_name="parts")
    breakdown = models.CharField(max_length=20)
    part = models.CharField(max_length=60)
    title = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["figure", "breakdown", "part"], name="part_once")
        ]

    def __str__(self) -> str:
        return f"{self.breakdown} {self.part}"

    @property
    def value(self) -> int:
        """How many records it counted."""
        return len(self.record_ids)
