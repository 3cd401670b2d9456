"""What the report screens need: the to-do of a unit, the entry page, one report's history."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from projects.enums import ReportState, ReviewDecision
from projects.models import (
    ExpectedReport,
    Period,
    Project,
    Report,
    ReportPhoto,
    ReportReview,
    ReportRevision,
    RevisionWithdrawal,
    Unit,
    VerificationFlag,
)
from projects.models.versioned import FIRST_VERSION
from projects.permissions import Access, project_scope
from projects.rules.flags import Figure, Flag
from projects.rules.lights import judge
from projects.selectors.accepted import accepted_revisions, base_of, earlier, last_accepted
from projects.selectors.calendar import calendar
from projects.selectors.checks import preview
from projects.selectors.differences import Difference, differences
from projects.selectors.facts import project_facts
from projects.selectors.indicators import IndicatorView, view_of
from projects.selectors.people import visible_units
from projects.selectors.photos import photos_of
from projects.selectors.policy import policy_on
from projects.workdays import Calendar
from tracker.clock import day_of

MOST_PHOTOS = 6
"""A report shows how things stand; it is no album."""
MISSED_SHOWN = dt.timedelta(days=35)
"""How long a missed report stays on the to-do list after its period locked."""


@dataclass(frozen=True, slots=True)
class TodoLine:
    """One report that somebody has to think of. `workdays_left` is negative when it is late."""

    expected: ExpectedReport
    state: str
    workdays_left: int
    return_reason: str
    last: ReportRevision | None
    """The newest accepted report of an earlier period of the year."""

    @property
    def report(self) -> Report | None:
        return getattr(self.expected, "report", None)

    @property
    def version(self) -> int:
        return self.report.version if self.report else FIRST_VERSION

    @property
    def workdays_late(self) -> int:
        return max(-self.workdays_left, 0)

    @property
    def state_label(self) -> str:
        return ReportState(self.state).label if self.state else "未报送"


@dataclass(frozen=True, slots=True)
class Todo:
    """The to-do list of a person who reports, most urgent first in each part."""

    returned: tuple[TodoLine, ...]
    overdue: tuple[TodoLine, ...]
    due: tuple[TodoLine, ...]
    waiting: tuple[TodoLine, ...]
    accepted: tuple[TodoLine, ...]
    missed: tuple[TodoLine, ...]

    @property
    def count(self) -> int:
        """How many reports wait for this person."""
        return len(self.returned) + len(self.overdue) + len(self.due)

    @property
    def following(self) -> TodoLine | None:
        """What to report next."""
        return next(iter((*self.overdue, *self.due, *self.returned)), None)

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


def todo(access: Access, at: dt.datetime, *, unit: int | None = None) -> Todo:
    """Reports of open periods on the projects this person reports for, and those missed of late; for who only looks on,
    those of the projects seen. `unit` narrows to what one unit owes. Five queries, whatever the history.
    """
    days = calendar()
    rows = (
        _expected_for(access)
        .filter(period__opened_at__lte=at, period__lock_at__gt=at - MISSED_SHOWN)
        .exclude(period__lock_at__lte=at, report__state__in=(ReportState.SUBMITTED, ReportState.ACCEPTED))
        .order_by("period__due_at", "unit__official_order", "project__code", "pk")
    )
    if unit is not None:
        rows = rows.filter(unit=unit)
    due = list(rows)
    last = last_accepted(rows)
    parts: dict[str, list[TodoLine]] = defaultdict(list)
    for row in due:
        line = _todo_line(row, at, days, last.get(row.pk))
        part = _part_of(line, at)
        if part:
            parts[part].append(line)
    return Todo(**{name: tuple(parts[name]) for name in Todo.__dataclass_fields__})


def units_to_look_at(access: Access) -> list[Unit]:
    """The units among which the to-do list may be narrowed: those of the projects seen, for whoever is not tied to one
    unit or project. One query, or none."""
    if all(grant.unit_id or grant.project_id for grant in access.grants_for("reports.view")):
        return []
    return list(visible_units(access).order_by("official_order", "pk"))


def _expected_for(access: Access) -> QuerySet[ExpectedReport]:
    action = "reports.submit" if access.may("reports.submit") else "reports.view"
    projects = Project.objects.visible_to(access).filter(project_scope(access, action))
    return ExpectedReport.objects.filter(project__in=projects, waived_reason="").select_related(
        "period", "project", "unit", "report__latest__review"
    )


def _todo_line(row: ExpectedReport, at: dt.datetime, days: Calendar, last: ReportRevision | None) -> TodoLine:
    report = getattr(row, "report", None)
    review = getattr(report.latest, "review", None) if report and report.latest else None
    return TodoLine(
        expected=row,
        state=report.state if report else "",
        workdays_left=days.working_days_between(day_of(at), day_of(row.period.due_at)),
        return_reason=review.reason if review and review.decision == ReviewDecision.RETURN else "",
        last=last,
    )


def _part_of(line: TodoLine, at: dt.datetime) -> str:
    period = line.expected.period
    if _is_locked(period, at):
        return "missed" if line.state in ("", ReportState.DRAFT, ReportState.RETURNED) else ""
    if line.state == ReportState.RETURNED:
        return "returned"
    if line.state == ReportState.SUBMITTED:
        return "waiting"
    if line.state == ReportState.ACCEPTED:
        return "accepted"
    return "overdue" if period.due_at < at else "due"


@dataclass(frozen=True, slots=True)
class EntryPage:
    """What stands beside the form while a report is typed. Amounts 万元."""

    expected: ExpectedReport
    report: Report | None
    last: ReportRevision | None
    """The newest accepted report of an earlier period of the year."""
    base: Decimal
    """What was done before this period began; 0 at the start of the year."""
    indicator: IndicatorView | None
    """Plan, what should be done by the cut-off and the gap, with the last accepted figure."""
    return_reason: str
    is_locked: bool
    photos: tuple[ReportPhoto, ...] = ()
    """Everything on the report, the draft's included."""
    most_photos: int = MOST_PHOTOS

    @property
    def version(self) -> int:
        return self.report.version if self.report else FIRST_VERSION

    @property
    def closed_reason(self) -> str:
        """Why nothing can be reported here (any more); empty while it can."""
        if self.expected.waived_reason:
            return f"该项目本期免报（{self.expected.waived_reason}），不必填报。"
        if self.report is not None and self.report.state == ReportState.ACCEPTED:
            return "本期报告已审核通过。如需修改，请联系重点项目办办理“锁定后更正”。"
        if self.is_locked:
            return "本期已锁定，不能再填报。如需补报或修改，请联系重点项目办办理“锁定后更正”。"
        return ""

    @property
    def not_correctable(self) -> str:
        """Why 锁定后更正 is not the way here; empty where it is: on what was accepted, and after the lock."""
        state = self.report.state if self.report is not None else None
        if self.expected.waived_reason:
            return f"该项目本期免报（{self.expected.waived_reason}），没有可更正的内容。"
        if state == ReportState.SUBMITTED:
            return "报告正在待审核，请先通过或退回，再办理更正。"
        if state != ReportState.ACCEPTED and not self.is_locked:
            return "报告尚未审核通过，报告期也未锁定，由责任单位直接填报，不必办理更正。"
        return ""

    def standing_reason(self, flags: Iterable[Flag]) -> str:
        """The reason given last time, where everything found now was found then too; else empty. One query."""
        if self.last is None or not self.last.flag_reason:
            return ""
        known = set(VerificationFlag.objects.filter(revision=self.last).values_list("code", flat=True))
        return self.last.flag_reason if {flag.code for flag in flags} <= known else ""

    @property
    def can_repeat(self) -> bool:
        """Whether "no change this period" is offered."""
        return self.last is not None and not self.closed_reason

    @property
    def is_resubmission(self) -> bool:
        return self.report is not None and self.report.state == ReportState.SUBMITTED

    @property
    def initial(self) -> dict[str, str]:
        """What the form shows at first: the draft, else what was submitted, else the last accepted report, so that only
        what is new need be typed. The amount of the period is not repeated: it follows from the cumulative."""
        if self.report is not None and self.report.draft:
            return dict(self.report.draft)
        submitted = self.report.latest if self.report is not None else None
        source = submitted or self.last
        own_words = ("flag_reason",) if submitted is not None else ()
        names = ("done", *own_words, "stage", "progress", "problem", "next_step")
        values = {name: getattr(source, name, None) for name in names}
        return {name: str(value) for name, value in values.items() if value not in (None, "")}


