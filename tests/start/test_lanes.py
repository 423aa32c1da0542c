"""start.py says which lane runs, how far it is and what failed; a remade demo keeps the old one; a set clock is
refused.
"""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import checks
from hypothesis import given
from hypothesis import strategies as st

from qiaomen.kernel import clock
from qiaomen.kernel.tests.moment import ORDINARY
from scripts import base, lanes, site

ROOT = base.ROOT


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ("qiaomen/a.py::test_x PASSED                       [  4%]\n", 0.04),
        ("qiaomen/a.py::test_x[50%] PASSED       [100%]\n", 1.0),
        ("collected 4 items", None),
        ("E   assert x == [ 4%] y", None),
    ],
)
def test_how_far_pytest_is_stands_at_the_end_of_its_line(line: str, share: float | None) -> None:
    assert lanes.share_of(line) == share


@given(st.floats(0, 1), st.floats(0, 2000), st.floats(1, 2000))
def test_what_is_left_is_never_negative_and_nothing_at_the_end(share: float, spent: float, expected: float) -> None:
    left = lanes.seconds_left(share, spent, expected)
    assert left >= 0 and lanes.seconds_left(1.0, spent, expected) == 0
    assert lanes.seconds_left(0.0, 0.0, expected) == expected


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    words: list[str] = []
    monkeypatch.setattr(lanes, "say", words.append)
    monkeypatch.setattr(lanes, "SAY_EVERY", 0.0)
    return words


def run_lane(folder: Path, body: str, *, selected: bool = False) -> lanes.Lanes:
    (folder / "test_small.py").write_text(body, encoding="utf-8")
    made = lanes.Lanes({**os.environ, "PYTEST_ADDOPTS": "", "QM_DATA": str(folder)}, selected)
    made.pytest("小", str(folder / "test_small.py"), "-c", os.devnull, "-p", "no:django", "--rootdir", str(folder))
    return made


def test_a_lane_tells_its_way_and_keeps_its_time(tmp_path: Path, told: list[str]) -> None:
    made = run_lane(tmp_path, "def test_a(): pass\ndef test_b(): pass\n")
    assert not made.failed and made.times["小"] > 0
    assert told[0].startswith("测试 小：0%") and any("50%" in line and "还剩约" in line for line in told)
    assert told[-1].startswith("测试 小：通过（2 passed")


def test_a_lane_that_fails_shows_what_failed_and_not_what_passed(
    tmp_path: Path, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    made = run_lane(tmp_path, "def test_a(): pass\ndef test_b(): assert 1 == 2\n")
    shown = capsys.readouterr().out
    assert made.failed == ["小"] and "小" not in made.times
    assert "assert 1 == 2" in shown and "test_a PASSED" not in shown
    with pytest.raises(SystemExit, match="没有通过：小"):
        made.finish(keep=True)


def test_a_lane_without_tests_fails_unless_some_tests_only_were_asked_for(tmp_path: Path, told: list[str]) -> None:
    assert run_lane(tmp_path, "").failed == ["小"]
    assert run_lane(tmp_path, "", selected=True).failed == []


@pytest.mark.django_db
def test_what_touches_a_database_runs_on_the_second_one_too(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("database")


@pytest.mark.once
@pytest.mark.django_db
def test_what_is_the_same_on_every_database_runs_once(request: pytest.FixtureRequest) -> None:
    assert not request.node.get_closest_marker("database")


def test_what_touches_no_database_runs_once(request: pytest.FixtureRequest) -> None:
    assert not request.node.get_closest_marker("database")


def test_the_times_of_a_whole_run_are_there_for_the_next(
    tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "TIMES", tmp_path / "kept" / "lanes.json")
    made = lanes.Lanes({})
    made.times["SQLite"] = 7.0
    made.finish(keep=False)
    assert lanes.known_times() == lanes.DEFAULTS
    made.finish(keep=True)
    assert lanes.known_times() == {**lanes.DEFAULTS, "SQLite": 7.0}
    lanes.TIMES.write_text("{half")
    assert lanes.known_times() == lanes.DEFAULTS


def test_the_busy_and_the_awkward_lanes_name_what_is_there() -> None:
    assert all((ROOT / path).exists() for path in lanes.BUSY_LANES)
    moments = [datetime.fromisoformat(moment) for moment in lanes.AWKWARD.values()]
    assert len(set(moments)) == 6 and {(m.month, m.day) for m in moments} >= {(2, 29), (10, 1), (12, 31)}
    with lanes.busy(2):
        pass


def test_a_test_begins_at_its_moment_and_so_does_every_process_it_starts() -> None:
    moment = datetime.fromisoformat(os.environ.get("QM_AT") or ORDINARY).replace(tzinfo=clock.SHANGHAI)
    assert 0 <= (clock.now() - moment).total_seconds() < 60
    code = "import django; django.setup()\nfrom qiaomen.kernel import clock\nprint(clock.now().isoformat())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 0 <= (datetime.fromisoformat(done.stdout.strip()) - moment).total_seconds() < 120


def test_check_deploy_refuses_a_set_clock_unless_it_is_a_demo(settings: Any) -> None:
    def found() -> set[str]:
        return {str(one.id) for one in checks.run_checks(tags=["security"], include_deployment_checks=True)}

    settings.DEMO = False
    assert "qiaomen.E001" in found()
    settings.DEMO = True
    assert "qiaomen.E001" not in found()
    settings.DEMO = False
    clock.run_ahead(0)
    assert "qiaomen.E001" not in found()


def test_remade_the_old_data_has_another_name_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QM_DATABASE_URL", raising=False)
    data = tmp_path / "data"
    for number in (1, 2):
        data.mkdir()
        (data / "qiaomen.sqlite3").write_text(str(number))
        site.put_aside(data)
        assert not data.exists()
    site.put_aside(data)
    kept = sorted(path for path in tmp_path.iterdir())
    assert [(path / "qiaomen.sqlite3").read_text() for path in kept] == ["1", "2"]
    assert all(path.name.startswith("data.old-") for path in kept)
    monkeypatch.setenv("QM_DATABASE_URL", "postgresql://elsewhere/qiaomen")
    with pytest.raises(SystemExit, match="PostgreSQL"):
        site.put_aside(data)


def test_a_database_of_another_version_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "COMPILE", "pass")
    (tmp_path / "qiaomen.sqlite3").write_bytes(b"not a database " * 100)
    env = {**os.environ, "QM_DATA": str(tmp_path)}
    env.pop("QM_DATABASE_URL", None)
    with pytest.raises(SystemExit, match="--remake") as ended:
        site.make_ready(tmp_path, env)
    assert "Traceback" not in str(ended.value) and "Error" in (tmp_path / "start.log").read_text()


def test_a_database_that_somebody_writes_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_words: object, stderr: Any, **_more: object) -> SimpleNamespace:
        stderr.write(b"django.db.utils.OperationalError: database is locked")
        return SimpleNamespace(returncode=1)

    monkeypatch.setattr(site.subprocess, "run", locked)
    with pytest.raises(SystemExit, match="另一个程序"):
        site.migrate(tmp_path / "start.log", {})


def test_an_option_without_its_word_is_told() -> None:
    assert base.option(["--port", "9"], "--port", "8000") == "9" and base.option([], "--port", "8000") == "8000"
    with pytest.raises(SystemExit, match="--port"):
        base.option(["--port"], "--port", "8000")
