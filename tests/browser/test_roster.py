"""From an empty register: a messy roster comes in, a person is found, a door is seen, the ledger holds."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qiaomen.kernel import clock
from simtown.play import SEED
from simtown.world.people import PLANS, make_households
from simtown.world.roster import write_roster
from tests.browser.steps import go_to, sign_in

pytestmark = pytest.mark.browser


def test_a_roster_comes_in_and_every_door_is_known(desk: Page, tmp_path: Path) -> None:
    town = make_households(PLANS["C"], SEED, clock.today())
    roster = tmp_path / "旧厂院花名册.xlsx"
    roster.write_bytes(write_roster(PLANS["C"], town))
    complaints: list[str] = []
    desk.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(desk, "zhuren-c")

    go_to(desk, "居民", "导入名册")
    desk.get_by_label("花名册").set_input_files(roster)
    desk.get_by_role("button", name="上传并预览").click()
    equation = desk.locator(".qm-equation")
    expect(equation).to_have_text("读到 367 行 = 新增 355 + 变更 0 + 相同 0 + 有问题 12")
    expect(desk.get_by_text("后三位已丢失").first).to_be_visible()
    desk.get_by_role("button", name="提交导入").click()
    expect(desk.get_by_text("已导入。下面是回执。")).to_be_visible()

    head = town[0].people[0]
    desk.locator("#qm-search").press_sequentially(head.phone[-4:] if head.phone else head.name)
    desk.locator("#qm-hits").get_by_text(head.name).first.click()
    expect(desk.get_by_role("heading", name=head.name, exact=True)).to_be_visible()
    assert head.id_no not in desk.content()
    row = desk.locator(".qm-member").filter(has=desk.get_by_role("heading", name=head.name, exact=True))
    row.get_by_label("查看的理由").select_option("核对身份")
    row.get_by_role("button", name="显示").click()
    expect(desk.get_by_text(head.id_no)).to_be_visible()

    desk.get_by_role("link", name="看这栋楼").click()
    expect(desk.locator(".qm-tile")).to_have_count(36)

    go_to(desk, "管理", "操作台账")
    expect(desk.get_by_role("cell", name="查看了一项密封资料").first).to_be_visible()
    desk.get_by_role("button", name="校验整条链").click()
    expect(desk.get_by_text("链完整")).to_be_visible()
    assert not complaints


def test_a_photo_with_the_name_of_a_workbook_is_refused_in_words(desk: Page, tmp_path: Path) -> None:
    photo = tmp_path / "花名册.xlsx"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + b"0" * 500)
    sign_in(desk, "zhuren-c")
    desk.goto("/imports/")
    desk.get_by_label("花名册").set_input_files(photo)
    desk.get_by_role("button", name="上传并预览").click()
    expect(desk.get_by_role("alert")).to_contain_text("什么都没有导入，原有的居民资料没有变动。")
    expect(desk.get_by_role("heading", name="这不是表格文件")).to_be_visible()
