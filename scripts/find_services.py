"""Looks for a PostgreSQL and a Redis to test on; prints shell assignments, or why there are none and exits 1.

Candidates: `DUJIN_DATABASE_URL` and `DUJIN_REDIS_URL` where set, else the usual addresses of this machine. The account
must be a superuser: between tests the append-only triggers are suspended, which nobody else may do.
"""

from __future__ import annotations

import os
import shlex
import sys

import psycopg2
import redis

DATABASES = (
    "postgresql:///dujin",
    "postgresql://postgres@127.0.0.1:5432/dujin",
    "postgresql://root@127.0.0.1:5432/dujin",
)
REDIS = ("redis://127.0.0.1:6379/9",)


def main() -> int:
    database = next(filter(_is_superuser, _candidates("DUJIN_DATABASE_URL", DATABASES)), None)
    broker = next(filter(_answers, _candidates("DUJIN_REDIS_URL", REDIS)), None)
    if database is None or broker is None:
        absent = [name for name, found in (("PostgreSQL (as superuser)", database), ("Redis", broker)) if found is None]
        print(f"no answer from {' and '.join(absent)}")
        return 1
    print(f"DUJIN_DATABASE_URL={shlex.quote(database)}")
    print(f"DUJIN_REDIS_URL={shlex.quote(broker)}")
    return 0


def _candidates(name: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    return (os.environ[name],) if os.environ.get(name) else usual


def _is_superuser(url: str) -> bool:
    """The database named in `url` need not exist: tests make their own."""
    try:
        connection = psycopg2.connect(f"{url.rpartition('/')[0]}/postgres", connect_timeout=3)
    except psycopg2.Error:
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            return cursor.fetchone() == (True,)
    finally:
        connection.close()


def _answers(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url, socket_connect_timeout=3).ping())
    except redis.RedisError:
        return False


if __name__ == "__main__":
    sys.exit(main())
