"""`qiaomen inspect_copy`: what `backup` and `restore` run inside an opened backup; prints one line of JSON."""

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils.translation import gettext as _

from qiaomen.kernel import clock
from qiaomen.kernel.sealing import CannotUnseal
from qiaomen.office import ledger, occasions
from qiaomen.office.fields import KeyedCode, SealedField
from qiaomen.office.ledger import check as ledger_check
from qiaomen.office.ledger import heads as ledger_heads
from qiaomen.office.models import LedgerHead, Organisation

SAMPLE = 20
"""Sealed values opened of each column, the newest: a wrong key fails at the first."""


class Command(BaseCommand):
    """Counts and opens, changing nothing; or takes the copy up as the office from now on."""

    help = _("内部使用：在试着恢复的地方清点")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Take up the copy of this moment instead of counting."""
        parser.add_argument("--take-up", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the report."""
        if options["take_up"]:
            take_up(datetime.fromisoformat(options["take_up"]))
        self.stdout.write(json.dumps({} if options["take_up"] else report()))


def report() -> dict[str, Any]:
    """Count rows and photos, check the file, open sealed values, walk the ledger."""
    names = Path(settings.DATA) / "media-names.txt"
    have = set(names.read_text().split("\n")) - {""} if names.exists() else set()
    return {
        "counts": _counts(),
        "integrity": _integrity(),
        "unopened": _unopened(),
        "photos": len(have),
        "photos_missing": sum(name not in have for name in occasions.files_kept()),
        "broken_chains": sum(not checked.result.ok for checked in ledger_check.verify_all()),
    }


def _counts() -> dict[str, int]:
    counts = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return counts


def _integrity() -> str:
    if connection.vendor != "sqlite":
        return "ok"  # pg_restore has made every key and constraint anew, or stopped
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        found = str(cursor.fetchone()[0])
        cursor.execute("PRAGMA foreign_key_check")
        return found if cursor.fetchone() is None else "foreign keys"


def _unopened() -> int:
    """Count values that do not open in their own row, and codes; a value read without its row is not opened at all."""
    wrong = 0
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, (SealedField, KeyedCode)):
                keys = model._default_manager.order_by("-pk").values_list("pk", flat=True)[:SAMPLE]
                for key in list(keys):
                    try:
                        getattr(model._default_manager.get(pk=key), field.attname)
                    except CannotUnseal:
                        wrong += 1
    return wrong


def take_up(made_at: datetime) -> None:
    """Bring the copy up to date, let every house do what a restore asks, and write it into every ledger."""
    call_command("migrate", verbosity=0)
    occasions.run(occasions.RESTORED)
    with transaction.atomic():
        for home in Organisation.objects.filter(kind="community"):
            ledger.record(community=home, actor=None, code="office.restored", detail={"backup_of": made_at.isoformat()})
    heads = LedgerHead.objects.select_related("community").filter(seq__gt=0)
    ledger_heads.sign(list(heads), clock.today(), ledger_heads.RESTORED)
    for head in heads:
        ledger_heads.begin_anew(head)
    connection.close()
