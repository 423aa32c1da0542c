"""T2 8, T4 24 and 37: a matter under a procedure, from the wide screen to a narrow one, without script and with it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

OFFICE = """
import django; django.setup()
import uuid
from qiaomen.cases import actions as cases
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.office.shared import bodies
from qiaomen.register.models import Household
from simtown.play import PASSWORD, bring_roster
bring_roster("C", 7, clock.today())
community, head = Organisation.objects.get(code="SGX-C"), Staff.objects.get(login_name="zhuren-c")
grid = Organisation.objects.get(code="SGX-C-1")
Staff.objects.create_user("ye", PASSWORD, name="叶网格", role="worker", organisation=grid)
bodies.keep_body(
    community=community, actor=head, kind="authority", name="柳湾镇民政办", telephone="0999-0000011", does="办低保"
)
home = Household.objects.filter(community=community, dwelling__isnull=False).order_by("dwelling__walk_order")[0]
_need, case = cases.receive_need(
    need_id=uuid.uuid5(home.pk, "story"), household=home, kind="errand", words="想请人代办老年证", handling="office",
    origin="window", heard_at=clock.now(), heard_by=head,
)
"""


def no_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")


def test_an_errand_runs_under_its_procedure_without_script_on_a_narrow_screen(
    desk: Page, server: Server, browser: Browser
) -> None:
    server.run(OFFICE)
    narrow = browser.new_context(
        base_url=server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
    )
    page = narrow.new_page()
    sign_in(page, "zhuren-c")
    page.goto("/cases/")
    page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_test_id("stage")).to_have_text("联系")
    page.get_by_text("换一个规程").click()
    page.get_by_label("按哪个规程办").select_option(label="帮办代办")
    page.get_by_role("button", name="按这个规程办").click()
    expect(page.get_by_test_id("stage")).to_have_text("受理")
    page.get_by_test_id("next").get_by_role("button").first.click()
    expect(page.get_by_test_id("stage")).to_have_text("报送")
    expect(page.get_by_test_id("standing")).to_contain_text("未确认，空着")
    page.get_by_text("暂停期限").click()
    page.get_by_label("为什么暂停").select_option(label="等补材料")
    page.get_by_label("缺什么、等什么").fill("缺一张照片")
    page.get_by_role("button", name="暂停", exact=True).click()
    expect(page.get_by_text("请写哪一天接着办：没有日子不能暂停。").first).to_be_visible()
    page.get_by_label("哪一天接着办").fill("2026-12-20")
    page.get_by_role("button", name="暂停", exact=True).click()
    expect(page.get_by_test_id("standing")).to_contain_text("暂停，12月20日接着走")
    expect(page.get_by_test_id("owed")).to_contain_text("缺一张照片")
    page.get_by_role("button", name="接着办").click()
    page.get_by_text("转给外单位").click()
    page.get_by_label("转给哪个单位").select_option(label="柳湾镇民政办")
    page.get_by_label("怎么跟居民说").fill("转给镇民政办了，三天内回话。")
    page.get_by_role("button", name="转出").click()
    expect(page.get_by_text("请先问居民同不同意").first).to_be_visible()
    page.get_by_label("居民同意把这件事告诉这个单位").check()
    page.get_by_role("button", name="转出").click()
    expect(page.get_by_test_id("moves")).to_contain_text("柳湾镇民政办")
    expect(page.get_by_test_id("owed")).to_contain_text("转给镇民政办了")
    address = page.url.partition("?")[0]
    narrow.close()

    sign_in(desk, "zhuren-c")
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(address)
    expect(desk.get_by_test_id("stage")).to_have_text("报送")
    no_wider_than_the_screen(desk)
    desk.set_viewport_size({"width": 1366, "height": 900})
    desk.goto("/cases/?tab=waiting")
    expect(desk.get_by_role("table")).to_contain_text("在等外单位")
    desk.goto("/cases/procedures/")
    desk.locator("summary").filter(has_text="低保申请").click()
    number = desk.locator("details[open] li").filter(has_text="城市低保标准")
    expect(number).to_contain_text("未确认，空着")
