"""How much the head's 今天 costs: a community of so many residents with a lived quarter of matters.

`python -m benchmarks.bench_today [residents]` makes rows in a scratch database and prints CPU milliseconds and queries.
The yardstick of issue 16: at most 100 ms CPU for 60,000 residents, the same number of queries at every size.
"""

import os
import statistics
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from typing import Any

RESIDENTS = 60_000
PER_HOUSEHOLD = 3
MATTERS_PER_THOUSAND = 8
"""Matters under way per thousand residents: a busy quarter, a tenth of them late."""
TURNS = 30
MOST_MS = 100.0


def make_rows(residents: int) -> Any:
    """Fill a community with doors, households, people, matters and owed sentences; return its head."""
    from qiaomen.office.models import Organisation, Staff

    home = Organisation.objects.create(kind="community", name="大社区", code="BENCH")
    head = Staff.objects.create_user("bench", None, name="主任", role="head", organisation=home)
    homes = make_homes(home, residents // PER_HOUSEHOLD)
    make_matters(head, homes, residents * MATTERS_PER_THOUSAND // 1000)
    return head


def make_homes(home: Any, count: int) -> list[Any]:
    """Make so many doors, each with a household of three; return the households."""
    from qiaomen.kernel import clock
    from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person

    compound = Compound.objects.create(community=home, name="大院")
    building = Building.objects.create(community=home, compound=compound, name="1")
    stairs = Entrance.objects.create(community=home, building=building, name="1")
    doors = [
        Dwelling(community=home, entrance=stairs, floor=n // 9, room=str(n), door_label=f"1-1-{n}", walk_order=n)
        for n in range(count)
    ]
    Dwelling.objects.bulk_create(doors, batch_size=1000)
    homes = [Household(community=home, dwelling=door, head_name=f"户{n}") for n, door in enumerate(doors)]
    Household.objects.bulk_create(homes, batch_size=1000)
    born = clock.today() - timedelta(days=15_000)
    people = (
        Person(community=home, household=home_of, name=f"人{n}", birth_date=born - timedelta(days=n % 9000))
        for home_of in homes
        for n in range(PER_HOUSEHOLD)
    )
    Person.objects.bulk_create(people, batch_size=1000)
    return homes


def make_matters(head: Any, homes: list[Any], open_now: int) -> None:
    """Make four matters for each that is open now: three are confirmed; and a sentence owed for a tenth of them."""
    from qiaomen.cases.models import Case, CaseStep
    from qiaomen.kernel import clock
    from qiaomen.needs.models import Need, Owed

    home, now, today = head.organisation, clock.now(), clock.today()
    common = {"community": home, "kind": "repair", "words": "话", "handling": "office", "origin": "visit"}
    needs = [
        Need(
            id=uuid.UUID(int=n + 1),
            household=homes[n % len(homes)],
            heard_at=now - timedelta(days=n % 90),
            heard_by=head,
            received_at=now,
            **common,
        )
        for n in range(open_now * 4)
    ]
    Need.objects.bulk_create(needs, batch_size=500)
    cases = [
        Case(
            community=home,
            need=need,
            owner=head,
            state="open" if n < open_now else "confirmed",
            opened_at=need.heard_at,
            due_on=today + timedelta(days=n % 10 - 1),
            closed_at=None if n < open_now else now,
        )
        for n, need in enumerate(needs)
    ]
    Case.objects.bulk_create(cases, batch_size=500)
    CaseStep.objects.bulk_create(
        (CaseStep(case=case, at=case.opened_at, staff=head, kind="opened") for case in cases), batch_size=500
    )
    by_day = {"community": home, "sentence": "话", "channel": "telephone", "owner": head, "made_at": now}
    Owed.objects.bulk_create(
        Owed(household=homes[n], due_on=today + timedelta(days=n % 4), made_by=head, **by_day)
        for n in range(open_now // 10)
    )


def measure(head: Any) -> tuple[list[float], int]:
    """Return the CPU milliseconds of each turn of the page, and its queries."""
    from django.db import connection
    from django.test import Client

    client, spent, asked = Client(), [], [0]

    def count(execute: Any, *question: Any) -> Any:
        asked[0] += 1
        return execute(*question)

    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/desk/")
    with connection.execute_wrapper(count):
        assert client.get("/desk/").status_code == 200
    for _turn in range(TURNS):
        begun = time.process_time()
        client.get("/desk/")
        spent.append((time.process_time() - begun) * 1000)
    return spent, asked[0]


def main() -> None:
    """Make the rows, measure, print one line, and say whether the yardstick is met."""
    residents = int(sys.argv[1]) if len(sys.argv) > 1 else RESIDENTS
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QM_DATA"] = folder
        import django

        django.setup()
        from django.core.management import call_command
        from django.test.utils import setup_test_environment

        setup_test_environment()
        call_command("migrate", verbosity=0)
        spent, queries = measure(make_rows(residents))
    middle, worst = statistics.median(spent), sorted(spent)[int(len(spent) * 0.95)]
    verdict = "met" if middle <= MOST_MS else "MISSED"
    print(f"{residents} residents: median {middle:.0f} ms CPU, p95 {worst:.0f} ms, {queries} queries: {verdict}")


if __name__ == "__main__":
    main()
