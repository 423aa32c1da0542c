"""Stories T4 1 and 18 on the desk: bad tables are understood before anything is written, and what is asked is asked."""

import io
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from qiaomen.kernel.tests.numbers import id_no
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser
ROSTERS = Path(__file__).resolve().parents[2] / "qiaomen" / "imports" / "tests" / "rosters"


def upload(desk: Page, path: Path) -> None:
    desk.goto("/imports/")
    desk.get_by_label("花名册").set_input_files(path)
    desk.get_by_role("button", name="上传并预览").click()


def commit(desk: Page) -> None:
    desk.get_by_role("button", name="提交导入").click()
    expect(desk.get_by_text("已导入。下面是回执。")).to_be_visible()


def test_t4_1_a_messy_list_is_shown_as_it_was_understood(desk: Page) -> None:
    sign_in(desk, "zhuren-c")
    upload(desk, ROSTERS / "01-merged-cells.xlsx")
    expect(desk.locator(".qm-equation")).to_have_text("读到 5 行 = 新增 5 + 变更 0 + 相同 0 + 有问题 0")
    homes = desk.locator("table.card-table")
    for door, head in (("3-2-101", "赵一"), ("3-2-201", "孙一"), ("3-3-101", "周二"), ("3-3-201", "吴二")):
        expect(homes.get_by_role("row").filter(has_text=f"幸福苑 {door}")).to_contain_text(head)
    desk.get_by_text("按小区、楼栋、单元的小计").click()
    expect(desk.get_by_role("cell", name="2单元 3 户")).to_contain_text("3单元 2 户")
    commit(desk)

    upload(desk, ROSTERS / "09-masked-and-odd-phones.xlsx")
    desk.get_by_role("link", name="待补全 3").click()
    expect(desk.get_by_text("后几位已丢失")).to_be_visible()
    commit(desk)

    upload(desk, ROSTERS / "17-addresses.xlsx")
    expect(desk.get_by_text("“李家村”还没有登记过，名册里有 1 行。")).to_be_visible()
    expect(desk.get_by_text("有 4 行没有写是哪个小区")).to_be_visible()
    desk.get_by_label("“李家村”是哪里").select_option("+")
    desk.get_by_label("哪个小区", exact=True).select_option("幸福苑")
    desk.get_by_role("button", name="就这样，重新预览").click()
    expect(desk.get_by_text("先定地方，再看名册")).to_have_count(0)


def test_t4_18_a_number_under_another_name_is_asked_and_nothing_is_ticked(desk: Page) -> None:
    sign_in(desk, "zhuren-c")
    upload(desk, ROSTERS / "08-same-id-other-name-1.xlsx")
    commit(desk)
    upload(desk, ROSTERS / "08-same-id-other-name-2.xlsx")
    desk.get_by_label("“平安里”是哪里").select_option("+")
    desk.get_by_role("button", name="就这样，重新预览").click()
    expect(desk.get_by_text("这个证件号登记的是赵**")).to_be_visible()
    expect(desk.locator("input[type=radio]:checked")).to_have_count(0)
    desk.get_by_label("先不导入").check()
    desk.get_by_role("button", name="按选的重新预览").click()
    expect(desk.locator(".qm-equation")).to_have_text("读到 1 行 = 新增 0 + 变更 0 + 相同 0 + 有问题 1")


def test_t4_18_origins_come_in_with_their_households_and_who_is_missing_is_listed(desk: Page, tmp_path: Path) -> None:
    def roster(name: str, rows: list[list[str]]) -> Path:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        sheet = book.add_worksheet("花名册")
        for y, row in enumerate([["姓名", "与户主关系", "身份证号", "住址", "原乡镇", "原村", "是否脱贫户"], *rows]):
            sheet.write_row(y, 0, row)
        book.close()
        path = tmp_path / name
        path.write_bytes(out.getvalue())
        return path

    first = ["单志明", "户主", id_no(11), "幸福苑3-2-501", "甲镇", "乙村", "是"]
    wife = ["仇小兰", "配偶", id_no(22), "幸福苑3-2-501", "", "", ""]
    sign_in(desk, "zhuren-c")
    upload(desk, roster("a.xlsx", [first, wife]))
    commit(desk)
    upload(desk, roster("b.xlsx", [first]))
    desk.get_by_role("link", name="名册里没有的人 1").click()
    expect(desk.get_by_role("row").filter(has_text="仇小兰")).to_contain_text("幸福苑 3-2-501")
    expect(desk.get_by_role("link", name="去这一户办搬走、去世")).to_be_visible()
