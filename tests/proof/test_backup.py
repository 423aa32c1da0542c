"""H1-H3: a backup is one file that has been restored; whatever goes wrong ends in one sentence and nothing half
done.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from qiaomen.kernel.problems import Problem
from qiaomen.office.backups import problems
from qiaomen.office.backups.restore import restore
from tests.proof.machine import ROOT, Server, dice, size, tell

pytestmark = pytest.mark.proof
CANARY = b"\xe6\x9f\xb3\xe5\xa6\x82\xe7\x83\x9f"
"""柳如烟, the name of every household of the town: in clear in the database, nowhere in a backup."""


class Office:
    """A data folder with its backups elsewhere and a card in the drawer."""

    def __init__(self, server: Server) -> None:
        self.server, self.data, self.place = server, server.data, server.data.parent
        self.folder, self.card = self.place / "backups", self.place / "card.txt"
        server.env["QM_BACKUP_DIR"] = str(self.folder)
        self.card.write_text(server.python("qiaomen", "backup", "--card"), encoding="utf-8")

    def run(self, *words: str, data: Path | None = None, file_bytes: int = 0) -> tuple[int, str]:
        """Run a command of the product; returns its exit code and everything it said."""
        env = {**self.server.env, "QM_DATA": str(data or self.data)}

        def limit() -> None:
            if file_bytes:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

        done = subprocess.run(
            [sys.executable, "-m", "qiaomen", *words],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            preexec_fn=limit,
        )
        return done.returncode, done.stdout + done.stderr

    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*")) if self.folder.exists() else []

    def left_over(self) -> list[str]:
        """What a run that ended should not leave: its scratch place and its unfinished file."""
        places = (*self.data.glob(".*"), *self.folder.glob(".*"))
        return [path.name for path in places if path.name != ".backup.lock"]

    def restore(self, file: Path, name: str) -> tuple[int, str]:
        return self.run("restore", str(file), "--card-file", str(self.card), data=self.place / name)


@pytest.fixture
def office(on_sqlite: tuple[Server, dict[str, Any]]) -> Office:
    photos = on_sqlite[0].data / "media" / "photos" / "aa"
    photos.mkdir(parents=True)
    for number in range(5):
        (photos / f"{number}.sealed").write_bytes(dice("photo", number).randbytes(50_000))
    return Office(on_sqlite[0])


def test_a_backup_is_restored_before_it_counts_and_again_on_an_empty_machine(office: Office) -> None:
    code, words = office.run("backup")
    (file,) = office.files()
    assert code == 0 and "试着恢复过" in words and "5 张照片" in words and not office.left_over()
    assert file.read_bytes().startswith(b"age-encryption.org/v1") and file.stat().st_mode & 0o077 == 0
    assert CANARY in (office.data / "qiaomen.sqlite3").read_bytes() and CANARY not in file.read_bytes()
    assert b"AGE-SECRET-KEY" not in b"".join(path.read_bytes() for path in office.data.rglob("*") if path.is_file())

    code, words = office.restore(file, "new")
    new = Server(office.place / "new")
    assert code == 0 and "恢复好了" in words, words
    found, before = new.look(), office.server.look()
    assert found["ledger"] and found["visits"] == before["visits"]
    for name in ("master.secret", "media/photos/aa/3.sealed"):
        kept = (office.data / name).read_bytes()
        assert (office.place / "new" / name).read_bytes().removeprefix(b"k1:") == kept
    assert "链完整" in new.python("qiaomen", "ledger", "verify")
    code, words = office.restore(file, "new")
    assert code == 1 and "已经有资料库" in words and "没有动" in words


def test_the_phones_key_is_there_before_any_phone(office: Office) -> None:
    """A backup older than the first phone used to open nothing that phones sealed later."""
    fresh = office.place / "fresh"
    assert office.run("migrate", "-v0", data=fresh)[0] == 0
    code = "from qiaomen.phone.models import ServerKey as K; print(K.objects.get().private[:9])"
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {code}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**office.server.env, "QM_DATA": str(fresh)},
    )
    assert done.returncode == 0 and done.stdout.strip(), done.stderr[-500:]


def cut(file: bytes, at: float) -> bytes:
    return file[: int(len(file) * at)]


def flip(file: bytes, at: float) -> bytes:
    place = int(len(file) * at)
    return file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]


def test_every_refusal_is_one_sentence_and_leaves_nothing(office: Office, settings: Any) -> None:
    office.run("backup")
    (file,) = office.files()
    good, letters = file.read_bytes(), office.card.read_text(encoding="utf-8")
    later = office.run("backup", "--card")[1]  # a card made after the backup does not open it
    row = next(line for line in letters.splitlines() if "AGE-SECRET" in line)
    typo = letters.replace(letters.split(row)[1].split()[1], "QQQQ", 1)
    settings.DATA = office.place / "empty"
    settings.DATA.mkdir()
    cases: list[tuple[str, bytes, str, type[Problem]]] = [
        ("another card", good, later, problems.WrongCard),
        ("a letter typed wrong", good, typo, problems.NotACard),
        *[(f"cut at {at}", cut(good, at), letters, problems.DamagedBackup) for at in (0, 0.0001, 0.01, 0.5, 0.9999)],
        *[(f"changed at {at}", flip(good, at), letters, problems.DamagedBackup) for at in (0.005, 0.5, 0.9999)],
        ("a stranger's file", b"PK\x03\x04" + good, letters, problems.DamagedBackup),
    ]
    for name, content, card, problem in cases:
        bad = office.place / "bad.age"
        bad.write_bytes(content)
        with pytest.raises(problem) as told:
            restore(bad, card)
        assert told.value.in_full().count("。") >= 2 and list(settings.DATA.iterdir()) == [], name
    code, words = office.run("restore", str(bad), "--card-file", str(office.card), data=office.place / "other")
    assert code == 1 and "被截断" in words and len(words.splitlines()) == 1


@pytest.mark.parametrize("when", ["at once", "in the copy", "in the file"])
def test_a_full_disk_ends_in_a_sentence(office: Office, when: str) -> None:
    office.run("backup")
    (file,) = office.files()
    whole = (office.data / "qiaomen.sqlite3").stat().st_size
    file_bytes = {"at once": 100_000, "in the copy": whole // 2, "in the file": whole + 40_000}[when]
    code, words = office.run("backup", file_bytes=file_bytes)
    assert code == 1 and "磁盘空间不够" in words and "Traceback" not in words, words
    assert office.files() == [file] and not office.left_over()
    empty = office.place / "empty"
    code, words = office.run(
        "restore", str(file), "--card-file", str(office.card), data=empty, file_bytes=min(file_bytes, whole // 2)
    )
    assert code == 1 and "磁盘空间不够" in words and not (empty / "qiaomen.sqlite3").exists(), words
    assert office.restore(file, "empty")[0] == 0


def test_killed_anywhere_a_backup_never_leaves_a_file_that_looks_good(office: Office) -> None:
    """SIGKILL of the whole run, spread over its length; every file with a backup's name opens, whole, with the card."""
    began = time.monotonic()
    office.run("backup")
    length = time.monotonic() - began
    for file in office.files():
        file.unlink()
    kills, finished = size(4, 50), 0
    for number in range(kills):
        words = [sys.executable, "-m", "qiaomen", "backup"]
        life = subprocess.Popen(words, cwd=ROOT, env=office.server.env, stdout=-3, stderr=-3, start_new_session=True)
        try:
            life.wait(length * (number + 0.5) / kills)
        except subprocess.TimeoutExpired:
            os.killpg(life.pid, signal.SIGKILL)
            life.wait()
        named = [path for path in office.files() if not path.name.startswith(".")]
        finished += bool(named)
        for file in named:
            assert office.restore(file, f"after-{number}")[0] == 0, (
                f"killed at {number}: {file.name} looks good and is not"
            )
            file.unlink()
    assert office.run("backup")[0] == 0 and not office.left_over(), "the next run cleans up and is good"
    tell("H1 backups killed", kills=kills, finished_before=finished, looked_good_and_were_not=0)


