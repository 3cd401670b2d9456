"""Rows of record: the database refuses to change or delete them (docs/trust.md, Append-only tables)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from projects import audit
from projects.models import (
    AuditArchive,
    AuditEntry,
    DocumentVoid,
    LightChange,
    ListAdjustment,
    MilestoneChange,
    PolicyRow,
    ProjectDocument,
    ReportReview,
    ReportRevision,
    RevisionWithdrawal,
    StageChange,
)
from tests.support.append_only import suspended

APPEND_ONLY = (
    AuditArchive,
    AuditEntry,
    DocumentVoid,
    LightChange,
    ListAdjustment,
    MilestoneChange,
    PolicyRow,
    ProjectDocument,
    ReportReview,
    ReportRevision,
    RevisionWithdrawal,
    StageChange,
)
AT = dt.datetime(2026, 5, 8, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def entry(db: None) -> AuditEntry:
    return audit.record(actor=None, at=AT, action="tests.act")


@pytest.mark.django_db
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
def test_every_append_only_table_still_has_its_triggers_after_all_migrations(model: type) -> None:
    table = model._meta.db_table
    catalogue = "sqlite_master WHERE type = 'trigger' AND" if connection.vendor == "sqlite" else "pg_trigger WHERE"
    column = "name" if connection.vendor == "sqlite" else "tgname"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {catalogue} {column} LIKE %s", [f"append_only_{table}_%"])
        assert cursor.fetchone()[0] == 2


def test_an_update_is_refused(entry: AuditEntry) -> None:
    with pytest.raises(DatabaseError, match="append-only: projects_auditentry"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(action="tests.other")
    entry.refresh_from_db()
    assert entry.action == "tests.act"


def test_a_deletion_is_refused(entry: AuditEntry) -> None:
    with pytest.raises(DatabaseError, match="append-only: projects_auditentry"), transaction.atomic():
        entry.delete()
    assert AuditEntry.objects.count() == 1


def test_a_replacing_insert_is_refused_on_sqlite(entry: AuditEntry) -> None:
    """`INSERT OR REPLACE` deletes the old row; the trigger sees it only with recursive triggers on."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT OR REPLACE INTO projects_auditentry SELECT * FROM projects_auditentry WHERE id = %s", [entry.pk]
        )


@pytest.mark.django_db
def test_truncating_is_refused_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with (
        pytest.raises(DatabaseError, match="append-only: projects_policyrow"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE projects_policyrow")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ("first", "second"))
def test_transactional_tests_leave_nothing_behind_and_the_triggers_on(time: str) -> None:
    assert AuditEntry.objects.count() == 0
    entry = audit.record(actor=None, at=AT, action="tests.act")
    with suspended():
        pass
    with pytest.raises(DatabaseError, match="append-only"):
        entry.delete()
