"""start.py says what is missing in one clear line, and hands phones the CA's public certificate only."""

import ast
import builtins
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import start
from qiaomen import lan
from scripts import lan as lan_command
from scripts import setup, site

SOURCE = Path(start.__file__).read_text(encoding="utf-8")


def test_an_old_python_reads_the_file_far_enough_to_be_told() -> None:
    tree = ast.parse(SOURCE, feature_version=(3, 7))
    annotations = [node.returns for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    annotations += [node.annotation for node in ast.walk(tree) if isinstance(node, ast.arg | ast.AnnAssign)]
    evaluated = [ast.unparse(node) for node in annotations if isinstance(node, ast.BinOp | ast.Subscript)]
    assert not evaluated, "quote these: an old Python stops at them"


def test_an_old_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.sys, "version_info", (3, 9, 6))
    with pytest.raises(SystemExit, match=r"需要 Python 3\.11 或更新"):
        start.check_python()


def test_a_python_without_venv_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = builtins.__import__

    def without_venv(name: str, *rest: Any, **more: Any) -> Any:
        if name == "ensurepip":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(setup, "PY", tmp_path / "missing")
    monkeypatch.setattr(builtins, "__import__", without_venv)
    with pytest.raises(SystemExit, match="sudo apt install python3-venv"):
        setup.make_venv()


@pytest.mark.parametrize(
    ("platform", "which", "listed", "told"),
    [
        ("linux", "/usr/bin/fc-list", "Noto Sans CJK SC\n", False),
        ("linux", "/usr/bin/fc-list", "", True),
        ("linux", None, "", True),
        ("darwin", None, "", False),
        ("win32", None, "", False),
    ],
)
def test_a_linux_without_a_chinese_font_is_told_once(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    platform: str,
    which: str | None,
    listed: str,
    told: bool,
) -> None:
    monkeypatch.setattr(setup.sys, "platform", platform)
    monkeypatch.setattr(setup.shutil, "which", lambda _: which)
    monkeypatch.setattr(setup.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=listed.encode()))
    setup.check_fonts()
    out = capsys.readouterr().out
    assert ("fonts-noto-cjk" in out) is told and out.count("\n") == int(told)


def test_phones_get_the_public_certificate_and_nothing_else(tmp_path: Path) -> None:
    tls = lan.issue(tmp_path, name=None, addresses=[])
    server = lan_command.offer_ca(Path(str(tls["ca"])), 0)
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{address}/qiaomen-ca.crt", timeout=10) as answer:
            body, kind = answer.read(), answer.headers["Content-Type"]
        assert kind == "application/x-x509-ca-cert" and b"PRIVATE" not in body
        assert (
            lan.x509.load_der_x509_certificate(body).fingerprint(lan.hashes.SHA256()).hex(":").upper()
            == (tls["fingerprint"])
        )
        for path in ("/", "/ca.key", "/../tls/ca.key", "/qiaomen-ca.crt/../ca.key"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                opener.open(address + path, timeout=10)
    finally:
        server.shutdown()
        server.server_close()


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    tls = lan.issue(tmp_path, name=None, addresses=[])
    server = lan_command.offer_ca(Path(str(tls["ca"])), 0)
    try:
        for try_port in (site.check_port, lambda port: lan_command.offer_ca(Path(str(tls["ca"])), port)):
            with pytest.raises(SystemExit, match="已被占用"):
                try_port(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


def test_a_machine_without_a_network_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = SimpleNamespace(returncode=0, stdout=b'{"addresses": []}')
    monkeypatch.setattr(setup.subprocess, "run", lambda *_, **__: made)
    with pytest.raises(SystemExit, match="没有找到局域网地址"):
        lan_command.open_to_lan(str(tmp_path), "8000", {})


def test_help_names_every_option() -> None:
    done = subprocess.run([sys.executable, start.__file__, "help"], capture_output=True)
    text = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 1 and all(
        word in text for word in ("--port", "--data", "--lan", "test", "check", "--remake", "--at")
    )


def test_words_behind_the_double_dash_reach_the_script_and_the_folder_does_not() -> None:
    command, _env = start.npm_command("run", "test", "--", "histories")
    assert command[-4:] == ["run", "test", "--", "histories"] and "--prefix" in command
