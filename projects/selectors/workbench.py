"""What waits for the office among the facts: reports, reviews, flags, approvals, imports."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from projects.enums import ImportState, MoveState, PeriodKind, PlanState
from projects.models import LedgerImport, MilestoneMove, PlanVersion, Project, VerificationFlag
from projects.permissions import Access
from projects.selectors.flags import flags_for
from projects.selectors.periods import PeriodBoard, UnitCounts, current_period, period_counts
from projects.selectors.reviews import ReviewLine, review_queue
from projects.workdays import Calendar
from tracker.clock import day_of

TOP = 5
"""How many rows of each list the page shows; the rest is one press away."""
TOP_UNITS = 12


@dataclass(frozen=True, slots=True)
class Workbench:
    boards: tuple[PeriodBoard[UnitCounts], ...]
    """The newest open week and month."""
    queue: tuple[ReviewLine, ...]
    flags: tuple[VerificationFlag, ...]
    flag_count: int
    plans: tuple[PlanVersion, ...]
    """Plan changes that wait for approval."""
    moves: tuple[MilestoneMove, ...]
    """Asked changes of a milestone's day that wait."""
    imports: tuple[LedgerImport, ...]
    oldest_workdays: int
    """How many working days the first of the queue has waited."""

    @property
    def queue_top(self) -> tuple[ReviewLine, ...]:
        return self.queue[:TOP]

    @property
    def oldest(self) -> dt.datetime | None:
        """When the report that waits longest was submitted."""
        return _oldest(self.queue)

    @property
    def approval_count(self) -> int:
        """Plans and moves that somebody must decide on."""
        return len(self.plans) + len(self.moves)


def workbench(access: Access, at: dt.datetime, days: Calendar) -> Workbench:
    """The office's work at a moment. A fixed number of queries, whatever the number of projects."""
    projects = Project.objects.visible_to(access)
    flags = flags_for(access)
    periods = [period for kind in PeriodKind if (period := current_period(kind, at)) is not None]
    queue = tuple(review_queue(access))
    oldest = _oldest(queue)
    return Workbench(
        boards=tuple(period_counts(period, access, at) for period in periods),
        queue=queue,
        flags=tuple(flags[:TOP]),
        flag_count=flags.count(),
        plans=tuple(
            PlanVersion.objects.filter(project__in=projects, state=PlanState.DRAFT)
            .select_related("project", "proposed_by")
            .order_by("created_at")
        ),
        moves=tuple(_waiting_moves(projects)),
        imports=tuple(_waiting_imports(access)),
        oldest_workdays=days.working_days_between(day_of(oldest), day_of(at)) if oldest else 0,
    )


def owing_most(board: PeriodBoard[UnitCounts]) -> tuple[UnitCounts, ...]:
    """The units that owe a report, who owes most first; no more than fit."""
    return tuple(sorted(board.units_missing, key=lambda unit: -unit.missing)[:TOP_UNITS])


def _oldest(queue: tuple[ReviewLine, ...]) -> dt.datetime | None:
    return min((line.revision.submitted_at for line in queue), default=None)


def _waiting_moves(projects: QuerySet[Project]) -> QuerySet[MilestoneMove]:
    rows = MilestoneMove.objects.filter(state=MoveState.PENDING, milestone__project__in=projects)
    return rows.select_related("milestone__project", "requested_by")


def _waiting_imports(access: Access) -> QuerySet[LedgerImport]:
    rows = LedgerImport.objects.filter(state=ImportState.PREVIEW).select_related("uploaded_by")
    return rows if access.may("imports.run") else rows.none()
