"""`start.py test`, `check`, `bench`, `prove`: which part runs, how far it is, and how long the rest will take.

A lane is one run of pytest. Its dots are not shown: while it runs a line now and then says how far it is, and when it
fails, what failed. What each lane took is kept beside the data, so that the next run can say how long is left.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.base import PY, ROOT, VENV, option, run, say, stop
from scripts.postgres import postgres
from scripts.setup import build_web, check_fonts, install, npm

DEFAULTS = {"SQLite": 300, "PostgreSQL": 360, "真浏览器": 300, "断电与重发": 240, "手机端": 60}
"""Seconds of each lane on two quiet cores, until a run on this machine has told better."""
TIMES = Path(os.environ.get("QM_DATA", str(ROOT / "data"))) / "lanes.json"
SAY_EVERY = 20.0
NOTHING_TO_RUN = 5
"""What pytest ends with when no test is left of those asked for."""
BUSY = 4
BUSY_LANES = (
    "qiaomen/visits",
    "qiaomen/phone/tests/test_group_commit.py",
    "qiaomen/office/tests/test_disclosure.py",
    "tests/stories/test_view_limit.py",
    "simtown",
    "tests/start",
    "tests/browser/test_phone.py",
    "tests/browser/test_rounds.py",
)
"""The parts that lean on time: budgets, hours, rolling windows, waits for an event."""
AWKWARD = {
    "午夜前": "2026-12-30T23:55",
    "午夜后": "2026-12-31T00:05",
    "星期日": "2026-12-06T10:00",
    "国庆节": "2027-10-01T10:00",
    "闰日": "2028-02-29T10:00",
    "年末": "2026-12-31T18:30",
}


def known_times() -> "dict[str, float]":
    """Return the seconds of each lane: those of the last run on this machine, else the defaults."""
    try:
        kept = json.loads(TIMES.read_text())
    except (OSError, ValueError):
        kept = {}
    return {**DEFAULTS, **kept}


def spell(seconds: float) -> str:
    """Return a length of time as it is said: 40 秒, 3 分钟."""
    return f"{max(seconds, 1):.0f} 秒" if seconds < 90 else f"{seconds / 60:.0f} 分钟"


def share_of(line: str) -> "float | None":
    """Return how far pytest is, from the end of one of its lines: `[ 42%]`; None: the line does not say."""
    found = re.search(r"\[ *(\d+)%\]$", line.rstrip())
    return int(found[1]) / 100 if found else None


def seconds_left(share: float, spent: float, expected: float) -> float:
    """Return about how long a lane still takes: by its own pace, and at first by what the last run took."""
    own = spent / share * (1 - share) if share > 0 else expected
    return share * own + (1 - share) * max(expected - spent, own * share)


@dataclass
class Lanes:
    """The lanes of one run: where their times go, and those that failed.

    `selected`: somebody asked for some tests only, so that a lane may have none of them.
    """

    env: "dict[str, str]"
    selected: bool = False
    failed: "list[str]" = field(default_factory=list)
    times: "dict[str, float]" = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    expected: "dict[str, float]" = field(default_factory=known_times)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def pytest(self, name: str, *words: str, after: float = 0, **extra: str) -> None:
        """Run pytest with some words; `after`: seconds that later lanes are expected to take."""
        command = [str(PY), "-m", "pytest", "-v", "--color=no", *words]
        began, lines = time.monotonic(), []
        env = {**self.env, **extra}
        whole = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        assert whole.stdout is not None
        said = began
        self._say(name, 0.0, 0.0, after)
        for line in whole.stdout:
            lines.append(line)
            share, now = share_of(line), time.monotonic()
            if share is not None and now - said >= SAY_EVERY:
                said = now
                self._say(name, share, now - began, after)
        self._end(name, whole.wait(), lines, time.monotonic() - began)

    def _say(self, name: str, share: float, spent: float, after: float) -> None:
        left = seconds_left(share, spent, self.expected.get(name, 120)) + after
        say(f"测试 {name}：{share:.0%}，已 {spell(spent)}，全部还剩约 {spell(left)}")

    def _end(self, name: str, code: int, lines: "list[str]", spent: float) -> None:
        code = 0 if self.selected and code == NOTHING_TO_RUN else code
        with self._lock:
            last = lines[-1].strip(" =\n") if lines else ""
            say(f"测试 {name}：{'没有通过' if code else '通过'}（{last}）")
            if code:
                self.failed.append(name)
                print("".join(lines[failures_begin(lines) :]), flush=True)
            else:
                self.times[name] = round(spent, 1)

    def finish(self, *, keep: bool) -> None:
        """Say how long it took, keep the times of a whole run, and stop when a lane failed."""
        say(f"用时 {time.monotonic() - self.began:.0f} 秒")
        if self.failed:
            stop("没有通过：" + "、".join(self.failed))
        if keep:
            TIMES.parent.mkdir(parents=True, exist_ok=True)
            TIMES.write_text(json.dumps({**known_times(), **self.times}, ensure_ascii=False))
        say("全部通过")


def failures_begin(lines: Sequence[str]) -> int:
    """Return the line from which pytest tells what failed, not which tests passed before."""
    return next((n for n, line in enumerate(lines) if re.match(r"=+ (FAILURES|ERRORS)", line)), max(0, len(lines) - 40))


@contextmanager
def lanes_at(moment: str) -> Iterator[Lanes]:
    """Give lanes a data folder of their own and a moment at which every test begins; empty: the ordinary one."""
    with tempfile.TemporaryDirectory(prefix="qiaomen-test-") as data:
        env = {**os.environ, "QM_DATA": data, "DJANGO_SETTINGS_MODULE": "qiaomen.settings"}
        env.pop("QM_CLOCK", None)
        yield Lanes({**env, "QM_AT": moment} if moment else env)


def run_tests(words: "list[str]") -> None:
    """Run every test on SQLite, on PostgreSQL and in a browser at once, then the proofs and the front end's own."""
    moment = option(words, "--at", "")
    if moment:
        place = words.index("--at")
        words = [*words[:place], *words[place + 2 :]]
    install("app", "dev")
    build_web()
    check_fonts()
    with lanes_at(moment) as lanes, postgres() as address:
        lanes.selected = bool(words)
        run_all(lanes, words, address)
        began = time.monotonic()
        say("测试 手机端")
        npm("run", "test", "--silent")
        lanes.times["手机端"] = round(time.monotonic() - began, 1)
    lanes.finish(keep=not words and not moment)


