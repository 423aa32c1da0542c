"""A figure: one definition for the number AND for the list behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from qiaomen.kernel.clock import SHANGHAI


def moments_of(start: date, end: date) -> tuple[datetime, datetime]:
    """Return the first and the last moment of a period of days in Asia/Shanghai, both included."""
    return datetime.combine(start, time.min, SHANGHAI), datetime.combine(end, time.max, SHANGHAI)


@dataclass(frozen=True)
class Breakdown:
    """One way in which a number falls into parts that add up to it.

    `path`: the field of the records, as the ORM writes it; it must not multiply rows. `say`: the word for a value,
    None too, so that what nobody knows is a part with a name and never lost. `values`: every value there can be, where
    the list is closed; only such a breakdown may be published, for a part that is missing would say that it is nought.
    """

    code: str
    title: Any
    path: str
    say: Callable[[Any], Any]
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Distinct:
    """Of how many different ones the records are: 97 services for 83 elders. `path`: the field that names them."""

    title: Any
    unit: Any
    path: str


@dataclass(frozen=True)
class Earlier:
    """How a figure was defined before: what was frozen under it is recomputed by it, and by no newer words."""

    version: int
    definition: Any
    records: Callable[..., Any]


@dataclass(frozen=True)
class Flow:
    """How a number as at a moment changes: what was there, with `into` without `but`, less `out`, is what is there.

    What comes and goes by other ways is small, and a reader may know it: the small-number rule takes it as known.
    """

    into: tuple[str, ...]
    out: tuple[str, ...]
    but: tuple[str, ...] = ()


@dataclass(frozen=True)
class Middle:
    """A number that each record carries, of which the middle one is told. `values`: of records, the numbers."""

    title: Any
    unit: Any
    definition: Any
    values: Callable[..., Any]


@dataclass(frozen=True)
class Numbers:
    """What one figure says: its value, of how many different ones (None: not asked), and its parts by their value."""

    value: int
    distinct: int | None
    parts: Mapping[Any, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """A published number. `records` takes community, start, end (dates, both included) and as_at (aware)
    and returns a queryset; the number is its length, so list and count cannot disagree.

    `population`: among what it was looked for, in words. `whole`: the code of the figure of which it is a part.
    `splits`: codes of figures that are all of it together, each way of taking it apart. `parts_of`: breakdown and
    values of its whole that are the same records. `flow`: for a number as at a moment, what moves it. Whoever reads
    such numbers reckons with them, so the small-number rule does. `middle`: of a number each record carries.
    `counts`: "during" adds up over time, "distinct" counts each once in a period, "at" is as at the period's end.
    `first`: the first day the community has records of this kind, None: none yet; a period that began before it is
    compared with nothing. `version` grows whenever the definition changes; `earlier` keeps what it was.
    """

    code: str
    title: Any
    definition: Any
    unit: Any
    records: Callable[..., Any]
    population: Any = ""
    whole: str = ""
    counts: str = "during"
    breakdowns: tuple[Breakdown, ...] = ()
    distinct: Distinct | None = None
    first: Callable[[Any], date | None] | None = None
    version: int = 1
    earlier: tuple[Earlier, ...] = ()
    splits: tuple[tuple[str, ...], ...] = ()
    parts_of: tuple[str, tuple[str, ...]] | None = None
    flow: Flow | None = None
    middle: Middle | None = None

    def list_records(self, *, community: Any, start: date, end: date, as_at: datetime) -> Any:
        """Return the records behind the number."""
        return self.records(community=community, start=start, end=end, as_at=as_at)

    def count(self, *, community: Any, start: date, end: date, as_at: datetime) -> int:
        """Return the number."""
        return int(self.list_records(community=community, start=start, end=end, as_at=as_at).count())

    def defined(self, version: int) -> Earlier | None:
        """Return a definition by its version; None when its code is no longer kept."""
        if version == self.version:
            return Earlier(self.version, self.definition, self.records)
        return next((before for before in self.earlier if before.version == version), None)

    def breakdown(self, code: str) -> Breakdown | None:
        """Return a breakdown by its code."""
        return next((parts for parts in self.breakdowns if parts.code == code), None)

    def closed(self, code: str) -> Breakdown:
        """Return a breakdown that may be published. Raises LookupError for one whose parts are not a closed list."""
        found = self.breakdown(code)
        if found is None or not found.values:
            raise LookupError(f"{self.code} has no closed breakdown {code}")
        return found

    def list_part(self, breakdown: Breakdown, value: Any, **period: Any) -> Any:
        """Return the records of one part."""
        return self.list_records(**period).filter(**{breakdown.path: value})
