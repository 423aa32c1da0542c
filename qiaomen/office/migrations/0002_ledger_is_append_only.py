"""The database itself refuses to change, replace or remove a ledger line; the chain shows it when somebody gets past that."""

from typing import Any

from django.db import migrations

APPEND_ONLY = "the ledger is append-only"
SQLITE = [
    "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON office_ledgerentry "
    f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END",
    "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON office_ledgerentry "
    f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END",
    # INSERT OR REPLACE removes the old row without asking the trigger above
    "CREATE TRIGGER ledger_no_replace BEFORE INSERT ON office_ledgerentry WHEN EXISTS (SELECT 1 FROM office_ledgerentry "
    "WHERE id = NEW.id OR (community_id = NEW.community_id AND seq = NEW.seq)) "
    f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END",
]
POSTGRES = [
    "CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$",
    # an empty table may be truncated: that loses nothing, and the test suite does it
    "CREATE FUNCTION ledger_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF EXISTS (SELECT 1 FROM office_ledgerentry) THEN RAISE EXCEPTION '{APPEND_ONLY}'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON office_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON office_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    "CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON office_ledgerentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncate()",
]


def guard(apps: Any, editor: Any) -> None:
    for statement in POSTGRES if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def unguard(apps: Any, editor: Any) -> None:
    table = " ON office_ledgerentry" if editor.connection.vendor == "postgresql" else ""
    for name in ("ledger_no_update", "ledger_no_delete", "ledger_no_truncate" if table else "ledger_no_replace"):
        editor.execute(f"DROP TRIGGER {name}{table}")
    if table:
        editor.execute("DROP FUNCTION ledger_refuse()")
        editor.execute("DROP FUNCTION ledger_refuse_truncate()")


class Migration(migrations.Migration):
    dependencies = [("office", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
