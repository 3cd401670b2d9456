"""The work behind the pages: a report and its acceptance, lights, snapshot, notices, ledgers."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Iterator
from decimal import Decimal

from benchmarks.measure import Figure, once
from projects.models import ExpectedReport, Period, ReportReview, User
from projects.rules.periods import period_of
from projects.services import indicators, reports
from projects.services.report_values import ReportValues
from supervision.enums import Series, SnapshotState
from supervision.models import RankingRow, Snapshot
from supervision.services import notices, snapshots
from tracker.clock import day_of

REPORTS = 30


def figures(now: dt.datetime) -> Iterator[Figure]:
    yield once("nightly lights", lambda: indicators.recompute(at=now).projects)
    yield once("nightly lights again", lambda: indicators.recompute(at=now).projects)
    yield once("weekly snapshot, published", lambda: _snapshot(now, Series.WEEKLY))
    yield once("monthly snapshot, published", lambda: _snapshot(now, Series.MONTHLY))
    yield from _reports(now)
    yield once("digests of a week written", lambda: _digests(now))


def _snapshot(now: dt.datetime, series: Series) -> int:
    """Ranks the last week or month that locked, and publishes it for the pages."""
    kind = "week" if series == Series.WEEKLY else "month"
    period = Period.objects.filter(kind=kind, lock_at__lt=now).latest("cutoff")
    office = User.objects.get(username="office")
    published = Snapshot.objects.filter(series=series, period=period, state=SnapshotState.PUBLISHED).first()
    if published:
        draft = snapshots.supersede(snapshot_id=published.pk, reason="再次测速", actor=office, at=now)
    else:
        draft = snapshots.take(series=series, period=period, actor=office, at=now)
    snapshots.publish(snapshot_id=draft.pk, version=draft.version, actor=office, at=now)
    return RankingRow.objects.filter(snapshot=draft).count()


def _reports(now: dt.datetime) -> Iterator[Figure]:
    """Reports of the open week, one after another, and the acceptance of each by another person."""
    clerk, office = User.objects.get(username="clerk"), User.objects.get(username="office")
    waiting = ExpectedReport.objects.filter(report=None, period__lock_at__gt=now, period__kind="week")
    submitted, accepted, cpu = [], [], time.process_time()
    for row in waiting.select_related("project", "period").order_by("-pk")[:REPORTS]:
        begin = time.perf_counter()
        values = ReportValues(done=Decimal(9000), done_period=None, stage="", progress=f"完成第{row.pk}段路基。")
        revision = reports.submit(
            expected=row, values=values, version=None, actor=clerk, at=now, flag_reason="数据已核对。"
        )
        submitted.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        reports.accept(revision=revision, actor=office, at=now)
        accepted.append(time.perf_counter() - begin)
    cpu = (time.process_time() - cpu) * 1000
    yield Figure("a report submitted", statistics.median(submitted) * 1000, cpu / len(submitted), count=1)
    yield Figure(
        "a report accepted, light judged",
        statistics.median(accepted) * 1000,
        cpu / len(accepted),
        count=ReportReview.objects.count(),
        note="count: reviews in the database; CPU of both together",
    )


def _digests(now: dt.datetime) -> int:
    today = day_of(now)
    key = period_of("week", today).key
    return notices.issue(as_of=today, at=now, period_key=key, made_up=False, actor=None).created
