"""Reporting periods: the list, the board of who has not reported, changed times, waived reports."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.enums import PeriodKind
from projects.forms.periods import BoardFilterForm, RescheduleForm, WaiveForm
from projects.models import Period, Project
from projects.permissions import project_scope
from projects.selectors import list_sheets
from projects.selectors import periods as screens
from projects.services import bulk, periods
from projects.views.acting import present_only, refuse, said_of_bulk, status_of, submit_once, ticked
from projects.views.exporting import export
from projects.views.reports import find_expected
from tracker.clock import day_of
from tracker.web.errors import UserError
from tracker.web.filters import NoteForm
from tracker.web.paging import address, page_of

WAIVE_NOTE = "免报原因"


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
    return _board_page(request, get_object_or_404(Period, key=key), NoteForm(label=WAIVE_NOTE))


@require_POST
def period_export(request: HttpRequest, key: str) -> HttpResponseBase:
    """The rows of the page under the same filters."""
    found = get_object_or_404(Period, key=key)
    board, form, units = _board(request, found)
    sheet = list_sheets.board(board, units, told=form.told, as_of=day_of(request.now))
    return export(request, sheet, f"{found.key}报送情况{day_of(request.now):%Y%m%d}.xlsx", obj=found)


@require_POST
def period_waive_many(request: HttpRequest, key: str) -> HttpResponse:
    """The ticked projects need not report in this period, for one reason; those that reported meanwhile are named."""
    found = get_object_or_404(Period, key=key)
    present_only(request)
    form = NoteForm(request.POST, label=WAIVE_NOTE)
    if not form.is_valid():
        return _board_page(request, found, form)
    projects = Project.objects.visible_to(request.access).filter(project_scope(request.access, "periods.edit"))
    rows = found.expected.filter(pk__in=ticked(request, "expected"), project__in=projects)
    outcome: list[bulk.Outcome] = []

    def act() -> None:
        done = bulk.waive_reports(
            rows=rows.select_related("project", "period"),
            reason=form.cleaned_data["note"],
            actor=request.user,
            at=request.now,
        )
        outcome.append(done)

    answer = submit_once(request, act, lambda _: reverse("period", args=[key]) + address(request).rstrip("?"))
    said_of_bulk(request, outcome, "{}项已登记免报。", "没有勾选项目。")
    return answer


def _board(
    request: HttpRequest, found: Period
) -> tuple[screens.PeriodBoard[screens.BoardUnit], BoardFilterForm, tuple[screens.BoardUnit, ...]]:
    board = screens.period_board(found, request.access, request.now)
    form = BoardFilterForm(request.GET)
    return board, form, screens.narrowed(board, text=form.asked("q"), standing=form.asked("standing"))


def _board_page(request: HttpRequest, found: Period, note: NoteForm) -> HttpResponse:
    board, form, units = _board(request, found)
    may_edit = request.access.may("periods.edit") and not request.is_past_view
    context = {
        "board": board,
        "form": form,
        "units": units,
        "shown": sum(len(unit.lines) for unit in units),
        "note": note,
        "kept": address(request).rstrip("?"),
        "ticked": ticked(request, "expected"),
        "may_waive": may_edit and any(line.is_silent for unit in units for line in unit.lines),
        "may_edit": may_edit,
        "may_correct": request.access.may("reports.correct") and not request.is_past_view,
        "may_remind": request.access.may("notices.manage") and not request.is_past_view,
        "crumbs": _crumbs(),
    }
    return render(request, "periods/board.html", context, status=status_of(note))


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
