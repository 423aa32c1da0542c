"""Somebody outside checks an exported ledger with printed heads, with a script that knows nothing of ours."""

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from qiaomen.office.fields import Ready
from qiaomen.office.models import LedgerEntry, Organisation
from qiaomen.office.tests.edits import LINES, make_town, recompute

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "verify_ledger.py"


@pytest.fixture
def homes(django_capture_on_commit_callbacks: Any) -> list[Organisation]:
    return make_town(lambda: django_capture_on_commit_callbacks(execute=True))


@pytest.fixture
def check(homes: list[Organisation], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Print the heads; later write the ledger out, run the script over it with them, return its code and words."""
    call_command("ledger", "heads")
    printed = capsys.readouterr().out

    def run(change: Callable[[str], str] = str, typed: Callable[[str], str] = str) -> tuple[int, str]:
        kept, heads = tmp_path / "ledger.txt", tmp_path / "heads.txt"
        kept.unlink(missing_ok=True)
        call_command("ledger", "export", "--to", str(kept), "--reason", "县里审计")
        kept.write_text(change(kept.read_text(encoding="utf-8")), encoding="utf-8")
        heads.write_text(typed(printed), encoding="utf-8")
        words = [sys.executable, "-I", "-X", "utf8", str(SCRIPT), str(kept), str(heads)]
        done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def test_the_script_is_short_and_imports_nothing_of_ours() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 100
    nodes = list(ast.walk(ast.parse(text)))
    assert {one.name for node in nodes if isinstance(node, ast.Import) for one in node.names} == {
        "hashlib",
        "json",
        "sys",
    }
    assert not any(isinstance(node, ast.ImportFrom) for node in nodes)


def test_an_untouched_ledger_is_proved_up_to_the_printed_head(check: Callable[..., Any]) -> None:
    code, words = check()
    assert code == 0 and words.count("proved by your heads: 1-20") == 2 and words.count("21 lines") == 2
    exported = LedgerEntry.objects.filter(code="office.ledger-exported")
    assert [line.reason for line in exported] == ["县里审计"] * 2


def test_a_hash_may_be_typed_short_but_not_too_short(check: Callable[..., Any]) -> None:
    def shorten(length: int) -> Callable[[str], str]:
        rows = str.splitlines
        return lambda text: "".join(f"{a} {b} {c[:length].upper()}\n" for a, b, c, _ in map(str.split, rows(text)))

    assert check(typed=shorten(32))[0] == 0
    code, words = check(typed=shorten(16))
    assert code == 1 and "not a head" in words


def without(part: str) -> Callable[[str], str]:
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if part not in line)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda text: text.replace('"detail":{"n":3}', '"detail":{"n":9}'), "line 4 was changed"),
        (without('"detail":{"n":3}'), "line 4 is missing"),
        (without('"detail":{"n":0}'), "line 1 is missing"),
        (lambda text: text[: text.rindex("# ")], "E2: you hold heads of it"),
        (lambda text: text.replace("# ", "# x", 1), "belongs to another community"),
        (lambda text: text.replace(" E1 ", " E7 "), "E1: you hold heads of it"),
        (lambda text: text.replace('","at":', '","more":1,"at":'), "line 1 was changed"),
    ],
)
def test_what_was_changed_in_the_file_is_found(
    check: Callable[..., Any], change: Callable[[str], str], found: str
) -> None:
    code, words = check(change)
    assert code == 1 and found in words


def test_a_chain_recomputed_in_the_database_meets_the_printed_head(
    homes: list[Organisation], check: Callable[..., Any], guard_off: None
) -> None:
    """What was printed cannot be called back, not even by whoever has the key as well."""
    LedgerEntry.objects.filter(community=homes[0], seq=4).update(reason=Ready("x"))
    recompute(homes[0], 4)
    code, words = check()
    assert code == 1 and f"line 1 to {LINES} were rewritten" in words


def test_a_tail_cut_off_in_the_database_is_missed(
    homes: list[Organisation], check: Callable[..., Any], guard_off: None
) -> None:
    LedgerEntry.objects.filter(community=homes[0], seq__gt=15).delete()
    recompute(homes[0], 15)
    code, words = check(lambda text: without("office.ledger-")(text))
    assert code == 1 and "line 20 of your heads is not there: cut off after line 15" in words


def test_an_export_needs_a_file_and_a_purpose(homes: list[Organisation], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="用途"):
        call_command("ledger", "export", "--to", str(tmp_path / "x"))
    call_command("ledger", "export", "--to", str(tmp_path / "x"), "--reason", "审计", "--community", "E1")
    assert (tmp_path / "x").stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="已经有这个文件"):
        call_command("ledger", "export", "--to", str(tmp_path / "x"), "--reason", "审计")
