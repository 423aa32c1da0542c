"""Learns from past knocks when somebody is home, so that a second try falls on another hour."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SLOTS = (
    "weekday-morning",
    "weekday-afternoon",
    "weekday-evening",
    "weekend-morning",
    "weekend-afternoon",
    "weekend-evening",
)
NOON, EVENING = 12 * 60, 17 * 60
"""Where the day is cut (minutes after midnight). Defaults, not policy."""


@dataclass(frozen=True)
class Knock:
    """One knock in the past: at which door, in which slot, and whether somebody opened."""

    door: str
    slot: str
    opened: bool


@dataclass(frozen=True)
class HomePrior:
    """What is believed before the first knock: Beta(strength × chance, strength × (1 − chance)).

    `chance` 0.6 is a default (10–60 % no answer, planning.md); `strength` counts in knocks: how many it takes until a
    door's own past weighs as much as what is known of the slot.
    """

    chance: float = 0.6
    strength: float = 3.0

    def __post_init__(self) -> None:
        if not 0 < self.chance < 1 or self.strength <= 0:
            raise ValueError("the chance lies between 0 and 1, the strength is positive")


def name_slot(minute: float, is_weekend: bool) -> str:
    """Return the slot of a minute after midnight."""
    part = 0 if minute < NOON else 1 if minute < EVENING else 2
    return SLOTS[part + (3 if is_weekend else 0)]


class HomeChances:
    """The chance that a door opens in a slot, learnt from knocks. Unknown doors get what is known of the slot."""

    def __init__(self, knocks: Iterable[Knock], prior: HomePrior | None = None) -> None:
        self.prior = prior or HomePrior()
        self.tries: Counter[tuple[str, str]] = Counter()
        self.opened: Counter[tuple[str, str]] = Counter()
        slot_tries: Counter[str] = Counter()
        slot_opened: Counter[str] = Counter()
        for knock in knocks:
            self.tries[knock.door, knock.slot] += 1
            self.opened[knock.door, knock.slot] += knock.opened
            slot_tries[knock.slot] += 1
            slot_opened[knock.slot] += knock.opened
        strength = self.prior.strength
        self.slots: Mapping[str, float] = {
            slot: (slot_opened[slot] + strength * self.prior.chance) / (slot_tries[slot] + strength) for slot in SLOTS
        }

    def chance(self, door: str, slot: str) -> float:
        """Return the mean of the door's Beta posterior in a slot (Gelman et al., Bayesian Data Analysis, ch. 2)."""
        tries, opened, strength = self.tries[door, slot], self.opened[door, slot], self.prior.strength
        return (opened + strength * self.slots[slot]) / (tries + strength)

    def chances(self, door: str, slots: Sequence[str]) -> tuple[float, ...]:
        """Return the chances for the slots of some sessions, ready for Door.home_chance."""
        return tuple(self.chance(door, slot) for slot in slots)

    def suggest_slot(self, door: str, slots: Sequence[str] = SLOTS) -> str:
        """Return the slot in which the door most likely opens; among equals the one tried least, then the first."""
        return min(slots, key=lambda slot: (-self.chance(door, slot), self.tries[door, slot], slots.index(slot)))
