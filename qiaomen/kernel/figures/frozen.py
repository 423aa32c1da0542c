"""A number as it was published, held against what the same definition gives today."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qiaomen.kernel.figures.figure import Figure


@dataclass(frozen=True)
class Frozen:
    """A number with the keys of its records, the definition it was counted by, and that definition's version."""

    code: str
    version: int
    definition: str
    keys: tuple[str, ...]

    @property
    def value(self) -> int:
        """The number."""
        return len(self.keys)


@dataclass(frozen=True)
class Difference:
    """Which records a recount has lost and which it has gained; `again` None: its definition is no longer kept.

    `redefined`: the figure is defined otherwise today; `by_today`: what that gives, None when it is not.
    """

    again: int | None
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()
    redefined: bool = False
    by_today: int | None = None

    def __bool__(self) -> bool:
        return bool(self.gone or self.come or self.redefined)


def keys_of(records: Any) -> tuple[str, ...]:
    """Return the keys of records, in order of the keys, each once."""
    return tuple(sorted({str(key) for key in records.values_list("pk", flat=True)}))


def freeze(figure: Figure, **asked: Any) -> Frozen:
    """Return a figure's number and list from one query. `asked`: community, start, end, as_at."""
    return Frozen(figure.code, figure.version, str(figure.definition), keys_of(figure.list_records(**asked)))


def compare(figure: Figure, frozen: Frozen, **asked: Any) -> Difference:
    """Recompute a frozen number by its own definition, for its own moment. One query, two when it was redefined."""
    redefined = frozen.version != figure.version
    by_today = figure.count(**asked) if redefined else None
    standing = figure.defined(frozen.version)
    if standing is None:
        return Difference(None, redefined=True, by_today=by_today)
    now = keys_of(standing.records(**asked))
    gone, come = _missing(frozen.keys, now), _missing(now, frozen.keys)
    return Difference(len(now), gone, come, redefined, by_today)


def _missing(here: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    known = set(there)
    return tuple(key for key in here if key not in known)
