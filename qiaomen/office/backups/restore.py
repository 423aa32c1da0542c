"""A site out of one backup file and a restore card, on a clean machine: all of it, or nothing of it."""

import os
import re
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings

from qiaomen.kernel import sealing
from qiaomen.office.backups import backup
from qiaomen.office.backups import database as backup_database
from qiaomen.office.backups import file as backup_file
from qiaomen.office.backups.problems import NoRoom, NotACard, NotEmpty, NotGood, OtherDatabase, OtherKeys, WrongCard

PREFIX, LETTERS = "AGE-SECRET-KEY-1", 74


@dataclass(frozen=True)
class Restored:
    """What stands there again."""

    made_at: str
    rows: int
    photos: int
    photos_missing: int
    broken_chains: int


def read_card(text: str) -> Any:
    """Return the key of a card as it was typed, or of the whole card as it was printed. Raises NotACard.

    Spaces, line ends, frames and case do not matter; the line carries a checksum, so that a wrong letter is noticed.
    """
    letters = re.sub(r"[^A-Z0-9-]", "", text.upper())
    start = max(letters.find(PREFIX), 0)
    try:
        return pyrage.x25519.Identity.from_str(letters[start : start + LETTERS])
    except pyrage.IdentityError as error:
        raise NotACard() from error


def restore(path: Path, card: str) -> Restored:
    """Open, load, count, bring up to date, begin a new epoch, and put in place with the database last.

    Raises Problems; nothing is in place then. Killed in between, it is run again.
    """
    identity = read_card(card)
    if not backup_database.is_empty():
        raise NotEmpty(place=settings.DATA)
    work = settings.DATA / ".restoring"
    shutil.rmtree(work, ignore_errors=True)  # of one that was killed
    work.mkdir(mode=0o700)
    try:
        return _restore(path, identity, work)
    except WrongCard as error:
        raise WrongCard(number=backup.number_of(str(identity.to_public()))) from error
    except (OSError, sqlite3.Error, NotGood) as error:
        if backup_file.is_no_room(error):
            raise NoRoom(place=settings.DATA) from error
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _restore(path: Path, identity: Any, work: Path) -> Restored:
    manifest = backup_file.read(path, identity, work, lambda name: True)
    if manifest["engine"] != backup_database.engine():
        raise OtherDatabase(theirs=manifest["engine"], ours=backup_database.engine())
    _check_keys(backup.put_keys(work))
    photos = [name.removeprefix("media/") for name in manifest["files"] if name.startswith("media/")]
    (work / "media-names.txt").write_text("\n".join(photos))
    with backup_database.loaded(work) as env:
        report = backup.inspect(work, env)
        backup.judge(report, manifest["counts"])
        backup.inspect(work, env, "--take-up", manifest["made_at"])
        (work / "media-names.txt").unlink()
        _put_in_place(work)
        backup_database.take_into_use(work, env)
    rows = sum(manifest["counts"].values())
    return Restored(manifest["made_at"], rows, report["photos"], report["photos_missing"], report["broken_chains"])


def _check_keys(keys: dict[str, str]) -> None:
    """Refuse when settings would not use the keys that come back. Raises OtherKeys."""
    if os.environ.get("QM_MASTER_KEYS"):
        ours = set(sealing.keys_text().split(","))
        if (
            not set(keys["master"].split(",")) <= ours
            or sealing.keys_text().split(",")[-1] != keys["master"].split(",")[-1]
        ):
            raise OtherKeys()
    if keys["suite"] != sealing.suite():
        raise OtherKeys()


def _put_in_place(work: Path) -> None:
    """Move everything but the database; what stood in the way stays beside it under another name."""
    for source in sorted(work.iterdir()):
        if source.name.startswith("qiaomen.sqlite3"):
            continue
        if source.suffix == ".secret":
            # what stands there was made on the first look at an empty folder: it sealed nothing
            shutil.move(source, settings.KEYS / source.name)
            continue
        target = settings.DATA / source.name
        if target.exists():
            number = 1
            while (aside := target.with_name(f"{target.name}.before-{number}")).exists():
                number += 1
            target.rename(aside)
        source.rename(target)
