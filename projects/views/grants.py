"""Role grants and substitutions, given and ended by the security administrator (docs/trust.md, Accounts)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects.enums import Role
from projects.forms.people import AccountSearchForm, EndForm, GrantForm, SubstitutionForm
from projects.models import RoleGrant, Substitution
from projects.selectors.accounts import CURRENT, SPANS, grant_rows, substitution_rows
from projects.services import people
from projects.views.acting import form_page
from tracker.web.paging import address, page_of


@require_safe
def grant_list(request: HttpRequest) -> HttpResponse:
    """Roles in force, coming or ended, by `?span=`."""
    span, tabs = _spans(request)
    form = AccountSearchForm(request.GET)
    context = {
        "page": page_of(grant_rows(request.as_of, span, text=form.text), request),
        "form": form,
        "tabs": tabs,
        "span": span,
    }
    return render(request, "grants/list.html", context)


@require_http_methods(["GET", "POST"])
def grant_create(request: HttpRequest) -> HttpResponse:
    """Give a role between two dates."""
    asked = request.GET.get("user", "")
    initial = {"valid_from": request.as_of, "user": asked if asked.isdecimal() else None}
    form = GrantForm(request.POST or None, initial=initial)

    def act() -> None:
        data = dict(form.cleaned_data)
        project = data.pop("project_code")
        data["role"] = Role(data["role"])
        people.grant_role(**data, project=project, actor=request.user, at=request.now)

    return form_page(
        request,
        form,
        act,
        title="授予角色",
        done="角色已授予，自起始日期起生效。",
        url=reverse("grant_list"),
        crumbs=[("授权", reverse("grant_list"))],
        submit="授予",
        intro="系统、安全、审计三类管理员互不兼任，也不兼任业务角色；不能给自己授权。",
    )


@require_http_methods(["GET", "POST"])
def grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say the last day of a role."""
    found = get_object_or_404(RoleGrant.objects.select_related("user", "unit"), pk=pk)
    form = EndForm(request.POST or None, initial={"valid_to": request.as_of})

    def act() -> None:
        people.end_grant(grant=found, on=form.cleaned_data["valid_to"], actor=request.user, at=request.now)

    return form_page(
        request,
        form,
        act,
        title=f"终止{found.user.name}的角色",
        done="角色已终止。",
        url=reverse("grant_list"),
        crumbs=[("授权", reverse("grant_list"))],
        submit="终止",
        intro=f"{found.get_role_display()}{f'，{found.unit.name}' if found.unit else ''}，自{found.valid_from}起。",
        confirm=f"确定终止{found.user.name}的{found.get_role_display()}角色？",
    )


@require_safe
def substitution_list(request: HttpRequest) -> HttpResponse:
    """Who acts for whom: in force, coming or ended, by `?span=`."""
    span, tabs = _spans(request)
    form = AccountSearchForm(request.GET)
    page = page_of(substitution_rows(request.as_of, span, text=form.text), request)
    return render(request, "grants/substitutions.html", {"page": page, "form": form, "tabs": tabs, "span": span})


@require_http_methods(["GET", "POST"])
def substitution_create(request: HttpRequest) -> HttpResponse:
    """×× 代 ×× between two dates."""
    form = SubstitutionForm(request.POST or None, initial={"valid_from": request.as_of})

    def act() -> None:
        people.substitute(**form.cleaned_data, actor=request.user, at=request.now)

    return form_page(
        request,
        form,
        act,
        title="登记代理",
        done="代理已登记。",
        url=reverse("substitution_list"),
        crumbs=[("代理", reverse("substitution_list"))],
        submit="登记",
        intro="代理人在期间内按被代理人的业务角色办事；管理员角色不能代理。",
    )


@require_http_methods(["GET", "POST"])
def substitution_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say the last day of a substitution."""
    found = get_object_or_404(Substitution.objects.select_related("principal", "delegate"), pk=pk)
    form = EndForm(request.POST or None, initial={"valid_to": request.as_of})

    def act() -> None:
        people.end_substitution(
            substitution=found, on=form.cleaned_data["valid_to"], actor=request.user, at=request.now
        )

    return form_page(
        request,
        form,
        act,
        title=f"终止代理：{found}",
        done="代理已终止。",
        url=reverse("substitution_list"),
        crumbs=[("代理", reverse("substitution_list"))],
        submit="终止",
        confirm=f"确定终止{found}？",
    )


def _spans(request: HttpRequest) -> tuple[str, list[dict[str, Any]]]:
    asked = request.GET.get("span", CURRENT)
    span = asked if asked in SPANS else CURRENT
    tabs = [
        {"label": label, "url": address(request, span=key), "active": key == span, "count": None}
        for key, label in SPANS.items()
    ]
    return span, tabs
