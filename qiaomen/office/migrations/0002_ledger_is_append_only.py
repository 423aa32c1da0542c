"""The database itself refuses to change or remove a ledger line; the hash chain shows it when somebody gets past that."""

from typing import Any

from django.db import migrations

SQLITE = [
    "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON office_ledgerentry "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON office_ledgerentry "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
]
POSTGRES = [
    "CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$",
    "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON office_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON office_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
]


def guard(apps: Any, editor: Any) -> None:
    for statement in POSTGRES if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def unguard(apps: Any, editor: Any) -> None:
    table = " ON office_ledgerentry" if editor.connection.vendor == "postgresql" else ""
    editor.execute(f"DROP TRIGGER ledger_no_update{table}")
    editor.execute(f"DROP TRIGGER ledger_no_delete{table}")
    if table:
        editor.execute("DROP FUNCTION ledger_refuse()")


class Migration(migrations.Migration):
    dependencies = [("office", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
