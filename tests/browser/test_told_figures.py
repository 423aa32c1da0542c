"""T4 25, 28 and 40 on one server: quarters that may be compared, trips that are counted, satisfaction nobody types."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, in_own_time
from tests.browser.steps import sign_in
from tests.browser.test_figures import fits, keep

pytestmark = pytest.mark.browser
YEAR = """
import django; django.setup()
import uuid
from datetime import date, datetime, timedelta
from qiaomen.callbacks.actions import calls, rounds
from qiaomen.callbacks.models import Call
from qiaomen.cases import actions as cases
from qiaomen.cases.proxy.trips import note_trip
from qiaomen.kernel import clock
from qiaomen.kernel.clock import SHANGHAI
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Building, Compound, Dwelling, Entrance, Household
from simtown.play import PASSWORD

home = Organisation.objects.get(code="SGX-C")
head = Staff.objects.get(login_name="zhuren-c")
handler, other = (
    Staff.objects.create_user(login, PASSWORD, name=name, role="worker", organisation=home)
    for login, name in (("jingban-c", "经办人"), ("huifang-c", "旁人"))
)
place = Compound.objects.create(community=home, name="旧厂院")
building = Building.objects.create(community=home, compound=place, name="1")
entrance = Entrance.objects.create(community=home, building=building, name="1")
doors = []
for number in range(30):
    door = Dwelling.objects.create(
        community=home, entrance=entrance, floor=1, room=str(number), door_label=f"1-1-{number}", walk_order=number
    )
    doors.append(Household.objects.create(community=home, dwelling=door, head_name=f"户主{number}"))


def hear(day, many, kind, origin="visit", handling="on_the_spot"):
    at, made = datetime(2026, *day, 10, tzinfo=SHANGHAI), []
    with clock.at(at):
        for number in range(many):
            made.append(cases.receive_need(
                need_id=uuid.uuid4(), household=doors[number], kind=kind, words="楼道堆物", handling=handling,
                origin=origin, heard_at=at, heard_by=handler,
            )[1])
    return made


hear((2, 20), 9, "neighbours")  # the first day anything was written down: in the middle of the first quarter
hear((5, 12), 26, "neighbours")
hear((8, 12), 14, "neighbours")
matters = hear((10, 12), 30, "repair", "window", "mine")
for days, some in ((3, matters), (6, matters[:20]), (9, matters[:4])):
    for case in some:
        with clock.at(datetime(2026, 10, 12, 10, tzinfo=SHANGHAI) + timedelta(days=days)):
            if days > 3:
                note_trip(case=case, actor=handler, way="came")
for case in matters:
    with clock.at(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI)):
        cases.close_case(case=case, actor=handler, sentence="修好了")
sample = rounds.frame_round(community=home, actor=head, figure="cases.closed", start=date(2026, 10, 1),
                            end=clock.today(), width_share=30)
rounds.draw_round(sample=sample, actor=head, public="4 2 6")
for number, call in enumerate(Call.objects.filter(state="waiting").order_by("place")):
    good = number % 7 != 6
    calls.answer(call=call, actor=call.caller, solved="solved" if good else "not_mine",
                 level="satisfied" if good else "unsatisfied", way="door")
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, fresh_data: Path) -> Iterator[Server]:
    """One server for the stories of this file: none of them changes what another reads."""
    folder = tmp_path_factory.mktemp("told") / "data"
    shutil.copytree(fresh_data, folder)
    made = Server(folder)
    made.run(YEAR)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def board(browser: Any, told: Server) -> Iterator[Page]:
    """The head, signed in once."""
    context = browser.new_context(
        base_url=told.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1366, "height": 768}
    )
    in_own_time(context)
    context.set_default_timeout(30000)
    page = context.new_page()
    sign_in(page, "zhuren-c")
    yield page
    context.close()


def test_t4_25_a_quarter_is_compared_with_one_that_is_whole_and_with_no_other(board: Page) -> None:
    board.goto("/bulletins/figures/needs.neighbours/?width=quarter&day=2026-08-12")
    expect(board.locator(".qm-number")).to_have_text(re.compile("14"))
    expect(board.get_by_text("2026年4月1日—2026年6月30日： 26 件")).to_be_visible()
    fits(board)
    keep(board, "quarter")
    board.goto("/bulletins/figures/needs.neighbours/?width=quarter&day=2026-05-12")
    expect(board.locator(".qm-number")).to_have_text(re.compile("26"))
    earlier = board.get_by_text("2026年1月1日—2026年3月31日")
    expect(earlier).to_contain_text("不能比：前一段开始时还没有登记这类事")
    board.goto("/bulletins/figures/needs.neighbours/?width=quarter")
    expect(board.get_by_text("不能比：这一段还没有过完").first).to_be_visible()


def test_t4_28_trips_are_noted_step_by_step_and_the_quarter_s_median_is_computed(board: Page) -> None:
    address = "/bulletins/figures/cases.closed/?width=quarter"
    board.goto(address)
    expect(board.get_by_test_id("median")).to_contain_text("30 件的中位数 2 趟，最多 3 趟")
    fits(board)
    keep(board, "median")
    board.get_by_role("link", name="看背后的名单").click()
    expect(board.locator("main tbody tr")).to_have_count(30)
    board.locator("main tbody tr a").first.click()
    expect(board.get_by_text("修好了").first).to_be_visible()


def test_t4_40_satisfaction_is_what_the_lot_found_and_nobody_types_it(board: Page) -> None:
    board.goto("/bulletins/figures/?width=quarter")
    found = board.get_by_test_id("sampled")
    expect(found).to_contain_text(re.compile(r"满意不满意：\s*\d+ 人里 \d+ 人满意：全部 30 件里估计 \d+–\d+ 件"))
    expect(found).not_to_contain_text("%")
    expect(found.locator("input, textarea, select, button")).to_have_count(0)
    said = re.search(r"\d+ 人里 \d+ 人满意：全部 30 件里估计 \d+–\d+ 件", found.inner_text())
    assert said is not None
    fits(board)
    found.get_by_role("link").first.click()
    result = board.get_by_test_id("result")
    expect(result).to_contain_text(said.group())
    expect(board.get_by_text("户主")).to_have_count(0)
    expect(board.get_by_test_id("end")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    fits(board)
    keep(board, "round")
