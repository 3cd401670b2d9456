"""Reporting periods: their list with counts, and the board of one period that shows who has not reported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from django.db.models import Count, Q, QuerySet

from projects.enums import ReportState
from projects.models import ExpectedReport, Period, Project, Report, Unit
from projects.permissions import Access
from projects.selectors.calendar import calendar
from projects.selectors.projects import found_by
from tracker.clock import day_of

NO_UNIT = "未明确责任单位"


def periods_with_counts() -> QuerySet[Period]:
    """Periods, newest first, each with `expected_count`, `waived_count`, `submitted_count` (waiting), `accepted_count`,
    `returned_count`, `silent_count` (nothing submitted). One query."""
    state = "expected__report__state"
    due = Q(expected__waived_reason="", expected__isnull=False)
    return Period.objects.annotate(
        expected_count=Count("expected", filter=due),
        waived_count=Count("expected", filter=~Q(expected__waived_reason="") & Q(expected__isnull=False)),
        submitted_count=Count("expected", filter=due & Q(**{state: ReportState.SUBMITTED})),
        accepted_count=Count("expected", filter=due & Q(**{state: ReportState.ACCEPTED})),
        returned_count=Count("expected", filter=due & Q(**{state: ReportState.RETURNED})),
        silent_count=Count("expected", filter=due & (Q(**{state: ReportState.DRAFT}) | Q(expected__report=None))),
    ).order_by("-cutoff", "kind")


def current_period(kind: str, at: dt.datetime) -> Period | None:
    """The newest open period of a kind. One query."""
    return Period.objects.filter(kind=kind, opened_at__lte=at).order_by("-cutoff").first()


def last_due_period(kind: str, at: dt.datetime) -> Period | None:
    """The newest period of a kind whose due time has passed. One query."""
    return Period.objects.filter(kind=kind, due_at__lt=at).order_by("-cutoff").first()


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One expected report and where it stands. `state` is empty while nothing was typed or submitted."""

    expected: ExpectedReport
    state: str
    submitted_at: dt.datetime | None
    is_due: bool
    """The due time has passed, submitted or not."""

    @property
    def is_missing(self) -> bool:
        return not self.expected.waived_reason and self.state in ("", ReportState.DRAFT, ReportState.RETURNED)

    @property
    def is_silent(self) -> bool:
        """Missing, and never submitted: a returned report was heard at least."""
        return self.is_missing and self.state != ReportState.RETURNED

    @property
    def is_late(self) -> bool:
        return self.submitted_at is not None and self.submitted_at > self.expected.period.due_at

    @property
    def is_waived(self) -> bool:
        return bool(self.expected.waived_reason)

    @property
    def report(self) -> Report | None:
        return getattr(self.expected, "report", None)

    @property
    def label(self) -> str:
        if self.is_waived:
            return "免报"
        return _LABELS.get(self.state) or ("未报" if self.is_due else "未报（未到期）")


_LABELS: dict[str, str] = {ReportState.ACCEPTED: "已报", ReportState.SUBMITTED: "待审", ReportState.RETURNED: "退回"}


@dataclass(frozen=True, slots=True)
class BoardUnit:
    """A unit with its lines in one period."""

    pk: int | None
    name: str
    lines: tuple[BoardLine, ...]

    @property
    def due(self) -> int:
        return sum(not line.is_waived for line in self.lines)

    @property
    def missing(self) -> int:
        return sum(line.is_missing for line in self.lines)

    @property
    def accepted(self) -> int:
        return self._in_state(ReportState.ACCEPTED)

    @property
    def submitted(self) -> int:
        return self._in_state(ReportState.SUBMITTED)

    @property
    def returned(self) -> int:
        return self._in_state(ReportState.RETURNED)

    def _in_state(self, state: ReportState) -> int:
        return sum(line.state == state and not line.is_waived for line in self.lines)


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """A unit with how many of its reports stand how in one period, the waived ones left out."""

    pk: int | None
    name: str
    due: int
    accepted: int
    submitted: int
    returned: int

    @property
    def missing(self) -> int:
        return self.due - self.accepted - self.submitted


OfUnit = TypeVar("OfUnit", BoardUnit, UnitCounts)


