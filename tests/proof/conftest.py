"""A community on a database of its own, SQLite or PostgreSQL, made once and copied for each experiment."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

import start
from qiaomen.phone.tests.conftest import community, door, head, phone, worker  # noqa: F401
from tests.proof.machine import SEED, Server

PHONES = 8


def pytest_report_header() -> str:
    return f"proofs: seed {SEED} (QM_SEED)"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("town") / "data"
    server = Server(folder)
    server.python("qiaomen", "migrate", "-v0")
    return folder, json.loads(server.python("tests.proof.town", "make", str(PHONES)))


@pytest.fixture
def on_sqlite(made_once: tuple[Path, dict[str, Any]], tmp_path: Path) -> Iterator[tuple[Server, dict[str, Any]]]:
    """A server on SQLite with its community, not started."""
    shutil.copytree(made_once[0], tmp_path / "data")
    server = Server(tmp_path / "data")
    yield server, made_once[1]
    server.close()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    """A real PostgreSQL with a template database of the community."""
    folder = tmp_path_factory.mktemp("town-pg") / "data"
    with start.postgres() as address:
        server = Server(folder, address)
        server.python("qiaomen", "migrate", "-v0")
        yield address, folder, json.loads(server.python("tests.proof.town", "make", str(PHONES)))


@pytest.fixture
def on_postgres(
    postgresql: tuple[str, Path, dict[str, Any]], request: Any, tmp_path: Path
) -> Iterator[tuple[Server, dict[str, Any]]]:
    """A server on a database of its own in the real PostgreSQL, not started.

    Its folder is a copy, too: the heads of the ledger kept in it are of this database and of no other.
    """
    address, folder, town = postgresql
    name = f"proof_{abs(hash(request.node.nodeid))}"
    admin = address.rpartition("/")[0] + "/template1"
    with psycopg.connect(admin, autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
    shutil.copytree(folder, tmp_path / "own")
    server = Server(tmp_path / "own", f"{address.rpartition('/')[0]}/{name}")
    yield server, town
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def on_each(request: Any) -> tuple[Server, dict[str, Any]]:
    """The same experiment on both databases."""
    made: tuple[Server, dict[str, Any]] = request.getfixturevalue(
        "on_sqlite" if request.param == "sqlite" else "on_postgres"
    )
    return made
