"""What a unit reports: its to-do, the entry page, the draft, one report's history, and corrections by the office."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.forms.reports import CorrectionForm, DraftForm, EntryForm
from projects.models import ExpectedReport, Project, Report, ReportRevision
from projects.permissions import may_on, project_scope
from projects.rules.flags import Flag
from projects.selectors import reports as screens
from projects.services import photos, reports
from projects.views.acting import on_behalf_of, present_only, refuse, submit_once
from tracker.clock import day_of
from tracker.web import tokens
from tracker.web.errors import Conflict, UserError


@require_http_methods(["GET", "POST"])
def report_entry(request: HttpRequest, expected_id: int) -> HttpResponse:
    """Type and submit one report. What the rules find strange comes back with the page and asks for a reason."""
    expected = find_expected(request, expected_id, "reports.submit")
    refusal = _keep_photos(request, expected)
    page = screens.entry_page(expected, request.now)
    form = EntryForm(request.POST or None, page=page)
    if refusal is not None:
        refuse(form, refusal)

    def act() -> ReportRevision:
        return reports.submit(
            expected=expected,
            values=form.values(),
            version=form.cleaned_data["version"],
            flag_reason=form.cleaned_data["flag_reason"],
            actor=request.user,
            at=request.now,
            acting_for=on_behalf_of(request.access, "reports.submit"),
        )

    crumbs = [("进度填报", reverse("report_todo"))]
    end = reverse("report_submitted", args=[expected.pk])
    return _entry_answer(request, page, form, act, lambda _: end, "reports/entry.html", crumbs)


@require_http_methods(["GET", "POST"])
def report_correct(request: HttpRequest, expected_id: int) -> HttpResponse:
    """锁定后更正: the office changes an accepted or locked report, with its reason; another person reviews it."""
    expected = find_expected(request, expected_id, "reports.correct")
    page = screens.entry_page(expected, request.now)
    form = CorrectionForm(request.POST or None, page=page)

    def act() -> ReportRevision:
        return reports.correct(
            expected=expected,
            values=form.values(),
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            flag_reason=form.cleaned_data["flag_reason"],
            actor=request.user,
            at=request.now,
            acting_for=on_behalf_of(request.access, "reports.correct"),
        )

    def url_of(revision: ReportRevision) -> str:
        return reverse("report", args=[revision.report_id])

    crumbs = [(expected.period.title, reverse("period", args=[expected.period.key]))]
    return _entry_answer(request, page, form, act, url_of, "reports/correct.html", crumbs)


def _keep_photos(request: HttpRequest, expected: ExpectedReport) -> UserError | None:
    """Photos that come with the form itself (no script sent them before) are kept first: whatever becomes of the form,
    nobody chooses them twice. The refusal of one that cannot be kept."""
    files = request.FILES.getlist("photos")
    if not files:
        return None
    present_only(request)
    tokens.once(request)
    try:
        for file in files:
            photos.add(expected=expected, data=file.read(), actor=request.user, at=request.now)
    except UserError as refusal:
        return refusal
    return None


def _entry_answer(
    request: HttpRequest,
    page: screens.EntryPage,
    form: EntryForm,
    act: Callable[[], ReportRevision],
    url_of: Callable[[ReportRevision], str],
    template: str,
    crumbs: list[tuple[str, str]],
) -> HttpResponse:
    """Act and go on, or the form again with what was typed and everything the rules found strange in it."""
    flags: tuple[Flag, ...] = ()
    if request.method == "POST":
        present_only(request)
        if form.is_valid():
            values = form.values()
            try:
                return submit_once(request, act, url_of)
            except UserError as refusal:
                flags = screens.flags_if_sent(
                    page,
                    done=values.done,
                    done_period=values.done_period,
                    stage=values.stage,
                    progress=values.progress,
                    day=day_of(request.now),
                )
                if refusal.field == "flag_reason" and (reason := page.standing_reason(flags)):
                    form.data = {**form.data.dict(), "flag_reason": reason}
                    refusal = UserError("已填入上期的情况说明，请核对后再次提交。", field="flag_reason")
                _refuse(form, refusal)
    context = {"page": page, "form": form, "flags": flags, "is_open": not request.is_past_view, "crumbs": crumbs}
    return render(request, template, context, status=422 if form.errors else 200)


def _refuse(form: EntryForm, refusal: UserError) -> None:
    """A missing reason is asked for below the list of what looks strange, which need not be read twice."""
    if refusal.message.startswith("请填写情况说明"):
        refusal = UserError("请填写情况说明。", field=refusal.field)
    refuse(form, refusal)


@require_POST
def report_draft(request: HttpRequest, expected_id: int) -> JsonResponse:
    """Keep what is being typed. Answers the version that the form then carries."""
    expected = find_expected(request, expected_id, "reports.submit")
    form = DraftForm(request.POST)
    try:
        present_only(request)
        report = reports.save_draft(
            expected=expected, values=form.values(), version=form.seen(), actor=request.user, at=request.now
        )
    except UserError as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    except Conflict as conflict:
        message = f"{conflict.label}已由他人保存或提交，您填写的内容没有保存。请复制后刷新页面。"
        return JsonResponse({"message": message}, status=409)
    saved_at = timezone.localtime(request.now)
    return JsonResponse({"version": report.version, "message": f"草稿已于{saved_at:%H:%M}自动保存"})


@require_POST
def report_no_change(request: HttpRequest, expected_id: int) -> HttpResponse:
    """One press for "nothing changed this period"."""
    expected = find_expected(request, expected_id, "reports.submit")
    present_only(request)
    form = DraftForm(request.POST)
    try:
        return submit_once(
            request,
            lambda: reports.no_change(
                expected=expected,
                version=form.seen(),
                actor=request.user,
                at=request.now,
                acting_for=on_behalf_of(request.access, "reports.submit"),
            ),
            lambda _: reverse("report_submitted", args=[expected.pk]),
        )
    except UserError as refusal:
        messages.error(request, f"没有提交：{refusal.message}")
        return redirect("report_entry", expected.pk)


@require_safe
def report_submitted(request: HttpRequest, expected_id: int) -> HttpResponse:
    """The end of reporting: what was sent, who looks at it, by when, and what is next."""
    expected = find_expected(request, expected_id, "reports.submit")
    report = get_object_or_404(Report.objects.select_related("latest"), expected=expected, latest__isnull=False)
    todo = screens.todo(request.access, request.now)
    context = {"expected": expected, "report": report, "todo": todo, "crumbs": [("进度填报", reverse("report_todo"))]}
    return render(request, "reports/submitted.html", context)


@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that happened to one report."""
    rows = Report.objects.filter(project__in=Project.objects.visible_to(request.access))
    found = get_object_or_404(rows.select_related("project", "period", "expected__unit", "latest", "accepted"), pk=pk)
    context = {
        "page": screens.report_page(found, request.now),
        "report": found,
        "crumbs": [(found.project.name, reverse("project", args=[found.project_id]))],
        "may": {
            action.replace(".", "_"): not request.is_past_view and may_on(request.access, action, found.project)
            for action in ("reports.submit", "reports.correct", "reports.review")
        },
    }
    return render(request, "reports/report.html", context)


def find_expected(request: HttpRequest, pk: int, action: str) -> ExpectedReport:
    """The expected report, if this person holds `action` on its project; else the answer is as if there were none."""
    projects = Project.objects.visible_to(request.access).filter(project_scope(request.access, action))
    rows = ExpectedReport.objects.filter(project__in=projects)
    return get_object_or_404(rows.select_related("period", "project", "unit"), pk=pk)
