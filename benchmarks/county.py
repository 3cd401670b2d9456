"""A county of any size with years of weekly reports, written set by set so that ten thousand projects take minutes.

The rows are what the services would write, less the audit log: no page reads it.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from projects.enums import (
    AnnualClass,
    Board,
    LeaderPart,
    MilestoneKind,
    OfficerKind,
    PlanState,
    Role,
    Stage,
    UnitKind,
    UnitPart,
)
from projects.models import (
    AnnualList,
    AnnualListEntry,
    ExpectedReport,
    LeaderAssignment,
    Milestone,
    Officer,
    Period,
    PlanVersion,
    Project,
    Report,
    ReportReview,
    ReportRevision,
    RoleGrant,
    StatisticsInclusion,
    Unit,
    UnitAssignment,
    User,
)
from projects.rules import periods as period_rules
from projects.rules.deadlines import SHANGHAI, deadlines
from projects.rules.naming import normalise_project_name
from projects.rules.periods import PeriodKey
from projects.selectors.calendar import calendar
from projects.selectors.policy import policy_on
from projects.services import indicators, periods
from tracker.clock import day_of

PASSWORD = "Mi-ma-2026-qinghe"
UNITS = 100
LEADERS = 60
BATCH = 2000
SECTORS = ("产业", "交通", "民生", "生态", "能源")
BOARDS = (
    (Board.DEPARTMENTS, UnitKind.DEPARTMENT),
    (Board.TOWNSHIPS, UnitKind.TOWNSHIP),
    (Board.PARKS, UnitKind.PARK),
)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: projects on this year's list, and years of weekly reports on every one of them; `weeks` keeps
    only the last of them, for a county without a past."""

    projects: int
    years: int
    weeks: int | None = None


def build(size: Size, now: dt.datetime, say: Say) -> None:
    """Fill an empty, migrated database. Everything up to the last week that locked is reported and accepted."""
    today = day_of(now)
    first = dt.date(today.year - size.years + 1, 1, 1)
    at = dt.datetime.combine(first, dt.time(8), tzinfo=SHANGHAI)
    call_command("seed_calendar", stdout=io.StringIO())
    with transaction.atomic():
        clerk, reviewer = _people(first, at)
        _projects(size, first, at, clerk)
        for year in range(first.year, today.year + 1):
            _year(year, first, at, clerk)
    say(f"{size.projects} projects with their plans and nodes")
    weeks = [week for week in period_rules.between("week", first, today) if week.starts_on >= first]
    told = [week for week in weeks if _lock_day(week) < today]
    told = told if size.weeks is None else told[-size.weeks :]
    for year in range(first.year, today.year + 1):
        of_year = [week for week in told if week.year == year]
        with transaction.atomic():
            _reports(of_year, clerk, reviewer)
        say(f"{year}: {len(of_year)} weeks reported")
    _month_before(today)
    _reset_sequences()
    periods.open_due(at=now)
    _analyse()


def judge(now: dt.datetime) -> int:
    """The nightly lights; how many projects were judged."""
    return indicators.recompute(at=now).projects


def _lock_day(week: PeriodKey) -> dt.date:
    return deadlines(week, policy_on(week.ends_on), calendar()).lock_at.astimezone(SHANGHAI).date()


def _people(first: dt.date, at: dt.datetime) -> tuple[User, User]:
    units = []
    for number in range(UNITS):
        board, kind = BOARDS[number % len(BOARDS)]
        unit = Unit(name=f"第{number + 1}责任单位", kind=kind, board=board, official_order=number, valid_from=first)
        units.append(unit)
    units = Unit.objects.bulk_create(units)
    Officer.objects.bulk_create(
        Officer(name=f"领导{number + 1}", kind=OfficerKind.COUNTY_LEADER, official_order=number, valid_from=first)
        for number in range(LEADERS)
    )
    clerk = _account("clerk", Role.UNIT_STAFF, first, at, unit=units[0])
    reviewer = _account("office", Role.PROJECT_OFFICE, first, at)
    _account("leader", Role.MAIN_LEADER, first, at)
    for number, unit in enumerate(units[1:], start=2):
        _account(f"clerk{number}", Role.UNIT_STAFF, first, at, unit=unit)
    for number, unit in enumerate(units, start=1):
        _account(f"head{number}", Role.UNIT_HEAD, first, at, unit=unit)
    for number in range(2, UNITS):
        _account(f"office{number}", Role.PROJECT_OFFICE, first, at)
    return clerk, reviewer


