"""Every relative link in the papers leads somewhere, and every setting and command is in the reference."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.S | re.M)
SKIPPED = {".venv", "node_modules", "data", "webroot", ".git", ".hypothesis", ".pytest_cache"}


def papers() -> list[Path]:
    found = [path for path in ROOT.glob("*.md")]
    for folder in ("docs", "qiaomen", "simtown", "tests", "web", "contract", "packs"):
        found += (ROOT / folder).rglob("*.md")
    return sorted(path for path in found if not SKIPPED & set(path.relative_to(ROOT).parts))


def anchors_of(text: str) -> set[str]:
    """Return the anchors of the headings, as the common forges make them."""
    titles = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", FENCE.sub("", text), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", papers(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    text, broken = path.read_text(encoding="utf-8"), []
    for target in LINK.findall(re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        place, _, anchor = unquote(target).partition("#")
        there = (path.parent / place).resolve() if place else path
        inside = there.is_relative_to(ROOT)
        if (
            not inside
            or not there.exists()
            or (anchor and there.suffix == ".md" and anchor not in anchors_of(there.read_text(encoding="utf-8")))
        ):
            broken.append(target)
    assert not broken


def test_every_setting_is_in_the_example_and_the_reference() -> None:
    read = set(re.findall(r"QM_[A-Z_]+", (ROOT / "qiaomen/settings.py").read_text(encoding="utf-8")))
    example = set(re.findall(r"^(QM_[A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.M))
    told = set(re.findall(r"`(QM_[A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")))
    assert read <= example and example <= told, (read - example, example - told)


def test_every_command_is_in_the_reference() -> None:
    told = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    commands = [path.stem for path in ROOT.glob("qiaomen/*/management/commands/*.py") if path.stem != "__init__"]
    assert not [name for name in commands if f"qiaomen {name}" not in told]
    options = re.findall(r"--[a-z]+", (ROOT / "start.py").read_text(encoding="utf-8").split('"""')[1])
    assert options and not [option for option in options if option not in told]


def test_no_paper_names_the_place_it_was_made() -> None:
    words = re.compile(r"(?<![\w.])/(?:home|work|root|Users)/\w+|\b/tmp/\w+")
    assert not [str(path) for path in papers() if words.search(path.read_text(encoding="utf-8"))]


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("木兰宽松许可证") and text.count("http://license.coscl.org.cn/MulanPSL2") == 4
    for end in ("条款结束", "END OF THE TERMS AND CONDITIONS"):
        assert end in text
