"""`python -m benchmarks.table [--sizes 100,1000,10000] [--markdown FILE]`: the county at each size on SQLite and on
PostgreSQL, each in a process and a database of its own, as one table with what the machine is.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django

from tests.support.processes import new_database

PASTS = ("3", "47", "260")
"""Weeks that were reported: hardly any, this year's, and five years, a hundred times the first."""
FLAT = ("report entry", "project", "unit to-do", "a report submitted", "a report accepted, light judged")
"""What must cost the same whatever the past."""


@dataclass(slots=True)
class Column:
    """What one county on one database gave."""

    title: str
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    memory: float = 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table")
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--parts", default="work,pages,floors,ledgers,load,mail")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--markdown", type=Path, help="write the tables there too")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    columns, past = [], []
    for size in (int(size) for size in options.sizes.split(",")):
        for database, environment in _databases(options.only):
            with environment as variables:
                columns.append(
                    _measured(f"{database} {size}", variables, "--size", str(size), "--parts", options.parts)
                )
    for weeks in PASTS:
        with _sqlite() as variables:
            given = ("--size", "100", "--weeks", weeks, "--parts", "work,pages")
            past.append(_measured(f"{weeks} weeks", variables, *given))
    text = "\n".join([*_machine(), "", *_table(columns), "", *_flat(past)])
    print(text)
    if options.markdown:
        options.markdown.write_text(text + "\n", encoding="utf-8")
    return 0


def _databases(only: str | None) -> Iterator[tuple[str, contextlib.AbstractContextManager[dict[str, str]]]]:
    if only != "postgresql":
        yield "SQLite", _sqlite()
    if only != "sqlite" and os.environ.get("DUJIN_DATABASE_URL"):
        yield "PostgreSQL", _postgresql()


@contextlib.contextmanager
def _sqlite() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="dujin-bench-") as folder:
        yield {"DUJIN_DATA": folder, "DUJIN_DATABASE_URL": "", "DUJIN_REDIS_URL": ""}


@contextlib.contextmanager
def _postgresql() -> Iterator[dict[str, str]]:
    with new_database(f"dujin_bench_{os.getpid()}") as address, tempfile.TemporaryDirectory() as folder:
        yield {
            "DJANGO_SETTINGS_MODULE": "tracker.settings",
            "DUJIN_PROFILE": "production",
            "DUJIN_DATA": folder,
            "DUJIN_DATABASE_URL": address,
            "DUJIN_SECRET_KEY": "0123456789" * 6,
            "DUJIN_HOSTS": "127.0.0.1,localhost,testserver",
        }


def _measured(title: str, variables: dict[str, str], *arguments: str) -> Column:
    print(f"{title} ...", file=sys.stderr)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--json", *arguments],
        env={**os.environ, "DUJIN_HTTPS": "0", **variables},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return Column(title, {row["name"]: row for row in found["rows"]}, found["memory"])


def _machine() -> Iterator[str]:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    memory = next(line for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines() if "MemTotal" in line)
    yield (
        f"{dt.date.today():%Y-%m-%d}, commit {commit.stdout.strip()}; {os.cpu_count()} cores,"
        f" {int(memory.split()[1]) // 1024**2} GB; Python {platform.python_version()}, Django {django.__version__},"
        f" SQLite {sqlite3.sqlite_version}"
    )


def _table(columns: list[Column]) -> Iterator[str]:
    """Milliseconds (median; CPU in brackets), queries, bytes; the note where there is one."""
    yield "| ms (CPU) | " + " | ".join(column.title for column in columns) + " | queries | bytes |"
    yield "|---|" + "---:|" * (len(columns) + 2)
    for name in dict.fromkeys(name for column in columns for name in column.rows):
        rows = [column.rows.get(name) for column in columns]
        queries = sorted({row["queries"] for row in rows if row and row["queries"] is not None})
        sizes = [row["size"] for row in rows if row and row["size"]]
        cells = [_cell(row) for row in rows]
        yield f"| {name} | {' | '.join(cells)} | {'–'.join(map(str, queries))} | {max(sizes, default='')} |"
    yield "| memory of the process, MB | " + " | ".join(f"{column.memory:.0f}" for column in columns) + " | | |"


def _cell(row: dict[str, Any] | None) -> str:
    if row is None:
        return ""
    digits = 1 if row["wall"] < 100 else 0
    text = f"{row['wall']:.{digits}f}"
    if row["cpu"]:
        text += f" ({row['cpu']:.{digits}f})"
    return f"{text}; {row['note']}" if row["note"] else text


def _flat(columns: list[Column]) -> Iterator[str]:
    """The same acts in counties with longer and longer pasts; the last column is the longest beside the one before."""
    yield f"| CPU ms, 100 projects | {' | '.join(column.title for column in columns)} | times |"
    yield "|---|" + "---:|" * (len(columns) + 1)
    for name in FLAT:
        found = [column.rows[name]["cpu"] for column in columns if name in column.rows]
        if len(found) == len(columns):
            yield f"| {name} | {' | '.join(f'{value:.1f}' for value in found)} | {found[-1] / found[-2]:.2f} |"


if __name__ == "__main__":
    sys.exit(main())
