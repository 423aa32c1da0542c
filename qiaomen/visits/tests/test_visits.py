"""Doors that are due, in walking order with a reason; a visit sent twice is one visit."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock, figures
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person
from qiaomen.visits import problems
from qiaomen.visits.actions import visits
from qiaomen.visits.models import Round, Team, Visit

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.SHANGHAI)
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.fixture
def community(db: None) -> Organisation:
    return Organisation.objects.create(kind="community", name="锦瑟社区", code="V1")


@pytest.fixture
def worker(community: Organisation) -> Staff:
    return Staff.objects.create_user("w-v", None, name="网格员", role="worker", organisation=community)


@pytest.fixture
def doors(community: Organisation) -> list[Dwelling]:
    compound = Compound.objects.create(community=community, name="幸福苑")
    building = Building.objects.create(community=community, compound=compound, name="3")
    stairs = Entrance.objects.create(community=community, building=building, name="1")
    made = []
    for floor in (3, 1, 2):
        door = Dwelling.objects.create(
            community=community,
            entrance=stairs,
            floor=floor,
            room=f"{floor}01",
            door_label=f"3-1-{floor}01",
            walk_order=floor,
        )
        home = Household.objects.create(community=community, dwelling=door, head_name="王二")
        Person.objects.create(
            community=community, household=home, name="王二", birth_date=date(1940 + 20 * floor, 1, 1)
        )
        made.append(door)
    return made


@pytest.fixture
def team(community: Organisation, worker: Staff) -> Team:
    return visits.make_team(community=community, name="敲门一组", members=[worker], actor=worker)


def test_a_round_goes_up_the_stairs_and_is_planned_once(team: Team, worker: Staff, doors: list[Dwelling]) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker)
    assert [d.dwelling.floor for d in made.doors.order_by("position").select_related("dwelling")] == [1, 2, 3]
    assert visits.plan_round(team=team, day=TODAY, actor=worker) == made and Round.objects.count() == 1
    other = visits.make_team(community=team.community, name="敲门二组", members=[worker], actor=worker)
    with pytest.raises(problems.NothingDue):
        visits.plan_round(team=other, day=TODAY, actor=worker)
    assert Round.objects.count() == 1


def test_a_visit_sent_twice_is_one_visit_and_one_line(worker: Staff, doors: list[Dwelling]) -> None:
    key = uuid.uuid4()
    with clock.at(NOON):
        for outcome, new in (("met", True), ("refused", False)):
            visit, made = visits.record_visit(
                visit_id=key,
                dwelling=doors[0],
                staff=worker,
                outcome=outcome,
                happened_at=NOON,
                origin="phone",
                note="安好",
            )
            assert (visit.outcome, made) == ("met", new)
        with pytest.raises(problems.FutureVisit):
            visits.record_visit(
                visit_id=uuid.uuid4(),
                dwelling=doors[0],
                staff=worker,
                outcome="met",
                happened_at=NOON + timedelta(hours=1),
                origin="phone",
            )
        counted = [
            figures.get(f"visits.doors_{count}").count(community=doors[0].community, start=TODAY, end=TODAY, as_at=NOON)
            for count in ("knocked", "opened")
        ]
    assert counted == [1, 1] and Visit.objects.count() == 1
    assert LedgerEntry.objects.filter(code="visits.recorded").count() == 1


def test_the_round_page_records_a_door_once_and_marks_the_building(
    client: Client, team: Team, worker: Staff, doors: list[Dwelling]
) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    where = client.post(reverse("visits:plan", args=[team.pk])).headers["Location"]
    assert "从未见过面" in client.get(where).content.decode()
    values = {"visit_id": str(uuid.uuid4()), "door": str(doors[0].pk), "outcome": "no_answer", "note": ""}
    for _ in range(2):
        client.post(where + "record/", values)
    assert Visit.objects.get().round is not None
    assert "没人在" in client.get(reverse("visits:building", args=[doors[0].entrance.building_id])).content.decode()


def test_another_community_sees_no_round_here(client: Client, team: Team, worker: Staff, doors: list[Dwelling]) -> None:
    made = visits.plan_round(team=team, day=TODAY, actor=worker)
    other = Organisation.objects.create(kind="community", name="新桥社区", code="V2")
    stranger = Staff.objects.create_user("w-y", None, name="网格员", role="worker", organisation=other)
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("visits:round", args=[made.pk])).status_code == 404
    assert client.post(reverse("visits:plan", args=[team.pk])).status_code == 404
    assert client.post(reverse("visits:record", args=[made.pk]), {}).status_code == 404
