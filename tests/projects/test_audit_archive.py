"""Audit rows past their retention leave for a file, and the chain stays provable (docs/adr/0014-retention.md)."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from projects import audit, audit_archive
from projects.models import AuditArchive, AuditEntry, AuditHead, User
from tests.conftest import Freeze
from tests.guards.source import ROOT
from tests.support.append_only import suspended
from tests.support.county import CREATED
from tracker.web.errors import UserError

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
NOW = START + dt.timedelta(days=2000)


@pytest.fixture
def rows(db: None) -> list[AuditEntry]:
    """Twenty, a hundred days apart; those of the first nine hundred days are past three years."""
    actor = User.objects.create_user("lu", name="陆砚秋", created_at=CREATED)
    return [
        audit.record(
            actor=actor,
            at=START + dt.timedelta(days=100 * number, microseconds=number),
            action="tests.act",
            obj=actor,
            data={"done": [None, "一"]},
        )
        for number in range(20)
    ]


def archived(folder: Path, at: dt.datetime = NOW) -> AuditArchive | None:
    return audit_archive.archive(folder=folder, actor=None, at=at)


def test_old_rows_go_and_the_chain_holds(rows: list[AuditEntry], tmp_path: Path) -> None:
    made = archived(tmp_path)
    assert made is not None
    assert (made.rows, made.last_id, made.digest) == (10, rows[9].pk, rows[9].digest)
    assert AuditEntry.objects.count() == 11, "ten younger ones and the entry of the archive"
    found = audit.verify()
    assert (found.rows, found.fault) == (21, None)
    whole = audit_archive.verify(folder=tmp_path)
    assert (whole.rows, whole.head, whole.fault) == (21, found.head, None)
    assert (tmp_path / made.name).stat().st_mode & 0o777 == 0o600


def test_a_second_archive_goes_on_from_the_first(rows: list[AuditEntry], tmp_path: Path) -> None:
    archived(tmp_path)
    assert archived(tmp_path) is None
    later = archived(tmp_path, NOW + dt.timedelta(days=500))
    assert later is not None
    assert (audit.verify().rows, audit.verify().fault) == (22, None)
    assert audit_archive.verify(folder=tmp_path, expected_head=rows[3].digest).fault is None
    assert "旧副本" in str(audit.verify(expected_head=rows[3].digest).fault), "that row lies in a file"


def test_the_database_lets_nothing_else_go(rows: list[AuditEntry], tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows[0].delete()  # old, and in no archive
    recent = audit.record(actor=None, at=dt.datetime.now(dt.UTC), action="tests.act")
    AuditArchive.objects.create(last_id=recent.pk, rows=21, digest=recent.digest, name="x", sha256="0" * 64, at=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        recent.delete()  # named by an archive, and young
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=rows[0].pk).update(action="tests.other")


def test_a_forged_archive_is_found(rows: list[AuditEntry]) -> None:
    """Somebody removes the first rows and registers them as archived; the chain knows of no such act."""
    forged = {"last_id": rows[4].pk, "rows": 5, "digest": rows[4].digest, "name": "audit.gz", "sha256": "0" * 64}
    AuditArchive.objects.create(**forged, at=NOW)
    with suspended():
        AuditEntry.objects.filter(pk__lte=rows[4].pk).delete()
    assert "归档记录是伪造的" in str(audit.verify().fault)


def test_a_changed_or_lost_file_is_found(rows: list[AuditEntry], tmp_path: Path) -> None:
    made = archived(tmp_path)
    assert made is not None
    file = tmp_path / made.name
    content = file.read_bytes()
    file.write_bytes(content[:-9] + b"123456789")
    with pytest.raises(CommandError, match="与登记的摘要不符"):
        call_command("verify_audit", archives=tmp_path)
    file.unlink()
    with pytest.raises(CommandError, match="读不到"):
        call_command("verify_audit", archives=tmp_path)


def test_nothing_goes_when_the_file_cannot_be_written_or_the_chain_is_broken(
    rows: list[AuditEntry], tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="没有写成"):
        archived(tmp_path / "missing")
    AuditHead.objects.update(count=7)
    with pytest.raises(UserError, match="不能归档"):
        archived(tmp_path)
    assert AuditEntry.objects.count() == 20
    assert list(tmp_path.iterdir()) == []


def test_the_command(
    rows: list[AuditEntry], tmp_path: Path, freeze: Freeze, capsys: pytest.CaptureFixture[str]
) -> None:
    freeze(NOW)
    call_command("archive_audit", to=tmp_path)
    assert "已归档10行" in capsys.readouterr().out
    call_command("archive_audit", to=tmp_path)
    assert "没有超过1096天的审计记录" in capsys.readouterr().out
    call_command("verify_audit", archives=tmp_path)
    assert "共21行" in capsys.readouterr().out


def test_less_than_half_a_year_is_refused_at_the_start(tmp_path: Path) -> None:
    environment = {**os.environ, "DUJIN_AUDIT_DAYS": "179", "DUJIN_DATA": str(tmp_path), "DUJIN_PROFILE": "embedded"}
    found = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert found.returncode != 0
    assert "DUJIN_AUDIT_DAYS" in found.stderr and "不小于180" in found.stderr
