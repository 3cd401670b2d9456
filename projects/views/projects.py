"""The project page, and the acts of the offices on a project's master data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.enums import LeaderPart, Stage, UnitPart
from projects.forms.projects import (
    DayForm,
    InclusionForm,
    OverrideForm,
    ProjectForm,
    StageForm,
    UnitPartForm,
    today_initial,
)
from projects.models import LightOverride, Project, StatisticsInclusion
from projects.permissions import may_on
from projects.rules.colours import Colour
from projects.selectors.curve import NARROW, WIDE, draw
from projects.selectors.project_page import project_page
from projects.services import assignments, indicators, projects
from projects.views.acting import form_page, present_only, seen_version, submit_once

PAGE_ACTIONS = (
    "projects.edit",
    "lists.edit",
    "plans.propose",
    "plans.approve",
    "milestones.edit",
    "milestones.approve",
    "documents.edit",
    "lights.override",
    "inclusion.edit",
    "reports.correct",
)
"""What the project page may offer: it depends on the person and the project. A past day offers nothing."""


@require_safe
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one project as of the day shown."""
    found = find(request, pk)
    asked = request.GET.get("reports", "")
    year = int(asked) if asked.isdecimal() else None
    page = project_page(found, request.as_of, request.access, reports_of=year)
    context = {
        "page": page,
        "view": page.view,
        "wide": draw(page.curve, WIDE),
        "narrow": draw(page.curve, NARROW),
        "may": {} if request.is_past_view else _may(request, found),
    }
    return render(request, "projects/page.html", context)


def _may(request: HttpRequest, found: Project) -> dict[str, bool]:
    return {action.replace(".", "_"): may_on(request.access, action, found) for action in PAGE_ACTIONS}


def find(request: HttpRequest, pk: int, action: str = "projects.view") -> Project:
    """The project if this person may see it and holds `action` on it; else the answer is as if it did not exist."""
    found = get_object_or_404(Project.objects.visible_to(request.access), pk=pk)
    if action != "projects.view" and not may_on(request.access, action, found):
        raise Http404
    return found


def project_form(
    request: HttpRequest,
    found: Project,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    title: str,
    section: str = "",
    **page: Any,
) -> HttpResponse:
    """`form_page` for an act on one project: it names the project, and leads back to that section of its page."""
    url = f"{page_url(found)}#{section}" if section else page_url(found)
    crumbs = [("项目台账", reverse("project_list")), (found.code, page_url(found))]
    return form_page(request, form, act, title=f"{title}：{found.name}", url=url, crumbs=crumbs, **page)


@require_http_methods(["GET", "POST"])
def project_create(request: HttpRequest) -> HttpResponse:
    form = ProjectForm(request.POST or None)

    def act() -> Project:
        return projects.create(
            name=form.cleaned_data["name"],
            values=form.values(),
            stage=Stage.PREPARATION,
            tags=form.tag_names(),
            year=request.as_of.year,
            actor=request.user,
            at=request.now,
        )

    return form_page(
        request,
        form,
        act,
        title="新建项目",
        done="项目已建档，请接着登记责任单位、包联领导和节点。",
        url=page_url,
        back=reverse("project_list"),
        crumbs=[("项目台账", reverse("project_list"))],
        submit="建档",
    )


@require_http_methods(["GET", "POST"])
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, "projects.edit")
    initial = {name: getattr(found, name) for name in ProjectForm.base_fields if hasattr(found, name)}
    initial["tags"] = "、".join(found.tags.values_list("name", flat=True))
    form = ProjectForm(request.POST or None, initial=initial)
    version = seen_version(request, found)

    def act() -> None:
        who = {"actor": request.user, "at": request.now}
        changed = projects.update(project=found, values=form.values(), tags=form.tag_names(), version=version, **who)
        if form.cleaned_data["name"] != found.name:
            own = bool(changed.keys() - {"tags"})
            projects.rename(project=found, name=form.cleaned_data["name"], version=version + own, **who)

    return project_form(request, found, form, act, title="修改", done="项目信息已保存。", version=version)


