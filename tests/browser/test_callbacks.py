"""Residents are asked by lot, by somebody without a hand in the matter, and a range is said in words."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser
HEARD = """
import django
django.setup()
from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household
from simtown.play import PASSWORD
home = Organisation.objects.get(code="SGX-C")
handler, other = (
    Staff.objects.create_user(login, PASSWORD, name=name, role="worker", organisation=home)
    for login, name in (("jingban-c", "经办人"), ("huifang-c", "旁人"))
)
for compound, count in (("旧厂院", 120), ("小院", 6)):
    place = Compound.objects.create(community=home, name=compound)
    building = Building.objects.create(community=home, compound=place, name="1")
    entrance = Entrance.objects.create(community=home, building=building, name="1")
    for number in range(count):
        door = Dwelling.objects.create(
            community=home, entrance=entrance, floor=1, room=str(number), door_label=f"1-1-{number}", walk_order=number
        )
        household = Household.objects.create(community=home, dwelling=door, head_name=f"{compound}户主{number}")
        Need.objects.create(
            community=home, household=household, kind="repair", words="灯不亮", handling="on_the_spot", origin="visit",
            heard_at=clock.now(), heard_by=handler, received_at=clock.now(),
        )
"""
ANSWERED = """
import django
django.setup()
from qiaomen.callbacks.actions import calls
from qiaomen.callbacks.models import Call
for number, call in enumerate(Call.objects.filter(state="waiting").order_by("stratum", "place")):
    good = number % 7 != 6
    calls.answer(call=call, actor=call.caller, solved="solved" if good else "not_mine",
                 level="satisfied" if good else "unsatisfied", way="door")
"""


def test_t4_26_and_40_a_lot_that_cannot_be_chosen_and_a_range_that_is_not_typed(desk: Page, server: Server) -> None:
    server.run(HEARD)
    sign_in(desk, "zhuren-c")
    desk.goto("/callbacks/new/")
    desk.get_by_label("问哪个数字背后的事").select_option("needs.heard")
    desk.get_by_label("估计的范围最宽多少").select_option("20")
    desk.get_by_label("分开抽").select_option("compound")
    desk.get_by_role("button", name="定下名单").click()
    expect(desk.get_by_text("名单上 126 件")).to_be_visible()
    desk.get_by_label("掷出来的数").fill("4 2 6")
    desk.get_by_role("button", name="抽签").click()
    expect(desk.get_by_test_id("seed")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    expect(desk.get_by_test_id("progress")).to_contain_text("问完才显示结果")
    expect(desk.get_by_text("户主")).to_have_count(0)
    round_page = desk.url

    desk.get_by_role("button", name="退出").click()
    sign_in(desk, "jingban-c")
    desk.goto("/callbacks/calls/")
    expect(desk.get_by_text("现在没有要您问的")).to_be_visible()

    desk.get_by_role("button", name="退出").click()
    sign_in(desk, "huifang-c")
    desk.goto("/callbacks/calls/")
    desk.get_by_role("link", name=re.compile("第 1 件")).click()
    expect(desk.get_by_role("heading", name=re.compile("户主"))).to_be_visible()
    desk.get_by_label("解决了一半").check()
    desk.get_by_label("基本满意").check()
    desk.get_by_label("还说了什么").fill("三楼还是黑")
    desk.get_by_label("怎么问到的").select_option(label="上门")
    desk.get_by_role("button", name="记下答复").click()
    expect(desk.get_by_role("link", name=re.compile("第 1 件"))).to_be_visible()

    server.run(ANSWERED)
    desk.goto(round_page)
    result = desk.get_by_test_id("result")
    expect(result).to_contain_text(re.compile(r"\d+ 人里 \d+ 人满意：全部 120 件里估计 \d+–\d+ 件"))
    expect(result).to_contain_text("太少，不算百分比")
    expect(result).not_to_contain_text("全部 126 件")
    for width in (1366, 390):
        desk.set_viewport_size({"width": width, "height": 844})
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.goto("/cases/")
    expect(desk.get_by_text("旧厂院户主").or_(desk.get_by_text("小院户主")).first).to_be_visible()
