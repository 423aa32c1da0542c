"""The clear last four of numbers, and initials, go: they are tokens now, the numbers as keyed hashes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("register", "0011_fill_search_and_marks")]

    operations = [
        migrations.RemoveField(model_name="person", name="id_tail4"),
        migrations.RemoveField(model_name="person", name="name_initials"),
        migrations.RemoveField(model_name="person", name="phone_tail4"),
    ]
