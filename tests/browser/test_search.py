"""The search box by keyboard alone, and with a Chinese input method at work."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Server
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"


def test_the_box_is_worked_by_keyboard_and_leaves_an_input_method_alone(desk: Page) -> None:
    sign_in(desk, "zhuren-c")
    box, hits = desk.locator("#qm-search"), desk.locator("#qm-hits .qm-hit")
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url) if "/search/" in request.url else None)
    expect(box).to_be_visible()
    desk.wait_for_load_state("networkidle")
    desk.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    desk.keyboard.type("daoru")
    expect(hits).to_have_text(["导入名册"])
    expect(box).to_have_attribute("aria-expanded", "true")
    desk.keyboard.press("ArrowDown")
    expect(hits.first).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Escape")
    expect(desk.locator("#qm-hits")).to_be_hidden()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="导入名册").first).to_be_visible()

    desk.keyboard.press("Control+k")
    expect(box).to_be_focused()
    asked.clear()
    method = desk.context.new_cdp_session(desk)
    method.send("Input.imeSetComposition", {"text": "di'shu", "selectionStart": 6, "selectionEnd": 6})
    desk.clock.run_for(2000)  # the box waits a moment before it asks: the story moves the clock itself
    assert asked == [], "letters of an input method were sent"
    method.send("Input.insertText", {"text": "底数"})
    expect(hits).to_have_text(["底数"])
    assert len(asked) == 1


FAMILY = """
import django; django.setup()
from qiaomen.office.models import Staff
from tests.stories import family
head = Staff.objects.get(login_name="zhuren")
worker = next(one for one in Staff.objects.filter(role="worker") if one.community == head.community)
family.estate(head.community, worker, head, 1)
"""


def test_a_hit_says_what_matters_and_its_acts_are_reached_by_the_arrows(desk: Page, server: Server) -> None:
    server.run(FAMILY)
    sign_in(desk, "zhuren")
    box = desk.locator("#qm-search")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("王建国")
    found = desk.locator("#qm-hits .qm-found").first
    hit = found.locator(".qm-hit")
    for words in ("王建国", "80 岁以上", "高龄老人", "户主", "维修答应11月23日前办好，晚了 8 天"):
        expect(hit).to_contain_text(words)
    desk.evaluate(AXE.read_text("utf-8"))
    wrong = desk.evaluate("axe.run('#qm-hits, .qm-search').then(found => found.violations.map(item => item.id))")
    assert wrong == []
    desk.keyboard.press("ArrowDown")
    expect(hit).to_have_attribute("aria-selected", "true")
    act = found.get_by_role("option", name="看走访记录")
    expect(act).to_be_visible()
    for _step in range(found.locator(".qm-hit-verb").count()):
        desk.keyboard.press("ArrowRight")
        if act.get_attribute("aria-selected") == "true":
            break
    expect(act).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", str(act.get_attribute("id")))
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="走访记录")).to_be_visible()