def entry_page(expected: ExpectedReport, at: dt.datetime) -> EntryPage:
    """The entry page of one expected report. A fixed number of queries."""
    period, project, day = expected.period, expected.project, day_of(at)
    report = Report.objects.filter(expected=expected).select_related("latest__review", "accepted").first()
    accepted = accepted_revisions([project.pk], period.year).get(project.pk, [])
    base = base_of(accepted, period.starts_on)
    return EntryPage(
        expected=expected,
        report=report,
        last=next(iter(earlier(accepted, period.cutoff)), None),
        base=base.done if base is not None and base.done is not None else Decimal(0),
        indicator=_indicator_at(project, day, period.year, period.cutoff),
        return_reason=_return_reason(report),
        is_locked=_is_locked(period, at),
        photos=photos_of(report.pk if report is not None else None),
    )


def _indicator_at(project: Project, day: dt.date, year: int, cutoff: dt.date) -> IndicatorView | None:
    facts = project_facts(day, year=year, projects=[project], cutoff=cutoff)
    return view_of(facts[0], judge(facts[0], policy_on(day), calendar())) if facts else None


def _return_reason(report: Report | None) -> str:
    if report is None or report.state != ReportState.RETURNED or report.latest is None:
        return ""
    return report.latest.review.reason


def flags_if_sent(
    page: EntryPage, *, done: Decimal | None, done_period: Decimal | None, stage: str, progress: str, day: dt.date
) -> tuple[Flag, ...]:
    """What the rules would find strange if this were submitted on `day`. At most five queries."""
    expected = page.expected
    if done is None and done_period is not None:
        done = page.base + done_period
    return preview(
        project=expected.project,
        period=expected.period,
        current=Figure(done=done, stage=stage or expected.project.stage, progress=progress),
        day=expected.period.cutoff,
        policy=policy_on(day),
    )


