"""Teams, their rounds with the doors in walking order, and the visits."""

from datetime import time
from typing import Any, ClassVar, Self

from django.db import models

from qiaomen.office.fields import KeyedCode, SealedField
from qiaomen.office.models import Photo, Staff, Voice
from qiaomen.register.models import Dwelling, Entrance, Household, InCommunity, Person
from qiaomen.visits.rules.vocabulary import FINDINGS, HANDLINGS, OUTCOMES


class Team(InCommunity):
    """敲门小组. It goes out on `weekdays` (0 is Monday) at `starts_at` for so many minutes. `women`: of its members."""

    record_type: ClassVar[str] = "visits.team"

    name = models.CharField(max_length=40)
    members = models.ManyToManyField(Staff, related_name="+")
    women = models.ManyToManyField(Staff, related_name="+")
    weekdays = models.JSONField(default=list)
    starts_at = models.TimeField(default=time(14, 30))
    minutes = models.PositiveIntegerField(default=150)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["community", "name"], name="team_once")]

    def __str__(self) -> str:
        return self.name


class Round(InCommunity):
    """One team's outing on one day.

    `price`: how many other doors the day's must-visits took the place of; None: not asked.
    `hasty`: dealt before the planner had searched enough; dealing anew may find a shorter walk.
    """

    record_type: ClassVar[str] = "visits.round"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="rounds")
    day = models.DateField()
    starts_at = models.TimeField(default=time(14, 30))
    minutes = models.PositiveIntegerField(default=150)
    state = models.CharField(max_length=10, default="planned")
    cause = models.CharField(max_length=200, blank=True)
    price = models.PositiveIntegerField(null=True)
    hasty = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["team", "day"], condition=~models.Q(state="cancelled"), name="round_once_a_day"
            ),
            models.CheckConstraint(condition=models.Q(state__in=["planned", "cancelled"]), name="round_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.day}"


class RoundDoors(models.QuerySet["RoundDoor"]):
    """Doors of rounds."""

    def planned(self) -> Self:
        """Keep the doors somebody is expected at: those with their minute, and those put there by hand. The rest are
        for the time that is left (planner.spares) and count nowhere.
        """
        return self.filter(is_planned())


def is_planned(door: str = "") -> models.Q:
    """Return what a planned door of a round is; `door`: the way to it from the model asked, as "doors__"."""
    return models.Q(**{f"{door}arrive_minute__isnull": False}) | models.Q(**{f"{door}by_hand": True})


class RoundDoor(models.Model):
    """A door of a round: its place in the walk, why it was chosen, when the walk is there (minutes after the start).

    `walker`: whose phone takes it when two share a round; None: anybody's. `by_hand`: somebody put it into this round;
    dealing anew leaves it there. Without a minute and not by hand it is for the time that is left (`is_spare`).
    """

    record_type: ClassVar[str] = "visits.rounddoor"

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="doors")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    reason_code = KeyedCode(label="visits.rounddoor.reason_code")
    days = models.PositiveIntegerField(default=0)
    due = models.ForeignKey("visits.DueVisit", null=True, on_delete=models.SET_NULL, related_name="+")
    arrive_minute = models.PositiveIntegerField(null=True)
    must = models.BooleanField(default=False)
    walker = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    by_hand = models.BooleanField(default=False)

    objects = RoundDoors.as_manager()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["round", "dwelling"], name="door_once_a_round"),
            models.UniqueConstraint(fields=["round", "position"], name="position_once_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.reason_code}"

    @property
    def is_spare(self) -> bool:
        """Whether the round goes there only with time to spare; nobody expects it there."""
        return self.arrive_minute is None and not self.by_hand


class _NotTakenBack(models.Manager["Visit"]):
    """What counts: without the visits their makers took back."""

    def get_queryset(self) -> models.QuerySet["Visit"]:
        return super().get_queryset().filter(taken_back_at=None)


class Visit(InCommunity):
    """What happened at a door. The key is made where it was recorded, so that sending twice stays one visit.

    One that was taken back by its maker stays (`everything`) and counts nowhere (`objects`).
    """

    record_type: ClassVar[str] = "visits.visit"

    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="visits")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    note = SealedField(label="visits.visit.note", blank=True, default="")
    origin = models.CharField(max_length=10)
    taken_back_at = models.DateTimeField(null=True)

    objects = _NotTakenBack()
    everything: ClassVar[models.Manager["Visit"]] = models.Manager()

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


