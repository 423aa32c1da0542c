"""What a roster does to a register that people have worked on: odd cells, moves by hand, empty homes, families."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.selectors.preview import pages as preview_pages
from qiaomen.imports.tests.test_rosters import sheets
from qiaomen.kernel import clock
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts, household_events, write_rows
from qiaomen.register.models import Dwelling, Household, Person
from qiaomen.register.rules.addresses import Address

HEAD = ["姓名", "与户主关系", "性别", "年龄", "出生日期", "居住地址"]
NUMBERED = ["姓名", "与户主关系", "身份证号", "居住地址", "状态"]


def preview(community: Organisation, worker: Staff, *rows: list[Any], head: list[str] = HEAD) -> ImportBatch:
    content = sheets(名册=[head, *rows])
    return batches.upload_roster(community=community, actor=worker, file_name="a.xlsx", content=content)


def test_one_cell_that_cannot_be_read_stops_no_roster(community: Organisation, worker: Staff) -> None:
    batch = preview(
        community,
        worker,
        ["甘一", "户主", "男", "❷", "56/3/1", "幸福苑3号楼2单元501"],
        ["甘二", "户主", "男", "²", "5❷/3/1", "幸福苑百楼"],
        ["甘三", "户主", "男", "三", "", "幸福苑3号楼2单元百层501"],
        ["甘四", "户主", "男", "40", "", "幸福苑3号楼2单元502"],
    )
    batches.commit_roster(batch=batch, actor=worker)
    assert batch.rows_read == 4 and set(Person.objects.values_list("name", flat=True)) >= {"甘一", "甘四"}


def test_a_household_in_which_a_roster_lists_nobody_living_is_gone(community: Organisation, worker: Staff) -> None:
    batch = preview(
        community,
        worker,
        ["甘一", "户主", id_no(11), "幸福苑3号楼2单元501", "死亡"],
        ["甘二", "户主", id_no(22), "幸福苑3号楼2单元502", "外出"],
        ["甘三", "户主", id_no(33), "幸福苑3号楼2单元503", ""],
        head=NUMBERED,
    )
    batch = batches.commit_roster(batch=batch, actor=worker)
    assert dict(Household.objects.values_list("head_name", "state")) == {
        "甘一": "gone",
        "甘二": "gone",
        "甘三": "living",
    }
    acts.undo(act=batch.act, actor=worker, reason="传错了表", partly=True)
    assert not Household.objects.exists()


def test_a_household_whose_last_one_joins_another_is_gone_and_stands_again_after_the_undo(
    community: Organisation, worker: Staff
) -> None:
    first, second = (
        ["甘一", "户主", id_no(11), "幸福苑3号楼2单元501", ""],
        ["甘二", "户主", id_no(22), "幸福苑3号楼2单元502", ""],
    )
    batches.commit_roster(batch=preview(community, worker, first, second, head=NUMBERED), actor=worker)
    joined = preview(community, worker, first, ["甘二", "配偶", id_no(22), "幸福苑3号楼2单元501", ""], head=NUMBERED)
    batch = batches.commit_roster(batch=joined, actor=worker)
    states = dict(Household.objects.values_list("head_name", "state"))
    assert Person.objects.get(name="甘二").household.head_name == "甘一"
    assert states == {"甘一": "living", "甘二": "gone"}
    acts.undo(act=batch.act, actor=worker, reason="传错了表", partly=True)
    assert set(Household.objects.values_list("state", flat=True)) == {"living"}


def door_of(name: str) -> str:
    person = Person.objects.get(name=name)
    stay = person.residences.get(to_date=None).dwelling
    return f"{stay.entrance.building.name}-{stay.entrance.name}-{stay.room}"


def test_a_move_made_by_hand_stays_until_a_person_takes_the_list_s_door(community: Organisation, worker: Staff) -> None:
    rows = [
        ["甘一", "户主", id_no(11), "幸福苑3号楼2单元501", ""],
        ["甘二", "配偶", id_no(22), "幸福苑3号楼2单元501", ""],
        ["甘三", "户主", id_no(33), "幸福苑3号楼2单元502", ""],
    ]
    batches.commit_roster(batch=preview(community, worker, *rows, head=NUMBERED), actor=worker)
    home, door = Household.objects.get(head_name="甘一"), Dwelling.objects.get(room="502")
    both = list(home.people.all())
    household_events.move_within(household=home, people=both, dwelling=door, on_date=clock.today(), actor=worker)
    again = preview(community, worker, *rows, ["甘四", "户主", id_no(44), "幸福苑3号楼2单元503", ""], head=NUMBERED)
    assert (again.changed, again.same) == (0, 3) and again.rows.filter(kind="held").count() == 2
    batches.commit_roster(batch=again, actor=worker)
    home.refresh_from_db()
    assert home.dwelling == door and {door_of("甘一"), door_of("甘二")} == {"3-2-502"}
    rows[0][3] = rows[1][3] = "幸福苑3号楼2单元503"
    taken = preview(community, worker, *rows, head=NUMBERED)
    spots = [("名册", row.row_no, "address") for row in taken.rows.filter(kind="held")]
    batches.commit_roster(batch=batches.answer_doubts(batch=taken, take=spots), actor=worker)
    assert {door_of("甘一"), door_of("甘二")} == {"3-2-503"}
    rows[0][3] = rows[1][3] = "幸福苑3号楼2单元501"
    after = preview(community, worker, *rows, ["甘五", "户主", id_no(55), "幸福苑3号楼2单元504", ""], head=NUMBERED)
    assert after.changed == 2, "a list that moved them last is followed by the next"


def test_who_was_moved_alone_by_hand_is_not_moved_by_a_list(community: Organisation, worker: Staff) -> None:
    rows = [
        ["甘一", "户主", id_no(11), "幸福苑3号楼2单元501", ""],
        ["甘二", "配偶", id_no(22), "幸福苑3号楼2单元501", ""],
        ["甘三", "户主", id_no(33), "幸福苑3号楼2单元502", ""],
    ]
    batches.commit_roster(batch=preview(community, worker, *rows, head=NUMBERED), actor=worker)
    home, door = Household.objects.get(head_name="甘一"), Dwelling.objects.get(room="502")
    second = home.people.filter(name="甘二")
    household_events.move_within(household=home, people=second, dwelling=door, on_date=clock.today(), actor=worker)
    rows[0][3] = rows[1][3] = "幸福苑3号楼2单元503"
    batches.commit_roster(batch=preview(community, worker, *rows, head=NUMBERED), actor=worker)
    assert (door_of("甘一"), door_of("甘二")) == ("3-2-503", "3-2-502")


def test_a_part_of_a_family_at_a_new_door_is_not_torn_apart_when_a_newborn_is_said_to_be_new(
    community: Organisation, worker: Staff
) -> None:
    rows = [
        ["甘一", "户主", id_no(11), "幸福苑3号楼2单元501", ""],
        ["甘二", "配偶", id_no(22), "幸福苑3号楼2单元501", ""],
        ["甘三", "母亲", id_no(33), "幸福苑3号楼2单元501", ""],
    ]
    batches.commit_roster(batch=preview(community, worker, *rows, head=NUMBERED), actor=worker)
    home = Household.objects.get()
    rows[0][3] = rows[2][3] = "幸福苑3号楼2单元601"
    newborn = ["甘小宝", "孙子", "", "幸福苑3号楼2单元601", ""]
    batch = preview(community, worker, rows[0], rows[2], newborn, head=NUMBERED)
    asked = batch.rows.get(kind="double")
    batch = batches.answer_doubts(batch=batch, rows={(asked.sheet, asked.row_no): "new"})
    assert (batch.created, batch.changed, batch.same) == (1, 0, 2)
    assert "没有跟着搬" in preview_pages.soft_rows(batch)[0]["fields"][0][2]
    batches.commit_roster(batch=batch, actor=worker)
    home.refresh_from_db()
    assert {door_of(name) for name in ("甘一", "甘二", "甘三")} == {"3-2-501"} and home.dwelling
    assert home.dwelling.room == "501" and {p.name for p in home.people.all()} == {"甘一", "甘二", "甘三"}
    new = Person.objects.get(name="甘小宝").household
    assert new != home and new.head_name == "甘小宝" and door_of("甘小宝") == "3-2-601"


def test_what_was_ticked_to_be_taken_from_the_list_can_be_unticked(
    community: Organisation, worker: Staff, client: Client
) -> None:
    rows = [[f"甘{n}", "户主", id_no(n), f"幸福苑3号楼2单元50{n}", "甘"] for n in (1, 2)]
    head = [*NUMBERED[:4], "曾用名"]
    batches.commit_roster(batch=preview(community, worker, *rows, head=head), actor=worker)
    for person in Person.objects.all():
        household_events.correct_person(person=person, actor=worker, reason="本人说的", former_name="甘旧名")
    rows[0][2:] = [id_no(1), rows[0][3], "甘新"]
    batch = preview(community, worker, *rows, head=head)
    first, second = batch.rows.filter(kind="held").order_by("row_no")
    client.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    page, answers = reverse("imports:detail", args=[batch.pk]), reverse("imports:answers", args=[batch.pk])
    spots = [f"{row.row_no} {row.sheet}" for row in (first, second)]

    def ticked() -> int:
        return client.get(page, {"show": "held"}).content.decode().count(" checked")

    assert ticked() == 0
    client.post(answers, {"show": "held", "offered": spots, **{f"take:{spot}": "former_name" for spot in spots}})
    batch.refresh_from_db()
    assert batch.changed == 2 and ticked() == 2, "what is taken stays in sight"
    client.post(answers, {"show": "held", "offered": spots[:1]})
    batch.refresh_from_db()
    assert batch.changed == 1 and ticked() == 1, "a row on another page keeps its tick"
    client.post(answers, {"apart": ["² x", "❷ x"], "show": "asked"})
    batch.refresh_from_db()
    assert batch.changed == 1, "an answer of another part leaves it alone"


@pytest.mark.parametrize("building", ["❷号楼", "²号楼", "99999999999999999号楼", "百号楼"])
def test_a_building_of_an_odd_number_stops_no_roster(community: Organisation, worker: Staff, building: str) -> None:
    head = ["姓名", "与户主关系", "身份证号", "小区", "楼栋", "单元", "房号"]
    rows = [
        ["甘一", "户主", id_no(1), "幸福苑", building, "1", "101"],
        ["甘二", "户主", id_no(2), "幸福苑", "2", "1", "101"],
    ]
    batches.commit_roster(batch=preview(community, worker, *rows, head=head), actor=worker)
    assert Person.objects.filter(name="甘二").exists()
    names = [building, "3"]
    act = acts.begin(community=community, actor=worker, kind="places_added")
    doors = write_rows.make_doors(community, [Address("幸福苑", name, "1", "101") for name in names], act)
    assert all(Dwelling.objects.get(pk=door.pk).walk_order >= 0 for door in doors.values())
