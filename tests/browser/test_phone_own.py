"""What is somebody's own: a voice recorded because they agreed, a face on a badge, a finger that opens the list."""

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import FLAGS, Server, find_chromium
from tests.browser.phones import PIN, hand_in, label_of, sign_in_phone, tap, unlock
from tests.browser.steps import sign_in
from tests.browser.test_phone import door, new_phone  # noqa: F401
from tests.browser.test_phone_word import settled

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all stories here: none of them needs another day."""
    folder = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(played, folder)
    made = Server(folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser(browser: Browser) -> Iterator[Browser]:
    """A Chromium with a microphone in which somebody hums."""
    flags = [*FLAGS, "--use-fake-device-for-media-stream"]
    made = browser.browser_type.launch(executable_path=find_chromium(), args=flags)
    yield made
    made.close()


def met(phone: Page, place: int) -> str:
    """Open the record of a door of the list."""
    sign_in_phone(phone, "zhuren-c")
    expect(phone.get_by_test_id("door-row").first).to_be_visible()
    label = label_of(phone, place)
    door(phone, label)
    tap(phone, "outcome-met")
    expect(phone.get_by_test_id("voice")).to_be_visible()
    return label


def record(phone: Page) -> None:
    tap(phone, "voice", "voice-agreed")
    expect(phone.get_by_test_id("voice-recording")).to_contain_text("正在录，1 秒；最多 60 秒")


PLAYED = """(audio) => new Promise((done) => {
  audio.onended = () => done(audio.currentTime > 0)
  audio.onerror = () => done(false)
  void audio.play()
})"""


def test_a_voice_line_is_agreed_heard_left_out_or_handed_in_and_heard_at_the_desk(
    new_phone: Callable[..., Page],  # noqa: F811
    desk: Page,
    server: Server,
) -> None:
    phone = new_phone(permissions=["microphone"])
    met(phone, 0)
    tap(phone, "voice")
    expect(phone.get_by_test_id("voice-asking")).to_contain_text("行吗？")
    settled(phone, "asked before it is recorded")
    tap(phone, "voice-refused")
    expect(phone.get_by_test_id("voice")).to_be_visible()
    record(phone)
    settled(phone, "recording", axe=False)
    tap(phone, "voice-cancel")
    expect(phone.get_by_test_id("voice")).to_be_visible()
    record(phone)
    tap(phone, "voice-stop")
    expect(phone.get_by_test_id("voice-kept")).to_contain_text("对方同意过")
    assert phone.get_by_test_id("voice-play").evaluate(PLAYED)
    settled(phone, "a voice line is kept")
    tap(phone, "voice-out")
    record(phone)
    tap(phone, "voice-stop")
    expect(phone.get_by_test_id("hub-kept")).to_be_visible()
    tap(phone, "save-next", "back")
    hand_in(phone)
    home = server.ask(
        "import django; django.setup()\n"
        "from qiaomen.visits.models import VisitVoice\n"
        "voice = VisitVoice.objects.select_related('visit').get()\n"
        "assert voice.media == 'audio/webm' and 1 <= voice.seconds < 60, voice.media\n"
        "print(voice.visit.household_id)\n"
    )
    sign_in(desk, "zhuren-c")
    desk.goto(f"/visits/households/{home}/")
    expect(desk.get_by_test_id("voice")).to_contain_text("本人当面同意过")
    assert desk.get_by_test_id("voice").locator("audio").evaluate(PLAYED)
    server.run(
        "import django; django.setup()\n"
        "from qiaomen.office.models import LedgerEntry\n"
        "assert LedgerEntry.objects.filter(code='visits.voice-heard').count() == 1\n"
    )


def test_without_a_microphone_or_a_recorder_it_says_so_and_the_record_goes_on(
    new_phone: Callable[..., Page],  # noqa: F811
) -> None:
    phone = new_phone()  # nobody allowed the microphone
    met(phone, 1)
    tap(phone, "voice", "voice-agreed")
    expect(phone.get_by_test_id("voice-problem")).to_contain_text("没有让这个网页用话筒")
    settled(phone, "no microphone")
    phone.evaluate("delete window.MediaRecorder")
    tap(phone, "voice", "voice-agreed")
    expect(phone.get_by_test_id("voice-problem")).to_contain_text("不能录音")
    tap(phone, "save-next", "back")
    hand_in(phone)


def picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (900, 1200), "sienna").save(held, "JPEG")
    return held.getvalue()


def test_a_face_on_the_badge_is_ones_own_wish_and_seen_by_who_scans(
    new_phone: Callable[..., Page],  # noqa: F811
    server: Server,
) -> None:
    phone = new_phone()
    sign_in_phone(phone, "zhuren-c")
    tap(phone, "tab-me", "badge")
    expect(phone.get_by_test_id("badge-code")).not_to_be_empty()
    expect(phone.get_by_text("自愿的，不放照样用")).to_be_visible()
    phone.get_by_test_id("badge-photo").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    )
    expect(phone.get_by_test_id("badge-problem")).to_contain_text("打不开")
    phone.get_by_test_id("badge-photo").set_input_files(
        {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    expect(phone.get_by_test_id("badge-face")).to_have_js_property("naturalWidth", 360)
    settled(phone, "a badge with a face")
    number, code = (phone.get_by_test_id(f"badge-{name}").inner_text() for name in ("number", "code"))
    resident = phone.context.new_page()
    resident.goto(f"/who/?n={number}&c={code}")
    expect(resident.locator("img.face")).to_have_js_property("naturalWidth", 360)
    resident.close()
    tap(phone, "badge-photo-out")
    expect(phone.get_by_test_id("badge-face")).to_have_count(0)
    server.run(
        "import django; django.setup()\n"
        "from qiaomen.office.models import BadgePhoto\n"
        "assert not BadgePhoto.objects.exists()\n"
    )


def with_finger(phone: Page, *, prf: bool) -> None:
    """Give a phone an authenticator that knows its holder's finger, with or without a key for it."""
    cdp = phone.context.new_cdp_session(phone)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        "hasPrf": prf,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_finger_opens_the_list_where_it_unwraps_the_key_and_five_wrong_pins_end_both(
    new_phone: Callable[..., Page],  # noqa: F811
) -> None:
    phone = new_phone()
    with_finger(phone, prf=True)
    sign_in_phone(phone, "zhuren-c")
    tap(phone, "tab-me", "finger")
    expect(phone.get_by_test_id("finger-pin")).to_be_visible()
    settled(phone, "the PIN first")
    phone.keyboard.type("000001")
    expect(phone.get_by_role("alert").filter(has_text="还可以试 4 次")).to_be_visible()
    phone.keyboard.type(PIN)
    expect(phone.get_by_test_id("finger")).to_have_attribute("aria-checked", "true")
    tap(phone, "lock", "finger-open", "tab-today")
    expect(phone.get_by_test_id("door-row").first).to_be_visible()
    tap(phone, "tab-me", "lock")
    unlock(phone)
    tap(phone, "tab-me", "lock")
    expect(phone.get_by_test_id("finger-open")).to_be_visible()
    settled(phone, "lock with a finger")
    for left in (4, 3, 2, 1):
        phone.keyboard.type("000001")
        expect(phone.get_by_role("alert").filter(has_text=f"还可以试 {left} 次")).to_be_visible()
    phone.keyboard.type("000001")
    expect(phone.get_by_test_id("login-submit")).to_be_visible()
    assert phone.get_by_test_id("finger-open").count() == 0


def test_where_the_finger_gives_no_key_it_is_said_and_the_pin_stays(
    new_phone: Callable[..., Page],  # noqa: F811
) -> None:
    phone = new_phone()
    with_finger(phone, prf=False)
    sign_in_phone(phone, "zhuren-c")
    tap(phone, "tab-me", "finger")
    expect(phone.get_by_test_id("finger-pin")).to_be_visible()
    phone.keyboard.type(PIN)
    expect(phone.get_by_role("alert").filter(has_text="给不出钥匙")).to_be_visible()
    tap(phone, "back")
    expect(phone.get_by_test_id("finger")).to_have_attribute("aria-checked", "false")
    tap(phone, "lock")
    expect(phone.get_by_test_id("pin")).to_be_visible()
    assert phone.get_by_test_id("finger-open").count() == 0
    unlock(phone)
    expect(phone.get_by_test_id("pin")).to_have_count(0)
