"""The database out of the running site and into an empty place: SQLite by its backup interface, PostgreSQL by pg_dump."""

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.conf import settings
from psycopg import sql

from qiaomen.office.backups.problems import NoTools

SQLITE, POSTGRES = "database.sqlite3", "database.pgdump"
Counts = dict[str, int]


def engine() -> str:
    """Return "sqlite" or "postgresql"."""
    return str(settings.DATABASES["default"]["ENGINE"]).rsplit(".", 1)[1].removesuffix("3")


def dump(work: Path) -> tuple[Path, Counts]:
    """Copy the database as of one moment into `work`; return the file and how many rows each table has in it."""
    return _dump_sqlite(work / SQLITE) if engine() == "sqlite" else _dump_postgres(work / POSTGRES)


def _dump_sqlite(copy: Path) -> tuple[Path, Counts]:
    name = settings.DATABASES["default"]["NAME"]
    with closing(sqlite3.connect(name, timeout=60)) as here, closing(sqlite3.connect(copy)) as there:
        here.backup(there)  # all pages in one step: in small steps every commit of the office would start it anew
        there.execute("PRAGMA journal_mode=DELETE")
        tables = there.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        names = [table for (table,) in tables]
        return copy, {table: there.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in names}


def _dump_postgres(target: Path) -> tuple[Path, Counts]:
    with psycopg.connect(address()) as database:
        database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = database.execute("SELECT pg_export_snapshot()").fetchone()
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        counts = {}
        for (table,) in tables:
            row = database.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
            counts[table] = row[0] if row else 0
        _tool(
            "pg_dump",
            "-Fc",
            "--no-owner",
            f"--snapshot={snapshot[0] if snapshot else ''}",
            "-f",
            target,
            address(bare=True),
        )
    return target, counts


@contextmanager
def loaded(work: Path) -> Iterator[dict[str, str]]:
    """Give the environment in which the database unpacked into `work` is the one: for trying it out, then forgotten."""
    if engine() == "sqlite":
        (work / SQLITE).rename(work / "qiaomen.sqlite3")
        yield {"QM_DATABASE_URL": ""}
        return
    name = f"qiaomen_try_{secrets.token_hex(6)}"
    _make(name)
    try:
        _tool("pg_restore", "--no-owner", "--exit-on-error", "-d", address(name, bare=True), work / POSTGRES)
        (work / POSTGRES).unlink()
        yield {"QM_DATABASE_URL": address(name)}
    finally:
        with suppress(psycopg.Error), _maintenance() as database:  # not there any more when it was taken into use
            database.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def is_empty() -> bool:
    """Say whether there is no database yet where the settings point."""
    if engine() == "sqlite":
        return not Path(settings.DATABASES["default"]["NAME"]).exists()
    with psycopg.connect(address()) as database:
        row = database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        return row is not None and row[0] == 0


def take_into_use(work: Path, env: dict[str, str]) -> None:
    """Put the database that was tried in the place the settings name: one rename, the last step of a restore."""
    if engine() == "sqlite":
        os.replace(work / "qiaomen.sqlite3", settings.DATABASES["default"]["NAME"])
        return
    tried = env["QM_DATABASE_URL"].rsplit("/", 1)[1]
    ours = str(settings.DATABASES["default"]["NAME"])
    with _maintenance() as database:
        database.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(ours)))  # empty: looked at before
        database.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(tried), sql.Identifier(ours)))


def address(name: str = "", *, bare: bool = False) -> str:
    """Return the address of the database of the settings, or of another on the same server; `bare`: no password."""
    here = settings.DATABASES["default"]
    user, password = quote(here["USER"], safe=""), "" if bare else quote(here["PASSWORD"], safe="")
    who = f"{user}:{password}@" if password else f"{user}@" if user else ""
    port = f":{here['PORT']}" if here["PORT"] else ""
    return f"postgresql://{who}{quote(here['HOST'], safe='')}{port}/{quote(name or str(here['NAME']), safe='')}"


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection[Any]]:
    """Connect beside the database that is made or dropped: to template1, which every server has."""
    with psycopg.connect(address("template1"), autocommit=True) as database:
        yield database


def _make(name: str) -> None:
    try:
        with _maintenance() as database:
            database.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise NoTools(reason=str(error).splitlines()[0][:120]) from error


def _tool(name: str, *words: Any) -> None:
    folders = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))
    if found is None:
        raise NoTools(reason=name)
    env = {
        **os.environ,
        "PGPASSWORD": settings.DATABASES["default"]["PASSWORD"],
    }  # never among the words: others see those
    done = subprocess.run([found, *map(str, words)], capture_output=True, check=False, env=env)
    if done.returncode:
        if b"No space left" in done.stderr:
            raise OSError(28, "No space left on device")
        raise NoTools(reason=done.stderr.decode(errors="replace").strip().splitlines()[-1][:120])
