"""A backup that has been restored: written encrypted, opened again, counted in a scratch place, and only then named.

Who may open it: the holders of the printed restore cards. The machine keeps only their public halves, so that it makes
backups at night and cannot read them; to try one out it adds a key of its own that is forgotten in the same minute.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings

from qiaomen.kernel import clock, sealing
from qiaomen.office import ledger_heads
from qiaomen.office.backups import database as backup_database
from qiaomen.office.backups import file as backup_file
from qiaomen.office.backups.file import Part
from qiaomen.office.backups.problems import NoCard, NoRoom, NotGood
from qiaomen.office.file_lock import alone

STALE_AFTER = timedelta(hours=24)
"""Source: promises.md H3: a backup not restored and counted within 24 h is told to the head and the county."""
GRACE = timedelta(hours=2)
"""A nightly backup takes its time and is a little later one night than the other."""
STAMP = "qiaomen-%Y%m%d-%H%M%S.age"
CARDS = "backup-cards.txt"
KEYS = "keys.json"


@dataclass(frozen=True)
class Made:
    """A good backup: where it is, how big, and what was counted in it when it was tried."""

    path: Path
    size: int
    rows: int
    photos: int
    photos_missing: int
    broken_chains: int


@dataclass(frozen=True)
class State:
    """What the head is told: when the last good backup was made (None: never), and whether that is too long ago."""

    at: datetime | None
    has_card: bool
    is_stale: bool


def folder() -> Path:
    """Return where backups are put."""
    return Path(settings.BACKUP_DIR)


def new_card() -> tuple[str, str]:
    """Make a restore card: returns its secret line, which is kept nowhere, and its number. Later backups open
    with it.
    """
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    with (settings.DATA / CARDS).open("a", encoding="utf-8") as file:
        file.write(f"{public}\n")
        file.flush()
        os.fsync(file.fileno())
    return str(identity), number_of(public)


def number_of(public: str) -> str:
    """Return the short number that is printed on a card."""
    return public[-8:].upper()


def cards() -> list[str]:
    """Return the public halves of the cards."""
    path = settings.DATA / CARDS
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def make() -> Made:
    """Make a backup, try it out, name it, forget the oldest ones. Raises Problems; then nothing is left behind."""
    known = cards()
    if not known:
        raise NoCard()
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with _working_place() as (work, part):
        try:
            _check_room()
            spare = pyrage.x25519.Identity.generate()
            counts = _write(part, work, [*map(pyrage.x25519.Recipient.from_str, known), spare.to_public()])
            report = _try_out(part, spare, work / "try", counts)
            path = _name(part)
        except (OSError, sqlite3.Error, NotGood) as error:
            if backup_file.is_no_room(error):
                raise NoRoom(place=folder()) from error
            raise
    _drop_old()
    return Made(
        path,
        path.stat().st_size,
        sum(counts.values()),
        report["photos"],
        report["photos_missing"],
        report["broken_chains"],
    )


@contextmanager
def _working_place() -> Iterator[tuple[Path, Path]]:
    """Give a scratch folder beside the data and the name of the unfinished file; both are gone afterwards.

    What a killed run left is removed at the next start: an unfinished file has another name and is never taken for one.
    """
    with alone(settings.DATA / ".backup.lock"):
        work = settings.DATA / ".backup-work"
        for left in (work, *folder().glob(".*.part")):
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
        work.mkdir(mode=0o700)
        part = folder() / f".{clock.now().strftime(STAMP)}.part"
        try:
            yield work, part
        finally:
            shutil.rmtree(work, ignore_errors=True)
            part.unlink(missing_ok=True)


def _check_room() -> None:
    """Refuse before anything is written when it cannot fit. Raises NoRoom."""
    media = sum(path.stat().st_size for path in _media())
    name = Path(str(settings.DATABASES["default"]["NAME"]))
    database = name.stat().st_size if backup_database.engine() == "sqlite" else 0
    needs = {folder(): media + database * (3 if on_the_same_disk() else 1), settings.DATA: database * 2}
    for place, bytes_needed in needs.items():
        if shutil.disk_usage(place).free < bytes_needed:
            raise NoRoom(place=place)


def _media() -> Iterator[Path]:
    """Yield the photos; what is still arriving comes again from its phone."""
    root = Path(settings.MEDIA_ROOT)
    yield from (path for path in root.rglob("*") if path.is_file() and path.relative_to(root).parts[0] != "arriving")


def _write(part: Path, work: Path, recipients: list[Any]) -> dict[str, int]:
    heads = work / "heads.jsonl"
    known_heads = ledger_heads.folder() / "heads.jsonl"
    if known_heads.exists():
        shutil.copy(known_heads, heads)  # before the database, so that they never know more than it
    database, counts = backup_database.dump(work)
    keys = {"master": sealing.keys_text(), "session": settings.SECRET_KEY, "suite": sealing.suite()}
    parts = [
        Part(KEYS, json.dumps(keys).encode()),
        Part(CARDS, (settings.DATA / CARDS).read_bytes()),
        Part(f"ledger/{heads.name}", heads),
        Part(database.name, database),
        *(Part(f"media/{path.relative_to(settings.MEDIA_ROOT).as_posix()}", path) for path in _media()),
    ]
    said = {"made_at": clock.now().isoformat(), "engine": backup_database.engine(), "counts": counts}
    backup_file.write(part, parts, said, recipients)
    database.unlink()
    return counts


def _try_out(part: Path, identity: Any, target: Path, counts: dict[str, int]) -> dict[str, Any]:
    """Restore into a scratch place as a real restore does, and compare. Raises NotGood."""
    target.mkdir(mode=0o700)
    manifest = backup_file.read(part, identity, target, lambda name: not name.startswith("media/"))
    put_keys(target)
    names = target / "media-names.txt"
    names.write_text("\n".join(name.removeprefix("media/") for name in manifest["files"] if name.startswith("media/")))
    with backup_database.loaded(target) as env:
        report = inspect(target, env)
    judge(report, counts)
    return report


def put_keys(target: Path) -> dict[str, str]:
    """Write the keys of an opened backup where settings.py looks for them; return them."""
    keys: dict[str, str] = json.loads((target / KEYS).read_text())
    for name, value in (("master", keys["master"]), ("session", keys["session"])):
        handle = os.open(target / f"{name}.secret", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(value)
    (target / KEYS).unlink()
    return keys


def inspect(data: Path, env: dict[str, str], *words: str) -> dict[str, Any]:
    """Run the program itself in an opened backup, and return what it found there. Raises NotGood when it cannot run."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QM_")}
    suite = {"QM_SUITE": sealing.suite(), "QM_PACKS": os.pathsep.join(map(str, settings.PACKS))}
    command = [sys.executable, "-m", "qiaomen", "inspect_copy", *words]
    done = subprocess.run(
        command,
        env={**clean, **suite, "QM_DATA": str(data), **env},
        capture_output=True,
        check=False,
        cwd=Path(__file__).resolve().parents[3],
    )
    if done.returncode:
        raise NotGood(reason=done.stderr.decode(errors="replace").strip().splitlines()[-1][:200])
    report: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return report


