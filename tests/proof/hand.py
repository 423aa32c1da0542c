"""The hand that holds the phone: every step on its screens in one place, so that new screens change this file only."""

import json
import os
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.browser.conftest import FLAGS, find_chromium, in_own_time
from tests.browser.phones import PIN
from tests.proof.machine import Server, kill_group, wait_until

ROWS_AND_PHOTOS = """() => new Promise((done, failed) => {
  const open = indexedDB.open('qiaomen')
  open.onerror = () => failed(open.error)
  open.onsuccess = () => {
    const line = open.result.transaction(['outbox', 'photos'], 'readonly'), found = {}
    for (const name of ['outbox', 'photos']) {
      line.objectStore(name).getAll().onsuccess = (event) => { found[name] = event.target.result }
    }
    line.oncomplete = () => { open.result.close(); done(JSON.stringify(found)) }
  }
})"""


class Hand:
    """A phone's browser on a profile that survives kill -9."""

    def __init__(self, playwright: Playwright, profile: Path, server: Server) -> None:
        self.playwright, self.profile, self.server = playwright, profile, server
        self.context: BrowserContext | None = None
        self.group = 0
        self.page: Page

    def open(self) -> None:
        """Start the browser and open the app."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=find_chromium(),
            args=FLAGS,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=f"http://localhost:{self.server.port}",
            viewport={"width": 390, "height": 844},
            has_touch=True,
            is_mobile=True,
        )
        self.context.set_default_timeout(30_000)
        in_own_time(self.context)
        expect.set_options(timeout=30_000)  # two busy cores; an event ends the wait, not the clock
        self.group = os.getpgid(self._browser())
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.come_back()

    def come_back(self) -> None:
        """Open the app and, where it is locked, unlock it."""
        self.page.goto("/m/")
        pin, name = self.page.get_by_test_id("pin"), self.page.get_by_test_id("login-name")
        elsewhere = self.page.get_by_test_id("take-over")
        expect(pin.or_(name).or_(elsewhere)).to_be_visible()
        if elsewhere.count():
            elsewhere.click()
            expect(pin.or_(name)).to_be_visible()
        if pin.count():
            self.page.keyboard.type(PIN)
            expect(pin).to_have_count(0)

    def _browser(self) -> int:
        found = subprocess.run(
            ["pgrep", "-f", "--", f"--user-data-dir={self.profile}"], capture_output=True, text=True, check=True
        )
        return min(map(int, found.stdout.split()))

    def kill(self) -> None:
        """SIGKILL of the whole process group, as a battery does."""
        if self.group:
            assert self.group != os.getpgrp()
            kill_group(self.group)
            self.group = 0
            wait_until(lambda: not self._left(), "the end of the browser")
            for lock in self.profile.glob("Singleton*"):
                lock.unlink()
        if self.context is not None:
            with suppress(Error):
                self.context.close()
            self.context = None

    def _left(self) -> bool:
        return (
            subprocess.run(
                ["pgrep", "-f", "--", f"--user-data-dir={self.profile}"], stdout=subprocess.DEVNULL
            ).returncode
            == 0
        )

    def close(self) -> None:
        """Leave as a person does: everything is written down, then compared on the disk."""
        if self.context is not None:
            self.context.close()
            self.context, self.group = None, 0

    def kept(self) -> dict[str, Any]:
        """Return what the phone holds: its rows, half records among them, and sealed photos."""
        return dict(json.loads(self.page.evaluate(ROWS_AND_PHOTOS)))

    # the screens

    def sign_in(self, name: str, password: str) -> None:
        self.page.get_by_test_id("login-name").fill(name)
        self.page.get_by_test_id("login-password").fill(password)
        self.page.get_by_test_id("login-submit").click()
        for step in ("choose", "again"):
            expect(self.page.get_by_test_id("pin")).to_have_attribute("data-step", step)
            self.page.keyboard.type(PIN)
        self.page.get_by_test_id("tab-today").click()  # after a hand-over the app stays where it was
        expect(self.page.get_by_test_id("door-row").first).to_be_visible()

    def go_to(self, door: str) -> None:
        """Open a door from today's list, wherever the app stands."""
        tab, back = self.page.get_by_test_id("tab-today"), self.page.get_by_test_id("back")
        expect(tab.or_(back).first).to_be_visible()
        while not tab.count():
            back.click()
        tab.click()
        self.page.locator(f'[data-testid="door-row"][data-label="{door}"]').click()

    def begin_answer(self, door: str, photo: Path | None = None) -> None:
        """Open a door, "met", perhaps a photo, one need, its words still empty."""
        self.go_to(door)
        self.page.get_by_test_id("outcome-met").click()
        if photo is not None:
            self._take_photo(photo)
        self.page.get_by_test_id("add-need").click()
        self.page.get_by_test_id("need-kind-repair").click()

    def write(self, words: str) -> None:
        self.page.get_by_test_id("need-words").fill(words)

    def _take_photo(self, path: Path) -> None:
        self.page.get_by_test_id("need-photo").set_input_files(path)
        self.page.get_by_test_id("photo-keep").click()
        expect(self.page.get_by_text("已拍 1 张")).to_be_visible()

    def ticked(self, words: str) -> None:
        """Wait until the screen says ✓ for exactly these words."""
        expect(self.page.get_by_test_id("draft-kept")).to_have_attribute("data-words", words)

    def last_tick(self) -> str | None:
        """Return the words the ✓ on the screen stands for; None while there is none."""
        tick = self.page.get_by_test_id("draft-kept")
        return tick.get_attribute("data-words") if tick.count() else None

    def written(self) -> str:
        """Go on with the half record the app asks about, and return its words."""
        self.page.get_by_test_id("resume").first.click()
        box = self.page.get_by_test_id("need-words")
        expect(box).to_be_visible()
        return box.input_value()

    def finish(self) -> None:
        """Save the visit, which opens the next door; returns when today's list is back."""
        self.page.get_by_test_id("need-handling-on_the_spot").click()
        self.page.get_by_test_id("save-next").click()
        row, back = self.page.get_by_test_id("door-row").first, self.page.get_by_test_id("back")
        expect(self.page.get_by_test_id("save-next")).to_have_count(0)
        expect(row.or_(back)).to_be_visible()
        if back.count():
            back.click()
        expect(self.page.get_by_test_id("door-row").first).to_be_visible()

    def nobody_home(self, door: str) -> None:
        self.go_to(door)
        self.page.get_by_test_id("outcome-no_answer").click()
        expect(self.page.get_by_test_id("door-row").first).to_be_visible()

    def unsent(self, number: int) -> None:
        expect(self.page.get_by_test_id("unsent-count")).to_have_attribute("data-count", str(number))

    def leave_answer(self) -> None:
        """Go away from an unfinished answer without finishing it, as a phone in a pocket does."""
        self.page.goto("about:blank")
        self.come_back()
        expect(self.page.get_by_test_id("half")).to_have_count(1)
        expect(self.page.get_by_test_id("door-row").first).to_be_visible()

    def take_list_and_be_refused(self) -> None:
        self.page.get_by_test_id("take-pack").click()
        expect(self.page.get_by_test_id("login-name")).to_be_visible()

    def unsent_on_the_server(self, number: int) -> None:
        """Wait until the server has been offered so many, whatever the screen shows to someone who is signed out."""

        self.page.evaluate("dispatchEvent(new Event('online'))")

        def offered() -> bool:
            rows = [row for row in self.kept()["outbox"] if row["state"] != "draft"]
            return len(rows) == number and all(row["state"] in {"received", "problem"} for row in rows)

        wait_until(offered, f"{number} visits on the server")

    def hand_over(self) -> None:
        self.page.get_by_test_id("tab-me").click()
        self.page.get_by_test_id("leave").click()
        self.page.get_by_test_id("leave-sure").click()
        expect(self.page.get_by_test_id("login-name")).to_be_visible()
