"""What waits for review: the queue, and one report beside what was accepted before it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from projects.enums import FlagState, PlanState, ReportState
from projects.models import ExpectedReport, PlanVersion, Project, Report, ReportRevision, VerificationFlag
from projects.permissions import Access, project_scope
from projects.rules.progress import HUNDRED
from projects.selectors.accepted import last_accepted
from projects.selectors.differences import Difference, differences
from projects.selectors.projects import found_by
from projects.selectors.reports import EntryPage, entry_page
from projects.selectors.sorting import key_for


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A revision that waits for review, beside what was accepted before. `growth` in 万元, `share` of the plan in %."""

    report: Report
    revision: ReportRevision
    unit: str
    last: ReportRevision | None
    growth: Decimal | None
    share: Decimal | None
    flags: tuple[VerificationFlag, ...]
    may_review: bool
    """False for whoever submitted it."""
    is_late: bool

    @property
    def is_plain(self) -> bool:
        """It may be accepted together with others: no doubt is open, and the reader is not the one who sent it."""
        return self.may_review and not self.flags

    @property
    def text_changed(self) -> bool:
        return self.last is None or self.last.progress.strip() != self.revision.progress.strip()


DOUBTFUL, PLAIN = "doubtful", "plain"
"""With open flags, without."""


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """What the queue is narrowed to and how it is sorted; empty means everything, the oldest period first."""

    text: str = ""
    kind: str = ""
    """week or month"""
    doubts: str = ""
    """`DOUBTFUL` or `PLAIN`"""
    sort: str = ""


SORTS: dict[str, Callable[[ReviewLine], Any]] = {
    "name": lambda line: line.report.project.name,
    "done": lambda line: line.revision.done,
    "growth": lambda line: line.growth,
    "share": lambda line: line.share,
    "submitted": lambda line: line.revision.submitted_at,
}


def review_queue(
    access: Access, filters: ReviewFilters | None = None, *, user_id: int | None = None
) -> list[ReviewLine]:
    """Everything submitted and not reviewed, oldest period first. Five queries, whatever the history."""
    filters = filters or ReviewFilters()
    rows = Report.objects.filter(
        state=ReportState.SUBMITTED,
        project__in=Project.objects.visible_to(access).filter(project_scope(access, "reports.review")),
    )
    if filters.text:
        rows = rows.filter(project__in=found_by(filters.text))
    if filters.kind:
        rows = rows.filter(period__kind=filters.kind)
    reports = list(
        rows.select_related(
            "project",
            "period",
            "expected__project",
            "expected__period",
            "expected__unit",
            "latest__submitted_by",
            "latest__on_behalf_of",
            "latest__corrects",
        ).order_by("period__due_at", "period__key", "expected__unit__official_order", "project__code")
    )
    last = last_accepted(ExpectedReport.objects.filter(report__in=[report.pk for report in reports]))
    waiting = [(report, report.latest) for report in reports if report.latest is not None]
    flags = _open_flags(revision.pk for _, revision in waiting)
    plans = _plan_amounts(reports)
    checker = user_id if user_id is not None else access.user_id
    lines = [
        _review_line(
            report,
            revision,
            revision.corrects or last.get(report.expected_id),
            flags,
            plans.get((report.project_id, report.period.year)),
            checker,
        )
        for report, revision in waiting
    ]
    if filters.doubts:
        lines = [line for line in lines if bool(line.flags) == (filters.doubts == DOUBTFUL)]
    key, down = filters.sort.lstrip("-"), filters.sort.startswith("-")
    return sorted(lines, key=key_for(SORTS[key], down=down)) if key in SORTS else lines


def waiting_revisions(access: Access, numbers: Iterable[int]) -> QuerySet[ReportRevision]:
    """The submissions of these numbers that this person may review, whether they still wait or not. One query."""
    projects = Project.objects.visible_to(access).filter(project_scope(access, "reports.review"))
    rows = ReportRevision.objects.filter(pk__in=list(numbers), report__project__in=projects)
    return rows.select_related("report__project")


def _review_line(
    report: Report,
    revision: ReportRevision,
    last: ReportRevision | None,
    flags: dict[int, list[VerificationFlag]],
    plan: Decimal | None,
    checker: int | None,
) -> ReviewLine:
    growth = None
    if revision.done is not None:
        growth = revision.done - (last.done if last is not None and last.done is not None else Decimal(0))
    return ReviewLine(
        report=report,
        revision=revision,
        unit=report.expected.unit.label if report.expected.unit else "",
        last=last,
        growth=growth,
        share=growth / plan * HUNDRED if growth is not None and plan else None,
        flags=tuple(flags.get(revision.pk, ())),
        may_review=checker not in (revision.submitted_by_id, revision.on_behalf_of_id),
        is_late=revision.submitted_at > report.period.due_at,
    )


def _open_flags(revisions: Iterable[int]) -> dict[int, list[VerificationFlag]]:
    found: dict[int, list[VerificationFlag]] = defaultdict(list)
    rows = VerificationFlag.objects.filter(revision__in=list(revisions), state=FlagState.OPEN).order_by("pk")
    for flag in rows:
        found[flag.revision_id].append(flag)
    return found


def _plan_amounts(reports: list[Report]) -> dict[tuple[int, int], Decimal | None]:
    """(project, year) -> the effective annual plan."""
    wanted = Q(pk__in=[])
    for year in {report.period.year for report in reports}:
        ids = [report.project_id for report in reports if report.period.year == year]
        wanted |= Q(year=year, project__in=ids)
    rows = PlanVersion.objects.filter(wanted, state=PlanState.EFFECTIVE)
    return {(project, year): annual for project, year, annual in rows.values_list("project", "year", "annual")}


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One waiting revision with its place in the queue. Amounts 万元, `rate` a fraction."""

    line: ReviewLine
    entry: EntryPage
    changes: tuple[Difference, ...]
    """Against what was accepted before: the corrected report, else that of the last period."""
    position: int
    count: int
    previous: int | None
    following: int | None
    """Revisions before and after it in the queue."""

    @property
    def plan(self) -> Decimal | None:
        return self.entry.indicator.plan if self.entry.indicator else None

    @property
    def rate(self) -> Decimal | None:
        done = self.line.revision.done
        return done / self.plan if done is not None and self.plan else None

    @property
    def expected_rate(self) -> Decimal | None:
        return self.entry.indicator.expected_rate if self.entry.indicator else None


def review_page(
    access: Access, revision: int, at: dt.datetime, filters: ReviewFilters | None = None
) -> ReviewPage | None:
    """The page of a waiting revision, its neighbours those of the filtered queue; None when it does not wait (any
    more). A fixed number of queries."""
    lines = review_queue(access, filters)
    place = _place(lines, revision)
    if place is None and filters is not None:  # it is not among what was asked for: the whole queue is its place
        lines = review_queue(access)
        place = _place(lines, revision)
    if place is None:
        return None
    line = lines[place]
    return ReviewPage(
        line=line,
        entry=entry_page(line.report.expected, at),
        changes=differences(line.last, line.revision),
        position=place + 1,
        count=len(lines),
        previous=lines[place - 1].revision.pk if place else None,
        following=lines[place + 1].revision.pk if place + 1 < len(lines) else None,
    )


def _place(lines: list[ReviewLine], revision: int) -> int | None:
    return next((index for index, line in enumerate(lines) if line.revision.pk == revision), None)
