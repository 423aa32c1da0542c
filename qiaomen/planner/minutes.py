"""How long visits take, learnt from what was recorded: medians over an office, never of a person.

A phone stamps a visit when it is finished, so that from one visit of a round to the next lie the way and the next
visit. Facts in, findings out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

LEAST = 20
"""So many are needed before a median counts: fewer say more of a day than of a kind of visit."""
LONGEST = 120.0
"""A longer pause between two visits is a pause."""
BANDS = ((3, "low"), (6, "middle"))
"""Up to which floor a band reaches; above the last: `high`. Without a lift every flight tells."""
SHUT = "shut"

Key = tuple[str, str, str]
"""Kind of visit (a clock, or SHUT), band of floors or "", door or ""."""


def band_of(floor: int) -> str:
    """Return the band of a floor."""
    return next((band for most, band in BANDS if floor <= most), "high")


@dataclass(frozen=True)
class Took:
    """One visit: why one came, or that nobody opened; where; and how long it took without the way, in minutes."""

    kind: str
    floor: int
    door: str
    minutes: float


@dataclass(frozen=True)
class Learnt:
    """A median and over how many visits."""

    minutes: float
    count: int


def learn(visits: Iterable[Took]) -> dict[Key, Learnt]:
    """Return the medians over at least LEAST visits: by kind; by kind and floors; by kind and door."""
    found: dict[Key, list[float]] = defaultdict(list)
    for visit in visits:
        if 0 <= visit.minutes <= LONGEST:
            for key in ((visit.kind, "", ""), (visit.kind, band_of(visit.floor), ""), (visit.kind, "", visit.door)):
                found[key].append(visit.minutes)
    return {
        key: Learnt(round(median(minutes), 1), len(minutes)) for key, minutes in found.items() if len(minutes) >= LEAST
    }


@dataclass(frozen=True)
class Minutes:
    """The minutes a visit is planned with: as the office wrote them, as they were learnt, else as they are assumed."""

    assumed: Mapping[str, float]
    learnt: Mapping[Key, Learnt] = field(default_factory=dict)
    own: Mapping[Key, float] = field(default_factory=dict)

    def of(self, kind: str, floor: int = 0, door: str = "") -> float:
        """Return the minutes of a visit; floor 0 and no door: of the kind at large."""
        keys = [*([(kind, band_of(floor), "")] if floor else []), (kind, "", "")]
        for key in keys:
            if key in self.own:
                return self.own[key]
        if door and (kind, "", door) in self.learnt:
            return self.learnt[kind, "", door].minutes
        for key in keys:
            if key in self.learnt:
                return self.learnt[key].minutes
        return self.assumed[kind]

    def is_assumed(self, kind: str) -> bool:
        """Say whether nobody wrote and nothing taught the minutes of a kind."""
        return (kind, "", "") not in self.own and (kind, "", "") not in self.learnt
