"""What every test stands on."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from qiaomen.kernel import clock
from qiaomen.kernel.tests.moment import ORDINARY

# a slow machine is no bug; the whole run has a limit of its own. The same examples every day: chance is for `prove`
hypothesis_settings.register_profile("qiaomen", deadline=None, derandomize=os.environ.get("QM_PROVE") != "1")
hypothesis_settings.load_profile("qiaomen")


def set_clock() -> None:
    """Begin at the test's moment, in this process and in every one it starts; time runs on from there."""
    moment = datetime.fromisoformat(os.environ.get("QM_AT") or ORDINARY).replace(tzinfo=clock.SHANGHAI)
    os.environ["QM_CLOCK"] = repr(clock.start_from(moment))


def pytest_configure() -> None:
    """Test modules that read the day while they are imported read the test's. Passwords are hashed in no time: argon2
    takes a tenth of a second for every colleague a test invents; the servers of the browser stories keep it.
    """
    set_clock()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches a database: only that runs on a second one."""
    for item in items:
        used = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if (used or item.get_closest_marker("django_db")) and not item.get_closest_marker("once"):
            item.add_marker("database")


@pytest.fixture(autouse=True)
def own_day() -> None:
    """A test brings its own day: each begins at the same moment, so that none lives through another's midnight."""
    set_clock()


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page asked for in English leaves English active in the thread: the next test begins in Chinese again."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def plans_made_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round in a test has to be good by the rules, not the best: the planner computes a twentieth of a second."""
    monkeypatch.setattr("qiaomen.visits.actions.round_plan.CPU_SECONDS", 0.05)


@pytest.fixture(autouse=True)
def heads_of_their_own(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each test keeps the ledger's heads in a folder of its own: another test's communities are not missing in it."""
    settings.LEDGER_FOLDER = tmp_path_factory.mktemp("ledger")
    return settings.LEDGER_FOLDER


@pytest.fixture(autouse=True, scope="session")
def emptied_ledgers() -> Iterator[None]:
    """Tests that commit are emptied by TRUNCATE on PostgreSQL, which the ledger refuses: for that its trigger
    is put off.
    """
    if connection.vendor != "postgresql":
        yield
        return
    flush, table = connection.ops.sql_flush, "ALTER TABLE office_ledgerentry {} TRIGGER ledger_no_truncate"

    def sql_flush(*args: Any, **options: Any) -> list[str]:
        return [table.format("DISABLE"), *flush(*args, **options), table.format("ENABLE")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "sql_flush", sql_flush)
        yield
