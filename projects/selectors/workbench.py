"""The first page of the office: what waits, and what comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from projects.enums import ImportState, MoveState, PeriodKind, PlanState
from projects.models import LedgerImport, MilestoneMove, Period, PlanVersion, Project, VerificationFlag
from projects.permissions import Access
from projects.selectors.calendar import calendar
from projects.selectors.flags import flags_for
from projects.selectors.periods import PeriodBoard, current_period, period_board
from projects.selectors.reviews import ReviewLine, review_queue
from tracker.clock import day_of

TOP = 8
"""How many rows of each list the page shows; the rest is one press away."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment that reports must meet."""

    at: dt.datetime
    title: str
    period: Period


@dataclass(frozen=True, slots=True)
class Workbench:
    boards: tuple[PeriodBoard, ...]
    """The newest open week and month."""
    queue: tuple[ReviewLine, ...]
    flags: tuple[VerificationFlag, ...]
    flag_count: int
    plans: tuple[PlanVersion, ...]
    """Plan changes that wait for approval."""
    moves: tuple[MilestoneMove, ...]
    """Asked changes of a milestone's day that wait."""
    imports: tuple[LedgerImport, ...]
    deadlines: tuple[Deadline, ...]
    estimated_years: tuple[int, ...]
    """Years whose deadlines rest on a working-day calendar that is not published yet."""

    @property
    def queue_top(self) -> tuple[ReviewLine, ...]:
        return self.queue[:TOP]

    @property
    def waiting_count(self) -> int:
        """Plans, moves and imports that somebody must decide on."""
        return len(self.plans) + len(self.moves) + len(self.imports)


def workbench(access: Access, at: dt.datetime) -> Workbench:
    """The office's work at a moment. A fixed number of queries, whatever the number of projects."""
    projects = Project.objects.visible_to(access)
    flags = flags_for(access)
    periods = [period for kind in PeriodKind if (period := current_period(kind, at)) is not None]
    return Workbench(
        boards=tuple(period_board(period, access, at) for period in periods),
        queue=tuple(review_queue(access)),
        flags=tuple(flags[:TOP]),
        flag_count=flags.count(),
        plans=tuple(
            PlanVersion.objects.filter(project__in=projects, state=PlanState.DRAFT)
            .select_related("project", "proposed_by")
            .order_by("created_at")
        ),
        moves=tuple(_waiting_moves(projects)),
        imports=tuple(_waiting_imports(access)),
        deadlines=_deadlines(at),
        estimated_years=_estimated_years(day_of(at)),
    )


def _waiting_moves(projects: QuerySet[Project]) -> QuerySet[MilestoneMove]:
    rows = MilestoneMove.objects.filter(state=MoveState.PENDING, milestone__project__in=projects)
    return rows.select_related("milestone__project", "requested_by")


def _waiting_imports(access: Access) -> QuerySet[LedgerImport]:
    rows = LedgerImport.objects.filter(state=ImportState.PREVIEW).select_related("uploaded_by")
    return rows if access.may("imports.run") else rows.none()


def _deadlines(at: dt.datetime) -> tuple[Deadline, ...]:
    """Due and lock times of open periods that are still to come, nearest first."""
    found = []
    for period in Period.objects.filter(opened_at__lte=at, lock_at__gt=at, locked_at=None):
        if period.due_at > at:
            found.append(Deadline(period.due_at, f"{period.title}报送截止", period))
        found.append(Deadline(period.lock_at, f"{period.title}锁定", period))
    return tuple(sorted(found, key=lambda deadline: deadline.at))


def _estimated_years(today: dt.date) -> tuple[int, ...]:
    """This year, and from November on the next: its calendar is published then."""
    years = (today.year, today.year + 1) if today.month >= 11 else (today.year,)
    days = calendar()
    return tuple(year for year in years if days.is_estimated(year))
