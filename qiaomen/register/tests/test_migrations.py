"""Data that was there before a migration is there after it, in its new shape."""

import uuid
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from qiaomen.register.actions import search_index
from qiaomen.register.models import Person
from qiaomen.register.selectors.search import search


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


@pytest.mark.django_db(transaction=True)
def test_standing_people_are_found_and_their_marks_get_their_community_s_key() -> None:
    people: list[Any] = []
    try:
        apps = at(("register", "0009_rights_requests"))
        old = {
            name: apps.get_model("register", name)
            for name in ("Compound", "Building", "Entrance", "Dwelling", "Household", "Person")
        }
        organisations = apps.get_model("office", "Organisation").objects
        for code in ("M1", "M2"):
            town = organisations.create(id=uuid.uuid4(), kind="community", name="锦瑟", code=code)
            compound = old["Compound"].objects.create(community=town, name="幸福苑小区")
            building = old["Building"].objects.create(community=town, compound=compound, name="3")
            entrance = old["Entrance"].objects.create(community=town, building=building, name="2")
            door = old["Dwelling"].objects.create(
                community=town, entrance=entrance, floor=5, room="501", door_label="3-2-501"
            )
            home = old["Household"].objects.create(community=town, dwelling=door, head_name="单志明")
            made = {"community": town, "household": home, "id_no": "990101195001010113", "phone": "13900001234"}
            people.append(old["Person"].objects.create(name="单志明", is_head=True, phone_tail4="1234", **made))
            old["Person"].objects.create(name="单志鸣", state="merged", **made)
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        marks = set()
        for before in people:
            person = Person.objects.get(pk=before.pk)
            marks |= {person.id_no_bi, before.id_no_bi}
            for text in ("志明", "shanzhiming", "dzm", "单 1234", "3-2-501", "13900001234", "990101195001010113"):
                hits = search(community=person.community, text=text)
                assert [hit.id for hit in hits] == [str(person.pk)], text
        assert len(marks) == 4 - 1, "before, both were marked alike; now each by its own key"
        out = StringIO()
        call_command("reindex", stdout=out)
        assert all(search_index.is_true(person.community) for person in Person.objects.filter(state="living"))
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
