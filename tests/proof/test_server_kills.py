"""A1: the server is killed in the middle of uploads; every visit a phone recorded is there once."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

import start
from tests.proof.machine import Server, dice, size, tell, wait_until
from tests.proof.phones import LOST, Phone, compare

pytestmark = pytest.mark.proof
LOST_REPLIES = 0.2
COLD_EVERY = 20
"""One start in so many is a new Python, as start.py makes it; the others are forked warm (machine.Server)."""


def upload_until_killed(phone: Phone, dead: threading.Event) -> None:
    while not dead.is_set():
        for _ in range(phone.random.randint(1, 3)):
            phone.record(photos=int(phone.random.random() < 0.1))
        try:
            phone.drain(lost_replies=LOST_REPLIES)
        except LOST:
            if not dead.wait(0.002):
                continue


def live_through(server: Server, phones: list[Phone], kills: int, chance: Random, kill: Callable[[], Any]) -> int:
    """Upload from several phones at once, `kill` 5 to 150 ms later, start again, ask for all that was ever told.

    Returns how many kills left something unsent: those fell into an upload.
    """
    in_the_middle = 0
    for number in range(kills):
        server.start(warm=bool(number % COLD_EVERY))
        dead = threading.Event()
        threads = [threading.Thread(target=upload_until_killed, args=(phone, dead)) for phone in phones]
        for phone in phones:  # what an answer called stored before the kill is stored after it
            phone.hang_up()
            listed = phone.listing(sorted(phone.told))
            assert set(listed) == phone.told, f"told and lost: {phone.told - set(listed)}"
            phone.acknowledged += len(phone.told)
            phone.told.clear()
        for thread in threads:
            thread.start()
        try:
            if number % 2:  # every other one falls between replies, the rest into the first requests of a new process
                wait_until(lambda: any(phone.told for phone in phones), "the first reply")
            dead.wait(chance.uniform(0.005, 0.15))
            kill()
        finally:
            dead.set()
            server.kill()
            for thread in threads:
                thread.join()
        in_the_middle += any(phone.waiting for phone in phones)
    return in_the_middle


def finish(server: Server, phones: list[Phone], name: str, strict: bool = True, **counts: Any) -> None:
    server.start()
    for phone in phones:
        phone.hand_in()
    server.close()
    made = {key: one for phone in phones for key, one in phone.everything.items()}
    found = compare(made, server.look())
    acknowledged = sum(phone.acknowledged for phone in phones)
    tell(name, **counts, acknowledged_before_a_kill=acknowledged, **found, lost_replies=f"{LOST_REPLIES:.0%}")
    assert acknowledged
    if strict:
        strange = [answer for phone in phones for answer in phone.strange]
        assert not strange, strange[:3]
    assert found["lost"] == found["doubled"] == found["altered"] == found["broken_ledger"] == 0


def phones_of(server: Server, town: dict[str, Any], name: str) -> list[Phone]:
    return [Phone(server, town, number, dice(name, number)) for number in range(3)]


def test_a_killed_server_loses_and_doubles_nothing(on_sqlite: tuple[Server, dict[str, Any]]) -> None:
    server, town = on_sqlite
    kills, phones = size(50, 2000), phones_of(server, town, "kills")
    cut = live_through(server, phones, kills, dice("kills", 99), server.kill)
    assert cut > kills // 2, "the kills must fall into uploads"
    finish(server, phones, "A1 web server killed, SQLite", kills=kills, in_an_upload=cut)


def test_a_killed_server_loses_and_doubles_nothing_on_postgresql(on_postgres: tuple[Server, dict[str, Any]]) -> None:
    server, town = on_postgres
    kills, phones = size(12, 400), phones_of(server, town, "kills pg")
    cut = live_through(server, phones, kills, dice("kills pg", 99), server.kill)
    assert cut > kills // 2, "the kills must fall into uploads"
    finish(server, phones, "A1 web server killed, PostgreSQL", kills=kills, in_an_upload=cut)


@pytest.mark.skipif(start.find_postgres() is None, reason="the PostgreSQL of the wheel has no pg_ctl to start it again")
def test_a_killed_database_loses_and_doubles_nothing(on_postgres: tuple[Server, dict[str, Any]]) -> None:
    server, town = on_postgres
    kills, phones = size(5, 100), phones_of(server, town, "kills db")
    with psycopg.connect(server.env["QM_DATABASE_URL"]) as line:
        row = line.execute("SHOW data_directory").fetchone()
    assert row is not None
    cut = live_through(server, phones, kills, dice("kills db", 99), lambda: kill_and_restart(row[0], server))
    finish(server, phones, "A1 database killed, PostgreSQL", strict=False, kills=kills, in_an_upload=cut)


def kill_and_restart(folder: str, server: Server) -> None:
    """SIGKILL to PostgreSQL and all its children while the web server goes on; start it again; then end the server."""
    lock = Path(folder) / "postmaster.pid"
    head = int(lock.read_text().splitlines()[0])
    os.kill(head, signal.SIGSTOP)  # it makes no further children while they are counted
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(head)], capture_output=True, text=True, check=True)
    everyone = [head, *map(int, listed.stdout.split())]
    for process in everyone:
        os.kill(process, signal.SIGKILL)
    wait_until(lambda: not any(map(runs, everyone)), "the end of PostgreSQL")
    for name in (lock, *lock.parent.parent.glob(".s.PGSQL.*.lock")):
        name.unlink()  # they name a process that is dead but may not have been reaped yet
    start.start_postgres(folder)
    server.kill()


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
