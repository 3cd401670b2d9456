"""Key projects: master data, names, stages, confirmed start and completion, inclusion in the statistics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from projects import audit
from projects.enums import MilestoneKind, Stage
from projects.models import (
    Milestone,
    Project,
    ProjectName,
    StageChange,
    StatisticsInclusion,
    Tag,
    User,
)
from projects.rules.naming import normalise_project_name
from projects.rules.stages import is_back, is_forward, may_enter
from projects.services.editing import Changes, created, edit, only, required, saved
from projects.services.spelling import initials
from tracker.clock import day_of
from tracker.web.errors import UserError

FIELDS = frozenset(
    {
        "code",
        "national_code",
        "nature",
        "level",
        "sector",
        "area",
        "owner_kind",
        "owner",
        "content",
        "parent",
        "is_package",
        "total",
        "has_contract",
    }
)
"""What `create` and `update` take in `values`; name, stage, people and confirmed dates have verbs of their own."""
INCLUSION_FIELDS = frozenset({"included_on", "code", "is_required", "blocker"})
_CODE_ATTEMPTS = 3


@transaction.atomic
def create(
    *,
    name: str,
    actor: User | None,
    at: dt.datetime,
    values: Mapping[str, Any] | None = None,
    stage: Stage = Stage.PREPARATION,
    tags: list[str] | None = None,
    year: int | None = None,
) -> Project:
    """A new project. Without a code it gets the next number of the year (`2026-0007`)."""
    values = dict(values or {})
    only(values, FIELDS)
    name = required(name, "请填写项目名称。", "name")
    code = str(values.pop("code", "")).strip()
    project = Project(
        name=name,
        match_name=normalise_project_name(name),
        initials=initials(name),
        stage=stage,
        created_at=at,
        **values,
    )
    _check_package(project)
    if code:
        project.code = code
        saved(project)
    else:
        _save_numbered(project, year or day_of(at).year)
    _tag(project, tags)
    data = created(project, "code", "name", "stage", *sorted(FIELDS & set(values)))
    audit.record(actor=actor, at=at, action="project.create", obj=project, data=data)
    return project


def _save_numbered(project: Project, year: int) -> None:
    """Two people creating at the same moment meet at the unique code; the later one takes the next number."""
    for attempt in range(_CODE_ATTEMPTS):
        project.code = _next_code(year)
        try:
            with transaction.atomic():
                saved(project)
            return
        except IntegrityError:
            if attempt == _CODE_ATTEMPTS - 1:
                raise


def _next_code(year: int) -> str:
    prefix = f"{year}-"
    last = Project.objects.filter(code__regex=rf"^{year}-\d{{4}}$").order_by("-code").values_list("code", flat=True)
    number = int(last[0].removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{number:04d}"


def _check_package(project: Project) -> None:
    if project.parent is not None and not project.parent.is_package:
        raise UserError(f"“{project.parent}”不是打包项目，请先在该项目中勾选“打包项目”。", field="parent")
    if not project.is_package and project.pk and project.children.filter(voided_at=None).exists():
        raise UserError("该项目名下还有子项目，不能取消“打包项目”。", field="is_package")


def _tag(project: Project, names: list[str] | None) -> Changes:
    if names is None:
        return {}
    wanted = sorted({name.strip() for name in names if name.strip()})
    had = sorted(project.tags.values_list("name", flat=True))
    if wanted == had:
        return {}
    Tag.objects.bulk_create([Tag(name=name) for name in wanted], ignore_conflicts=True)
    project.tags.set(Tag.objects.filter(name__in=wanted))
    return {"tags": [had, wanted]}


@transaction.atomic
def update(
    *,
    project: Project,
    values: Mapping[str, Any],
    version: int | None,
    actor: User | None,
    at: dt.datetime,
    tags: list[str] | None = None,
) -> Changes:
    """Edit master data; answers what changed. Raises `Conflict` when somebody saved the project meanwhile."""
    only(values, FIELDS)
    changes = edit(project, values, version=version)
    if {"parent", "is_package"} & changes.keys():
        _check_package(project)
    changes |= _tag(project, tags)
    if changes:
        audit.record(actor=actor, at=at, action="project.update", obj=project, data=changes)
    return changes


@transaction.atomic
def rename(*, project: Project, name: str, actor: User | None, at: dt.datetime, version: int | None = None) -> Project:
    """Give the project another name; the old one is kept and still finds it."""
    name = required(name, "请填写项目名称。", "name")
    old, old_match = project.name, project.match_name
    values = {"name": name, "match_name": normalise_project_name(name), "initials": initials(name)}
    changes = edit(project, values, version=version)
    if "name" in changes:
        saved(ProjectName(project=project, name=old, match_name=old_match, until=day_of(at)))
        audit.record(actor=actor, at=at, action="project.rename", obj=project, data={"name": [old, name]})
    return project


@transaction.atomic
def void(*, project: Project, reason: str, version: int | None, actor: User | None, at: dt.datetime) -> Project:
    """Take a project that was entered by mistake out of every list; nothing is deleted."""
    reason = required(reason, "请写明作废原因。", "reason")
    if project.voided_at is not None:
        raise UserError("该项目已作废。")
    changes = edit(project, {"voided_at": at, "void_reason": reason}, version=version)
    audit.record(actor=actor, at=at, action="project.void", obj=project, data=changes)
    return project


@transaction.atomic
def revive(*, project: Project, version: int | None, actor: User | None, at: dt.datetime) -> Project:
    if project.voided_at is None:
        raise UserError("该项目没有作废，无需恢复。")
    changes = edit(project, {"voided_at": None, "void_reason": ""}, version=version)
    audit.record(actor=actor, at=at, action="project.revive", obj=project, data=changes)
    return project


# Stages


@transaction.atomic
def set_stage(
    *, project: Project, stage: Stage, on: dt.date, actor: User, at: dt.datetime, reason: str = ""
) -> StageChange | None:
    """Record that the project entered a stage on a day (docs/rules.md, Stages). None when it is there already.

    Side states (paused, removed, handed over) are entered through the list (`services.lists.adjust`).
    """
    if stage == project.stage:
        return None
    if not may_enter(project.stage, stage):
        raise UserError(
            f"不能从“{project.get_stage_display()}”转为“{stage.label}”；暂停、调出、移交请在年度清单中办理。",
            field="stage",
        )
    if is_back(project.stage, stage) and not reason.strip():
        raise UserError(f"从“{project.get_stage_display()}”退回“{stage.label}”须写明依据。", field="reason")
    _not_in_future(on, at)
    return record_stage(project=project, stage=stage, on=on, actor=actor, at=at, reason=reason)


def record_stage(
    *, project: Project, stage: Stage, on: dt.date, actor: User, at: dt.datetime, reason: str = ""
) -> StageChange:
    """The write behind every stage change, also those that follow from a list adjustment or a confirmed start."""
    change = StageChange(project=project, old=project.stage, new=stage, on=on, reason=reason, actor=actor)
    saved(change)
    data = edit(project, {"stage": stage}, version=None)
    audit.record(
        actor=actor, at=at, action="project.stage", obj=project, data={**data, "on": on.isoformat(), "reason": reason}
    )
    return change


def _not_in_future(on: dt.date, at: dt.datetime) -> None:
    if on > day_of(at):
        raise UserError("日期不能晚于今天。", field="on")


@transaction.atomic
def confirm_start(
    *, project: Project, on: dt.date, actor: User, at: dt.datetime, version: int | None = None
) -> Project:
    """The office confirms the real start: the planned-start milestone is done that day, the stage follows."""
    _not_in_future(on, at)
    if project.started_on is not None:
        raise UserError(f"已于{project.started_on}确认开工。", field="on")
    changes = edit(project, {"started_on": on}, version=version)
    audit.record(actor=actor, at=at, action="project.start", obj=project, data=changes)
    _finish_milestone(project, MilestoneKind.START, on, actor)
    if is_forward(project.stage, Stage.STARTED):
        record_stage(project=project, stage=Stage.STARTED, on=on, actor=actor, at=at, reason="确认开工")
    return project


@transaction.atomic
def confirm_completion(
    *, project: Project, on: dt.date, actor: User, at: dt.datetime, version: int | None = None
) -> Project:
    """The office confirms the real completion; a project that never started cannot be completed."""
    _not_in_future(on, at)
    if project.completed_on is not None:
        raise UserError(f"已于{project.completed_on}确认竣工。", field="on")
    if project.started_on is None:
        raise UserError("尚未确认开工，请先登记开工日期。", field="on")
    if on < project.started_on:
        raise UserError(f"竣工日期不能早于开工日期（{project.started_on}）。", field="on")
    changes = edit(project, {"completed_on": on}, version=version)
    audit.record(actor=actor, at=at, action="project.completion", obj=project, data=changes)
    _finish_milestone(project, MilestoneKind.FINISH, on, actor)
    if is_forward(project.stage, Stage.FINISHED):
        record_stage(project=project, stage=Stage.FINISHED, on=on, actor=actor, at=at, reason="确认竣工")
    return project


def _finish_milestone(project: Project, kind: MilestoneKind, on: dt.date, actor: User) -> None:
    for milestone in Milestone.objects.filter(project=project, kind=kind, void_reason=""):
        edit(milestone, {"done_on": on, "percent": 100, "confirmed_by": actor}, version=None)


@transaction.atomic
def retract_start(*, project: Project, reason: str, actor: User, at: dt.datetime) -> Project:
    """Take back a start that was confirmed by mistake; the planned start is open again."""
    changes = edit(project, {"started_on": None}, version=None)
    for milestone in Milestone.objects.filter(project=project, kind=MilestoneKind.START, void_reason=""):
        edit(milestone, {"done_on": None, "percent": 0, "confirmed_by": None}, version=None)
    audit.record(actor=actor, at=at, action="project.retract_start", obj=project, data={**changes, "reason": reason})
    return project


@transaction.atomic
def set_inclusion(
    *, project: Project, values: Mapping[str, Any], version: int | None, actor: User, at: dt.datetime
) -> StatisticsInclusion:
    """入统: record inclusion in the investment statistics, or why it has not happened."""
    only(values, INCLUSION_FIELDS)
    values = dict(values)
    if values.get("included_on") is not None:
        values.setdefault("blocker", "")
        _not_in_future(values["included_on"], at)
    row = StatisticsInclusion.objects.filter(project=project).first()
    if row is None:
        row = StatisticsInclusion(project=project, **values)
        saved(row)
        data = created(row, *sorted(values))
    else:
        data = edit(row, values, version=version)
    if data:
        audit.record(actor=actor, at=at, action="project.inclusion", obj=project, data=data)
    return row
