"""Qiaomen 敲门: a community office that knocks, and keeps its word; and the SQLite that all its houses use."""

import sqlite3
import sys

Version = tuple[int, ...]
FIXED = (3, 51, 3)
"""Before, from 3.7.0 on, two connections that write and checkpoint at the same moment may damage a WAL database.

Source: https://www.sqlite.org/wal.html#walresetbug (SQLite 3.51.3, 2026-03-13).
"""


def has_fixed_wal(version: Version) -> bool:
    """Say whether a version of SQLite has the WAL reset fault mended."""
    return version >= FIXED


def wal_is_safe() -> bool:
    """Say whether the SQLite in use has it mended; where not, settings.py takes a rollback journal instead of WAL."""
    return has_fixed_wal(sys.modules["sqlite3"].sqlite_version_info)


def _take_fixed_sqlite() -> None:
    """Put the SQLite of a wheel in the place of Python's, before Django asks for it."""
    if has_fixed_wal(sqlite3.sqlite_version_info):
        return
    try:
        import pysqlite3
    except ImportError:  # there is no wheel for this machine
        return
    if has_fixed_wal(pysqlite3.sqlite_version_info):
        sys.modules["sqlite3"], sys.modules["sqlite3.dbapi2"] = pysqlite3, pysqlite3.dbapi2


_take_fixed_sqlite()
