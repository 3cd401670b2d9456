"""The whole database as one file, taken while people work, and put back into an empty place.

SQLite is copied through its online backup; PostgreSQL by its own pg_dump and pg_restore, in one transaction each.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from supervision.models import SendingHold
from tracker.keeping import tables
from tracker.keeping.refusal import Refused

COPY = "copy"
NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
"""What the file is called in a backup, by kind of database."""


def vendor() -> str:
    return connections[DEFAULT_DB_ALIAS].vendor


@contextmanager
def taken(file: Path) -> Iterator[str]:
    """Write the database as of one moment to `file`; inside the block the alias shows that very moment."""
    if vendor() == "sqlite":
        with closing(sqlite3.connect(_sqlite_path())) as live, closing(sqlite3.connect(file)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        with tables.sqlite_file(file, COPY) as alias:
            yield alias
        return
    connection = connections[DEFAULT_DB_ALIAS]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run([*command, f"--file={file}"])
        yield DEFAULT_DB_ALIAS


def refuse_filled() -> None:
    """Refused unless the site's database has no table yet."""
    if vendor() == "sqlite":
        if _sqlite_path().exists():
            raise Refused(f"已有数据库 {_sqlite_path()}。恢复只写入空的地方：请换一个数据文件夹，或先把它移走。")
        return
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        present = connections[DEFAULT_DB_ALIAS].introspection.table_names(cursor)
    if present:
        raise Refused(f"目标数据库已有{len(present)}张表。恢复只写入空的数据库：请新建一个，或先清空。")


def put_back(file: Path, *, reason: str, at: dt.datetime) -> None:
    """Fill the empty database from `file`, with sending stopped from its first moment on."""
    if vendor() == "sqlite":
        _put_back_sqlite(file, reason, at)
    else:
        _put_back_postgres(file, reason, at)


def _put_back_sqlite(file: Path, reason: str, at: dt.datetime) -> None:
    place = _sqlite_path()
    part = place.with_suffix(".part")
    shutil.copyfile(file, part)
    with closing(sqlite3.connect(part)) as copy, copy:
        copy.execute(_hold_sql(), (_moment(at), reason))
    part.chmod(0o600)
    part.rename(place)


def _put_back_postgres(file: Path, reason: str, at: dt.datetime) -> None:
    """pg_restore writes a script, psql runs it in one transaction that ends with the stop of sending."""
    read = _start(["pg_restore", "--no-owner", "--no-privileges", "--file=-", str(file)], stdout=subprocess.PIPE)
    write = _start(["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *_address()], stdin=subprocess.PIPE)
    assert read.stdout is not None and write.stdin is not None
    try:
        write.stdin.write(b"BEGIN;\n")
        shutil.copyfileobj(read.stdout, write.stdin, 1 << 20)
        if read.wait() == 0:
            quoted = ", ".join("'" + text.replace("'", "''") + "'" for text in (_moment(at), reason))
            hold = _hold_sql().replace("?, ?", quoted).replace("INTO ", "INTO public.")
            write.stdin.write(f"{hold};\nCOMMIT;\n".encode())
    except BrokenPipeError:
        pass  # psql has given up; what it said follows
    _, told = write.communicate()
    if read.wait() or write.returncode:
        raise Refused(f"PostgreSQL 恢复失败，未写入任何数据：{told.decode(errors='replace').strip()[:500]}")


def _hold_sql() -> str:
    return f"INSERT INTO {SendingHold._meta.db_table} (since, reason) VALUES (?, ?)"


def _moment(at: dt.datetime) -> str:
    utc = at.astimezone(dt.UTC)
    return utc.isoformat(sep=" ") if vendor() == "postgresql" else utc.replace(tzinfo=None).isoformat(sep=" ")


def _sqlite_path() -> Path:
    return Path(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"])


def _address() -> list[str]:
    return [f"--dbname={connections[DEFAULT_DB_ALIAS].settings_dict['NAME']}", "--no-password"]


def _environment() -> dict[str, str]:
    """Address and password for PostgreSQL's own programs; a password on the command line could be read by others."""
    settings = connections[DEFAULT_DB_ALIAS].settings_dict
    known = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {name: str(settings[key]) for name, key in known.items() if settings[key]}
    return {**os.environ, **given, **{f"PG{key.upper()}": value for key, value in settings["OPTIONS"].items()}}


def _run(command: list[str]) -> None:
    program = _start([*command, *_address()])
    _, told = program.communicate()
    if program.returncode:
        raise Refused(f"{command[0]} 失败：{told.decode(errors='replace').strip()[:500]}")


def _start(
    command: list[str], *, stdin: int | None = None, stdout: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, env=_environment(), stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)
    except FileNotFoundError as error:
        raise Refused(
            f"找不到 {command[0]}：请安装 PostgreSQL 客户端（postgresql-client，版本不低于服务器）。"
        ) from error