class VisitPhoto(Photo):
    """A photo of a matter told at a door, never of proof that somebody came; the picture itself is office.Photo's."""

    record_type: ClassVar[str] = "visits.visitphoto"

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")


class VisitVoice(Voice):
    """What somebody said at a door, in their own voice; the key is the phone's."""

    record_type: ClassVar[str] = "visits.visitvoice"

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="voices")


class VisitWish(InCommunity):
    """How a household wants to be visited, and by `whom` alone; it holds until it is changed or `until` has passed.

    `two_first`: two of the staff come to the first visit.
    """

    record_type: ClassVar[str] = "visits.visitwish"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    no_visits = models.BooleanField(default=False)
    phone_instead = models.BooleanField(default=False)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    most_per_month = models.PositiveIntegerField(null=True)
    whom = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    two_first = models.BooleanField(default=False)
    words = SealedField(label="visits.visitwish.words", blank=True, default="")
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["household"], condition=models.Q(ended_at=None), name="one_open_wish")
        ]

    def __str__(self) -> str:
        return str(self.household_id)


class Pause(InCommunity):
    """Nobody is home until a day, then the household comes back by itself."""

    record_type: ClassVar[str] = "visits.pause"

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    reason = SealedField(label="visits.pause.reason", blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["household"], condition=models.Q(ended_at=None), name="one_open_pause")
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.until}"


class Leave(InCommunity):
    """Somebody does not walk from a day to a day, both included; `cover` walks instead, None: nobody."""

    record_type: ClassVar[str] = "visits.leave"

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField()
    cover = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(from_date__lte=models.F("to_date")), name="leave_has_days")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.from_date}"


class Observation(InCommunity):
    """Something seen on the stairs: a matter of the entrance, of no household. The key is made where it was seen."""

    record_type: ClassVar[str] = "visits.observation"

    entrance = models.ForeignKey(Entrance, on_delete=models.PROTECT, related_name="+")
    floor = models.SmallIntegerField(null=True)
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    words = SealedField(label="visits.observation.words", blank=True, default="")
    handling = models.CharField(max_length=12)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(kind__in=FINDINGS), name="finding_kind_known"),
            models.CheckConstraint(condition=models.Q(handling__in=HANDLINGS), name="finding_handling_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_at}"


class VisitDetail(models.Model):
    """What a visit brought beyond its outcome: sealed JSON {check, talks, seen}, rules/submission.py says how."""

    record_type: ClassVar[str] = "visits.visitdetail"

    visit = models.OneToOneField(Visit, primary_key=True, on_delete=models.PROTECT, related_name="+")
    said = SealedField(label="visits.visitdetail.said")

    def __str__(self) -> str:
        return str(self.visit_id)


class Correction(InCommunity):
    """What somebody handed in and then put right, with the reason; `before`, `after`: sealed JSON. The key is the
    phone's.
    """

    record_type: ClassVar[str] = "visits.correction"

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    reason = SealedField(label="visits.correction.reason")
    before = SealedField(label="visits.correction.before")
    after = SealedField(label="visits.correction.after")
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.visit_id} {self.made_at}"


class Conflict(InCommunity):
    """Two accounts of one thing that contradict: both stay, a person says which holds.

    Of a door on a day (`first` and `second` are visits) or of one fact of a person (`person`, `code`: what the register
    says against what `second` was told, sealed in `told`; applied only when a person chooses it).
    """

    record_type: ClassVar[str] = "visits.conflict"

    first = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=list)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    code = KeyedCode(label="visits.conflict.code", blank=True)
    told = SealedField(label="visits.conflict.told", blank=True, default="")
    found_at = models.DateTimeField()
    choice = models.CharField(max_length=8, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["first", "second", "person", "code"], name="two_versions_once"),
            models.CheckConstraint(condition=models.Q(choice__in=["", "first", "second", "both"]), name="choice_known"),
        ]

    def __str__(self) -> str:
        return f"{self.second_id} {self.fields}"
