"""Rosters as offices keep them, each of another shape, come in without anybody cleaning them first."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from qiaomen.imports.actions import batches
from qiaomen.imports.models import ImportBatch
from qiaomen.imports.problems import AlreadyImported
from qiaomen.imports.tests.test_import import equation
from qiaomen.imports.tests.workbooks import old_book
from qiaomen.kernel.cells import parse_date
from qiaomen.kernel.tests.numbers import id_no
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.actions import acts
from qiaomen.register.models import Person
from qiaomen.workbooks.problems import NotAWorkbook

Rows = list[list[Any]]


def sheets(**tables: Rows) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy/m/d"})
    for name, rows in tables.items():
        sheet = book.add_worksheet(name)
        for y, row in enumerate(rows):
            sheet.write_row(y, 0, row)
        if name.startswith("旧"):
            sheet.hide()
    book.close()
    return out.getvalue()


def text(rows: Rows, encoding: str, separator: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def merged() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("花名册")
    sheet.merge_range(0, 0, 0, 4, "锦瑟社区居民花名册")
    for x, title in enumerate(["户主姓名", "姓名", "与户主关系", "公民身份号码", "现居住地址"]):
        sheet.write(1, x, title)
    sheet.merge_range(2, 0, 3, 0, "单志明")
    sheet.merge_range(2, 4, 3, 4, "幸福苑3号楼2单元501室")
    sheet.write_row(2, 1, ["单志明", "户主", id_no(1)])
    sheet.write_row(3, 1, ["仇小兰", "配偶", id_no(2)])
    book.close()
    return out.getvalue()


HEAD = ["姓名", "身份证号", "电话", "地址"]
A, B = ["单志明", id_no(1), "13900001234", "幸福苑3-2-501"], ["曾·艾力", id_no(3), "", "幸福苑小区3号楼2单元502室"]
SHAPES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "合并的标题和户主": ("a.xlsx", merged),
    "表头在第十行": ("a.xlsx", lambda: sheets(名册=[*[["填报说明"]] * 9, HEAD, A, B])),
    "楼栋单元室号各一列": ("a.xlsx", lambda: sheets(名册=[
        ["小区名称", "楼栋", "单元", "房号", "姓名*", "身份证号码（必填）", "联系方式"],
        ["幸福苑", "3号楼", "2单元", "501室", "单志明", id_no(1), "139-0000-1234"],
        ["幸福苑", 3, 2, 502, "仇小兰", id_no(2), 13900005678],
    ])),
    "国标编码的文本表": ("a.csv", lambda: text([HEAD, A, B], "gb18030")),
    "带签名的分号文本表": ("a.csv", lambda: text([HEAD, A, B], "utf-8-sig", ";")),
    "制表符的宽字符文本表": ("a.txt", lambda: text([HEAD, A, B], "utf-16", "\t")),
    "全角数字和空格": ("a.xlsx", lambda: sheets(名册=[HEAD, ["单 志 明", " ".join(id_no(1)), "１３９００００１２３４", "幸福苑３－２－５０１"], B])),
    "五种日期没有证件": ("a.xlsx", lambda: sheets(名册=[
        ["姓名", "出生年月", "住址"],
        *[[f"老人{n}", born, f"幸福苑3-2-50{n}"] for n, born in enumerate(
            ["1950-3-5", "1950.03.05", "1950年3月5日", "19500305", "一九五〇年三月五日", datetime(1950, 3, 5), 18327], 1)],
    ])),
    "每栋一张表还有隐藏的旧表": ("a.xlsx", lambda: sheets(
        三号楼=[HEAD, A], 四号楼=[["住址", "名字", "手机号码", "证件号码"], [B[3], B[0], B[2], B[1]]], 旧名册=[HEAD, A, B])),
    "旧格式的表": ("a.xls", lambda: old_book([HEAD, A, B])),
    "两行表头": ("a.xlsx", lambda: sheets(名册=[
        ["序号", "户号", "家庭成员信息", "", "", "住址信息", ""], ["", "", "姓名", "身份证号", "联系方式", "地址", "备注"],
        [1, "7", "单志明", " ".join([id_no(1)[:6], id_no(1)[6:]]), 13900001234, "幸福苑3-2-501", ""], [2, "8", B[0], B[1], "", B[3], ""],
    ])),
    "文字的制表说明": ("a.xlsx", lambda: sheets(名册=[
        ["锦瑟社区居民花名册"], ["填报单位：锦瑟社区", "", "2026年9月"], HEAD, A, [], B, ["合计", "", "2人", ""], ["填表人：网格员", "", "审核人：主任", ""],
    ])),
    "户主只在第一行": ("a.xlsx", lambda: sheets(名册=[
        ["户号", "户主", "姓名", "关系", "身份证", "现住址"],
        ["7", "单志明", "单志明", "本人", id_no(1), "幸福苑3栋2单元501"], ["", "", "仇小兰", "配偶", id_no(2), ""],
        ["", "", "单小宝", "子女", id_no(5, "20190101"), ""],
    ])),
}  # fmt: skip


def bring(community: Organisation, worker: Staff, name: str, content: bytes) -> ImportBatch:
    batch = batches.upload_roster(community=community, actor=worker, file_name=name, content=content)
    return batches.commit_roster(batch=batches.preview_roster(batch=batch), actor=worker)


@pytest.mark.parametrize("shape", list(SHAPES))
def test_it_comes_in_as_it_is(shape: str, community: Organisation, worker: Staff) -> None:
    name, make = SHAPES[shape]
    batch = bring(community, worker, name, make())
    assert batch.rejected == 0 and batch.created == batch.rows_read == Person.objects.count() >= 2
    assert all(person.household.dwelling for person in Person.objects.select_related("household__dwelling"))


def test_a_roster_taken_back_can_come_in_again(community: Organisation, worker: Staff) -> None:
    name, make = SHAPES["合并的标题和户主"]
    content = make()
    batch = bring(community, worker, name, content)
    with pytest.raises(AlreadyImported):
        bring(community, worker, name, content)
    acts.undo(act=batch.act, actor=worker, reason="早了一天", partly=True)
    assert equation(bring(community, worker, name, content)) == (2, 2, 0, 0, 0)


def test_five_spellings_are_one_day() -> None:
    spelt = ["1950-3-5", "1950.03.05", "1950/3/5", "1950年3月5日", "19500305", "一九五〇年三月五日", "18327"]
    assert {parse_date(one) for one in spelt} == {date(1950, 3, 5)}
    assert (
        parse_date("1950年3月") is None
        and parse_date("二十一") is None
        and parse_date("一九八一年十二月三十一日") == date(1981, 12, 31)
    )


def test_the_same_header_is_read_as_a_person_read_it_before(community: Organisation, worker: Staff) -> None:
    head = ["居民", "姓名", "证号", "身份证号", "地址"]
    first = sheets(名册=[head, ["单志明", "单", id_no(1), "旧", A[3]]])
    batch = batches.upload_roster(community=community, actor=worker, file_name="a.xlsx", content=first)
    batches.preview_roster(batch=batch)
    batches.choose_columns(batch=batch, chosen={"名册": ["name", "", "id_no", "", "address"]})
    second = sheets(名册=[head, ["仇小兰", "仇", id_no(2), "旧", A[3]]])
    batch = batches.upload_roster(community=community, actor=worker, file_name="b.xlsx", content=second)
    assert equation(batches.preview_roster(batch=batch)) == (1, 1, 0, 0, 0)
    assert batch.mapping["名册"]["fields"] == ["name", "", "id_no", "", "address"]


NO_TABLES = {
    "pdf": b"%PDF-1.7\n1 0 obj",
    "nul bytes": b"\x00\x01\x02",
    "one column": "只有一列\n没有表".encode(),
    "broken": b"\xff\xff\xfe",
}


@pytest.mark.parametrize("content", list(NO_TABLES.values()), ids=list(NO_TABLES))
def test_what_is_no_table_is_refused(content: bytes, community: Organisation, worker: Staff) -> None:
    with pytest.raises(NotAWorkbook):
        batches.upload_roster(community=community, actor=worker, file_name="a.csv", content=content)
