"""`qiaomen check --deploy` finds what would let somebody in, and is silent about a sound site."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from qiaomen import FIXED, checks, has_fixed_wal
from qiaomen import settings as shipped
from qiaomen.frontdoor.proxy import read_networks
from qiaomen.office.models import Organisation, Staff


@pytest.fixture
def sound(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Path:
    """A site with nothing to find."""
    settings.DATA, settings.KEYS, settings.MEDIA_ROOT = (
        tmp_path / "data",
        tmp_path / "keys",
        tmp_path / "data" / "media",
    )
    settings.DEMO, settings.HTTPS = False, True
    settings.TRUSTED_PROXY = read_networks("127.0.0.1")
    monkeypatch.setenv("QM_MASTER_KEYS", "k1:" + "00" * 32)
    settings.DATA.mkdir(mode=0o700)
    return settings.DATA


def found() -> list[str]:
    every = (checks.check_demo, checks.check_keys, checks.check_modes, checks.check_front_door, checks.check_sqlite)
    return [message.id for check in every for message in check(None)]


def test_a_sound_site_hears_nothing(sound: Path) -> None:
    assert found() == []


def test_demo_pages_and_demo_passwords_are_named(sound: Path, settings: Any) -> None:
    home = Organisation.objects.create(kind="community", name="锦瑟社区", code="P1")
    password = make_password(checks.PUBLIC_PASSWORD)
    Staff.objects.create(login_name="zhuren", name="陆主任", role="head", organisation=home, password=password)
    settings.DEMO = True
    assert found() == ["qiaomen.E001", "qiaomen.E002"]
    assert "zhuren" in next(iter(m for m in checks.check_demo(None) if m.id == "qiaomen.E002")).msg


def test_keys_beside_what_they_seal_are_named(sound: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (sound / "master.secret").write_text("x")
    (sound / "master.secret").chmod(0o600)
    assert found() == ["qiaomen.W002"]
    monkeypatch.delenv("QM_MASTER_KEYS")
    assert found() == ["qiaomen.W002"], "QM_KEYS_DIR names another folder, and the old file is still here"
    settings.KEYS = sound
    assert found() == ["qiaomen.W001"]
    settings.KEYS = sound / "keys"
    assert found() == ["qiaomen.W001"], "a folder inside is copied along"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_files_open_to_other_users_are_named(sound: Path) -> None:
    (sound / "media").mkdir()
    for name in ("session.secret", "qiaomen.sqlite3", "qiaomen.sqlite3-wal", "media/1.sealed"):
        (sound / name).touch()
        (sound / name).chmod(0o644)
    assert found() == ["qiaomen.E004"] * 4
    sound.chmod(0o755)
    assert found() == ["qiaomen.E003", *["qiaomen.E004"] * 4]


def test_https_without_its_proxy_and_a_proxy_that_is_everybody_are_named(sound: Path, settings: Any) -> None:
    settings.TRUSTED_PROXY = ()
    assert found() == ["qiaomen.W003"]
    settings.TRUSTED_PROXY = read_networks("0.0.0.0/0, 127.0.0.1")
    assert found() == ["qiaomen.E006"]
    settings.HTTPS = False
    assert "qiaomen.E005" in found()


def test_an_sqlite_with_the_fault_is_named_and_runs_without_wal(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "wal_is_safe", lambda: False)
    assert found() == (["qiaomen.W004"] if checks.connection.vendor == "sqlite" else [])


@pytest.mark.parametrize(
    ("version", "fixed"), [((3, 40, 1), False), ((3, 51, 2), False), (FIXED, True), ((3, 53, 4), True)]
)
def test_versions_with_the_fault_are_known(version: tuple[int, ...], fixed: bool) -> None:
    assert has_fixed_wal(version) is fixed


def test_outside_the_tests_passwords_are_kept_by_argon2() -> None:
    assert shipped.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
