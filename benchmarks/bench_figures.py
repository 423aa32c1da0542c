"""What the figures of a community of 200,000 matters a year cost: each alone, all of them, and the lists when frozen.

    python -m benchmarks.bench_figures [--matters 200000] [--times 3]
    QM_DATABASE_URL=postgresql://… python -m benchmarks.bench_figures

The world is invented and seeded: matters over one year, nine in ten of them a case, most of those closed, asked and
answered, one in twenty reopened; an answer owed for each closed case; half as many visits as matters. CPU of this
process, the least of so many times, beside the time waited (with PostgreSQL the work is the server's). Goals
(issue 19): all figures of the year 2 s, one 150 ms of CPU.
"""

import argparse
import os
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

ALL_GOAL, ONE_GOAL = 2_000.0, 150.0
DOORS = 1_200


def cost(work: Callable[[], Any], times: int) -> tuple[float, float]:
    """Return the least CPU time and the least time waited of some work, in milliseconds."""
    found = []
    for _ in range(times):
        began = time.process_time(), time.perf_counter()
        work()
        found.append((time.process_time() - began[0], time.perf_counter() - began[1]))
    return min(cpu for cpu, _wall in found) * 1000, min(wall for _cpu, wall in found) * 1000


def invent(matters: int, end: datetime, community: Any, worker: Any) -> None:
    """Write a year of matters, their cases and steps, the answers owed, and visits."""
    from qiaomen.cases.models import Case, CaseStep
    from qiaomen.needs.models import Need, Owed
    from qiaomen.needs.rules.vocabulary import KINDS, ORIGINS
    from qiaomen.visits.models import Visit

    random, homes = Random(19), estate(community)
    needs, cases, steps, owed, visits = [], [], [], [], []
    for number in range(matters):
        at = end - timedelta(seconds=random.randrange(365 * 86_400))
        home = random.choice(homes)
        handling = random.choices(["on_the_spot", "mine", "office", "urgent"], [1, 4, 4, 1])[0]
        key = uuid.UUID(int=random.getrandbits(128), version=4)
        common = {"community": community, "household": home}
        heard = {"kind": random.choice(KINDS), "origin": random.choice(ORIGINS), "handling": handling}
        needs.append(Need(id=key, words="", heard_at=at, heard_by=worker, received_at=at, **common, **heard))
        if number % 2:
            visits.append(
                Visit(
                    community=community,
                    dwelling=home.dwelling,
                    household=home,
                    staff=worker,
                    outcome="met",
                    happened_at=at,
                    received_at=at,
                    origin="phone",
                )
            )
        if handling != "on_the_spot":
            case = Case(community=community, need_id=key, owner=worker, opened_at=at, due_on=at.date() + timedelta(7))
            steps += walk(case, at, end, random, worker, CaseStep)
            cases.append(case)
            if case.closed_at:
                made = case.closed_at
                told = {"told_at": made + timedelta(hours=random.randrange(72)), "told_by": worker}
                due = made.date() + timedelta(days=2)
                owed.append(
                    Owed(
                        sentence="",
                        channel="door",
                        due_on=due,
                        owner=worker,
                        made_at=made,
                        made_by=worker,
                        **told,
                        **common,
                    )
                )
    for rows in (needs, visits, cases, steps, owed):
        type(rows[0]).objects.bulk_create(rows, batch_size=5_000)  # type: ignore[attr-defined]


def walk(case: Any, at: datetime, end: datetime, random: Random, worker: Any, step: Any) -> list[Any]:
    """Take a case through its steps up to now; return the steps."""
    taken = [step(case=case, at=at, staff=worker, kind="opened", due_on=case.due_on)]
    reopened = random.random() < 0.05
    for kind in ["closed", *(["not_solved", "closed"] if reopened else []), "solved"]:
        at += timedelta(days=random.randrange(1, 9))
        if at > end:
            break
        taken.append(step(case=case, at=at, staff=worker, kind=kind))
        case.state = {"closed": "closed", "not_solved": "reopened", "solved": "confirmed"}[kind]
        case.answer = kind if kind != "closed" else "unanswered"
        case.closed_at = at if kind == "closed" else None if kind == "not_solved" else case.closed_at
    return taken


def estate(community: Any) -> list[Any]:
    """Return the households behind the doors."""
    from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household

    homes = []
    for name in ("幸福苑", "新城花园", "河东村"):
        compound = Compound.objects.create(community=community, name=name)
        building = Building.objects.create(community=community, compound=compound, name="1")
        stairs = Entrance.objects.create(community=community, building=building, name="1")
        for door in range(DOORS // 3):
            dwelling = Dwelling.objects.create(
                community=community,
                entrance=stairs,
                floor=1,
                room=str(door),
                door_label=f"{name}{door}",
                walk_order=door,
            )
            homes.append(Household.objects.create(community=community, dwelling=dwelling, head_name="住户"))
    return homes


def measure(matters: int, times: int) -> None:
    """Make the world and print the table."""
    from django.db import connection

    from qiaomen.bulletins.selectors import board
    from qiaomen.kernel import clock, figures
    from qiaomen.kernel.figures import Period
    from qiaomen.office.models import Organisation, Staff

    end = datetime(2026, 12, 31, 20, tzinfo=clock.SHANGHAI)
    community = Organisation.objects.create(kind="community", name="锦瑟社区", code="B1")
    worker = Staff.objects.create_user("b-w", None, name="网格员", role="worker", organisation=community)
    invent(matters, end, community, worker)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with clock.at(end):
        asked = board.Asked(community, Period.around(end.date(), "year"), exact=True, today=end.date())
        total = [0.0, 0.0]
        for figure in figures.all_figures():
            cpu, wall = cost(partial(figure.count, **asked.days(figure, asked.period)), times)
            value = figure.count(**asked.days(figure, asked.period))
            total = [total[0] + cpu, total[1] + wall]
            print(f"  {figure.code:26} {value:8,}  {cpu:7.1f} ms CPU {wall:7.1f} ms waited (goal {ONE_GOAL:.0f} CPU)")
        print(
            f"  all {len(figures.all_figures())}: {total[0]:.0f} ms CPU, {total[1]:.0f} ms waited (goal {ALL_GOAL:.0f})"
        )
        cpu, wall = cost(lambda: board.board(asked), 1)
        print(f"  the page, with the year before: {cpu:.0f} ms CPU, {wall:.0f} ms waited")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    os.environ.setdefault("QM_DATA", tempfile.mkdtemp())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    measure(given.matters, given.times)


if __name__ == "__main__":
    main()
