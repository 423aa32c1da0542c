"""A migration that only makes new tables makes each once: the same tables that Django makes step by step."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, migrations, models
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.utils import ConnectionHandler

from qiaomen.office.management.commands.migrate import make_new_tables, makes_only_new_tables

KEY = models.BigAutoField(primary_key=True)
TABLES: list[Operation] = [
    migrations.CreateModel(
        "Door", [("id", KEY), ("floor", models.IntegerField()), ("label", models.CharField(max_length=9))]
    ),
    migrations.CreateModel(
        "Home", [("id", KEY), ("door", models.ForeignKey("town.Door", models.PROTECT, related_name="+"))]
    ),
    migrations.AddField("Door", "keeper", models.ForeignKey("town.Home", models.PROTECT, null=True, related_name="+")),
    migrations.AddConstraint("Door", models.UniqueConstraint(fields=["label", "floor"], name="door_once")),
    migrations.AddConstraint("Door", models.CheckConstraint(condition=models.Q(floor__gt=0), name="no_cellar")),
    migrations.AddConstraint(
        "Home", models.UniqueConstraint(fields=["door"], condition=models.Q(id__gt=5), name="one_home")
    ),
    migrations.AddIndex("Door", models.Index(fields=["floor"], name="by_floor")),
]


def migration_of(operations: list[Operation]) -> Migration:
    migration = Migration("0001_initial", "town")
    migration.operations = operations
    return migration


@pytest.fixture
def databases(django_db_blocker: Any) -> Iterator[Any]:
    """Two empty databases in memory."""
    names = ("ours", "theirs")
    made = ConnectionHandler(
        {"default": {}} | {name: {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"} for name in names}
    )
    with django_db_blocker.unblock():
        for name in names:
            connections[name] = made[name]  # a transaction looks for its connection there
        yield made["ours"], made["theirs"]
        made.close_all()
        for name in names:
            del connections[name]


def tables(connection: Any) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master")
        return {name: sql for name, sql in cursor.fetchall() if sql}


def test_each_table_is_what_django_makes_of_it_step_by_step(databases: Any) -> None:
    ours, theirs = databases
    with ours.schema_editor(atomic=True) as editor:
        after = make_new_tables(ProjectState(), migration_of(TABLES), editor)
    with theirs.schema_editor(atomic=True) as editor:
        expected = migration_of(TABLES).apply(ProjectState(), editor)
    assert tables(ours) == tables(theirs) and {"town_door", "town_home", "one_home", "by_floor"} <= set(tables(ours))
    assert after.models == expected.models and set(after.apps.all_models["town"]) == {"door", "home"}


@pytest.mark.parametrize(
    "other",
    [
        migrations.RunPython(migrations.RunPython.noop),
        migrations.AddField("Street", "name", models.TextField(default="")),
        migrations.RemoveField("Door", "floor"),
        migrations.AlterField("Door", "floor", models.TextField()),
    ],
)
def test_a_migration_that_touches_more_goes_step_by_step(other: Operation) -> None:
    assert makes_only_new_tables(migration_of(TABLES))
    assert not makes_only_new_tables(migration_of([*TABLES, other])) and not makes_only_new_tables(migration_of([]))
