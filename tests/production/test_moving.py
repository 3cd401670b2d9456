"""SQLite to PostgreSQL by one command: rows, chain, numbering and files arrive, or nothing does."""

from __future__ import annotations

import fcntl
import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from projects import audit, uploads
from projects.models import AuditEntry, ReportRevision, Tag, User
from tests.support.s3 import s3_server
from tracker import env

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where the county's own file store lies."""
    settings.MEDIA_ROOT = tmp_path / "county" / "uploads"
    return settings.MEDIA_ROOT


def sqlite(office: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(office / "dujin.sqlite3")) as connected, connected:
        return connected.execute(sql).fetchall()


def move(office: Path) -> str:
    said = StringIO()
    call_command("move_database", source=office, stdout=said, stderr=said)
    return said.getvalue()


def refused(office: Path) -> str:
    with pytest.raises(CommandError) as refusal:
        move(office)
    assert not User.objects.exists()
    return str(refusal.value)


def test_everything_arrives_and_goes_on_from_there(office: Path, folder: Path) -> None:
    said = move(office)
    ((revisions,),) = sqlite(office, "SELECT count(*) FROM projects_reportrevision")
    assert ReportRevision.objects.count() == revisions > 5
    kept = {path.name: path.read_bytes() for path in (office / "uploads").iterdir()}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept
    assert f"文件{len(kept)}个，两边逐行一致" in said
    ((head,),) = sqlite(office, "SELECT digest FROM projects_audithead")
    assert f"链头 {head}" in said
    found = audit.verify(expected_head=head)
    assert (found.fault, found.head) == (None, head)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(action="x")

    ((last,),) = sqlite(office, "SELECT seq FROM sqlite_sequence WHERE name = 'projects_tag'")
    highest = Tag.objects.latest("pk").pk
    assert Tag.objects.create(name="重大产业").pk == last + 1 > highest + 1, "a deleted row's number is not given again"

    with pytest.raises(CommandError, match="目标数据库不是空的"):
        move(office)


def test_files_go_into_the_bucket_of_the_new_place(office: Path, folder: Path, settings: Any) -> None:
    (lost,) = sqlite(office, "SELECT stored_name, thumbnail_name FROM projects_reportphoto ORDER BY id LIMIT 1")
    for name in lost:
        (office / "uploads" / name).unlink()
    with s3_server() as address:
        backend = {"BACKEND": "tracker.web.s3.S3Uploads", "OPTIONS": env.bucket(address)}
        settings.STORAGES = {**settings.STORAGES, "default": backend}
        said = move(office)
        assert list(uploads.names()) == sorted(path.name for path in (office / "uploads").iterdir())
    for name in lost:
        assert f"文件 {name} 已登记，但没有找到" in said, "an old loss is told, and holds nothing up"
    assert not folder.exists()


def test_an_older_and_a_newer_structure_are_refused(office: Path) -> None:
    sqlite(office, "INSERT INTO django_migrations (app, name, applied) VALUES ('projects', '9999_later', '2026-01-01')")
    assert "projects.9999_later" in refused(office)
    sqlite(office, "DELETE FROM django_migrations WHERE name IN ('9999_later', '0006_sending_hold')")
    older = refused(office)
    assert "supervision.0006_sending_hold" in older and "manage.py migrate" in older


def test_a_row_whose_partner_is_missing_is_neither_lost_nor_let_in(office: Path) -> None:
    sqlite(office, "UPDATE projects_rolegrant SET user_id = 999999 WHERE id = (SELECT min(id) FROM projects_rolegrant)")
    assert "projects_rolegrant" in refused(office)


def test_a_broken_chain_arrives_broken_and_is_told(office: Path) -> None:
    sqlite(office, "DROP TRIGGER append_only_projects_auditentry_update")
    sqlite(office, "UPDATE projects_auditentry SET action = 'grant.end' WHERE id = 7")
    assert "审计链在搬迁前就不完好，已原样搬来：第7行" in move(office)


def test_a_full_file_store_is_refused(office: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "stranger.pdf").touch()
    assert "stranger.pdf" in refused(office)


def test_a_running_site_and_a_wrong_place_are_refused(office: Path, tmp_path: Path) -> None:
    with (office / "serve.pid").open("w") as held:
        held.write("4711")
        held.flush()
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "仍在运行（进程 4711）" in refused(office)
    assert "没有找到" in refused(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "vendor", "sqlite")
        assert "不是 PostgreSQL" in refused(office)
