"""Lines carry the actor's name and a mark made with a key; the database refuses REPLACE and TRUNCATE as well.

Lines and heads from before have no mark: `ledger verify` names them, and a demo county is made anew.
"""

from typing import Any

from django.db import migrations, models

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


def drop(editor: Any, *triggers: str) -> None:
    for name in triggers:
        editor.execute(
            f"DROP TRIGGER {name} ON office_ledgerentry"
            if editor.connection.vendor == "postgresql"
            else f"DROP TRIGGER {name}"
        )


def unguard_old(apps: Any, editor: Any) -> None:
    drop(editor, "ledger_no_update", "ledger_no_delete")
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION ledger_refuse()")


def guard(apps: Any, editor: Any) -> None:
    for statement in POSTGRES if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def unguard(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        drop(editor, "ledger_no_update", "ledger_no_delete", "ledger_no_truncate")
        editor.execute("DROP FUNCTION ledger_refuse()")
        editor.execute("DROP FUNCTION ledger_refuse_truncate()")
    else:
        drop(editor, "ledger_no_update", "ledger_no_delete", "ledger_no_replace")


def guard_old(apps: Any, editor: Any) -> None:
    statements = POSTGRES if editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        if "truncate" not in statement and "ledger_no_replace" not in statement:
            editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("office", "0006_device_list_taken_at")]

    operations = [
        migrations.RunPython(unguard_old, guard_old),
        migrations.RemoveField("ledgerentry", "previous_hash"),
        migrations.AddField(
            "ledgerentry", "actor_name", models.CharField(blank=True, default="", max_length=40), preserve_default=False
        ),
        migrations.AddField("ledgerentry", "key_id", models.CharField(default="", max_length=12), preserve_default=False),
        migrations.AddField("ledgerentry", "mark", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.AddField("ledgerhead", "key_id", models.CharField(default="", max_length=12), preserve_default=False),
        migrations.AddField("ledgerhead", "mark", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.RunPython(guard, unguard),
    ]
