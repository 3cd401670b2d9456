"""What somebody has to act on as of a day: overdue and coming nodes, missing and returned reports.

"What must exist by then?" minus "what exists": the expected reports and the nodes are rows before anybody writes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from projects.enums import AnnualClass, MilestoneKind, PeriodKind, ReviewDecision, Role, UnitPart
from projects.models import (
    AnnualListEntry,
    ExpectedReport,
    Milestone,
    Period,
    ReportReview,
    ReportRevision,
    RoleGrant,
    UnitAssignment,
)
from projects.rules.facts import BUILDING_STAGES, FINISHED_STAGES, SIDE_STAGES, MilestoneFact
from projects.rules.lights import start_window_end
from projects.selectors.calendar import calendar as load_calendar
from projects.selectors.policy import policy_on
from projects.workdays import Calendar
from supervision.rules.notices import Matter, MatterKind
from supervision.rules.schedule import SHANGHAI

LOOK_BACK = dt.timedelta(days=62)
"""Reports of periods that ended longer ago are no longer asked for by a digest."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A matter with the unit that has to act (None: nobody is assigned)."""

    unit_id: int | None
    matter: Matter


@dataclass(frozen=True, slots=True)
class Recipient:
    """An account and the units and projects whose matters concern it."""

    user_id: int
    name: str
    email: str
    unit_ids: frozenset[int]
    project_ids: frozenset[int]


def matters_on(as_of: dt.date, moment: dt.datetime) -> list[Assigned]:
    """All matters on `as_of`, judging reports by what was submitted until `moment`. A fixed number of queries."""
    calendar = load_calendar()
    leads = dict(UnitAssignment.objects.valid_on(as_of).filter(part=UnitPart.LEAD).values_list("project_id", "unit_id"))
    return [*_milestones(as_of, calendar, leads), *_reports(as_of, moment, calendar, leads)]


def reports_owed(period: Period, at: dt.datetime) -> list[Assigned]:
    """What is still owed in one period: reports not submitted, due or not, and those given back. A fixed number of
    queries."""
    calendar, today = load_calendar(), at.astimezone(SHANGHAI).date()
    leads = dict(UnitAssignment.objects.valid_on(today).filter(part=UnitPart.LEAD).values_list("project_id", "unit_id"))
    rows = list(
        _latest_known(at)
        .filter(Q(latest_id=None) | Q(was_returned=True), period=period, waived_reason="", project__voided_at=None)
        .select_related("project", "period")
        .order_by("project_id")
    )
    reasons = _reasons(rows)
    found = []
    for row in rows:
        kind, note = MatterKind.MISSING if period.due_at <= at else MatterKind.REPORT_DUE, ""
        if row.was_returned:
            kind, note = MatterKind.RETURNED, f"退回原因：{reasons[row.latest_id]}"
        found.append(Assigned(_unit(row, leads), _report_matter(row, kind, today, calendar, note)))
    return found


def recipients_on(day: dt.date) -> list[Recipient]:
    """Active accounts of unit heads, unit staff and owners with what concerns them, in account order. One query."""
    rows = (
        RoleGrant.objects.valid_on(day)
        .filter(role__in=(Role.UNIT_HEAD, Role.UNIT_STAFF, Role.OWNER), user__is_active=True)
        .order_by("user_id", "pk")
        .values_list("user_id", "user__name", "user__email", "unit_id", "project_id")
    )
    found: dict[int, Recipient] = {}
    for user_id, name, email, unit_id, project_id in rows:
        known = found.get(user_id) or Recipient(user_id, name, email, frozenset(), frozenset())
        found[user_id] = Recipient(
            user_id,
            name,
            email,
            known.unit_ids | ({unit_id} if unit_id is not None else set()),
            known.project_ids | ({project_id} if project_id is not None else set()),
        )
    return list(found.values())


def still_open(items: Iterable[dict[str, Any]], moment: dt.datetime) -> frozenset[str]:
    """The `ref`s among stored notice items that still need somebody at `moment`. Three queries.

    A node is settled when it is done, void, moved to a later date or off the list; a missing report when something was
    submitted; a returned one when it was submitted again.
    """
    day = moment.astimezone(SHANGHAI).date()
    by_kind: dict[str, dict[int, dict[str, Any]]] = {"milestone": {}, "expected": {}}
    for item in items:
        table, _, key = item["ref"].partition(":")
        by_kind[table][int(key)] = item
    open_refs = set()
    nodes = by_kind["milestone"]
    rows = Milestone.objects.filter(pk__in=nodes, done_on=None, void_reason="", project__voided_at=None)
    classes = dict(
        AnnualListEntry.objects.current(day)
        .filter(year=day.year, project__in=rows.values("project"))
        .values_list("project_id", "annual_class")
    )
    for row in rows.select_related("project"):
        last_day = _last_day(row, classes[row.project_id]) if row.project_id in classes else None
        if last_day is not None and last_day <= dt.date.fromisoformat(nodes[row.pk]["due_on"]):
            open_refs.add(nodes[row.pk]["ref"])
    expected = by_kind["expected"]
    for row in _latest_known(moment).filter(pk__in=expected, waived_reason=""):
        if row.latest_id is None or row.was_returned:
            open_refs.add(expected[row.pk]["ref"])
    return frozenset(open_refs)


