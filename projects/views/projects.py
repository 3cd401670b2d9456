"""The project list and the project page, and the acts of the offices on a project's master data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.enums import LeaderPart, Stage, UnitPart
from projects.excel.writer import write_xlsx
from projects.forms.projects import (
    DayForm,
    FilterForm,
    InclusionForm,
    OverrideForm,
    ProjectForm,
    StageForm,
    UnitPartForm,
    today_initial,
)
from projects.models import LightOverride, Project
from projects.permissions import may_on
from projects.rules.colours import Colour
from projects.selectors import indicators as light_views
from projects.selectors import project_list as listing
from projects.selectors import project_sheet
from projects.selectors.projects import project_page
from projects.services import indicators, projects
from projects.views.acting import present_only, refuse, submit_once
from tracker.web.errors import UserError
from tracker.web.respond import xlsx

PAGE_ACTIONS = (
    "projects.edit",
    "lists.edit",
    "plans.propose",
    "plans.approve",
    "milestones.edit",
    "milestones.approve",
    "lights.override",
    "inclusion.edit",
    "reports.correct",
)
"""What the project page may offer; which of them is open depends on the person and the project."""


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    sort = request.GET.get("sort", "seq")
    page = listing.project_page_of(
        request.access, request.as_of, form.filters(), sort=sort, number=request.GET.get("page")
    )
    context = {"form": form, "page": page, "sort": sort, "may_create": request.access.may("projects.edit")}
    return render(request, "projects/list.html", context)


@require_safe
def project_export(request: HttpRequest) -> HttpResponseBase:
    """Exactly the rows the list shows under the same filters, all pages."""
    lines = listing.all_lines(request.access, request.as_of, FilterForm(request.GET).filters())
    sheet = project_sheet.of_lines(lines, request.as_of)
    return xlsx(write_xlsx([sheet]), f"重点项目台账{request.as_of:%Y%m%d}.xlsx")


@require_safe
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one project as of the day shown."""
    found = find(request, pk)
    context = {
        "page": project_page(found, request.as_of),
        "view": light_views.for_projects([found], request.as_of)[found.pk],
        "may": {action.replace(".", "_"): may_on(request.access, action, found) for action in PAGE_ACTIONS},
    }
    return render(request, "projects/page.html", context)


def find(request: HttpRequest, pk: int, action: str = "projects.view") -> Project:
    """The project if this person may see it and holds `action` on it; else the answer is as if it did not exist."""
    found = get_object_or_404(Project.objects.visible_to(request.access), pk=pk)
    if action != "projects.view" and not may_on(request.access, action, found):
        raise Http404
    return found


def act_page(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    title: str,
    done: str,
    url: str,
    submit: str = "保存",
    intro: str = "",
    version: int | None = None,
) -> HttpResponse:
    """One form, one service. What was typed stays when the service refuses."""
    if request.method == "POST":
        present_only(request)
        if form.is_valid():
            try:
                answer = submit_once(request, act, lambda _: url)
            except UserError as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, done)
                return answer
    context = {"form": form, "title": title, "submit": submit, "back": url, "intro": intro, "version": version}
    return render(request, "projects/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def project_create(request: HttpRequest) -> HttpResponse:
    form = ProjectForm(request.POST or None)
    if request.method == "POST":
        present_only(request)
        if form.is_valid():
            try:
                return submit_once(
                    request,
                    lambda: projects.create(
                        name=form.cleaned_data["name"],
                        values=form.values(),
                        stage=Stage.PREPARATION,
                        tags=form.tag_names(),
                        year=request.as_of.year,
                        actor=request.user,
                        at=request.now,
                    ),
                    lambda made: reverse("project", args=[made.pk]),
                )
            except UserError as refusal:
                refuse(form, refusal)
    context = {
        "form": form,
        "title": "新建项目",
        "submit": "建档",
        "back": reverse("project_list"),
        "intro": "",
        "version": None,
    }
    return render(request, "projects/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, "projects.edit")
    initial = {name: getattr(found, name) for name in ProjectForm.base_fields if hasattr(found, name)}
    initial["tags"] = "、".join(found.tags.values_list("name", flat=True))
    form = ProjectForm(request.POST or None, initial=initial)
    version = _version(request)

    def act() -> None:
        if form.cleaned_data["name"] != found.name:
            projects.rename(
                project=found, name=form.cleaned_data["name"], version=version, actor=request.user, at=request.now
            )
        projects.update(
            project=found,
            values=form.values(),
            tags=form.tag_names(),
            version=found.version if form.cleaned_data["name"] != initial["name"] else version,
            actor=request.user,
            at=request.now,
        )

    return act_page(
        request,
        form,
        act,
        title=f"修改：{found.name}",
        done="项目信息已保存。",
        url=page_url(found),
        version=found.version if version is None else version,
    )


def _version(request: HttpRequest) -> int | None:
    value = request.POST.get("version", "")
    return int(value) if value.isdecimal() else None


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

    return act_page(request, form, act, title=f"调整建设阶段：{found.name}", done="阶段已更新。", url=page_url(found))


@require_http_methods(["GET", "POST"])
def start_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, "projects.edit")
    form = DayForm(request.POST or None, initial=today_initial(request.as_of))

    def act() -> None:
        projects.confirm_start(project=found, on=form.cleaned_data["on"], actor=request.user, at=request.now)

    return act_page(
        request,
        form,
        act,
        title=f"确认开工：{found.name}",
        done="已确认开工。",
        url=page_url(found),
        intro="以正式打桩或永久工程施工为准，场地平整不算开工；请先核对合同、施工许可和现场照片。",
    )


@require_http_methods(["GET", "POST"])
def completion_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, "projects.edit")
    form = DayForm(request.POST or None, initial=today_initial(request.as_of))

    def act() -> None:
        projects.confirm_completion(project=found, on=form.cleaned_data["on"], actor=request.user, at=request.now)

    return act_page(request, form, act, title=f"确认竣工：{found.name}", done="已确认竣工。", url=page_url(found))


@require_http_methods(["GET", "POST"])
def inclusion_set(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(request, pk, "inclusion.edit")
    page = project_page(found, request.as_of)
    known = page.inclusion
    names = ("included_on", "code", "is_required", "blocker")
    initial = {name: getattr(known, name) for name in names} if known else {"is_required": True}
    form = InclusionForm(request.POST or None, initial=initial)

    def act() -> None:
        projects.set_inclusion(
            project=found, values=form.cleaned_data, version=None, actor=request.user, at=request.now
        )

    return act_page(request, form, act, title=f"入统情况：{found.name}", done="入统情况已保存。", url=page_url(found))


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

    return act_page(
        request,
        form,
        act,
        title=f"人工调整灯色：{found.name}",
        done="已调整，计算灯色与人工灯色同时显示。",
        url=page_url(found),
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
            part = UnitPart.LEAD if data["is_lead"] else UnitPart.COOPERATING
            projects.assign_unit(unit=data["unit"], part=part, **who)
        else:
            part = LeaderPart.LEAD if data["is_lead"] else LeaderPart.JOINT
            projects.assign_leader(officer=data["officer"], part=part, **who)

    return act_page(
        request, form, act, title=f"责任单位和包联领导：{found.name}", done="分工已更新。", url=page_url(found)
    )
