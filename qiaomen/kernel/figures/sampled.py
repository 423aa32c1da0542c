"""What a lot found out: said in sentences with their range, never typed, and taken from here by whoever tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Sampled:
    """One finished round. `found`: question, part ("" for the whole) and what may be said of it, the range first."""

    title: Any
    start: date
    end: date
    url: str
    found: tuple[tuple[Any, str, tuple[str, ...]], ...]


SampledOf = Callable[[Any], list[Sampled]]
_sampled: dict[str, SampledOf] = {}


def register_sampled(house: str, sampled_of: SampledOf) -> None:
    """Make a house known that asks by lot: (community) to its finished rounds, the newest first."""
    if house in _sampled:
        raise ValueError(f"what {house} asked by lot is registered twice")
    _sampled[house] = sampled_of


def sampled_in(community: Any) -> list[Sampled]:
    """Return every finished round of a community."""
    return [round_ for sampled_of in _sampled.values() for round_ in sampled_of(community)]
