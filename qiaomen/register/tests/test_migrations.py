"""Data that was there before a migration is there after it, in its new shape."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def at(*targets: tuple[str, str]) -> Any:
    """Migrate to these states; return the models as they were then."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))
    return executor.loader.project_state(list(targets)).apps


@pytest.mark.django_db(transaction=True)
def test_the_people_who_were_there_get_their_register_door_and_family() -> None:
    before = ("register", "0004_three_groupings_and_history")
    try:
        apps = at(before)
        old = {
            name: apps.get_model("register", name)
            for name in ("Compound", "Building", "Entrance", "Dwelling", "Household", "Person")
        }
        town = apps.get_model("office", "Organisation").objects.create(
            id=uuid.uuid4(), kind="community", name="锦瑟", code="M1"
        )
        compound = old["Compound"].objects.create(community=town, name="幸福苑")
        building = old["Building"].objects.create(community=town, compound=compound, name="3")
        entrance = old["Entrance"].objects.create(community=town, building=building, name="2")
        door = old["Dwelling"].objects.create(
            community=town, entrance=entrance, floor=5, room="501", door_label="3-2-501"
        )
        homes = [
            old["Household"].objects.create(community=town, dwelling=where, head_name="单志明")
            for where in (door, None)
        ]
        for home in (homes[0], homes[0], homes[1]):
            old["Person"].objects.create(community=town, household=home, name="单志明")
        new = at(("register", "0005_fill_the_groupings"))
        counts = [
            new.get_model("register", name).objects.count()
            for name in ("Registration", "Residence", "Family", "FamilyMember")
        ]
        assert counts == [3, 2, 2, 3]
        stay = new.get_model("register", "Residence").objects.first()
        assert (stay.dwelling_id, stay.from_date, stay.to_date, stay.usual) == (door.pk, None, None, True)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
