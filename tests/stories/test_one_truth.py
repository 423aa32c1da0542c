"""One word, one number, on every page; and no page of a community with two compounds shows a door without its own.

A small community that has been lived in: the same door numbers in two compounds, visits, a need, a case, groups.
"""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from qiaomen.cases import actions as cases
from qiaomen.groups.actions import memberships
from qiaomen.groups.models import CareGroup
from qiaomen.groups.selectors.groups import table_of
from qiaomen.kernel import clock
from qiaomen.office.access import permission_table
from qiaomen.office.models import Staff
from qiaomen.phone.actions import devices, pack
from qiaomen.register.actions.looks import find_page
from qiaomen.register.models import Building, Compound, Dwelling, Household, Person
from qiaomen.register.selectors import totals
from qiaomen.register.selectors.places.known import places_of
from qiaomen.register.tests.town import bring_in
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Round, RoundDoor
from qiaomen.visits.selectors import door_states
from tests.architecture.test_permissions import routes
from tests.proof import watched_town

DOOR = re.compile(r"(?<![\d-])\d{1,2}-\d{1,2}-\d{3,4}(?![\d-])")
BARE = frozenset({"register:split-door", "register:places"})
"""Pages that explain how a door may be typed."""
NOT_DOORS = ("例如", "写成", "应像", "手机尾号、")


@pytest.fixture
def town(db: None, settings: Any) -> dict[str, Any]:
    settings.LOOKS_PER_HOUR = 1_000_000
    town = watched_town.make(homes=12)
    community, head, today = town["community"], town["head"], clock.today()
    alone = [[n, f"柳独{'一二三四五'[n]}", "户主", "", f"13800{n:06d}", f"锦瑟里1-1-{100 + n}"] for n in range(5)]
    bring_in(community, head, alone)
    Person.objects.filter(name__startswith="柳独").update(birth_date=today.replace(year=today.year - 75))
    memberships.refresh(community)
    home = Household.objects.get(head_name="柳独一")
    team = visits.make_team(community=community, name="一组", members=[head, town["worker"]], actor=head)
    made = Round.objects.create(
        community=community, team=team, day=today, starts_at=team.starts_at, minutes=team.minutes
    )
    for n, door in enumerate(Dwelling.objects.order_by("door_label"), 1):
        RoundDoor.objects.create(round=made, dwelling=door, position=n, arrive_minute=10, reason_code="never-seen")
    visits.record_visit(
        visit_id=uuid.uuid4(),
        dwelling=home.dwelling,
        outcome="met",
        origin="desk",
        staff=head,
        happened_at=clock.now(),
        household=home,
    )
    _need, case = cases.receive_need(
        need_id=uuid.uuid4(),
        household=home,
        kind="repair",
        words="楼道灯不亮",
        handling="office",
        origin="visit",
        heard_at=clock.now(),
        heard_by=head,
    )
    return {**town, "home": home, "round": made, "team": team, "case": case}


def client_of(staff: Staff) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def pages(town: dict[str, Any], role: str) -> Iterator[tuple[str, str]]:
    """Yield every page a role can open, as text: each route with the keys of whatever it may be about."""
    client = client_of(town[role])
    door = town["home"].dwelling
    keys = [
        *(town[name].pk for name in ("home", "round", "team", "case", "worker")),
        door.pk,
        door.entrance.building_id,
        town["home"].people.get().pk,
        *CareGroup.objects.filter(code__in=("living_alone_elder", "frail_elder")).values_list("pk", flat=True),
    ]
    for route, pattern in sorted(routes().items()):
        permission = permission_table().get((route, "GET"))
        if permission is None or town[role].role not in permission.roles or route == "office:logout":
            continue
        names = pattern.pattern.converters  # type: ignore[attr-defined]
        for key in keys if names else [None]:
            words = {name: {"kind": "moved_out", "of": "person", "number": 1}.get(name, key) for name in names}
            answer = client.get(reverse(route, kwargs=words))
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                yield route, answer.content.decode()


