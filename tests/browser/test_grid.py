"""A morning in the grid: type, paste, take back, keep a view; and a list leaves with a second person's word."""

import io
import re
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from playwright.sync_api import Browser, Locator, Page, expect
from python_calamine import CalamineWorkbook

from tests.browser.conftest import Server, in_own_time
from tests.browser.steps import go_to, sign_in

pytestmark = pytest.mark.browser

SETUP = """
import django; django.setup()
from qiaomen.office.models import Organisation, Staff
from simtown.play import PASSWORD, SEED, bring_roster
bring_roster("C", SEED)
home = Organisation.objects.get(code="SGX-C-1")
Staff.objects.create_user("wangge-c", PASSWORD, name="一网格 苏晓", role="worker", organisation=home)
"""


@pytest.fixture
def staffed(server: Server) -> Server:
    """The small community with its register, its head and one worker."""
    server.run(SETUP)
    return server


def cell(page: Page, row: int, column: str) -> Locator:
    return page.locator(f".tabulator-row >> nth={row}").locator(f'.tabulator-cell[tabulator-field="{column}"]')


def opened_with(password: str, locked: bytes) -> bytes:
    book, out = OOXMLFile(io.BytesIO(locked)), io.BytesIO()
    book.load_key(password=password, verify_password=True)
    book.decrypt(out, verify_integrity=True)
    return out.getvalue()


def agree(browser: Browser, staffed: Server) -> None:
    """Another person, at another desk, lets the export go."""
    beside = browser.new_context(base_url=staffed.url, locale="zh-CN", viewport={"width": 1366, "height": 768})
    other = in_own_time(beside).new_page()
    sign_in(other, "zhuren-c")
    other.goto("/sheets/exports/")
    expect(other.get_by_text("报街道民政办，高龄津贴年审").first).to_be_visible()
    expect(other.locator(".qm-watermark")).to_contain_text("一网格 苏晓（wangge-c）导出")
    other.get_by_role("button", name="同意").click()
    other.get_by_role("button", name="同意").click()  # asked once: a file that was taken cannot be called back
    expect(other.get_by_text("没有等您同意的申请")).to_be_visible()


def test_type_paste_take_back_keep_a_view_and_export(
    desk: Page, staffed: Server, browser: Browser, tmp_path: Path
) -> None:
    complaints: list[str] = []
    desk.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(desk, "wangge-c")
    go_to(desk, "居民")
    state = desk.locator(".qm-grid-state")
    expect(state).to_have_text(re.compile(r"共 3\d\d 行"), timeout=15000)
    # the grid opens with what a list of doors needs; the rest is asked for
    desk.get_by_role("button", name="选列").click()
    desk.locator("#qm-columns").get_by_label("工作的地方", exact=True).check()
    desk.locator("#qm-columns").get_by_role("button", name="好").click()
    expect(cell(desk, 0, "work_place")).to_be_visible()
    work = [cell(desk, row, "work_place") for row in range(3)]
    work[0].click()
    method = desk.context.new_cdp_session(desk)  # as a Chinese input method does it: letters first, then the word
    method.send("Input.imeSetComposition", {"text": "she qu", "selectionStart": 6, "selectionEnd": 6})
    method.send("Input.insertText", {"text": "社区工厂"})
    desk.keyboard.press("Enter")
    expect(state).to_have_text(re.compile("已保存"))
    expect(work[0]).to_have_text("社区工厂")

    cell(desk, 0, "relation").click()
    desk.evaluate(
        """() => { const t = new DataTransfer(); t.setData('text/plain', '本人\\t女\\r\\n配偶\\t男\\r\\n子\\t不知\\r\\n');
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: t, bubbles: true, cancelable:
        true})) }"""
    )
    dialog = desk.locator("#qm-confirm")
    expect(dialog.get_by_role("heading", name=re.compile("将改 . 处"))).to_be_visible()
    expect(dialog.get_by_text("有问题的 1 处不会写入，留在表里标红")).to_be_visible()
    dialog.get_by_role("button", name="写入", exact=True).click()
    expect(cell(desk, 0, "relation")).to_have_text("本人")
    bad = desk.locator(".qm-bad")
    expect(bad).to_have_text("不知")
    expect(state).to_have_text(re.compile("已保存"))
    desk.keyboard.press("Control+z")
    expect(cell(desk, 0, "relation")).to_have_text("户主")
    desk.keyboard.press("Control+z")
    expect(work[0]).to_have_text("")
    desk.keyboard.press("Control+y")
    expect(work[0]).to_have_text("社区工厂")
    bad.click()
    expect(state).to_have_text("只能是：男、女。")
    desk.keyboard.press("Escape")
    expect(bad).to_have_count(0)

    desk.get_by_role("searchbox", name="筛选 年龄段").fill("60+")
    expect(state).to_have_text(re.compile(r"共 \d\d? 行|共 1\d\d 行"))
    elders = int(re.search(r"\d+", state.inner_text())[0])  # type: ignore[index]
    assert 50 < elders < 355
    desk.get_by_role("button", name="存为视图").click()
    desk.get_by_label("视图的名字").fill("我的老人")
    desk.get_by_role("button", name="保存", exact=True).click()
    expect(desk.get_by_role("heading", name="居民台账 · 我的老人")).to_be_visible()
    expect(state).to_have_text(f"共 {elders} 行")

    desk.get_by_role("button", name="导出", exact=True).click()
    expect(desk.get_by_text("年龄段：60+")).to_be_visible()
    desk.get_by_label("用途").fill("报街道民政办，高龄津贴年审")
    desk.get_by_role("button", name="申请导出").click()
    expect(desk.get_by_text("等另一位同事同意")).to_be_visible()
    expect(desk.get_by_role("button", name="下载")).to_have_count(0)

    agree(browser, staffed)

    desk.reload()
    desk.get_by_role("button", name="下载").click()
    password = desk.locator("#qm-password").inner_text()
    with desk.expect_download() as coming:
        desk.get_by_role("link", name="下载文件").click()
    coming.value.save_as(tmp_path / "导出.xlsx")
    assert (tmp_path / "导出.xlsx").read_bytes().startswith(b"\xd0\xcf\x11\xe0")
    opened = opened_with(password, (tmp_path / "导出.xlsx").read_bytes())
    found = CalamineWorkbook.from_filelike(io.BytesIO(opened)).get_sheet_by_index(0).to_python()
    assert len(found) == elders + 3 and "SGX-C-0001" in found[0][0] and found[1][0] == "姓名"
    assert not complaints
