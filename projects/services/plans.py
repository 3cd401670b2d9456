"""Plan versions: proposed by one person, approved by another, or adopted from an issued document
(docs/rules.md, Plans).

An effective version is never edited; a change is a new version that replaces it from its effective date.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from projects import audit
from projects.enums import PlanState
from projects.models import PlanVersion, Project, User
from projects.services.editing import created, json_value, required, saved
from tracker.web.errors import UserError

TOLERANCE = Decimal("0.01")
"""万元: twelve rounded months may differ from the year by this much."""


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """What a plan says; amounts in 万元. `annual` None means the year's plan is not issued, which is not zero."""

    annual: Decimal | None
    months: tuple[Decimal, ...] | None = None
    prior: Decimal | None = None
    goal: str = ""


def doubts(project: Project, figures: PlanFigures) -> list[str]:
    """Sentences about figures that are possible but look wrong; shown, and no obstacle."""
    texts = []
    if figures.months is not None and figures.annual is not None:
        total = sum(figures.months, Decimal(0))
        if abs(total - figures.annual) > TOLERANCE:
            texts.append(f"分月计划合计{json_value(total)}万元，与年度计划{json_value(figures.annual)}万元不一致。")
    if figures.annual is not None and project.total is not None and figures.annual > project.total:
        texts.append(f"年度计划{json_value(figures.annual)}万元大于总投资{json_value(project.total)}万元，请核对单位。")
    return texts


@transaction.atomic
def propose(
    *,
    project: Project,
    year: int,
    figures: PlanFigures,
    effective_on: dt.date,
    actor: User,
    at: dt.datetime,
    reason: str = "",
    document_no: str = "",
    acting_for: User | None = None,
) -> PlanVersion:
    """A draft version for another person to approve. The months, when given, must add up to the year."""
    _check(figures)
    if figures.months is not None:
        if figures.annual is None:
            raise UserError("填写分月计划时须同时填写年度计划。", field="annual")
        total = sum(figures.months, Decimal(0))
        if abs(total - figures.annual) > TOLERANCE:
            raise UserError(
                f"分月计划合计{json_value(total)}万元，与年度计划{json_value(figures.annual)}万元不一致。",
                field="months",
            )
    has_plan = PlanVersion.objects.filter(project=project, year=year, state=PlanState.EFFECTIVE).exists()
    if has_plan:
        reason = required(reason, "调整计划须写明原因。", "reason")
    if PlanVersion.objects.filter(project=project, year=year, state=PlanState.DRAFT).exists():
        raise UserError(f"{year}年度已有一个待审定的计划版本，请先审定或退回。")
    plan = _new(project, year, figures, effective_on, actor, at, reason, document_no)
    saved(plan)
    audit.record(actor=actor, at=at, action="plan.propose", obj=project, data=_data(plan), acting_for=acting_for)
    return plan


@transaction.atomic
def approve(*, plan: PlanVersion, actor: User, at: dt.datetime) -> PlanVersion:
    """Another person makes the draft effective; the version before it is replaced on its effective date."""
    _be_draft(plan)
    if plan.proposed_by_id == actor.pk:
        raise UserError("拟定人不能审定自己拟定的计划，请由另一人审定。")
    _take_effect(plan, actor)
    plan.save(update_fields=["state", "approved_by"])
    audit.record(actor=actor, at=at, action="plan.approve", obj=plan.project, data=_data(plan))
    return plan


@transaction.atomic
def reject(*, plan: PlanVersion, reason: str, actor: User, at: dt.datetime) -> PlanVersion:
    _be_draft(plan)
    if plan.proposed_by_id == actor.pk:
        raise UserError("拟定人不能审定自己拟定的计划，请由另一人审定。")
    reason = required(reason, "请写明未通过的原因。", "reason")
    plan.state = PlanState.REJECTED
    plan.approved_by = actor
    plan.save(update_fields=["state", "approved_by"])
    audit.record(actor=actor, at=at, action="plan.reject", obj=plan.project, data={**_data(plan), "why": reason})
    return plan


@transaction.atomic
def adopt(
    *,
    project: Project,
    year: int,
    figures: PlanFigures,
    effective_on: dt.date,
    document_no: str,
    actor: User,
    at: dt.datetime,
    reason: str = "",
) -> PlanVersion | None:
    """A plan fixed by an issued document is effective at once. None when the version in force says the same.

    The document decides: months that do not add up are kept as written and told by `doubts`.
    """
    _check(figures)
    document_no = required(document_no, "请填写依据文号。", "document_no")
    current = PlanVersion.objects.filter(project=project, year=year, state=PlanState.EFFECTIVE).first()
    if current is not None and figures_of(current) == figures:
        return None
    plan = _new(project, year, figures, effective_on, actor, at, reason, document_no)
    _take_effect(plan, actor)
    saved(plan)
    audit.record(actor=actor, at=at, action="plan.adopt", obj=project, data=_data(plan))
    return plan


def figures_of(plan: PlanVersion) -> PlanFigures:
    """What a stored version says."""
    return PlanFigures(annual=plan.annual, months=plan.month_amounts, prior=plan.prior, goal=plan.goal)


def _new(
    project: Project,
    year: int,
    figures: PlanFigures,
    effective_on: dt.date,
    actor: User,
    at: dt.datetime,
    reason: str,
    document_no: str,
) -> PlanVersion:
    last = PlanVersion.objects.filter(project=project, year=year).aggregate(last=Max("number"))["last"] or 0
    return PlanVersion(
        project=project,
        year=year,
        number=last + 1,
        annual=figures.annual,
        months=[json_value(amount) for amount in figures.months] if figures.months is not None else None,
        prior=figures.prior,
        goal=figures.goal,
        reason=reason.strip(),
        document_no=document_no.strip(),
        effective_on=effective_on,
        proposed_by=actor,
        created_at=at,
    )


def _check(figures: PlanFigures) -> None:
    if figures.annual is not None and figures.annual < 0:
        raise UserError("年度计划投资不能为负数。", field="annual")
    if figures.months is None:
        return
    if len(figures.months) != 12:
        raise UserError(f"分月计划须填满12个月，现有{len(figures.months)}个。", field="months")
    for month, amount in enumerate(figures.months, start=1):
        if amount < 0:
            raise UserError(f"{month}月计划不能为负数。", field="months")


def _be_draft(plan: PlanVersion) -> None:
    if plan.state != PlanState.DRAFT:
        raise UserError(f"该计划版本已是“{plan.get_state_display()}”，请刷新页面。")


def _take_effect(plan: PlanVersion, actor: User) -> None:
    current = PlanVersion.objects.filter(project=plan.project, year=plan.year, state=PlanState.EFFECTIVE).first()
    if current is not None:
        if current.effective_on > plan.effective_on:
            raise UserError(
                f"生效日期不能早于现行第{current.number}版（{current.effective_on}）。", field="effective_on"
            )
        current.state = PlanState.SUPERSEDED
        current.replaced_on = plan.effective_on
        current.save(update_fields=["state", "replaced_on"])
    plan.state = PlanState.EFFECTIVE
    plan.approved_by = actor


def _data(plan: PlanVersion) -> dict[str, object]:
    return created(plan, "year", "number", "annual", "prior", "effective_on", "document_no", "reason") | (
        {"months": [None, plan.months]} if plan.months else {}
    )
