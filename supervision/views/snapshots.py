"""Making rankings public: draft, publish, correct."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects.enums import PeriodKind
from projects.views.acting import acted, status_of
from supervision.enums import SnapshotState
from supervision.forms import SERIES_OF, PublishForm, SupersedeForm, TakeForm
from supervision.models import Snapshot
from supervision.selectors.snapshots import snapshots_for
from supervision.services import snapshots
from supervision.views.rankings import board_url
from tracker.clock import day_of


@require_http_methods(["GET", "POST"])
def snapshot_take(request: HttpRequest) -> HttpResponse:
    """Compute a period's ranking as a draft, or the draft again."""
    initial = {"period": request.GET.get("period")}
    form = TakeForm(request.POST or None, today=day_of(request.now), initial=initial)

    def take() -> Snapshot:
        period = form.cleaned_data["period"]
        series = SERIES_OF[PeriodKind(period.kind)]
        return snapshots.take(series=series, period=period, actor=request.user, at=request.now)

    answer = acted(request, form, take, done="排名草稿已生成，请核对后发布。", url=board_url)
    if answer is not None:
        return answer
    context = {"form": form, "back": reverse("rankings"), "crumbs": [("排名", reverse("rankings"))]}
    return render(request, "rankings/take.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def snapshot_publish(request: HttpRequest, snapshot_id: int) -> HttpResponse:
    """Publish the draft that was looked at."""
    snapshot = _find(request, snapshot_id)
    form = PublishForm(request.POST or None, initial={"version": snapshot.version})

    def publish() -> Snapshot:
        version = form.cleaned_data["version"]
        return snapshots.publish(snapshot_id=snapshot.pk, version=version, actor=request.user, at=request.now)

    done = f"{snapshot.period.short_title}{snapshot.get_series_display()}已发布。"
    answer = acted(request, form, publish, done=done, url=board_url)
    if answer is not None:
        return answer
    context = {
        "snapshot": snapshot,
        "form": form,
        "is_locked": snapshot.period.lock_at <= request.now,
        "is_draft": snapshot.state == SnapshotState.DRAFT,
        "back": board_url(snapshot),
        "crumbs": [("排名", board_url(snapshot))],
    }
    return render(request, "rankings/publish.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def snapshot_supersede(request: HttpRequest, snapshot_id: int) -> HttpResponse:
    """Withdraw a published ranking with a reason; its correction is drafted at once."""
    snapshot = _find(request, snapshot_id)
    form = SupersedeForm(request.POST or None)

    def supersede() -> Snapshot:
        reason = form.cleaned_data["reason"]
        return snapshots.supersede(snapshot_id=snapshot.pk, reason=reason, actor=request.user, at=request.now)

    done = "原排名已标为“已被更正”，更正稿已生成，请核对后发布。"
    answer = acted(request, form, supersede, done=done, url=board_url)
    if answer is not None:
        return answer
    context = {
        "snapshot": snapshot,
        "form": form,
        "is_published": snapshot.state == SnapshotState.PUBLISHED,
        "back": board_url(snapshot),
        "crumbs": [("排名", board_url(snapshot))],
    }
    return render(request, "rankings/supersede.html", context, status=status_of(form))


def _find(request: HttpRequest, snapshot_id: int) -> Snapshot:
    return get_object_or_404(snapshots_for(request.access), pk=snapshot_id)
