"""Undoing an import: every act taken back in reverse order, except what somebody has changed since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from projects import audit
from projects.enums import AdjustmentKind, ImportState, PlanState, Stage
from projects.models import (
    AnnualListEntry,
    ImportRow,
    LeaderAssignment,
    LedgerImport,
    Milestone,
    PlanVersion,
    Project,
    ReportRevision,
    UnitAssignment,
    User,
)
from projects.models.fields import label_of
from projects.services import assignments, lists, milestones, plans, projects, reports
from projects.services.editing import edit, json_value
from projects.services.imports.context import Act, AssignmentModel
from projects.services.plans import PlanFigures
from tracker.clock import day_of
from tracker.web.errors import UserError


@dataclass(slots=True)
class UndoOutcome:
    """How many acts were taken back, and a sentence for each that stayed because it was changed since."""

    undone: int = 0
    kept: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Undo:
    ledger: LedgerImport
    actor: User
    at: dt.datetime

    @property
    def reason(self) -> str:
        return f"撤销台账导入第{self.ledger.pk}号"


class _Kept(Exception):
    """This act stays; the message says why."""


@transaction.atomic
def undo(*, ledger: LedgerImport, version: int | None, actor: User, at: dt.datetime) -> UndoOutcome:
    """Take a confirmed import back. Created projects are voided, reports withdrawn, values and dates restored unless
    they were changed since; new units and leaders stay on the roster."""
    if ledger.state != ImportState.CONFIRMED:
        raise UserError(f"该台账{ledger.get_state_display()}，不能撤销。")
    job = _Undo(ledger, actor, at)
    outcome = UndoOutcome()
    for row in ImportRow.objects.filter(ledger=ledger).exclude(changes=[]).select_related("project").order_by("-pk"):
        for act in _in_reverse(row.changes):
            _take_back(row, act, job, outcome)
    edit(ledger, {"state": ImportState.UNDONE, "undone_at": at}, version=version)
    data = {"undone": outcome.undone, "kept": outcome.kept[:50]}
    audit.record(actor=actor, at=at, action="import.undo", obj=ledger, data=data)
    return outcome


def _in_reverse(acts: list[Act]) -> list[Act]:
    """Last act first. A project that the row created is voided whole: only its reports need an act of their own."""
    if acts[0]["act"] == "create":
        return [*(act for act in reversed(acts) if act["act"] == "report"), acts[0]]
    return acts[::-1]


def _take_back(row: ImportRow, act: Act, job: _Undo, outcome: UndoOutcome) -> None:
    project = Project.objects.get(import_rows=row)
    try:
        with transaction.atomic():
            _ACTS[act["act"]](project, act, job)
    except (_Kept, UserError) as reason:
        outcome.kept.append(f"“{project.name}”：{reason}")
        return
    outcome.undone += 1


def _create(project: Project, act: Act, job: _Undo) -> None:
    later = ReportRevision.objects.filter(report__project=project, withdrawal=None)
    if later.exists():
        raise _Kept("导入后又有填报，项目保留")
    if project.voided_at is None:
        projects.void(project=project, reason=job.reason, version=None, actor=job.actor, at=job.at)


def _update(project: Project, act: Act, job: _Undo) -> None:
    restored, moved = {}, []
    for name, (old, new) in act["values"].items():
        if json_value(getattr(project, name)) != new:
            moved.append(label_of(Project, name))
            continue
        restored[name] = Decimal(old) if name == "total" and old is not None else old
    if restored:
        projects.update(project=project, values=restored, version=None, actor=job.actor, at=job.at)
    if moved:
        raise _Kept(f"{'、'.join(moved)}导入后又有修改，未恢复")


def _rename(project: Project, act: Act, job: _Undo) -> None:
    if project.name != act["new"]:
        raise _Kept("导入后又改过名称，未恢复")
    projects.rename(project=project, name=act["old"], actor=job.actor, at=job.at)


def _enter(project: Project, act: Act, job: _Undo) -> None:
    entry = AnnualListEntry.objects.get(pk=act["entry"])
    if entry.left_on is not None:
        raise _Kept("导入后清单已有调整，未恢复")
    lists.retract(entry=entry, reason=job.reason, actor=job.actor, at=job.at)


def _remove(project: Project, act: Act, job: _Undo) -> None:
    entry = AnnualListEntry.objects.select_related("project").get(pk=act["entry"])
    lists.adjust(
        entry=entry,
        kind=AdjustmentKind.ADDED,
        reason=job.reason,
        effective_on=entry.left_on or entry.entered_on,
        actor=job.actor,
        at=job.at,
    )


def _adopt(project: Project, act: Act, job: _Undo) -> None:
    """The figures before come back as a new version: what was effective once stays readable."""
    plan = PlanVersion.objects.get(pk=act["plan"])
    if plan.state != PlanState.EFFECTIVE:
        raise _Kept("导入后计划又有新版本，未恢复")
    before = PlanVersion.objects.filter(pk=act["replaced"]).first() if act["replaced"] else None
    plans.adopt(
        project=project,
        year=plan.year,
        figures=plans.figures_of(before) if before else PlanFigures(annual=None),
        effective_on=plan.effective_on,
        document_no=job.reason,
        reason=job.reason,
        actor=job.actor,
        at=job.at,
    )


def _add(project: Project, act: Act, job: _Undo) -> None:
    milestone = Milestone.objects.get(pk=act["milestone"])
    if milestone.done_on is not None or milestone.changes.exists():
        raise _Kept(f"节点“{milestone.title[:30]}”导入后又有变动，保留")
    milestones.void(milestone=milestone, reason=job.reason, version=None, actor=job.actor, at=job.at)


def _move(project: Project, act: Act, job: _Undo) -> None:
    milestone = Milestone.objects.get(pk=act["milestone"])
    if milestone.due_on.isoformat() != act["new_due"]:
        raise _Kept(f"“{milestone.title[:30]}”的时限导入后又有变更，未恢复")
    milestones.move(
        milestone=milestone,
        new_due=dt.date.fromisoformat(act["old_due"]),
        precision=act["old_precision"],
        reason=job.reason,
        document_no=job.reason,
        actor=job.actor,
        at=job.at,
    )


def _assignment(model: AssignmentModel, end: str) -> Callable[[Project, Act, _Undo], None]:
    def take_back(project: Project, act: Act, job: _Undo) -> None:
        row = model.objects.filter(pk=act["row"]).first()
        if row is None or row.valid_to is not None:
            raise _Kept(f"{end}导入后又有调整，未恢复")
        reopen = model.objects.filter(pk__in=act["ended"])
        assignments.retract_assignment(assignment=row, reopen=reopen, reason=job.reason, actor=job.actor, at=job.at)

    return take_back


def _ended(model: AssignmentModel, assign: str) -> Callable[[Project, Act, _Undo], None]:
    """A row that the import ended: the same unit or person begins again the day after."""

    def take_back(project: Project, act: Act, job: _Undo) -> None:
        row = model.objects.get(pk=act["row"])
        if row.valid_to is None:
            raise _Kept("分工导入后又有调整，未恢复")
        target = "unit" if model is UnitAssignment else "officer"
        getattr(projects, assign)(
            project=project,
            part=row.part,
            position=row.position,
            valid_from=row.valid_to + dt.timedelta(days=1),
            actor=job.actor,
            at=job.at,
            **{target: getattr(row, target)},
        )

    return take_back


def _stage(project: Project, act: Act, job: _Undo) -> None:
    if project.stage != act["new"]:
        raise _Kept("建设阶段导入后又有变化，未恢复")
    projects.set_stage(
        project=project,
        stage=Stage(act["old"]),
        on=day_of(job.at),
        reason=job.reason,
        actor=job.actor,
        at=job.at,
    )


def _start(project: Project, act: Act, job: _Undo) -> None:
    if project.started_on is None or project.started_on.isoformat() != act["on"]:
        raise _Kept("开工日期导入后又有修改，未恢复")
    projects.retract_start(project=project, reason=job.reason, actor=job.actor, at=job.at)


def _report(project: Project, act: Act, job: _Undo) -> None:
    revision = ReportRevision.objects.get(pk=act["revision"])
    reports.withdraw(revision=revision, reason=job.reason, actor=job.actor, at=job.at)


_ACTS: dict[str, Callable[[Project, Act, _Undo], None]] = {
    "create": _create,
    "update": _update,
    "rename": _rename,
    "enter": _enter,
    "remove": _remove,
    "adopt": _adopt,
    "add": _add,
    "move": _move,
    "assign_unit": _assignment(UnitAssignment, "责任单位"),
    "assign_leader": _assignment(LeaderAssignment, "包联领导"),
    "end_unit": _ended(UnitAssignment, "assign_unit"),
    "end_leader": _ended(LeaderAssignment, "assign_leader"),
    "stage": _stage,
    "start": _start,
    "report": _report,
}
