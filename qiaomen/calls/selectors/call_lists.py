"""Who is to be rung up today, in which order, when they answer, and what to say: one list for desk and phone."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qiaomen.calls.models import Alert, Call, GoBetween
from qiaomen.calls.rules.calling import SPOKE, Callee, why_not
from qiaomen.calls.selectors.alerts import Warned, open_alerts, warned_by
from qiaomen.calls.selectors.labels import GO_BETWEEN_TITLES, WHY_NOT, alert_title, alerts
from qiaomen.kernel import clock
from qiaomen.kernel.lines import MOST_SAID, asked_at_door, by_household, lines_of, said_at_door
from qiaomen.office.models import Organisation, Staff
from qiaomen.planner.home import SLOTS, HomeChances, Knock, name_slot
from qiaomen.register.models import Household
from qiaomen.visits.models import DueVisit, Visit
from qiaomen.visits.rules.due import Wish
from qiaomen.visits.rules.vocabulary import WAY_OF
from qiaomen.visits.selectors.facts import Scope, wishes_of, with_telephone
from qiaomen.visits.selectors.knocks import minutes_of
from qiaomen.visits.selectors.labels import plain_words, slot_title, wish_in_words
from qiaomen.visits.selectors.worklist import days_since

MOST_SHOWN = 60
PAST_DAYS = 365
MONTH_DAYS = 30


@dataclass
class Asked:
    """A household on the list and why. `line`: of an alert; `row`: the due visit it answers."""

    home: UUID
    alert: Alert | None = None
    line: int = 0
    urgent: bool = False
    telling: bool = False
    row: DueVisit | None = None
    due_on: date = date.max

    @property
    def is_promised(self) -> bool:
        """Whether the call keeps what was promised to them."""
        return self.row is not None and self.row.clock == "promise"


@dataclass
class CallList:
    """The list of a moment: who, and what the alerts behind it found."""

    asked: list[Asked]
    warned: list[Warned] = field(default_factory=list)


def call_list(community: Organisation, day: date) -> CallList:
    """Return everybody to be rung up on a day, each household once: urgent alerts, other alerts in the order of their
    lines, then what is due by telephone, the longest due first.
    """
    warned = [warned_by(alert, day) for alert in open_alerts(community, day)]
    found: dict[UUID, Asked] = {}
    for one in warned:
        entry = alerts()[one.alert.kind]
        urgent, telling = bool(entry.get("urgent")), bool(entry.get("telling"))
        for home, line in one.homes.items():
            found.setdefault(home, Asked(home, one.alert, line, urgent, telling))
    for home, row in _due_by_phone(community, day).items():
        asked = found.setdefault(home, Asked(home))
        asked.row, asked.due_on = row, row.due_on
    places = dict(Household.objects.filter(pk__in=found).values_list("pk", "dwelling__walk_order"))
    order = sorted(
        found.values(),
        key=lambda one: (not one.urgent, one.alert is None, one.line, one.due_on, places.get(one.home) or 0),
    )
    return CallList(order, warned)


def _due_by_phone(community: Organisation, day: date) -> dict[UUID, DueVisit]:
    """Return per household what is due by telephone, the most pressing."""
    rows = DueVisit.objects.filter(community=community, state="open", way="phone", opens_on__lte=day).defer("history")
    by_door: dict[UUID, DueVisit] = {}
    for row in rows.order_by("due_on", "-weight", "pk"):
        by_door.setdefault(row.dwelling_id, row)
    homes = Household.objects.filter(dwelling__in=by_door, state="living").order_by("-pk")
    return {home: by_door[door] for home, door in homes.values_list("pk", "dwelling") if door}


class Known:
    """What is known of some households before they are rung up, read in a fixed number of queries."""

    def __init__(self, community: Organisation, homes: list[UUID], now: datetime) -> None:
        self.now = now.astimezone(clock.SHANGHAI)
        scope = Scope(community, self.now.date())
        self.wishes = {home: wish for home, wish in wishes_of(scope).items() if home in set(homes)}
        self.telephones = with_telephone(scope)
        self.tries: dict[UUID, list[datetime]] = defaultdict(list)
        self.declined: dict[UUID, date] = {}
        self.answered: dict[UUID, datetime] = {}
        knocks: list[Knock] = []
        since = self.now - timedelta(days=PAST_DAYS)
        calls = Call.objects.filter(household__in=homes, way="phone", happened_at__gte=since).order_by("happened_at")
        for home, outcome, moment in calls.values_list("household", "outcome", "happened_at"):
            at = moment.astimezone(clock.SHANGHAI)
            spoke = outcome in SPOKE
            knocks.append(Knock(str(home), name_slot(minutes_of(at.time()), at.weekday() > 4), spoke))
            if spoke:
                self.tries.pop(home, None)
                self.answered[home] = at
            else:
                self.tries[home].append(at)
            if outcome == "declined":
                self.declined[home] = at.date()
        self.chances = HomeChances(knocks)
        self.contacts = self._contacts(homes)

    def _contacts(self, homes: list[UUID]) -> dict[UUID, int]:
        """Return on how many days of the last month somebody of each household was seen, in whatever way."""
        since = datetime.combine(self.now.date() - timedelta(days=MONTH_DAYS - 1), time.min, clock.SHANGHAI)
        rows = Visit.objects.filter(household__in=homes, happened_at__gte=since, outcome__in=WAY_OF)
        days: dict[UUID, set[date]] = defaultdict(set)
        for home, moment in rows.values_list("household", "happened_at"):
            if home:
                days[home].add(moment.astimezone(clock.SHANGHAI).date())
        return {home: len(found) for home, found in days.items()}

    def callee(self, home: UUID) -> Callee:
        """Return what the rules ask of one household."""
        wish = self.wishes.get(home, Wish())
        return Callee(
            wish.quiet_from,
            wish.quiet_to,
            wish.most_per_month,
            self.contacts.get(home, 0),
            tuple(self.tries.get(home, ())),
            self.declined.get(home),
            home in self.telephones,
        )

    def why_not(self, asked: Asked) -> str:
        """Return why a household is not to be rung up now, "" when it may be."""
        return why_not(self.callee(asked.home), self.now, urgent=asked.urgent, promised=asked.is_promised)

    def answers_when(self, home: UUID) -> str:
        """Return in words when they answer: the part of the week that went best, "" where nobody ever picked up."""
        if home not in self.answered:
            return ""
        return slot_title(self.chances.suggest_slot(str(home), SLOTS))


def who_may_be_rung_first(community: Organisation, asked: list[Asked], now: datetime) -> list[Asked]:
    """Return the same rows, who is not to be rung up now behind all others: a list that is cut loses none that waits
    for a call. What is urgent stays in front.
    """
    known = Known(community, [one.home for one in asked], now)
    return sorted(asked, key=lambda one: not one.urgent and known.why_not(one) != "")


def rows_of(community: Organisation, asked: list[Asked], viewer: Staff, now: datetime) -> list[dict[str, Any]]:
    """Return rows as desk and phone show them, of at most MOST_SHOWN households; numbers are not in them."""
    shown = who_may_be_rung_first(community, asked, now)[:MOST_SHOWN]
    keys = [one.home for one in shown]
    homes = Household.objects.select_related("dwelling__entrance__building__compound", "community").in_bulk(keys)
    known = Known(community, keys, now)
    day = known.now.date()
    said = by_household(lines_of([home for home in homes.values() if home.state == "living"], viewer, day))
    named = dict(GoBetween.objects.filter(household__in=keys, ended_at=None).values_list("household", "kind"))
    whom = {wish.whom for wish in known.wishes.values() if wish.whom}
    staff = {str(key): name for key, name in Staff.objects.filter(pk__in=whom).values_list("pk", "name")}
    return [
        {
            "household": homes[one.home],
            **_why(one, known, day),
            "wish": wish_in_words(known.wishes.get(one.home), staff),
            "say": _say(one, said_at_door(said.get(one.home, [])), community),
            "ask": asked_at_door(said.get(one.home, [])),
            "go_between_kind": GO_BETWEEN_TITLES[named[one.home]] if one.home in named else "",
        }
        for one in shown
    ]


def _why(one: Asked, known: Known, day: date) -> dict[str, Any]:
    """Return why a household is to be rung up, and when it picks up or is not to be rung up now."""
    why = known.why_not(one)
    return {
        "urgent": one.urgent,
        "reason": _reason(one, day),
        "late": one.row is not None and one.row.promised_on is not None and one.row.promised_on < day,
        "due_on": one.row.due_on if one.row else None,
        "why_not": why,
        "wait": WHY_NOT[why] if why else "",
        "answers_when": known.answers_when(one.home),
        "tries": len(known.tries.get(one.home, ())),
    }


def _reason(one: Asked, day: date) -> str:
    """Return why in plain words: of which group somebody is stands on the page of the one door, and is a look."""
    if one.alert is not None:
        title = alert_title(one.alert.kind)
        return _("{title}，马上问").format(title=title) if one.urgent else _("{title}，问一声").format(title=title)
    if one.row is None:
        return ""
    return plain_words(one.row.reason, days_since(one.row, day), one.row)


def _say(one: Asked, said: list[str], community: Organisation) -> list[str]:
    """Return three things to say: what the alert asks for, what the houses have to say, how to reach the office."""
    first = [_(words) for words in alerts()[one.alert.kind]["say"]] if one.alert else []
    last = [_("不认识的人要验证码、要转账，先给社区打电话。")]
    if community.telephone:
        last.append(_("有事打社区电话 {telephone}，能上门办的不用您跑。").format(telephone=community.telephone))
    return [*first, *said, *last][:MOST_SAID]
