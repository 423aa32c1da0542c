"""The phone on bad days: no signal for two of them, no room left, a photo on a line that breaks, an hour that was
agreed.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Server
from tests.browser.phones import sign_in_phone, unlock
from tests.browser.test_phone import door, hand_in, label_of, new_phone, server, tap  # noqa: F401

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
HOUR_OF_THE_LAST_DOOR = """
import django; django.setup()
from datetime import time
from qiaomen.office.models import Staff
from qiaomen.kernel import clock
from qiaomen.needs.models import Need
from qiaomen.visits.models import Round, Visit, VisitWish
one = Round.objects.get(community__code__endswith="-C", day=clock.today())
first, last = one.doors.order_by("position")[0], one.doors.order_by("-position")[0]
first.reason_code = "case"
first.save(update_fields=["reason_code"])
doors = [first.dwelling, last.dwelling]  # whatever the weeks before left there
VisitWish.objects.filter(household__dwelling__in=doors).delete()
Visit.objects.filter(dwelling__in=doors).update(outcome="met")
Need.objects.filter(household__dwelling__in=doors).update(handling="office")
VisitWish.objects.create(
    community=one.community, household=last.dwelling.households.get(), said_at=clock.now(),
    said_by=Staff.objects.get(login_name="zhuren-c"), quiet_from=time(12), quiet_to=time(15))
"""


NO_ROOM = """
window.full = false
for (const name of ['put', 'add']) {
  const real = IDBObjectStore.prototype[name]
  IDBObjectStore.prototype[name] = function (...given) {
    if (window.full) throw new DOMException('full', 'QuotaExceededError')
    return real.apply(this, given)
  }
}
"""
"""What a browser on a full phone does; Chromium's own override of the quota does not reach IndexedDB."""


def fits(phone: Page, width: int = 390) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth") == width


