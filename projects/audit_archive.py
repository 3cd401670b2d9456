"""Audit rows past their retention leave the database for a file, and the chain stays provable.

See docs/adr/0014-retention.md. The database itself lets no younger row go, and none that no archive names.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction

from projects import audit
from projects.models import User
from projects.models.audit import AuditArchive, AuditEntry
from tracker.web.errors import UserError

FIELDS = (
    "id",
    "at",
    "actor_id",
    "acting_for_id",
    "action",
    "object_type",
    "object_id",
    "object_label",
    "data",
    "algorithm",
    "previous",
    "digest",
)


def archive(*, folder: Path, actor: User | None, at: dt.datetime) -> AuditArchive | None:
    """Move the rows older than the retention into a new file in `folder`; None when there are none.

    The file is written, read back and walked before a row goes. Its digest stands in the chain, in a row of its own.
    """
    found = audit.verify()
    if found.fault is not None:
        raise UserError(f"审计链不完好，不能归档：{found.fault}")
    young = AuditEntry.objects.filter(at__gte=at - dt.timedelta(days=settings.AUDIT_DAYS)).order_by("pk").first()
    rows = AuditEntry.objects.order_by("pk")
    rows = rows.filter(pk__lt=young.pk) if young else rows
    first, last = rows.first(), rows.last()
    if first is None or last is None:
        return None
    name = f"audit-{first.pk:09}-{last.pk:09}.jsonl.gz"
    content = _packed(rows.iterator(chunk_size=2000))
    _write(folder / name, content)
    row = AuditArchive(
        last_id=last.pk,
        rows=rows.count(),
        digest=last.digest,
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        at=at,
    )
    if [entry.digest for entry in read(row, folder)][-1] != last.digest:
        raise UserError(f"归档文件 {name} 读回后不一致，没有归档。")
    with transaction.atomic():
        row.save(force_insert=True)
        data = {"title": name, "rows": row.rows, "sha256": row.sha256, "head": row.digest}
        audit.record(actor=actor, at=at, action="audit.archive", obj=row, data=data)
        AuditEntry.objects.filter(pk__lte=last.pk).delete()
    return row


def read(row: AuditArchive, folder: Path) -> Iterator[AuditEntry]:
    """The rows of an archive as they were. UserError when the file is not there or not the one that was registered."""
    try:
        content = (folder / row.name).read_bytes()
    except OSError as error:
        raise UserError(f"归档文件 {row.name} 读不到。") from error
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise UserError(f"归档文件 {row.name} 与登记的摘要不符：文件被改动或不是原件。")
    for line in gzip.decompress(content).splitlines():
        values = json.loads(line)
        yield AuditEntry(**{**values, "at": dt.datetime.fromisoformat(values["at"])})


def verify(*, folder: Path, expected_head: str | None = None) -> audit.Verification:
    """Walk the whole chain, archived rows first."""
    rows = (entry for row in AuditArchive.objects.order_by("last_id") for entry in read(row, folder))
    return audit.verify(expected_head=expected_head, archived=rows)


def _packed(rows: Iterable[AuditEntry]) -> bytes:
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0) as file:
        for row in rows:
            values = {name: getattr(row, name) for name in FIELDS} | {"at": row.at.astimezone(dt.UTC).isoformat()}
            file.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
    return stream.getvalue()


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UserError(f"归档文件没有写成：{path}（{error.strerror}）。没有归档。") from error
