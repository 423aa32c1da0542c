"""A phone in a test's hand: opened, signed in with a PIN, unlocked, killed."""

import subprocess
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import FLAGS, Server, find_chromium, in_own_time

PIN = "135790"
PASSWORD = "qiaomen-demo"


def open_phone(desk: Page, profile: Path, server: Server) -> BrowserContext:
    browser = desk.context.browser
    assert browser is not None
    context = browser.browser_type.launch_persistent_context(
        str(profile),
        executable_path=find_chromium(),
        args=FLAGS,
        base_url=server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(30000)
    in_own_time(context)
    return context


def sign_in_phone(phone: Page, name: str) -> None:
    """Sign in on a fresh phone and choose its PIN."""
    phone.goto("/m/")
    phone.get_by_test_id("login-name").fill(name)
    phone.get_by_test_id("login-password").fill(PASSWORD)
    phone.get_by_test_id("login-submit").click()
    for step in ("choose", "again"):
        expect(phone.get_by_test_id("pin")).to_have_attribute("data-step", step)
        phone.keyboard.type(PIN)
    expect(phone.get_by_test_id("pin")).to_have_count(0)


def unlock(phone: Page, pin: str = PIN) -> None:
    """Open a locked phone."""
    expect(phone.get_by_test_id("pin")).to_have_attribute("data-step", "enter")
    phone.keyboard.type(pin)


def kill_phone(profile: Path) -> None:
    """Kill the browser without a word, as a battery does, and wait until it is gone."""
    subprocess.run(["pkill", "-9", "-f", str(profile)], check=False)
    for _ in range(50):
        if subprocess.run(["pgrep", "-f", str(profile)], stdout=subprocess.DEVNULL, check=False).returncode:
            break
        time.sleep(0.1)
    for lock in profile.glob("Singleton*"):
        lock.unlink()
