"""Reporting periods: the list, the board of who has not reported, changed times, waived reports."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects.enums import PeriodKind
from projects.forms.periods import RescheduleForm, WaiveForm
from projects.models import Period
from projects.selectors import periods as screens
from projects.services import periods
from projects.views.acting import present_only, refuse, submit_once
from projects.views.reports import find_expected
from tracker.web.errors import UserError
from tracker.web.paging import page_of


@require_safe
def period_list(request: HttpRequest) -> HttpResponse:
    """Periods of a kind (default: months), newest first, with their counts."""
    asked = request.GET.get("kind", "")
    kind = PeriodKind(asked) if asked in PeriodKind.values else PeriodKind.MONTH
    rows = screens.periods_with_counts().filter(kind=kind)
    tabs = [
        {"label": choice.label, "url": f"?kind={choice.value}", "active": choice == kind, "count": None}
        for choice in reversed(PeriodKind)
    ]
    context = {"page": page_of(rows, request, per_page=24), "tabs": tabs, "now": request.now}
    return render(request, "periods/list.html", context)


@require_safe
def period(request: HttpRequest, key: str) -> HttpResponse:
    """Who has reported and who has not, by unit."""
    found = get_object_or_404(Period, key=key)
    context = {
        "board": screens.period_board(found, request.access, request.now),
        "may_edit": request.access.may("periods.edit") and not request.is_past_view,
        "may_correct": request.access.may("reports.correct") and not request.is_past_view,
        "crumbs": _crumbs(),
    }
    return render(request, "periods/board.html", context)


@require_http_methods(["GET", "POST"])
def period_edit(request: HttpRequest, key: str) -> HttpResponse:
    """Move the due and lock times."""
    found = get_object_or_404(Period, key=key)
    form = RescheduleForm(request.POST or None, period=found)
    url = reverse("period", args=[key])
    if request.method == "POST":
        present_only(request)
        if form.is_valid():
            try:
                answer = submit_once(
                    request,
                    lambda: periods.reschedule(period=found, **form.cleaned_data, actor=request.user, at=request.now),
                    lambda _: url,
                )
            except UserError as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, f"{found.title}的时间已更改。")
                return answer
    context = {"period": found, "form": form, "crumbs": [*_crumbs(), (found.title, url)]}
    return render(request, "periods/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def period_waive(request: HttpRequest, expected_id: int) -> HttpResponse:
    """One project need not report in one period."""
    expected = find_expected(request, expected_id, "periods.edit")
    form = WaiveForm(request.POST or None)
    url = reverse("period", args=[expected.period.key])
    if request.method == "POST":
        present_only(request)
        if form.is_valid():
            try:
                answer = submit_once(
                    request,
                    lambda: periods.waive(
                        expected=expected, reason=form.cleaned_data["reason"], actor=request.user, at=request.now
                    ),
                    lambda _: url,
                )
            except UserError as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, f"{expected.project.name}：{expected.period.title}免报已登记。")
                return answer
    context = {"expected": expected, "form": form, "crumbs": [*_crumbs(), (expected.period.title, url)]}
    return render(request, "periods/waive.html", context, status=422 if form.errors else 200)


def _crumbs() -> list[tuple[str, str]]:
    return [("报告期", reverse("period_list"))]
