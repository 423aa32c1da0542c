"""Hours that do not suffice: the head sees what can be kept and promises that; the week on one page."""

import os
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from qiaomen.kernel import clock
from tests.browser.conftest import Server, in_own_time
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

LIVED = """
import django; django.setup()
from datetime import datetime, time, timedelta
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.actions import visits
from simtown.play import bring_roster
today = clock.today()
with clock.at(datetime.combine(today - timedelta(days=20), time(9), clock.SHANGHAI)):
    bring_roster("C", 7, today)
community, head = Organisation.objects.get(code="SGX-C"), Staff.objects.get(login_name="zhuren-c")
for n, name in enumerate(("敲门一组", "敲门二组")):
    team = visits.make_team(community=community, name=name, members=[head], actor=head)
    visits.set_times(team=team, weekdays=range(7), starts_at=time(14, 0), minutes=(120, 60)[n], actor=head)
    visits.plan_round(team=team, day=today, actor=head, iterations=500)
"""


AGREED = """
import django; django.setup()
import uuid
from datetime import time
from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from qiaomen.visits.actions import wishes
from qiaomen.visits.models import RoundDoor
door = RoundDoor.objects.filter(round__day=clock.today(), round__team__name="敲门一组").order_by("position")[0].dwelling
wishes.agree_hours(
    household=door.households.get(), key=uuid.uuid4(), day=clock.today(), hours=(time(14), time(15, 30)),
    actor=Staff.objects.get(login_name="zhuren-c"),
)
"""


def kept(desk: Page) -> list[str]:
    return desk.get_by_test_id("kept").locator("li").all_inner_texts()


def test_hours_halved_a_promise_chosen_and_a_late_list_that_says_something(desk: Page, server: Server) -> None:
    server.run(LIVED)
    sign_in(desk, "zhuren-c")
    desk.get_by_text("还没有定多久见一次").first.wait_for()
    desk.goto("/visits/due/")
    expect(desk.get_by_text(re.compile("逾期 [0-9]"))).to_have_count(0)
    desk.goto("/visits/promise/?start=ideal")
    hours = desk.get_by_label("各小组每周一共走多少小时")
    expect(hours).to_have_value("21")
    expect(desk.locator("#effect-title")).to_have_text("这样做得到")
    hours.fill("1")
    expect(desk.locator("#effect-title")).to_have_text("这样做不到")
    expect(desk.get_by_test_id("hours")).to_contain_text("差")
    assert any("最快" in row for row in kept(desk)), kept(desk)
    desk.get_by_role("link", name="大家一样放宽").click()
    expect(desk.locator("#effect-title")).to_have_text("这样做得到")
    desk.get_by_role("spinbutton", name="高频：多少天见一次").fill("10")
    desk.get_by_role("spinbutton", name="高频：至少多少天上门一次").fill("20")
    expect(desk.get_by_test_id("hours")).to_contain_text("打电话")
    desk.get_by_role("button", name="就这样承诺").click()
    expect(desk.get_by_test_id("standing")).to_contain_text("高频 10 天见一次（至少 20 天上门一次）")
    desk.goto("/desk/")
    expect(desk.get_by_role("heading", name="今天的敲门")).to_be_visible()
    expect(desk.get_by_text("还没有定多久见一次")).to_have_count(0)
    desk.goto("/visits/due/")
    expect(desk.get_by_role("heading", name="该走的户")).to_be_visible()
    expect(desk.get_by_text(re.compile("逾期 [0-9]"))).to_have_count(0)


def test_a_stairwell_moves_by_typing_by_dragging_and_the_week_is_dealt_anew(desk: Page, server: Server) -> None:
    server.run(LIVED)
    sign_in(desk, "zhuren-c")
    today = clock.today()
    tomorrow = today + timedelta(days=1)
    desk.goto(f"/visits/week/?week={tomorrow}" if tomorrow.weekday() == 0 else "/visits/week/")
    walks = desk.locator("[data-slot]", has=desk.locator("[data-stairs]"))
    if tomorrow.weekday() == 0:
        desk.goto("/visits/week/")
    expect(walks).to_have_count(2)
    first = walks.first.locator("[data-stairs]")
    before, name = first.count(), first.first.inner_text().split()[0]
    second = desk.get_by_label("挪到").locator("option", has_text="敲门二组").first.get_attribute("value")
    desk.get_by_label("哪个楼道").fill(name)
    desk.get_by_label("从哪一轮").select_option(index=1)
    desk.get_by_label("挪到").select_option(second)
    desk.get_by_role("button", name="挪过去").click()
    expect(desk.get_by_text("两边都重新排好了顺序")).to_be_visible()
    expect(walks.last.locator("[data-stairs]", has_text=re.compile(rf"^\s*{name}\s"))).to_have_count(1)
    expect(first).to_have_count(before - 1)

    walks.last.locator("[data-stairs]", has_text=re.compile(rf"^\s*{name}\s")).drag_to(walks.first)
    expect(desk.get_by_text("两边都重新排好了顺序")).to_be_visible()
    expect(walks.first.locator("[data-stairs]", has_text=re.compile(rf"^\s*{name}\s"))).to_have_count(1)

    desk.get_by_role("link", name="看看重新排会怎样").click()
    expect(desk.get_by_role("button", name="就这样排")).to_be_visible()
    desk.get_by_role("button", name="就这样排").click()
    expect(walks.first.locator("[data-stairs]", has_text=re.compile(rf"^\s*{name}\s"))).to_have_count(1)

    server.run(AGREED)
    desk.reload()
    told = first.first.inner_text().split()[0]
    desk.get_by_label("哪个楼道").fill(told)
    later = desk.get_by_label("挪到").locator("option", has_text="敲门二组").nth(1).get_attribute("value")
    desk.get_by_label("挪到").select_option(later)
    desk.get_by_role("button", name="挪过去").click()
    expect(desk.locator("main")).to_contain_text("和住户约好了那天来")
    if folder := os.environ.get("QM_SHOTS"):
        desk.screenshot(path=f"{folder}/week-moved-1366.png", full_page=True)
        desk.set_viewport_size({"width": 390, "height": 844})
        desk.screenshot(path=f"{folder}/week-moved-390.png", full_page=True)


def test_without_a_script_the_button_shows_the_effect(browser: Browser, server: Server) -> None:
    server.run(LIVED)
    context = browser.new_context(base_url=server.url, locale="zh-CN", java_script_enabled=False)
    page = in_own_time(context).new_page()
    sign_in(page, "zhuren-c")
    page.goto("/visits/promise/?start=ideal")
    page.get_by_label("各小组每周一共走多少小时").fill("1")
    page.get_by_role("button", name="看看做得到做不到").click()
    expect(page.locator("#effect-title")).to_have_text("这样做不到")
    context.close()
