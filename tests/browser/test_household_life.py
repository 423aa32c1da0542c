"""A family moves out last month, a household splits, a mistake is taken back: every day adds up as it did."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qiaomen.kernel import clock
from simtown.world.people import PLANS, Household, make_households
from simtown.world.roster import write_roster
from tests.browser.steps import begin_event, bring_roster, sign_in

pytestmark = pytest.mark.browser


def totals(desk: Page, day: date) -> tuple[int, int]:
    desk.goto(f"/register/totals/?day={day.isoformat()}")
    found = re.search(r"住在这里 (\d+) 户、(\d+) 人", desk.locator(".qm-equation").inner_text())
    assert found
    return int(found[1]), int(found[2])


def open_household(desk: Page, home: Household) -> None:
    desk.locator("#qm-search").fill(f"{home.building}-{home.entrance}-{home.room}")
    desk.locator("#qm-hits").get_by_text(home.people[0].name).first.click()
    expect(desk.locator(".qm-more > summary", has_text="这一户有变动")).to_be_visible()


def test_every_day_adds_up_as_it_did(desk: Page, tmp_path: Path) -> None:
    town = make_households(PLANS["C"], 7, clock.today())
    sign_in(desk, "zhuren-c")
    bring_roster(desk, write_roster(PLANS["C"], town), tmp_path)
    batch = desk.url
    today, before = clock.today(), clock.today() - timedelta(days=60)
    homes, people = totals(desk, today)
    assert people == sum(len(home.people) for home in town) and totals(desk, before) == (homes, people)

    leaving, parting = [home for home in town if len(home.people) >= 3][:2]
    open_household(desk, leaving)
    begin_event(desk, "搬走")
    desk.get_by_label("哪一天").fill((today - timedelta(days=30)).isoformat())
    for box in desk.get_by_role("checkbox").all()[: len(leaving.people)]:
        box.check()
    desk.get_by_role("button", name="记下来").click()
    expect(desk.get_by_text("已搬走，户口在").first).to_be_visible()
    assert totals(desk, before) == (homes, people)
    assert totals(desk, today) == (homes - 1, people - len(leaving.people))

    open_household(desk, parting)
    begin_event(desk, "分户")
    last = parting.people[-1].name
    desk.get_by_role("checkbox", name=last).check()
    desk.get_by_label("分出一户的户主").select_option(label=last)
    desk.get_by_label("哪一天").fill("2099-01-01")
    desk.get_by_role("button", name="记下来").click()
    expect(desk.get_by_role("alert")).to_contain_text("晚于今天")
    expect(desk.get_by_role("checkbox", name=last)).to_be_checked()
    desk.get_by_label("哪一天").fill(today.isoformat())
    desk.get_by_role("button", name="记下来").click()
    expect(desk.locator(".list-group-item", has_text="分户")).to_be_visible()
    assert totals(desk, today) == (homes, people - len(leaving.people))

    open_household(desk, leaving)
    desk.get_by_role("link", name="更正这一次").click()
    expect(desk.get_by_label("哪一天")).to_have_value((today - timedelta(days=30)).isoformat())
    desk.get_by_label("哪一天").fill((before - timedelta(days=5)).isoformat())
    desk.get_by_role("button", name="记下来").click()
    assert totals(desk, before) == (homes - 1, people - len(leaving.people))

    desk.goto(batch)
    desk.get_by_label("撤销的原因").fill("传错了表")
    desk.get_by_role("button", name="撤销这次导入").click()
    expect(desk.get_by_text("这次导入已撤销")).to_be_visible()
    kept = {name.strip() for name in desk.locator("main ul li a").all_inner_texts()}
    assert {person.name for person in leaving.people} | {last} <= kept and len(kept) < 20
    assert totals(desk, today)[1] < 10
