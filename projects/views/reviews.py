"""The review queue and one review: what was submitted beside what was accepted before."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projects.enums import ReviewDecision
from projects.forms.reports import ReviewForm
from projects.models import Project, ReportRevision
from projects.selectors import reviews as screens
from projects.services import reports
from projects.views.acting import on_behalf_of, present_only, refuse, submit_once
from tracker.web.errors import UserError
from tracker.web.paging import page_of


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits for review, oldest period first."""
    lines = screens.review_queue(request.access)
    return render(request, "reviews/queue.html", {"page": page_of(lines, request), "count": len(lines)})


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or return one submission, and go on to the next."""
    page = screens.review_page(request.access, pk, request.now)
    if page is None:
        return _already_decided(request, pk)
    form = ReviewForm(request.POST or None)
    if request.method == "POST":
        present_only(request)
        if form.is_valid():
            try:
                answer = submit_once(request, lambda: _decide(request, page, form), lambda _: _next_url(page))
            except UserError as refusal:
                refuse(form, refusal)
            else:
                decision = ReviewDecision(form.cleaned_data["decision"]).label
                messages.success(request, f"{page.line.report.project.name}：已{decision}。")
                return answer
    context = {"page": page, "form": form, "crumbs": [("报告审核", reverse("review_queue"))]}
    return render(request, "reviews/review.html", context, status=422 if form.errors else 200)


def _decide(request: HttpRequest, page: screens.ReviewPage, form: ReviewForm) -> None:
    act = {ReviewDecision.ACCEPT: reports.accept, ReviewDecision.RETURN: reports.give_back}
    act[ReviewDecision(form.cleaned_data["decision"])](
        revision=page.line.revision,
        reason=form.cleaned_data["reason"],
        actor=request.user,
        at=request.now,
        acting_for=on_behalf_of(request.access, "reports.review"),
    )


def _next_url(page: screens.ReviewPage) -> str:
    waiting = page.following or page.previous
    return reverse("review", args=[waiting]) if waiting else reverse("review_queue")


def _already_decided(request: HttpRequest, pk: int) -> HttpResponse:
    """A submission that waits no longer: its report tells what happened."""
    visible = Project.objects.visible_to(request.access)
    revision = get_object_or_404(ReportRevision.objects.filter(report__project__in=visible), pk=pk)
    messages.info(request, "该次提交已审核，或已有新的提交。")
    return redirect("report", revision.report_id)
