"""Each role's morning on one server: the five tasks of issue 17 timed by clicks, and what is printed.

A click is a click or a press of Enter; typing is not counted. What is allowed stands beside the task.
"""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Server, in_own_time
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

WORLD = """
import django; django.setup()
import uuid
from datetime import timedelta, time
from qiaomen.cases import actions as cases
from qiaomen.groups.actions import memberships
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household, Person
from qiaomen.sheets.actions import exports
from qiaomen.visits.actions import visits
from simtown.play import PASSWORD, bring_roster
now = clock.now()
with clock.at(now - timedelta(days=20)):
    bring_roster("C", 7, clock.today())
community, head = Organisation.objects.get(code="SGX-C"), Staff.objects.get(login_name="zhuren-c")
place = Organisation.objects.get(code="SGX-C-1")
keeper = Staff.objects.create_user("ye", PASSWORD, name="叶网格", role="worker", organisation=place)
helper = Staff.objects.create_user("fang", PASSWORD, name="方队员", role="volunteer", organisation=community)
team = visits.make_team(community=community, name="敲门一组", members=[keeper, helper], actor=head)
visits.set_times(team=team, weekdays=[1, 4], starts_at=time(14, 0), minutes=180, actor=head)
visits.plan_round(team=team, day=clock.today(), actor=head, limit=9, iterations=300)
elder = Person.objects.filter(community=community, sex="female").living().order_by("birth_date", "pk")[0]
homes = list(Household.objects.filter(community=community, dwelling__isnull=False).order_by("dwelling__walk_order"))
with clock.at(now - timedelta(hours=20)):
    visits.record_visit(
        visit_id=uuid.uuid4(), dwelling=homes[0].dwelling, household=homes[0], staff=keeper, outcome="met",
        happened_at=clock.now(), origin="desk",
    )
    cases.receive_need(
        need_id=uuid.uuid4(), household=homes[1], kind="repair", words="灯不亮", handling="office", origin="window",
        heard_at=clock.now(), heard_by=head, owner=keeper,
    )
exports.ask_export(community=community, staff=keeper, asked=exports.read_asked({}, keeper), purpose="电话慰问")
print(elder.name, elder.household.dwelling.entrance.building.compound.name, sep="|")
"""


COLUMNS = """() => {
  window.dispatchEvent(new Event('beforeprint'))
  const count = document.querySelectorAll('.tabulator-print-table th').length
  window.dispatchEvent(new Event('afterprint'))
  return count
}"""