def _account(username: str, role: Role, first: dt.date, at: dt.datetime, unit: Unit | None = None) -> User:
    user = User(username=username, name=username, unit=unit, must_change_password=False, created_at=at)
    if username in ("clerk", "office", "leader"):
        user.set_password(PASSWORD)
    user.save()
    RoleGrant.objects.create(user=user, role=role, unit=unit, valid_from=first)
    return user


def _projects(size: Size, first: dt.date, at: dt.datetime, clerk: User) -> None:
    units = list(Unit.objects.order_by("pk"))
    officers = list(Officer.objects.order_by("pk"))
    rows = []
    for number in range(size.projects):
        name = f"{units[number % UNITS].name}第{number + 1}号重点项目"
        project = Project(
            code=f"{first.year}-{number + 1:05d}",
            name=name,
            match_name=normalise_project_name(name),
            stage=Stage.BUILDING,
            sector=SECTORS[number % len(SECTORS)],
            total=Decimal(10_000 + 500 * (number % 80)) * (size.years + 1),
            started_on=first,
            created_at=at,
        )
        rows.append(project)
    projects = Project.objects.bulk_create(rows, batch_size=BATCH)
    common = {"valid_from": first}
    UnitAssignment.objects.bulk_create(
        (
            UnitAssignment(project=project, unit=units[number % UNITS], part=UnitPart.LEAD, **common)
            for number, project in enumerate(projects)
        ),
        batch_size=BATCH,
    )
    LeaderAssignment.objects.bulk_create(
        (
            LeaderAssignment(project=project, officer=officers[number % LEADERS], part=LeaderPart.LEAD, **common)
            for number, project in enumerate(projects)
        ),
        batch_size=BATCH,
    )
    StatisticsInclusion.objects.bulk_create(
        (StatisticsInclusion(project=project, included_on=first) for project in projects), batch_size=BATCH
    )
    last = dt.date(first.year + size.years, 12, 31)
    nodes = []
    for number, project in enumerate(projects):
        nodes += [
            _node(project, MilestoneKind.START, "计划开工", first, at, clerk, done=first),
            _node(project, MilestoneKind.FINISH, "计划竣工", last, at, clerk),
        ]
        for quarter in range(1, 5):
            due = dt.date(last.year - 1, 3 * quarter, 1 + number % 28)
            done = due if (number + quarter) % 4 else None
            nodes.append(_node(project, MilestoneKind.NODE, f"第{quarter}季度节点", due, at, clerk, done=done))
    Milestone.objects.bulk_create(nodes, batch_size=BATCH)


def _node(
    project: Project,
    kind: MilestoneKind,
    title: str,
    due: dt.date,
    at: dt.datetime,
    clerk: User,
    done: dt.date | None = None,
) -> Milestone:
    confirmed_by = clerk if done else None
    return Milestone(
        project=project, kind=kind, title=title, due_on=due, done_on=done, confirmed_by=confirmed_by, created_at=at
    )


def _year(year: int, first: dt.date, at: dt.datetime, clerk: User) -> None:
    """The year's list, and a plan for each project."""
    day = dt.date(year, 1, 1)
    issued = AnnualList.objects.create(year=year, number=1, title=f"{year}年重点项目清单", issued_on=day)
    classes = (AnnualClass.CARRY_OVER, AnnualClass.NEW_START, AnnualClass.COMPLETION)
    entries, plans = [], []
    for number, project in enumerate(Project.objects.order_by("pk")):
        entries.append(
            AnnualListEntry(
                annual_list=issued,
                year=year,
                project=project,
                annual_class=classes[number % len(classes)],
                seq=number + 1,
                entered_on=day,
            )
        )
        plans.append(
            PlanVersion(
                project=project,
                year=year,
                number=1,
                annual=Decimal(10_000 + 500 * (number % 80)),
                prior=Decimal(10_000 + 500 * (number % 80)) * (year - first.year),
                state=PlanState.EFFECTIVE,
                effective_on=day,
                proposed_by=clerk,
                created_at=at,
            )
        )
    AnnualListEntry.objects.bulk_create(entries, batch_size=BATCH)
    PlanVersion.objects.bulk_create(plans, batch_size=BATCH)


