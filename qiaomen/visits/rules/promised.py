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
NONE, TIERS, SHORT, GREW = "none", "tiers", "short", "grew"
"""Why the promise is asked about: none was made, a tier has none, the hours do not hold it, many doors came in."""
GREW_DOORS, GREW_SHARE = 20, 0.2
"""So many doors, and such a share of those it had, that a tier grew by (a list came in) ask again. Defaults."""


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
        begins = group.since or fact.known_since or today
        for terms, ways in _asked_of(fact, tier):
            known = fact.last_seen(ways) or begins
            anchor = max(known, group.since) if group.since else known
            found.append(promised_day(anchor, terms_of(tier, group, terms)))
    return min((day for day in found if day), default=None)


def _asked_of(fact: DoorFact, tier: Tier) -> list[tuple[Sequence[Term], Sequence[str]]]:
    """Return what was promised to a tier and the ways that keep it: seen at all, and seen at the door. Who wishes no
    knock is promised none.
    """
    asked: list[tuple[Sequence[Term], Sequence[str]]] = [(tier.promised, tier.ways)]
    if not fact.wish.no_visits and not fact.wish.phone_instead:
        asked.append((tier.promised_at_door, ("door",)))
    return asked


def terms_of(tier: Tier, group: GroupFact, terms: Sequence[Term]) -> Sequence[Term]:
    """Return what was promised to a group: where the office sees it at its own cadence, the promise to the tier in the
    same proportion.
    """
    if group.every_days is None:
        return terms
    return [replace(term, days=term.days and tier.in_proportion(term.days, group.every_days)) for term in terms]


def _seen_by(fact: DoorFact, today: date, tiers: Mapping[str, Tier]) -> date | None:
    everyone, found = tiers[EVERYONE], []
    for terms, ways in _asked_of(fact, everyone):
        last = fact.last_seen(ways) if terms is everyone.promised_at_door else fact.last_spoken
        found.append(promised_day(last or fact.known_since or today, terms))
    return min((day for day in found if day), default=None)


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


def question_of(
    doors: Mapping[str, int],
    promised: Mapping[str, Any] | None,
    kept: Sequence[Kept],
    then: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Return what of the promise stands open: {} or {why, tiers}. `promised`: its terms, None: none was made; `then`:
    the doors of each tier when it was made.
    """
    if not any(doors.values()):
        return {}
    if promised is None:
        return {"why": NONE, "tiers": []}
    if new := [tier for tier, number in sorted(doors.items()) if number and _is_new(tier, promised, then)]:
        return {"why": TIERS, "tiers": new}
    broken = [one.demand.code for one in kept if one.demand.doors and not one.is_kept]
    if broken:
        return {"why": SHORT, "tiers": broken}
    grown = [tier for tier, number in sorted(doors.items()) if then is not None and _grew(number, then.get(tier, 0))]
    return {"why": GREW, "tiers": grown} if grown else {}


def _is_new(tier: str, promised: Mapping[str, Any], then: Mapping[str, int] | None) -> bool:
    """Say whether nobody decided about a tier: it is not in the promise, or it had no doors when nothing was promised
    to it.
    """
    nothing = not (promised.get(tier) or {}).get("days")
    return tier not in promised or (nothing and then is not None and not then.get(tier))


def _grew(number: int, then: int) -> bool:
    """Say whether so many doors came into a tier since it was promised that the promise is looked at again."""
    return number - then >= max(GREW_DOORS, GREW_SHARE * then)


def last_of(terms: Iterable[tuple[date, Mapping[str, Any]]], tier: str, word: str = "days") -> tuple[Term, ...]:
    """Return what was promised to a tier, oldest first; of two promises of one day the later holds. `word`: "days",
    or "door_days" for how often of these at the door.
    """
    by_day = dict(terms)
    return tuple(Term(day, (term.get(tier) or {}).get(word)) for day, term in sorted(by_day.items()))
