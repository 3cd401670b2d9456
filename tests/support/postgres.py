"""PostgreSQL in tests: the database goes even while a live server's last thread still holds a connection."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation


def drop_with_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends the sessions of test servers instead of failing the last test of the run on them."""
    if connection.vendor != "postgresql":
        return

    def destroy(self: BaseDatabaseCreation, test_database_name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(test_database_name)} WITH (FORCE)")

    monkeypatch.setattr(BaseDatabaseCreation, "_destroy_test_db", destroy)
