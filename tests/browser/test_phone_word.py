"""The phone keeps its word: no thumb hits the wrong thing, half records live, windows agree, refusals are said."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import ROOT, Server
from tests.browser.phones import PIN, sign_in_phone, unlock
from tests.browser.steps import sign_in
from tests.browser.test_phone import door, hand_in, label_of, new_phone, played, server, tap  # noqa: F401

pytestmark = pytest.mark.browser

HIT_BY_ANOTHER = """() => [...document.querySelectorAll('button, a, input, textarea, [role=switch]')].filter((one) => {
  if (one.disabled || one.closest('[hidden]') || getComputedStyle(one).opacity === '0') return false
  one.scrollIntoView({ block: 'center', inline: 'center' })
  const box = one.getBoundingClientRect()
  const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
  return !(hit && (one.contains(hit) || hit.contains(one)))
}).map((one) => one.dataset.testid || one.innerText)"""
"""Controls whose middle belongs to something else that lies over them."""

SMALL = """(least) => [...document.querySelectorAll(
  'button, a, textarea, input:not([type=file]):not([type=checkbox])'
)].filter((one) => {
  const box = one.getBoundingClientRect()
  return box.width > 0 && (box.height < least - 0.5 || box.width < least - 0.5)
}).map((one) => `${one.dataset.testid || one.innerText} ${one.offsetWidth}x${one.offsetHeight}`)"""


def thumb(phone: Page, test_id: str, nth: int = 0) -> None:
    """Tap where the eye sees it, whatever lies there."""
    found = phone.get_by_test_id(test_id).nth(nth)
    found.evaluate("(one) => one.scrollIntoView({ block: 'center' })")
    box = found.bounding_box()
    assert box is not None
    phone.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
VIOLATIONS = """async () => {
  const fading = document.getAnimations().filter((one) => one instanceof CSSTransition)
  await Promise.all(fading.map((one) => one.finished.catch(() => undefined)))
  const found = await axe.run(document, { resultTypes: ['violations'] })
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)
}"""


def settled(phone: Page, screen: str, *, axe: bool = True) -> None:
    """A screen as a thumb and a reading voice find it. `axe` waits for timers: not where a test holds the clock.

    Between two screens a page has neither `main` nor heading: the new one is waited for.
    """
    expect(phone.locator("main")).to_have_count(1)
    expect(phone.locator("h1")).to_have_count(1)
    if axe:
        if not phone.evaluate("'axe' in window"):
            phone.evaluate(AXE.read_text(encoding="utf-8"))
        assert phone.evaluate(VIOLATIONS) == [], screen
    assert phone.evaluate(HIT_BY_ANOTHER) == [], screen
    assert (
        phone.evaluate(SMALL, 60 if phone.evaluate("document.documentElement.hasAttribute('data-large')") else 48) == []
    ), screen
    phone.evaluate("scrollTo(0, 0)")


def test_after_a_save_a_thumb_hits_what_it_sees_and_nothing_is_deleted(
    new_phone: Callable[..., Page],  # noqa: F811
) -> None:
    phone = new_phone()
    phone.clock.install()
    sign_in_phone(phone, "zhuren-c")
    labels = [label_of(phone, n) for n in range(3)]
    door(phone, labels[0])
    phone.clock.pause_at(phone.evaluate("Date.now() / 1000") + 60)  # the seconds for taking back do not run out here
    thumb(phone, "outcome-no_answer")
    expect(phone.get_by_test_id("undo-bar")).to_contain_text("杜康路39号院")
    settled(phone, "today, with what can be taken back", axe=False)
    thumb(phone, "door-row", 1)  # where the bar used to lie over the next door
    for place in ("outcome-no_answer", "all-well", "outcome-met", "heard-need"):
        box = phone.get_by_test_id(place).bounding_box()
        assert box is not None
        hit = phone.evaluate(
            "([x, y]) => document.elementFromPoint(x, y).closest('[data-testid]')?.dataset.testid",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
        assert hit == place
    thumb(phone, "all-well")
    expect(phone.get_by_test_id("unsent-count")).to_have_attribute("data-count", "2")  # and not 1
    thumb(phone, "undo")
    expect(phone.get_by_test_id("undone")).to_contain_text(labels[1].split("-")[0])
    expect(phone.get_by_test_id("unsent-count")).to_have_attribute("data-count", "1")


def test_two_quick_taps_are_one_visit_and_six_doors_are_six(
    new_phone: Callable[..., Page],  # noqa: F811
    server: Server,  # noqa: F811
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    expect(phone.get_by_test_id("door-row")).to_have_count(12)
    server.stop()
    door(phone, label_of(phone, 0))
    phone.get_by_test_id("outcome-no_answer").evaluate("(button) => { button.click(); button.click() }")
    expect(phone.get_by_test_id("unsent-count")).to_have_attribute("data-count", "1")
    tap(phone, "tab-buildings", "bulk")
    tiles = phone.locator('[data-testid="tile"][data-today="true"]:not(.done)')
    picked = min(tiles.count(), 3)
    for n in range(picked):
        tiles.nth(n).click()
    phone.get_by_test_id("bulk-save").evaluate("(button) => { button.click(); button.click() }")
    expect(phone.get_by_test_id("unsent-count")).to_have_attribute("data-count", str(1 + picked))


def test_an_urgent_half_record_outlives_no_one_home_the_lock_and_handing_over(
    new_phone: Callable[..., Page],  # noqa: F811
    desk: Page,
    server: Server,  # noqa: F811
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    label = label_of(phone, 0)
    door(phone, label)
    tap(phone, "heard-need", "need-kind-safety")
    phone.get_by_test_id("need-words").fill("厨房有燃气味")
    expect(phone.get_by_test_id("draft-kept")).to_have_attribute("data-words", "厨房有燃气味")
    tap(phone, "need-handling-urgent", "back")
    expect(phone.get_by_test_id("half")).to_contain_text("诉求 1 件")
    tap(phone, "outcome-no_answer")
    expect(phone.get_by_test_id("half-count")).to_contain_text("没写完 1")
    tap(phone, "tab-me", "lock")
    unlock(phone)
    expect(phone.get_by_test_id("half")).to_have_count(1)
    door(phone, label)
    tap(phone, "outcome-met")
    expect(phone.get_by_test_id("which")).to_be_visible()  # which one is asked
    tap(phone, "resume")
    expect(phone.get_by_test_id("heard")).to_contain_text("厨房有燃气味")
    tap(phone, "back", "back", "tab-me", "leave")
    expect(phone.get_by_test_id("leave-halves")).to_contain_text("1 条没写完")
    with phone.expect_response("**/api/phone/leave"):
        tap(phone, "leave-sure")
    sign_in(desk, "zhuren-c")
    desk.goto("/phones/")
    expect(desk.get_by_text("没写完的记录")).to_be_visible()
    desk.get_by_role("button", name="核对后收下").click()
    desk.goto("/needs/")
    expect(desk.locator("main tbody tr").filter(has_text=label).filter(has_text="安全隐患")).not_to_have_count(0)


def test_a_second_window_says_so_and_can_take_over(new_phone: Callable[..., Page]) -> None:  # noqa: F811
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    expect(phone.get_by_test_id("door-row")).to_have_count(12)
    other = phone.context.new_page()
    other.goto("/m/")
    expect(other.get_by_test_id("elsewhere")).to_contain_text("另一个窗口")
    tap(other, "take-over")
    unlock(other)
    expect(other.get_by_test_id("door-row")).to_have_count(12)
    expect(phone.get_by_test_id("elsewhere")).to_be_visible()
    expect(phone.get_by_test_id("door-row")).to_have_count(0)


@pytest.mark.parametrize(
    ("status", "words"), [(500, "出了错"), (503, "正忙"), (413, "太大"), (429, "2 分钟"), (400, "没有看懂")]
)
def test_a_refusal_is_said_and_the_visit_goes_later(
    new_phone: Callable[..., Page],  # noqa: F811
    status: int,
    words: str,
) -> None:
    phone = new_phone(service_workers="block")
    sign_in_phone(phone, "zhuren-c")
    label = label_of(phone, 0)
    refusing = [True]

    def answer(route: Route) -> None:
        if refusing[0] and route.request.method == "POST":
            route.fulfill(status=status, body="<h1>no</h1>", headers={"Retry-After": "120"})
        else:
            route.continue_()

    phone.route("**/api/phone/inbox*", answer)
    door(phone, label)
    tap(phone, "outcome-more", "outcome-by_phone", "open-outbox", "retry")
    expect(phone.get_by_test_id("trouble")).to_contain_text(words)
    expect(phone.get_by_test_id("trouble")).to_contain_text("手机里已存的走访都在")
    refusing[0] = False
    hand_in(phone)
    expect(phone.get_by_test_id("trouble")).to_have_count(0)


def test_a_list_taken_after_a_colleague_handed_in_shows_who_was_there(
    new_phone: Callable[..., Page],  # noqa: F811
) -> None:
    hers, his = new_phone(), new_phone()
    sign_in_phone(hers, "zhuren-c")
    label = label_of(hers, 0)
    door(hers, label)
    tap(hers, "all-well")
    hand_in(hers)
    sign_in_phone(his, "tongshi")
    row = his.locator(f'[data-testid="door-row"][data-label="{label}"]')
    expect(row.get_by_test_id("walked")).to_contain_text("今天孟主任走过：见面")
    row.click()
    expect(his.get_by_test_id("walked")).to_be_visible()


def test_a_note_an_agreed_hour_and_a_question_before_what_cannot_be_met_again(
    new_phone: Callable[..., Page],  # noqa: F811
    server: Server,  # noqa: F811
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    door(phone, label_of(phone, 0))
    tap(phone, "outcome-more")
    phone.get_by_test_id("note").fill("儿子在家，老人午睡")
    tap(phone, "agree")
    phone.get_by_test_id("agreeing").locator("button").nth(2).click()
    tap(phone, "hour-15:30")
    settled(phone, "an hour is agreed")
    tap(phone, "until-18:30", "agree-save", "slip")
    expect(phone.get_by_test_id("slip-agreed")).to_contain_text("15:30–18:30 再来")
    phone.get_by_test_id("back").click()
    door(phone, label_of(phone, 1))
    tap(phone, "outcome-more", "outcome-died")
    expect(phone.get_by_test_id("sure")).to_be_visible()
    settled(phone, "the question")
    tap(phone, "sure-no", "back")
    expect(phone.get_by_test_id("unsent-count")).to_have_attribute("data-count", "1")
    hand_in(phone)
    server.run(
        "import django; django.setup()\n"
        "from qiaomen.visits.models import Visit, VisitRequest\n"
        "visit = Visit.objects.filter(origin='phone').get()\n"
        "assert '午睡' in visit.note and '15:30' in visit.note, visit.note\n"
        "asked = VisitRequest.objects.get(kind='agreed')\n"
        "assert (str(asked.starts_at), str(asked.ends_at)) == ('15:30:00', '18:30:00'), asked.starts_at\n"
    )


def test_every_screen_leaves_every_control_free_and_large_enough(new_phone: Callable[..., Page]) -> None:  # noqa: F811
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    for large in (False, True):
        phone.set_viewport_size({"width": 390, "height": 844})
        if large:
            tap(phone, "tab-me", "large", "left")
            phone.set_viewport_size({"width": 320, "height": 640})
        for tab in ("tab-today", "tab-buildings", "tab-add", "tab-me"):
            tap(phone, tab)
            settled(phone, f"{tab} large={large}")
            assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
        tap(phone, "tab-me", "badge")
        expect(phone.get_by_test_id("badge-code")).not_to_be_empty()
        settled(phone, "badge")
        tap(phone, "back", "take")
        settled(phone, "take")
        tap(phone, "back", "leave")
        settled(phone, "before handing over")
        tap(phone, "leave-not", "tab-buildings")
        phone.get_by_test_id("stairs").first.click()
        settled(phone, "stairs")
        tap(phone, "back", "tab-today")
        phone.get_by_test_id("door-row").first.click()
        settled(phone, "card")
        tap(phone, "outcome-more")
        settled(phone, "card, more")
        tap(phone, "heard-need")
        settled(phone, "kinds")
        tap(phone, "need-kind-repair")
        settled(phone, "need")
        tap(phone, "need-handling-office")
        expect(phone.get_by_test_id("heard").first).to_be_visible()
        settled(phone, "record")
        tap(phone, "save-next", "back", "open-outbox")
        settled(phone, "outbox")
        tap(phone, "give")
        settled(phone, "give")
        tap(phone, "back")
        phone.get_by_test_id("correct").first.click()
        settled(phone, "correction")
        tap(phone, "back", "back")
        phone.get_by_test_id("door-row").nth(2 + large).click()
        tap(phone, "outcome-no_answer", "slip")
        settled(phone, "slip")
        tap(phone, "back", "tab-me", "lock")
        settled(phone, "lock")
        unlock(phone)
        tap(phone, "tab-today")


def test_a_browser_that_cannot_run_it_says_so_in_words(browser: Any, server: Server) -> None:  # noqa: F811
    context: BrowserContext = browser.new_context(base_url=server.url, service_workers="block")
    page = context.new_page()

    def broken(route: Route) -> None:
        route.fulfill(content_type="text/javascript", body="const x = ??;")  # what an old engine makes of new syntax

    page.route("**/assets/*.js", broken)
    page.goto("/m/")
    expect(page.get_by_text("这部手机的浏览器太旧")).to_be_visible()
    context.close()


def test_a_normal_visit_is_five_taps_from_pocket_to_pocket(
    new_phone: Callable[..., Page],  # noqa: F811
    tmp_path: Path,
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    phone.evaluate("window.taps = 0; addEventListener('click', () => window.taps++, true)")
    phone.get_by_test_id("door-row").first.click()
    tap(phone, "heard-need", "need-kind-repair", "need-handling-office", "save-next")
    assert phone.evaluate("window.taps") == 5
    expect(phone.get_by_test_id("undo-bar")).to_be_visible()
    assert (
        len(PIN) == 6
    )  # what a lock in the middle of a record would cost beside; it waits for the record (phone.test.ts)