def test_a_visit_unsent_for_a_day_says_its_age_and_for_two_days_it_is_red(
    new_phone: Callable[..., Page],  # noqa: F811
    server: Server,  # noqa: F811
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    expect(phone.get_by_test_id("door-row")).to_have_count(12)
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    server.stop()
    door(phone, label_of(phone, 0))
    tap(phone, "outcome-more", "outcome-by_phone", "open-outbox")
    expect(phone.get_by_test_id("oldest")).to_contain_text("最早一件是 今天")
    expect(phone.get_by_test_id("late")).to_have_count(0)
    late = phone.get_by_test_id("late")
    for hours, colour, words in ((25, "rgb(255, 255, 255)", "请告诉组长"), (49, "rgb(163, 25, 15)", "导出交给组长")):
        phone.clock.fast_forward((hours if hours == 25 else 24) * 3600 * 1000)
        unlock(phone)
        tap(phone, "open-outbox")
        expect(phone.get_by_test_id("oldest")).to_contain_text(f"已经 {hours} 小时")
        expect(late).to_contain_text(words)
        expect(late).to_have_css("background-color", colour)
        fits(phone)
        tap(phone, "tab-today")
        expect(late).to_contain_text(words)
    server.start()
    hand_in(phone)
    expect(late).to_have_count(0)
    expect(phone.get_by_test_id("oldest")).to_have_count(0)


def test_a_full_phone_says_what_was_not_saved_and_saves_it_when_there_is_room(
    new_phone: Callable[..., Page],  # noqa: F811
    server: Server,  # noqa: F811
) -> None:
    phone = new_phone()
    phone.add_init_script(NO_ROOM)
    sign_in_phone(phone, "zhuren-c")
    expect(phone.get_by_test_id("door-row")).to_have_count(12)
    label = label_of(phone, 0)
    door(phone, label)
    tap(phone, "heard-need", "need-kind-repair")
    phone.get_by_test_id("need-words").fill("水管")
    expect(phone.get_by_test_id("draft-kept")).to_have_attribute("data-words", "水管")
    phone.evaluate("full = true")
    phone.get_by_test_id("need-words").fill("水管漏水")
    problem = phone.get_by_test_id("not-kept")
    expect(problem).to_contain_text("没有存下：")
    expect(problem).to_contain_text(label)
    expect(problem).to_contain_text("手机空间满了")
    expect(problem).to_contain_text("打过 ✓ 的都在")
    expect(phone.get_by_test_id("draft-kept")).to_have_count(0)
    expect(phone.get_by_test_id("need-words")).to_have_value("水管漏水")
    tap(phone, "keep-again")
    expect(problem).to_be_visible()
    tap(phone, "not-kept-close", "back", "back", "back")  # all the way to the card, and into the record again
    tap(phone, "outcome-met", "resume")
    tap(phone, "add-need", "need-kind-repair")
    expect(phone.get_by_test_id("need-words")).to_have_value("水管漏水")
    tap(phone, "not-kept-close", "back", "back", "save-next")
    expect(problem).to_contain_text("再点一次")
    expect(phone.get_by_test_id("save-next")).to_be_enabled()
    fits(phone)
    phone.evaluate("full = false")
    tap(phone, "save-next")
    expect(problem).to_have_count(0)
    tap(phone, "back")
    expect(phone.locator(f'[data-testid="door-row"][data-label="{label}"] .state')).to_be_visible()


def test_a_photo_goes_on_from_where_the_line_was_cut(
    new_phone: Callable[..., Page],  # noqa: F811
    tmp_path: Path,
) -> None:
    phone = new_phone(service_workers="block")  # so that the line can be cut in the test
    sign_in_phone(phone, "zhuren-c")
    picture = Image.effect_noise((1600, 1200), 90).convert("RGB")
    picture.save(tmp_path / "wall.png")
    phone.get_by_test_id("door-row").first.click()
    tap(phone, "outcome-met")
    phone.get_by_test_id("need-photo").set_input_files(tmp_path / "wall.png")
    tap(phone, "photo-keep")
    expect(phone.get_by_text("已拍 1 张")).to_be_visible()
    sent: list[int] = []
    broken = [True]

    def piece(route: Route) -> None:
        offset = int(route.request.headers.get("upload-offset", "-1"))
        if route.request.method == "PATCH":
            sent.append(offset)
            if len(sent) == 4 and broken[0]:
                route.abort("connectionreset")
                return
        route.continue_()

    phone.route("**/api/phone/photos/*", piece)
    tap(phone, "save-next", "back")
    expect(phone.get_by_test_id("offline-tag")).to_be_visible()  # cut in the fourth piece
    broken[0] = False
    hand_in(phone)
    assert len(sent) > 8 and sent == sorted(sent) and sent.count(sent[3]) == 2, sent
    assert len(set(sent)) == len(sent) - 1, "a piece that had arrived was sent again"


def test_an_agreed_hour_stands_on_the_tile_in_the_list_and_on_the_card(
    new_phone: Callable[..., Page],  # noqa: F811
    server: Server,  # noqa: F811
) -> None:
    server.run(HOUR_OF_THE_LAST_DOOR)
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    rows = phone.get_by_test_id("door-row")
    expect(rows).to_have_count(12)
    last, first = label_of(phone, 11), label_of(phone, 0)
    expect(rows.nth(11).get_by_test_id("hours")).to_have_text("◷ 15:00 以后来")
    expect(rows.nth(0).locator(".sign")).to_have_text("◷")

    def tile(label: str) -> Any:
        tap(phone, "tab-buildings")
        found = phone.locator(f'[data-testid="tile"][data-label="{label}"]:enabled')
        buildings = phone.locator(".chips button")
        for n in range(buildings.count()):
            if not found.count():
                buildings.nth(n).click()
        return found

    for label, words in ((last, "15:00起"), (first, "约好")):
        expect(tile(label)).to_contain_text(words)
        for width in (390, 320):
            phone.set_viewport_size({"width": width, "height": 844})
            one, text = tile(label), tile(label).locator("span")
            assert text.evaluate("(e) => e.scrollWidth <= e.clientWidth + 1"), (width, one.inner_text())
    tile(last).click()
    expect(phone.get_by_test_id("hours")).to_have_text("◷ 15:00 以后来")
