"""Emptying append-only tables between tests, which the database refuses everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations


@contextmanager
def suspended() -> Iterator[None]:
    """The append-only triggers are off inside the block, and back as they were after it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append_only_%'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _, sql in triggers:
                cursor.execute(sql)


def let_tests_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django empties the tables after each transactional test; only that runs without the triggers."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_suspended(self: BaseDatabaseOperations, sql_list: Iterable[Any]) -> None:
        with suspended():
            flush(self, sql_list)

    monkeypatch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_suspended)
