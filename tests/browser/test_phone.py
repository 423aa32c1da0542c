"""The phone at the door: the stories of T4 rows 2, 4, 5, 6 and 9, the lock, the badge, and what a lost phone keeps."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect

from qiaomen.kernel import clock
from tests.browser.conftest import FLAGS, Server, find_chromium, in_own_time
from tests.browser.phones import PIN, hand_in, label_of, sign_in_phone, tap, unlock
from tests.browser.steps import sign_in
from tests.browser.test_whole_line import unsent

pytestmark = pytest.mark.browser

ONE_BUILDING = """
import django; django.setup()
from qiaomen.kernel import clock
from qiaomen.register.models import Household
from qiaomen.visits.models import Round, RoundDoor
made = Round.objects.get(community__code__endswith="-C", day=clock.today())
building = made.doors.first().dwelling.entrance.building
homes = Household.objects.filter(dwelling__entrance__building=building, state="living").order_by("dwelling__walk_order")
doors = list(dict.fromkeys(home.dwelling_id for home in homes))[:8]
assert len(doors) == 8
made.doors.all().delete()
RoundDoor.objects.bulk_create(
    RoundDoor(round=made, dwelling_id=door, position=place, arrive_minute=10, reason_code="never-seen")
    for place, door in enumerate(doors, 1)
)
"""

REVOKE = """
import django; django.setup()
from qiaomen.office.models import Device
from qiaomen.phone.actions.devices import revoke_device
for one in Device.objects.all(): revoke_device(device=one, actor=one.staff)
"""


@pytest.fixture
def server(tmp_path: Path, played: Path) -> Iterator[Server]:
    shutil.copytree(played, tmp_path / "data")
    made = Server(tmp_path / "data")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def new_phone(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Make a phone of its own: no two share a store."""
    opened: list[BrowserContext] = []

    def make(**changes: Any) -> Page:
        context = browser.new_context(
            base_url=server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": 390, "height": 844},
            has_touch=True,
            is_mobile=True,
            **changes,
        )
        context.set_default_timeout(30000)
        in_own_time(context)
        opened.append(context)
        return context.new_page()

    yield make
    for context in opened:
        context.close()


def door(phone: Page, label: str) -> None:
    tap(phone, "tab-today")
    phone.locator(f'[data-testid="door-row"][data-label="{label}"]').click()


def test_t4_2_a_visitor_signs_in_and_sees_todays_doors_with_a_reason_each(new_phone: Callable[..., Page]) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    rows = phone.get_by_test_id("door-row")
    expect(rows).to_have_count(12)
    assert all(rows.nth(n).locator(".who small:not(.hours)").inner_text() for n in range(12))
    expect(phone.get_by_text("今天 12 户")).to_be_visible()
    tiles = phone.locator('[data-testid="tile"]:enabled')
    expect(tiles.first).to_be_visible()  # home is the building
    assert all(tiles.nth(n).inner_text().split()[-1] for n in range(tiles.count()))  # never a colour alone
    box = tiles.first.bounding_box()
    assert box is not None and box["height"] >= 56
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_t4_4_a_light_on_the_stairs_and_a_visit_stand_in_one_round(
    new_phone: Callable[..., Page], desk: Page, server: Server
) -> None:
    server.run(ONE_BUILDING)  # its own doors, whatever that day's plan holds
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    server.stop()
    tap(phone, "tab-add", "to-stairs")
    phone.get_by_test_id("stairs").nth(3).click()
    tap(phone, "found-repair")
    phone.get_by_test_id("finding-words").fill("3 楼灯坏了")
    tap(phone, "finding-office", "bulk")
    for n in (0, 1):  # on the board of the next door
        phone.locator('[data-testid="tile"]:enabled').nth(n).click()
    tap(phone, "bulk-save")  # nobody opens at two doors, one tap
    tap(phone, "tab-today")
    label = label_of(phone, 0)
    door(phone, label)
    tap(phone, "outcome-more", "outcome-shortened")
    server.start()
    hand_in(phone)
    sign_in(desk, "zhuren-c")
    desk.goto("/phones/brought/")
    found = desk.get_by_test_id("finding")
    expect(found).to_contain_text("3 楼灯坏了")
    expect(found).to_contain_text("敲门一组")
    server.run(
        "import django; django.setup()\n"
        "from qiaomen.visits.models import Observation, Visit\n"
        "one = Observation.objects.get()\n"
        "assert Visit.objects.filter(round=one.round, origin='phone').count() == 3, 'not one round'\n"
    )


