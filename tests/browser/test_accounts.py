"""A new worker begins: the administrator adds her, a code is printed, she chooses a password; the head closes the
account and her page is shut at that moment.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from simtown.play import PASSWORD
from tests.browser.conftest import Server, in_own_time
from tests.browser.steps import go_to, sign_in

pytestmark = pytest.mark.browser
OWN = "石榴树下三只猫 2026"


def another(browser: Browser, server: Server, **how: Any) -> Page:
    """A colleague's own browser."""
    context = in_own_time(browser.new_context(base_url=server.url, locale="zh-CN", timezone_id="Asia/Shanghai", **how))
    context.set_default_timeout(30000)
    return context.new_page()


def test_a_new_worker_begins_and_leaves(desk: Page, browser: Browser, server: Server) -> None:
    sign_in(desk, "guanli")
    go_to(desk, "管理", "账号")
    desk.get_by_role("link", name="添加一个人").click()
    desk.get_by_role("button", name="添加，给一次性密码").click()
    summary = desk.get_by_test_id("faults")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("listitem")).to_have_count(4)
    assert desk.title().startswith("出错：")
    summary.get_by_role("link", name="请写上登录名").click()
    expect(desk.get_by_label("登录名")).to_be_focused()
    desk.get_by_label("登录名").fill("fang7")
    desk.get_by_label("姓名").last.fill("方小满")
    desk.get_by_label("岗位").select_option("worker")
    grid = desk.get_by_label("归哪里").locator("option").filter(has_text="网格").first
    desk.get_by_label("归哪里").select_option(label=grid.inner_text())
    desk.get_by_role("button", name="添加，给一次性密码").click()
    code = desk.get_by_test_id("code").inner_text()
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", code)

    hers = another(browser, server, viewport={"width": 390, "height": 844})
    hers.goto("/login/")
    hers.get_by_label("登录名").fill("fang7")
    hers.get_by_label("密码").fill(code)
    hers.get_by_role("button", name="登录").click()
    expect(hers.get_by_role("heading", name="换成自己的密码")).to_be_visible()
    hers.goto("/desk/")
    expect(hers.get_by_role("heading", name="换成自己的密码")).to_be_visible()
    hers.get_by_label("新密码", exact=True).fill("12345678901")
    hers.get_by_label("再写一遍新密码").fill("12345678901")
    hers.get_by_role("button", name="改好密码").click()
    expect(hers.get_by_test_id("faults")).to_contain_text("密码不能全是数字")
    hers.get_by_label("新密码", exact=True).fill(OWN)
    hers.get_by_label("再写一遍新密码").fill(OWN)
    hers.get_by_role("button", name="改好密码").click()
    hers.get_by_text("更多", exact=True).click()  # on a narrow screen who one is stands behind it
    expect(hers.get_by_text("方小满 · 网格员").first).to_be_visible()

    community = hers.get_by_text("方小满 · 网格员").first.inner_text()
    head = another(browser, server, viewport={"width": 1366, "height": 768})
    head_name = next(name for name in ("zhuren", "zhuren-b", "zhuren-c") if _heads(head, name, "方小满"))
    assert head_name and community
    head.get_by_role("link", name="方小满").click()
    expect(head.get_by_text("就是这里")).to_have_count(0)
    head.get_by_role("link", name="停用", exact=True).click()
    head.get_by_label("为什么").fill("调到别的社区")
    head.get_by_role("button", name="停用这个账号").click()
    expect(head.get_by_text("账号已停用：登录全部退出，手机全部停用。")).to_be_visible()
    hers.goto("/desk/")
    expect(hers.get_by_role("button", name="登录")).to_be_visible()
    assert "fang7" not in hers.url


def _heads(page: Page, name: str, person: str) -> bool:
    """Sign a head in and say whether this person is among the accounts; a head of another community does not see it."""
    page.context.clear_cookies()
    sign_in(page, name)
    page.goto("/accounts/")
    return page.get_by_role("link", name=person).count() == 1


def test_everybody_changes_the_own_password_and_sees_where_they_are(
    desk: Page, browser: Browser, server: Server
) -> None:
    window = another(browser, server)
    sign_in(window, "zhuren")
    sign_in(desk, "zhuren")
    desk.get_by_role("link", name="陆").first.click()
    expect(desk.get_by_text("就是这里")).to_have_count(1)
    desk.get_by_role("button", name="退出这一处").click()
    expect(desk.get_by_text("已退出登录。")).to_be_visible()
    window.goto("/desk/")
    expect(window.get_by_role("button", name="登录")).to_be_visible()
    desk.get_by_label("现在的密码").fill(PASSWORD)
    desk.get_by_label("新密码", exact=True).fill(OWN)
    desk.get_by_label("再写一遍新密码").fill(OWN)
    desk.get_by_role("button", name="改好密码").click()
    expect(desk.get_by_text("密码已改好，别处的登录都退出了。")).to_be_visible()
