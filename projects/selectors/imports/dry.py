"""Reading a ledger without an import: what `import_ledger --dry-run` shows (docs/imports.md, Command)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.sqlite3.base import DatabaseWrapper as SqliteDatabase

from projects.excel.reader import ReadOptions, read_ledger
from projects.excel.readings import LedgerReading
from projects.selectors.imports.known import Known, names_for_reading, names_only


def dry_reading(data: bytes, filename: str, options: ReadOptions) -> LedgerReading:
    """Read with the units, roster and answers the database knows; without a database, with none.

    Raises `LedgerDeclined`.
    """
    try:
        known = names_only() if _has_database() else Known()
    except DatabaseError:
        known = Known()
    units, people = names_for_reading(known)
    options = replace(
        options,
        known_units=units,
        known_people=people,
        header_answers={**known.headers, **options.header_answers},
        name_answers={**known.spellings, **options.name_answers},
    )
    return read_ledger(data, filename, options)


def _has_database() -> bool:
    """Looking must not make one: SQLite creates the file it is asked to open."""
    database = connections[DEFAULT_DB_ALIAS]
    if not isinstance(database, SqliteDatabase) or database.is_in_memory_db():
        return True
    return Path(database.settings_dict["NAME"]).exists()
