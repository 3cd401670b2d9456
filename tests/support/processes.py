"""The site as an operator runs it: commands and servers in processes of their own, with their own environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings

PATIENCE_SECONDS = 120
KEY = "0123456789" * 5 + "abcdefghijklmnopqrstuvwxyz"


def embedded(data: Path) -> dict[str, str]:
    """The environment of an embedded site with this data folder: nothing of the test run's reaches it."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("DUJIN_", "DJANGO_"))}
    return {**outer, "DUJIN_DATA": str(data)}


def production(data: Path, database: str, **more: str) -> dict[str, str]:
    """The environment of a production site on this database and the Redis of the test run."""
    return {
        **embedded(data),
        "DUJIN_PROFILE": "production",
        "DUJIN_DATABASE_URL": database,
        "DUJIN_REDIS_URL": settings.REDIS_URL,
        "DUJIN_SECRET_KEY": KEY,
        "DUJIN_HOSTS": "127.0.0.1,localhost",
        "DUJIN_HTTPS": "0",
        **more,
    }


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python ARGUMENTS` beside manage.py, whatever its outcome."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def manage(environment: dict[str, str], *arguments: str) -> str:
    """What a command prints; it must succeed."""
    done = run(environment, "manage.py", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def refused(environment: dict[str, str], *arguments: str) -> str:
    """What a command says when it refuses; a traceback is no answer."""
    done = run(environment, "manage.py", *arguments)
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr


@contextmanager
def new_database(name: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database beside the one of the test run."""
    address = settings.DATABASE_URL
    base, _, _ = address.rpartition("/")
    _execute(f"{base}/postgres", f'CREATE DATABASE "{name}"')
    try:
        yield f"{base}/{name}"
    finally:
        _execute(f"{base}/postgres", f'DROP DATABASE "{name}" WITH (FORCE)')


def rows(address: str, sql: str) -> list[tuple[Any, ...]]:
    """The answer to one query on a PostgreSQL database."""
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _execute(address: str, sql: str) -> None:
    assert urlsplit(address).scheme.startswith("postgres")
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
