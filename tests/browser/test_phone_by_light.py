"""Two phones without a signal: what one has not handed in goes to the other by QR codes, and is handed in there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.phones import sign_in_phone
from tests.browser.test_phone import door, label_of, new_phone, server, tap  # noqa: F401
from tests.browser.test_phone_word import settled

pytestmark = pytest.mark.browser

CAMERA = """
const picture = document.createElement('canvas')
picture.width = picture.height = 720
window.see = (svg) => new Promise((done, failed) => {
  const image = new Image()
  image.onerror = failed
  image.onload = () => {
    const pen = picture.getContext('2d')
    pen.fillStyle = '#8a8f8e'
    pen.fillRect(0, 0, 720, 720)
    pen.drawImage(image, 30, 30, 660, 660)
    done()
  }
  image.src = 'data:image/svg+xml;base64,' + btoa(svg)
})
navigator.mediaDevices.getUserMedia = async () => {
  if (window.noCamera) throw new DOMException('no', 'NotAllowedError')
  return picture.captureStream(15)
}
"""
"""A camera that sees what the test holds before it; the app's own video, canvas and reader do the rest."""


def hold_before(seeing: Page, shown: Page, test_id: str) -> None:
    """Hold one screen before the camera of another phone, with the white round the code that a screen has."""
    svg = shown.get_by_test_id(test_id).locator("svg").evaluate("(one) => one.outerHTML")
    seeing.evaluate("(svg) => window.see(svg)", svg)


def without_signal(new_phone: Callable[..., Page], name: str) -> Page:  # noqa: F811
    """Sign in, take the list, and lose the line."""
    phone = new_phone()
    phone.add_init_script(CAMERA)
    sign_in_phone(phone, name)
    expect(phone.get_by_test_id("door-row").first).to_be_visible()
    phone.evaluate("navigator.serviceWorker.ready.then(() => 1)")  # the reader of codes is kept with the rest
    phone.context.set_offline(True)
    return phone


def record_three_and_a_half(phone: Page) -> None:
    for n in range(3):
        door(phone, label_of(phone, n))
        tap(phone, "outcome-no_answer")
    door(phone, label_of(phone, 3))
    tap(phone, "heard-need", "need-kind-repair")
    phone.get_by_test_id("need-words").fill("楼上漏水")
    expect(phone.get_by_test_id("draft-kept")).to_be_visible()
    tap(phone, "back", "back", "back", "back", "open-outbox", "give")


def come_together(giver: Page, taker: Page) -> None:
    """The giver reads the taker's code; the taker then reads the giver's codes until all are there."""
    tap(taker, "tab-me", "take")
    expect(taker.get_by_test_id("take-code").locator("svg")).to_be_visible()
    settled(taker, "before taking")
    tap(giver, "give-scan")
    hold_before(giver, taker, "take-code")
    expect(giver.get_by_test_id("give-code")).to_be_visible()
    settled(giver, "giving")
    tap(taker, "take-scan")
    kept = taker.get_by_test_id("take-kept")
    for _ in range(600):  # one code after another, as often as it takes
        if kept.count():
            break
        hold_before(taker, giver, "give-code")
        taker.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_what_has_no_signal_goes_over_by_light_and_is_handed_in_there(
    new_phone: Callable[..., Page],  # noqa: F811
    server: Server,  # noqa: F811
) -> None:
    hers, his = without_signal(new_phone, "zhuren-c"), without_signal(new_phone, "tongshi")
    label = label_of(hers, 0)
    record_three_and_a_half(hers)
    expect(hers.get_by_test_id("give-count")).to_contain_text("3 件")
    hers.get_by_test_id("give-halves").check()
    settled(hers, "before giving")
    come_together(hers, his)
    expect(his.get_by_test_id("take-kept")).to_have_attribute("data-count", "4")
    tap(hers, "give-done")
    expect(hers.get_by_test_id("outbox-row")).to_have_count(4)  # everything is still here, too

    his.context.set_offline(False)
    tap(his, "take-done", "retry")
    row = his.locator('[data-testid="outbox-row"][data-label="孟主任转来的"]')
    expect(row.locator('[data-state="received"]')).to_have_count(3)
    expect(row.locator('[data-state="problem"]')).to_have_count(1)  # the half record: the office looks at it first
    assert label not in his.locator("main").inner_text()
    hers.context.set_offline(False)
    tap(hers, "retry")
    expect(hers.locator('[data-testid="outbox-row"] [data-state="received"]')).to_have_count(3)
    server.run(
        "import django; django.setup()\n"
        "from qiaomen.phone.models import Submission\n"
        "from qiaomen.visits.models import Visit\n"
        "found = Visit.objects.filter(origin='phone')\n"
        "assert {visit.staff.name for visit in found} == {'孟主任'}, 'each stays its maker’s'\n"
        "assert (found.count(), Submission.objects.count()) == (3, 4)\n"
    )


def test_a_camera_that_is_refused_is_said_with_another_way(new_phone: Callable[..., Page]) -> None:  # noqa: F811
    phone = without_signal(new_phone, "zhuren-c")
    door(phone, label_of(phone, 0))
    tap(phone, "outcome-no_answer", "open-outbox", "give")
    phone.evaluate("window.noCamera = true")
    tap(phone, "give-scan")
    expect(phone.get_by_test_id("no-camera")).to_contain_text("导出密封件")
    settled(phone, "no camera")
