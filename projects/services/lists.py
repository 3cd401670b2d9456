"""The year's list of key projects: issued versions, entries, adjustments (docs/rules.md, Annual list)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max

from projects import audit
from projects.enums import AdjustmentKind, AnnualClass, Stage
from projects.models import AnnualList, AnnualListEntry, ListAdjustment, Project, StageChange, User
from projects.services.editing import created, required, saved
from projects.services.projects import record_stage
from tracker.web.errors import UserError

SIDE_STAGES = {
    AdjustmentKind.REMOVED: Stage.REMOVED,
    AdjustmentKind.PAUSED: Stage.PAUSED,
    AdjustmentKind.HANDED_OVER: Stage.HANDED_OVER,
}
"""The stage a project stands in while the adjustment lasts."""
_LEAVING = (AdjustmentKind.REMOVED, AdjustmentKind.HANDED_OVER)
_RETURNING = (AdjustmentKind.ADDED, AdjustmentKind.RESUMED)


@transaction.atomic
def issue(
    *,
    year: int,
    title: str,
    issued_on: dt.date,
    actor: User | None,
    at: dt.datetime,
    document_no: str = "",
) -> AnnualList:
    """A new issued version of the year's list; the first is the original list (年初口径)."""
    title = required(title, "请填写清单名称。", "title")
    last = AnnualList.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0
    annual_list = AnnualList(
        year=year, number=last + 1, title=title, document_no=document_no.strip(), issued_on=issued_on
    )
    saved(annual_list)
    data = created(annual_list, "year", "number", "title", "document_no", "issued_on")
    audit.record(actor=actor, at=at, action="list.issue", obj=annual_list, data=data)
    return annual_list


@transaction.atomic
def enter(
    *,
    annual_list: AnnualList,
    project: Project,
    annual_class: AnnualClass,
    actor: User,
    at: dt.datetime,
    seq: int | None = None,
    entered_on: dt.date | None = None,
    reason: str = "",
) -> AnnualListEntry:
    """Put a project on the list. On a later version, or after the issue day, it is an adjustment 新增 as well."""
    entered_on = entered_on or annual_list.issued_on
    entry = AnnualListEntry(
        annual_list=annual_list,
        year=annual_list.year,
        project=project,
        annual_class=annual_class,
        seq=seq,
        entered_on=entered_on,
    )
    saved(entry)
    data = created(entry, "year", "project", "annual_class", "seq", "entered_on")
    audit.record(actor=actor, at=at, action="list.enter", obj=entry, data=data)
    if annual_list.number > 1 or entered_on > annual_list.issued_on:
        _record(
            entry=entry,
            kind=AdjustmentKind.ADDED,
            reason=reason or f"列入{annual_list.title}",
            effective_on=entered_on,
            document_no=annual_list.document_no,
            actor=actor,
            at=at,
        )
    return entry


@transaction.atomic
def adjust(
    *,
    entry: AnnualListEntry,
    kind: AdjustmentKind,
    reason: str,
    effective_on: dt.date,
    actor: User,
    at: dt.datetime,
    document_no: str = "",
) -> ListAdjustment:
    """调出, 暂停, 恢复, 移交 or 再次列入 of an entry, with its effect on the statistics and the project's stage.

    A removed or handed-over project leaves the current statistics on `effective_on`; a paused one stays in them. Going
    back restores the stage it had before.
    """
    reason = required(reason, "请写明调整原因。", "reason")
    _check(entry, kind, effective_on)
    project = entry.project
    if kind in _LEAVING:
        entry.left_on = effective_on
        entry.save(update_fields=["left_on"])
    elif kind == AdjustmentKind.ADDED:
        entry.left_on = None
        entry.save(update_fields=["left_on"])
    adjustment = _record(
        entry=entry, kind=kind, reason=reason, effective_on=effective_on, document_no=document_no, actor=actor, at=at
    )
    stage = _stage_before(project) if kind in _RETURNING else SIDE_STAGES[kind]
    if stage != project.stage:
        text = f"清单{kind.label}：{reason}"[:200]
        record_stage(project=project, stage=stage, on=effective_on, actor=actor, at=at, reason=text)
    return adjustment


@transaction.atomic
def retract(*, entry: AnnualListEntry, reason: str, actor: User, at: dt.datetime) -> ListAdjustment:
    """Take back an entry made by mistake: it counts on no day. The project's stage is not touched."""
    entry.left_on = entry.entered_on
    entry.save(update_fields=["left_on"])
    return _record(
        entry=entry,
        kind=AdjustmentKind.REMOVED,
        reason=required(reason, "请写明原因。", "reason"),
        effective_on=entry.entered_on,
        document_no="",
        actor=actor,
        at=at,
    )


def _check(entry: AnnualListEntry, kind: AdjustmentKind, effective_on: dt.date) -> None:
    stage = entry.project.stage
    if effective_on < entry.entered_on:
        raise UserError(f"生效日期不能早于列入日期（{entry.entered_on}）。", field="effective_on")
    last = entry.adjustments.order_by("-effective_on", "-pk").first()
    if last is not None and effective_on < last.effective_on:
        raise UserError(
            f"生效日期不能早于上一次调整（{last.effective_on}{last.get_kind_display()}）。", field="effective_on"
        )
    if kind == AdjustmentKind.ADDED:
        if entry.left_on is None:
            raise UserError("该项目仍在清单中，无需再次列入。", field="kind")
        return
    if entry.left_on is not None:
        raise UserError(f"该项目已于{entry.left_on}退出清单，如需恢复请选择“新增”。", field="kind")
    if kind == AdjustmentKind.RESUMED and stage != Stage.PAUSED:
        raise UserError("该项目没有暂停，不能恢复。", field="kind")
    if kind == AdjustmentKind.PAUSED and stage == Stage.PAUSED:
        raise UserError("该项目已暂停。", field="kind")


def _stage_before(project: Project) -> Stage:
    """The last stage that was not a side state; a project without history is in preparation."""
    side = set(SIDE_STAGES.values())
    if project.stage not in side:
        return Stage(project.stage)
    history = StageChange.objects.filter(project=project).order_by("-on", "-pk").values_list("old", flat=True)
    return next((Stage(old) for old in history if old and old not in side), Stage.PREPARATION)


def _record(
    *,
    entry: AnnualListEntry,
    kind: AdjustmentKind,
    reason: str,
    effective_on: dt.date,
    document_no: str,
    actor: User,
    at: dt.datetime,
) -> ListAdjustment:
    adjustment = ListAdjustment(
        entry=entry,
        kind=kind,
        reason=reason,
        effective_on=effective_on,
        document_no=document_no.strip(),
        actor=actor,
        at=at,
    )
    saved(adjustment)
    data = created(adjustment, "kind", "reason", "effective_on", "document_no")
    audit.record(actor=actor, at=at, action="list.adjust", obj=entry.project, data=data)
    return adjustment
