"""A bulletin of a week, a month or a quarter with its frozen figures, and what the county has read."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qiaomen.kernel.figures import Period
from qiaomen.office.models import Staff
from qiaomen.register.models import InCommunity

KINDS = {"week": _("一周通报"), "month": _("月报"), "quarter": _("季报")}
BULLETIN_WIDTHS = tuple(KINDS)


class Bulletin(InCommunity):
    """A week (Monday to Sunday), a month or a quarter; `start`: its first day."""

    record_type: ClassVar[str] = "bulletins.bulletin"

    width = models.CharField(max_length=8, default="week")
    start = models.DateField()
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
            models.CheckConstraint(condition=models.Q(width__in=BULLETIN_WIDTHS), name="bulletin_width_known"),
            models.UniqueConstraint(
                fields=["community", "width", "start"],
                condition=~models.Q(state="withdrawn"),
                name="one_bulletin_a_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start} {self.state}"

    @property
    def kind_title(self) -> Any:
        """What it is called: by how long a time it is about."""
        return KINDS[self.width]

    @property
    def end(self) -> date:
        """The last day, which still counts."""
        return self.period.end

    @property
    def period(self) -> Period:
        """The days it is about."""
        return Period.around(self.start, self.width)


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


class CountyReading(Read, InCommunity):
    """A figure of a finished week as the county read it the first time, and reads it ever after.

    What somebody outside the office has read is out like a bulletin: every later number is held against it.
    """

    record_type: ClassVar[str] = "bulletins.countyreading"

    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    start = models.DateField()
    end = models.DateField()
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["community", "code", "start", "end"], name="read_once_by_the_county")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.start}"