def judge(report: dict[str, Any], counts: dict[str, int]) -> None:
    """Compare what came back with what went in. Raises NotGood."""
    wrong = [name for name in counts if report["counts"].get(name) != counts[name]]
    if wrong:
        raise NotGood(reason=", ".join(f"{name} {counts[name]} -> {report['counts'].get(name)}" for name in wrong[:3]))
    if report["integrity"] != "ok":
        raise NotGood(reason=report["integrity"][:120])
    if report["unopened"]:
        raise NotGood(reason=f"{report['unopened']} sealed values do not open")


def _name(part: Path) -> Path:
    """Give the file its name: from here on it is a backup."""
    path = part.with_name(part.name.removeprefix(".").removesuffix(".part"))
    os.replace(part, path)
    with suppress(OSError):  # Windows opens no folder
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return path


def _all() -> list[tuple[datetime, Path]]:
    found = []
    for path in folder().glob("qiaomen-*.age"):
        with suppress(ValueError):
            found.append((datetime.strptime(path.name, STAMP).replace(tzinfo=clock.SHANGHAI), path))
    return sorted(found)


def _drop_old() -> None:
    for _at, path in _all()[: -settings.BACKUP_KEEP]:
        path.unlink(missing_ok=True)


def on_the_same_disk() -> bool:
    """Say whether backups lie on the disk they should survive."""
    return os.stat(folder()).st_dev == os.stat(settings.DATA).st_dev


def state() -> State:
    """Return how it stands: the names of the files tell, for a file has its name only when it was tried."""
    found, known = _all(), bool(cards())
    at = found[-1][0] if found else None
    return State(at, known, at is None or at < clock.now() - STALE_AFTER - GRACE)
