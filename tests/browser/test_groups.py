"""A relocated community adds up; a couple is empty-nest until the child comes home; the office alters what that
means.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from simtown.world.people import PLANS, make_households
from simtown.world.roster import write_roster
from tests.browser.conftest import Server, in_own_time
from tests.browser.steps import begin_event, bring_roster, sign_in
from tests.browser.test_household_life import totals

pytestmark = pytest.mark.browser
TWO_OF_THE_OFFICE = """
import django
django.setup()
from qiaomen.office.models import Staff
from simtown.play import PASSWORD, SEED, bring_roster
bring_roster("C", SEED)
home = Staff.objects.get(login_name="zhuren-c").organisation
Staff.objects.create_user("wangge-c", PASSWORD, name="网格员", role="worker", organisation=home)
"""


def rows_of(desk: Page, title: str) -> dict[str, tuple[int, int]]:
    table = desk.locator(".card", has=desk.get_by_role("heading", name=title, exact=True)).locator("tbody tr")
    texts = [row.split("\t") for row in table.all_inner_texts()]
    return {name.strip(): (int(homes), int(people)) for name, homes, people in texts}


def test_a_relocated_community_from_roster_to_groups(desk: Page, tmp_path: Path) -> None:
    town = make_households(PLANS["B"], 7, clock.today())
    sign_in(desk, "zhuren-b")
    bring_roster(desk, write_roster(PLANS["B"], town), tmp_path)

    assert totals(desk, clock.today()) == (956, 3560)
    towns, villages, lifted = (rows_of(desk, title) for title in ("原乡镇", "原村", "脱贫"))
    assert (len(towns), len(villages), lifted["脱贫户"]) == (7, 66, (812, 2933))
    for table in (towns, villages, lifted):
        assert tuple(map(sum, zip(*table.values(), strict=True))) == (956, 3560)
    desk.get_by_role("row", name="第一乡").get_by_role("link").click()
    expect(desk.locator(".qm-equation")).to_have_text(f"{towns['第一乡'][1]} 人")

    parting = next(home for home in town if len(home.people) >= 3)
    desk.locator("#qm-search").fill(f"{parting.building}-{parting.entrance}-{parting.room}")
    desk.locator("#qm-hits").get_by_text(parting.people[0].name).first.click()
    begin_event(desk, "分户")
    grown = parting.people[1].name
    desk.get_by_role("checkbox", name=grown).check()
    desk.get_by_label("分出一户的户主").select_option(label=grown)
    desk.get_by_role("button", name="记下来").click()
    expect(desk.locator(".list-group-item", has_text="分户")).to_be_visible()
    assert totals(desk, clock.today()) == (957, 3560)


def test_who_is_empty_nest_follows_the_register(desk: Page, tmp_path: Path) -> None:
    town = make_households(PLANS["C"], 7, clock.today())
    sign_in(desk, "zhuren-c")
    bring_roster(desk, write_roster(PLANS["C"], town), tmp_path)
    couple = next(
        home
        for home in town
        if len(home.people) == 2 and all(age_on(p.birth, clock.today()) >= 60 for p in home.people)
    )
    desk.goto("/groups/")
    before = int(desk.get_by_role("row", name="空巢老人").locator("td").nth(1).inner_text())
    desk.locator("#qm-search").fill(f"{couple.building}-{couple.entrance}-{couple.room}")
    desk.locator("#qm-hits").get_by_text(couple.people[0].name).first.click()
    expect(desk.locator(".qm-group", has_text="空巢老人")).to_have_count(2)
    begin_event(desk, "搬入")
    desk.get_by_label("姓名").fill("归来子")
    desk.get_by_label("与户主关系").fill("子女")
    desk.get_by_label("出生日期").fill("1985-05-05")
    desk.get_by_role("button", name="记下来").click()
    expect(desk.get_by_role("heading", name="归来子")).to_be_visible()
    expect(desk.locator(".qm-group", has_text="空巢老人")).to_have_count(0)
    desk.goto("/groups/")
    desk.get_by_role("link", name="空巢老人").click()
    left = desk.locator(".card", has=desk.get_by_role("heading", name="最近离开的"))
    for person in couple.people:
        expect(left.get_by_role("listitem").filter(has_text=person.name)).to_contain_text("搬入")

    desk.get_by_role("link", name="改标准").click()
    desk.get_by_label("老年人起始年龄").fill("85")
    desk.get_by_role("button", name="先看影响").last.click()
    told = desk.locator(".qm-equation").inner_text()
    assert int(re.findall(r"会离开 (\d+) 人", told)[0]) > 0
    assert "年龄满 85岁" in desk.locator(".qm-words").inner_text()
    desk.get_by_role("button", name="就这样改，明天起用").click()
    expect(desk.get_by_role("alert")).to_contain_text("要留下原因")
    desk.get_by_label("为什么改").fill("按本社区做法")
    desk.get_by_role("button", name="先看影响").last.click()
    desk.get_by_role("button", name="就这样改，明天起用").click()
    expect(desk.get_by_text("起改用新标准")).to_be_visible()
    desk.goto("/groups/")
    assert int(desk.get_by_role("row", name="空巢老人").locator("td").nth(1).inner_text()) == before - 2


def _has_another_approve(desk: Page) -> None:
    """Hand the proposal in; somebody else of the office signs in and approves it; then the head opens it."""
    desk.get_by_role("button", name="提交，等另一位同意").click()
    expect(desk.get_by_test_id("asked-label")).to_contain_text("要社区里另一位看过以后同意")
    desk.get_by_role("button", name="退出").click()
    sign_in(desk, "wangge-c")
    desk.goto("/groups/")
    desk.get_by_role("button", name="同意，从明天起用").click()
    expect(desk.get_by_role("heading", name="需要助浴的老人")).to_be_visible()
    desk.get_by_role("button", name="退出").click()
    sign_in(desk, "zhuren-c")
    desk.goto("/groups/")
    desk.get_by_role("link", name="需要助浴的老人").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_head_builds_a_group_from_rows(browser: Any, server: Server, script: bool) -> None:
    server.run(TWO_OF_THE_OFFICE)
    context = browser.new_context(
        base_url=server.url, locale="zh-CN", viewport={"width": 1366, "height": 768}, java_script_enabled=script
    )
    if script:
        in_own_time(context)
    context.set_default_timeout(30000)
    desk = context.new_page()
    sign_in(desk, "zhuren-c")

    def settle() -> None:
        """Wait until a row is drawn anew and listens; without script a button that sends the form does it."""
        if script:
            expect(desk.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)
        else:
            desk.get_by_role("button", name="先看影响").last.click()

    desk.goto("/groups/")
    desk.get_by_role("link", name="建一个群体").click()
    desk.locator('[id="r.0-fact"]').select_option(label="年龄")
    settle()
    desk.locator('[id="r.0-value"]').fill("60")
    desk.get_by_role("button", name="加一组").click()
    desk.locator('[id="r.1-who"]').select_option(label="同住的人里没有人")
    if script:
        settle()
    desk.locator('[id="r.1.1-drop"]').click()
    expect(desk.locator('[id="r.1.1-fact"]')).to_have_count(0)
    if script:
        settle()
    desk.locator('[id="r.1.0-fact"]').select_option(label="年龄")
    settle()
    desk.locator('[id="r.1.0-compare"]').select_option(label="不满")
    if script:
        expect(desk.locator('[id="r.1.0-compare"]')).to_have_value("<")
    desk.locator('[id="r.1.0-standard"]').select_option(label="老年人起始年龄（岁）")
    if script:
        expect(desk.locator("#qm-sentence")).to_contain_text("年龄满 60岁，并且同住的人里没有人：年龄不满 60岁")
    desk.get_by_label("为了提供什么服务").select_option(label="居家照护、助浴助洁")
    desk.get_by_label("群体名称").fill("信访老人")
    desk.get_by_label("依据").fill("社区第3次会议")
    desk.get_by_label("为什么改").fill("今年开助浴点")
    desk.get_by_role("button", name="先看影响").last.click()
    expect(desk.get_by_text("不按信仰、政治、信访").first).to_be_visible()
    desk.get_by_label("群体名称").fill("需要助浴的老人")
    desk.get_by_role("button", name="先看影响").last.click()
    expect(desk.locator("#qm-sentence")).to_contain_text("年龄满 60岁，并且同住的人里没有人：年龄不满 60岁")
    entering = int(re.findall(r"会进来 (\d+) 人", desk.locator(".qm-equation").inner_text())[0])
    assert entering > 5
    _has_another_approve(desk)

    desk.get_by_role("link", name="改标准").click()
    desk.locator('[id="r.0-value"]').fill("65")
    desk.get_by_role("button", name="先看影响").last.click()
    fewer = int(re.findall(r"会进来 (\d+) 人", desk.locator(".qm-equation").inner_text())[0])
    assert fewer < entering
    desk.goto("/groups/")
    desk.get_by_role("link", name="空巢老人").click()
    desk.get_by_role("link", name="改标准").click()
    desk.get_by_label("老年人起始年龄（岁）").last.fill("65")
    desk.get_by_role("button", name="先看影响").last.click()
    told = desk.locator("#qm-effect").inner_text()
    leaving = int(re.findall(r"会离开 (\d+) 人", told)[0])
    assert leaving > 0 and len(told.split("离开：")[1].split("、")) == leaving
    context.close()