def _reports(weeks: list[PeriodKey], clerk: User, reviewer: User) -> None:
    """Every project reported every week: expected, report, revision and review, one statement for each table a week."""
    days = calendar()
    for order, week in enumerate(weeks, start=1):
        due = deadlines(week, policy_on(week.ends_on), days)
        opened = dt.datetime.combine(week.starts_on, dt.time(8), tzinfo=SHANGHAI)
        period = Period.objects.create(
            kind="week",
            key=week.key,
            year=week.year,
            starts_on=week.starts_on,
            cutoff=week.ends_on,
            due_at=due.due_at,
            lock_at=due.lock_at,
            opened_at=opened,
            locked_at=due.lock_at,
        )
        _week(period, order, clerk, reviewer)


def _week(period: Period, order: int, clerk: User, reviewer: User) -> None:
    base = "(SELECT COALESCE(MAX(id), 0) FROM projects_expectedreport)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {base}")
        start = cursor.fetchone()[0]
        ids = f"({start} + p.id - (SELECT MIN(id) FROM projects_project) + 1)"
        submitted, reviewed = period.due_at - dt.timedelta(hours=5), period.due_at - dt.timedelta(hours=2)
        adapt = connection.ops.adapt_datetimefield_value
        share = f"round(CAST(v.annual * {order} * (60 + p.id %% 50) / 5200 AS numeric), 2)"
        cursor.execute(
            "INSERT INTO projects_expectedreport (id, period_id, project_id, unit_id, waived_reason)"
            f" SELECT {ids}, %s, p.id, a.unit_id, '' FROM projects_project p"
            " JOIN projects_unitassignment a ON a.project_id = p.id",
            [period.pk],
        )
        cursor.execute(
            "INSERT INTO projects_report (id, expected_id, period_id, project_id, state, draft, latest_id, accepted_id,"
            " returned_times, version)"
            f" SELECT {ids}, {ids}, %s, p.id, 'accepted', '{{}}', {ids}, {ids}, 0, 2 FROM projects_project p",
            [period.pk],
        )
        cursor.execute(
            "INSERT INTO projects_reportrevision (id, report_id, number, kind, done, done_period, stage, progress,"
            " problem, next_step, flag_reason, submitted_by_id, submitted_at, correction_reason)"
            f" SELECT {ids}, {ids}, 1, 'normal', {share}, NULL, 'building', %s, '', %s, '', %s, %s, ''"
            " FROM projects_project p JOIN projects_planversion v ON v.project_id = p.id AND v.year = %s",
            [
                f"第{order}周：主体结构施工，完成产值按月累计，现场管理正常。",
                "下周继续主体施工。",
                clerk.pk,
                adapt(submitted),
                period.year,
            ],
        )
        cursor.execute(
            "INSERT INTO projects_reportreview (id, revision_id, decision, reason, reviewer_id, at)"
            f" SELECT {ids}, {ids}, 'accept', '', %s, %s FROM projects_project p",
            [reviewer.pk, adapt(reviewed)],
        )


def _month_before(today: dt.date) -> None:
    """The last month, locked, so that its ranking can be published; the weeks have said everything about it."""
    month = period_rules.preceding(period_rules.period_of("month", today))
    due = deadlines(month, policy_on(month.ends_on), calendar())
    Period.objects.create(
        kind="month",
        key=month.key,
        year=month.year,
        starts_on=month.starts_on,
        cutoff=month.ends_on,
        due_at=due.due_at,
        lock_at=due.lock_at,
        opened_at=dt.datetime.combine(month.starts_on, dt.time(8), tzinfo=SHANGHAI),
        locked_at=due.lock_at,
    )


def _reset_sequences() -> None:
    statements = connection.ops.sequence_reset_sql(no_style(), [ExpectedReport, Report, ReportRevision, ReportReview])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _analyse() -> None:
    """What autovacuum would do overnight."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
