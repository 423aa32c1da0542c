"""Uploads of visits: sealed, opened, checked, idempotent, with ledger; beside bare inserts on the same database.

    python -m benchmarks.bench_sync [--visits 600] [--seed 1]

One real Granian with the words of start.py on SQLite, and again on PostgreSQL when QM_BENCH_PG names one. Singles come
from 32 connections, one visit a request; batches from 4, at most 50 visits a request (the contract's limit). A reply
counts when the server has committed; each door is seen once a day, as people walk. Processor time is the server's
alone, threads and all: other work on the machine does not change it much. Baselines in the same run: opening the
envelope alone, the same rows written by
the ORM without HTTP, seal or ledger, and with one transaction for all. The generator shares the machine.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from qiaomen.kernel import clock
from tests.proof.machine import ROOT, Server, running
from tests.proof.phones import Phone

GOALS = {"singles": 6_000, "batches": 20_000}
BASELINES = """
import json, sys, time, uuid
import django
django.setup()
from django.db import transaction
from qiaomen.kernel import clock
from qiaomen.office.models import Staff
from datetime import timedelta
from qiaomen.phone.models import Pack, ServerKey
from qiaomen.phone.rules.envelope import Envelope, decode, open_envelope
from qiaomen.register.models import Dwelling
from qiaomen.visits.models import Visit
items = json.load(sys.stdin)
private, door, staff = ServerKey.objects.get().private, Dwelling.objects.first(), Staff.objects.first()
def row():
    now = clock.now()
    return Visit(id=uuid.uuid4(), community=door.community, dwelling=door, staff=staff, outcome="met",
                 happened_at=now, received_at=now, note="x", origin="phone")
Pack.objects.update(made_at=clock.now() - timedelta(days=400))  # every day of the visits was on a list
row().save(force_insert=True)
began = time.perf_counter()
for item in items:
    open_envelope(private, Envelope(*(decode(item[name]) for name in ("epk", "iv", "ct"))), item["op_id"])
opened = len(items) / (time.perf_counter() - began)
began = time.perf_counter()
for _ in items:
    row().save(force_insert=True)
single = len(items) / (time.perf_counter() - began)
began = time.perf_counter()
with transaction.atomic():
    Visit.objects.bulk_create([row() for _ in items])
bulk = len(items) / (time.perf_counter() - began)
print(json.dumps({"open the envelope": opened, "one row, one commit": single, "all rows, one commit": bulk}))
"""


def cpu_seconds(group: int) -> float:
    """Return the processor time that the processes of a group have used; 0 where there is no /proc."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += (int(words[11]) + int(words[12])) * (int(words[2]) == group)
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(
    make_phone: Callable[[int], Phone], made: list[Any], connections: int, batch: int
) -> tuple[float, list[float], float]:
    """Send each visit once from so many connections; returns visits a second, each request's milliseconds, and the
    server's processor milliseconds a visit.
    """
    waits: list[float] = []
    parts = [made[start : start + batch] for start in range(0, len(made), batch)]

    def send(number: int) -> None:
        phone = make_phone(number)
        ready.wait()
        for part in parts[number::connections]:
            began = time.perf_counter()
            results = phone.send(*part)
            waits.append((time.perf_counter() - began) * 1000)
            bad = {result["code"] for result in results if result["state"] != "stored"}
            assert not bad, bad
        phone.hang_up()

    ready = threading.Barrier(connections + 1)
    threads = [threading.Thread(target=send, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    ready.wait()
    group = make_phone(0).server.group
    began, used = time.perf_counter(), cpu_seconds(group)
    for thread in threads:
        thread.join()
    seconds, used = time.perf_counter() - began, cpu_seconds(group) - used
    return len(made) / seconds, waits, used / len(made) * 1000


def day_of(number: int) -> str:
    """Return when the visit of a number happened: a town of 60 doors a day, backwards from now, each on the list."""
    return (clock.now() - timedelta(days=number // 60, minutes=5)).isoformat()


def run_on(name: str, database: str, visits: int, seed: int) -> None:
    """Print one database's rows of the table."""
    with tempfile.TemporaryDirectory(prefix="qiaomen-sync-") as folder:
        server = Server(Path(folder) / "data", database)
        server.python("qiaomen", "migrate", "-v0")
        town = json.loads(server.python("tests.proof.town", "make", "8"))
        author = Phone(server, town, 0, Random(seed))
        made = [author.item(author.say(needs=0, happened_at=day_of(number))[0]) for number in range(visits)]
        done = subprocess.run(
            [sys.executable, "-c", BASELINES],
            cwd=ROOT,
            env=server.env,
            input=json.dumps(made[:300]),
            capture_output=True,
            text=True,
            check=True,
        )
        base: dict[str, float] = json.loads(done.stdout)
        rows = [(f"baseline: {what}", rate, [], 0.0) for what, rate in base.items()]
        with running(server):
            new_phone = lambda number: Phone(server, town, number % 8, Random(number))  # noqa: E731
            half = visits // 2
            rows.append(("singles, 32 connections", *measure(new_phone, made[:half], 32, 1)))
            rows.append(("batches of 50, 4 connections", *measure(new_phone, made[half:], 4, 50)))
            rows.append(("the same again: already here", *measure(new_phone, made[half:], 4, 50)))
    floor = base["one row, one commit"]
    print(
        f"\n{name}: {visits} visits, seed {seed}\n{'':36}{'visits/s':>10}{'× one row':>11}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}"
    )
    for what, rate, waits, used in rows:
        late = sorted(waits)[int(len(waits) * 0.99)] if waits else 0.0
        times = f"{statistics.median(waits):9.1f}{late:9.1f}{used:9.2f}" if waits else ""
        print(f"{what:36}{rate:10.0f}{rate / floor:11.2f}{times}")
    for what, goal in GOALS.items():
        rate = next(rate for label, rate, *_ in rows if label.startswith(what))
        print(f"goal, {what}: {goal}/s on SQLite; here {rate:.0f}/s = {rate / goal:.1%}")


def main() -> None:
    """Read the options and print the table for each database."""
    options = argparse.ArgumentParser()
    options.add_argument("--visits", type=int, default=600)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    run_on("SQLite", "", chosen.visits, chosen.seed)
    if address := os.environ.get("QM_BENCH_PG"):
        run_on("PostgreSQL", address, chosen.visits, chosen.seed)


if __name__ == "__main__":
    main()
