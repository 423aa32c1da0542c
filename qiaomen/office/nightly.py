"""What is done by itself once a day: each house declares its tasks in its `nightly.py`; nobody has to press."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from qiaomen.kernel import clock
from qiaomen.office.models import NightlyRun

EVENING, AFTER_MIDNIGHT = time(19, 0), time(0, 10)
"""Asia/Shanghai: when the office has closed, and when the new day has begun."""
DEAD_AFTER, AGAIN_AFTER = timedelta(hours=2), timedelta(hours=1)
"""A run that did not end for so long was killed; one that failed is tried again so much later."""

Work = Callable[[], str]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """`work` does it and returns what it did in words: counts, no names. `hour` is when its turn comes each day."""

    code: str
    title: Any
    work: Work
    hour: time

    def turn(self, moment: datetime) -> datetime:
        """Return when the last turn came."""
        here = moment.astimezone(clock.SHANGHAI)
        today = datetime.combine(here.date(), self.hour, clock.SHANGHAI)
        return today if today <= here else today - timedelta(days=1)


_tasks: dict[str, Task] = {}


def task(code: str, title: Any, hour: time = EVENING) -> Callable[[Work], Work]:
    """Declare a function as a daily task; a code used twice is a mistake (ValueError)."""

    def declare(work: Work) -> Work:
        if code in _tasks:
            raise ValueError(code)
        _tasks[code] = Task(code, title, work, hour)
        return work

    return declare


def tasks() -> list[Task]:
    """Return every task, those of the lower houses of the street first."""
    return list(_tasks.values())


def run_due() -> list[NightlyRun]:
    """Run the tasks whose turn has come and that have not run since; one that fails keeps no other back."""
    return [run for one in tasks() if (run := _claim(one)) is not None and _run(one, run)]


def failed() -> list[Task]:
    """Return the tasks whose last run failed."""
    codes = set(NightlyRun.objects.filter(failed=True).values_list("code", flat=True))
    return [one for one in tasks() if one.code in codes]


def _claim(one: Task) -> NightlyRun | None:
    """Take a task for this process, or return None when it is done or in another's hands."""
    with transaction.atomic():
        NightlyRun.objects.bulk_create([NightlyRun(code=one.code)], ignore_conflicts=True)
        run = NightlyRun.objects.select_for_update().get(code=one.code)
        now = clock.now()
        if run.begun_at is not None:
            under_way = run.ended_at is None and run.begun_at > now - DEAD_AFTER
            done = run.ended_at is not None and not run.failed and run.begun_at >= one.turn(now)
            just_failed = run.failed and run.begun_at > now - AGAIN_AFTER
            if under_way or done or just_failed:
                return None
        run.begun_at, run.ended_at, run.failed = now, None, False
        run.save()
        return run


def _run(one: Task, run: NightlyRun) -> bool:
    try:
        run.outcome = str(one.work())[:300]
    except Exception as error:
        log.exception("nightly task %s failed", one.code)
        run.outcome, run.failed = type(error).__name__, True
    run.ended_at = clock.now()
    run.save()
    return True