def run_all(lanes: Lanes, words: "list[str]", address: str) -> None:
    """Run the lanes of Python in three rows beside each other: SQLite; PostgreSQL and the proofs; the browser, which
    waits as often as it computes.
    """
    data, known = lanes.env["QM_DATA"], lanes.expected
    proofs, phone = known["断电与重发"], known["手机端"]
    whole = max(known["SQLite"], known["PostgreSQL"] + proofs, known["真浏览器"]) + phone
    say(f"测试分五部分，三部分同时跑；全部约 {spell(whole)}")

    def on_postgresql() -> None:
        extra = {"QM_DATABASE_URL": address, "QM_DATA": f"{data}/pg"}
        chosen = ("-m", "database and not browser and not proof", *words)
        lanes.pytest("PostgreSQL", *chosen, after=proofs + phone, **extra)
        lanes.pytest("断电与重发", "-m", "proof", "tests/proof", *words, after=phone, QM_DATA=f"{data}/proof")

    def in_a_browser() -> None:
        lanes.pytest("真浏览器", "-m", "browser", "tests/browser", *words, after=phone, QM_DATA=f"{data}/browser")

    with ThreadPoolExecutor(2) as others:
        running = [others.submit(on_postgresql), others.submit(in_a_browser)]
        lanes.pytest("SQLite", "-m", "not browser and not proof", *words, after=phone)
        for row in running:
            row.result()


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Let so many processes compute beside, as other people's work does."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def prove_busy(words: "list[str]") -> None:
    """Run the parts that lean on time with four processes that compute beside them."""
    with lanes_at("") as lanes, busy(BUSY):
        lanes.pytest("机器很忙", *(words or BUSY_LANES))
    lanes.finish(keep=False)


def prove_awkward_moments(words: "list[str]") -> None:
    """Run the suite and the browser stories with the clock at six awkward moments."""
    failed = []
    for name, moment in AWKWARD.items():
        with lanes_at(moment) as lanes:
            say(f"时钟拨到 {moment}（{name}）")
            lanes.pytest(f"{name} SQLite", "-m", "not browser and not proof", *words)
            lanes.pytest(f"{name} 真浏览器", "-m", "browser", "tests/browser", *words)
            failed += lanes.failed
    if failed:
        stop("没有通过：" + "、".join(failed))
    say("六个时刻都通过了")


OWN_PROOFS = {"busy": prove_busy, "awkward_moments": prove_awkward_moments}


def run_proofs(words: "list[str]") -> None:
    """Run the proofs at the promised figures: thousands of kills, 100,000 histories; without a name, all of them."""
    install("app", "dev")
    build_web()
    check_fonts()
    if words and words[0] in OWN_PROOFS:
        OWN_PROOFS[words[0]](words[1:])
        return
    with tempfile.TemporaryDirectory(prefix="qiaomen-prove-") as data:
        run(PY, "-m", "tests.proof", *words, env={**os.environ, "QM_DATA": data, "QM_PROVE": "1"})
    for prove in () if words else OWN_PROOFS.values():
        prove([])


def run_checks(_words: "list[str]") -> None:
    """Format, lint, types, import contracts, migrations."""
    install("app", "dev")
    build_web()
    steps = [
        ("格式", PY, "-m", "ruff", "format", "--check", "."),
        ("静态检查", PY, "-m", "ruff", "check", "."),
        ("类型", PY, "-m", "mypy", "qiaomen"),
        ("导入契约", VENV / "bin" / "lint-imports"),
        ("迁移", PY, "-m", "qiaomen", "makemigrations", "--check", "--dry-run"),
    ]
    failed = []
    for name, *command in steps:
        say(name)
        if subprocess.run([str(word) for word in command], cwd=ROOT).returncode:
            failed.append(str(name))
    if failed:
        stop("没有通过：" + "、".join(failed))
    say("手机端类型")
    npm("run", "types", "--silent")


def run_benchmark(words: "list[str]") -> None:
    """Run one benchmark with its baseline; without a name, list them."""
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("bench_*.py"))
    if not words or f"bench_{words[0]}" not in names:
        stop("请写明跑哪一个：" + "、".join(name.removeprefix("bench_") for name in names))
    install("app", "dev", "bench")
    build_web()
    with tempfile.TemporaryDirectory(prefix="qiaomen-bench-") as data, postgres() as address:
        env = {**os.environ, "QM_DATA": data, "QM_BENCH_PG": address, "DJANGO_SETTINGS_MODULE": "qiaomen.settings"}
        run(PY, "-m", f"benchmarks.bench_{words[0]}", *words[1:], env=env)
