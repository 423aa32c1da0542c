"""The picture of doors: four states that add up, days since somebody was seen, filters that only fade."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiaomen.groups.actions import memberships
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household, Person, Residence
from qiaomen.register.selectors.places.elevation import elevation_of
from qiaomen.visits.actions import visits
from qiaomen.visits.selectors import door_states

COUNT = 400


@pytest.fixture
def community(db: None) -> Organisation:
    return Organisation.objects.create(kind="community", name="锦瑟社区", code="P1")


@pytest.fixture
def worker(community: Organisation) -> Staff:
    return Staff.objects.create_user("w-p", None, name="网格员", role="worker", organisation=community)


@pytest.fixture
def doors(community: Organisation) -> list[Dwelling]:
    """400 doors in one building; the last ten are empty."""
    compound = Compound.objects.create(community=community, name="幸福苑")
    building = Building.objects.create(community=community, compound=compound, name="3", order=3)
    stairs = [
        Entrance.objects.create(community=community, building=building, name=str(n), order=n) for n in range(1, 5)
    ]
    made = Dwelling.objects.bulk_create(
        Dwelling(
            community=community,
            entrance=stairs[n % 4],
            floor=n // 16 + 1,
            room=f"{n // 16 + 1}{n % 16 + 1:02d}",
            door_label=f"3-{n % 4 + 1}-{n}",
            walk_order=n,
        )
        for n in range(COUNT)
    )
    homes = Household.objects.bulk_create(
        Household(community=community, dwelling=door, head_name=f"单{n}") for n, door in enumerate(made[:-10])
    )
    people = Person.objects.bulk_create(
        Person(
            community=community,
            household=home,
            name=home.head_name,
            is_head=True,
            birth_date=clock.today().replace(year=1950 if n % 4 == 0 else 1990, day=1),
        )
        for n, home in enumerate(homes)
    )
    Residence.objects.bulk_create(Residence(person=p, dwelling=h.dwelling) for p, h in zip(people, homes, strict=True))
    return made


def visit(door: Dwelling, staff: Staff, outcome: str, days: int = 0) -> None:
    visits.record_visit(
        visit_id=uuid.uuid4(),
        dwelling=door,
        household=door.households.first(),
        staff=staff,
        outcome=outcome,
        happened_at=clock.now() - timedelta(days=days),
        origin="desk",
    )


def test_the_marks_add_up_and_board_filter_and_legend_count_the_same(
    community: Organisation, doors: list[Dwelling], worker: Staff
) -> None:
    for n, (outcome, days) in enumerate([("met", 40), ("no_answer", 3), ("refused", 2), ("by_phone", 1)]):
        visit(doors[n], worker, outcome, days)
    visit(doors[4], worker, "met", 20)
    visit(doors[4], worker, "no_answer", 1)
    states = door_states.door_states(community, (door.pk for door in doors))
    board = door_states.board_of(states)
    assert board == {"doors": 400, "seen": 2, "no_answer": 2, "never": 385, "empty": 10, "refused": 1}
    assert board["doors"] == sum(count for name, count in board.items() if name != "doors")
    notes = door_states.notes_of(states, {}, door_states.Filter())
    legend = dict(elevation_of(building=doors[0].entrance.building, notes=notes).legend)
    for mark in door_states.MARKS:
        name = mark.css.replace("-", "_")
        chosen = door_states.plan_of(community, door_states.Filter(mark=mark.css), worker)
        assert board[name] == legend.get(mark, 0) == chosen["bright"] == chosen["board"][name], mark.word
    marks = [states[doors[n].pk].mark.css for n in range(5)]
    assert marks == ["seen", "no-answer", "refused", "seen", "no-answer"]
    assert [states[doors[n].pk].days for n in range(5)] == [40, None, None, 1, 20]


@pytest.mark.parametrize(
    ("chosen", "bright"),
    [
        (door_states.Filter(), 400),
        (door_states.Filter(mark="empty"), 10),
        (door_states.Filter(mark="never"), 389),
        (door_states.Filter(group="living_alone_elder"), 98),
        (door_states.Filter(group="living_alone_elder", mark="seen"), 1),
        (door_states.Filter(unseen_days=30), 390),
        (door_states.Filter(group="no-such-group"), 0),
    ],
)
def test_a_filter_fades_what_does_not_fit(
    community: Organisation, doors: list[Dwelling], worker: Staff, chosen: door_states.Filter, bright: int
) -> None:
    visit(doors[0], worker, "met", 31)
    memberships.keep_current(community)
    assert door_states.plan_of(community, chosen, worker)["bright"] == bright


def test_400_doors_take_few_queries_and_show_every_door(doors: list[Dwelling], worker: Staff, client: Client) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    building = doors[0].entrance.building
    client.get(reverse("visits:building", args=[building.pk]))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer: Any = client.get(reverse("visits:building", args=[building.pk]), {"group": "frail_elder"})
    text = answer.content.decode()
    assert text.count('class="qm-tile') == COUNT and "○ 从未见面" in text and "– 无住户" in text
    assert len(queries) < 30
    plan = client.get(reverse("visits:buildings")).content.decode()
    assert plan.count('class="qm-square') == COUNT + len(
        door_states.MARKS
    ) and "400 扇门 = 见过面 0 + 从未见面 390 + 无住户 10 + 谢绝上门 0" in " ".join(plan.split())


def test_a_childrens_group_is_offered_to_named_roles_only(
    community: Organisation, doors: list[Dwelling], worker: Staff, client: Client
) -> None:
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    assert "left_behind_child" not in client.get(reverse("visits:buildings")).content.decode()
    Staff.objects.filter(pk=worker.pk).update(keeps_children=True)
    assert "left_behind_child" in client.get(reverse("visits:buildings")).content.decode()
