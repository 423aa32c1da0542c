"""The real web server as start.py runs it, in a process group that can be killed like a machine and is always
reaped.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LONG = os.environ.get("QM_PROVE") == "1"
SEED = int(os.environ.get("QM_SEED") or (secrets.randbelow(2**31) if LONG else 20261125))
"""The test run is the same every day; a proof takes a new seed, prints it, and takes it back from QM_SEED."""


def size(test: int, prove: int) -> int:
    """Return how many: a few in the test run, the promised figure in `start.py prove`."""
    return prove if LONG else test


def dice(name: str, number: int = 0) -> Random:
    """Return the random numbers of one experiment; its name keeps them apart from the others'."""
    return Random(f"{SEED} {name} {number}")


def tell(name: str, **counts: Any) -> None:
    """Print what was done and what was lost: the sentence that `prove` is for; pytest shows it when a test fails."""
    print(
        f"\n  {name}: "
        + " · ".join(f"{key.replace('_', ' ')} {value}" for key, value in counts.items())
        + f" · seed {SEED}",
        flush=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], Any], what: str, seconds: float = 60) -> None:
    """Wait for an event; fail in words when it does not come."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not happen in {seconds:.0f} s")
        time.sleep(0.004)


def alive_in_group(group: int) -> bool:
    """Whether a process of the group still runs; one that waits to be reaped holds nothing any more."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    if not Path("/proc/self/stat").exists():
        return True
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, its_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state not in "ZX":
            return True
    return False


def kill_group(group: int) -> None:
    """SIGKILL, and wait until every process of the group is gone with its locks and ports."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
    wait_until(lambda: not alive_in_group(group), f"the end of process group {group}")


class Server:
    """Granian with the words of start.py on a data folder and a database of its own.

    Cold: a new Python each time, as start.py does. Warm: forked from a process that has imported the product (2 s of
    imports paid once); the same command line runs from its entry point on, and what is killed is the same.
    """

    def __init__(self, data: Path, database: str = "") -> None:
        self.env = {
            **os.environ,
            "QM_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "qiaomen.settings",
            "QM_LOG_LEVEL": "CRITICAL",
            "QM_DATABASE_URL": database,
            "PYTHONWARNINGS": "ignore",
        }
        self.data, self.port, self.group = data, free_port(), 0
        self.cold: subprocess.Popen[bytes] | None = None
        self.warmed: subprocess.Popen[str] | None = None

    def python(self, *words: str) -> str:
        """Run a module of the product, or of these proofs, on this server's data; returns what it prints."""
        done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def look(self) -> dict[str, Any]:
        """Return what the database holds (town.look)."""
        return dict(json.loads(self.python("tests.proof.town", "look")))

    def start(self, *, warm: bool = True, again: bool = False, file_bytes: int = 0) -> None:
        """Start and wait for the first answer of the product; `again` on the same port.

        `file_bytes`: no file grows beyond, as on a full disk; 0 is no limit.
        """
        if not again:
            self.port = free_port()
        if warm:
            self.group = int(self._ask(f"{self.port} {file_bytes}"))
        else:
            import start

            words = [sys.executable, *start.server_words("127.0.0.1", self.port)]
            with (self.data / "server.log").open("ab") as log:
                self.cold = subprocess.Popen(words, cwd=ROOT, env=self.env, stderr=log, start_new_session=True)
            self.group = self.cold.pid
        wait_until(self._answers, "the server's first answer")

    def _ask(self, line: str) -> str:
        if self.warmed is None:
            words = [sys.executable, "-m", "tests.proof.warm"]
            with (self.data / "server.log").open("ab") as log:
                self.warmed = subprocess.Popen(
                    words, cwd=ROOT, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
                )
        assert self.warmed.stdin is not None and self.warmed.stdout is not None
        self.warmed.stdin.write(line + "\n")
        self.warmed.stdin.flush()
        return self.warmed.stdout.readline()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
                line.sendall(b"GET /api/phone/pack HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return line.recv(12).startswith(b"HTTP/1.")
        except OSError:
            return False

    def kill(self) -> None:
        """kill -9 of everything the server is."""
        if self.group:
            kill_group(self.group)
            if self.cold is not None:
                self.cold.wait()
            self.group, self.cold = 0, None

    def close(self) -> None:
        """End the server and what it is forked from."""
        self.kill()
        if self.warmed is not None:
            assert self.warmed.stdin is not None
            self.warmed.stdin.close()
            self.warmed.wait(30)
            self.warmed = None


@contextmanager
def running(*servers: Server) -> Iterator[None]:
    """Start the servers; whatever happens, none is left over."""
    try:
        for server in servers:
            server.start()
        yield
    finally:
        for server in servers:
            server.close()
