"""Steps that stories share: sign in, bring a roster in."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from simtown.play import PASSWORD


def sign_in(page: Page, name: str) -> None:
    page.goto("/login/")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def go_to(desk: Page, door: str, page: str = "") -> None:
    """Go through a door of the menu, and on to one of the pages behind it."""
    menu = desk.get_by_role("navigation", name="主菜单")
    menu.get_by_role("link", name=re.compile(f"^{door}( \\d+ 件等着)?$")).click()
    if page:
        behind = desk.get_by_role("navigation", name="这一栏的页面")
        behind.get_by_role("link", name=re.compile(f"^{page}( \\d+ 件等着)?$")).click()


def bring_roster(desk: Page, content: bytes, folder: Path) -> None:
    """Upload a workbook, look at nothing, commit, wait for the receipt."""
    roster = folder / "花名册.xlsx"
    roster.write_bytes(content)
    desk.goto("/imports/")
    desk.get_by_label("花名册").set_input_files(roster)
    desk.get_by_role("button", name="上传并预览").click()
    desk.get_by_role("button", name="提交导入").click()
    expect(desk.get_by_text("已导入。下面是回执。")).to_be_visible(timeout=60_000)


def begin_event(desk: Page, title: str) -> None:
    """On the page of a household open the form of something that happened: 搬入, 分户."""
    desk.locator(".qm-more > summary").click()
    desk.get_by_role("link", name=title, exact=True).click()
