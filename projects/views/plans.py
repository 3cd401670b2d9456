"""Plan versions, milestones and list adjustments, from the project page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from projects.enums import MilestoneWeight, PlanState
from projects.forms.projects import (
    CompleteForm,
    DecisionForm,
    MilestoneForm,
    MoveForm,
    PlanForm,
    month_words,
    today_initial,
)
from projects.models import Milestone, MilestoneMove, PlanVersion, Project
from projects.permissions import may_on
from projects.selectors.plans import plan_on
from projects.services import milestones, plans
from projects.services.plans import PlanFigures
from projects.views.acting import on_behalf_of, present_only, seen_version, submit_once
from projects.views.projects import find, page_url, project_form


@require_http_methods(["GET", "POST"])
def plan_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """A new plan version; another person approves it."""
    project = find(request, pk, "plans.propose")
    current = plan_on(project, request.as_of)
    initial: dict[str, Any] = {**today_initial(request.as_of)}
    if current is not None:
        initial |= {
            "annual": current.annual,
            "prior": current.prior,
            "goal": current.goal,
            "months": month_words(current.month_amounts),
        }
    form = PlanForm(request.POST or None, initial=initial)

    def act() -> None:
        data = form.cleaned_data
        figures = PlanFigures(annual=data["annual"], months=data["months"], prior=data["prior"], goal=data["goal"])
        plans.propose(
            project=project,
            year=data["effective_on"].year,
            figures=figures,
            effective_on=data["effective_on"],
            reason=data["reason"],
            document_no=data["document_no"],
            actor=request.user,
            at=request.now,
            acting_for=on_behalf_of(request.access, "plans.propose"),
        )

    return project_form(
        request,
        project,
        form,
        act,
        title="调整年度计划",
        done="计划已拟定，等待另一人审定后生效。",
        submit="提交审定",
        intro="审定前排名仍按现行计划计算；金额单位均为万元。",
    )


@require_http_methods(["GET", "POST"])
def plan_decide(request: HttpRequest, pk: int, plan: int) -> HttpResponse:
    project = find(request, pk, "plans.approve")
    version = get_object_or_404(PlanVersion, pk=plan, project=project, state=PlanState.DRAFT)
    form = DecisionForm(request.POST or None, initial={"accept": "1"})

    def act() -> None:
        if form.cleaned_data["accept"] == "1":
            plans.approve(plan=version, actor=request.user, at=request.now)
        else:
            plans.reject(plan=version, reason=form.cleaned_data["reason"], actor=request.user, at=request.now)

    return project_form(
        request,
        project,
        form,
        act,
        title=f"审定{version}",
        done="已办理。",
        submit="确定",
        intro=f"{version.proposed_by}拟定，原因：{version.reason or '未写'}。",
    )


@require_http_methods(["GET", "POST"])
def milestone_add(request: HttpRequest, pk: int) -> HttpResponse:
    project = find(request, pk, "milestones.edit")
    form = MilestoneForm(request.POST or None)

    def act() -> None:
        data = form.cleaned_data
        milestones.add(
            project=project,
            title=data["title"],
            due_on=data["due_on"],
            weight=MilestoneWeight(data["weight"]),
            standard=data["standard"],
            actor=request.user,
            at=request.now,
            acting_for=on_behalf_of(request.access, "milestones.edit"),
        )

    return project_form(request, project, form, act, title="增加节点", done="节点已增加。")


def _milestone(project: Project, pk: int) -> Milestone:
    return get_object_or_404(Milestone.objects.select_related("project"), pk=pk, project=project, void_reason="")


@require_http_methods(["GET", "POST"])
def milestone_move(request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
    """The office moves a date; a unit asks for it."""
    project = find(request, pk, "milestones.edit")
    row = _milestone(project, milestone)
    form = MoveForm(request.POST or None, initial={"new_due": row.due_on})
    decides = may_on(request.access, "milestones.approve", project)

    def act() -> None:
        data = form.cleaned_data
        move = milestones.move if decides else milestones.request_move
        move(
            milestone=row,
            new_due=data["new_due"],
            reason=data["reason"],
            document_no=data["document_no"],
            actor=request.user,
            at=request.now,
        )

    return project_form(
        request,
        project,
        form,
        act,
        title=f"变更“{row.title}”的时限",
        done="时限已变更，原时限保留在变更记录中。" if decides else "已提交变更申请，由重点项目办批准。",
        submit="变更" if decides else "申请变更",
        intro=f"现时限 {row.due_on:%Y-%m-%d}，已变更{row.changes.count()}次。",
    )


@require_http_methods(["GET", "POST"])
def milestone_decide(request: HttpRequest, pk: int, move: int) -> HttpResponse:
    project = find(request, pk, "milestones.approve")
    wanted = get_object_or_404(
        MilestoneMove.objects.select_related("milestone", "requested_by"), pk=move, milestone__project=project
    )
    form = DecisionForm(request.POST or None, initial={"accept": "1"})

    def act() -> None:
        accept = form.cleaned_data["accept"] == "1"
        note = form.cleaned_data["reason"]
        milestones.decide_move(request=wanted, accept=accept, note=note, actor=request.user, at=request.now)

    return project_form(
        request,
        project,
        form,
        act,
        title=f"“{wanted.milestone.title}”的时限变更申请",
        done="已办理。",
        submit="确定",
        intro=f"{wanted.requested_by}申请由 {wanted.milestone.due_on:%Y-%m-%d} 变更为 {wanted.new_due:%Y-%m-%d}："
        f"{wanted.reason}",
    )


@require_http_methods(["GET", "POST"])
def milestone_complete(request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
    project = find(request, pk, "milestones.edit")
    row = _milestone(project, milestone)
    form = CompleteForm(request.POST or None, initial={"percent": row.percent or 100, "done_on": request.as_of})
    version = seen_version(request, row)

    def act() -> None:
        data = form.cleaned_data
        milestones.complete(
            milestone=row,
            percent=data["percent"],
            done_on=data["done_on"] if data["percent"] == 100 else None,
            version=version,
            actor=request.user,
            at=request.now,
            acting_for=on_behalf_of(request.access, "milestones.edit"),
        )

    title = f"节点进展“{row.title}”"
    return project_form(request, project, form, act, title=title, done="已登记，完成的节点待核实。", version=version)


@require_POST
def milestone_confirm(request: HttpRequest, pk: int, milestone: int) -> HttpResponse:
    project = find(request, pk, "milestones.approve")
    row = _milestone(project, milestone)
    present_only(request)
    return submit_once(
        request,
        lambda: milestones.confirm(
            milestone=row, version=seen_version(request, row), actor=request.user, at=request.now
        ),
        lambda _: page_url(project),
    )
