"""A figure: one definition for the number AND for the list behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from qiaomen.kernel.clock import SHANGHAI


def moments_of(start: date, end: date) -> tuple[datetime, datetime]:
    """Return the first and the last moment of a period of days in Asia/Shanghai, both included."""
    return datetime.combine(start, time.min, SHANGHAI), datetime.combine(end, time.max, SHANGHAI)


@dataclass(frozen=True)
class Figure:
    """A published number. `records` takes community, start, end (dates, both included) and as_at (aware)
    and returns a queryset; the number is its length, so list and count cannot disagree."""

    code: str
    title: Any
    definition: Any
    unit: Any
    records: Callable[..., Any]

    def list_records(self, *, community: Any, start: date, end: date, as_at: datetime) -> Any:
        """Return the records behind the number."""
        return self.records(community=community, start=start, end=end, as_at=as_at)

    def count(self, *, community: Any, start: date, end: date, as_at: datetime) -> int:
        """Return the number."""
        return int(self.list_records(community=community, start=start, end=end, as_at=as_at).count())


_figures: dict[str, Figure] = {}


def register(*figures: Figure) -> None:
    """Make figures known by code; a code used twice is a mistake."""
    for figure in figures:
        if figure.code in _figures:
            raise ValueError(f"figure {figure.code} is registered twice")
        _figures[figure.code] = figure


def get(code: str) -> Figure:
    """Return the figure with this code. Raises KeyError."""
    return _figures[code]


def all_figures() -> list[Figure]:
    """Return all figures in the order of their codes."""
    return [_figures[code] for code in sorted(_figures)]
