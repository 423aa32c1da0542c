"""A community with three doors, a family behind each, and two people who work there."""

import pytest

from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person


@pytest.fixture
def community(db: None) -> Organisation:
    made = Organisation.objects.create(kind="community", name="锦瑟社区", code="B-1", telephone="0999-0000000")
    for role in ("head", "worker"):
        Staff.objects.create_user(f"b-{role}", None, name=f"CANARY-{role}", role=role, organisation=made)
    compound = Compound.objects.create(community=made, name="CANARY院")
    building = Building.objects.create(community=made, compound=compound, name="3")
    entrance = Entrance.objects.create(community=made, building=building, name="2")
    for number in (1, 2, 3):
        door = Dwelling.objects.create(
            community=made,
            entrance=entrance,
            floor=number,
            room=f"{number}01",
            door_label=f"3-2-{number}01",
            walk_order=number,
        )
        home = Household.objects.create(community=made, dwelling=door, head_name="CANARY户主")
        Person.objects.create(
            community=made, household=home, name="CANARY人", id_no="990101195001010011", phone="13900001234"
        )
    return made
