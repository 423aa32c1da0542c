"""T4 15: the head sees what is late, silent, unheard and promised, and no order of workers; a leaver leaves nothing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

OFFICE = """
import django; django.setup()
import uuid
from datetime import timedelta
from qiaomen.cases import actions as cases
from qiaomen.kernel import clock
from qiaomen.needs import actions as needs
from qiaomen.needs.models import Need
from qiaomen.office import actions as office
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household
from qiaomen.visits.actions import visits
from simtown.play import PASSWORD, bring_roster
now = clock.now()
with clock.at(now - timedelta(days=40)):
    bring_roster("C", 7, clock.today())
community, head = Organisation.objects.get(code="SGX-C"), Staff.objects.get(login_name="zhuren-c")
grid = Organisation.objects.get(code="SGX-C-1")
going = Staff.objects.create_user("tang", PASSWORD, name="唐网格", role="worker", organisation=grid)
staying = Staff.objects.create_user("ye", PASSWORD, name="叶网格", role="worker", organisation=grid)
homes = list(Household.objects.filter(community=community, dwelling__isnull=False).order_by("dwelling__walk_order")[:6])

def hear(home, days, owner, handling="office"):
    with clock.at(now - timedelta(days=days)):
        return cases.receive_need(
            need_id=uuid.uuid4(), household=home, kind="repair", words="灯不亮", handling=handling, origin="window",
            heard_at=clock.now(), heard_by=head, owner=owner,
        )[1]

late = hear(homes[0], 30, going)
hear(homes[1], 20, staying)
silent = hear(homes[2], 9, going)
silent.due_on = clock.today() + timedelta(days=20); silent.save(update_fields=["due_on"])
hear(homes[3], 0, going, "urgent")
with clock.at(now - timedelta(days=2)):
    needs.hear_need(
        need_id=uuid.uuid4(), household=homes[4], kind="errand", words="补证", handling="office", origin="window",
        heard_at=clock.now(), heard_by=head,
    )
needs.owe(household=homes[5], sentence="证办好了。", owner=going, actor=head)
office.name_child_keeper(staff=going, keeps=True, actor=head)
visits.make_team(community=community, name="敲门一组", members=[going], actor=head)
"""


def test_t4_15_the_head_sees_late_silent_unheard_and_promised_and_nobody_is_ranked(desk: Page, server: Server) -> None:
    server.run(OFFICE)
    sign_in(desk, "zhuren-c")
    rows = desk.locator(".qm-inbox .qm-task")
    kinds = rows.evaluate_all("found => found.map(row => row.dataset.kind)")
    assert {"late", "silent", "unheard", "promised"} <= set(kinds)
    late = [text for text in rows.all_inner_texts() if "晚了" in text and "备份" not in text]
    assert len(late) == 2 and "唐网格" in late[0] and "叶网格" in late[1], "by the clock, whoever holds it"
    for title in ("逾期", "没有动静", "没有人接", "答应了快到期"):
        expect(desk.locator(".qm-tabs").get_by_text(title)).to_be_visible()
    desk.locator(".qm-tabs").get_by_role("link", name="没有动静").click()
    expect(rows).to_have_count(1)
    desk.get_by_role("link", name="全部").click()
    told = rows.filter(has_text="答应了回话")
    told.get_by_role("button").click()
    expect(desk.get_by_text("记下了：已经告诉")).to_be_visible()
    expect(told).to_have_count(0)
    desk.get_by_role("button", name="撤销").click()
    expect(told).to_have_count(1)
    rows.filter(has_text="晚了").first.get_by_role("link").first.click()
    expect(desk).to_have_url(re.compile("/register/households/"))


def test_a_leaver_hands_everything_over_in_one_screen(desk: Page, server: Server) -> None:
    server.run(OFFICE)
    sign_in(desk, "zhuren-c")
    desk.goto("/duties/")
    desk.get_by_role("link", name="交接或代班：唐网格").click()
    for title in ("在办的事", "要回的话", "儿童主任", "敲门小组"):
        expect(desk.get_by_role("heading", name=title)).to_be_visible()
    give = desk.get_by_role("button", name="全部交出去")
    give.click()
    expect(desk.get_by_text("一件都没有交")).to_be_visible()
    for choice in desk.locator(".qm-handover .card-header select").all():
        choice.select_option(label="叶网格 · 网格员")
    give.click()
    expect(desk.get_by_test_id("empty-handed")).to_be_visible()
    desk.get_by_role("button", name="撤回这次交接").click()
    expect(desk.get_by_role("heading", name="在办的事")).to_be_visible()
    expect(desk.get_by_test_id("empty-handed")).to_have_count(0)
