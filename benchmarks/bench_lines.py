"""What the lines of one household and of 60 doors cost: CPU time, questions to the database, and each house's share.

    python -m benchmarks.bench_lines [--doors 60] [--others 4000] [--times 15]

The world is tests/stories/family.py: every family has eight open things. `--others` families without any stand in the
same community, so that whatever reads the whole community shows. CPU of this process only (with SQLite that is all of
it); the least of so many times. Goals: 10 ms for one household, 60 ms for 60 doors.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

GOALS = {1: 10.0, 60: 60.0}


def cpu_of(work: Callable[[], Any], times: int) -> float:
    """Return the least CPU time of some work in milliseconds."""
    found = []
    for _ in range(times):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found) * 1000


def measure(doors: int, others: int, times: int) -> None:
    """Make the world and print the table."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from qiaomen.kernel import clock, lines
    from qiaomen.kernel.lines import said, timeline
    from qiaomen.office.models import Organisation, Staff
    from tests.stories import family

    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="B1")
    worker = Staff.objects.create_user("b-w", None, name="网格员", role="worker", organisation=community)
    head = Staff.objects.create_user("b-h", None, name="主任", role="head", organisation=community)
    homes = family.estate(community, worker, head, doors)
    family.crowd(community, others)
    today = clock.today()
    for some in (homes[:1], homes):
        lines.lines_of(some, worker, today)
        with CaptureQueriesContext(connection) as asked:
            found = lines.lines_of(some, worker, today)
        spent = cpu_of(lambda some=some: lines.lines_of(some, worker, today), times)  # type: ignore[misc]
        goal = GOALS.get(len(some))
        print(f"{len(some):3} households: {spent:6.1f} ms CPU (goal {goal}), {len(asked)} queries, {len(found)} lines")
        for house, speak in said.LINES_OF.items():
            alone = cpu_of(lambda speak=speak, some=some: list(speak(some, worker, today)), times)  # type: ignore[misc]
            print(f"      {house:10} {alone:6.1f} ms")
    spent = cpu_of(lambda: timeline.timeline_of(homes[0], worker), times)
    print(f"  timeline of one household: {spent:6.1f} ms CPU")


def main() -> None:
    """Read the words, and measure on a database of its own."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--doors", type=int, default=60)
    words.add_argument("--others", type=int, default=4000)
    words.add_argument("--times", type=int, default=15)
    chosen = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"QM_DATA": folder, "DJANGO_SETTINGS_MODULE": "qiaomen.settings"}
        import conftest

        conftest.set_clock()
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(chosen.doors, chosen.others, chosen.times)


if __name__ == "__main__":
    main()
