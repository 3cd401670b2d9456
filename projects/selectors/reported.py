"""What was due of projects and what of it came (docs/rules.md, As of a day).

Reports that no rule looks at stay in the database: of a large county's half a million a year a few for each project are
read, so that the cost does not follow the length of the year.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from projects.enums import ReviewDecision
from projects.models import ExpectedReport, Period, Project, ReportRevision
from projects.rules.facts import ReportFact
from tracker.clock import day_of, end_of

RECENT_PERIODS = 8
"""Where the newest accepted figure is looked for first: two months of weeks and months. Only for projects that were
silent longer, all periods of the year are searched."""


@dataclass(frozen=True, slots=True)
class Known:
    """What counts: periods of `year` that ended by `cutoff` (None: all), as known before the moment `before`."""

    year: int
    before: dt.datetime
    cutoff: dt.date | None = None

    @property
    def periods(self) -> QuerySet[Period]:
        ended = Q() if self.cutoff is None else Q(cutoff__lte=self.cutoff)
        return Period.objects.filter(ended, year=self.year)

    def standing(self) -> QuerySet[ReportRevision]:
        """Submitted by then and not withdrawn by then."""
        return ReportRevision.objects.filter(
            Q(withdrawal=None) | Q(withdrawal__at__gte=self.before), submitted_at__lt=self.before
        )

    def accepted(self) -> QuerySet[ReportRevision]:
        """Standing, and accepted by then."""
        return self.standing().filter(review__decision=ReviewDecision.ACCEPT, review__at__lt=self.before)


@dataclass(frozen=True, slots=True)
class Counted:
    """The revision a project's figure rests on: accepted, of the newest period."""

    revision: int
    period: str
    cutoff: dt.date
    done: Decimal | None


@dataclass(frozen=True, slots=True)
class Due:
    """A project's due reports: those a rule looks at, oldest first, and how many came in time and were accepted."""

    listed: tuple[ReportFact, ...] = ()
    in_time: int = 0


@dataclass(slots=True)
class _Newest:
    """By project: how many reports are due, and which of them end or fall due last."""

    count: int = 0
    cutoffs: dict[str, dt.date] = field(default_factory=dict)
    due_at: dt.datetime | None = None


class _Row(NamedTuple):
    project: int
    is_in_time: bool
    due_at: dt.datetime
    report: ReportFact


# The figure


def counted(known: Known, ids: Iterable[int]) -> dict[int, Counted]:
    """By project: the newest figure that counts. One query, and one more where somebody was silent for long."""
    begun = known.periods.filter(starts_on__lt=day_of(known.before)).order_by("-cutoff")
    last = Subquery(begun.values("cutoff")[RECENT_PERIODS - 1 : RECENT_PERIODS])
    recent = known.periods.filter(cutoff__gte=Coalesce(last, dt.date(known.year, 1, 1)))
    found = _newest(known, ids, recent)
    return found | _newest(known, [project for project in ids if project not in found], known.periods)


def _newest(known: Known, ids: Iterable[int], periods: QuerySet[Period]) -> dict[int, Counted]:
    """Project -> its accepted revision of the newest of `periods`."""
    of_project = known.accepted().filter(report__project=OuterRef("pk"), report__period__in=periods)
    newest = of_project.order_by("-report__period__cutoff", "-submitted_at", "-pk").values("pk")[:1]
    keys = Project.objects.filter(pk__in=ids).order_by().annotate(newest=Subquery(newest)).values("newest")
    rows = ReportRevision.objects.filter(pk__in=keys).order_by()
    fields = ("report__project", "pk", "report__period__key", "report__period__cutoff", "done")
    return {project: Counted(*values) for project, *values in rows.values_list(*fields)}


# The reports


def due_reports(known: Known, ids: Iterable[int], judged_on: dt.date) -> dict[int, Due]:
    """By project: reports whose due day is before `judged_on` and that were not waived. Two queries, and one more where
    somebody is silent."""
    due = ExpectedReport.objects.filter(
        Q(waived_at=None) | Q(waived_at__gte=known.before),
        project__in=ids,
        period__in=known.periods.filter(due_at__lt=end_of(judged_on - dt.timedelta(days=1))),
    ).order_by()
    newest = _newest_due(due)
    listed: dict[int, list[ReportFact]] = defaultdict(list)
    for row in _looked_at(known, due, newest):
        listed[row.project].append(row.report)
    for project, reports in _before_silence(known, due, newest, listed).items():
        listed[project] = sorted([*listed[project], *reports], key=lambda report: (report.due, report.period))
    return {
        project: Due(tuple(listed[project]), of_project.count - len(listed[project]))
        for project, of_project in newest.items()
    }


