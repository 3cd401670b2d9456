"""Carrying out one row of a preview through the same services as the forms, with a record of each act for undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from projects.enums import AnnualClass, MilestoneKind, Precision, RevisionKind, Stage
from projects.models import Milestone, Period, PlanVersion, Project
from projects.rules.stages import is_back, may_enter
from projects.selectors.imports.comparison import Change, refines
from projects.selectors.imports.known import Date
from projects.selectors.imports.outcome import RowPreview
from projects.selectors.imports.quarters import THIRDS_REASON
from projects.selectors.imports.reports import ReportPlan
from projects.selectors.imports.targets import INITIAL_STAGES
from projects.services import lists, milestones, periods, plans, projects, reports
from projects.services.editing import json_value
from projects.services.imports.context import Act, Context
from projects.services.imports.staffing import assign_people
from projects.services.plans import PlanFigures
from projects.services.report_values import ReportValues
from tracker.clock import day_of

_UNDER_WAY = (Stage.STARTED, Stage.BUILDING)
_PLAN_KEYS = frozenset({"plan", "months", "prior", "goal"})


def apply_row(row: RowPreview, context: Context) -> tuple[Project, list[Act]]:
    """Write what the preview of a row said; answers the project and the acts in order."""
    acts: list[Act] = []
    if row.project is None:
        project = _create(row, context)
        acts.append({"act": "create", "project": project.pk})
    else:
        project = Project.objects.get(pk=row.project)
    changes = {change.key: change for change in row.changes}
    nodes = [change for change in row.changes if change.key == "node"]
    acts += _master_data(project, row, changes, context)
    acts += _entry(project, row, changes, context)
    acts += _plan(project, changes, context)
    if row.report is None:
        acts += _dates(project, changes, context, context.at)
    for change in nodes:
        acts.append(_node(project, change, context))
    acts += assign_people(project, changes, context)
    acts += _stage(project, changes.get("stage"), context)
    if row.report is not None:
        acts += _report(project, row.report, changes, row, context)
    return project, acts


def _create(row: RowPreview, context: Context) -> Project:
    values = {
        change.key.removeprefix("value:"): change.value for change in row.changes if change.key.startswith("value:")
    }
    entry = next((change.value for change in row.changes if change.key == "entry"), AnnualClass.NEW_START)
    stage = row.target.stage if row.target and row.target.stage else INITIAL_STAGES[AnnualClass(entry)]
    return projects.create(
        name=row.name, values=values, stage=stage, year=context.ledger.year, actor=context.checker, at=context.at
    )


def _values(changes: Iterable[Change]) -> dict[str, Any]:
    """The plain fields of the project among the changes."""
    prefix = "value:"
    return {change.key.removeprefix(prefix): change.value for change in changes if change.key.startswith(prefix)}


def _master_data(project: Project, row: RowPreview, changes: dict[str, Change], context: Context) -> list[Act]:
    acts: list[Act] = []
    if row.project is None:
        return acts
    if change := changes.get("name"):
        projects.rename(project=project, name=change.value, actor=context.checker, at=context.at)
        acts.append({"act": "rename", "old": change.old, "new": change.value})
    if values := _values(changes.values()):
        written = projects.update(project=project, values=values, version=None, actor=context.checker, at=context.at)
        acts.append({"act": "update", "values": written})
    return acts


def _entry(project: Project, row: RowPreview, changes: dict[str, Change], context: Context) -> list[Act]:
    change = changes.get("entry")
    if change is None or context.annual_list is None:
        return []
    entry = lists.enter(
        annual_list=context.annual_list,
        project=project,
        annual_class=change.value,
        seq=row.target.seq if row.target else None,
        entered_on=max(context.day, context.annual_list.issued_on),
        reason=context.reason,
        actor=context.checker,
        at=context.at,
    )
    return [{"act": "enter", "entry": entry.pk}]


def _plan(project: Project, changes: dict[str, Change], context: Context) -> list[Act]:
    """A new version with what the ledger states; what it does not state stays as it was."""
    if not _PLAN_KEYS & changes.keys():
        return []
    current = PlanVersion.objects.filter(project=project, year=context.ledger.year, state="effective").first()
    have = plans.figures_of(current) if current else PlanFigures(annual=None)

    def stated(key: str, old: Any) -> Any:
        return changes[key].value if key in changes else old

    figures = PlanFigures(
        annual=stated("plan", have.annual),
        months=stated("months", have.months),
        prior=stated("prior", have.prior),
        goal=stated("goal", have.goal),
    )
    thirds = "months" in changes and THIRDS_REASON in changes["months"].label
    plan = plans.adopt(
        project=project,
        year=context.ledger.year,
        figures=figures,
        effective_on=max(context.day, current.effective_on) if current else context.day,
        document_no=context.document[:60],
        reason=f"{THIRDS_REASON}；{context.reason}" if thirds else context.reason if current else "",
        actor=context.checker,
        at=context.at,
    )
    if plan is None:
        return []
    return [{"act": "adopt", "plan": plan.pk, "replaced": current.pk if current else None}]


def _dates(project: Project, changes: dict[str, Change], context: Context, at: dt.datetime) -> list[Act]:
    """Both planned dates, in the order in which the start never passes the finish."""
    finish = Milestone.objects.filter(project=project, kind=MilestoneKind.FINISH, void_reason="").first()
    start = changes.get("start")
    late_start = finish is not None and start is not None and start.value.value > finish.due_on
    keys = ("finish", "start") if late_start else ("start", "finish")
    return [act for key in keys for act in _date(project, key, changes.get(key), context, at)]


def _date(project: Project, key: str, change: Change | None, context: Context, at: dt.datetime) -> list[Act]:
    """Set the planned start or finish, or move it. A finer writing of the same date is a move in name only."""
    if change is None:
        return []
    kind = MilestoneKind(key)
    reading = change.value
    precision = Precision(reading.precision or "day")
    milestone = Milestone.objects.filter(project=project, kind=kind, void_reason="").first()
    if milestone is None:
        added = milestones.add(
            project=project,
            kind=kind,
            due_on=reading.value,
            precision=precision,
            due_text=reading.original.strip()[:60],
            actor=context.checker,
            at=at,
        )
        return [{"act": "add", "milestone": added.pk}]
    if milestone.confirmed_by_id is not None or (milestone.due_on, milestone.precision) == (reading.value, precision):
        return []
    is_finer = refines(reading, Date(milestone.pk, milestone.due_on, milestone.precision), key)
    old = {"old_due": milestone.due_on.isoformat(), "old_precision": milestone.precision}
    milestones.move(
        milestone=milestone,
        new_due=reading.value,
        precision=precision,
        reason=f"时限细化，{context.reason}" if is_finer else context.reason,
        document_no=context.document[:60],
        requested_by=context.maker,
        due_text=reading.original.strip()[:60],
        actor=context.checker,
        at=at,
    )
    return [{"act": "move", "milestone": milestone.pk, **old, "new_due": reading.value.isoformat()}]


def _node(project: Project, change: Change, context: Context) -> Act:
    node = change.value
    milestone = milestones.add(
        project=project,
        title=node.title,
        due_on=node.due,
        precision=Precision.QUARTER,
        actor=context.checker,
        at=context.at,
    )
    return {"act": "add", "milestone": milestone.pk}


def _stage(project: Project, change: Change | None, context: Context) -> list[Act]:
    if change is None or not may_enter(project.stage, change.value):
        return []
    old = project.stage
    reason = context.reason if is_back(old, change.value) else context.document
    projects.set_stage(
        project=project, stage=change.value, on=context.day, reason=reason, actor=context.checker, at=context.at
    )
    return [{"act": "stage", "old": old, "new": str(change.value)}]


def _report(
    project: Project, report: ReportPlan, changes: dict[str, Change], row: RowPreview, context: Context
) -> list[Act]:
    """The report of a row, submitted by who uploaded and accepted by who confirmed, when these are two people; else it
    waits for review. History is dated by its own moments of filling."""
    at = report.reported_at if context.history and report.reported_at else context.at
    acts = _dates(project, changes, context, at)
    acts += _started(project, report, row, context, at)
    expected = periods.expect(period=_period(report.period, context, at), project=project, at=at, actor=context.checker)
    values = ReportValues(
        done=report.done,
        done_period=report.done_period,
        stage=report.stage,
        progress=report.progress,
        problem=report.problem,
    )
    before = project.stage
    if report.corrects:
        revision = reports.correct(
            expected=expected, values=values, reason=context.reason, version=None, actor=context.maker, at=at
        )
    else:
        revision = reports.submit(
            expected=expected, values=values, kind=RevisionKind.IMPORT, version=None, actor=context.maker, at=at
        )
    if context.maker.pk != context.checker.pk:
        reports.accept(revision=revision, actor=context.checker, at=at, reason=context.document, judge=False)
        last, affected = context.judged.get(report.period, (at, {}))
        context.judged[report.period] = (max(last, at), affected | {project.pk: project})
    acts.append({"act": "report", "revision": revision.pk, "done": json_value(report.done)})
    after = Project.objects.values_list("stage", flat=True).get(pk=project.pk)
    if after != before:
        acts.append({"act": "stage", "old": before, "new": after})
    return acts


def _period(key: str, context: Context, at: dt.datetime) -> Period:
    if key not in context.periods:
        context.periods[key] = periods.open_period(key=key, at=at, actor=context.checker)
    return context.periods[key]


def _started(project: Project, report: ReportPlan, row: RowPreview, context: Context, at: dt.datetime) -> list[Act]:
    """The real start a report states once work is under way."""
    reading = row.row.value("real_start")
    started = getattr(reading, "value", None)
    if report.stage not in _UNDER_WAY or started is None or project.started_on is not None or started > day_of(at):
        return []
    old = project.stage
    projects.confirm_start(project=project, on=started, actor=context.checker, at=at)
    acts: list[Act] = [{"act": "start", "on": started.isoformat()}]
    if project.stage != old:
        acts.append({"act": "stage", "old": old, "new": project.stage})
    return acts