def test_t4_5_two_phones_without_signal_at_one_door_are_one_day_with_both_accounts(
    new_phone: Callable[..., Page], desk: Page, server: Server
) -> None:
    hers, his = new_phone(), new_phone()
    sign_in_phone(hers, "zhuren-c")
    sign_in_phone(his, "tongshi")
    both, only_his = label_of(hers, 2), label_of(his, 3)
    sign_in(desk, "zhuren-c")
    desk.goto("/needs/")
    at_that_door = desk.locator("main tbody tr").filter(has_text=both)
    expect(desk.locator("main table")).to_be_visible()
    before = at_that_door.count()  # the weeks before may have heard something there
    server.stop()
    for phone, words, talk in ((hers, "说膝盖疼", "fraud"), (his, "想装扶手", "fire")):
        door(phone, both)
        tap(phone, "heard-need", "need-kind-care")
        phone.get_by_test_id("need-words").fill(words)
        tap(phone, "need-handling-office", f"talk-{talk}", "save-next", "back")
    door(his, only_his)
    tap(his, "all-well")
    door(hers, label_of(hers, 4))
    tap(hers, "outcome-more", "outcome-moved", "sure-yes")
    door(his, label_of(his, 4))
    tap(his, "all-well")
    server.start()
    for phone in (hers, his):
        hand_in(phone)
    desk.goto("/phones/brought/")
    shared = desk.get_by_test_id("shared-door").filter(has_text=both)
    expect(shared).to_have_count(1)
    expect(shared).to_contain_text(re.compile("算一个走访日.*防诈骗.*消防", re.S))
    pair = desk.get_by_test_id("two-versions")  # moved away, says one; all well, says the other
    expect(pair.locator(".table-warning")).to_contain_text("已迁出")
    pair.get_by_role("button", name="右边的对").click()
    desk.get_by_role("button", name="定下来").click()
    expect(pair).to_have_count(0)
    desk.goto("/needs/")
    expect(at_that_door).to_have_count(before + 2)


def test_t4_6_of_three_wishes_one_is_solved_there_and_two_are_under_way(
    new_phone: Callable[..., Page], desk: Page
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "tongshi")
    door(phone, label_of(phone, 0))
    for step, kind, handling in (
        ("heard-need", "benefit", "on_the_spot"),
        ("add-need", "repair", "mine"),
        ("add-need", "health", "office"),
    ):
        tap(phone, step, f"need-kind-{kind}", f"need-handling-{handling}")
    expect(phone.get_by_test_id("heard")).to_have_count(3)
    tap(phone, "save-next", "back")
    hand_in(phone)
    expect(phone.get_by_test_id("heard-sum")).to_have_text("今天听到 3 件：当场 1 件，在办 2 件")
    states = phone.get_by_test_id("need-state")
    expect(states.filter(has_text="韩露 在办")).to_have_count(1)  # taken on by who heard it
    expect(states.filter(has_text="孟主任 在办")).to_have_count(1)  # given to the office: the head's to give out
    expect(states.filter(has_text="当场答复")).to_have_count(1)
    sign_in(desk, "zhuren-c")
    desk.goto("/visits/rounds/")
    today = clock.today()
    desk.get_by_role("link", name=f"{today.year}年{today.month}月{today.day}日 · 敲门一组").click()
    heard = desk.get_by_test_id("heard-on")
    expect(heard.locator("h2")).to_have_text("这一轮听到 3 件：当场答复 1 件，在办 2 件，办结 0 件")
    expect(heard.locator("tbody tr").filter(has_text="韩露 · 在办")).to_have_count(1)
    expect(heard.locator("tbody tr").filter(has_text="孟主任 · 在办")).to_have_count(1)