def _newest_due(due: QuerySet[ExpectedReport]) -> dict[int, _Newest]:
    found: dict[int, _Newest] = defaultdict(_Newest)
    rows = due.values_list("project", "period__kind").annotate(
        count=Count("pk"), cutoff=Max("period__cutoff"), due_at=Max("period__due_at")
    )
    for project, kind, count, cutoff, due_at in rows:
        of_project = found[project]
        of_project.count += count
        of_project.cutoffs[kind] = cutoff
        of_project.due_at = due_at if of_project.due_at is None else max(due_at, of_project.due_at)
    return found


def _looked_at(known: Known, due: QuerySet[ExpectedReport], newest: dict[int, _Newest]) -> Iterator[_Row]:
    """The newest of each kind, and what did not come in time or is not accepted, as it fell due."""
    cutoffs = {cutoff for of_project in newest.values() for cutoff in of_project.cutoffs.values()}
    moments = {of_project.due_at for of_project in newest.values()}
    candidates = Q(is_in_time=False) | Q(period__cutoff__in=cutoffs) | Q(period__due_at__in=moments)
    for row in _rows(known, due, candidates):
        of_project = newest[row.project]
        is_newest = row.report.cutoff == of_project.cutoffs[row.report.kind] or row.due_at == of_project.due_at
        if is_newest or not row.is_in_time:
            yield row


def _before_silence(
    known: Known,
    due: QuerySet[ExpectedReport],
    newest: dict[int, _Newest],
    listed: dict[int, list[ReportFact]],
) -> dict[int, list[ReportFact]]:
    """Where the newest report of a kind is missing: the last of that kind that came in time; silence follows it."""
    silent = {
        (project, report.kind)
        for project, reports in listed.items()
        for report in reports
        if report.submitted is None and report.cutoff == newest[project].cutoffs[report.kind]
    }
    last: dict[tuple[int, str], ReportFact] = {}
    of_silent = due.filter(project__in={project for project, _ in silent})
    for row in _rows(known, of_silent, Q(is_in_time=True)):
        key = (row.project, row.report.kind)
        if key in silent and (key not in last or last[key].cutoff < row.report.cutoff):
            last[key] = row.report
    found: dict[int, list[ReportFact]] = defaultdict(list)
    for (project, _), report in last.items():
        found[project].append(report)
    return found


def _rows(known: Known, due: QuerySet[ExpectedReport], wanted: Q) -> Iterator[_Row]:
    """The due reports that are `wanted`, with what became of them, in the order in which they fell due."""
    of_report = Q(report__expected=OuterRef("pk"))
    in_time = known.accepted().filter(of_report, submitted_at__lte=OuterRef("period__due_at"))
    standing = known.standing().filter(of_report).order_by().values("report")
    returned = standing.filter(review__decision=ReviewDecision.RETURN, review__at__lt=known.before)
    accepted = known.accepted().filter(of_report).order_by().values("report")
    rows = (
        due.annotate(is_in_time=Exists(in_time))
        .filter(wanted)
        .annotate(
            submitted=Subquery(standing.annotate(first=Min("submitted_at")).values("first")),
            accepted=Subquery(accepted.annotate(first=Min("review__at")).values("first")),
            returned=Subquery(returned.annotate(count=Count("pk")).values("count")),
        )
        .order_by("period__due_at", "period__key")
    )
    fields = ("project", "is_in_time", "period__due_at", "period__key", "period__kind", "period__cutoff")
    for project, is_in_time, due_at, key, kind, cutoff, submitted, accepted_at, count in rows.values_list(
        *fields, "submitted", "accepted", "returned"
    ):
        report = ReportFact(
            period=key,
            kind=kind,
            cutoff=cutoff,
            due=day_of(due_at),
            submitted=day_of(submitted) if submitted else None,
            accepted=day_of(accepted_at) if accepted_at else None,
            returned=count or 0,
        )
        yield _Row(project, is_in_time, due_at, report)
