"""A family with eight open things: its page answers the door on a desk, narrow without script, and on one A4."""

import io
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser
WORLD = """
import django; django.setup()
from qiaomen.office.models import Staff
from tests.stories import family
head = Staff.objects.get(login_name="zhuren")
worker = next(one for one in Staff.objects.filter(role="worker") if one.community == head.community)
family.estate(head.community, worker, head, 1)
"""


def find_family(desk: Page) -> None:
    sign_in(desk, "zhuren")
    desk.locator("#qm-search").fill("王建国")
    hit = desk.locator("#qm-hits .qm-hit", has_text="王建国").first
    expect(hit).to_contain_text("维修答应11月23日前办好，晚了 8 天")
    hit.click()
    expect(desk.get_by_test_id("door")).to_be_visible()


def test_the_door_is_answered_on_the_first_screen_and_on_one_sheet(desk: Page, server: Server) -> None:
    server.run(WORLD)
    find_family(desk)
    door = desk.get_by_test_id("door")
    for words in ("王建国 85 岁", "维修答应11月23日前办好，晚了 8 天", "约好 12月1日来", "高龄津贴还没有到账", "只要"):
        expect(door).to_contain_text(words)
    box = door.bounding_box()
    assert box is not None and box["y"] + box["height"] <= 768
    expect(desk.get_by_role("link", name="分户")).to_be_hidden()
    desk.get_by_text("这一户有变动").click()
    expect(desk.get_by_role("link", name="分户")).to_be_visible()
    sheet = pypdf.PdfReader(io.BytesIO(desk.pdf(format="A4")))
    assert len(sheet.pages) == 1
    desk.emulate_media(media="print")
    for button in desk.locator("button, .btn").all():
        assert not button.is_visible(), button.text_content()
    expect(desk.get_by_text("现在领低保吗？")).to_be_hidden()


def test_a_narrow_page_works_without_script_and_in_large_type(browser: Any, desk: Page, server: Server) -> None:
    server.run(WORLD)
    find_family(desk)
    desk.set_viewport_size({"width": 390, "height": 844})
    wide = "document.documentElement.scrollWidth"
    assert desk.evaluate(wide) <= 390
    desk.evaluate("document.documentElement.dataset.large = ''")
    assert desk.evaluate(wide) <= 390
    kept = desk.context.storage_state()
    plain = browser.new_context(
        base_url=server.url, locale="zh-CN", java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    plain.add_cookies(kept["cookies"])
    page = plain.new_page()
    page.goto(desk.url)
    expect(page.get_by_test_id("door")).to_contain_text("晚了 8 天")
    page.get_by_text("这一户有变动").click()
    expect(page.get_by_role("link", name="分户")).to_be_visible()
    page.get_by_role("link", name="记下情况").first.click()
    expect(page.locator("main form select")).to_have_count(3)
    page.get_by_role("link", name="生活").click()
    expect(page.get_by_label("居住情况")).to_be_visible()
    plain.close()
