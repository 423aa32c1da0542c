"""`python -m tests.screenshots URL FOLDER`: photographs the screens of a running demo, desk and phone width."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS, find_chromium

PASSWORD = "qiaomen-demo"
SIZES = {"desk": (1366, 768), "narrow": (390, 844)}
SCREENS = {
    "today": "/desk/",
    "rounds": "/visits/rounds/",
    "cases": "/cases/",
    "needs": "/needs/",
    "bulletins": "/bulletins/",
    "figures": "/bulletins/figures/",
    "courses": "/bulletins/figures/courses/",
    "phones": "/phones/",
    "public": "/p/SGX-A/",
    "fields": "/fields/",
    "imports": "/imports/",
    "totals": "/register/totals/",
    "duplicates": "/register/duplicates/",
    "grid": "/sheets/",
    "groups": "/groups/",
    "exports": "/sheets/exports/",
    "rights": "/rights/",
    "buildings": "/visits/buildings/",
    "duties": "/duties/",
    "ledger": "/ledger/",
}


def main(url: str, folder: Path) -> None:
    """Sign in as the head and photograph every screen in both languages."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for locale in ("zh-CN", "en-GB"):
            for size, (width, height) in SIZES.items():
                page = browser.new_page(base_url=url, locale=locale, viewport={"width": width, "height": height})
                name = f"{locale[:2]}-{size}"
                page.goto("/login/")
                page.screenshot(path=folder / f"{name}-login.png")
                page.locator("[name=login_name]").fill("zhuren")
                page.locator("[name=password]").fill(PASSWORD)
                page.locator("form button.btn-primary").click()
                for screen, path in SCREENS.items():
                    page.goto(path)
                    page.screenshot(path=folder / f"{name}-{screen}.png")
                page.goto("/imports/")
                page.locator("table a").first.click()
                page.screenshot(path=folder / f"{name}-receipt.png")
                page.goto("/groups/")
                page.locator("main table a").first.click()
                page.screenshot(path=folder / f"{name}-group.png")
                page.goto("/visits/buildings/")
                page.locator(".qm-small").first.click()
                page.screenshot(path=folder / f"{name}-building.png")
                page.locator("svg a").first.click()
                page.screenshot(path=folder / f"{name}-household.png", full_page=True)
                home = page.url
                for kind in ("moved_out", "split"):
                    page.goto(f"{home}life/{kind}/")
                    page.screenshot(path=folder / f"{name}-{kind}.png", full_page=True)
                page.goto("/cases/")
                page.locator("table a").first.click()
                page.screenshot(path=folder / f"{name}-case.png")
                page.goto("/visits/rounds/")
                page.locator("main li a").first.click()
                page.screenshot(path=folder / f"{name}-round.png")
                page.close()
                if size == "narrow":
                    photograph_phone(browser, url, folder, locale)
        browser.close()


def photograph_phone(browser: Browser, url: str, folder: Path, locale: str) -> None:
    """Walk the phone app from signing in to its outbox."""
    page = browser.new_page(base_url=url, locale=locale, viewport={"width": 390, "height": 844})

    def shoot(name: str) -> None:
        page.screenshot(path=folder / f"{locale[:2]}-app-{name}.png", animations="disabled")

    page.goto("/m/")
    shoot("login")
    page.get_by_test_id("login-name").fill("wangge3")
    page.get_by_test_id("login-password").fill(PASSWORD)
    page.get_by_test_id("login-submit").click()
    for _ in range(2):
        page.get_by_test_id("pin").wait_for()
        shoot("pin")
        page.keyboard.type("135790")
    page.get_by_test_id("door-row").first.wait_for()
    if locale.startswith("en"):
        page.get_by_test_id("tab-me").click()
        page.get_by_test_id("language").click()
    for tab in ("me", "buildings", "today"):
        page.get_by_test_id(f"tab-{tab}").click()
        shoot(tab)
    page.get_by_test_id("door-row").first.click()
    shoot("door")
    page.get_by_test_id("outcome-met").click()
    page.get_by_test_id("add-need").click()
    shoot("kinds")
    page.get_by_test_id("need-kind-repair").click()
    shoot("need")
    page.get_by_test_id("need-handling-office").click()
    shoot("record")
    page.get_by_test_id("save-next").click()
    page.get_by_test_id("back").click()
    page.get_by_test_id("open-outbox").click()
    shoot("outbox")
    page.get_by_test_id("tab-me").click()
    page.get_by_test_id("badge").click()
    shoot("badge")
    page.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
