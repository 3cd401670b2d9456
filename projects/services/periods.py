"""Reporting periods: opened and locked by the schedule, moved and waived by the office (docs/rules.md, Periods).

The rows that say "a report is due" are written when the period opens, before anybody reports, so that silence is
visible. Every verb may run again, in any number of processes, without doing anything twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from projects import audit
from projects.enums import Colour, PeriodKind, ReportState, Stage, UnitPart
from projects.models import AnnualListEntry, ExpectedReport, Indicator, Period, Project, Report, UnitAssignment, User
from projects.rules import periods as period_rules
from projects.rules.deadlines import deadlines
from projects.rules.periods import PeriodKey
from projects.rules.policy import Policy
from projects.selectors.calendar import calendar as load_calendar
from projects.selectors.policy import policy_on
from projects.services.editing import edit, required
from projects.workdays import Calendar
from tracker.clock import day_of
from tracker.web.errors import UserError

REPORTING_STAGES = tuple(
    stage
    for stage in Stage
    if stage
    not in (
        Stage.FULL_OUTPUT,
        Stage.SETTLEMENT,
        Stage.ARCHIVED,
        Stage.PAUSED,
        Stage.REMOVED,
        Stage.TERMINATED,
        Stage.HANDED_OVER,
    )
)
"""Projects report until operation begins; paused, removed and ended ones do not."""


@dataclass(slots=True)
class Opened:
    """What one run opened: keys of new periods, and how many due reports were written."""

    periods: list[str] = field(default_factory=list)
    expected: int = 0


@transaction.atomic
def open_due(*, at: dt.datetime, actor: User | None = None) -> Opened:
    """Open every period whose time has come, and write the reports that are due.

    Projects that joined the list later get their rows while the period is not locked.
    """
    opened = Opened()
    calendar = load_calendar()
    for kind in period_rules.KINDS:
        for key in _due_keys(kind, at, calendar):
            period, is_new = _open(key, calendar, at, actor)
            if is_new:
                opened.periods.append(period.key)
                opened.expected += _fill(period, at, everybody=False)
    for period in Period.objects.filter(lock_at__gt=at, opened_at__lte=at).order_by("cutoff", "key"):
        if period.key not in opened.periods:
            opened.expected += _fill(period, at, everybody=True)
    return opened


@transaction.atomic
def open_period(*, key: str, at: dt.datetime, actor: User | None) -> Period:
    """Open one period by its key, or answer the one that is open. Nobody is expected in it yet (see `expect`)."""
    try:
        wanted = period_rules.parse(key)
    except ValueError as error:
        raise UserError(str(error), field="period") from error
    if wanted.starts_on > day_of(at):
        raise UserError(f"{wanted.title}还没有开始，不能填报。", field="period")
    period, _ = _open(wanted, load_calendar(), at, actor)
    return period


@transaction.atomic
def expect(*, period: Period, project: Project, at: dt.datetime, actor: User | None) -> ExpectedReport:
    """Make sure a report of this project is expected in the period, and answer it."""
    day = min(day_of(at), period.cutoff)
    row, is_new = ExpectedReport.objects.get_or_create(
        period=period, project=project, defaults={"unit_id": _lead_units([project.pk], day).get(project.pk)}
    )
    if is_new:
        audit.record(actor=actor, at=at, action="period.expect", obj=project, data={"period": period.key})
    return row


@transaction.atomic
def expect_listed(*, period: Period, at: dt.datetime, actor: User | None) -> int:
    """Write the missing due reports of a period that was opened afterwards, for every project that had to report in it.
    Answers how many."""
    count = _fill(period, at, everybody=True)
    if count:
        audit.record(actor=actor, at=at, action="period.expect_listed", obj=period, data={"expected": count})
    return count


@transaction.atomic
def lock_due(*, at: dt.datetime, actor: User | None = None) -> list[str]:
    """Lock the periods whose lock time has passed; their keys. From then on only corrections are possible."""
    locked = []
    for period in Period.objects.filter(locked_at=None, lock_at__lte=at).order_by("cutoff", "key"):
        if Period.objects.filter(pk=period.pk, locked_at=None).update(locked_at=at):
            audit.record(actor=actor, at=at, action="period.lock", obj=period)
            locked.append(period.key)
    return locked


@transaction.atomic
def reschedule(
    *,
    period: Period,
    due_at: dt.datetime,
    lock_at: dt.datetime,
    reason: str,
    version: int | None,
    actor: User,
    at: dt.datetime,
) -> Period:
    """Move the due and lock times of a period that is not locked yet."""
    reason = required(reason, "请写明改期原因。", "reason")
    if is_locked(period, at):
        raise UserError("该报告期已锁定，不能改期；确需修改数据的请办理锁定后更正。")
    if lock_at < due_at:
        raise UserError("锁定时间不能早于报送截止时间。", field="lock_at")
    if lock_at <= at:
        raise UserError("锁定时间应晚于现在。", field="lock_at")
    changes = edit(period, {"due_at": due_at, "lock_at": lock_at}, version=version)
    if changes:
        audit.record(actor=actor, at=at, action="period.reschedule", obj=period, data={**changes, "reason": reason})
    return period


@transaction.atomic
def waive(*, expected: ExpectedReport, reason: str, actor: User, at: dt.datetime) -> ExpectedReport:
    """This project need not report in this period; it is then neither missing nor late."""
    reason = required(reason, "请写明免报原因。", "reason")
    if expected.waived_reason:
        raise UserError("该项目本期已免报。")
    if Report.objects.filter(expected=expected).exclude(state=ReportState.DRAFT).exists():
        raise UserError("该项目本期已报送，不能再免报。")
    expected.waived_reason, expected.waived_at = reason, at
    expected.save(update_fields=["waived_reason", "waived_at"])
    data = {"period": expected.period.key, "reason": reason}
    audit.record(actor=actor, at=at, action="period.waive", obj=expected.project, data=data)
    return expected


def is_locked(period: Period, at: dt.datetime) -> bool:
    """Whether the period takes no more reports at `at`, even if the job that marks it has not run."""
    return period.locked_at is not None or period.lock_at <= at


def _due_keys(kind: period_rules.Kind, at: dt.datetime, calendar: Calendar) -> list[PeriodKey]:
    """Periods that are open at `at`: begun, and not locked yet. One that came and went while the system stood still is
    not opened afterwards: nobody could have reported in it."""
    today = day_of(at)
    policy = policy_on(today)
    if kind == "week" and policy.weekly_scope == "none":
        return []
    current = period_rules.period_of(kind, today)
    times = {key: deadlines(key, policy, calendar) for key in (period_rules.preceding(current), current)}
    return [key for key, when in times.items() if when.opens_on <= today and when.lock_at > at]


def _open(key: PeriodKey, calendar: Calendar, at: dt.datetime, actor: User | None) -> tuple[Period, bool]:
    times = deadlines(key, policy_on(min(key.ends_on, day_of(at))), calendar)
    period, is_new = Period.objects.get_or_create(
        key=key.key,
        defaults={
            "kind": key.kind,
            "year": key.year,
            "starts_on": key.starts_on,
            "cutoff": key.ends_on,
            "due_at": times.due_at,
            "lock_at": times.lock_at,
            "opened_at": at,
        },
    )
    if is_new:
        data = {"due_at": times.due_at.isoformat(), "lock_at": times.lock_at.isoformat()}
        audit.record(actor=actor, at=at, action="period.open", obj=period, data=data)
    return period, is_new


def _fill(period: Period, at: dt.datetime, *, everybody: bool) -> int:
    """Write the missing rows of a period in the order of the projects; how many. With a weekly scope of lagging
    projects the choice is made once, at opening (`everybody` False): nobody is asked in the middle of a week."""
    day = min(day_of(at), period.cutoff)
    policy = policy_on(day)
    wanted = _must_report(period, day)
    if period.kind == PeriodKind.WEEK and policy.weekly_scope != "all":
        wanted = [] if everybody else _lagging(wanted, policy)
    present = set(ExpectedReport.objects.filter(period=period).values_list("project", flat=True))
    missing = sorted(set(wanted) - present)
    units = _lead_units(missing, day)
    ExpectedReport.objects.bulk_create(
        [ExpectedReport(period=period, project_id=pk, unit_id=units.get(pk)) for pk in missing], ignore_conflicts=True
    )
    return len(missing)


def _must_report(period: Period, day: dt.date) -> list[int]:
    entries = AnnualListEntry.objects.current(day).filter(
        year=period.year,
        project__voided_at=None,
        project__is_package=False,
        project__stage__in=REPORTING_STAGES,
    )
    return list(entries.values_list("project", flat=True))


def _lagging(projects: Iterable[int], policy: Policy) -> list[int]:
    if policy.weekly_scope == "none":
        return []
    lagging = Indicator.objects.filter(project__in=list(projects), colour__in=(Colour.YELLOW, Colour.RED))
    return list(lagging.values_list("project", flat=True))


def _lead_units(projects: Iterable[int], day: dt.date) -> dict[int, int]:
    rows = UnitAssignment.objects.valid_on(day).filter(project__in=list(projects), part=UnitPart.LEAD)
    return dict(rows.values_list("project", "unit"))
