"""Progress rows of a ledger as reports: which period, which cumulative, which dates (docs/imports.md, Progress).

A platform's history gives the month's own amount and the moment of filling; the year's cumulative is their running sum.
Other tables give the cumulative itself, for a period the office names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from projects.enums import ReviewDecision, Stage
from projects.excel.dates import DateReading
from projects.excel.readings import ProjectRow, decimal_text
from projects.excel.vocabulary import code_of
from projects.models import ReportRevision
from projects.rules import periods
from projects.rules.deadlines import SHANGHAI
from projects.rules.stages import LIST_STATES
from projects.selectors.imports.comparison import Change, dates
from projects.selectors.imports.known import Date, ProjectState

_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
_DATES = ("start", "finish")
_UNDER_WAY = (Stage.STARTED, Stage.BUILDING)
_WORKING_HOUR = dt.time(12)
"""When only a day is written."""


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """The report a row becomes. `reported_at` is the moment the ledger itself gives, None when it gives none."""

    period: str
    done: Decimal | None
    done_period: Decimal | None
    stage: str
    progress: str
    problem: str
    reported_at: dt.datetime | None
    changes: tuple[Change, ...]
    corrects: bool = False
    """An accepted report of that period says something else: confirming writes a correction."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class KnownReport:
    """The counting (else the pending) revision of a project in a period."""

    done: Decimal | None
    progress: str
    is_accepted: bool


class ReportBook:
    """What is reported for a year, with the running cumulative and the dates as the rows of one ledger move them."""

    def __init__(self, year: int) -> None:
        self._year = year
        self._known: dict[tuple[int, str], KnownReport] = {}
        self._accepted: dict[int, list[tuple[str, Decimal]]] = {}
        self._running: dict[object, Decimal] = {}
        self._dates: dict[tuple[object, str], Date | None] = {}
        rows = ReportRevision.objects.filter(report__period__year=year, withdrawal=None).exclude(
            review__decision=ReviewDecision.RETURN
        )
        fields = ("report__project", "report__period__key", "done", "progress", "review__decision")
        rows = rows.order_by("report__period__cutoff", "report", "number")
        for project, key, done, progress, decision in rows.values_list(*fields):
            is_accepted = decision == ReviewDecision.ACCEPT
            self._known[project, key] = KnownReport(done, progress, is_accepted)
            if is_accepted and done is not None:
                self._accepted.setdefault(project, []).append((key, done))

    def plan(
        self, row: ProjectRow, subject: object, state: ProjectState | None, default_period: str
    ) -> ReportPlan | None:
        """The report of a row; None when the row reports nothing. `subject` identifies the project, known or new.

        Call it in the order of the moments of filling.
        """
        at = reported_at(row)
        period = periods.period_of("month", at.date()).key if at else default_period
        amount = row.extra.get("done_month")
        done = row.value("done")
        progress = str(row.value("progress") or "")
        if done is None and amount is None and not progress and at is None:
            return None
        project = subject if isinstance(subject, int) else None
        if done is None and amount is not None:
            done = self._before(subject, project, period) + amount
        if done is not None:
            self._running[subject] = done
        stage = code_of("stage", row.value("stage")) or ""
        stage = "" if stage in LIST_STATES else stage
        known = self._known.get((project, period)) if project is not None else None
        changes: tuple[Change, ...] = ()
        note = ""
        if known is None or (known.done, known.progress) != (done, progress):
            old = "" if known is None or known.done is None else decimal_text(known.done)
            new = "未填" if done is None else decimal_text(done)
            planned, note = self._dates_of(row, subject, state, stage)
            changes = (Change("report", f"{period}本年累计", old, new, period), *planned)
        return ReportPlan(
            period=period,
            done=done,
            done_period=amount,
            stage=stage,
            progress=progress,
            problem=str(row.extra.get("problem") or ""),
            reported_at=at,
            changes=changes,
            corrects=known is not None and known.is_accepted,
            note=note,
        )

    def _before(self, subject: object, project: int | None, period: str) -> Decimal:
        """The cumulative before the period: of this ledger's earlier rows, else the last accepted one of the year."""
        if subject in self._running:
            return self._running[subject]
        earlier = [done for key, done in self._accepted.get(project or 0, ()) if _ends(key) < _begins(period)]
        return earlier[-1] if earlier else Decimal(0)

    def _dates_of(
        self, row: ProjectRow, subject: object, state: ProjectState | None, stage: str
    ) -> tuple[list[Change], str]:
        """Planned dates the row moves. A blank moves nothing; once work is under way, the start is a fact, no plan."""
        known = {key: self._dates.get((subject, key)) or (getattr(state, key) if state else None) for key in _DATES}
        start = None if stage in _UNDER_WAY else _date(row, "start") or _date(row, "real_start")
        changes, note = dates(start, _date(row, "finish"), known["start"], known["finish"])
        for change in changes:
            reading = change.value
            self._dates[subject, change.key] = Date(0, reading.value, reading.precision or "day")
        return changes, note


def _date(row: ProjectRow, key: str) -> DateReading | None:
    reading = row.value(key)
    return reading if isinstance(reading, DateReading) and reading.value is not None else None


def reported_at(row: ProjectRow) -> dt.datetime | None:
    """The moment of filling that the row gives, in Shanghai time."""
    raw = row.extra.get("reported_at")
    if isinstance(raw, dt.datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=SHANGHAI)
    text = str(raw or "").strip()
    for form in _FORMATS:
        try:
            moment = dt.datetime.strptime(text, form)
        except ValueError:
            continue
        if len(text) <= 10:
            moment = dt.datetime.combine(moment.date(), _WORKING_HOUR)
        return moment.replace(tzinfo=SHANGHAI)
    return None


def in_order(rows: Iterable[ProjectRow]) -> list[ProjectRow]:
    """Rows by the moment of filling, those without one in the order of the sheet."""
    latest = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(rows, key=lambda row: (reported_at(row) or latest, row.sheet, row.row))


def overtaken(rows: Iterable[tuple[ProjectRow, object]]) -> set[tuple[str, int]]:
    """Rows that a later row of the same project in the same month replaces, as (sheet, row)."""
    last: dict[tuple[object, str], ProjectRow] = {}
    found: set[tuple[str, int]] = set()
    for row, subject in rows:
        at = reported_at(row)
        if at is None:
            continue
        key = (subject, periods.period_of("month", at.date()).key)
        if key in last:
            found.add((last[key].sheet, last[key].row))
        last[key] = row
    return found


def _ends(key: str) -> dt.date:
    return periods.parse(key).ends_on


def _begins(key: str) -> dt.date:
    return periods.parse(key).starts_on
