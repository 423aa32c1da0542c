"""What `qiaomen check --deploy` says before residents' data is let in; each sentence ends with what to do."""

import os
import stat
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError, connection

from qiaomen import wal_is_safe
from qiaomen.office.models import Staff

PUBLIC_PASSWORD = "qiaomen-demo"
MOST_TRIED = 200
"""Of so many staff the public password is tried; argon2 takes a twentieth of a second each."""
OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@register(deploy=True)
def check_demo(app_configs: Sequence[AppConfig] | None, **_: Any) -> Iterator[CheckMessage]:
    """No demo page, no account with the password that stands in the README."""
    if settings.DEMO:
        yield Error(
            "QM_DEMO=1 shows names and the password of demo accounts to everybody.",
            hint="Start without it, and not with start.py.",
            id="qiaomen.E001",
        )
    try:
        staff = list(Staff.objects.filter(is_active=True).order_by("login_name")[:MOST_TRIED])
    except DatabaseError:  # no tables yet
        return
    names = [one.login_name for one in staff if check_password(PUBLIC_PASSWORD, one.password)]
    if names:
        yield Error(
            f"{len(names)} accounts have the public demo password: {', '.join(names[:8])}.",
            hint="Give them other passwords, or begin with an empty QM_DATA.",
            id="qiaomen.E002",
        )


@register(deploy=True)
def check_keys(app_configs: Sequence[AppConfig] | None, **_: Any) -> Iterator[CheckMessage]:
    """The sealing keys do not lie beside what they seal."""
    kept = Path(settings.DATA) / "master.secret"
    apart = Path(settings.DATA) not in (Path(settings.KEYS), *Path(settings.KEYS).parents)
    if not os.environ.get("QM_MASTER_KEYS") and not apart:
        yield Warning(
            f"The sealing keys lie beside the database ({kept}): who copies the folder reads everything.",
            hint="Move *.secret into a folder that is not backed up with QM_DATA and name it in QM_KEYS_DIR.",
            id="qiaomen.W001",
        )
    elif kept.exists():
        yield Warning(
            f"{kept} is still there, beside the database.",
            hint="When QM_KEYS_DIR or QM_MASTER_KEYS holds its key, keep a copy elsewhere and remove the file.",
            id="qiaomen.W002",
        )


def _open_media() -> Iterator[Path]:
    """The first few files of residents' photos that others may read; looking at all of them may take long."""
    found = (path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())
    return islice((path for path in found if path.stat().st_mode & OPEN_TO_OTHERS), 3)


@register(deploy=True)
def check_modes(app_configs: Sequence[AppConfig] | None, **_: Any) -> Iterator[CheckMessage]:
    """Nobody but the server's user reads its folder, its keys and its database."""
    data = Path(settings.DATA)
    if os.name == "nt" or not data.exists():
        return
    closed = not data.stat().st_mode & OPEN_TO_OTHERS
    if not closed:
        yield Error(f"{data} is open to other users.", hint=f"chmod 700 {data}", id="qiaomen.E003")
    private = [*data.glob("*.secret"), *Path(settings.KEYS).glob("*.secret"), *data.glob("tls/*.key")]
    private += [*data.glob("*.sqlite3*"), *_open_media()]
    for path in sorted(private):
        if path.stat().st_mode & OPEN_TO_OTHERS:
            yield Error(f"{path} is open to other users.", hint=f"chmod 600 {path}", id="qiaomen.E004")


@register(deploy=True)
def check_front_door(app_configs: Sequence[AppConfig] | None, **_: Any) -> Iterator[CheckMessage]:
    """The brakes see who sends, and only the proxy can say otherwise."""
    if not settings.HTTPS:
        yield Error(
            "QM_HTTPS is not 1: passwords and the list of residents travel in the open.",
            hint="Put a proxy with TLS before it (docs/how-to/deploy.md) and set QM_HTTPS=1.",
            id="qiaomen.E005",
        )
    elif not settings.TRUSTED_PROXY:
        yield Warning(
            "QM_HTTPS=1 without QM_TRUSTED_PROXY: behind a proxy signing in is refused and every brake counts all "
            "as one.",
            hint="Name the proxy's address; only without a proxy (Granian's own TLS) this is right.",
            id="qiaomen.W003",
        )
    wide = [str(network) for network in settings.TRUSTED_PROXY if network.num_addresses > 2**16]
    if wide:
        yield Error(
            f"QM_TRUSTED_PROXY={','.join(wide)}: whoever sends from there may claim any address.",
            hint="Name the proxies, not the network of the people.",
            id="qiaomen.E006",
        )


@register()
def check_sqlite(app_configs: Sequence[AppConfig] | None, **_: Any) -> Iterator[CheckMessage]:
    """An SQLite with the WAL reset fault runs without WAL, and says so."""
    if connection.vendor == "sqlite" and not wal_is_safe():
        yield Warning(
            "This SQLite is older than 3.51.3 and may damage a WAL database; a rollback journal is used, which is "
            "slower.",
            hint="Install pysqlite3 (requirements/app.txt) where it has a wheel, or use PostgreSQL.",
            id="qiaomen.W004",
        )
