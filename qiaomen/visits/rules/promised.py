"""By when a due visit was promised, how many doors a promise is about, and when the promise is asked about again.

Late is past what was promised, never past the cadence a tier would like: what the hours cannot hold is a question to
the head of the office, not a red mark at a door. Facts in, findings out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from qiaomen.planner.promise import Kept, Term, promised_day
from qiaomen.visits.rules.due import DoorFact, Due, GroupFact, Tier

EVERYONE = "everyone"
NONE, TIERS, SHORT = "none", "tiers", "short"
"""Why the promise is asked about: none was made, a tier has none, the hours do not hold it."""


def with_promises(dues: Iterable[Due], fact: DoorFact, today: date, tiers: Mapping[str, Tier]) -> list[Due]:
    """Return what is due at a door with the last day by which it was promised.

    A household was promised its own day; an event cannot be late before the office knew of the household; a second try
    is late when the visit behind it is.
    """
    care, seen = _care_by(fact, today, tiers), _seen_by(fact, today, tiers)
    soonest = min((day for day in (care, seen) if day), default=None)
    days = {"cadence": care, "unseen": seen, "retry": soonest}
    return [replace(due, promised_on=days[due.clock] if due.clock in days else _own_day(due, fact)) for due in dues]


def _care_by(fact: DoorFact, today: date, tiers: Mapping[str, Tier]) -> date | None:
    found = []
    for group in fact.groups:
        tier = tiers[group.tier]
        known = fact.last_seen(tier.ways) or group.since or fact.known_since or today
        anchor = max(known, group.since) if group.since else known
        found.append(promised_day(anchor, terms_of(tier, group)))
    return min((day for day in found if day), default=None)


def terms_of(tier: Tier, group: GroupFact) -> Sequence[Term]:
    """Return what was promised to a group: where the office sees it at its own cadence, the promise to the tier in the
    same proportion.
    """
    if group.every_days is None:
        return tier.promised
    usual = tier.usual_days or tier.every_days
    return [
        replace(term, days=term.days and max(1, -(-term.days * group.every_days // usual))) for term in tier.promised
    ]


def _seen_by(fact: DoorFact, today: date, tiers: Mapping[str, Tier]) -> date | None:
    return promised_day(fact.last_spoken or fact.known_since or today, tiers[EVERYONE].promised)


def _own_day(due: Due, fact: DoorFact) -> date:
    """Return the day of a promise to the household; of an event, counted from when the household was known."""
    days = [event.day for event in fact.events if event.kind == due.reason and event.day <= due.due_on]
    if due.clock != "event" or not days or fact.known_since is None or fact.known_since <= max(days):
        return due.due_on
    return due.due_on + (fact.known_since - max(days))


def count_doors(facts: Iterable[DoorFact], tiers: Mapping[str, Tier]) -> dict[str, int]:
    """Return how many doors each tier asks to be walked to; a door stands with the group that asks soonest.

    A group seen at the office's own cadence counts as so many more or fewer doors. Who wishes no knock is not there.
    """
    found: dict[str, float] = defaultdict(float)
    for fact in facts:
        if fact.wish.no_visits or fact.wish.phone_instead:
            continue
        asked = [(tiers[group.tier].days_of(group.every_days), group.tier) for group in fact.groups]
        every, tier = min(asked, default=(tiers[EVERYONE].every_days, EVERYONE))
        found[tier] += tiers[tier].every_days / every
    return {tier: round(number) for tier, number in found.items()}


def question_of(doors: Mapping[str, int], promised: Mapping[str, Any] | None, kept: Sequence[Kept]) -> dict[str, Any]:
    """Return what of the promise stands open: {} or {why, tiers}. `promised`: its terms, None: none was made."""
    if not any(doors.values()):
        return {}
    if promised is None:
        return {"why": NONE, "tiers": []}
    if new := [tier for tier, number in sorted(doors.items()) if number and tier not in promised]:
        return {"why": TIERS, "tiers": new}
    broken = [one.demand.code for one in kept if one.demand.doors and not one.is_kept]
    return {"why": SHORT, "tiers": broken} if broken else {}


def last_of(terms: Iterable[tuple[date, Mapping[str, Any]]], tier: str) -> tuple[Term, ...]:
    """Return what was promised to a tier, oldest first; of two promises of one day the later holds."""
    by_day = dict(terms)
    return tuple(Term(day, (term.get(tier) or {}).get("days")) for day, term in sorted(by_day.items()))