def test_a_restore_killed_anywhere_is_run_again(office: Office) -> None:
    office.run("backup")
    (file,) = office.files()
    target = office.place / "killed"
    began = time.monotonic()
    office.restore(file, "whole")
    length, kills = time.monotonic() - began, size(3, 30)
    words = [sys.executable, "-m", "qiaomen", "restore", str(file), "--card-file", str(office.card)]
    for number in range(kills):
        life = subprocess.Popen(
            words,
            cwd=ROOT,
            env={**office.server.env, "QM_DATA": str(target)},
            stdout=-3,
            stderr=-3,
            start_new_session=True,
        )
        try:
            life.wait(length * (number + 0.5) / kills)
        except subprocess.TimeoutExpired:
            os.killpg(life.pid, signal.SIGKILL)
            life.wait()
        if (target / "qiaomen.sqlite3").exists():  # in place: then all of it
            assert Server(target).look()["ledger"] and (target / "media/photos/aa/3.sealed").exists()
            shutil.rmtree(target)
    shutil.rmtree(target, ignore_errors=True)
    assert office.restore(file, "killed")[0] == 0 and Server(target).look()["ledger"]


def test_on_postgresql_too(on_postgres: tuple[Server, dict[str, Any]], tmp_path: Path) -> None:
    server = on_postgres[0]
    server.env["QM_BACKUP_DIR"] = str(tmp_path / "backups")
    card = tmp_path / "card.txt"
    card.write_text(server.python("qiaomen", "backup", "--card"), encoding="utf-8")
    before = server.look()
    assert "试着恢复过" in server.python("qiaomen", "backup")
    (file,) = (tmp_path / "backups").iterdir()
    words = ["qiaomen", "restore", str(file), "--card-file", str(card)]
    with pytest.raises(AssertionError, match="已经有资料库"):
        server.python(*words)
    base, _, name = server.env["QM_DATABASE_URL"].rpartition("/")
    with psycopg.connect(f"{base}/template1", autocommit=True) as line:
        line.execute(f"DROP DATABASE {name} WITH (FORCE)")
        line.execute(f"CREATE DATABASE {name}")
    new = Server(tmp_path / "new", server.env["QM_DATABASE_URL"])
    assert "恢复好了" in new.python(*words)
    assert new.look() == before and "链完整" in new.python("qiaomen", "ledger", "verify")
    with psycopg.connect(f"{base}/template1", autocommit=True) as line:
        names = [row[0] for row in line.execute("SELECT datname FROM pg_database")]
    assert not [one for one in names if one.startswith("qiaomen_try_")], names
