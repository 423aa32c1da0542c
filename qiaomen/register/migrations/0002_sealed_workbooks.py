"""Uploaded workbooks hold identity numbers, so they are sealed like the fields."""

from django.db import migrations

import qiaomen.office.fields


class Migration(migrations.Migration):
    dependencies = [("register", "0001_places_people_and_imports")]

    operations = [
        migrations.RemoveField(model_name="importbatch", name="content"),
        migrations.AddField(
            model_name="importbatch", name="workbook", field=qiaomen.office.fields.SealedField(default=""),
            preserve_default=False,
        ),
    ]
