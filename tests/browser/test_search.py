"""The search box by keyboard alone, and with a Chinese input method at work."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser


def test_the_box_is_worked_by_keyboard_and_leaves_an_input_method_alone(desk: Page) -> None:
    sign_in(desk, "zhuren-c")
    box, hits = desk.locator("#qm-search"), desk.locator("#qm-hits [role=option]")
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
