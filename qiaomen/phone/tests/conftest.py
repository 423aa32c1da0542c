"""A community with one door, a round of today, and a phone that speaks the contract."""

import json
import uuid
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.phone.actions import devices
from qiaomen.phone.models import Pack
from qiaomen.phone.rules.envelope import encode, seal
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person
from qiaomen.visits.actions import visits


class Phone:
    """What web/phone does, in Python."""

    def __init__(self, token: str) -> None:
        self.client, self.headers = Client(), {"Authorization": f"Bearer {token}"}
        self.pack: dict[str, Any] = self.client.get("/api/phone/pack", headers=self.headers).json()

    def say(self, door: Dwelling, **changes: Any) -> dict[str, Any]:
        household = door.households.first()
        return {
            "v": 1,
            "op_id": str(uuid.uuid4()),
            "kind": "visit",
            "dwelling_id": str(door.pk),
            "household_id": str(household.pk) if household else None,
            "round_id": None,
            "outcome": "met",
            "happened_at": (clock.now() - timedelta(minutes=5)).isoformat(),
            "note": "身体好",
            "needs": [],
            "base_version": 1,
            "corrects": None,
            "photos": [],
            **changes,
        }

    def seal(self, said: dict[str, Any], **changes: Any) -> dict[str, Any]:
        key = self.pack["seal_key"]
        sealed = seal(key["public"], json.dumps(said).encode(), said["op_id"])
        return {
            "op_id": said["op_id"],
            "key_id": key["id"],
            "epk": encode(sealed.epk),
            "iv": encode(sealed.iv),
            "ct": encode(sealed.ct),
            "made_at": said["happened_at"],
            "photos": [],
            **changes,
        }

    def send(self, *items: Any) -> Any:
        body = json.dumps({"items": list(items)})
        return self.client.post("/api/phone/inbox", body, content_type="application/json", headers=self.headers)

    def states(self, *items: Any) -> list[str]:
        return [result["state"] for result in self.send(*items).json()["results"]]

    def listing(self, *keys: str) -> dict[str, str]:
        found = self.client.get("/api/phone/inbox", {"op_id": list(keys)}, headers=self.headers).json()
        return {item["op_id"]: item["state"] for item in found["items"]}


def ask(*persons: Person, code: str = "living_arrangement") -> None:
    """Let every pack that is out ask this of these people, as it does where it would decide a care group."""
    for kept in Pack.objects.all():
        said = json.loads(kept.contents)
        said["asked"] += [[person.pk.hex, code] for person in persons]
        kept.contents = json.dumps(said)
        kept.save(update_fields=["contents"])


@pytest.fixture
def community(db: None) -> Organisation:
    return Organisation.objects.create(kind="community", name="锦瑟社区", code="F1")


@pytest.fixture
def worker(community: Organisation) -> Staff:
    return Staff.objects.create_user("f-worker", "qiaomen-demo", name="姚静", role="worker", organisation=community)


@pytest.fixture
def head(community: Organisation) -> Staff:
    return Staff.objects.create_user("f-head", "qiaomen-demo", name="陆主任", role="head", organisation=community)


@pytest.fixture
def door(community: Organisation, worker: Staff) -> Dwelling:
    compound = Compound.objects.create(community=community, name="柳荫小区")
    building = Building.objects.create(community=community, compound=compound, name="3")
    entrance = Entrance.objects.create(community=community, building=building, name="2")
    for number in range(1, 70):
        made = Dwelling.objects.create(
            community=community,
            entrance=entrance,
            floor=number,
            room=f"{number}01",
            door_label=f"3-2-{number}01",
            walk_order=number,
        )
        home = Household.objects.create(community=community, dwelling=made, head_name=f"柳如烟{number}")
        if number == 1:
            Person.objects.create(
                community=community,
                household=home,
                name="柳如烟1",
                is_head=True,
                birth_date=datetime(1948, 3, 4).date(),
                id_no="990101194803040011",
                phone="13900001234",
            )
    team = visits.make_team(community=community, name="一组", members=[worker], actor=worker)
    team.minutes = 900  # an all-day round, so that the pack is full
    team.save(update_fields=["minutes"])
    with clock.at(datetime.combine(clock.today(), time(8), tzinfo=clock.SHANGHAI)):  # in the evening half of it is gone
        visits.plan_round(team=team, day=clock.today(), actor=worker, limit=100)
    return Dwelling.objects.get(door_label="3-2-101")


@pytest.fixture
def phone(door: Dwelling, worker: Staff) -> Phone:
    return Phone(devices.enrol_device(staff=worker, label="测试机")[1])