def page_url(found: Project) -> str:
    return reverse("project", args=[found.pk])


@require_http_methods(["GET", "POST"])
def stage_set(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, "projects.edit")
    form = StageForm(request.POST or None, initial=today_initial(request.as_of) | {"stage": found.stage})

    def act() -> None:
        data = form.cleaned_data
        projects.set_stage(
            project=found,
            stage=Stage(data["stage"]),
            on=data["on"],
            reason=data["reason"],
            actor=request.user,
            at=request.now,
        )

    return project_form(request, found, form, act, title="调整建设阶段", done="阶段已更新。")


@require_http_methods(["GET", "POST"])
def start_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, "projects.edit")
    form = DayForm(request.POST or None, initial=today_initial(request.as_of))

    def act() -> None:
        projects.confirm_start(project=found, on=form.cleaned_data["on"], actor=request.user, at=request.now)

    return project_form(
        request,
        found,
        form,
        act,
        title="确认开工",
        done="已确认开工。",
        intro="以正式打桩或永久工程施工为准，场地平整不算开工；请先核对合同、施工许可和现场照片。",
    )


@require_http_methods(["GET", "POST"])
def completion_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, "projects.edit")
    form = DayForm(request.POST or None, initial=today_initial(request.as_of))

    def act() -> None:
        projects.confirm_completion(project=found, on=form.cleaned_data["on"], actor=request.user, at=request.now)

    return project_form(request, found, form, act, title="确认竣工", done="已确认竣工。")


@require_http_methods(["GET", "POST"])
def inclusion_set(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, "inclusion.edit")
    known = StatisticsInclusion.objects.filter(project=found).first()
    names = ("included_on", "code", "is_required", "blocker")
    initial = {name: getattr(known, name) for name in names} if known else {"is_required": True}
    form = InclusionForm(request.POST or None, initial=initial)
    version = seen_version(request, known)

    def act() -> None:
        projects.set_inclusion(
            project=found, values=form.cleaned_data, version=version, actor=request.user, at=request.now
        )

    return project_form(request, found, form, act, title="入统情况", done="入统情况已保存。", version=version)


@require_http_methods(["GET", "POST"])
def light_override(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, "lights.override")
    form = OverrideForm(request.POST or None)

    def act() -> None:
        data = form.cleaned_data
        indicators.override(
            project=found,
            colour=Colour(data["colour"]),
            reason=data["reason"],
            expires_on=data["expires_on"],
            actor=request.user,
            at=request.now,
        )

    return project_form(
        request,
        found,
        form,
        act,
        title="人工调整灯色",
        done="已调整，计算灯色与人工灯色同时显示。",
        intro="只能调得比计算结果更差，最长31天；要变好，须有认定的客观原因、批准的计划调整或更正的报告。",
    )


@require_POST
def light_override_withdraw(request: HttpRequest, pk: int, override: int) -> HttpResponse:
    found = find(request, pk, "lights.override")
    row = get_object_or_404(LightOverride, pk=override, project=found)
    present_only(request)
    return submit_once(
        request,
        lambda: indicators.withdraw_override(override=row, actor=request.user, at=request.now),
        lambda _: page_url(found),
    )


@require_http_methods(["GET", "POST"])
def project_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a unit or a county leader on the project; replacing the lead ends the old assignment."""
    found = find(request, pk, "projects.edit")
    form = UnitPartForm(request.POST or None, initial=today_initial(request.as_of))

    def act() -> None:
        data = form.cleaned_data
        who = {"project": found, "valid_from": data["valid_from"], "actor": request.user, "at": request.now}
        if data["unit"]:
            role = UnitPart.LEAD if data["is_lead"] else UnitPart.COOPERATING
            assignments.assign_unit(unit=data["unit"], part=role, **who)
        else:
            part = LeaderPart.LEAD if data["is_lead"] else LeaderPart.JOINT
            assignments.assign_leader(officer=data["officer"], part=part, **who)

    return project_form(request, found, form, act, title="责任单位和包联领导", done="分工已更新。")
