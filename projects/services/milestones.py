"""Milestones and the dates they move to (docs/rules.md, Milestones).

A due date is never overwritten in silence: the office moves it with a document or at another person's request, a unit
asks and the office decides. Every move is a row, and their number stands beside the milestone.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from projects import audit
from projects.enums import MilestoneKind, MilestoneWeight, MoveState, Precision
from projects.models import Milestone, MilestoneChange, MilestoneMove, Project, User
from projects.services.editing import created, edit, required, saved
from tracker.clock import day_of
from tracker.web.errors import UserError

_STRICT = (MilestoneWeight.HARD, MilestoneWeight.KEY)
_TITLES = {MilestoneKind.START: "计划开工", MilestoneKind.FINISH: "计划竣工"}


@transaction.atomic
def add(
    *,
    project: Project,
    due_on: dt.date,
    actor: User,
    at: dt.datetime,
    title: str = "",
    kind: MilestoneKind = MilestoneKind.NODE,
    weight: MilestoneWeight = MilestoneWeight.ORDINARY,
    precision: Precision = Precision.DAY,
    due_text: str = "",
    standard: str = "",
    acting_for: User | None = None,
) -> Milestone:
    """A new milestone. Planned start and finish are milestones too, one of each a project, with a title of their own.

    `due_on` is the last day of what was written, for a start the first; `precision` and `due_text` keep the writing.
    """
    title = title.strip() or _TITLES.get(kind, "")
    milestone = Milestone(
        project=project,
        kind=kind,
        weight=weight,
        title=required(title, "请填写节点内容。", "title"),
        standard=standard.strip(),
        due_on=due_on,
        precision=precision,
        due_text=due_text.strip(),
        created_at=at,
    )
    if kind != MilestoneKind.NODE:
        _check_order(milestone, due_on)
    saved(milestone)
    data = created(milestone, "kind", "weight", "title", "due_on", "precision")
    audit.record(actor=actor, at=at, action="milestone.add", obj=project, data=data, acting_for=acting_for)
    return milestone


def _check_order(milestone: Milestone, due_on: dt.date) -> None:
    other_kind = MilestoneKind.FINISH if milestone.kind == MilestoneKind.START else MilestoneKind.START
    other = Milestone.objects.filter(project=milestone.project, kind=other_kind, void_reason="").first()
    if other is None:
        return
    start, finish = (due_on, other.due_on) if milestone.kind == MilestoneKind.START else (other.due_on, due_on)
    if finish < start:
        raise UserError(f"计划竣工（{finish}）不能早于计划开工（{start}）。", field="due_on")


@transaction.atomic
def request_move(
    *,
    milestone: Milestone,
    new_due: dt.date,
    reason: str,
    actor: User,
    at: dt.datetime,
    precision: Precision = Precision.DAY,
    document_no: str = "",
    acting_for: User | None = None,
) -> MilestoneMove:
    """A unit asks for another date; nothing moves until somebody else decides."""
    reason = _check_move(milestone, new_due, precision, reason)
    if MilestoneMove.objects.filter(milestone=milestone, state=MoveState.PENDING).exists():
        raise UserError("该节点已有一个待批准的时限变更，请等待批准。")
    move_row = MilestoneMove(
        milestone=milestone,
        new_due=new_due,
        new_precision=precision,
        reason=reason,
        document_no=document_no.strip(),
        requested_by=actor,
        requested_at=at,
    )
    saved(move_row)
    audit.record(
        actor=actor,
        at=at,
        action="milestone.request_move",
        obj=milestone.project,
        data={"milestone": milestone.pk, "due_on": [milestone.due_on.isoformat(), new_due.isoformat()], "why": reason},
        acting_for=acting_for,
    )
    return move_row


@transaction.atomic
def decide_move(
    *, request: MilestoneMove, accept: bool, actor: User, at: dt.datetime, note: str = ""
) -> MilestoneChange | None:
    """The office accepts or refuses a requested date; never the person who asked."""
    if request.state != MoveState.PENDING:
        raise UserError("该申请已办理，请刷新页面。")
    if request.requested_by_id == actor.pk:
        raise UserError("申请人不能批准自己的申请，请由另一人办理。")
    if not accept:
        note = required(note, "不同意时须写明理由。", "note")
    request.state = MoveState.ACCEPTED if accept else MoveState.REFUSED
    request.decided_by, request.decided_at, request.note = actor, at, note.strip()
    request.save(update_fields=["state", "decided_by", "decided_at", "note"])
    if accept:
        return _write_move(
            milestone=request.milestone,
            new_due=request.new_due,
            precision=Precision(request.new_precision),
            reason=request.reason,
            document_no=request.document_no,
            requested_by=request.requested_by,
            approved_by=actor,
            at=at,
        )
    audit.record(
        actor=actor,
        at=at,
        action="milestone.refuse_move",
        obj=request.milestone.project,
        data={"milestone": request.milestone_id, "due_on": request.new_due.isoformat(), "why": note},
    )
    return None


@transaction.atomic
def move(
    *,
    milestone: Milestone,
    new_due: dt.date,
    reason: str,
    actor: User,
    at: dt.datetime,
    precision: Precision = Precision.DAY,
    document_no: str = "",
    requested_by: User | None = None,
    due_text: str = "",
) -> MilestoneChange:
    """The office moves a due date. A key or hard milestone needs a document, or a request by somebody else."""
    reason = _check_move(milestone, new_due, precision, reason)
    alone = requested_by is None or requested_by.pk == actor.pk
    if milestone.weight in _STRICT and alone and not document_no.strip():
        raise UserError(
            f"{milestone.get_weight_display()}的时限变更须有依据文号，或由另一人申请后批准。", field="document_no"
        )
    return _write_move(
        milestone=milestone,
        new_due=new_due,
        precision=precision,
        reason=reason,
        document_no=document_no,
        requested_by=requested_by or actor,
        approved_by=actor,
        at=at,
        due_text=due_text,
    )


def _check_move(milestone: Milestone, new_due: dt.date, precision: Precision, reason: str) -> str:
    if milestone.void_reason:
        raise UserError("该节点已作废。")
    if milestone.done_on is not None and milestone.confirmed_by_id is not None:
        raise UserError(f"该节点已于{milestone.done_on}确认完成，不能再改时限。")
    if (new_due, precision) == (milestone.due_on, milestone.precision):
        raise UserError("新时限与现时限相同。", field="new_due")
    if milestone.kind != MilestoneKind.NODE:
        _check_order(milestone, new_due)
    return required(reason, "请写明变更原因。", "reason")


def _write_move(
    *,
    milestone: Milestone,
    new_due: dt.date,
    precision: Precision,
    reason: str,
    document_no: str,
    requested_by: User,
    approved_by: User,
    at: dt.datetime,
    due_text: str = "",
) -> MilestoneChange:
    change = MilestoneChange(
        milestone=milestone,
        old_due=milestone.due_on,
        new_due=new_due,
        old_precision=milestone.precision,
        new_precision=precision,
        reason=reason,
        document_no=document_no.strip(),
        requested_by=requested_by,
        approved_by=approved_by,
        at=at,
    )
    saved(change)
    values = {"due_on": new_due, "precision": precision, "due_text": due_text.strip()}
    data = edit(milestone, values, version=None)
    audit.record(
        actor=approved_by,
        at=at,
        action="milestone.move",
        obj=milestone.project,
        data={
            **data,
            "milestone": milestone.pk,
            "why": reason,
            "requested_by": requested_by.pk,
            "document_no": document_no,
        },
    )
    return change


@transaction.atomic
def complete(
    *,
    milestone: Milestone,
    done_on: dt.date | None,
    percent: int,
    version: int | None,
    actor: User,
    at: dt.datetime,
    acting_for: User | None = None,
) -> Milestone:
    """The unit says how far it is; with 100 % and a day it claims completion, which counts once the office confirms."""
    _be_open(milestone)
    if (percent == 100) != (done_on is not None):
        raise UserError("完成比例为100%时须填写完成日期，未完成时不填。", field="done_on")
    if done_on is not None and done_on > day_of(at):
        raise UserError("完成日期不能晚于今天。", field="done_on")
    values = {"percent": percent, "done_on": done_on, "claimed_by": actor if done_on else None}
    changes = edit(milestone, values, version=version)
    if changes:
        data = {**changes, "milestone": milestone.pk}
        audit.record(
            actor=actor, at=at, action="milestone.complete", obj=milestone.project, data=data, acting_for=acting_for
        )
    return milestone


@transaction.atomic
def confirm(*, milestone: Milestone, version: int | None, actor: User, at: dt.datetime) -> Milestone:
    """The office verifies a claimed completion."""
    _be_open(milestone)
    if milestone.done_on is None:
        raise UserError("责任单位尚未填报完成，不能确认。")
    if milestone.claimed_by_id == actor.pk:
        raise UserError("填报完成的人不能自己确认，请由另一人确认。")
    changes = edit(milestone, {"confirmed_by": actor}, version=version)
    data = {**changes, "milestone": milestone.pk, "done_on": milestone.done_on.isoformat()}
    audit.record(actor=actor, at=at, action="milestone.confirm", obj=milestone.project, data=data)
    return milestone


@transaction.atomic
def void(*, milestone: Milestone, reason: str, version: int | None, actor: User, at: dt.datetime) -> Milestone:
    """A milestone entered by mistake, or dropped by a document; it stays readable with its reason."""
    if milestone.void_reason:
        raise UserError("该节点已作废。")
    reason = required(reason, "请写明作废原因。", "reason")
    changes = edit(milestone, {"void_reason": reason}, version=version)
    data = {**changes, "milestone": milestone.pk}
    audit.record(actor=actor, at=at, action="milestone.void", obj=milestone.project, data=data)
    return milestone


def _be_open(milestone: Milestone) -> None:
    if milestone.void_reason:
        raise UserError("该节点已作废。")
    if milestone.confirmed_by_id is not None:
        raise UserError("该节点已确认完成。")
