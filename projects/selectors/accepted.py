"""The accepted figures of a year: what later reports, checks and screens build on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet, Subquery

from projects.enums import PeriodKind, ReviewDecision
from projects.models import ExpectedReport, ReportRevision


def accepted_revisions(
    projects: Iterable[int], year: int, *, before: dt.datetime | None = None
) -> dict[int, list[ReportRevision]]:
    """By project id: the revision that counts in each period of `year`, newest period first. One query.

    `before` leaves out what was accepted from that moment on; a correction replaces what it corrects, and a withdrawn
    revision gives way to the one before.
    """
    rows = ReportRevision.objects.filter(
        report__project__in=list(projects),
        report__period__year=year,
        review__decision=ReviewDecision.ACCEPT,
        withdrawal=None,
    )
    if before is not None:
        rows = rows.filter(review__at__lt=before)
    found: dict[int, dict[int, ReportRevision]] = defaultdict(dict)
    for row in rows.select_related("report__period", "review").order_by("report__period__cutoff", "report", "number"):
        found[row.report.project_id][row.report_id] = row
    return {project: list(reversed(counting.values())) for project, counting in found.items()}


def monthly_amounts(
    projects: Iterable[int], year: int, *, before: dt.datetime
) -> dict[int, dict[dt.date, tuple[int, Decimal]]]:
    """By project id and cut-off of the year's monthly reports: the revision that counted just before that moment, with
    its cumulative 万元. One query that reads no other column."""
    rows = ReportRevision.objects.filter(
        Q(withdrawal=None) | Q(withdrawal__at__gte=before),
        report__project__in=list(projects),
        report__period__year=year,
        report__period__kind=PeriodKind.MONTH,
        review__decision=ReviewDecision.ACCEPT,
        review__at__lt=before,
        done__isnull=False,
    )
    found: dict[int, dict[dt.date, tuple[int, Decimal]]] = defaultdict(dict)
    columns = ("report__project", "report__period__cutoff", "pk", "done")
    for project, cutoff, revision, done in rows.order_by("number").values_list(*columns):
        found[project][cutoff] = revision, done
    return found


def last_accepted(expected: QuerySet[ExpectedReport]) -> dict[int, ReportRevision]:
    """By key of an expected report: the revision that counts in the newest accepted period of the same year and project
    before it. Two queries; the older ones are never read."""
    before = ReportRevision.objects.filter(
        report__project=OuterRef("project"),
        report__period__year=OuterRef("period__year"),
        report__period__cutoff__lt=OuterRef("period__cutoff"),
        review__decision=ReviewDecision.ACCEPT,
        withdrawal=None,
    ).order_by("-report__period__cutoff", "-report", "-number")
    newest = dict(expected.order_by().values_list("pk", Subquery(before.values("pk")[:1])))
    revisions = ReportRevision.objects.select_related("report__period", "review").in_bulk(
        {pk for pk in newest.values() if pk is not None}
    )
    return {pk: revisions[revision] for pk, revision in newest.items() if revision is not None}


def base_of(revisions: Iterable[ReportRevision], starts_on: dt.date) -> ReportRevision | None:
    """The newest accepted revision that says how much was done before a period began (revisions newest first)."""
    return next((row for row in revisions if row.report.period.cutoff < starts_on and row.done is not None), None)


def earlier(revisions: Iterable[ReportRevision], cutoff: dt.date) -> list[ReportRevision]:
    """Those of periods that ended before `cutoff`, newest first."""
    return [row for row in revisions if row.report.period.cutoff < cutoff]
