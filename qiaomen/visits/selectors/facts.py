"""Rows → facts: every door behind which somebody lives, as the rules of due visits need it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Min, Model, Q, QuerySet

from qiaomen.groups.models import Membership
from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from qiaomen.office.fields import Blind, open_value
from qiaomen.office.models import Organisation
from qiaomen.register.models import Act, Change, Household, Person, ToldFact, who_lives_here
from qiaomen.register.selectors import packs
from qiaomen.visits.models import Cadence, Pause, Visit, VisitRequest, VisitWish
from qiaomen.visits.rules.due import (
    PROMISE_OPENS_DAYS,
    DoorFact,
    EventFact,
    GroupFact,
    PromiseFact,
    Tier,
    Wish,
)
from qiaomen.visits.rules.vocabulary import AFAR, ANSWERED_BY, SPOKEN, WAY_OF

M = TypeVar("M", bound=Model)
EVENT_DAYS = 60
"""A life event older than this brings nobody to the door any more."""
EVENT_ACTS = {
    "moved_in": "moved-in",
    "moved_within": "moved-in",
    "came_back": "moved-in",
    "born": "born",
    "died": "bereaved",
    "married": "married",
}
BIRTHDAYS = (70, 80, 90, 100)
"""Ages that open a tier of the old-age allowance (高龄老人生活保健补贴, Shaanxi; local: domain data)."""
EXPIRES = {"disability_card_until": ("card-expires", 90), "public_post_until": ("post-expires", 30)}
"""Told dates that are called out so many days before."""
MONTH_DAYS = 30


@dataclass(frozen=True)
class Scope:
    """The households asked about: of a community, behind some doors or (None) behind all."""

    community: Organisation
    day: date
    doors: Collection[UUID] | None = None

    def only(self, rows: QuerySet[M], household: str) -> QuerySet[M]:
        """Narrow rows to the households behind the doors; `household` is the path to them."""
        return rows if self.doors is None else rows.filter(**{f"{household}__dwelling__in": self.doors})

    def at(self, rows: QuerySet[M], dwelling: str) -> QuerySet[M]:
        """Narrow rows to the doors themselves."""
        return rows if self.doors is None else rows.filter(**{f"{dwelling}__in": self.doors})


def tiers() -> dict[str, Tier]:
    """Return the tiers of the packs by code."""
    return {entry["code"]: Tier(**entry) for entry in packs.entries("cadence.yaml")}


def door_facts(community: Organisation, day: date, doors: Collection[UUID] | None = None) -> list[DoorFact]:
    """Return the facts of the doors behind which somebody lives, of all or of some; a fixed number of queries."""
    scope = Scope(community, day, doors)
    homes, past, groups = _homes(scope), _past(scope), groups_behind(community, doors)
    promises, wishes, pauses = _promises(scope), wishes_of(scope), _pauses(scope)
    events, since, telephones = _events(scope), _known_since(scope), with_telephone(scope)
    found = []
    for key, mine in homes.items():
        seen, happened = past.get(key, _Past()), {event for home in mine for event in events.get(home, ())}
        found.append(
            DoorFact(
                dwelling=str(key),
                known_since=min((since[home] for home in mine if home in since), default=None),
                last_spoken=seen.spoken,
                last_outcome=seen.outcome,
                last_outcome_day=seen.day,
                tries=seen.tries,
                visits_last_month=seen.month,
                groups=tuple(groups.get(key, ())),
                promises=tuple(_promise(row, seen) for home in mine for row in promises.get(home, ())),
                events=tuple(sorted(happened, key=lambda event: (event.day, event.kind))),
                wish=next((wishes[home] for home in mine if home in wishes), Wish()),
                paused_until=max((pauses[home] for home in mine if home in pauses), default=None),
                last_by=tuple(sorted(seen.by.items())),
                has_telephone=any(home in telephones for home in mine),
            )
        )
    return found


def _homes(scope: Scope) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = scope.at(
        Household.objects.filter(community=scope.community, state="living", dwelling__isnull=False), "dwelling"
    )
    for home, door in rows.order_by("pk").values_list("pk", "dwelling"):
        found[door].append(home)
    return found


def _known_since(scope: Scope) -> dict[UUID, date]:
    """Return since when each household is on the register: the day of the first act about it."""
    rows = Change.objects.filter(act__community=scope.community, of_type="register.household")
    if scope.doors is not None:
        rows = rows.filter(row__in=Household.objects.filter(dwelling__in=scope.doors).values("pk"))
    first = rows.values_list("row").annotate(first=Min("act__made_at")).order_by()
    return {home: moment.astimezone(clock.SHANGHAI).date() for home, moment in first}


@dataclass
class _Past:
    """What the visits say of one door, read oldest first."""

    spoken: date | None = None
    outcome: str | None = None
    day: date | None = None
    last: datetime | None = None
    tries: int = 0
    month: int = 0
    by: dict[str, date] = field(default_factory=dict)
    at: dict[str, datetime] = field(default_factory=dict)

    def add(self, outcome: str, moment: datetime, today: date) -> None:
        """Take one more visit; two knocks of one day count as one try and one visit."""
        on = moment.astimezone(clock.SHANGHAI).date()
        again = on == self.day
        if outcome in SPOKEN:
            self.spoken = on
        self.tries = self.tries + (not again) if outcome == "no_answer" else 0
        self.at[outcome] = moment
        if outcome in WAY_OF:
            self.by[WAY_OF[outcome]] = on
        self.month += outcome not in AFAR and not again and on > today - timedelta(days=MONTH_DAYS)
        self.outcome, self.day, self.last = outcome, on, moment


def _past(scope: Scope) -> dict[UUID, _Past]:
    """What the visits up to the end of the day say of each door."""
    found: dict[UUID, _Past] = defaultdict(_Past)
    visits = scope.at(Visit.objects.filter(community=scope.community), "dwelling")
    rows = visits.order_by("happened_at", "received_at").values_list("dwelling", "outcome", "happened_at")
    for door, outcome, moment in rows:
        if moment.astimezone(clock.SHANGHAI).date() <= scope.day:
            found[door].add(outcome, moment, scope.day)
    return found


def groups_behind(community: Organisation, doors: Collection[UUID] | None = None) -> dict[UUID, list[GroupFact]]:
    """Return per door the care groups of who lives there now, each with its cadence and the first day in it."""
    rows = Membership.objects.filter(
        who_lives_here("person__"), group__community=community, to_date=None, person__residences__to_date=None
    )
    if doors is not None:
        rows = rows.filter(person__residences__dwelling__in=doors)
    own = dict(Cadence.objects.filter(community=community).values_list("group__code", "every_days"))
    found: dict[UUID, dict[str, GroupFact]] = defaultdict(dict)
    for door, code, tier, since in rows.values_list(
        "person__residences__dwelling", "group__code", "group__tier", "from_date"
    ):
        known = found[door].get(code) if door else None
        if door and (known is None or (since and known.since and since < known.since)):
            found[door][code] = GroupFact(code, tier, since, own.get(code))
    return {door: sorted(mine.values(), key=lambda group: group.code) for door, mine in found.items()}


def _promises(scope: Scope) -> dict[UUID, list[VisitRequest]]:
    """Return what is asked for per household, and the agreed hours that were kept: they hold while their visit does."""
    found: dict[UUID, list[VisitRequest]] = defaultdict(list)
    rows = VisitRequest.objects.filter(Q(open=True) | Q(kept=True), community=scope.community)
    for row in scope.only(rows, "household").order_by("due_on", "key"):
        found[row.household_id].append(row)
    return found


def _promise(row: VisitRequest, past: _Past) -> PromiseFact:
    """Return a request as the rules read it."""
    last = past.last
    if ends := ANSWERED_BY.get(row.kind):
        opens = row.due_on - timedelta(days=PROMISE_OPENS_DAYS)
        seen = [moment for outcome, moment in past.at.items() if outcome in ends and moment > row.changed_at]
        answered = any(moment.astimezone(clock.SHANGHAI).date() >= opens for moment in seen)
        return PromiseFact(row.key, row.kind, row.due_on, answered=answered)
    if row.agreed_at is None:
        return PromiseFact(row.key, row.kind, row.due_on)
    agreed_on = row.agreed_at.astimezone(clock.SHANGHAI).date()
    came_later = agreed_on == row.due_on and last is not None and last > row.agreed_at
    return PromiseFact(row.key, row.kind, row.due_on, agreed_on, came_later)


def _agreed(scope: Scope) -> dict[UUID, tuple[time, time | None]]:
    """Return from when to when somebody may come on the day, where that was agreed at the door; the last one holds."""
    rows = VisitRequest.objects.filter(
        community=scope.community, open=True, due_on=scope.day, starts_at__isnull=False
    ).order_by("changed_at")
    found = scope.only(rows, "household").values_list("household", "starts_at", "ends_at")
    return {home: (starts_at, ends_at) for home, starts_at, ends_at in found if starts_at is not None}


def wishes_of(scope: Scope) -> dict[UUID, Wish]:
    """Return how each household wants to be visited on a day; those that said and agreed nothing are not there."""
    rows = VisitWish.objects.filter(community=scope.community, ended_at=None)
    rows = scope.only(rows.filter(Q(until=None) | Q(until__gte=scope.day)), "household")
    wishes = {row.household_id: wish_of(row) for row in rows}
    agreed = {home: replace(wishes.get(home, Wish()), agreed=hours) for home, hours in _agreed(scope).items()}
    return wishes | agreed


def wish_of(row: VisitWish) -> Wish:
    """Return a wish as the rules read it."""
    whom = str(row.whom_id) if row.whom_id else None
    return Wish(row.no_visits, row.phone_instead, row.quiet_from, row.quiet_to, whom, row.most_per_month)


def wishes_at(scope: Scope) -> dict[UUID, Wish]:
    """Return the wishes by door."""
    wishes = wishes_of(scope)
    rows = Household.objects.filter(pk__in=wishes, state="living", dwelling__isnull=False).order_by("-pk")
    return {door: wishes[home] for home, door in rows.values_list("pk", "dwelling")}


def with_telephone(scope: Scope) -> set[UUID]:
    """Return the households of which a telephone number is known; what it is stays sealed."""
    people = Person.objects.filter(community=scope.community).exclude(phone_bi=Blind(scope.community.pk, "")).living()
    return set(scope.only(people, "household").values_list("household", flat=True))


def _pauses(scope: Scope) -> dict[UUID, date]:
    rows = Pause.objects.filter(community=scope.community, ended_at=None, until__gt=scope.day)
    return dict(scope.only(rows, "household").values_list("household", "until"))


def _events(scope: Scope) -> dict[UUID, list[EventFact]]:
    """Return per household what happened lately: acts of its life, birthdays that open an allowance, dates that end."""
    found: dict[UUID, list[EventFact]] = defaultdict(list)
    for home, event in (*_acts(scope), *_birthdays(scope), *_endings(scope)):
        found[home].append(event)
    return found


def _acts(scope: Scope) -> list[tuple[UUID, EventFact]]:
    since = scope.day - timedelta(days=EVENT_DAYS)
    acts = Act.objects.filter(
        community=scope.community, kind__in=EVENT_ACTS, undone_at=None, on_date__gte=since, on_date__lte=scope.day
    )
    rows = Change.objects.filter(act__in=acts, of_type="register.household").values_list(
        "row", "act__kind", "act__on_date"
    )
    return [(home, EventFact(EVENT_ACTS[kind], on)) for home, kind, on in rows.distinct() if on is not None]


def _birthdays(scope: Scope) -> list[tuple[UUID, EventFact]]:
    found, since = [], scope.day - timedelta(days=EVENT_DAYS)
    oldest = scope.day.replace(day=1, year=scope.day.year - min(BIRTHDAYS) + 1)
    people = Person.objects.filter(community=scope.community, birth_date__lt=oldest).living()
    for home, birth in scope.only(people, "household").values_list("household", "birth_date"):
        age = age_on(birth, scope.day)
        if birth is not None and age in BIRTHDAYS and (turned := _birthday(birth, scope.day)) >= since:
            found.append((home, EventFact(f"turned-{age}", turned)))
    return found


def _endings(scope: Scope) -> list[tuple[UUID, EventFact]]:
    found, known = [], packs.facts()
    rows = ToldFact.objects.filter(
        who_lives_here("person__"), person__community=scope.community, code__in=EXPIRES, to_date=None
    )
    rows = scope.only(rows, "person__household")
    for home, code, pk, value in rows.values_list("person__household", "code", "pk", "value"):
        kind, ahead = EXPIRES[code]
        ends: Any = known[code].read(open_value(value, pk))
        if -EVENT_DAYS <= (ends - scope.day).days <= ahead:
            found.append((home, EventFact(kind, ends - timedelta(days=ahead))))
    return found


def _birthday(birth: date, day: date) -> date:
    """Return the last birthday on or before a day; 29 February counts on 1 March."""
    for year in (day.year, day.year - 1):
        try:
            turned = birth.replace(year=year)
        except ValueError:
            turned = date(year, 3, 1)
        if turned <= day:
            return turned
    return birth
