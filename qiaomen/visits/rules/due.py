"""Which doors are due, each with its reason: a plain rule until the planner comes. Facts in, findings out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

ELDER_AGE = 70
ELDER_DAYS = 30
"""Key groups monthly (Inner Mongolia 2022 tier rule; domain.md §4.6)."""
RETRY_DAYS = 2
GENERAL_DAYS = 90


@dataclass(frozen=True)
class DoorFact:
    """What is known of a door. `last_opened`, `last_outcome_day` and `eldest_birth` are None when not known."""

    dwelling: str
    walk_order: int
    last_opened: date | None
    last_outcome: str | None
    last_outcome_day: date | None
    eldest_birth: date | None


@dataclass(frozen=True)
class DueDoor:
    """A door that is due: the reason's code, the days behind it, and how urgent it is (smaller is sooner)."""

    fact: DoorFact
    reason_code: str
    days: int
    rank: tuple[int, int]


def age_on(birth: date, day: date) -> int:
    """Return the age in whole years on a reference date."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def find_due(fact: DoorFact, today: date) -> DueDoor | None:
    """Say whether a door is due today and why; a refusal is respected for the general cadence."""
    since_try = (today - fact.last_outcome_day).days if fact.last_outcome_day else None
    if since_try is not None and since_try <= 0:
        return None
    if fact.last_outcome == "refused" and since_try is not None and since_try < GENERAL_DAYS:
        return None
    unseen = (today - fact.last_opened).days if fact.last_opened else None
    elder = fact.eldest_birth is not None and age_on(fact.eldest_birth, today) >= ELDER_AGE
    if elder and (unseen is None or unseen >= ELDER_DAYS):
        return DueDoor(fact, "elder", unseen or 0, (0, -(unseen if unseen is not None else 10**6)))
    if fact.last_outcome == "no_answer" and since_try is not None and since_try >= RETRY_DAYS:
        return DueDoor(fact, "second-try", since_try, (1, -since_try))
    if unseen is None:
        return DueDoor(fact, "never-seen", 0, (2, fact.walk_order))
    if unseen >= GENERAL_DAYS:
        return DueDoor(fact, "longest-unseen", unseen, (3, -unseen))
    return None


def choose_doors(facts: Iterable[DoorFact], today: date, limit: int) -> list[DueDoor]:
    """Return at most `limit` due doors, the most urgent ones, in walking order (entrance by entrance, upwards)."""
    due = [found for fact in facts if (found := find_due(fact, today))]
    due.sort(key=lambda found: (*found.rank, found.fact.walk_order, found.fact.dwelling))
    return sorted(due[:limit], key=lambda found: (found.fact.walk_order, found.fact.dwelling))
