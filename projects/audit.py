"""The audit log: one call per act, rows chained by digest (docs/trust.md, Audit chain).

A row's digest covers the previous digest and every field, each length-prefixed, so that no two different rows share
an input. `AuditHead` holds the end of the chain, which finds a cut tail; the single row also orders writers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, models, transaction

from projects import events
from projects.models.audit import AuditArchive, AuditEntry, AuditHead
from tracker.web.errors import UserError

if TYPE_CHECKING:
    from projects.models import User

logger = logging.getLogger(__name__)

GENESIS = "0" * 64


class Unwritable(UserError):
    """The log could not be written, so what it should have told was not done (docs/trust.md, Audit chain)."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "没有办理：审计记录暂时写不进去，系统不做没有记录的操作。请稍后再试；仍不行时请告诉系统管理员。"
        )


def record(
    *,
    actor: User | None,
    at: dt.datetime,
    action: str,
    obj: models.Model | None = None,
    data: dict[str, Any] | None = None,
    acting_for: User | None = None,
) -> AuditEntry:
    """Append one row inside the caller's transaction; if it cannot be written, the act itself fails (`Unwritable`).

    `data` holds JSON values only; changed fields as `{"field": [old, new]}`. Subscribers hear of it after commit.
    """
    try:
        return _append(actor, at, action, obj, data or {}, acting_for)
    except DatabaseError as error:
        logger.exception("the audit log took no %s", action)
        raise Unwritable from error


def _append(
    actor: User | None,
    at: dt.datetime,
    action: str,
    obj: models.Model | None,
    data: dict[str, Any],
    acting_for: User | None,
) -> AuditEntry:
    with transaction.atomic():
        head = _locked_head()
        entry = AuditEntry(
            at=at,
            actor=actor,
            acting_for=acting_for,
            action=action,
            object_type=obj._meta.model_name or "" if obj is not None else "",
            object_id=str(obj.pk) if obj is not None else "",
            object_label=str(obj)[:200] if obj is not None else "",
            data=data,
            algorithm=settings.AUDIT_ALGORITHM,
            previous=head.digest or GENESIS,
        )
        entry.digest = digest_of(entry)
        entry.save(force_insert=True)
        AuditHead.objects.filter(pk=1).update(last_id=entry.pk, count=models.F("count") + 1, digest=entry.digest)
        transaction.on_commit(lambda: events.publish(entry))
    return entry


def _locked_head() -> AuditHead:
    AuditHead.objects.get_or_create(pk=1)
    return AuditHead.objects.select_for_update().get(pk=1)


def digest_of(entry: AuditEntry) -> str:
    """The chained digest of a row: previous digest, then every field as length-prefixed canonical JSON."""
    hasher = hashlib.new(entry.algorithm)
    for part in (
        entry.previous,
        entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.acting_for_id,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.object_label,
        entry.data,
    ):
        text = json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        hasher.update(len(text).to_bytes(8, "big"))
        hasher.update(text)
    return hasher.hexdigest()


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of a walk along the chain: rows read, the head, and the first fault in Chinese (None when sound)."""

    rows: int
    head: str
    fault: str | None


def verify(
    *,
    expected_head: str | None = None,
    using: str = DEFAULT_DB_ALIAS,
    archived: Iterable[AuditEntry] | None = None,
) -> Verification:
    """Walk the whole chain and name the first bad row. `expected_head` is a head printed earlier (an old copy of the
    database lacks it); `using` names another database than the site's own. Without the `archived` rows the walk begins
    where the newest archive ends."""
    archives = list(AuditArchive.objects.using(using).order_by("last_id"))
    previous, rows = GENESIS, 0
    if archives and archived is None:
        previous, rows = archives[-1].digest, sum(archive.rows for archive in archives)
    seen = expected_head in (None, previous)
    told: set[str] = set()
    for entry in itertools.chain(archived or (), _rows(using)):
        rows += 1
        if entry.action == "audit.archive":
            told.add(f"{entry.data.get('head')} {entry.data.get('sha256')}")
        if entry.previous != previous:
            return Verification(rows, previous, f"第{entry.pk}行与前一行不相接：有记录被删除、插入或调换。")
        if digest_of(entry) != entry.digest:
            return Verification(rows, previous, f"第{entry.pk}行内容与摘要不符：记录被改动。")
        previous = entry.digest
        seen = seen or previous == expected_head
    head = AuditHead.objects.using(using).filter(pk=1).first()
    if head is not None and (head.count != rows or (head.digest or GENESIS) != previous):
        return Verification(rows, previous, f"末尾缺少记录：链头登记{head.count}行，实有{rows}行。")
    if archives and f"{archives[-1].digest} {archives[-1].sha256}" not in told:
        return Verification(rows, previous, f"归档 {archives[-1].name} 没有登记在审计链中：归档记录是伪造的。")
    if not seen:
        return Verification(rows, previous, "链中没有给定的链头：数据库可能是旧副本，或链被重写。")
    return Verification(rows, previous, None)


def _rows(using: str) -> Iterator[AuditEntry]:
    return AuditEntry.objects.using(using).order_by("pk").iterator(chunk_size=2000)
