"""Work begins at the day's door list; snow marks nobody late; who is due follows from the register by itself."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from qiaomen.kernel import clock
from qiaomen.kernel.ages import age_on
from simtown.world.people import PLANS, make_households
from simtown.world.roster import write_roster
from tests.browser.conftest import Server
from tests.browser.steps import begin_event, sign_in

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
team = visits.make_team(community=community, name="敲门一组", members=[head], actor=head)
last_monday = today - timedelta(days=today.weekday() + 7)
visits.set_times(team=team, weekdays=[1, 4], starts_at=time(14, 0), minutes=180, actor=head)
"""
TODAY = LIVED + "visits.plan_round(team=team, day=today, actor=head, iterations=500)\n"
PAST_WEEK = (
    LIVED
    + """
for ahead in (1, 4):
    day = last_monday + timedelta(days=ahead)
    with clock.at(datetime.combine(day, time(8, 30), clock.SHANGHAI)):
        visits.plan_round(team=team, day=day, actor=head, iterations=500)
"""
)


def labels(desk: Page) -> list[str]:
    texts = desk.locator(".qm-walk tbody tr td:nth-child(3)").all_inner_texts()
    return [found[0] for text in texts if (found := re.findall(r"\d+-\d+-\d+", text))]


def test_work_begins_with_todays_doors_each_with_its_reason(desk: Page, server: Server) -> None:
    server.run(TODAY)
    sign_in(desk, "zhuren-c")
    today = desk.locator(".qm-doors li")
    count = today.count()
    spare = [row for row in today.all_inner_texts() if row.startswith("还有时间再去")]
    assert count - len(spare) >= 5
    for row in today.all_inner_texts():
        assert re.search(r"(\d+:\d\d|还有时间再去) .*\d-\d-\d+ .+ · .{4,}", row), row
    desk.get_by_role("link", name="敲门一组").first.click()
    expect(desk.locator(".qm-walk tbody tr:not(.qm-aloud)")).to_have_count(count)
    times = desk.locator(".qm-walk .text-secondary", has_text="约").all_inner_texts()
    assert len(times) == count - len(spare) and times == sorted(times)


def test_a_round_lost_to_snow_goes_to_the_next_and_nobody_is_late_by_name(desk: Page, server: Server) -> None:
    server.run(PAST_WEEK)
    sign_in(desk, "zhuren-c")
    today = clock.today()
    tuesday, friday = (today - timedelta(days=today.weekday() + 7 - n) for n in (1, 4))
    where = {}
    desk.goto("/visits/rounds/")
    for day in (tuesday, friday):
        name = f"{day.year}年{day.month}月{day.day}日 · 敲门一组"
        desk.get_by_role("link", name=name).click()
        where[day] = desk.url
        desk.go_back()
    desk.goto(where[tuesday])
    dealt = labels(desk)
    desk.get_by_text("取消这一轮").first.click()
    desk.get_by_label("原因").fill("下雪")
    desk.get_by_role("button", name="取消这一轮").click()
    desk.goto(f"/visits/rounds/?week={tuesday.isoformat()}")
    expect(desk.locator(".qm-equation")).to_contain_text("走了 1 轮，共安排 2 轮")
    expect(desk.get_by_text("因“下雪”没有走，户门排到下一轮，不记到任何人名下。")).to_be_visible()
    desk.goto("/visits/rounds/")
    desk.get_by_role("button", name="安排敲门一组的一轮").click()
    again = labels(desk)
    assert set(dealt) & set(again)
    for address in ("/", "/visits/rounds/", where[tuesday], "/visits/due/"):
        desk.goto(address)
        text = desk.locator("main").inner_text()
        late = [line for line in text.splitlines() if "逾期" in line]
        assert not [line for line in late if "孟主任" in line], late


def test_an_elder_couple_is_due_each_fourteen_days_until_a_child_moves_in(desk: Page, tmp_path: Path) -> None:
    town = make_households(PLANS["C"], 7, clock.today())
    roster = tmp_path / "花名册.xlsx"
    roster.write_bytes(write_roster(PLANS["C"], town))
    sign_in(desk, "zhuren-c")
    desk.goto("/imports/")
    desk.get_by_label("花名册").set_input_files(roster)
    desk.get_by_role("button", name="上传并预览").click()
    desk.get_by_role("button", name="提交导入").click()
    expect(desk.get_by_text("已导入。下面是回执。")).to_be_visible(timeout=60_000)
    desk.goto("/visits/due/")
    desk.get_by_text("每个群体多久见一次").click()
    row = desk.get_by_role("row", name="空巢老人")
    row.get_by_role("spinbutton").fill("14")
    row.get_by_role("button", name="定下来").click()

    couple = next(
        home
        for home in town
        if len(home.people) == 2 and all(60 <= age_on(p.birth, clock.today()) < 80 for p in home.people)
    )
    label = f"{couple.building}-{couple.entrance}-{couple.room}"
    desk.locator("#qm-search").fill(label)
    desk.locator("#qm-hits").get_by_text(couple.people[0].name).first.click()
    home = desk.url
    desk.get_by_role("link", name="记一件诉求").click()
    desk.get_by_label("怎么来的").select_option("window")
    desk.get_by_label("种类").select_option("care")
    desk.get_by_label("居民的原话").fill("想装一个洗澡的扶手。")
    desk.get_by_label("怎么办").select_option("urgent")
    desk.locator("main form button.btn-primary").click()
    desk.goto(home)
    desk.get_by_role("link", name="上门意愿").click()
    wish = desk.url
    expect(desk.locator(".list-group-item", has_text="空巢老人")).to_contain_text("该走")

    desk.goto(home)
    begin_event(desk, "搬入")
    desk.get_by_label("姓名").fill("归来子")
    desk.get_by_label("与户主关系").fill("子女")
    desk.get_by_label("出生日期").fill("1985-05-05")
    desk.get_by_role("button", name="记下来").click()
    expect(desk.get_by_role("heading", name="归来子")).to_be_visible()
    desk.goto(wish)
    left = desk.locator(".list-group-item", has_text="空巢老人")
    expect(left).to_contain_text("不用走了")
    expect(left).to_contain_text("不再属于这个群体")
    expect(desk.locator(".list-group-item", has_text="答应过的事")).to_contain_text("该走")
