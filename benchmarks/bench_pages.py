"""How much every page of the desk costs: CPU milliseconds and queries, in a county of 60,000 with a lived month.

`python -m benchmarks.bench_pages [part of a route]` makes the county once, under `data/bench-pages` or QM_BENCH_DATA,
and prints one line a page, the dearest first. The yardstick of issue 17: p95 at most 150 ms CPU, 300 for the pages that
read a whole community at once, and at most 30 queries.
"""

import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

HOME = Path(__file__).resolve().parents[1] / "data" / "bench-pages"
MOMENT = datetime(2026, 12, 1, 10, 0)
OTHERS = 4
"""Communities beside A that bring the county to 60,000: as many homes, nobody walks there."""
OTHER_SIZE = (3900, 11_710)
TURNS = 24
MOST_MS, MOST_MS_WHOLE, MOST_QUERIES = 150.0, 300.0, 30
WHOLE = {"register:duplicates", "register:totals", "visits:buildings", "visits:due", "visits:deal"}
FILES = ("file", "photo", "receipt", "original", "copy")
"""Routes that send a file are no pages."""


class Cost(NamedTuple):
    """What one page costs: CPU milliseconds at the 95th of a hundred turns, and its queries."""

    route: str
    milliseconds: float
    queries: int
    length: int

    @property
    def allowed(self) -> float:
        """The milliseconds the yardstick gives this page."""
        return MOST_MS_WHOLE if self.route in WHOLE else MOST_MS

    @property
    def is_met(self) -> bool:
        """Whether the page keeps to the yardstick."""
        return self.milliseconds <= self.allowed and self.queries <= MOST_QUERIES


def make_county() -> None:
    """Make A with its lived weeks and the communities beside it, through the product's own actions."""
    from simtown import offices, play
    from simtown.world.people import PLANS, Plan

    for number in range(OTHERS):
        letter = f"X{number}"
        plan = Plan(f"SGX-X{number}", f"比照{'甲乙丙丁'[number]}社区", *OTHER_SIZE, ("比照院", "对照里"))
        PLANS[letter] = plan
        offices.STAFF.append((f"zhuren-x{number}", f"{'甲乙丙丁'[number]}主任", "head", plan.code))
    play.play(only="A")
    for number in range(OTHERS):
        play.bring_roster(f"X{number}", play.SEED)


def addresses(community: Any) -> Iterator[tuple[str, str]]:
    """Yield (route, address) of every page a head opens, with a record behind each key."""
    from django.urls import NoReverseMatch, reverse

    from qiaomen.office.access import permission_table

    keys = keys_of(community)
    for (route, method), line in sorted(permission_table().items()):
        if method != "GET" or "head" not in line.roles or route.endswith(FILES):
            continue
        for words in ([], [keys.get(route)], [keys.get(route), "moved_out"], [keys.get(route), "visits.doors_knocked"]):
            try:
                yield route, reverse(route, args=[word for word in words if word is not None])
                break
            except NoReverseMatch:
                continue


def keys_of(community: Any) -> dict[str, Any]:
    """Return the key of a telling record for each route that takes one: of a large household, of today's round."""
    from qiaomen.bulletins.models import Bulletin
    from qiaomen.cases.models import Case
    from qiaomen.groups.models import CareGroup
    from qiaomen.imports.models import ImportBatch
    from qiaomen.needs.models import Need, Owed
    from qiaomen.office.models import Campaign, Staff
    from qiaomen.register.models import Building, Household, Person
    from qiaomen.visits.models import Round, Visit

    def first(model: Any, *order: str, **lookup: Any) -> Any:
        return model.objects.filter(community=community, **lookup).order_by(*order, "pk").first()

    need, case, owed = first(Need, "heard_at"), first(Case, "due_on", state="open"), first(Owed, "due_on")
    home = case.need.household if case else first(Household, "dwelling__walk_order")
    person = first(Person, "birth_date", household=home)
    walk, colleague = first(Round, "-day"), Staff.objects.get(login_name="wangge3")
    building = home.dwelling.entrance.building_id if home.dwelling else first(Building).pk
    bulletin, campaign = first(Bulletin, "-start"), first(Campaign)
    by_route = {
        "bulletins:detail": bulletin,
        "bulletins:figure": bulletin,
        "cases:detail": case,
        "cases:heard-on": walk,
        "groups:detail": first(CareGroup, code="empty_nest_elder"),
        "groups:define": first(CareGroup, code="empty_nest_elder"),
        "imports:detail": first(ImportBatch, "-made_at"),
        "needs:correct": need,
        "needs:owed": owed,
        "office:campaign": campaign,
        "office:handover": colleague,
        "office:account": colleague,
        "register:door": home.dwelling,
        "visits:correct": first(Visit, "-happened_at"),
        "visits:deal": walk,
        "visits:paper": walk,
        "visits:round": walk,
    }
    found = {route: row.pk for route, row in by_route.items() if row is not None}
    found |= {"visits:building": building, "register:add-household": home.dwelling_id}
    people = ("register:correct", "register:tell", "register:consents", "rights:own-page", "rights:erase")
    homes = ("register:household", "register:life", "visits:wish", "visits:history", "needs:owe", "cases:hear")
    return found | dict.fromkeys(people, person.pk) | dict.fromkeys(homes, home.pk)


def measure(head: Any, only: str) -> list[Cost]:
    """Return what each page costs that answers with a page."""
    from django.db import connection
    from django.test import Client

    found, client, asked = [], Client(HTTP_HOST="localhost"), [0]
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")

    def count(execute: Any, *question: Any) -> Any:
        asked[0] += 1
        return execute(*question)

    for route, address in addresses(head.community):
        if only not in route:
            continue
        client.get(address)
        asked[0] = 0
        with connection.execute_wrapper(count):
            answer = client.get(address)
        if answer.status_code != 200:
            print(f"{route}: {answer.status_code}, not measured", flush=True)
            continue
        spent = []
        for _turn in range(TURNS):
            begun = time.process_time()
            client.get(address)
            spent.append((time.process_time() - begun) * 1000)
        found.append(Cost(route, sorted(spent)[int(len(spent) * 0.95)], asked[0], len(answer.content)))
    return sorted(found, key=lambda cost: -cost.milliseconds / cost.allowed)


def main() -> None:
    """Make or find the county, measure, print one line a page, and say how many keep to the yardstick."""
    folder = Path(os.environ.get("QM_BENCH_DATA", HOME))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["QM_DATA"] = str(folder)
    os.environ["QM_LOOKS_PER_HOUR"] = str(10**6)  # one head opens every page many times over
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiaomen.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from qiaomen.kernel import clock
    from qiaomen.office.models import Staff

    call_command("migrate", verbosity=0)
    with clock.at(MOMENT.replace(tzinfo=clock.SHANGHAI)):
        if not (folder / "made").exists():
            make_county()
            (folder / "made").write_text("60000", encoding="utf-8")
        costs = measure(Staff.objects.get(login_name="zhuren"), sys.argv[1] if len(sys.argv) > 1 else "")
    for cost in costs:
        mark = "" if cost.is_met else "  MISSED"
        print(f"{cost.route:26} p95 {cost.milliseconds:7.1f} ms CPU  {cost.queries:3} queries  {cost.length:8} B{mark}")
    print(f"{sum(cost.is_met for cost in costs)} of {len(costs)} pages keep to the yardstick")


if __name__ == "__main__":
    main()
