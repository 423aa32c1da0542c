"""The only place that reads the clock, so that time can be an argument everywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """Return the present moment, aware, in Asia/Shanghai."""
    return _fixed.get() or datetime.now(SHANGHAI)  # noqa: TID251  the one place


def today() -> date:
    """Return today's date in Asia/Shanghai."""
    return now().date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` (aware) inside the block: for tests and for simtown's lived weeks."""
    if moment.tzinfo is None:
        raise ValueError("clock.at needs an aware datetime")
    token = _fixed.set(moment.astimezone(SHANGHAI))
    try:
        yield
    finally:
        _fixed.reset(token)
