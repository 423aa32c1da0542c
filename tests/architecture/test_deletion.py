"""A house on which nothing stands is deleted with its entry in the list; the rest works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRIED = "qiaomen/office/tests/test_screens.py::test_english_is_one_press_away"


def copy_without(house: str, to: Path) -> None:
    """Copy the product and take a house out: its folder, its entry in HOUSES, its name in the contracts."""
    left_out = shutil.ignore_patterns("__pycache__", "*.pyc", house if house != "tests" else "")
    shutil.copytree(ROOT / "qiaomen", to / "qiaomen", ignore=left_out, symlinks=True)
    for folder in ("packs", "simtown"):
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, to / name)
    settings = to / "qiaomen/settings.py"
    settings.write_text(re.sub(rf'    "{house}",\n', "", settings.read_text("utf-8")), "utf-8")
    contracts = to / "pyproject.toml"
    text = re.sub(rf'"qiaomen\.{house}(\.rules)?",? ?', "", contracts.read_text("utf-8"))
    text = re.sub(rf'(?<=["| ]){house} \| | \| {house}(?=["| ])', "", text)
    contracts.write_text(text, "utf-8")


@pytest.mark.parametrize("house", ["rights"])
def test_an_upper_house_is_deleted_with_its_entry(house: str, tmp_path: Path) -> None:
    copy_without(house, tmp_path)
    assert not (tmp_path / "qiaomen" / house).exists()
    env = {
        **os.environ,
        "QM_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "qiaomen.settings",
        "PYTHONPATH": str(tmp_path),
    }
    env.pop("QM_DATABASE_URL", None)

    def runs(*words: str) -> None:
        done = subprocess.run([sys.executable, *words], cwd=tmp_path, env=env, capture_output=True, text=True)
        assert done.returncode == 0, (done.stdout + done.stderr)[-1500:]

    runs("-m", "qiaomen", "check")
    runs("-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(cache_dir=None))")
    runs("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", TRIED)
