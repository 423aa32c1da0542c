"""What is due and by when it was promised: due visits, requests, cadences, promises, and the minutes they take."""

from typing import Any, ClassVar

from django.db import models

from qiaomen.groups.models import CareGroup
from qiaomen.office.fields import KeyedCode
from qiaomen.office.models import Staff
from qiaomen.register.models import Dwelling, Household, InCommunity
from qiaomen.visits.models.walks import Visit


class DueVisit(InCommunity):
    """A visit that is due, deduced from rules and records. The key is made of what it follows from (rules.due).

    `since`: the day behind the reason; None when nobody was ever spoken to. `promised_on`: the last day by which it was
    promised, late after it; None: nothing was promised. It was open from `made_at` to `closed_at`.
    `history`: [{at, state, cause}], oldest first; cancelled because it is no longer true is a state like done.
    """

    record_type: ClassVar[str] = "visits.duevisit"

    dwelling = models.ForeignKey(Dwelling, on_delete=models.CASCADE, related_name="+")
    clock = models.CharField(max_length=10)
    reason = KeyedCode(label="visits.duevisit.reason")
    way = models.CharField(max_length=6)
    weight = models.FloatField(default=1.0)
    since = models.DateField(null=True)
    promised_on = models.DateField(null=True)
    opens_on = models.DateField()
    due_on = models.DateField()
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="open")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.SET_NULL, related_name="+")
    history = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["community", "state", "due_on"], name="due_by_day"),
            models.Index(fields=["dwelling", "state"], name="due_by_door"),
            models.Index(fields=["community", "promised_on"], name="due_by_promise"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(state__in=["open", "done", "cancelled"]), name="due_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.due_on}"


class DueRun(models.Model):
    """For which day, when and over which state of the register the due visits of a community were last deduced.

    `doors`: how many doors each tier had then; `question`: what of the promise stands open since (rules/promised.py).
    """

    record_type: ClassVar[str] = "visits.duerun"

    community = models.OneToOneField(
        "office.Organisation", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    day = models.DateField(null=True)
    stamp = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True)
    doors = models.JSONField(default=dict)
    question = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.community_id} {self.day}"


class VisitRequest(InCommunity):
    """A house above asks for a visit by a day: a promise. `key` names what asks; asked twice it is one.

    `starts_at`, `ends_at`: on that very day between these, agreed at the door; None: any hour, and any day up to it.
    `agreed_at`: when somebody stood at the door and agreed it, however late that came in. `kept`: closed because
    somebody came, which is deduced (actions/due.refresh) and opens again when that visit is taken back.
    """

    record_type: ClassVar[str] = "visits.visitrequest"

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    due_on = models.DateField()
    starts_at = models.TimeField(null=True)
    ends_at = models.TimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    open = models.BooleanField(default=True)
    kept = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["community", "key"], name="visit_request_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"


class Cadence(InCommunity):
    """How often this office sees a care group, where that is not the tier's cadence."""

    record_type: ClassVar[str] = "visits.cadence"

    group = models.OneToOneField(CareGroup, on_delete=models.CASCADE, related_name="+")
    every_days = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.group_id} {self.every_days}"


class CadencePromise(InCommunity):
    """What the office promises from a day on: how often each tier is seen. A later row follows it; none is altered.

    `terms`: by tier {days, door_days} (days None: nothing is promised; door_days None: always at the door).
    `doors`, `weekly_minutes`: what there was to see and the minutes there were when it was promised.
    """

    record_type: ClassVar[str] = "visits.cadencepromise"

    from_date = models.DateField()
    terms = models.JSONField(default=dict)
    doors = models.JSONField(default=dict)
    weekly_minutes = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["community", "from_date"], name="promise_by_day")]

    def __str__(self) -> str:
        return f"{self.community_id} {self.from_date}"


class VisitMinutes(InCommunity):
    """How long a kind of visit takes, on some floors or at one door: the office's median, and what the head wrote.

    `floors` "": all; `door` None: all. `learnt` None: fewer than twenty were recorded. It is of no person.
    """

    record_type: ClassVar[str] = "visits.visitminutes"

    kind = models.CharField(max_length=10)
    floors = models.CharField(max_length=6, blank=True)
    door = models.ForeignKey(Dwelling, null=True, on_delete=models.CASCADE, related_name="+")
    learnt = models.FloatField(null=True)
    counted = models.PositiveIntegerField(default=0)
    own = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["community", "kind", "floors"], condition=models.Q(door=None), name="minutes_once"
            ),
            models.UniqueConstraint(fields=["kind", "door"], name="minutes_once_a_door"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.floors}"
