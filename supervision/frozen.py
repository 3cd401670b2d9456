"""Rows that may change while they are drafts and never afterwards, enforced by the database (docs/trust.md)."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

from tracker.append_only import REFUSAL


class FrozenOnceOut(Operation):
    """Migration operation: once `state` has left `draft`, the named columns stay and the row cannot be deleted; the
    state itself may then only go from `published` to `superseded`.

    Comes after an `AppendOnly` in the same or an earlier migration, whose refusing function it shares on PostgreSQL.
    """

    category = OperationCategory.SQL
    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, columns: list[str]) -> None:
        self.table = table
        self.columns = columns

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return type(self).__name__, [self.table, self.columns], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Triggers are no part of the model state."""

    def database_forwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self.database_backwards(app_label, editor, from_state, to_state)
        for name, event, condition in self._triggers():
            editor.execute(self._create(editor.connection.vendor, name, event, condition))

    def database_backwards(
        self, app_label: str, editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        suffix = "" if editor.connection.vendor == "sqlite" else f" ON {self.table}"
        for name, _, _ in self._triggers():
            editor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")

    def describe(self) -> str:
        return f"Freeze {self.table} once published"

    def _triggers(self) -> list[tuple[str, str, str]]:
        prefix = f"append_only_{self.table}"
        is_out = "OLD.state <> 'draft'"
        is_withdrawn = "OLD.state = 'published' AND NEW.state = 'superseded'"
        allowed = f"(OLD.state IN ('draft', NEW.state) OR ({is_withdrawn}))"
        return [
            (f"{prefix}_content", f"UPDATE OF {', '.join(self.columns)}", is_out),
            (f"{prefix}_state", "UPDATE OF state", f"NOT {allowed}"),
            (f"{prefix}_delete", "DELETE", is_out),
        ]

    def _create(self, vendor: str, name: str, event: str, condition: str) -> str:
        if vendor == "sqlite":
            return (
                f"CREATE TRIGGER {name} BEFORE {event} ON {self.table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {self.table}'); END"
            )
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {self.table} FOR EACH ROW WHEN ({condition}) "
            "EXECUTE FUNCTION append_only_refuse()"
        )
