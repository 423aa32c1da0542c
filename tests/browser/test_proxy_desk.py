"""T4 24: a booklet taken on Monday with a receipt, a mandate, a refused closing, and given back on Friday."""

import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Server, in_own_time
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser
AXE = "web/node_modules/axe-core/axe.min.js"
SHOTS = os.environ.get("QM_SHOTS", "")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, played: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("proxy") / "data"
    shutil.copytree(played, folder)
    made = Server(folder)
    made.start()
    yield made
    made.stop()


def page_in(browser: Browser, server: Server, **size: int) -> Page:
    viewport: Any = {"width": 1366, "height": 768, **size}
    context = browser.new_context(
        base_url=server.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=viewport, accept_downloads=True
    )
    context.set_default_timeout(30000)
    in_own_time(context)
    return context.new_page()


def look(page: Page, name: str) -> None:
    """No fault of accessibility, nothing wider than the screen; a picture where somebody asked for one."""
    page.evaluate((ROOT / AXE).read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa']}).then(found => found.violations)")
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_t4_24_a_booklet_is_taken_and_given_back_and_the_receipt_leads_to_the_state(
    browser: Browser, server: Server
) -> None:
    desk = page_in(browser, server)
    sign_in(desk, "zhuren-c")
    desk.goto("/cases/")
    desk.locator("tbody a").first.click()
    expect(desk.get_by_test_id("who")).to_be_visible()
    about = desk.get_by_test_id("who").inner_text()
    case = desk.url
    look(desk, "case-1366")
    desk.get_by_role("link", name="委托、原件和材料").click()

    taking = desk.locator("#original")
    taking.get_by_label("谁的").select_option(index=1)
    taking.get_by_label("什么原件").fill("户口本")
    taking.get_by_label("放在哪").fill("二号柜上层")
    taking.get_by_role("button", name="收下原件").click()
    expect(taking.get_by_text("放在二号柜上层")).to_be_visible()
    with desk.expect_download() as slip:
        desk.evaluate("location.href = document.querySelector('#original li a').href.replace('?as=pdf', '?as=docx')")
    printed = Document(io.BytesIO(Path(slip.value.path()).read_bytes()))
    cells = [cell.text for table in printed.tables for row in table.rows for cell in row.cells]
    assert "户口本" in cells and "二号柜上层" in cells

    _mandate_and_paper(desk)
    _refused_until_given_back(desk, case)
    number, code = _receipt(desk, case, about)
    _at_home(browser, server, number, code, case)


def _mandate_and_paper(desk: Page) -> None:
    mandate = desk.locator("#mandate")
    mandate.get_by_label("谁委托的").select_option(index=1)
    mandate.get_by_label("凭什么").select_option("heard")
    mandate.get_by_label("本人怎么说的").fill("腿脚不便，你们替我去办")
    mandate.get_by_label("委托我们办什么").fill("代交申请，代领回执")
    mandate.get_by_role("button", name="记下委托").click()
    expect(mandate.get_by_text("腿脚不便，你们替我去办")).to_be_visible()
    material = desk.locator("#material")
    material.get_by_label("要什么材料").fill("户籍证明")
    material.get_by_label("为什么要", exact=True).fill("认定户籍地")
    material.get_by_role("button", name="要这样材料").click()
    expect(material.get_by_text("社区已有，不用交")).to_be_visible()
    look(desk, "proxy-1366")


def _refused_until_given_back(desk: Page, case: str) -> None:
    desk.goto(case)
    desk.locator("#closing-outcome").select_option(index=1)
    desk.get_by_label("给居民的一句话").fill("办好了，高龄津贴下月到账。")
    desk.get_by_role("button", name="办结").click()
    expect(desk.get_by_text("户口本（二号柜上层）还没有还给居民")).to_be_visible()

    desk.goto("/cases/drawers/")
    expect(desk.get_by_role("cell", name="二号柜上层")).to_be_visible()
    look(desk, "shelf-1366")
    desk.get_by_role("link", name="户口本").click()
    desk.locator("#original").get_by_label("还给谁").fill("本人")
    desk.get_by_role("button", name="还了").click()
    expect(desk.get_by_text("还给本人")).to_be_visible()


def _receipt(desk: Page, case: str, about: str) -> tuple[str, str]:
    """Print the receipt as Word; return its number and its code."""
    desk.goto(case)
    desk.get_by_role("link", name="打印单子").click()
    expect(desk.get_by_text("补助金额：没有经过确认，空着")).to_be_visible()
    assert about.split("·")[0].split()[-1] in desk.get_by_test_id("who").inner_text()
    look(desk, "papers-1366")
    with desk.expect_download() as receipt:
        desk.get_by_role("link", name="受理回执 Word").click()
    printed = Document(io.BytesIO(Path(receipt.value.path()).read_bytes()))
    cells = [cell.text for table in printed.tables for row in table.rows for cell in row.cells]
    number = next(cell for cell in cells if re.fullmatch(r"\d{8}", cell))
    return number, next(cell for cell in cells if re.fullmatch(r"[2-9A-Z]{6}", cell))


def _at_home(browser: Browser, server: Server, number: str, code: str, case: str) -> None:
    home = page_in(browser, server, width=390, height=844)
    home.goto("/")
    home.get_by_role("link", name="查办到哪一步").click()
    home.get_by_label("查询号").fill(number)
    home.get_by_label("查询码").fill(code.lower())
    home.get_by_role("button", name="查", exact=True).click()
    expect(home.get_by_role("status")).to_have_text(re.compile("正在办|在等别的单位"))
    look(home, "track-390")

    narrow = page_in(browser, server, width=390, height=844)
    sign_in(narrow, "zhuren-c")
    narrow.goto(case + "proxy/")
    expect(narrow.get_by_test_id("who")).to_be_visible()
    look(narrow, "proxy-390")
    narrow.goto("/cases/templates/")
    expect(narrow.get_by_text("可以写的字段")).to_be_visible()
    look(narrow, "templates-390")