def _milestones(as_of: dt.date, calendar: Calendar, leads: dict[int, int]) -> list[Assigned]:
    horizon = calendar.add_working_days(as_of, max(policy_on(as_of).notice_lead_workdays, default=0))
    classes = dict(
        AnnualListEntry.objects.current(as_of).filter(year=as_of.year).values_list("project_id", "annual_class")
    )
    rows = (
        Milestone.objects.filter(
            Q(done_on=None) | Q(done_on__gt=as_of),
            due_on__lte=horizon,
            void_reason="",
            project__voided_at=None,
            project__in=classes,
        )
        .order_by("due_on", "pk")
        .select_related("project")
    )
    found = []
    for row in rows:
        last_day = _last_day(row, classes[row.project_id])
        if last_day is None or last_day > horizon:
            continue
        if last_day < as_of:
            kind, workdays = MatterKind.OVERDUE, calendar.working_days_between(last_day, as_of)
        else:
            kind, workdays = MatterKind.DUE_SOON, calendar.working_days_between(as_of, last_day)
        matter = Matter(
            kind=kind,
            ref=f"milestone:{row.pk}",
            project_id=row.project_id,
            project=row.project.name,
            title=row.title,
            due_on=last_day,
            workdays=workdays,
        )
        found.append(Assigned(leads.get(row.project_id), matter))
    return found


def _last_day(row: Milestone, annual_class: str) -> dt.date | None:
    """The last day on which the node is on time, as the lights judge it (docs/rules.md, Lights); None when the
    project's own state has settled it: a start once started, a finish once finished, anything while suspended."""
    project = row.project
    if project.stage in SIDE_STAGES:
        return None
    if row.kind == MilestoneKind.FINISH:
        is_finished = project.completed_on is not None or project.stage in FINISHED_STAGES
        return None if is_finished else row.due_on
    if row.kind == MilestoneKind.START:
        is_started = project.started_on is not None or project.stage in BUILDING_STAGES
        if is_started or annual_class != AnnualClass.NEW_START:
            return None
        return start_window_end(
            MilestoneFact(row.pk, row.title, row.kind, row.weight, row.due_on, precision=row.precision)
        )
    return row.due_on


def _reports(as_of: dt.date, moment: dt.datetime, calendar: Calendar, leads: dict[int, int]) -> list[Assigned]:
    """One matter per project and kind of period: the latest missing one, naming the earlier ones; each return apart."""
    rows = (
        _latest_known(moment)
        .filter(
            Q(period__due_at__lte=moment, latest_id=None) | Q(was_returned=True),
            waived_reason="",
            period__cutoff__gte=as_of - LOOK_BACK,
            project__voided_at=None,
        )
        .select_related("project", "period")
        .order_by("project_id", "period__kind", "-period__cutoff")
    )
    reasons = _reasons(rows)
    missing: dict[tuple[int, str], list[ExpectedReport]] = {}
    found = []
    for row in rows:
        if row.was_returned:
            note = f"退回原因：{reasons[row.latest_id]}"
            found.append(Assigned(_unit(row, leads), _report_matter(row, MatterKind.RETURNED, as_of, calendar, note)))
        else:
            missing.setdefault((row.project_id, row.period.kind), []).append(row)
    for latest, *earlier in missing.values():
        note = f"{'、'.join(row.period.key for row in earlier)}也未报" if earlier else ""
        found.append(Assigned(_unit(latest, leads), _report_matter(latest, MatterKind.MISSING, as_of, calendar, note)))
    return found


def _reasons(rows: Iterable[Any]) -> dict[int, str]:
    """Why the returned ones among `rows` were given back, by revision."""
    returned = [row.latest_id for row in rows if row.was_returned]
    return dict(ReportReview.objects.filter(revision__in=returned).values_list("revision_id", "reason"))


def _latest_known(moment: dt.datetime) -> Any:
    """Expected reports with the latest revision submitted by `moment` (`latest_id`) and whether it was returned."""
    latest = ReportRevision.objects.filter(report__expected=OuterRef("pk"), submitted_at__lte=moment).order_by(
        "-number"
    )
    decision = ReportReview.objects.filter(revision=OuterRef("latest_id"), at__lte=moment).values("decision")
    return ExpectedReport.objects.annotate(latest_id=Subquery(latest.values("pk")[:1])).annotate(
        decision=Subquery(decision[:1]), was_returned=Q(decision=ReviewDecision.RETURN)
    )


def _unit(row: ExpectedReport, leads: dict[int, int]) -> int | None:
    return row.unit_id if row.unit_id is not None else leads.get(row.project_id)


def _report_matter(row: Any, kind: MatterKind, as_of: dt.date, calendar: Calendar, note: str) -> Matter:
    due_on = row.period.due_at.astimezone(SHANGHAI).date()
    return Matter(
        kind=kind,
        ref=f"expected:{row.pk}",
        project_id=row.project_id,
        project=row.project.name,
        title=f"{PeriodKind(row.period.kind).label}{row.period.key}",
        due_on=due_on,
        workdays=_workdays(kind, due_on, as_of, calendar),
        note=note,
    )


def _workdays(kind: MatterKind, due_on: dt.date, as_of: dt.date, calendar: Calendar) -> int:
    """Working days left for a report that is not due yet, working days late for the others."""
    if kind is MatterKind.REPORT_DUE:
        return calendar.working_days_between(as_of, due_on)
    return calendar.working_days_between(due_on, as_of) if due_on < as_of else 0
