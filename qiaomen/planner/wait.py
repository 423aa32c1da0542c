"""The bound the head of the office sees: how long a door may wait with the hours there are, and what less would
take.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class WaitFacts:
    """What the bound needs. Minutes a door: the visit and the way to it, as past rounds took them.

    `open_chance`: share of knocks that are answered; a door that does not open takes `missed_minutes` and another try.
    `reserved_share`: part of the hours that must-visits and care visits take from the rest.
    """

    doors: int
    minutes_a_door: float
    weekly_minutes: float
    open_chance: float = 1.0
    missed_minutes: float = 0.0
    reserved_share: float = 0.0

    def __post_init__(self) -> None:
        if self.doors < 0 or self.minutes_a_door <= 0 or self.weekly_minutes < 0 or self.missed_minutes < 0:
            raise ValueError("doors and minutes must not be negative, a door takes time")
        if not 0 < self.open_chance <= 1 or not 0 <= self.reserved_share < 1:
            raise ValueError("0 < open_chance <= 1 and 0 <= reserved_share < 1")

    @property
    def minutes_for_all(self) -> float:
        """Minutes until every door has opened once, the knocks in vain included."""
        missed = (1 / self.open_chance - 1) * self.missed_minutes
        return self.doors * (self.minutes_a_door + missed)


def find_longest_wait(facts: WaitFacts) -> int | None:
    """Return the weeks after which every door has been seen once; None when there are no hours at all."""
    usable = facts.weekly_minutes * (1 - facts.reserved_share)
    return math.ceil(facts.minutes_for_all / usable - 1e-9) if usable > 0 else None


def find_hours_needed(facts: WaitFacts, weeks: int) -> float:
    """Return the hours a week that keep every wait within `weeks` weeks.

    Raises: ValueError when weeks is not positive.
    """
    if weeks <= 0:
        raise ValueError("weeks must be positive")
    return facts.minutes_for_all / weeks / (1 - facts.reserved_share) / 60
