"""Which doors are due and why: three clocks (cadence, promise, longest unseen), life events, second tries.

A due visit is deduced from rules and records; nobody ticks it. Its id is made of what it follows from, so that the same
facts give the same due visit however often they are read. Facts in, findings out.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from qiaomen.planner.promise import Term
from qiaomen.visits.rules.vocabulary import WAYS

NAMESPACE = uuid.UUID("6f6d2c3e-6d5e-5b0c-9a52-9d0f3b6f6a11")
REFUSAL_DAYS = 90
"""A refusal is respected for a quarter, the general cadence: nothing but a promise brings somebody to the door."""
RETRY_AFTER_DAYS, RETRY_WITHIN_DAYS = 2, 7
MOST_TRIES = 3
"""After three doors that stayed shut the household goes to a worklist of the desk (planning.md)."""
PROMISE_OPENS_DAYS = 3
AGREED_AHEAD_DAYS = 60
"""No day is agreed further ahead: nobody keeps an hour in mind for longer, and a wrong year is seen at once."""
EVENT_WITHIN_DAYS = 14
AT_ONCE_DAYS = 1
CHANGES = ("moved-in", "born", "bereaved", "married")
"""Events that change a household: its tier says how soon somebody comes (Inner Mongolia 2022: high risk within 24 h).
Birthdays and papers that run out can wait."""


@dataclass(frozen=True)
class Tier:
    """How often a tier is seen. `weight`: how much a day overdue counts beside other tiers. `promised`: what the office
    promised to it, oldest first; empty: nothing. `promised_at_door`: how often of these at the door, likewise.

    `ways`: which ways of seeing somebody count; `door_every_days`: how often at the door at least, None: no more often
    than it comes by itself; `between`: how somebody is seen where the door is not asked for yet; `usual_days`: the
    cadence the tier would like where a shorter one was promised, None: `every_days`.
    """

    code: str
    every_days: int
    opens_before_days: int
    after_change_days: int
    weight: float
    source: str
    title: str = ""
    promised: tuple[Term, ...] = ()
    promised_at_door: tuple[Term, ...] = ()
    ways: Sequence[str] = ("door", "phone", "video")
    door_every_days: int | None = None
    between: str = "door"
    usual_days: int | None = None

    def __post_init__(self) -> None:
        if not ("door" in self.ways and set(self.ways) <= set(WAYS) and self.between in self.ways):
            raise ValueError(f"tier {self.code}: the ways must be known, and the door always counts")
        if not (self.every_days > 0 <= self.opens_before_days <= self.every_days and self.weight > 0 and self.source):
            raise ValueError(f"tier {self.code}: days, weight and source must be said")

    def days_of(self, own: int | None) -> int:
        """Return every how many days a group is seen; at the office's own cadence in the proportion promised."""
        return self.in_proportion(self.every_days, own)

    def in_proportion(self, days: int, own: int | None) -> int:
        """Return days that hold for the tier as they hold for a group seen at the office's `own` cadence."""
        return max(1, -(-days * own // (self.usual_days or self.every_days))) if own else days

    @property
    def knocks_every(self) -> int | None:
        """How often at the door where another way stands between two knocks; None: always at the door."""
        return None if self.between == "door" else self.door_every_days


@dataclass(frozen=True)
class GroupFact:
    """Somebody behind the door is in a care group since a day; `every_days` is the office's own cadence, None the
    tier's.
    """

    code: str
    tier: str
    since: date | None = None
    every_days: int | None = None


@dataclass(frozen=True)
class PromiseFact:
    """Something was promised to this household by a day: a case, a call-back. `key` names it for ever.

    `agreed_on`: when that very day was agreed at the door: nobody comes before it. None: any day up to it will do.
    `came_later`: agreed for later that same day, and somebody was there again on it. `answered`: whether somebody was
    seen since it was asked, where that ends it; None: whoever asked ends it.
    """

    key: str
    kind: str
    due_on: date
    agreed_on: date | None = None
    came_later: bool = False
    answered: bool | None = None


@dataclass(frozen=True)
class EventFact:
    """Something happened in a life: turned-80, moved-in, born, bereaved, card-expires …"""

    kind: str
    day: date


@dataclass(frozen=True)
class Wish:
    """How a household wants to be visited. Always obeyed.

    `quiet_from`–`quiet_to`: a stretch of the day without visits, over midnight too. `whom`: the key of the only one of
    the staff who is let in. `agreed`: from when to when on this very day somebody may come, agreed at the door, in
    place of the quiet hours; no end: until the evening.
    """

    no_visits: bool = False
    phone_instead: bool = False
    quiet_from: time | None = None
    quiet_to: time | None = None
    whom: str | None = None
    most_per_month: int | None = None
    agreed: tuple[time, time | None] | None = None


@dataclass(frozen=True)
class DoorFact:
    """What is known of a door behind which somebody lives, since `known_since`. None is not known.

    `tries`: on how many days in a row nobody opened, up to the last knock. `last_by`: the last day of each way somebody
    was seen; None: all talks were at the door.
    """

    dwelling: str
    known_since: date | None = None
    last_spoken: date | None = None
    last_outcome: str | None = None
    last_outcome_day: date | None = None
    tries: int = 0
    groups: tuple[GroupFact, ...] = ()
    promises: tuple[PromiseFact, ...] = ()
    events: tuple[EventFact, ...] = ()
    wish: Wish = Wish()
    paused_until: date | None = None
    visits_last_month: int = 0
    last_by: tuple[tuple[str, date], ...] | None = None
    has_telephone: bool = True

    def last_seen(self, ways: Collection[str]) -> date | None:
        """Return when somebody was last seen in one of these ways; None: never."""
        if self.last_by is None:
            return self.last_spoken
        return max((day for way, day in self.last_by if way in ways), default=None)


@dataclass(frozen=True)
class Due:
    """A visit that is due: from when, by when, on which clock, why. `way`: door, phone or desk (the worklist).

    `since`: the day behind the reason (last spoken, last knock); None when nobody was ever spoken to.
    `promised_on`: the last day by which it was promised, late after it; None: it was not.
    """

    id: uuid.UUID
    dwelling: str
    clock: str
    reason: str
    opens_on: date
    due_on: date
    way: str = "door"
    weight: float = 1.0
    since: date | None = None
    promised_on: date | None = None


def is_must(clock: str, opens_on: date, due_on: date, day: date) -> bool:
    """Say whether a day is the last one on which a promise can be kept, or a change in a household at high risk calls
    at once: then the door is walked, whatever else waits.
    """
    at_once = clock == "event" and 0 <= (due_on - opens_on).days <= AT_ONCE_DAYS
    return due_on <= day and (clock == "promise" or at_once)


def need_of(weight: float, opens_on: date, due_on: date, day: date) -> float:
    """Return the weight times how far a day is into or past the window, at least the weight itself."""
    window = max(1, (due_on - opens_on).days)
    return weight * (1 + max(0, (day - opens_on).days) / window)


def _due(
    fact: DoorFact, clock: str, reason: str, anchor: object, opens: date, by: date, way: str = "door", **more: object
) -> Due:
    name = "/".join(map(str, (fact.dwelling, clock, reason, anchor)))
    key = uuid.uuid5(NAMESPACE, name)
    return Due(key, fact.dwelling, clock, reason, opens, by, way, **more)  # type: ignore[arg-type]


def deduce(fact: DoorFact, today: date, tiers: Mapping[str, Tier], ahead_days: int = 0) -> list[Due]:
    """Return what is due at a door whose window opens within `ahead_days`, the most pressing first; wishes are
    obeyed.
    """
    horizon = today + timedelta(days=ahead_days)
    wished = (_as_wished(due, fact, today) for due in _all(fact, today, tiers) if due.opens_on <= horizon)
    return sorted((due for due in wished if due), key=lambda due: (due.due_on, -due.weight, due.reason, str(due.id)))


def why_gone(clock: str, reason: str, fact: DoorFact | None, today: date) -> str:
    """Return why what was due is no longer: the cause that its history keeps."""
    if fact is None:
        return "nobody-lives-here"
    if fact.paused_until is not None and today < fact.paused_until:
        return "paused"
    if _refusal_holds(fact, today):
        return "refused"
    if fact.wish.no_visits:
        return "no-visits-wished"
    if clock == "cadence" and reason not in {group.code for group in fact.groups}:
        return "left-group"
    return "withdrawn" if clock == "promise" else "no-longer-true"


def _all(fact: DoorFact, today: date, tiers: Mapping[str, Tier]) -> Iterator[Due]:
    """A knock in vain makes nothing less due: it waits for the second try, and is as late as before. Where a day was
    agreed, the rest waits for it, but no longer than to its own day.
    """
    yield from _promises(fact)
    if _refusal_holds(fact, today):
        return
    agreed = max((promise.due_on for promise in fact.promises if is_to_come(promise, fact)), default=date.min)
    for due in _by_themselves(fact, today, tiers):
        yield replace(due, opens_on=max(due.opens_on, min(agreed, due.due_on)))


def _by_themselves(fact: DoorFact, today: date, tiers: Mapping[str, Tier]) -> Iterator[Due]:
    events = list(_events(fact, tiers))
    at_once = [due for due in events if (due.due_on - due.opens_on).days <= AT_ONCE_DAYS]
    yield from at_once
    later = [due for due in events if due not in at_once]
    asked = [*later, *_cadence(fact, today, tiers), _unseen(fact, today, tiers["everyone"])]
    if fact.last_outcome == "no_answer" and fact.last_outcome_day:
        again = _second_try(fact, fact.last_outcome_day)
        yield again
        asked = [replace(due, opens_on=max(due.opens_on, again.opens_on), way=again.way) for due in asked]
    yield from asked


def _refusal_holds(fact: DoorFact, today: date) -> bool:
    day = fact.last_outcome_day
    return fact.last_outcome == "refused" and day is not None and (today - day).days < REFUSAL_DAYS


def _is_away(fact: DoorFact, today: date) -> bool:
    return fact.paused_until is not None and today < fact.paused_until


def _as_wished(due: Due, fact: DoorFact, today: date) -> Due | None:
    """Obey: nobody is sent to a door that asked for none; a promise is then kept by telephone. Who agreed on a day
    with us wants us on it, however often somebody came this month.
    """
    wish, by_phone = fact.wish, replace(due, way="phone")
    often = wish.most_per_month is not None and fact.visits_last_month >= wish.most_per_month
    often = often and not (due.clock == "promise" and has_agreed(fact, due.due_on))
    if wish.no_visits or often or _is_away(fact, today):
        return by_phone if due.clock == "promise" else None
    return by_phone if wish.phone_instead else due


def _promises(fact: DoorFact) -> Iterator[Due]:
    for promise in fact.promises:
        if promise.answered or (promise.agreed_on and not is_to_come(promise, fact)):
            continue
        opens = promise.due_on - timedelta(days=0 if promise.agreed_on else PROMISE_OPENS_DAYS)
        yield _due(fact, "promise", promise.kind, promise.key, opens, promise.due_on, weight=12.0)


def may_be_agreed(day: date, today: date) -> bool:
    """Say whether a day is one that can be agreed with a household."""
    return 0 <= (day - today).days <= AGREED_AHEAD_DAYS


def has_agreed(fact: DoorFact, day: date) -> bool:
    """Say whether a household agreed with us that somebody comes on a day."""
    return any(promise.agreed_on is not None and promise.due_on == day for promise in fact.promises)


def is_to_come(promise: PromiseFact, fact: DoorFact) -> bool:
    """Say whether a day that was agreed is still owed: nobody talked to them since, or knocked on that day."""
    if promise.agreed_on is None or promise.came_later:
        return False
    talked = fact.last_spoken is not None and fact.last_spoken > promise.agreed_on
    knocked = fact.last_outcome_day is not None and fact.last_outcome_day >= promise.due_on > promise.agreed_on
    return not talked and not knocked


def _events(fact: DoorFact, tiers: Mapping[str, Tier]) -> Iterator[Due]:
    """An event is answered by the first talk after it."""
    soon = min((tiers[group.tier].after_change_days for group in fact.groups), default=EVENT_WITHIN_DAYS)
    for event in fact.events:
        within = soon if event.kind in CHANGES else EVENT_WITHIN_DAYS
        if fact.last_spoken is None or fact.last_spoken < event.day:
            yield _due(fact, "event", event.kind, event.day, event.day, event.day + timedelta(days=within), weight=8.0)


def _cadence(fact: DoorFact, today: date, tiers: Mapping[str, Tier]) -> Iterator[Due]:
    """The group that asks soonest; a household nobody has spoken to is due from the day it is known to be in
    the group.
    """
    asked = []
    for group in fact.groups:
        tier = tiers[group.tier]
        every = tier.days_of(group.every_days)
        seen = fact.last_seen(tier.ways)
        known = seen or group.since or fact.known_since
        anchor = known or today
        door_by = _door_by(fact, tier, group.every_days)
        due_on = min(anchor + timedelta(days=every), door_by or date.max)
        known_as = seen or f"from-{known}"
        ahead = min(tier.opens_before_days, every // 2)
        opens = due_on - timedelta(days=ahead) if seen else anchor
        way = _way(fact, tier, max(due_on, today) + timedelta(days=every), door_by)
        asked.append(_due(fact, "cadence", group.code, known_as, opens, due_on, way, weight=tier.weight, since=seen))
    if asked:
        yield min(asked, key=lambda due: (due.due_on, -due.weight, due.reason))


def _door_by(fact: DoorFact, tier: Tier, own: int | None = None) -> date | None:
    """Return by when a tier asks for somebody at the door; None: it does not, they wish no knock, or never saw us."""
    at_door = fact.last_seen(("door",))
    if tier.door_every_days is None or fact.wish.phone_instead or at_door is None:
        return None
    return at_door + timedelta(days=tier.in_proportion(tier.door_every_days, own))


def _way(fact: DoorFact, tier: Tier, next_after: date, door_by: date | None) -> str:
    """Return how somebody is seen next: as the tier says between two knocks, and at the door when the contact after
    it (`next_after`) would be too late for that; first and where no telephone is known always at the door. A call that
    nobody made counts as made today at the soonest, so that it does not stand in the way of the knock for ever.
    """
    at_door = fact.last_seen(("door",)) is None or (door_by is not None and next_after > door_by)
    unheard = tier.between == "phone" and not fact.has_telephone
    return "door" if at_door or unheard else tier.between


def _unseen(fact: DoorFact, today: date, bound: Tier) -> Due:
    known = fact.last_spoken or fact.known_since
    anchor = known or today
    due_on = min(anchor + timedelta(days=bound.every_days), _door_by(fact, bound) or date.max)
    opens = due_on - timedelta(days=bound.opens_before_days) if fact.last_spoken else anchor
    reason = "longest-unseen" if fact.last_spoken else "never-seen"
    return _due(fact, "unseen", reason, known, opens, due_on, weight=bound.weight, since=fact.last_spoken)


def _second_try(fact: DoorFact, last: date) -> Due:
    """Another hour two days later; after three doors that stayed shut a person of the desk thinks of something else."""
    opens, by = last + timedelta(days=RETRY_AFTER_DAYS), last + timedelta(days=RETRY_WITHIN_DAYS)
    way = "desk" if fact.tries >= MOST_TRIES else "door"
    weight = 5.0 if fact.groups else 2.0
    return _due(fact, "retry", "second-try", last, opens, by, way, weight=weight, since=last)
