"""What is to be published is checked, decided by a person finding by finding, and goes out made anew."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from qiaomen.kernel import clock
from qiaomen.redaction.tests.made import ID
from tests.browser.conftest import Server
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser
PUPIL = f"李小明，县西街小学六年级，身份证{ID}，患白血病。"
SOME_RESIDENTS = """
import django
django.setup()
from datetime import date
from qiaomen.office.models import Organisation
from qiaomen.register.models import Household, Person
home = Organisation.objects.get(code="SGX-C")
household = Household.objects.create(community=home, head_name="王建国")
for name, birth in (("王建国", date(1960, 5, 6)), ("李小明", date(2014, 5, 6)), ("陈桂兰", date(1950, 1, 2))):
    Person.objects.create(community=home, household=household, name=name, birth_date=birth)
"""
FILLER = "各位居民朋友：请大家相互转告，感谢理解与支持。施工期间请绕行，早高峰时段请错峰出行。\n" * 40
NOTICE = FILLER.join(
    [
        "关于冬季走访的通报\n",
        "居民王建国反映水管漏水，电话13912345678。\n",
        f"陈桂兰的身份证{ID}已核对，卡号6222021234567890128。\n",
        "幸福苑3号楼2单元401室已修好，车牌陕C·A1234请挪车。\n",
        "李小明，县西街小学六年级，患白血病。\n",
    ]
)
"""Four pages with ten private places."""


def check(desk: Page, title: str, text: str) -> None:
    desk.goto("/publications/new/")
    desk.get_by_label("标题").fill(title)
    desk.get_by_label("公布到哪一天").fill(str(clock.today() + timedelta(days=30)))
    desk.get_by_label("贴文字").fill(text)
    desk.get_by_role("button", name="查一遍").click()
    expect(desk.get_by_test_id("finding").first).to_be_visible()


def found(desk: Page, kind: str) -> Any:
    return desk.get_by_test_id("finding").filter(has_text=kind)


def test_t4_43_a_text_names_a_child_an_illness_and_a_number(desk: Page, server: Server) -> None:
    server.run(SOME_RESIDENTS)
    sign_in(desk, "zhuren-c")
    check(desk, "关爱通报", PUPIL)
    child, number, illness = found(desk, "未成年人").first, found(desk, "身份证号"), found(desk, "病情或残疾")
    expect(child).to_contain_text("改称呼：学生甲")
    for never in (child, number):
        expect(never).to_contain_text("谁同意都不能原样公布")
        expect(never.get_by_label("原样保留")).to_have_count(0)
    expect(illness).to_contain_text("没有登记本人")
    expect(desk.get_by_test_id("preview")).to_have_count(0)

    child.get_by_label("改称呼").check()
    child.get_by_label("改称呼").evaluate("radio => { radio.value = 'keep' }")
    desk.get_by_role("button", name="记下决定").click()
    expect(desk.get_by_role("alert")).to_contain_text("选的办法不适用")

    found(desk, "未成年人").first.get_by_label("改称呼").check()
    desk.get_by_role("button", name="没选的都照建议").click()
    shown = desk.get_by_test_id("preview")
    expect(shown).to_contain_text("学生甲，未成年，身份证99****************，患疾病。")
    shown.get_by_role("button", name="公布").click()
    expect(desk.get_by_text("送检的原件已经清除")).to_be_visible()

    desk.goto("/p/SGX-C/")
    desk.get_by_role("link", name="关爱通报").click()
    expect(desk.get_by_text("学生甲")).to_be_visible()
    for word in ("李小明", ID, "白血病"):
        expect(desk.get_by_text(word)).to_have_count(0)


def test_ten_findings_of_four_pages_fit_a_wide_and_a_narrow_screen(desk: Page, server: Server) -> None:
    server.run(SOME_RESIDENTS)
    sign_in(desk, "zhuren-c")
    check(desk, "冬季走访通报", NOTICE)
    expect(desk.get_by_test_id("finding")).to_have_count(10)
    for width in (1366, 390):
        desk.set_viewport_size({"width": width, "height": 844})
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        for box in (finding.bounding_box() for finding in desk.get_by_test_id("finding").all()):
            assert box is not None and box["height"] < 420
    desk.get_by_role("button", name="没选的都照建议").click()
    expect(desk.get_by_test_id("counted")).to_contain_text("还有 0 处没有决定")
    expect(desk.get_by_test_id("preview")).to_contain_text("139****5678")
