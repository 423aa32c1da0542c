"""Search by half-known facts: recall@20 of sixty-eight kinds of query, and what an answer costs (issue 14, item 7).

    python -m benchmarks.bench_half_known [--n 13160] [--each 50] [--seed 1] [--kind NAME]

Whole answers of `find_people` as the head of the community, with ledger and gate; CPU time of this process (on SQLite
the store is inside it). QM_DATABASE_URL may name a PostgreSQL; then the server's own share is not in the figure.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from random import Random
from typing import Any

from benchmarks.worlds.half_known import MOST, Search, searches
from benchmarks.worlds.half_known_facts import Neighbourhood, Resident
from benchmarks.worlds.neighbours import residents_of

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
SEX = {"男": "male", "女": "female"}
CHUNK = 500
JUDGED = 13_160
"""Of more residents the queries are made for the first so many: what an answer costs is measured, recall is not."""


def fill(residents: list[Resident]) -> tuple[Any, Any, dict[str, str]]:
    """Write the residents into the register; return the head, the community and person key -> resident."""
    from django.db import transaction

    from qiaomen.office.models import Organisation, Staff
    from qiaomen.register.actions import search_index
    from qiaomen.register.actions.places.labels import keep_labels
    from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person, Residence

    town = Organisation.objects.create(kind="community", name="锦瑟社区", code="BENCH")
    head = Staff.objects.create_user(login_name="bench", password=None, name="主任", role="head", organisation=town)
    made: dict[Any, Any] = {}

    def place(model: Any, key: Any, **known: Any) -> Any:
        if (model, key) not in made:
            made[model, key] = model.objects.create(community=town, **known)
        return made[model, key]

    homes: dict[str, Any] = {}
    doors: list[Dwelling] = []
    for one in residents:
        if one.household in homes:
            continue
        compound = place(Compound, one.compound, name=one.compound)
        building = place(Building, (one.compound, one.building), compound=compound, name=one.building)
        stairs = (one.compound, one.building, one.entrance)
        entrance = place(Entrance, stairs, building=building, name=one.entrance)
        floor = int(one.room[:-2])
        door = Dwelling(community=town, entrance=entrance, floor=floor, room=one.room, walk_order=len(doors))
        doors.append(door)
        homes[one.household] = Household(
            community=town, dwelling=door, household_no=one.household_no, head_name=one.head
        )
    Dwelling.objects.bulk_create(doors, CHUNK)
    Household.objects.bulk_create(homes.values(), CHUNK)
    keep_labels(town)
    people = [
        Person(
            community=town,
            household=homes[one.household],
            name=one.name,
            former_name=one.former_name,
            nickname=one.nickname,
            relation=one.relation,
            is_head=one.relation == "户主",
            sex=SEX[one.sex],
            birth_date=one.birth,
            id_no=one.document,
            phone=one.telephone,
            work_place=one.work_place,
        )
        for one in residents
    ]
    Person.objects.bulk_create(people, CHUNK)
    Residence.objects.bulk_create([Residence(person=p, dwelling=p.household.dwelling) for p in people], CHUNK)
    with transaction.atomic():
        search_index.add(people)
    _groups(town, residents, people)
    return head, town, {str(person.pk): one.key for person, one in zip(people, residents, strict=True)}


def _groups(town: Any, residents: list[Resident], people: list[Any]) -> None:
    from qiaomen.groups.models import CareGroup, GroupDefinition, Membership

    groups: dict[str, Any] = {}
    rows = []
    for person, one in zip(people, residents, strict=True):
        for title in one.groups:
            if title not in groups:
                group = CareGroup.objects.create(community=town, code=f"b{len(groups)}", title=title, tier="key")
                groups[title] = GroupDefinition.objects.create(group=group, when="age >= 60", source="-", made_at=NOW)
            definition = groups[title]
            rows.append(Membership(group=definition.group, person=person, definition=definition, from_date=None))
    Membership.objects.bulk_create(rows, CHUNK)


def measure(n: int, each: int, seed: int, only: str) -> int:
    """Ask everything, print a line a kind; return 0 when the goals are met."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from qiaomen.desk.named import verbs_in
    from qiaomen.kernel import clock
    from qiaomen.register.actions import looks

    call_command("migrate", verbosity=0)
    settings.LOOKS_PER_HOUR = 10**9
    with clock.at(NOW):
        today = clock.today()
        residents = residents_of(seed, n, today)
        began = time.perf_counter()
        head, town, keys = fill(residents)
        if connection.vendor == "postgresql":
            connection.cursor().execute("VACUUM ANALYZE")
        else:
            connection.cursor().execute("ANALYZE")
        print(f"{connection.vendor}, {n:,} residents, filled in {time.perf_counter() - began:.0f} s, seed {seed}")
        around = Neighbourhood(residents[:JUDGED], today)
        found: dict[str, list[tuple[Search, bool, float]]] = defaultdict(list)
        asked = [one for one in searches(around, Random(seed + 1), each) if only in ("", one.kind)]
        for search in asked:
            spent = time.process_time()
            _verbs, text = verbs_in(head, search.query)
            hits = looks.find_people(community=town, text=text, actor=head, limit=MOST)
            spent = time.process_time() - spent
            shown = {keys[hit.id] for hit in hits if hit.id in keys}
            found[search.kind].append((search, search.wanted in shown, spent))
    return report(found, bool(only), judged=n <= JUDGED)


def report(found: dict[str, list[tuple[Search, bool, float]]], examples: bool, judged: bool) -> int:
    """Print recall and cost by kind and in all."""
    rows = [row for rows in found.values() for row in rows]
    for kind, mine in found.items():
        hit = sum(ok for _, ok, _ in mine)
        times = sorted(spent for *_, spent in mine)
        lost = [search.query for search, ok, _ in mine if not ok][: 12 if examples else 2]
        middle, longest = 1000 * times[len(times) // 2], 1000 * times[-1]
        print(f"{kind:44}{hit:4}/{len(mine):<4}{middle:8.1f} ms{longest:8.1f} ms  {lost or ''}")
    times = sorted(spent for *_, spent in rows)
    recall = sum(ok for _, ok, _ in rows) / len(rows)
    p95 = 1000 * times[int(0.95 * len(times))]
    print(
        f"recall@{MOST}: {100 * recall:.2f} % of {len(rows)} queries of {len(found)} kinds; CPU p50 "
        f"{1000 * times[len(times) // 2]:.1f} ms, p95 {p95:.1f} ms, max {1000 * times[-1]:.1f} ms"
    )
    return 0 if recall >= 0.95 or not judged else 1


def main() -> None:
    """Measure on a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=13_160)
    parser.add_argument("--each", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", default="")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qiaomen-bench-") as folder:
        os.environ |= {"QM_DATA": folder, "QM_MASTER_KEYS": "k1:" + "5a" * 32}
        os.environ["DJANGO_SETTINGS_MODULE"] = "qiaomen.settings"
        sys.exit(measure(told.n, told.each, told.seed, told.kind))


if __name__ == "__main__":
    main()
