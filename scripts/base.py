"""Where things are, and how start.py speaks, stops and runs a command."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PY = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(words: str) -> None:
    """Print one line of progress."""
    print(f"· {words}", flush=True)


def stop(words: str) -> NoReturn:
    """Print one clear line and end with an error."""
    sys.exit(f"✗ {words}")


def run(*command: object, **options: object) -> None:
    """Run a command of the project; end with one line when it fails."""
    done = subprocess.run([str(word) for word in command], cwd=ROOT, **options)  # type: ignore[call-overload]
    if done.returncode:
        stop(f"这一步没有成功（退出码 {done.returncode}）：{' '.join(str(word) for word in command[:6])}")


def free_port() -> int:
    """Return a port nobody listens on, so that two runs on one machine do not meet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def option(words: "list[str]", name: str, otherwise: str) -> str:
    """Return the word behind an option of the command line."""
    if name not in words:
        return otherwise
    place = words.index(name) + 1
    if place >= len(words):
        stop(f"{name} 后面要写明是什么")
    return words[place]
