"""The audit log in tests: what an act left in it, and a database that takes no more of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from projects.models import AuditEntry


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back: the county is built once for all acts."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def log_full() -> Iterator[None]:
    """The database takes no row of the audit log, as with a full disk. To be used inside `undone`."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            raising = "BEGIN SELECT RAISE(ABORT, 'no room'); END"
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                "$body$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $body$"
            )
            raising = "FOR EACH ROW EXECUTE FUNCTION no_room()"
        cursor.execute(f"CREATE TRIGGER no_room BEFORE INSERT ON projects_auditentry {raising}")
    yield


def entries_since(last: int) -> tuple[str, ...]:
    return tuple(AuditEntry.objects.filter(pk__gt=last).order_by("pk").values_list("action", flat=True))


def last_entry() -> int:
    return AuditEntry.objects.latest("pk").pk
