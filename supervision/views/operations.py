"""Is the site doing its work: schedule, runs, queues, failures, heartbeats; run now and try again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projects.views.acting import present_only, submit_once
from supervision.enums import JobState
from supervision.models import Delivery, JobRun
from supervision.selectors import operations as read
from supervision.services import deliveries, jobs
from tracker.clock import day_of
from tracker.web.errors import UserError

CHAIN_JOB = "verify_audit"


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    page = read.operations(request.now)
    titles = {line.name: line.title for line in page.jobs}
    context = {
        "page": page,
        "running": _lines((run for run in page.recent_runs if run.state == JobState.RUNNING), titles),
        "failed": _lines(page.failed_runs, titles),
        "recent": _lines(page.recent_runs, titles),
        "chain": next((line.last for line in page.jobs if line.name == CHAIN_JOB), None),
        "channel": deliveries.channel_in_use(),
        "may_act": request.access.may("operations.retry") and not request.is_past_view,
    }
    return render(request, "operations/operations.html", context)


@require_POST
def job_run(request: HttpRequest, name: str) -> HttpResponse:
    """Ask for a run now."""
    today = day_of(request.now)
    return _act(
        request,
        lambda: jobs.request(name=name, as_of=today, actor=request.user, at=request.now),
        "已加入队列，由后台进程执行。",
        reverse("operations"),
    )


@require_POST
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a failed run back in the queue."""
    run = get_object_or_404(JobRun, pk=pk)
    return _act(
        request,
        lambda: jobs.retry(run_id=run.pk, actor=request.user, at=request.now),
        "已重新加入队列。",
        reverse("operations"),
    )


@require_POST
def delivery_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a failed delivery back in the queue, and go back to the page whose button it was."""
    delivery = get_object_or_404(Delivery.objects.select_related("notice"), pk=pk)
    batch = (delivery.notice.kind, delivery.notice.period_key)
    return _act(
        request,
        lambda: deliveries.retry(delivery_id=delivery.pk, actor=request.user, at=request.now),
        "已重新加入发送队列。",
        reverse("notice_batch", args=batch) if request.POST.get("back") == "batch" else reverse("operations"),
    )


def _lines(runs: Iterable[JobRun], titles: dict[str, str]) -> list[dict[str, Any]]:
    """Runs with the title of their job; a job that left the schedule keeps its name."""
    return [{"run": run, "title": titles.get(run.name, run.name), "duration": read.duration_of(run)} for run in runs]


def _act(request: HttpRequest, act: Callable[[], Any], done: str, url: str) -> HttpResponse:
    """One button of the page at `url`. A refusal is said above the page as it then stands: nothing was typed."""
    try:
        present_only(request)
        answer = submit_once(request, act, lambda _: url)
    except UserError as refusal:
        messages.error(request, refusal.message)
        return redirect(url)
    messages.success(request, done)
    return answer
