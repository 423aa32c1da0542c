"""The only place that reads the clock, so that time can be an argument everywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)
_ahead = timedelta()


def now() -> datetime:
    """Return the present moment, aware, in Asia/Shanghai."""
    return _fixed.get() or datetime.now(SHANGHAI) + _ahead  # noqa: TID251  the one place


def machine_now() -> datetime:
    """Return the machine's own present moment: for what others write or check by it, as certificates."""
    return _fixed.get() or datetime.now(SHANGHAI)  # noqa: TID251  the one place


def run_ahead(seconds: float) -> None:
    """Let this process's time run so many seconds ahead of the machine's (negative: behind): for tests and demos.

    Read from QM_CLOCK by the settings, so that every process of a test lives in the same time; `check --deploy` refuses
    it where residents' data may be.
    """
    global _ahead
    _ahead = timedelta(seconds=seconds)


def seconds_ahead() -> float:
    """Return how far this process's time runs ahead of the machine's."""
    return _ahead.total_seconds()


def start_from(moment: datetime) -> float:
    """Let time run from `moment` (aware) on; returns the seconds it is ahead now, as QM_CLOCK takes them."""
    run_ahead((moment - datetime.now(SHANGHAI)).total_seconds())  # noqa: TID251  the one place
    return seconds_ahead()


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
