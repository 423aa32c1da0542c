"""How fast the phone opens, offline and at a quarter of this machine's speed, and how much it loads.

    python -m benchmarks.bench_phone [--runs 7] [--slowdown 4] [--slower 6]

cold start: from navigation to the PIN pad on screen, server stopped, code from the service worker, a new page each
time;
unlock: from the sixth digit to the building (600,000 rounds of PBKDF2 and the list of a day); tap: from a tap on a door
to its card in a painted frame; all well: from the tap on 一切都好 to its line on the next screen, sealed and on the
disk, at `--slower`. Medians and the worst, and how many times as long as at this machine's own speed in the same run.
Goals: promises.md I4, issue 15.
"""

import argparse
import gzip
import platform
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.browser.conftest import FLAGS, ROOT, Server, find_chromium
from tests.browser.phones import PIN, sign_in_phone

GOALS = {"cold start": 1500.0, "tap": 100.0, "all well": 300.0}
WATCH = """
window.seen = {};
new MutationObserver(() => {
  for (const name of ['pin', 'tile', 'outcome-no_answer', 'undo-bar'])
    if (!(name in window.seen) && document.querySelector(`[data-testid="${name}"]`)) {
      window.seen[name] = 0;
      requestAnimationFrame(() => setTimeout(() => { window.seen[name] = performance.now(); }));
    }
}).observe(document, { childList: true, subtree: true });
"""


def waited(page: Page, name: str) -> float:
    """Return when something was first painted, in ms since navigation."""
    page.get_by_test_id(name).first.wait_for()
    for _ in range(200):
        moment = float(page.evaluate(f"window.seen['{name}'] || 0"))
        if moment:
            return moment
    raise RuntimeError(name)


def tapped(page: Page, name: str, shows: str) -> float:
    """Tap and return how long it is until something else is painted, in ms."""
    tap = f"() => {{ const at = performance.now(); document.querySelector('[data-testid=\"{name}\"]').click(); return at }}"
    begun = float(page.evaluate(tap))
    return waited(page, shows) - begun


def one_start(context: BrowserContext, slowdown: int, slower: int) -> dict[str, float]:
    """Open the app on a new page, unlock it, open a door, and all is well there."""
    page = context.new_page()
    processor = context.new_cdp_session(page)
    processor.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    page.add_init_script(WATCH)
    page.goto("/m/", wait_until="commit")
    found = {"cold start": waited(page, "pin")}
    page.keyboard.type(PIN[:-1])
    begun = float(page.evaluate("performance.now()"))
    page.keyboard.type(PIN[-1])
    found["unlock"] = waited(page, "tile") - begun
    found["tap"] = tapped(page, "door-row", "outcome-no_answer")
    processor.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    found["all well"] = tapped(page, "all-well", "undo-bar")
    page.close()
    return found


def sizes() -> dict[str, float]:
    """Return what a first load weighs, gzip -9, in KB."""
    files = [path for path in (ROOT / "qiaomen" / "webroot" / "m").rglob("*") if path.is_file()]
    packed = {path: len(gzip.compress(path.read_bytes(), 9)) / 1024 for path in files}
    return {"all": sum(packed.values()), "JavaScript": sum(kb for path, kb in packed.items() if path.suffix == ".js")}


def main() -> None:
    """Measure and print one line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--slowdown", type=int, default=4)
    parser.add_argument("--slower", type=int, default=6)
    asked = parser.parse_args()
    runs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "data")
        server.manage("qiaomen", "migrate", "-v0")
        server.manage("simtown", "--only", "C")
        server.start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        context = browser.new_context(base_url=server.url, locale="zh-CN", viewport={"width": 390, "height": 844})
        page = context.new_page()
        sign_in_phone(page, "zhuren-c")
        page.get_by_test_id("tile").first.wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.close()
        server.stop()
        freely = [one_start(context, 1, 1) for _ in range(3)]
        runs = [one_start(context, asked.slowdown, asked.slower) for _ in range(asked.runs)]
        browser.close()
    slowly = f"{asked.slowdown}x slower, all well {asked.slower}x"
    print(f"{platform.machine()} {platform.python_version()}, offline, {slowly}, {asked.runs} runs, ms")
    for name in runs[0]:
        times = [run[name] for run in runs]
        goal = f"  goal {GOALS[name]:.0f}" if name in GOALS else ""
        ratio = statistics.median(times) / statistics.median([run[name] for run in freely])
        print(f"{name:10}  median {statistics.median(times):7.0f}  worst {max(times):7.0f}  x{ratio:4.1f}{goal}")
    for name, kilobytes in sizes().items():
        print(f"{name:10}  {kilobytes:.0f} KB compressed")


if __name__ == "__main__":
    main()