def test_a_phone_without_signal_hands_in_by_a_file_and_later_hears_of_it(
    new_phone: Callable[..., Page], desk: Page, server: Server, tmp_path: Path
) -> None:
    phone = new_phone(accept_downloads=True)
    sign_in_phone(phone, "tongshi")
    label = label_of(phone, 1)
    phone.context.set_offline(True)
    door(phone, label)
    tap(phone, "all-well", "tab-today", "open-outbox")
    with phone.expect_download() as saving:
        tap(phone, "export")
    carried = tmp_path / "qiaomen-sealed.json"
    saving.value.save_as(carried)
    assert label not in carried.read_text(encoding="utf-8"), "the file tells nobody anything"
    sign_in(desk, "zhuren-c")
    for told in ("收下 1 件走访", "另有 1 件以前已经收到"):
        desk.goto("/phones/file/")
        desk.locator("input[type=file]").set_input_files(carried)
        desk.get_by_role("button", name="收下").click()
        expect(desk.get_by_test_id("carried")).to_contain_text(told)
    phone.context.set_offline(False)
    tap(phone, "retry")
    expect(phone.get_by_test_id("outbox-row").filter(has_text=label)).to_have_attribute("data-state", "received")


def test_t4_9_a_certificate_is_begun_for_one_and_put_right_to_the_other_with_a_reason(
    new_phone: Callable[..., Page], desk: Page
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    place = next(n for n in range(12) if "2 口人" in phone.get_by_test_id("door-row").nth(n).inner_text())
    label = label_of(phone, place)
    door(phone, label)
    tap(phone, "heard-need", "need-kind-errand", "need-person-0", "need-mandated")
    phone.get_by_test_id("need-words").fill("养老资格认证")
    tap(phone, "need-handling-mine", "talk-gas", "save-next", "back")
    hand_in(phone)
    row = phone.locator(f'[data-testid="outbox-row"][data-label="{label}"]')
    row.get_by_test_id("correct").click()
    expect(phone.get_by_test_id("correct-save")).to_be_disabled()
    tap(phone, "correct-person-0-1")
    expect(phone.get_by_test_id("correct-save")).to_be_disabled()  # not without a reason
    phone.get_by_test_id("correct-reason").fill("记成了老伴")
    tap(phone, "correct-save")
    tap(phone, "retry")
    expect(phone.get_by_test_id("outbox-row").filter(has_text="改正")).to_have_count(2)
    expect(phone.locator('[data-testid="outbox-row"]:not([data-state="received"])')).to_have_count(0)
    sign_in(desk, "zhuren-c")
    desk.goto("/phones/brought/")
    kept = desk.get_by_test_id("correction")
    expect(kept).to_contain_text("记成了老伴")
    assert kept.locator("del").inner_text() not in ("", "—")
    desk.goto("/cases/")
    desk.get_by_role("row").filter(has_text="帮办代办").get_by_role("link", name=label).first.click()
    expect(desk.get_by_text("本人当面委托")).to_be_visible()


def test_all_well_is_two_taps_a_need_is_five_and_no_one_home_can_be_taken_back(new_phone: Callable[..., Page]) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    rows = phone.get_by_test_id("door-row")
    taps = 0

    def press(locator: Any) -> None:
        nonlocal taps
        locator.click()
        taps += 1

    press(rows.nth(0))
    press(phone.get_by_test_id("all-well"))
    unsent(phone)(1)
    assert taps == 2
    taps = 0
    press(rows.nth(1))
    for name in ("heard-need", "need-kind-repair", "need-handling-office", "save-next"):
        press(phone.get_by_test_id(name))
    assert taps == 5
    phone.clock.pause_at(phone.evaluate("Date.now() / 1000") + 60)  # the seconds for taking back do not run out here
    tap(phone, "outcome-no_answer")  # it stands at the next door already
    expect(phone.get_by_test_id("undo-bar")).to_be_visible()
    expect(rows.nth(2).locator(".state")).to_be_visible()
    tap(phone, "undo")
    expect(rows.nth(2).locator(".state")).to_have_count(0)
    rows.nth(2).click()
    tap(phone, "outcome-no_answer", "slip")
    expect(phone.get_by_test_id("slip-page").locator("svg")).to_be_visible()


def test_a_face_is_blurred_by_hand_and_no_photo_is_ever_asked_for(
    new_phone: Callable[..., Page], tmp_path: Path
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    picture = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 399, 599), fill="black")
    picture.save(tmp_path / "face.png")
    phone.get_by_test_id("door-row").first.click()
    tap(phone, "outcome-met")
    phone.get_by_test_id("need-photo").set_input_files(tmp_path / "face.png")
    canvas = phone.get_by_test_id("blur")
    expect(canvas).to_have_js_property("width", 800)
    box = canvas.bounding_box()
    assert box is not None
    x, y, w, h = box["x"], box["y"], box["width"], box["height"]
    phone.mouse.move(x + w * 0.4, y + h * 0.4)
    phone.mouse.down()
    phone.mouse.move(x + w * 0.7, y + h * 0.7)
    phone.mouse.up()
    expect(canvas).to_have_attribute("data-count", "1")
    tap(phone, "photo-keep")
    expect(phone.get_by_text("已拍 1 张")).to_be_visible()
    expect(phone.get_by_test_id("hub-kept")).to_be_visible()
    tap(phone, "back", "outcome-met", "resume")  # half a record is kept, and gone on with
    expect(phone.get_by_text("已拍 1 张")).to_be_visible()


