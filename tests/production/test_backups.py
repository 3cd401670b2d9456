"""Backups while people write, restores into an empty place, and nothing sent before a person says so."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.support.processes import embedded, manage, new_database, production, refused, rows

WRITER = """
import datetime as dt, os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "tracker.settings"
import django
django.setup()
from projects import audit, uploads
from projects.models import LedgerImport, Tag, User
import hashlib
from django.db import transaction
actor, number = User.objects.first(), 0
while True:
    data = os.urandom(20_000)
    with transaction.atomic():
        LedgerImport.objects.create(
            filename=f"{number}.xlsx", stored_name=uploads.keep(data, ".xlsx"), size=len(data), year=2026,
            sha256=hashlib.sha256(data).hexdigest(), uploaded_by=actor, uploaded_at=dt.datetime.now(dt.UTC),
        )
        Tag.objects.create(name=f"标签{number}")
        audit.record(actor=actor, at=dt.datetime.now(dt.UTC), action="import.upload", data={"round": number})
    number += 1
    if number == 5:
        print("writing", flush=True)
"""
"""Writes a file and three rows that belong together, over and over."""

CONSISTENT = (
    "SELECT (SELECT count(*) FROM projects_tag WHERE name LIKE '标签%'),"
    " (SELECT count(*) FROM projects_ledgerimport WHERE filename LIKE '_%.xlsx' AND size = 20000),"
    " (SELECT count(*) FROM projects_auditentry WHERE data LIKE '%\"round\"%')"
)


def sqlite(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "dujin.sqlite3")) as connection, connection:
        return connection.execute(sql).fetchall()


def only(folder: Path) -> Path:
    (found,) = folder.glob("dujin-*.tar")
    return found


def backed_up_while_writing(environment: dict[str, str], folder: Path) -> Path:
    """A backup made while another process writes as fast as it can."""
    command = [sys.executable, "-c", WRITER]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout is not None
            writer.stdout.readline()
            manage(environment, "backup", "--to", str(folder))
            assert writer.poll() is None, "it wrote on all the time"
        finally:
            writer.kill()
    return only(folder)


def test_a_backup_under_load_comes_back_whole_and_silent(office: Path, tmp_path: Path) -> None:
    site = embedded(office)
    backup = backed_up_while_writing(site, tmp_path / "backups")
    assert backup.stat().st_mode & 0o077 == 0, "it holds the key"
    place = tmp_path / "new"
    said = manage(embedded(place), "restore", str(backup))
    assert "请核查" not in said, "counts, chain head, every file of every row"
    ((tags, ledgers, entries),) = sqlite(place, CONSISTENT)
    assert tags == ledgers == entries >= 5
    assert (place / "secret_key").read_bytes() == (office / "secret_key").read_bytes()
    assert (place / "dujin.sqlite3").stat().st_mode & 0o077 == 0
    ((head,),) = sqlite(place, "SELECT data FROM projects_auditentry WHERE action = 'backups.restore'")
    manage(embedded(place), "verify_audit", "--expect-head", json.loads(head)["chain_head"])

    waiting = "SELECT count(*) FROM supervision_delivery WHERE state = 'waiting' AND channel <> 'inbox'"
    ((before,),) = sqlite(place, waiting)
    assert before > 0
    manage(embedded(place), "dispatcher", "--once")
    assert sqlite(place, waiting) == [(before,)] and not (place / "spool").exists()
    manage(embedded(place), "release_sending")
    manage(embedded(place), "dispatcher", "--once")
    ((after,),) = sqlite(place, waiting)
    assert after < before

    assert "恢复只写入空的地方" in refused(embedded(place), "restore", str(backup))


def test_a_damaged_backup_is_found_before_anything_is_written(office: Path, tmp_path: Path) -> None:
    manage(embedded(office), "backup", "--to", str(tmp_path))
    backup = only(tmp_path)
    with tarfile.open(backup) as tar:
        place = next(member for member in tar if member.name.startswith("uploads/")).offset_data
    with backup.open("r+b") as file:
        file.seek(place)
        file.write(b"\0")
    for arguments in (("restore", str(backup), "--check"), ("restore", str(backup))):
        assert "已损坏：uploads/" in refused(embedded(tmp_path / "new"), *arguments)
    assert not (tmp_path / "new" / "dujin.sqlite3").exists()


def test_only_the_newest_are_kept_and_nothing_else_goes(office: Path, tmp_path: Path) -> None:
    for day in (1, 2, 3):
        (tmp_path / f"dujin-2026010{day}-020000.tar").touch()
    (tmp_path / "minutes.tar").touch()
    manage(embedded(office), "backup", "--to", str(tmp_path), "--keep", "2")
    left = sorted(path.name for path in tmp_path.glob("*.tar"))
    assert len(left) == 3 and left[0] == "dujin-20260103-020000.tar" and left[2] == "minutes.tar"


@pytest.mark.postgres
def test_production_too(office: Path, database: str, tmp_path: Path) -> None:
    site = production(tmp_path / "county", database)
    manage(site, "move_database", "--from", str(office))
    backup = backed_up_while_writing(site, tmp_path / "backups")
    assert "恢复只写入空的数据库" in refused(site, "restore", str(backup))
    assert "备份来自正式环境" in refused(embedded(tmp_path / "embedded"), "restore", str(backup))
    with tarfile.open(backup) as tar:
        assert "secret_key" not in tar.getnames(), "the key of production is the operator's to keep"

    with new_database(f"dujin_restored_{os.getpid()}") as empty:
        place = production(tmp_path / "new", empty)
        assert "请核查" not in manage(place, "restore", str(backup))
        ((tags, ledgers, entries),) = rows(empty, CONSISTENT.replace("data LIKE", "data::text LIKE"))
        assert tags == ledgers == entries >= 5
        waiting = "SELECT count(*) FROM supervision_delivery WHERE state = 'waiting' AND channel <> 'inbox'"
        before = rows(empty, waiting)
        manage(place, "dispatcher", "--once")
        assert rows(empty, waiting) == before != [(0,)]
        assert "标为补发" in manage(place, "release_sending")
