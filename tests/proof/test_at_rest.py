"""What lies on the disk says nothing of anybody: canaries in every sealed column, values moved between rows,
modes, keys.
"""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import ahocorasick
import pytest

ROOT = Path(__file__).resolve().parents[2]
EACH = 500


def env_of(data: Path, **more: str) -> dict[str, str]:
    temporary = data.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QM_")}
    return {
        **kept,
        "QM_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "qiaomen.settings",
        "TMPDIR": str(temporary),
        **more,
    }


def run(env: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    data = tmp_path_factory.mktemp("rest") / "data"
    env = env_of(data)
    run(env, "-m", "qiaomen", "migrate", "-v0")
    said = run(env, "-m", "tests.proof.planted", str(EACH))
    return data, json.loads(said.strip().splitlines()[-1])


def files_of(data: Path) -> list[Path]:
    return [path for folder in (data, data.parent / "temporary") for path in folder.rglob("*") if path.is_file()]


def test_no_canary_stands_in_the_database_its_wal_the_photos_or_a_temporary_file(
    planted: tuple[Path, list[str]],
) -> None:
    """E1, C3. Yesterday pauses, wishes, reasons, rules, group titles and fact codes stood there to be read."""
    data, canaries = planted
    files = files_of(data)
    names = {path.name for path in files}
    assert "qiaomen.sqlite3" in names and any(path.suffix == ".sealed" for path in files)
    assert len(canaries) >= 30 * EACH
    held = b"".join(path.read_bytes() for path in files)
    assert b"plain-to-be-found" in held, "the search finds what is there"
    heads = {canary.rsplit("-", 1)[0] for canary in canaries}
    assert [head for head in heads if head.encode() in held or head.encode("utf-16-le") in held] == []
    tails = ahocorasick.Automaton()
    for canary in canaries:
        tails.add_word(canary.rsplit("-", 1)[1], canary)
    tails.make_automaton()
    assert list(tails.iter(canaries[0])), "the search finds what is there"
    assert list(tails.iter(held.decode("latin-1"))) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_nobody_else_on_the_machine_reads_a_file(planted: tuple[Path, list[str]]) -> None:
    data, _canaries = planted
    for path in [data, *data.rglob("*")]:
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path
    database = data / "qiaomen.sqlite3"
    database.chmod(0o644)
    run(env_of(data), "-m", "qiaomen", "check")
    assert stat.S_IMODE(database.stat().st_mode) == 0o600, "what a copy left open is closed at the next start"


def test_a_real_install_keeps_its_keys_apart_and_every_command_finds_them(tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    real = env_of(data, QM_HTTPS="1", XDG_CONFIG_HOME=str(home))
    show = ("-c", "from django.conf import settings; print(settings.KEYS); print(settings.SECRET_KEY)")
    first = run(real, *show)
    assert first.startswith(str(home)) and not list(data.glob("*.secret"))
    assert run(env_of(data), *show) == first, "a command without QM_HTTPS uses the same keys"
    demo = tmp_path / "demo"
    assert run(env_of(demo, QM_HTTPS="1", QM_DEMO="1", XDG_CONFIG_HOME=str(home)), *show).startswith(str(demo))
    named = tmp_path / "named"
    assert run(env_of(tmp_path / "other", QM_KEYS_DIR=str(named)), *show).startswith(str(named))
    assert (named / "master.secret").exists()
