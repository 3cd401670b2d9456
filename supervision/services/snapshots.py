"""Ranking snapshots: a draft is replaced as often as needed, a published one never changes, a correction supersedes
it with a reason (docs/rules.md, Snapshots)."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from projects import audit
from projects.models import Period, User
from supervision.enums import RankingBoard, Series, SnapshotState
from supervision.models import RankingRow, Snapshot
from supervision.selectors.frozen import Days, days_of, freeze, key_of
from tracker.web.errors import UserError


def take(*, series: Series, period: Period, actor: User | None, at: dt.datetime) -> Snapshot:
    """Compute the period's ranking as a draft, in place of an earlier draft. A published period is left alone."""
    with transaction.atomic():
        if Snapshot.objects.filter(series=series, period=period, state=SnapshotState.PUBLISHED).exists():
            raise UserError(f"{period.key}的{series.label}已发布；如有差错，请用“更正”并写明原因。")
        is_correction = Snapshot.objects.filter(series=series, period=period, state=SnapshotState.SUPERSEDED).exists()
        days = days_of(key_of(period), at, is_correction=is_correction)
        snapshot = _store(series, period, days, actor, at)
        audit.record(
            actor=actor,
            at=at,
            action="snapshots.take",
            obj=snapshot,
            data={"facts": snapshot.facts_digest, "boards": snapshot.boards_digest, "as_of": days.as_of.isoformat()},
        )
    return snapshot


def publish(*, snapshot_id: int, version: int, actor: User, at: dt.datetime) -> Snapshot:
    """Make the draft the person saw (`version`) the published ranking of its period, and write its history rows."""
    with transaction.atomic():
        snapshot = Snapshot.objects.select_related("period").filter(pk=snapshot_id).first()
        if snapshot is None or snapshot.state != SnapshotState.DRAFT:
            raise UserError("只有草稿可以发布；该排名的状态已变化，请刷新页面。")
        if snapshot.period.lock_at > at:
            raise UserError(f"{snapshot.period.key}尚未锁定，锁定后才能发布排名。")
        moved = Snapshot.objects.filter(pk=snapshot_id, state=SnapshotState.DRAFT, version=version).update(
            state=SnapshotState.PUBLISHED, published_at=at, published_by=actor, version=F("version") + 1
        )
        if not moved:
            raise UserError("草稿刚被重新生成，请核对最新内容后再发布。")
        RankingRow.objects.bulk_create(_history(snapshot))
        audit.record(
            actor=actor, at=at, action="snapshots.publish", obj=snapshot, data={"boards": snapshot.boards_digest}
        )
    return Snapshot.objects.select_related("period").get(pk=snapshot_id)


def supersede(*, snapshot_id: int, reason: str, actor: User, at: dt.datetime) -> Snapshot:
    """Withdraw a published ranking with a reason and draft its correction; the old one stays readable."""
    reason = reason.strip()
    if not reason:
        raise UserError("更正必须写明原因。", "reason")
    with transaction.atomic():
        moved = Snapshot.objects.filter(pk=snapshot_id, state=SnapshotState.PUBLISHED).update(
            state=SnapshotState.SUPERSEDED, correction_reason=reason, version=F("version") + 1
        )
        if not moved:
            raise UserError("只有已发布的排名可以更正；其状态已变化，请刷新页面。")
        old = Snapshot.objects.select_related("period").get(pk=snapshot_id)
        audit.record(actor=actor, at=at, action="snapshots.supersede", obj=old, data={"reason": reason})
        return take(series=Series(old.series), period=old.period, actor=actor, at=at)


def _store(series: Series, period: Period, days: Days, actor: User | None, at: dt.datetime) -> Snapshot:
    frozen = freeze(series, key_of(period), days)
    content: dict[str, Any] = {
        "cutoff": period.cutoff,
        "as_of": days.as_of,
        "facts": frozen.facts,
        "facts_digest": frozen.facts_digest,
        "boards": frozen.boards,
        "boards_digest": frozen.boards_digest,
        "totals": frozen.totals,
        "policy": frozen.policy.to_json(),
        "policy_version": frozen.policy.version,
        "rule_version": frozen.rule_version,
        "taken_at": at,
        "taken_by": actor,
    }
    drafts = Snapshot.objects.filter(series=series, period=period, state=SnapshotState.DRAFT)
    if drafts.update(**content, version=F("version") + 1):
        return drafts.select_related("period").get()
    latest = Snapshot.objects.filter(series=series, period=period).aggregate(number=Max("number"))["number"]
    return Snapshot.objects.create(series=series, period=period, number=(latest or 0) + 1, **content)


def _history(snapshot: Snapshot) -> list[RankingRow]:
    content = json.loads(snapshot.boards)
    return [
        RankingRow(
            snapshot=snapshot,
            board=board,
            group=row["group"],
            subject_id=row["id"],
            subject_name=row["name"],
            position=position,
            rank=row["rank"],
            score=None if row["score"] is None else Decimal(row["score"]),
            previous_rank=row["previous_rank"],
            change=row["change"],
            marks="".join(row["marks"]),
        )
        for board in RankingBoard.values
        for group in content.get(board, ())
        for position, row in enumerate(group["rows"], start=1)
    ]
