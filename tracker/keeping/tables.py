"""All tables of the site as one thing: counted, compared by content, copied from one database to another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, models
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.sql import InsertQuery

CHUNK = 2000

MADE_BY_MIGRATE = ("django_content_type", "auth_permission")
"""Tables that `migrate` itself fills; an empty database has rows in these alone."""


def all_models() -> list[type[models.Model]]:
    """One model for each table of the site, those of many-to-many relations included."""
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def applied(using: str) -> set[tuple[str, str]]:
    """The migrations this database has been through."""
    return set(MigrationRecorder(connections[using]).applied_migrations())


def known() -> set[tuple[str, str]]:
    """The migrations of this code."""
    return set(MigrationLoader(None).disk_migrations)


def rows_of(model: type[models.Model], using: str) -> models.QuerySet:
    """Every row of a table and no other table: the usual order of some would join, and lose a row whose partner is
    missing."""
    return model._base_manager.using(using).order_by()


def counts(using: str) -> dict[str, int]:
    """Rows by table."""
    return {model._meta.db_table: rows_of(model, using).count() for model in all_models()}


def count_of(tables: list[str], using: str) -> dict[str, int]:
    """Rows of the named tables, whatever the models of this code know of them."""
    connection = connections[using]
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            found[table] = cursor.fetchone()[0]
    return found


def content(model: type[models.Model], using: str) -> tuple[int, str]:
    """How many rows a table has, and a digest of them all: equal in two databases when every value of every row is.

    The digest adds up those of the rows, because databases sort text differently.
    """
    rows, total = 0, 0
    names = [field.attname for field in model._meta.concrete_fields]
    for values in rows_of(model, using).values_list(*names).iterator(chunk_size=CHUNK):
        text = json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
        rows += 1
    return rows, f"{total % (1 << 256):064x}"


def copy(model: type[models.Model], source: str, target: str) -> None:
    """Insert every row of one database into another exactly as it is: moments of creation are not made anew."""
    rows = rows_of(model, source).iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        query = InsertQuery(model)
        query.insert_values(model._meta.concrete_fields, chunk, raw=True)
        query.get_compiler(using=target).execute_sql()


def continue_numbering(source: str, target: str) -> None:
    """PostgreSQL goes on counting where SQLite stopped, so that the number of a deleted row is not given again."""
    with connections[source].cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        last = dict(cursor.fetchall())
    with connections[target].cursor() as cursor:
        for model in all_models():
            pk, table = model._meta.pk, model._meta.db_table
            if isinstance(pk, models.AutoField | models.BigAutoField) and last.get(table):
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, pk.column, last[table]])


@contextmanager
def sqlite_file(path: Path, alias: str, *, options: str = "mode=ro") -> Iterator[str]:
    """The database in a file under an alias of its own, by default only to read."""
    settings = {"NAME": f"{path.resolve().as_uri()}?{options}", "OPTIONS": {"timeout": 20}}
    filled = connections.configure_settings({"default": {}, alias: settings})[alias]
    connections[alias] = DatabaseWrapper(filled, alias)
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
