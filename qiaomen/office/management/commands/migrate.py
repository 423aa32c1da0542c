"""`qiaomen migrate`: Django's, with each migration and the note that it is done in one transaction."""

from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.state import ProjectState

from qiaomen.office import occasions


def makes_only_new_tables(migration: Migration) -> bool:
    """Say whether a migration makes tables, completes them, and touches no other."""
    made: set[str] = set()
    for operation in migration.operations:
        if isinstance(operation, CreateModel):
            made.add(operation.name_lower)
        elif not isinstance(operation, AddField | AddConstraint | AddIndex) or operation.model_name_lower not in made:
            return False
    return bool(made)


def make_new_tables(state: ProjectState, migration: Migration, editor: BaseDatabaseSchemaEditor) -> ProjectState:
    """Make each table once, as it is when the migration ends, and return the state after it.

    Django renders every model anew after each of the operations: a hundred tables took seven seconds so, and every
    first start waited for them.
    """
    state.__dict__.pop("apps", None)  # what is not rendered yet is not rendered anew
    state = migration.mutate_state(state, preserve=False)
    for operation in migration.operations:
        if isinstance(operation, CreateModel):
            operation.database_forwards(migration.app_label, editor, state, state)
    return state


class WholeExecutor(MigrationExecutor):
    """Django notes a migration after its transaction when indexes are still to be made; a power cut in between stops
    every later start.
    """

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        """Change the tables, make the indexes and note it, or nothing of it."""
        if fake or fake_initial or not migration.atomic:
            return super().apply_migration(state, migration, fake, fake_initial)
        if self.progress_callback:
            self.progress_callback("apply_start", migration, fake)
        with self.connection.schema_editor(atomic=True) as editor:
            if makes_only_new_tables(migration):
                state = make_new_tables(state, migration, editor)
            else:
                state = migration.apply(state, editor)
            while editor.deferred_sql:
                editor.execute(editor.deferred_sql.pop(0))
            self.record_migration(migration)  # type: ignore[arg-type,call-arg]  # the stubs tell of an older Django
        if self.progress_callback:
            self.progress_callback("apply_success", migration, fake)
        return state


class Command(migrate.Command):
    """Runs Django's command with the executor above."""

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django's."""
        # the command names the class, no setting does
        migrate.MigrationExecutor = WholeExecutor  # type: ignore[attr-defined]
        super().handle(*args, **options)
        whole = not (options["app_label"] or options["plan"] or options["check_unapplied"] or options["fake"])
        if whole and options["database"] == DEFAULT_DB_ALIAS:
            occasions.run(occasions.MIGRATED)
