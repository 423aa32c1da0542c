"""A real server on a free port and a real Chromium; none found is a failure, never a skip."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from qiaomen.kernel import clock

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

COLLEAGUE = """
import django; django.setup()
from qiaomen.office.models import Organisation, Staff
from qiaomen.visits.models import Round
from qiaomen.kernel import clock
home = Organisation.objects.get(kind="community", code__endswith="-C")
one = Staff.objects.create_user("tongshi", "qiaomen-demo", name="韩露", role="worker", organisation=home)
Round.objects.get(community=home, day=clock.today()).team.members.add(one)
"""
"""A second worker on the round of today."""


def find_chromium() -> str:
    """Return a Chromium; fail with the ways to get one."""
    names = [os.environ.get("QM_CHROME"), *map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))]
    found = next((name for name in names if name), None)
    if found is None:
        pytest.fail("没有找到 Chromium。Debian:sudo apt install chromium fonts-noto-cjk;或设 QM_CHROME=浏览器路径")
    return found


def in_own_time(context: BrowserContext) -> BrowserContext:
    """Let a browser live in the test's time as the server does: it runs on, and a story may stop or move it."""
    context.clock.install(time=clock.now())
    return context


class Server:
    """Granian on its own data folder; it can really be stopped and started again."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.env = {**os.environ, "QM_DATA": str(data), "DJANGO_SETTINGS_MODULE": "qiaomen.settings"}
        self.env.pop("QM_DATABASE_URL", None)
        self.process: subprocess.Popen[bytes] | None = None

    def manage(self, *words: str) -> None:
        subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=self.env, check=True, stdout=subprocess.DEVNULL)

    def run(self, code: str) -> None:
        """Run a few lines of the product's own actions on this server's data."""
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=self.env, check=True, stdout=subprocess.DEVNULL)

    def ask(self, code: str) -> str:
        """Run a few lines on this server's data; returns what they print."""
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE)
        return done.stdout.decode().strip()

    def start(self) -> None:
        command = ["granian", "--interface", "asginl", "qiaomen.asgi:application", "--port", str(self.port), "--no-ws"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command, "--http", "1", "--log-level", "warning"],
            cwd=ROOT,
            env=self.env,
        )
        while (
            self.process.poll() is None
        ):  # the first answer ends the wait, or the server's end; a busy machine is slow
            try:
                urllib.request.urlopen(self.url + "/login/", timeout=30)
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(30)
            except (
                subprocess.TimeoutExpired
            ):  # on a busy machine an answer may still be under way: no signal is no signal
                self.process.kill()
                self.process.wait()
            self.process = None


@pytest.fixture(scope="session")
def fresh_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the offices and nobody in it, made once; each story starts from its copy."""
    folder = tmp_path_factory.mktemp("fresh") / "data"
    made = Server(folder)
    made.manage("qiaomen", "migrate", "-v0")
    made.manage("simtown", "--only", "")
    return folder


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small community with its people, some weeks and a round of today, made once."""
    folder = tmp_path_factory.mktemp("played") / "data"
    made = Server(folder)
    made.manage("qiaomen", "migrate", "-v0")
    made.manage("simtown", "--only", "C")
    made.run(COLLEAGUE)
    return folder


@pytest.fixture
def server(tmp_path: Path, fresh_data: Path) -> Iterator[Server]:
    shutil.copytree(fresh_data, tmp_path / "data")
    made = Server(tmp_path / "data")
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all stories; each opens contexts of its own, which share nothing."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def desk(browser: Any, server: Server) -> Iterator[Page]:
    context = browser.new_context(
        base_url=server.url, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1366, "height": 768}
    )
    in_own_time(context)
    context.set_default_timeout(30000)
    yield context.new_page()
    context.close()
