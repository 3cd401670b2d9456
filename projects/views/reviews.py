"""The review queue, one review, and several plain submissions accepted together."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects.enums import ReviewDecision
from projects.forms.reports import ReviewFilterForm, ReviewForm
from projects.models import Project, ReportRevision
from projects.selectors import reviews as screens
from projects.services import bulk, reports
from projects.views.acting import on_behalf_of, present_only, refuse, said_of_bulk, submit_once, ticked
from tracker.web.errors import UserError
from tracker.web.formatting import cn_datetime
from tracker.web.paging import address, page_of


@require_safe
def review_queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits for review, oldest period first, or as filtered and sorted in the address."""
    form = ReviewFilterForm(request.GET)
    lines = screens.review_queue(request.access, _filters(request))
    context = {
        "page": page_of(lines, request),
        "count": len(lines),
        "form": form,
        "sort": request.GET.get("sort", ""),
        "kept": _kept(request),
        "is_narrowed": form.is_narrowed,
        "may_accept": not request.is_past_view and any(line.is_plain for line in lines),
    }
    return render(request, "reviews/queue.html", context)


@require_POST
def review_accept(request: HttpRequest) -> HttpResponse:
    """Accept the ticked submissions of the queue; those that moved or raise doubts are left and named."""
    present_only(request)
    revisions = screens.waiting_revisions(request.access, ticked(request, "revision"))
    outcome: list[bulk.Outcome] = []

    def act() -> None:
        done = bulk.accept_reports(
            revisions=revisions,
            actor=request.user,
            at=request.now,
            acting_for=on_behalf_of(request.access, "reports.review"),
        )
        outcome.append(done)

    answer = submit_once(request, act, lambda _: reverse("review_queue") + _kept(request))
    said_of_bulk(request, outcome, "已通过{}份。", "没有勾选报告。")
    return answer


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or return one submission, and go on to the next of the queue as it was filtered."""
    page = screens.review_page(request.access, pk, request.now, _filters(request))
    if page is None:
        return _already_decided(request, pk)
    form = ReviewForm(request.POST or None)
    if request.method == "POST":
        present_only(request)
        if form.is_valid():
            try:
                answer = submit_once(request, lambda: _decide(request, page, form), lambda _: _next_url(request, page))
            except UserError as refusal:
                refuse(form, refusal)
            else:
                _said(request, page, ReviewDecision(form.cleaned_data["decision"]))
                return answer
    context = {
        "page": page,
        "form": form,
        "kept": _kept(request),
        "crumbs": [("报告审核", reverse("review_queue") + _kept(request))],
    }
    return render(request, "reviews/review.html", context, status=422 if form.errors else 200)


def _filters(request: HttpRequest) -> screens.ReviewFilters:
    return ReviewFilterForm(request.GET).filters(request.GET.get("sort", ""))


def _kept(request: HttpRequest) -> str:
    """The filters of the queue, to be appended to an address; empty when there are none."""
    return address(request).rstrip("?")


def _decide(request: HttpRequest, page: screens.ReviewPage, form: ReviewForm) -> None:
    act = {ReviewDecision.ACCEPT: reports.accept, ReviewDecision.RETURN: reports.give_back}
    act[ReviewDecision(form.cleaned_data["decision"])](
        revision=page.line.revision,
        reason=form.told,
        actor=request.user,
        at=request.now,
        acting_for=on_behalf_of(request.access, "reports.review"),
    )


def _said(request: HttpRequest, page: screens.ReviewPage, decision: ReviewDecision) -> None:
    rest = page.count - 1
    after = f"还有{rest}份待审核。" if rest else "本队列已全部审核。"
    messages.success(request, f"{page.line.report.project.name}：已{decision.label}。{after}")


def _next_url(request: HttpRequest, page: screens.ReviewPage) -> str:
    waiting = page.following or page.previous
    return (reverse("review", args=[waiting]) if waiting else reverse("review_queue")) + _kept(request)


def _already_decided(request: HttpRequest, pk: int) -> HttpResponse:
    """A submission that waits no longer: say who was faster, and show its report."""
    visible = Project.objects.visible_to(request.access)
    rows = ReportRevision.objects.filter(report__project__in=visible).select_related("review__reviewer", "report")
    revision = get_object_or_404(rows, pk=pk)
    decided = getattr(revision, "review", None)
    if decided is None:
        text = "单位已重新提交，请审核最新一次。"
    else:
        text = f"{decided.reviewer.name}已于{cn_datetime(decided.at)}{decided.get_decision_display()}该次提交。"
    if request.method == "POST":
        messages.warning(request, f"{text}您的操作没有执行。")
    else:
        messages.info(request, text)
    return redirect("report", revision.report_id)