@dataclass(frozen=True, slots=True)
class RevisionEntry:
    """One submission and what became of it; `changes` against the submission before it (empty for the first)."""

    revision: ReportRevision
    changes: tuple[Difference, ...]
    flags: tuple[VerificationFlag, ...]
    photos: tuple[ReportPhoto, ...]
    has_predecessor: bool

    @property
    def review(self) -> ReportReview | None:
        return getattr(self.revision, "review", None)

    @property
    def withdrawal(self) -> RevisionWithdrawal | None:
        return getattr(self.revision, "withdrawal", None)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report with everything that happened to it, newest first."""

    report: Report
    entries: tuple[RevisionEntry, ...]
    is_locked: bool

    @property
    def can_edit(self) -> bool:
        """Whether the unit may still submit (again)."""
        return not self.is_locked and self.report.state != ReportState.ACCEPTED

    @property
    def can_correct(self) -> bool:
        """Whether a change is a correction of the office: the report counts, or its period is locked."""
        return self.report.state == ReportState.ACCEPTED or (
            self.is_locked and self.report.state != ReportState.SUBMITTED
        )

    @property
    def waits(self) -> bool:
        return self.report.state == ReportState.SUBMITTED


def report_page(report: Report, at: dt.datetime) -> ReportPage:
    """Every revision with its review, withdrawal, flags, photos and what it changed. Three queries."""
    revisions = list(
        ReportRevision.objects.filter(report=report)
        .select_related("submitted_by", "on_behalf_of", "review__reviewer", "withdrawal__actor", "corrects")
        .order_by("number")
    )
    flags: dict[int, list[VerificationFlag]] = defaultdict(list)
    for flag in VerificationFlag.objects.filter(revision__report=report).select_related("settled_by").order_by("pk"):
        flags[flag.revision_id].append(flag)
    photos = photos_of(report.pk)
    entries = [
        RevisionEntry(
            revision=revision,
            changes=differences(before, revision),
            flags=tuple(flags[revision.pk]),
            photos=tuple(photo for photo in photos if photo.revision_id == revision.pk),
            has_predecessor=before is not None,
        )
        for before, revision in zip([None, *revisions], revisions, strict=False)
    ]
    return ReportPage(report=report, entries=tuple(reversed(entries)), is_locked=_is_locked(report.period, at))


def _is_locked(period: Period, at: dt.datetime) -> bool:
    return period.locked_at is not None or period.lock_at <= at
