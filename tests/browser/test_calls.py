"""The call list worked through at the desk and on a phone, a heat warning, an agreed hour kept and broken, a sweep."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Server, in_own_time
from tests.browser.phones import hand_in, sign_in_phone, tap
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser
AXE = "web/node_modules/axe-core/axe.min.js"
BROKEN = """
import django; django.setup()
from datetime import timedelta
from qiaomen.kernel import clock
from qiaomen.visits.actions import due
from qiaomen.visits.models import VisitRequest
asked = VisitRequest.objects.get(kind="agreed", open=True)
asked.due_on = clock.today() - timedelta(days=1)
asked.agreed_at = clock.now() - timedelta(days=3)
asked.save()
due.refresh(asked.community, [asked.household.dwelling_id])
"""
KEPT = """
import django; django.setup()
import uuid
from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.visits.actions import due, visits
from qiaomen.visits.models import VisitRequest
asked = VisitRequest.objects.get(kind="agreed", open=True)
home = asked.household
visits.record_visit(
    visit_id=uuid.uuid4(), dwelling=home.dwelling, household=home, staff=Staff.objects.get(login_name="zhuren-c"),
    outcome="met", happened_at=clock.now(), origin="desk",
)
due.refresh(asked.community, [home.dwelling_id])
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, played: Path) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("calls") / "data"
    shutil.copytree(played, folder)
    made = Server(folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def page_of(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    opened = []

    def make(width: int = 1366, height: int = 768, **changes: Any) -> Page:
        size: Any = {"width": width, "height": height}
        context = browser.new_context(
            base_url=server.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=size, **changes
        )
        context.set_default_timeout(30000)
        in_own_time(context)
        opened.append(context)
        return context.new_page()

    yield make
    for context in opened:
        context.close()


def look(page: Page, name: str) -> None:
    """Nothing runs out of the screen, axe finds nothing; with QM_SHOTS the page is kept as a picture."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    page.evaluate((ROOT / AXE).read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag22aa']}).then(found => found.violations)")
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]
    if folder := os.environ.get("QM_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_heat_the_frail_first_a_number_by_a_look_and_a_worry_brings_somebody_today(
    page_of: Callable[..., Page],
) -> None:
    desk = page_of()
    sign_in(desk, "zhuren-c")
    desk.goto("/calls/")
    desk.get_by_text("停电、高温、寒潮：发一次预警").click()
    desk.get_by_label("哪一种").select_option("heat")
    desk.get_by_label("到哪天为止").fill("2026-12-03")
    desk.get_by_role("button", name="发预警").click()
    expect(desk.get_by_test_id("alert")).to_contain_text("高温 · 全社区")
    rows = desk.get_by_test_id("call-row")
    expect(rows.first).to_contain_text("高温，问一声")
    assert rows.count() >= 4
    look(desk, "calls-1366")
    able = rows.filter(has=desk.get_by_role("button", name="看号码"))
    able.first.get_by_role("button", name="看号码").click()
    number = desk.get_by_test_id("number")
    expect(number).to_have_count(1)
    assert (number.get_attribute("href") or "").startswith("tel:1")
    row = rows.filter(has=number)
    name = row.get_by_role("heading").inner_text().split()[-1]
    row.get_by_role("button", name="不放心").click()
    expect(desk.get_by_text("今天打过的")).to_be_visible()
    expect(rows.filter(has_text=name)).to_have_count(0)
    desk.goto("/desk/")
    expect(desk.locator("main")).to_contain_text("电话里听着不放心，今天去看看")
    able_left = rows.count()
    assert able_left == 0

    phone = page_of(390, 844, has_touch=True, is_mobile=True)
    sign_in_phone(phone, "zhuren-c")
    tap(phone, "to-calls")
    listed = phone.get_by_test_id("call-row")
    expect(listed.first).to_be_visible()
    waiting = listed.count()
    look(phone, "phone-calls-390")
    callable_row = next(n for n in range(waiting) if "没有登记电话" not in listed.nth(n).inner_text())
    listed.nth(callable_row).click()
    expect(phone.get_by_test_id("call-open").locator("ol li")).to_have_count(3)
    tap(phone, "show-number")
    expect(phone.get_by_test_id("number")).to_be_visible()
    look(phone, "phone-call-open-390")
    tap(phone, "call-well")
    expect(phone.get_by_test_id("called")).to_contain_text("都好")
    tap(phone, "back")
    hand_in(phone)
    desk.goto("/calls/")
    expect(desk.locator("main")).to_contain_text("打过 2 通")
    small = page_of(390, 844)
    sign_in(small, "zhuren-c")
    small.goto("/calls/")
    expect(small.get_by_test_id("alert")).to_be_visible()
    look(small, "calls-390")


def test_an_hour_agreed_at_the_desk_is_told_on_a_slip_and_broken_stands_first_with_the_reason(
    page_of: Callable[..., Page], server: Server
) -> None:
    desk = page_of()
    sign_in(desk, "zhuren-c")
    desk.goto("/visits/due/")
    desk.locator("table a").first.click()
    home = desk.url
    desk.get_by_label("约在哪天").fill("2026-12-02")
    desk.get_by_label("几点以后").fill("15:00")
    desk.get_by_label("几点以前（可不填）").fill("16:30")
    desk.get_by_role("button", name="约好", exact=True).click()
    expect(desk.get_by_test_id("agreed")).to_contain_text("15:00–16:30")
    look(desk, "agreed-1366")
    desk.get_by_role("link", name="打印告知条").click()
    expect(desk.locator("article")).to_contain_text("我们约好 2026年12月2日 15:00–16:30")
    server.run(BROKEN)
    desk.goto("/desk/")
    first = desk.locator(".qm-task").filter(has_not_text="还没有备份").first
    expect(first).to_contain_text("约好 11月30日来，还没有来（那天")
    server.run(KEPT)
    desk.goto("/desk/")
    expect(desk.locator("main")).not_to_contain_text("约好 11月30日来，还没有来")
    desk.goto(home)
    expect(desk.get_by_test_id("agreed")).to_have_count(0)


def asked_at_some_door(phone: Page, words: str) -> bool:
    """Open one door of the round after the other until a question is asked; some were asked already, or have nobody to
    be asked.
    """
    doors = phone.get_by_test_id("door-row")
    expect(doors.first).to_be_visible()
    for place in range(doors.count()):
        doors.nth(place).click()
        expect(phone.get_by_test_id("back")).to_be_visible()
        if words in phone.locator("main").inner_text():
            return True
        tap(phone, "back")
        expect(doors.first).to_be_visible()
    return False


def test_a_question_put_to_many_doors_is_answered_by_call_and_a_forbidden_one_refused(
    page_of: Callable[..., Page],
) -> None:
    desk = page_of()
    sign_in(desk, "zhuren-c")
    desk.goto("/calls/sweeps/")
    for title in ("排查信教的人", "谁想找活干"):
        desk.get_by_label("题目").fill(title)
        desk.get_by_label("想不想找点活干？").check()
        desk.get_by_label("问到哪天为止").fill("2026-12-10")
        desk.get_by_role("button", name="开始问").click()
        if title != "谁想找活干":
            expect(desk.get_by_role("alert").first).to_contain_text("信教")
            look(desk, "sweeps-1366")
    counts = desk.get_by_test_id("counts")
    expect(counts).to_contain_text("答了 0 户")
    rows = desk.get_by_test_id("left-row")
    rows.nth(0).get_by_label("是", exact=True).first.check()
    rows.nth(0).get_by_role("button", name="电话里问的，记下").click()
    expect(counts).to_contain_text("答了 1 户")
    rows.nth(0).get_by_label("不愿说").first.check()
    rows.nth(0).get_by_role("button", name="当面问的，记下").click()
    expect(counts).to_contain_text("答了 1 户 + 不愿说 1 户")
    look(desk, "sweep-1366")
    small = page_of(390, 844)
    sign_in(small, "zhuren-c")
    small.goto(desk.url)
    expect(small.get_by_test_id("counts")).to_be_visible()
    look(small, "sweep-390")
    phone = page_of(390, 844, has_touch=True, is_mobile=True)
    sign_in_phone(phone, "zhuren-c")
    assert asked_at_some_door(phone, "想不想找点活干？")


def test_a_wrong_row_is_put_right_and_a_call_that_was_none_is_taken_back(page_of: Callable[..., Page]) -> None:
    desk = page_of()
    sign_in(desk, "zhuren-c")
    desk.goto("/calls/")
    rows = desk.get_by_test_id("call-row")
    row = rows.filter(has=desk.get_by_role("button", name="不放心")).first
    name = row.get_by_role("heading").inner_text().split()[-1]
    row.get_by_role("button", name="不放心").click()
    called = desk.get_by_role("listitem").filter(has=desk.get_by_role("link", name="更正")).first
    expect(called).to_contain_text("不放心")
    look(desk, "calls-called-1366")
    called.get_by_role("link", name="更正").click()
    expect(desk.get_by_label("结果", exact=True)).to_have_value("worry")
    desk.get_by_label("结果", exact=True).select_option("well")
    desk.get_by_role("button", name="改好").click()
    expect(desk.get_by_role("alert").first).to_contain_text("请写一句为什么更正")
    look(desk, "call-correct-1366")
    desk.get_by_label("为什么更正").fill("按错了一行")
    desk.get_by_role("button", name="改好").click()
    expect(called).to_contain_text("都好")
    called.get_by_role("button", name="撤销").click()
    expect(desk.locator("main")).to_contain_text("该打的照样该打")
    look(desk, "call-take-back-1366")
    desk.get_by_role("textbox").last.fill("没有打这通电话")
    desk.get_by_role("button", name="撤销这通电话").click()
    expect(desk.get_by_role("heading", name="电话问候")).to_be_visible()
    expect(rows.filter(has_text=name)).not_to_have_count(0)
    small = page_of(390, 844)
    sign_in(small, "zhuren-c")
    small.goto(desk.url)
    expect(small.get_by_text("今天打过的")).to_be_visible()
    look(small, "calls-called-390")
    small.get_by_role("link", name="更正").first.click()
    expect(small.get_by_label("为什么更正")).to_be_visible()
    look(small, "call-correct-390")
