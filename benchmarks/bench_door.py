"""What the office notices while somebody holds the front door: pages a second and their times under each attack.

    python -m benchmarks.bench_door [--seconds 12] [--connections 20 200 1000] [--words "-m granian … {port} …"]

One real server with the words of start.py on SQLite; `--words` runs another one in its place. The office (127.0.0.1)
signs in and asks for its pages 10 times a second on new connections; the attacker comes from 127.0.0.9, in a process of
its own. It shares the machine. Attacks: *silent* connects and says nothing; *slow header* and *slow body* send a byte a
second; *big body* sends 400 MB to where phones sign in, again and again; *slow read* asks for pages and reads a byte a second.
"""

import argparse
import asyncio
import http.client
import json
import os
import re
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import start
from tests.proof.machine import ROOT, Server, free_port, kill_group, wait_until

ATTACKER, PATIENCE, EVERY = "127.0.0.9", 15.0, 0.1
HAND_IN = b"POST /api/phone/enrol HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
"""Anybody may call it, and it reads its body."""
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _drip(line: Line, first: bytes) -> None:
    line[1].write(first)
    while True:
        line[1].write(b"a")
        await line[1].drain()
        await asyncio.sleep(1)


async def silent(line: Line) -> None:
    await line[0].read(1)


async def slow_header(line: Line) -> None:
    await _drip(line, b"GET /login/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")


async def slow_body(line: Line) -> None:
    await _drip(line, HAND_IN + b"Content-Length: 900000\r\n\r\n")


async def big_body(line: Line) -> None:
    line[1].write(HAND_IN + b"Content-Length: 400000000\r\n\r\n")
    for _ in range(400):
        line[1].write(b"," * 1_000_000)
        await line[1].drain()
    await line[0].read(1)


async def slow_read(line: Line) -> None:
    line[1].write(b"GET /m/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
    while await line[0].read(1):
        await asyncio.sleep(1)


ATTACKS: dict[str, Callable[[Line], Coroutine[Any, Any, None]]] = {
    "silent": silent, "slow header": slow_header, "slow body": slow_body, "big body": big_body, "slow read": slow_read,
}  # fmt: skip


async def attack(name: str, connections: int, port: int) -> None:
    """Hold so many connections for ever; one that is cut is opened again at once."""

    async def hold() -> None:
        while True:
            try:
                line = await asyncio.open_connection("127.0.0.1", port, local_addr=(ATTACKER, 0), limit=4096)
            except OSError:
                await asyncio.sleep(0.2)
                continue
            try:
                await ATTACKS[name](line)
            except OSError:
                await asyncio.sleep(0.05)
            finally:
                line[1].transport.abort()

    tasks = [asyncio.create_task(hold()) for _ in range(connections)]
    await asyncio.sleep(1)
    print("ready", flush=True)
    await asyncio.gather(*tasks)


class Office:
    """Somebody at a desk."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, {}  # type: ignore[var-annotated]

    def ask(self, method: str, path: str, **form: str) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        fields = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Host": f"localhost:{self.port}",
                  "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
        try:
            line.request(method, path, urlencode(form) if form else None, fields)
            answer = line.getresponse()
            text = answer.read().decode()
            for value in answer.msg.get_all("Set-Cookie") or []:
                key, _is, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
            return answer.status, text
        finally:
            line.close()

    def sign_in(self) -> None:
        page = self.ask("GET", "/login/")[1]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None
        status, _ = self.ask(
            "POST", "/login/", csrfmiddlewaretoken=token[1], login_name="p-head", password="qiaomen-demo"
        )
        assert status == 302, status


def live(office: Office, seconds: float) -> tuple[list[float], int]:
    """Ask for pages in turn; returns the milliseconds of those that came and how many did not come in 15 s."""
    waits, failed, end, number = [], 0, time.monotonic() + seconds, 0
    while (began := time.monotonic()) < end:
        path = ("/desk/", "/desk/search/?q=%E6%9F%B3", "/login/", "/")[number % 4]
        number += 1
        try:
            status, _ = office.ask("GET", path)
            assert status == 200, (path, status)
            waits.append((time.monotonic() - began) * 1000)
        except (OSError, http.client.HTTPException):
            failed += 1
        time.sleep(max(0.0, EVERY - (time.monotonic() - began)))
    return waits, failed


def memory_of(group: int) -> float:
    """Return the MB of memory that the processes of a group hold now."""
    pages = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pages += int(words[21]) * (int(words[2]) == group)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def one_row(server: Server, words: list[str], name: str, connections: int, seconds: float) -> None:
    """Start the server anew, attack it, and print what the office saw."""
    port = free_port()
    command = [sys.executable, *(word.replace("{port}", str(port)) for word in words)]
    with (server.data / "server.log").open("ab") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=server.env, stdout=log, stderr=log, start_new_session=True)
    server.port, attacker = port, None
    try:
        wait_until(server._answers, "the first answer")
        office = Office(port)
        office.sign_in()
        live(office, 1)
        if name in ATTACKS:
            told = [sys.executable, "-m", "benchmarks.bench_door", "--attack", name, str(connections), str(port)]
            attacker = subprocess.Popen(told, cwd=ROOT, stdout=subprocess.PIPE)
            assert attacker.stdout is not None and attacker.stdout.readline()
        waits, failed = live(office, seconds)
        times = (
            f"{statistics.median(waits):8.0f}{sorted(waits)[int(len(waits) * 0.95)]:8.0f}{max(waits):8.0f}"
            if waits
            else " " * 24
        )
        print(f"{name:12}{connections:6}{len(waits):8}{failed:8}{times}{memory_of(running.pid):9.0f}", flush=True)
    finally:
        if attacker is not None:
            attacker.kill()
            attacker.wait()
        kill_group(running.pid)
        running.wait()


def main() -> None:
    """Read the options and print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=12)
    options.add_argument("--connections", type=int, nargs="+", default=[20, 200, 1000])
    options.add_argument("--attacks", nargs="+", default=list(ATTACKS))
    options.add_argument("--words", default="")
    options.add_argument("--attack", nargs=3)
    chosen = options.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    if chosen.attack:
        name, connections, port = chosen.attack
        asyncio.run(attack(name, int(connections), int(port)))
        return
    words = shlex.split(chosen.words) or start.server_words("127.0.0.1", "{port}")
    with tempfile.TemporaryDirectory(prefix="qiaomen-door-") as folder:
        server = Server(Path(folder) / "data")
        server.python("qiaomen", "migrate", "-v0")
        json.loads(server.python("tests.proof.town", "make", "8"))
        print(
            f"\n{' '.join(words[:6])}\n{'attack':12}{'lines':>6}{'pages':>8}{'failed':>8}{'p50 ms':>8}{'p95 ms':>8}{'max ms':>8}{'MB':>9}"
        )
        one_row(server, words, "none", 0, chosen.seconds)
        for name in chosen.attacks:
            for connections in chosen.connections:
                one_row(
                    server, words, name, min(connections, 20) if name == "big body" else connections, chosen.seconds
                )


if __name__ == "__main__":
    main()