@dataclass(frozen=True, slots=True)
class PeriodBoard(Generic[OfUnit]):
    """A period by unit in official order; units that owe a report come first."""

    period: Period
    units: tuple[OfUnit, ...]
    is_overdue: bool
    is_locked: bool
    workdays_left: int
    """Working days until the due day; negative when it has passed."""

    @property
    def due(self) -> int:
        return sum(unit.due for unit in self.units)

    @property
    def missing(self) -> int:
        return sum(unit.missing for unit in self.units)

    @property
    def accepted(self) -> int:
        return sum(unit.accepted for unit in self.units)

    @property
    def submitted(self) -> int:
        return sum(unit.submitted for unit in self.units)

    @property
    def returned(self) -> int:
        return sum(unit.returned for unit in self.units)

    @property
    def silent(self) -> int:
        """How many were neither submitted nor returned."""
        return self.missing - self.returned

    @property
    def workdays_late(self) -> int:
        return max(-self.workdays_left, 0)

    @property
    def units_missing(self) -> tuple[OfUnit, ...]:
        """The units that owe a report."""
        return tuple(unit for unit in self.units if unit.missing)


STANDINGS = {
    "silent": "未报",
    "returned": "退回",
    "submitted": "待审",
    "accepted": "已报",
    "late": "迟报",
    "waived": "免报",
}
"""How a report may stand in its period, as the board is narrowed."""

_STANDS: dict[str, Callable[[BoardLine], bool]] = {
    "silent": lambda line: line.is_silent,
    "returned": lambda line: not line.is_waived and line.state == ReportState.RETURNED,
    "submitted": lambda line: not line.is_waived and line.state == ReportState.SUBMITTED,
    "accepted": lambda line: not line.is_waived and line.state == ReportState.ACCEPTED,
    "late": lambda line: line.is_late,
    "waived": lambda line: line.is_waived,
}


def narrowed(board: PeriodBoard[BoardUnit], *, text: str = "", standing: str = "") -> tuple[BoardUnit, ...]:
    """The units of the board with only the lines that were asked for; units without one are left out. One query when a
    text is given."""
    found = set(found_by(text).values_list("pk", flat=True)) if text else None
    stands = _STANDS.get(standing)
    units = []
    for unit in board.units:
        lines = tuple(
            line
            for line in unit.lines
            if (found is None or line.expected.project_id in found) and (stands is None or stands(line))
        )
        if lines:
            units.append(replace(unit, lines=lines))
    return tuple(units)


def period_board(period: Period, access: Access, at: dt.datetime) -> PeriodBoard[BoardUnit]:
    """Who has reported in the period and who has not, among the projects this access sees. Three queries."""
    rows = _expected(period, access).select_related("period", "project", "unit", "report__latest")
    ordered = rows.order_by("unit__official_order", "unit", "project__code")
    return _board(period, _by_unit(_line(row, at) for row in ordered), at)


def period_counts(period: Period, access: Access, at: dt.datetime) -> PeriodBoard[UnitCounts]:
    """The same in numbers alone. Three queries that read a row for each unit."""
    due = Q(waived_reason="")

    def in_state(state: ReportState) -> Count:
        return Count("pk", filter=due & Q(report__state=state))

    rows = (
        _expected(period, access)
        .values("unit", "unit__name", "unit__short_name")
        .annotate(
            due=Count("pk", filter=due),
            accepted=in_state(ReportState.ACCEPTED),
            submitted=in_state(ReportState.SUBMITTED),
            returned=in_state(ReportState.RETURNED),
        )
        .order_by("unit__official_order", "unit")
    )
    units = [
        UnitCounts(
            pk=row["unit"],
            name=row["unit__short_name"] or row["unit__name"] or NO_UNIT,
            due=row["due"],
            accepted=row["accepted"],
            submitted=row["submitted"],
            returned=row["returned"],
        )
        for row in rows
    ]
    return _board(period, units, at)


def _expected(period: Period, access: Access) -> QuerySet[ExpectedReport]:
    return ExpectedReport.objects.filter(period=period, project__in=Project.objects.visible_to(access))


def _board(period: Period, units: list[OfUnit], at: dt.datetime) -> PeriodBoard[OfUnit]:
    return PeriodBoard(
        period=period,
        units=tuple(sorted(units, key=lambda unit: unit.missing == 0)),
        is_overdue=period.due_at < at,
        is_locked=period.locked_at is not None or period.lock_at <= at,
        workdays_left=calendar().working_days_between(day_of(at), day_of(period.due_at)),
    )


def _line(row: ExpectedReport, at: dt.datetime) -> BoardLine:
    report: Report | None = getattr(row, "report", None)
    return BoardLine(
        expected=row,
        state=report.state if report else "",
        submitted_at=report.latest.submitted_at if report and report.latest else None,
        is_due=row.period.due_at < at,
    )


def _by_unit(lines: Iterable[BoardLine]) -> list[BoardUnit]:
    grouped: dict[Unit | None, list[BoardLine]] = {}
    for line in lines:
        grouped.setdefault(line.expected.unit, []).append(line)
    return [
        BoardUnit(unit.pk if unit else None, unit.label if unit else NO_UNIT, tuple(found))
        for unit, found in grouped.items()
    ]