def bare_doors(text: str, compounds: list[str]) -> list[str]:
    """Return the door numbers in a text in front of which no compound stands."""
    found = []
    for door in DOOR.finditer(text):
        before = text[: door.start()].rstrip()
        explains = any(word in before[-30:] for word in NOT_DOORS)
        if not explains and not any(before.endswith(name) for name in compounds):
            found.append(text[max(0, door.start() - 20) : door.end()])
    return found


@pytest.mark.parametrize("role", ["head", "worker", "volunteer"])
def test_no_page_shows_a_door_without_its_compound(town: dict[str, Any], role: str) -> None:
    compounds = list(Compound.objects.values_list("name", flat=True))
    assert len(compounds) == 2
    seen: dict[str, int] = {}
    wrong = []
    for route, body in pages(town, role):
        attributes = " ".join(re.findall(r'(?:aria-label|title)="([^"]*)"', body))
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body) + " " + attributes)
        seen[route] = seen.get(route, 0) + len(DOOR.findall(text))
        wrong += [(route, found) for found in bare_doors(text, compounds)]
    assert wrong == []
    shown = {route for route, doors in seen.items() if doors}
    if role == "head":
        assert {
            "desk:today",
            "visits:round",
            "visits:paper",
            "register:household",
            "cases:list",
            "cases:detail",
        } <= shown
        assert {"needs:list", "groups:detail", "register:behind-total", "register:door", "visits:history"} <= shown


def test_neither_grid_nor_phone_shows_a_door_without_its_compound(town: dict[str, Any]) -> None:
    client, compounds = client_of(town["head"]), set(Compound.objects.values_list("name", flat=True))
    for view in ("residents", "households", "alone"):
        told = json.dumps({"view": view, "columns": ["door"], "size": 200})
        rows = client.post(reverse("sheets:rows"), told, "application/json").json()["data"]
        assert rows and all(row["door"].split(" ")[0] in compounds for row in rows if row["door"])
    device, _token = devices.enrol_device(staff=town["head"], label="手机")
    doors = pack.make_pack(device=device, community=town["community"])["doors"]
    assert doors and {door["compound"] for door in doors} == compounds


def grid_total(town: dict[str, Any], view: str) -> int:
    told = json.dumps({"view": view, "columns": ["door"], "size": 50})
    answer = client_of(town["head"]).post(reverse("sheets:rows"), told, "application/json").json()
    return int(answer["last_row"])


def test_the_same_word_gives_the_same_number_on_every_page(town: dict[str, Any]) -> None:
    community, head = town["community"], town["head"]
    today = client_of(head).get(reverse("desk:today")).content.decode()
    known = totals.totals_of(community)
    places = places_of(community)
    board = door_states.plan_of(community, door_states.Filter(), head)["board"]
    then = totals.totals_as_at(community, clock.today())
    households = {known["households"], then["households"], grid_total(town, "households"), sum(p.homes for p in places)}
    assert len(households) == 1, households
    assert {known["people"], then["people"], grid_total(town, "residents")} == {known["people"]}
    doors = {
        known["doors"],
        board["doors"],
        sum(p.doors for p in places),
    }
    assert len(doors) == 1, doors
    for number in (known["households"], known["people"], known["doors"]):
        assert str(number) in strip_tags(today)


def test_a_group_a_tab_a_search_and_an_export_count_the_same_people(town: dict[str, Any]) -> None:
    community, head = town["community"], town["head"]
    rows = {row["group"].code: row["people"] for row in table_of(community, clock.today())}
    assert rows["living_alone_elder"] == 5 == grid_total(town, "alone")
    assert find_page(community=community, text="独居老人", actor=head).total == 5
    page = client_of(head).get(reverse("groups:list")).content.decode()
    assert "独居老人" in page
    group = CareGroup.objects.get(community=community, code="living_alone_elder")
    listed = client_of(head).get(reverse("groups:detail", args=[group.pk])).content.decode()
    assert sum(f"柳独{n}" in listed for n in "一二三四五") == 5
    lit = door_states.notes_of(
        door_states.door_states(community, Dwelling.objects.values_list("pk", flat=True)),
        door_states.groups_by_door(community, head, "living_alone_elder"),
        door_states.Filter(group="living_alone_elder"),
    )
    assert sum(not note.faint for note in lit.values()) == 5
    assert Building.objects.filter(compound__name="锦瑟里").count() == 1
