"""What a roster does to a register that people have worked on: odd cells, moves by hand, empty homes, families."""

from typing import Any

from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.tests.test_rosters import sheets
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts
from qiaomen.register.models import Household, Person

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
