"""One line through the whole street from an empty database: roster, round, door without signal, answer, bulletin,
ledger.

The server is really stopped while the phone works, and the phone's browser is killed in the middle of an answer.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from qiaomen.kernel import clock
from simtown.play import SEED
from simtown.world.people import PLANS, make_households
from simtown.world.roster import write_roster
from tests.browser.conftest import Server
from tests.browser.phones import kill_phone, open_phone, sign_in_phone, unlock
from tests.browser.steps import go_to, sign_in

pytestmark = pytest.mark.browser
WORDS = "厨房下水堵了，水往上返"


def unsent(phone: Page) -> Callable[[int], None]:
    return lambda number: expect(phone.get_by_test_id("unsent-count")).to_have_attribute("data-count", str(number))


def close_case(desk: Page, sentence: str, answer: str) -> None:
    """Close the case on the page and write down what the resident says of it."""
    desk.get_by_label("给居民的一句话").fill(sentence)
    desk.get_by_label("结果", exact=True).select_option(label="办成了")
    desk.get_by_role("button", name="办结").click()
    desk.get_by_label(answer, exact=True).check()
    desk.get_by_role("button", name="记下答复").click()


def test_one_need_goes_from_the_door_to_the_public_page(desk: Page, server: Server, tmp_path: Path) -> None:
    # 1 and 2: the roster comes in, the community is known
    town = make_households(PLANS["C"], SEED, clock.today())
    roster = tmp_path / "旧厂院花名册.xlsx"
    roster.write_bytes(write_roster(PLANS["C"], town))
    complaints: list[str] = []
    desk.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(desk, "zhuren-c")
    desk.get_by_role("main").get_by_role("link", name="导入名册").click()
    desk.get_by_label("花名册").set_input_files(roster)
    desk.get_by_role("button", name="上传并预览").click()
    desk.get_by_role("button", name="提交导入").click()
    expect(desk.get_by_text("已导入")).to_be_visible()

    # 3: a team gets its round
    go_to(desk, "敲门")
    desk.get_by_label("小组名称").fill("敲门一组")
    desk.get_by_role("group", name="谁一起走").get_by_label("孟主任").check()
    desk.get_by_role("button", name="建立").click()
    desk.get_by_role("button", name="安排敲门一组的一轮").click()
    expect(desk.get_by_role("button", name="打印纸单")).to_be_visible()
    doors = desk.locator(".qm-walk tbody tr:not(.qm-aloud)").count()
    assert doors >= 5

    # 4: at the door, without a server
    profile = tmp_path / "phone-profile"
    context = open_phone(desk, profile, server)
    phone = context.pages[0] if context.pages else context.new_page()
    sign_in_phone(phone, "zhuren-c")
    rows = phone.get_by_test_id("door-row")
    expect(rows).to_have_count(doors)
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    server.stop()
    phone.reload()
    unlock(phone)
    expect(rows).to_have_count(doors)

    first = str(rows.nth(0).get_attribute("data-label"))
    rows.nth(0).click()
    phone.go_back()  # the phone's own Back key
    expect(rows).to_have_count(doors)
    rows.nth(0).click()  # a visit with a need: five taps
    phone.get_by_test_id("heard-need").click()
    phone.get_by_test_id("need-kind-repair").click()
    phone.get_by_test_id("need-words").fill(WORDS)
    phone.get_by_test_id("need-handling-office").click()
    picture = tmp_path / "pipe.png"
    Image.new("RGB", (2000, 1000), (30, 90, 90)).save(picture)
    phone.get_by_test_id("need-photo").set_input_files(picture)
    phone.get_by_test_id("photo-keep").click()
    expect(phone.get_by_text("已拍 1 张")).to_be_visible()
    phone.get_by_test_id("save-next").click()
    phone.get_by_test_id("back").click()  # it stands at the next door
    unsent(phone)(1)
    rows.nth(1).click()  # nobody home: one tap on the card
    phone.get_by_test_id("outcome-no_answer").click()
    unsent(phone)(2)
    rows.nth(2).click()  # killed in the middle of an answer
    phone.get_by_test_id("outcome-met").click()
    phone.get_by_test_id("add-need").click()
    phone.get_by_test_id("need-kind-company").click()
    phone.get_by_test_id("need-words").fill("想有人来说说话")
    expect(phone.get_by_test_id("draft-kept")).to_have_attribute("data-words", "想有人来说说话")
    kill_phone(profile)

    context = open_phone(desk, profile, server)
    phone = context.pages[0] if context.pages else context.new_page()
    phone.goto("/m/")
    unlock(phone)
    expect(phone.get_by_test_id("half")).to_have_count(1)
    phone.get_by_test_id("resume").click()
    expect(phone.get_by_test_id("need-words")).to_have_value("想有人来说说话")
    phone.get_by_test_id("need-handling-on_the_spot").click()
    phone.get_by_test_id("save-next").click()
    phone.get_by_test_id("back").click()
    unsent(phone)(3)
    phone.get_by_test_id("open-outbox").click()
    waiting = phone.get_by_test_id("outbox-row")
    expect(waiting).to_have_count(3)
    for index in range(3):
        expect(waiting.nth(index)).to_have_attribute("data-state", re.compile("held|saved|queued"))
    kept = phone.evaluate(
        """() => new Promise((done) => { const open = indexedDB.open('qiaomen'); open.onsuccess = () => {
            const get = open.result.transaction('outbox').objectStore('outbox').getAll();
            get.onsuccess = () => done(JSON.stringify(get.result)) } })"""
    )
    assert "水往上返" not in kept and "说说话" not in kept

    server.start()
    phone.get_by_test_id("retry").click()
    for index in range(3):
        expect(waiting.nth(index)).to_have_attribute("data-state", "received")
    expect(phone.get_by_text("社区已收到").first).to_be_visible()
    context.close()

    # 5: the need is a case; not solved reopens it
    go_to(desk, "办事")
    desk.get_by_role("link", name=re.compile(re.escape(first))).click()
    expect(desk.get_by_text(WORDS)).to_be_visible()
    close_case(desk, "管子换好了，当场试过。", "没有解决")
    expect(desk.get_by_text("居民说：没有解决，重新办理")).to_be_visible()
    close_case(desk, "又通了主管道，今天不返水了。", "解决了")
    expect(desk.get_by_text("居民说解决了。")).to_be_visible()
    desk.get_by_role("link", name="看这一户").click()
    desk.get_by_role("link", name="走访记录").click()
    photo = desk.get_by_alt_text("走访照片")
    expect(photo).to_be_visible()
    expect(photo).to_have_js_property("naturalWidth", 1600)

    # 6: the week is published; each number opens onto its list, the public sees no person
    go_to(desk, "报表公开")
    desk.get_by_role("button", name="起草本周").click()
    expect(desk.locator(".qm-number")).to_have_text([re.compile(f"^{n}") for n in (3, 2, 2, 1, 1, 0, 0)])
    desk.get_by_role("link", name=re.compile("期间在门前")).click()
    expect(desk.locator("main tbody tr")).to_have_count(2)
    desk.get_by_role("link", name="回到通报").click()
    desk.get_by_role("link", name="公布", exact=True).click()
    desk.get_by_role("button", name="核对过了，公布").click()
    desk.get_by_role("link", name="看公开页").click()
    expect(desk.locator(".board .number")).to_have_text(["不公布"] * 7)  # numbers so small could name somebody
    public = desk.content()
    people = {person.name for household in town for person in household.people}
    assert first not in public and WORDS not in public and not [name for name in people if name in public]

    # 7: the ledger holds
    desk.goto("/ledger/")
    desk.get_by_role("button", name="校验整条链").click()
    expect(desk.get_by_text("链完整")).to_be_visible()
    words = [sys.executable, "-m", "qiaomen", "ledger", "verify"]
    verified = subprocess.run(words, env=server.env, capture_output=True, text=True, check=False)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert not complaints
