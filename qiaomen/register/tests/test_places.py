"""A person adds places and households by hand, splits a door and joins two; the past adds up as it did."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.kernel import clock
from qiaomen.kernel.problems import Problem
from qiaomen.office.models import LedgerEntry, Organisation, Staff
from qiaomen.register import problems
from qiaomen.register.actions import acts, search_index
from qiaomen.register.actions.places import by_hand, doors
from qiaomen.register.models import Act, Building, Compound, Dwelling, Entrance, Household, Person
from qiaomen.register.selectors import totals
from qiaomen.register.selectors.places.known import places_of
from qiaomen.register.selectors.search.find import search
from qiaomen.register.tests.town import FAMILY, bring_in

TODAY = clock.today
LAST_WEEK = timedelta(days=7)


@pytest.fixture
def town(community: Organisation, head: Staff) -> Organisation:
    bring_in(community, head, FAMILY)
    return community


def client_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def add(town: Organisation, head: Staff, text: str, **more: Any) -> Dwelling:
    return by_hand.add_door(community=town, text=text, actor=head, **more)[0]


@pytest.mark.parametrize(
    "spelt",
    ["3-2-501", "幸福苑小区3号楼2单元501室", "三栋二单元501", "幸福苑 3/2/501", "幸福苑3#楼2单元501", "3幢2-501"],
)
def test_two_spellings_of_one_door_are_the_same_door(town: Organisation, head: Staff, spelt: str) -> None:
    before = Dwelling.objects.count()
    door, act = by_hand.add_door(community=town, text=spelt, actor=head)
    assert act is None and door.door_label == "3-2-501" and Dwelling.objects.count() == before


def test_a_new_compound_is_asked_about_and_made_when_a_person_says_so(town: Organisation, head: Staff) -> None:
    with pytest.raises(problems.NewCompound) as asked:
        add(town, head, "幸福园1号楼1单元101")
    assert (
        "幸福苑" in asked.value.in_full() and Compound.objects.count() == 1 and not Act.objects.exclude(kind="import")
    )
    door = add(town, head, "幸福园1号楼1单元101", new_compound=True)
    assert door.door_label == "幸福园 1-1-101" and LedgerEntry.objects.filter(code="register.place-added").count() == 1
    assert Dwelling.objects.get(room="501").door_label == "幸福苑 3-2-501"
    acts.undo(act=Act.objects.get(kind=by_hand.ADDED), actor=head, reason="写错了")
    assert not Compound.objects.filter(name="幸福园") and Dwelling.objects.get(room="501").door_label == "3-2-501"


@pytest.mark.parametrize(
    ("text", "label", "kind"),
    [
        ("王家村五组12号", "王家村 5组12号", "village"),
        ("王家村12号", "王家村 12号", "village"),
        ("和平路8号院3号", "和平路8号院 3号", "court"),
    ],
)
def test_villages_and_courtyards_are_places_like_any(
    town: Organisation, head: Staff, text: str, label: str, kind: str
) -> None:
    door = add(town, head, text, new_compound=True)
    assert door.door_label == label and door.entrance.building.compound.kind == kind
    assert by_hand.find_door(town, text) == door
    page = client_of(head).get(reverse("register:places")).content.decode()
    assert door.entrance.building.compound.name in page


@pytest.mark.parametrize("text", ["", "不知道", "幸福苑", "3号楼2单元", "学府里3-2-"])
def test_what_is_no_door_is_refused_in_a_sentence(town: Organisation, head: Staff, text: str) -> None:
    with pytest.raises(problems.AddressUnclear) as refused:
        add(town, head, text)
    assert "什么都没有添加" in refused.value.in_full() and Dwelling.objects.count() == 2


def test_a_compound_a_building_and_an_entrance_may_come_before_their_doors(town: Organisation, head: Staff) -> None:
    for building, entrance in (("", ""), ("3号楼", ""), ("三栋", "二单元")):
        given = {"community": town, "compound": "学府里小区", "building": building, "entrance": entrance}
        by_hand.add_place(**given, actor=head, new_compound=True)
        with pytest.raises(problems.PlaceThere):
            by_hand.add_place(**given, actor=head)
    assert Entrance.objects.get(building__compound__name="学府里").name == "2"
    assert Building.objects.filter(compound__name="学府里").count() == 1
    assert [one.doors for one in places_of(town) if one.compound.name == "学府里"] == [0]


def test_a_household_added_by_hand_counts_from_its_day_and_can_be_taken_back(town: Organisation, head: Staff) -> None:
    door, day = add(town, head, "3-2-601"), clock.today() - LAST_WEEK
    before = totals.totals_as_at(town, day - timedelta(days=1))
    home, act = by_hand.add_household(
        door=door, on_date=day, actor=head, name="贺春", sex="female", phone="13900004321"
    )
    after = totals.totals_as_at(town, clock.today())
    assert (after["households"], after["people"]) == (before["households"] + 1, before["people"] + 1)
    assert totals.totals_as_at(town, day - timedelta(days=1)) == before
    assert [hit.title for hit in search(community=town, text="3-2-601")] == ["贺春"] and search_index.is_true(town)
    acts.undo(act=act, actor=head, reason="登记错了")
    assert not Household.objects.filter(pk=home.pk) and not Person.objects.filter(name="贺春")


def test_a_door_is_split_and_joined_and_the_past_stays(town: Organisation, head: Staff) -> None:
    door = by_hand.find_door(town, "3-2-501")
    home, _ = by_hand.add_household(door=door, on_date=clock.today() - LAST_WEEK, actor=head, name="贺春")
    past = [totals.totals_as_at(town, clock.today() - timedelta(days=n)) for n in (0, 1, 7, 8, 90)]
    new, split = doors.split_door(door=door, room="501a", households=[home], on_date=clock.today(), actor=head)
    home.refresh_from_db()
    assert new.door_label == "3-2-501A" and home.dwelling == new and new.floor == 5
    assert {s.dwelling for s in home.people.get().residences.all()} == {door, new}
    joined = doors.join_doors(stays=door, goes=new, on_date=clock.today(), actor=head)
    home.refresh_from_db()
    assert home.dwelling == door and Dwelling.objects.standing().count() == 2
    assert by_hand.find_door(town, "3-2-501A") == door, "the number of a joined door means the one it became"
    assert [totals.totals_as_at(town, one["day"]) for one in past] == past and search_index.is_true(town)
    acts.undo(act=joined, actor=head, reason="不是一扇门")
    acts.undo(act=split, actor=head, reason="没有分开")
    home.refresh_from_db()
    assert home.dwelling == door and not Dwelling.objects.filter(room="501A") and search_index.is_true(town)
    assert [totals.totals_as_at(town, one["day"]) for one in past] == past
    codes = set(LedgerEntry.objects.values_list("code", flat=True))
    assert {"register.door-split", "register.doors-joined", "register.household-created"} <= codes


def test_what_cannot_be_split_or_joined_is_refused(town: Organisation, head: Staff) -> None:
    door, other = by_hand.find_door(town, "3-2-501"), by_hand.find_door(town, "3-2-502")
    far, home = add(town, head, "4-2-501"), Household.objects.get(dwelling=door)
    common: dict[str, Any] = {"on_date": clock.today(), "actor": head}
    refusals: list[tuple[type[Problem], Any]] = [
        (problems.RoomTaken, lambda: doors.split_door(door=door, room="502", households=[home], **common)),
        (problems.NobodyChosen, lambda: doors.split_door(door=door, room="501A", households=[], **common)),
        (problems.DoorsApart, lambda: doors.join_doors(stays=door, goes=door, **common)),
        (problems.DoorsApart, lambda: doors.join_doors(stays=door, goes=far, **common)),
        (
            problems.NotYet,
            lambda: doors.join_doors(stays=door, goes=other, **common | {"on_date": TODAY() + LAST_WEEK}),
        ),
    ]
    for kind, act in refusals:
        with pytest.raises(kind) as refused:
            act()
        assert "没有" in refused.value.in_full()
    doors.join_doors(stays=door, goes=other, **common)
    with pytest.raises(problems.DoorGone):
        by_hand.add_household(door=other, on_date=clock.today(), actor=head, name="贺春")


def test_through_the_pages(town: Organisation, head: Staff, worker: Staff) -> None:
    desk = client_of(worker)
    unknown = desk.post(reverse("register:places"), {"address": "学府里1-1-101"}).content.decode()
    assert "这是新的小区" in unknown and "登记里没有“学府里”" in unknown
    made = desk.post(reverse("register:places"), {"address": "学府里1-1-101", "new_compound": "on"})
    door = Dwelling.objects.get(room="101")
    assert made["Location"] == reverse("register:door", args=[door.pk])
    asked = desk.post(
        reverse("register:add-household", args=[door.pk]),
        {"name": "单志明", "phone": "13900001234", "on_date": clock.today().isoformat(), "registered": "on"},
    ).content.decode()
    assert "登记里已有相像的人" in asked and Household.objects.count() == 2
    answers = {"name": "贺春", "on_date": clock.today().isoformat(), "registered": "on"}
    home = desk.post(reverse("register:add-household", args=[door.pk]), answers)
    assert home["Location"] == reverse("register:household", args=[Household.objects.get(head_name="贺春").pk])
    listed = desk.get(reverse("register:places"), {"building": door.entrance.building_id}).content.decode()
    assert reverse("register:door", args=[door.pk]) in listed
    assert "贺春" in desk.get(reverse("register:door", args=[door.pk])).content.decode()
    place = Act.objects.get(kind=by_hand.ADDED)
    refused = desk.post(reverse("register:undo-place", args=[place.pk]), {"reason": "写错了"})
    assert refused.status_code == 409, "somebody lives there by now"
    household = Act.objects.get(kind="household_added")
    home_pk = Household.objects.get(head_name="贺春").pk
    gone = desk.post(reverse("register:undo", args=[home_pk, household.pk]), {"reason": "登记错了"})
    assert gone["Location"] == reverse("register:places")
    assert desk.post(reverse("register:undo-place", args=[place.pk]), {"reason": "写错了"}).status_code == 302
    assert not Compound.objects.filter(name="学府里")


def test_another_community_cannot(town: Organisation, head: Staff) -> None:
    other = Organisation.objects.create(kind="community", name="新桥社区", code="R2")
    stranger = Staff.objects.create_user(
        login_name="fremd", password=None, name="别处", role="head", organisation=other
    )
    door = by_hand.find_door(town, "3-2-501")
    for name in ("door", "add-household"):
        assert client_of(stranger).get(reverse(f"register:{name}", args=[door.pk])).status_code == 404
    for name in ("split-door", "join-doors"):
        assert client_of(stranger).post(reverse(f"register:{name}", args=[door.pk])).status_code == 404