def test_after_five_wrong_pins_the_list_is_gone_and_the_sealed_visit_still_arrives(
    new_phone: Callable[..., Page], server: Server
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    expect(phone.get_by_test_id("door-row")).to_have_count(12)
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    server.stop()
    phone.get_by_test_id("door-row").nth(0).click()
    tap(phone, "outcome-more", "outcome-by_phone")
    unsent(phone)(1)
    phone.reload()
    for left in (4, 3, 2, 1):
        unlock(phone, "246813")
        expect(phone.get_by_text(f"还可以试 {left} 次")).to_be_visible()
    unlock(phone, "246813")
    expect(phone.get_by_test_id("login-name")).to_be_visible()
    keys = phone.evaluate(
        """() => new Promise((done) => { const open = indexedDB.open('qiaomen'); open.onsuccess = () => {
            const get = open.result.transaction('meta').objectStore('meta').getAllKeys();
            get.onsuccess = () => done(get.result) } })"""
    )
    assert not {"pack", "session", "lock", "device-key"} & set(keys)
    server.start()
    sign_in_phone(phone, "zhuren-c")
    hand_in(phone)
    expect(phone.get_by_test_id("outbox-row")).to_have_count(1)


def test_it_locks_after_five_minutes_and_the_list_goes_after_seventy_two_hours(
    new_phone: Callable[..., Page], server: Server
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    expect(phone.get_by_test_id("door-row")).to_have_count(12)
    server.stop()
    now = phone.evaluate("Date.now() / 1000")  # seconds, as the clock below takes them
    phone.clock.set_system_time(now + 5 * 60 - 30)
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone.get_by_test_id("door-row")).to_have_count(12)
    phone.clock.set_system_time(now + 6 * 60)
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone.get_by_test_id("pin")).to_be_visible()
    expect(phone.get_by_test_id("door-row")).to_have_count(0)
    unlock(phone)
    expect(phone.get_by_test_id("door-row")).to_have_count(12)
    server.start()
    phone.clock.set_system_time(now + 73 * 3600)
    phone.goto("/m/")
    unlock(phone)
    expect(phone.get_by_text("还没有今天的名单")).to_be_visible()


def test_nothing_of_a_household_is_readable_on_the_disk_once_it_is_locked(
    desk: Page, server: Server, tmp_path: Path
) -> None:
    engine = desk.context.browser
    assert engine is not None
    profile = tmp_path / "profile"
    context = engine.browser_type.launch_persistent_context(
        str(profile), executable_path=find_chromium(), args=FLAGS, base_url=server.url, locale="zh-CN"
    )
    in_own_time(context)
    phone = context.pages[0]
    sign_in_phone(phone, "zhuren-c")
    expect(phone.get_by_test_id("door-row")).to_have_count(12)
    greets = phone.locator(".doors .who strong").all_inner_texts()
    reasons = phone.locator(".doors .who small:not(.hours)").all_inner_texts()
    labels = [label_of(phone, n) for n in range(12)]
    phone.get_by_test_id("door-row").first.click()
    say = phone.locator(".lines li").all_inner_texts()
    tap(phone, "heard-need", "need-kind-care")
    phone.get_by_test_id("need-words").fill("夜里睡不着觉")
    expect(phone.get_by_test_id("draft-kept")).to_have_attribute("data-words", "夜里睡不着觉")
    context.close()
    canaries = {text for text in [*greets, *reasons, *labels, *say, "夜里睡不着觉", PIN] if len(text) > 3}
    spelt = [(text, code) for text in canaries for code in ("utf-8", "utf-16-le")]
    found = [
        (text, file.name)
        for file in profile.rglob("*")
        if file.is_file()
        for content in [file.read_bytes()]
        for text, code in spelt
        if text.encode(code) in content and "Cache" not in str(file) and file.name != "index.html"
    ]
    assert len(canaries) > 20 and not found


