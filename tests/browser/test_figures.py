"""T4 7: of forty matters twenty-seven were walked to; one put right makes it twenty-six, and the week says so."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

YEAR = """
import django; django.setup()
import uuid
from datetime import timedelta
from qiaomen.cases import actions as cases
from qiaomen.kernel import clock
from qiaomen.office.models import Organisation, Staff
from qiaomen.register.models import Household
from simtown.play import bring_roster
now = clock.now()
with clock.at(now - timedelta(days=80)):
    bring_roster("C", 7, clock.today())
head = Staff.objects.get(login_name="zhuren-c")
homes = list(Household.objects.filter(community__code="SGX-C", dwelling__isnull=False).order_by("pk")[:30])

def hear(at, origin, many):
    with clock.at(at):
        for number in range(many):
            cases.receive_need(
                need_id=uuid.uuid4(), household=homes[number], kind="repair", words="灯不亮",
                handling="on_the_spot" if number % 3 == 0 else "office", origin=origin, heard_at=at, heard_by=head,
            )

for weeks in range(1, 10):
    hear(now - timedelta(weeks=weeks), "visit", 12 + 3 * (weeks % 4))
    hear(now - timedelta(weeks=weeks), "window", 9)
hear(now, "visit", 27)
hear(now, "window", 13)
"""


def keep(desk: Page, name: str) -> None:
    """Keep a picture of a screen where somebody asked for them: wide, narrow, without colour, on paper."""
    folder = os.environ.get("QM_SHOTS")
    if not folder:
        return
    for size, (width, height) in {"1366": (1366, 768), "390": (390, 844)}.items():
        desk.set_viewport_size({"width": width, "height": height})
        desk.screenshot(path=Path(folder) / f"{name}-{size}.png", full_page=True)
    desk.set_viewport_size({"width": 1366, "height": 768})
    desk.add_style_tag(content="html { filter: grayscale(1) }")
    desk.screenshot(path=Path(folder) / f"{name}-grey.png", full_page=True)
    desk.emulate_media(media="print")
    desk.pdf(path=Path(folder) / f"{name}.pdf", format="A4")
    desk.emulate_media(media="screen")


def fits(desk: Page) -> None:
    """A narrow screen scrolls no page sideways; a reading voice finds nothing to stumble over."""
    desk.set_viewport_size({"width": 390, "height": 844})
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth"), desk.url
    desk.set_viewport_size({"width": 1366, "height": 768})


def test_t4_7_of_forty_matters_27_were_walked_to_and_one_put_right_makes_26(desk: Page, server: Server) -> None:
    server.run(YEAR)
    sign_in(desk, "zhuren-c")
    desk.goto("/bulletins/figures/")
    row = desk.get_by_role("row", name=re.compile("^走出去发现的 27"))
    expect(row).to_contain_text("听到的诉求 40")
    fits(desk)
    keep(desk, "board")
    desk.goto("/bulletins/figures/")
    desk.get_by_role("link", name="走出去发现的", exact=True).click()
    expect(desk.locator(".qm-number")).to_have_text(re.compile("27"))
    drawing = desk.get_by_role("img", name="走出去发现的")
    expect(drawing).to_be_visible()
    expect(drawing.locator("circle")).to_have_count(9)  # the week in which recording began is not whole
    fits(desk)
    keep(desk, "number")
    desk.get_by_role("link", name="看背后的名单").click()
    expect(desk.locator("main tbody tr")).to_have_count(27)

    # the week goes out: forty, twenty-seven of them on the doorstep
    desk.goto("/bulletins/")
    desk.get_by_role("button", name="起草本周").click()
    expect(desk.get_by_role("link", name="上门听到 27")).to_be_visible()
    bulletin = desk.url
    desk.get_by_role("link", name="公布", exact=True).click()
    expect(desk.get_by_role("row", name=re.compile("^上门听到 27"))).to_contain_text("约 25")
    desk.get_by_role("button", name="核对过了，公布").click()
    expect(desk).to_have_url(bulletin)
    desk.get_by_role("link", name="上门听到 27").click()
    expect(desk.locator("main tbody tr")).to_have_count(27)

    # one was told at the window after all
    desk.goto("/needs/")
    walked = desk.get_by_role("cell", name=re.compile("^上门听到"))  # each row offers the word, only its cell says it
    line = desk.get_by_role("row").filter(has=walked).first
    line.get_by_text("更正").first.click()
    line.get_by_label("其实是").select_option("window")
    line.get_by_label("为什么更正").fill("是到窗口来说的")
    with desk.expect_navigation():
        line.get_by_role("button", name="更正").click()
    desk.goto("/bulletins/figures/")
    expect(desk.get_by_role("row", name=re.compile("^走出去发现的 26"))).to_be_visible()
    desk.goto(bulletin)
    expect(desk.get_by_role("link", name="上门听到 27")).to_be_visible()  # what went out stays as it went out
    keep(desk, "bulletin")

    # every course at a glance, and what the public reads
    desk.goto("/bulletins/figures/courses/")
    assert desk.locator("main svg").count() >= 19
    fits(desk)
    keep(desk, "courses")
    desk.goto("/p/SGX-C/")
    heard = desk.locator(".board li").filter(has=desk.locator(".title", has_text=re.compile("^听到的诉求$")))
    expect(heard).to_contain_text("40")
    expect(heard).to_contain_text(re.compile(r"上门听到\s+约\s+25"))
    fits(desk)
    keep(desk, "public")
