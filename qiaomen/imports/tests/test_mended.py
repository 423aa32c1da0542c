"""What a roster does to a register that people have worked on: odd cells, moves by hand, empty homes, families."""

from typing import Any

from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.tests.test_rosters import sheets
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Person

HEAD = ["姓名", "与户主关系", "性别", "年龄", "出生日期", "居住地址"]


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
