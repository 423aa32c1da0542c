"""A rate is two figures and what was left out: a share without its denominator is not said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LEAST_ASKED = 10
"""Below so many a share is not told: too few, whatever it is. Source: anchors.md §5, promises.md G1."""


@dataclass(frozen=True)
class Excluded:
    """Who is in the population and not in the denominator, and why: the code of the figure that counts them."""

    code: str
    because: Any


@dataclass(frozen=True)
class Rate:
    """A share: the codes of the part and of the denominator, and who is left out of it with the reason."""

    code: str
    title: Any
    definition: Any
    part: str
    of: str
    excluded: tuple[Excluded, ...] = ()

    def measure(self, values: Mapping[str, int | None]) -> "Ratio | None":
        """Return the share from values by code; None when one of them is not told."""
        part, of = values.get(self.part), values.get(self.of)
        left = [(out.because, values.get(out.code)) for out in self.excluded]
        if part is None or of is None:
            return None
        return Ratio(part, of, tuple(left))


@dataclass(frozen=True)
class Ratio:
    """So many of so many. `excluded`: reason and number (None: not told)."""

    part: int
    of: int
    excluded: tuple[tuple[Any, int | None], ...] = ()

    @property
    def hundred(self) -> int | None:
        """How many of a hundred, rounded half up; None when there are too few to say."""
        if self.of < LEAST_ASKED or self.part > self.of:
            return None
        return (200 * self.part + self.of) // (2 * self.of)
