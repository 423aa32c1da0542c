"""Ranges over search tokens go by bytes; SQLite does so anyway."""

from typing import Any

from django.db import migrations


def compare_bytes(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute('ALTER TABLE register_searchentry ALTER COLUMN token TYPE varchar(60) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [migrations.RunPython(compare_bytes, migrations.RunPython.noop)]
