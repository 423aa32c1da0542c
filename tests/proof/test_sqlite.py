"""A database file that several processes write, checkpoint and leave by kill -9 stays whole, and keeps what it told."""

import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings

import qiaomen
from tests.proof.machine import ROOT, dice, size, tell, wait_until

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="this is about SQLite's file"),
]
NAMES = ("web-1", "web-2", "web-3", "nightly")


@dataclass
class Writer:
    """A process that writes under one name, again and again after it was killed."""

    path: Path
    name: str
    random: Random
    told: set[int] = field(default_factory=set)
    line: "subprocess.Popen[str] | None" = None
    listener: threading.Thread | None = None
    versions: set[str] = field(default_factory=set)

    def start(self) -> None:
        init, first = settings.DATABASES["default"]["OPTIONS"]["init_command"], len(self.told) * 1000
        words = [str(self.path), init, self.name, str(first), str(self.random.random())]
        self.line = subprocess.Popen([sys.executable, "-m", "tests.proof.writer", *words], cwd=ROOT,
                                     stdout=subprocess.PIPE, text=True)  # fmt: skip
        self.listener = threading.Thread(target=self.listen, args=(self.line.stdout,))
        self.listener.start()

    def listen(self, lines: Any) -> None:
        for line in lines:
            if line.startswith("ready"):
                self.versions.add(line.split()[1])
            elif line.endswith("\n"):
                self.told.add(int(line))

    def kill(self) -> None:
        assert self.line is not None and self.listener is not None
        assert self.line.poll() is None, f"{self.name} ended by itself"
        self.line.kill()
        self.line.wait()
        self.listener.join()


def test_writers_checkpoints_and_kills_leave_a_whole_database(tmp_path: Path) -> None:
    sqlite: Any = sys.modules["sqlite3"]
    path, chance, kills = tmp_path / "db", dice("sqlite"), size(16, 600)
    with sqlite.connect(path) as line:
        line.executescript(settings.DATABASES["default"]["OPTIONS"]["init_command"])
        line.executescript("CREATE TABLE kept (name, number, PRIMARY KEY (name, number));"
                           "CREATE TABLE churn (id INTEGER PRIMARY KEY, words)")  # fmt: skip
        assert line.execute("PRAGMA mmap_size").fetchone() in (None, (0,))
        mode = line.execute("PRAGMA journal_mode").fetchone()[0]
    assert mode == ("wal" if qiaomen.wal_is_safe() else "delete")
    writers = [Writer(path, name, dice("sqlite", number)) for number, name in enumerate(NAMES)]
    try:
        for writer in writers:
            writer.start()
        for _ in range(kills):
            victim = chance.choice(writers)
            had = len(victim.told)
            wait_until(lambda v=victim, n=had: len(v.told) > n + chance.randrange(4), "a commit of the victim")
            victim.kill()
            victim.start()
    finally:
        for writer in writers:
            if writer.line is not None:
                writer.line.kill()
                writer.line.wait()
            if writer.listener is not None:
                writer.listener.join()
    with sqlite.connect(path) as line:
        whole = line.execute("PRAGMA integrity_check").fetchall()
        rows = set(line.execute("SELECT name, number FROM kept").fetchall())
    told = {(writer.name, number) for writer in writers for number in writer.told}
    versions = {version for writer in writers for version in writer.versions}
    tell("C SQLite written, checkpointed and killed", version=versions, journal=mode, processes=len(writers), kills=kills,
         commits_told=len(told), lost=len(told - rows), integrity=whole)  # fmt: skip
    assert whole == [("ok",)] and not told - rows
    assert mode == "delete" or all(map(qiaomen.has_fixed_wal, (tuple(map(int, v.split("."))) for v in versions)))
