"""What people are found by, other names, and marks of numbers that are kept apart by community."""

import django.db.models.deletion
from django.db import migrations, models

import qiaomen.office.fields


def compare_bytes(apps, schema_editor):
    """Ranges over tokens go by bytes; SQLite does so anyway."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE register_searchentry ALTER COLUMN token TYPE varchar(60) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0001_staff_devices_and_ledger"),
        ("register", "0009_rights_requests"),
    ]

    operations = [
        migrations.AddField("person", "former_name", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField("person", "nickname", models.CharField(blank=True, default="", max_length=60)),
        migrations.AlterField("person", "id_no_bi", qiaomen.office.fields.BlindIndex(of="id_no", scope="community_id")),
        migrations.AlterField("person", "phone_bi", qiaomen.office.fields.BlindIndex(of="phone", scope="community_id")),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("pk", models.CompositePrimaryKey(
                    "community_id", "token", "place", "person_id", blank=True, editable=False, primary_key=True,
                    serialize=False,
                )),
                ("token", models.CharField(max_length=60)),
                ("place", models.SmallIntegerField()),
                ("community", models.ForeignKey(
                    db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+",
                    to="office.organisation",
                )),
                ("person", models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="register.person",
                )),
            ],
            options={"indexes": [models.Index(fields=["person", "token"], name="search_by_person")]},
        ),
        migrations.RunPython(compare_bytes, migrations.RunPython.noop),
    ]
