"""How the backup stands, in words on 今天; making and restoring one is proved in tests/proof/test_backup.py."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from qiaomen.kernel import clock
from qiaomen.office.backups import backup
from qiaomen.office.backups import file as backup_file
from qiaomen.office.backups import nightly as backup_nightly
from qiaomen.office.backups.problems import NoCard, NoRoom, NotACard, NotGood
from qiaomen.office.backups.restore import read_card

MADE = datetime(2026, 11, 28, 2, 5, tzinfo=clock.SHANGHAI)


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    settings.DATA, settings.BACKUP_DIR, settings.BACKUP_KEEP = tmp_path, str(tmp_path / "backups"), 3
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


def test_a_day_without_a_good_backup_is_told(place: Path) -> None:
    assert backup.state() == backup.State(None, False, True)
    (place / MADE.strftime(backup.STAMP)).touch()
    for hours, is_stale in ((0, False), (24, False), (25.9, False), (26.1, True), (100, True)):
        with clock.at(MADE + timedelta(hours=hours)):
            assert backup.state() == backup.State(MADE, False, is_stale)


def test_an_unfinished_file_is_no_backup(place: Path) -> None:
    for name in (f".{MADE.strftime(backup.STAMP)}.part", "qiaomen-yesterday.age", "other.age"):
        (place / name).touch()
    assert backup.state().at is None


def test_the_newest_are_kept(place: Path) -> None:
    for day in range(6):
        (place / (MADE + timedelta(days=day)).strftime(backup.STAMP)).touch()
    (place / "somebody-elses.age").touch()
    backup._drop_old()
    assert sorted(path.name for path in place.iterdir()) == [
        *((MADE + timedelta(days=day)).strftime(backup.STAMP) for day in (3, 4, 5)),
        "somebody-elses.age",
    ]


def test_without_a_card_nothing_is_made_and_the_night_says_so(place: Path) -> None:
    with pytest.raises(NoCard):
        backup.make()
    with translation.override("zh-hans"):
        assert backup_nightly.back_up() == "还没有恢复卡，没有备份" and list(place.iterdir()) == []


def test_a_card_is_read_as_it_was_typed_and_a_wrong_letter_noticed(place: Path) -> None:
    secret, number = backup.new_card()
    public = backup.cards()[0]
    assert number == public[-8:].upper() and secret not in (place.parent / backup.CARDS).read_text()
    typed = [secret, secret.lower(), f" │ {secret[:20]}\n│  {secret[20:50]} {secret[50:]}  \n", f"敲门 {secret} 两张"]
    for text in typed:
        assert str(read_card(text).to_public()) == public
    for text in (
        "",
        "hello",
        secret[:-1],
        secret[:30] + ("Q" if secret[30] != "Q" else "P") + secret[31:],
        secret[16:],
    ):
        with pytest.raises(NotACard):
            read_card(text)


def test_a_full_disk_is_known_by_whatever_it_is_called(tmp_path: Path) -> None:
    import pyrage

    recipient = pyrage.x25519.Identity.generate().to_public()
    parts = [backup_file.Part("a", b"x" * 100_000)]
    if Path("/dev/full").exists():
        with pytest.raises(NoRoom):
            backup_file.write(Path("/dev/full"), parts, {}, [recipient])
    assert backup_file.is_no_room(OSError(28, "x")) and not backup_file.is_no_room(OSError(13, "x"))


def test_a_file_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    for name in ("../outside", "/tmp/outside", "a/../../outside"):
        backup_file.write(tmp_path / "b", [backup_file.Part(name, b"x")], {}, [identity.to_public()])
        with pytest.raises(backup_file.DamagedBackup):
            backup_file.read(tmp_path / "b", identity, tmp_path / "in" / "side", lambda _name: True)
    assert not list(tmp_path.rglob("outside"))


def test_what_comes_back_must_be_what_went_in() -> None:
    good = {"counts": {"a": 2, "b": 0}, "integrity": "ok", "unopened": 0}
    backup.judge(good, {"a": 2, "b": 0})
    for wrong in ({"counts": {"a": 1, "b": 0}}, {"counts": {"b": 0}}, {"integrity": "page 7"}, {"unopened": 1}):
        with pytest.raises(NotGood):
            backup.judge({**good, **wrong}, {"a": 2, "b": 0})
