"""What the schedule calls: each function does one job for a `JobContext` and answers one Chinese sentence."""

from __future__ import annotations

import datetime as dt

from projects import audit
from projects.enums import PeriodKind
from projects.models import Period
from projects.rules.periods import period_of
from projects.services import forms, indicators, periods
from supervision.enums import Series
from supervision.models import Snapshot
from supervision.rules.schedule import SHANGHAI, JobContext
from supervision.services import notices, snapshots

RECENT = dt.timedelta(days=62)
"""Periods locked longer ago (from an old ledger) are ranked only when a person asks."""


def open_periods(context: JobContext) -> str:
    """Opens the periods whose time has come and writes the reports that are due in them."""
    opened = periods.open_due(at=context.at)
    keys = "、".join(opened.periods) or "无新报告期"
    return f"{keys}；新登记应报{opened.expected}份"


def lock_periods(context: JobContext) -> str:
    """Locks the periods whose lock time has passed."""
    return "、".join(periods.lock_due(at=context.at)) or "没有到时锁定的报告期"


def recompute_lights(context: JobContext) -> str:
    """Judges every listed project again: lights change with the day even when nobody reports."""
    result = indicators.recompute(at=context.at, progress=context.progress)
    return f"重算{result.projects}个项目，{result.changed}个综合灯有变化"


def weekly_notices(context: JobContext) -> str:
    """Digests for the ISO week of the due day. Made up late, they show what stands now, at most the week's end."""
    last_day_of_week = context.as_of + dt.timedelta(days=6 - context.as_of.weekday())
    today = context.at.astimezone(SHANGHAI).date()
    as_of = min(max(today, context.as_of), last_day_of_week) if context.is_made_up else context.as_of
    issued = notices.issue(
        as_of=as_of,
        at=context.at,
        period_key=period_of("week", context.as_of).key,
        made_up=context.is_made_up,
        actor=None,
        progress=context.progress,
    )
    return f"{issued.period_key}：{issued.recipients}人有事项，新生成通知{issued.created}份"


def weekly_snapshot(context: JobContext) -> str:
    return _snapshot_due(context, Series.WEEKLY, PeriodKind.WEEK)


def monthly_snapshot(context: JobContext) -> str:
    return _snapshot_due(context, Series.MONTHLY, PeriodKind.MONTH)


def forget_form_tokens(context: JobContext) -> str:
    """Drops the tokens of forms that nobody can send again."""
    return f"清理过期表单令牌{forms.forget_old(at=context.at)}个"


def verify_audit(context: JobContext) -> str:
    """Walks the audit chain; a fault fails the job, which the operations page shows."""
    result = audit.verify()
    if result.fault:
        raise AuditFault(result.fault)
    return f"审计链完好：{result.rows}行，链头{result.head[:16]}"


def _snapshot_due(context: JobContext, series: Series, kind: PeriodKind) -> str:
    """Draft the ranking of every recently locked period that has none. Publishing is left to a person."""
    locked = (
        Period.objects.filter(kind=kind, lock_at__lte=context.at, lock_at__gt=context.at - RECENT)
        .exclude(pk__in=Snapshot.objects.filter(series=series).values("period"))
        .order_by("cutoff")
    )
    total = len(locked)
    for done, period in enumerate(locked, start=1):
        snapshots.take(series=series, period=period, actor=None, at=context.at)
        context.progress(done, total)
    return f"已生成草稿：{'、'.join(period.key for period in locked)}" if total else "没有需要生成排名的报告期"


class AuditFault(Exception):
    """The audit chain does not hold; the message names the first bad row."""
