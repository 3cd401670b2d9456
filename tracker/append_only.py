"""Append-only tables, enforced by the database itself (docs/trust.md, Append-only tables).

`AppendOnly` is a migration operation that puts triggers on tables: a row once written can be neither changed nor
deleted, whichever program holds the connection. On PostgreSQL the table cannot be truncated either. On SQLite the
connection must keep `recursive_triggers` on, or `INSERT OR REPLACE` would delete a row unseen.

Django rebuilds a table on SQLite when a later migration alters it, and the triggers go with the old table: such a
migration ends with another `AppendOnly` for that table. `tests/projects/test_append_only.py` finds a forgotten one.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

REFUSAL = "append-only"
"""Every refusal of the database begins with this word, followed by the table."""

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '{REFUSAL}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$body$
"""


def guarded_tables(connection: BaseDatabaseWrapper) -> set[str]:
    """The tables whose triggers are all in place in this database."""
    catalogue, column, kinds = (
        ("sqlite_master WHERE type = 'trigger' AND", "name", ("_update", "_delete"))
        if connection.vendor == "sqlite"
        else ("pg_trigger WHERE", "tgname", ("_row", "_truncate"))
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {catalogue} {column} LIKE 'append_only_%'")
        names = {name.removeprefix("append_only_") for (name,) in cursor.fetchall()}
    return {
        name.removesuffix(kinds[0])
        for name in names
        if name.endswith(kinds[0]) and name.removesuffix(kinds[0]) + kinds[1] in names
    }


class AppendOnly(Operation):
    """Migration operation: the named tables take new rows and nothing else. Applying it again is harmless."""

    category = OperationCategory.SQL
    reduces_to_sql = True
    reversible = True

    def __init__(self, *tables: str) -> None:
        self.tables = tables

    def deconstruct(self) -> tuple[str, list[str], dict[str, object]]:
        return type(self).__name__, list(self.tables), {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of the model state."""

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for statement in self._drop(editor.connection.vendor) + self._create(editor.connection.vendor):
            editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for statement in self._drop(editor.connection.vendor):
            editor.execute(statement, params=None)

    def describe(self) -> str:
        return f"Refuse updates and deletions on {', '.join(self.tables)}"

    def _drop(self, vendor: str) -> list[str]:
        suffix = "" if vendor == "sqlite" else " ON {table}"
        kinds = ("update", "delete") if vendor == "sqlite" else ("row", "truncate")
        return [
            f"DROP TRIGGER IF EXISTS append_only_{table}_{kind}{suffix.format(table=table)}"
            for table in self.tables
            for kind in kinds
        ]

    def _create(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [
                f"CREATE TRIGGER append_only_{table}_{kind} BEFORE {kind.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {table}'); END"
                for table in self.tables
                for kind in ("update", "delete")
            ]
        statements = [_POSTGRES_FUNCTION]
        for table in self.tables:
            statements += [
                f"CREATE TRIGGER append_only_{table}_row BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION append_only_refuse()",
                f"CREATE TRIGGER append_only_{table}_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse()",
            ]
        return statements
