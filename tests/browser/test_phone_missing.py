"""What was missing at the door: doors beside the list, another door, a day, photos that are seen."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.phones import sign_in_phone
from tests.browser.test_phone import door, hand_in, label_of, new_phone, server, tap  # noqa: F401
from tests.browser.test_phone_word import settled

pytestmark = pytest.mark.browser


DRAWN = """(shown) => Promise.all(shown.map((one) => one.decode().then(() => one.naturalWidth > 0)))
  .then((all) => all.every(Boolean))"""


def picture(colour: str) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(held, "JPEG")
    return held.getvalue()


def take(phone: Page, name: str, kind: str, content: bytes) -> None:
    phone.get_by_test_id("need-photo").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def test_a_neighbour_is_written_down_at_a_door_beside_the_list_and_nothing_is_read(
    new_phone: Callable[..., Page],  # noqa: F811
    server: Server,  # noqa: F811
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    expect(phone.get_by_test_id("door-row").first).to_be_visible()
    tap(phone, "tab-add", "to-beside")
    tile = phone.locator('[data-testid="tile"][data-today="false"]').first
    label = tile.get_attribute("data-label")
    tile.click()
    expect(phone.get_by_text("只记，不看")).to_be_visible()
    assert "*" not in phone.locator("main").inner_text(), "no masked name, no masked number"
    settled(phone, "a door beside the list")
    tap(phone, "heard-need", "need-kind-repair")
    phone.get_by_test_id("need-words").fill("隔壁说他家漏水")
    phone.get_by_role("button", name="三天内").click()
    tap(phone, "need-handling-office", "save-next", "back")
    hand_in(phone)
    server.run(
        "import django; django.setup()\n"
        "from datetime import timedelta\n"
        "from qiaomen.cases.models import Case\n"
        "from qiaomen.kernel import clock\n"
        "from qiaomen.visits.models import Visit\n"
        f"visit = Visit.objects.get(origin='phone'); assert visit.dwelling.door_label == {label!r}\n"
        "case = Case.objects.get(need__visit=visit)\n"
        "assert case.due_on == clock.today() + timedelta(days=3), case.due_on\n"
    )


def test_what_was_recorded_at_the_wrong_door_moves_to_one_beside_the_list(
    new_phone: Callable[..., Page],  # noqa: F811
    server: Server,  # noqa: F811
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    door(phone, label_of(phone, 0))
    tap(phone, "all-well", "tab-buildings")
    other = phone.locator('[data-testid="tile"][data-today="false"]').first.get_attribute("data-label")
    assert other is not None
    hand_in(phone)
    tap(phone, "correct")
    phone.get_by_test_id("correct-find").fill(other)
    phone.get_by_test_id("correct-door").filter(has_text="名单外的一户").first.click()
    phone.get_by_role("button", name="记错了门").click()
    settled(phone, "a correction")
    tap(phone, "correct-save")
    hand_in(phone)
    server.run(
        "import django; django.setup()\n"
        "from qiaomen.visits.models import Correction, Visit\n"
        f"assert Visit.objects.get(origin='phone').dwelling.door_label == {other!r}\n"
        "assert Correction.objects.get().reason == '记错了门'\n"
    )


def test_photos_are_seen_and_left_out_and_what_is_no_photo_is_said(
    new_phone: Callable[..., Page],  # noqa: F811
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    door(phone, label_of(phone, 0))
    tap(phone, "outcome-met")
    problem = phone.get_by_test_id("photo-problem")
    take(phone, "a.jpg", "image/jpeg", b"no picture at all")
    expect(problem).to_contain_text("打不开，没有加")
    take(phone, "a.heic", "image/heic", b"\0\0\0\x18ftypheic")
    expect(problem).to_contain_text("HEIC")
    for n in range(6):
        take(phone, f"{n}.jpg", "image/jpeg", picture(("teal", "navy", "gray")[n % 3]))
        tap(phone, "photo-keep")
        expect(phone.get_by_test_id("photo-seen")).to_have_count(n + 1)
    assert phone.locator('[data-testid="photo-seen"] img').evaluate_all(DRAWN)
    settled(phone, "six photos")
    take(phone, "7.jpg", "image/jpeg", picture("red"))
    expect(problem).to_contain_text("最多 6 张")
    tap(phone, "photo-out-2")
    expect(phone.get_by_test_id("photo-seen")).to_have_count(5)
    tap(phone, "save-next", "back")
    hand_in(phone)


def test_a_browser_that_promises_nothing_says_so(new_phone: Callable[..., Page]) -> None:  # noqa: F811
    phone = new_phone()
    phone.add_init_script("navigator.storage.persist = async () => false")
    sign_in_phone(phone, "zhuren-c")
    tap(phone, "tab-me")
    expect(phone.get_by_test_id("not-persistent")).to_contain_text("添加到主屏幕")
    settled(phone, "me, not persistent")


def test_a_round_over_many_buildings_keeps_the_chosen_one_in_sight(
    new_phone: Callable[..., Page],  # noqa: F811
) -> None:
    phone = new_phone()
    phone.set_viewport_size({"width": 320, "height": 640})
    sign_in_phone(phone, "zhuren-c")
    tap(phone, "tab-buildings")
    chips = phone.locator(".chips.dock button")
    expect(chips.first).to_be_visible()
    assert chips.count() > 1
    last = chips.last
    last.evaluate("(one) => one.click()")
    for _ in range(2):
        box = last.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 320 and 0 <= box["y"] < 640
        phone.evaluate("scrollTo(0, document.body.scrollHeight)")