class Hand:
    """Somebody at the desk whose clicks are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def enter(self) -> None:
        self.page.keyboard.press("Enter")
        self.clicks += 1

    def search(self, words: str) -> None:
        self.page.keyboard.press("Control+k")
        self.page.keyboard.type(words)
        expect(self.page.locator("#qm-hits [role=option]").first).to_be_visible()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, fresh_data: Path) -> Iterator[tuple[Server, str, str]]:
    """One server for all mornings, with the name and the compound of the eldest woman."""
    folder = tmp_path_factory.mktemp("mornings") / "data"
    shutil.copytree(fresh_data, folder)
    made = Server(folder)
    name, compound = made.ask(WORLD).splitlines()[-1].split("|")
    made.start()
    yield made, name, compound
    made.stop()


@pytest.fixture
def desk(browser: Any, town: tuple[Server, str, str]) -> Iterator[Page]:
    context = browser.new_context(
        base_url=town[0].url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1366, "height": 768}
    )
    in_own_time(context)
    context.add_init_script("window.print = () => {}")  # the story prints by itself
    yield context.new_page()
    context.close()


def printed(page: Page) -> list[str]:
    """Print the page to paper; return the text of each sheet. No word may begin beside the sheet."""
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    found = []
    for sheet in sheets:
        beside: list[str] = []

        def look(text: str, cm: Any, tm: Any, _font: Any, _size: Any, *, at: Any = sheet, out: Any = beside) -> None:
            x, y = cm[0] * tm[4] + cm[2] * tm[5] + cm[4], cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            if text.strip() and not (0 <= x < float(at.mediabox.width) and 0 <= y < float(at.mediabox.height)):
                out.append(text)

        found.append(sheet.extract_text(visitor_text=look))
        assert not beside, f"cut off: {beside[:5]}"
    return found


def test_the_heads_morning(desk: Page, town: tuple[Server, str, str]) -> None:
    _server, name, _compound = town
    sign_in(desk, "zhuren-c")
    hand = Hand(desk)
    news = desk.locator("section", has=desk.get_by_role("heading", name="昨天以来"))
    expect(news).to_contain_text("见面（叶网格）")
    expect(news).to_contain_text("来说了一件诉求")
    assert hand.clicks == 0, "what changed since yesterday stands on the first screen"

    hand.search(f"80多岁姓{name[0]}的")
    expect(desk.locator("#qm-hits")).to_contain_text(name)
    hand.click(desk.locator("#qm-hits [role=option]", has_text=name).first)
    expect(desk.get_by_role("heading", name=name, exact=True)).to_be_visible()
    assert hand.clicks <= 2, "an old lady by half-known facts"

    hand.clicks = 0
    desk.goto("/desk/")
    hand.search(f"{name} 改电话")
    hand.click(desk.locator("#qm-hits [role=option]").first)
    desk.get_by_label("电话").fill("19912345678")
    desk.get_by_label("为什么更正").fill("本人来说的")
    hand.click(desk.get_by_role("button", name="记下来"))
    expect(desk.locator(".qm-past")).to_contain_text("更正")
    assert hand.clicks <= 3, "a telephone put right"
    desk.locator(".qm-past").get_by_role("button", name="撤销").first.click()
    expect(desk.locator(".qm-past .qm-undone").first).to_be_visible()

    hand.clicks = 0
    desk.goto("/desk/")
    asked = desk.locator(".qm-task", has_text="导出")
    hand.click(asked.get_by_role("link").last)
    expect(desk.locator(".qm-export")).to_contain_text("电话慰问")
    hand.click(desk.get_by_role("button", name="同意"))
    expect(desk.get_by_text("文件下载以后收不回来")).to_be_visible()
    hand.click(desk.get_by_role("button", name="同意"))
    expect(desk.locator(".qm-export")).to_have_count(0)
    assert hand.clicks <= 3, "an export agreed to, asked once"


def test_the_workers_morning_and_a_sheet_of_paper(desk: Page, town: tuple[Server, str, str]) -> None:
    sign_in(desk, "ye")
    hand = Hand(desk)
    expect(desk.locator(".qm-inbox")).to_be_visible()
    hand.click(desk.get_by_role("link", name="打印", exact=False).first)
    expect(desk.locator(".qm-walk")).to_be_visible()
    assert hand.clicks <= 1, "today's sheet"
    doors = desk.locator(".qm-walk tbody tr[id]").count()
    sheets = printed(desk)
    text = "".join(sheets)
    assert all(len(sheet.strip()) > 40 for sheet in sheets), "no sheet without a word"
    assert text.count("要什么") == text.count("怎么办") == text.count("原话") == doors
    codes = set(re.findall(r"\b[2-9A-HJ-NP-Z]{5}\b", text))
    assert len(codes) == doors, "every door stands whole with its code"
    assert len(sheets) <= -(-doors // 4) + 1, len(sheets)
    first = desk.locator(".qm-walk tbody tr[id]").first
    first.get_by_label("结果").select_option(label="没人在")
    first.get_by_role("button", name="记下").click()
    done = desk.locator(".qm-walk tbody tr[id]").first
    expect(done.get_by_role("status")).to_have_text("记下了。")
    done.get_by_role("button", name="撤销").click()
    expect(desk.locator(".qm-walk tbody tr[id]").first.get_by_role("status")).to_contain_text("已撤销")


def test_the_grid_prints_whole(desk: Page, town: tuple[Server, str, str]) -> None:
    sign_in(desk, "ye")
    desk.goto("/sheets/")
    expect(desk.locator(".tabulator-row").first).to_be_visible()
    columns = desk.locator(".tabulator-col:not(.qm-open-row) .tabulator-col-title")  # paper opens nothing
    titles = [title for title in columns.all_inner_texts() if title.strip()]
    doors = desk.evaluate("document.querySelectorAll('.tabulator-row').length")
    sheets = printed(desk)
    text = re.sub(r"\s", "", "".join(sheets))
    assert "姓名" in text
    assert desk.evaluate(COLUMNS) == len(titles), "every column stands on paper"
    assert len(sheets) >= 2 and all(sheet.strip() for sheet in sheets)
    assert doors >= 50


@pytest.mark.parametrize(
    ("login", "sees"), [("fang", "敲门一组"), ("xianji", "各社区的事"), ("shenji", "台账"), ("guanli", "账号")]
)
def test_the_other_mornings_begin_with_something_to_do(
    desk: Page, town: tuple[Server, str, str], login: str, sees: str
) -> None:
    sign_in(desk, login)
    expect(desk.locator("main")).to_contain_text(sees)
    expect(desk.locator("main").get_by_role("link").first).to_be_visible()


def test_the_bulletin_and_the_totals_are_read_on_a_phone(desk: Page, town: tuple[Server, str, str]) -> None:
    sign_in(desk, "zhuren-c")
    desk.goto("/bulletins/")
    desk.get_by_role("button", name="起草本周").click()
    detail = desk.url
    desk.set_viewport_size({"width": 390, "height": 844})
    figure = desk.locator("a.card-link").first.get_attribute("href")
    for address in ("/bulletins/", detail, figure or "", "/register/totals/"):
        desk.goto(address)
        expect(desk.locator("main h1").first).to_be_visible()
        wide = desk.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"