def test_a_phone_taken_out_of_service_clears_itself_and_what_it_held_waits_for_the_head(
    new_phone: Callable[..., Page], desk: Page, server: Server
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    expect(phone.get_by_test_id("door-row")).to_have_count(12)
    server.stop()
    phone.get_by_test_id("door-row").nth(0).click()
    tap(phone, "all-well", "open-outbox", "retry")  # its seconds for taking back end here
    server.run(REVOKE)
    server.start()
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.get_by_test_id("login-name")).to_be_visible()
    sign_in(desk, "zhuren-c")
    desk.goto("/phones/")
    expect(desk.get_by_role("button", name="核对后收下")).to_be_visible()


def test_handed_over_without_signal_the_list_goes_and_the_visit_arrives_later(
    new_phone: Callable[..., Page], desk: Page, server: Server
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    expect(phone.get_by_test_id("door-row")).to_have_count(12)
    server.stop()
    label = label_of(phone, 0)
    door(phone, label)
    tap(phone, "outcome-more", "outcome-by_phone", "tab-me", "leave", "leave-sure")
    expect(phone.get_by_test_id("login-name")).to_be_visible()
    server.start()
    with phone.expect_response("**/api/phone/leave"):
        phone.evaluate("window.dispatchEvent(new Event('online'))")
    sign_in(desk, "zhuren-c")
    desk.goto("/phones/")
    expect(desk.get_by_text("已交班")).to_be_visible()  # its token ended when everything was in
    desk.goto("/desk/")
    expect(desk.get_by_text(label).first).to_be_visible()


def test_the_resident_learns_who_knocks(new_phone: Callable[..., Page], browser: Browser, server: Server) -> None:
    phone = new_phone()
    sign_in_phone(phone, "tongshi")
    tap(phone, "tab-me", "badge")
    expect(phone.get_by_test_id("badge-code")).not_to_be_empty()
    number, code = (phone.get_by_test_id(f"badge-{part}").inner_text() for part in ("number", "code"))
    resident = browser.new_page(base_url=server.url, locale="zh-CN", viewport={"width": 320, "height": 640})
    resident.goto("/")
    resident.get_by_role("link", name="这位敲门的是谁？").click()
    resident.get_by_label("证号").fill(number)
    resident.get_by_label("一分钟码").fill("000000" if code != "000000" else "000001")
    resident.get_by_role("button", name="核对").click()
    expect(resident.get_by_text("没有核对上")).to_be_visible()
    resident.get_by_label("一分钟码").fill(code)
    resident.get_by_role("button", name="核对").click()
    expect(resident.get_by_text("韩露")).to_be_visible()
    expect(resident.get_by_role("heading", name="不方便")).to_be_visible()
    assert resident.evaluate("document.documentElement.scrollWidth") == 320
    resident.close()


def test_inside_wechat_on_an_iphone_it_says_what_to_do_and_promises_nothing(new_phone: Callable[..., Page]) -> None:
    phone = new_phone(user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50")
    phone.goto("/m/")
    expect(phone.get_by_test_id("wechat")).to_contain_text("在浏览器打开")
    expect(phone.get_by_test_id("login-name")).to_have_count(0)


def test_large_letters_the_left_hand_and_english_fit_a_narrow_screen(new_phone: Callable[..., Page]) -> None:
    phone = new_phone()
    phone.set_viewport_size({"width": 320, "height": 640})
    sign_in_phone(phone, "zhuren-c")
    tap(phone, "tab-me", "large", "left", "language")
    for screen in ("tab-buildings", "tab-add", "tab-me", "badge", "back", "tab-today"):
        tap(phone, screen)
        assert phone.evaluate("document.documentElement.scrollWidth") == 320, screen
    phone.get_by_test_id("door-row").first.click()
    expect(phone.get_by_test_id("outcome-no_answer")).to_have_text("No one home")
    assert phone.evaluate("document.documentElement.scrollWidth") == 320
    tap(phone, "outcome-met")
    assert phone.evaluate("document.documentElement.scrollWidth") == 320
