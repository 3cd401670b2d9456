"""Reading the rankings: a board, the explanation of one row, histories and two periods side by side."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.selectors.policy import policy_on
from supervision.enums import RankingBoard, Series, SnapshotState
from supervision.models import Snapshot
from supervision.selectors import snapshots as read
from supervision.selectors import standings as screens
from tracker.clock import day_of

MARKS = (
    ("未报", "有应报未报的报告期；连续两期未报的并列末位"),
    ("滞", "数据滞后，按最近一次通过的数据计算"),
    ("核", "数字待核实，或已按核实后较低的数计算"),
    ("客", "客观原因已认定并在生效期内"),
)
"""The short signs of a board with what they mean."""


@require_safe
def rankings(request: HttpRequest) -> HttpResponse:
    """One board of one snapshot (default: the newest published month's projects)."""
    series = _one_of(Series, request.GET.get("series"), Series.MONTHLY)
    asked = request.GET.get("snapshot", "")
    if asked and not asked.isdigit():
        raise Http404
    snapshot = screens.opened(request.access, request.as_of, series, int(asked) if asked else None)
    if snapshot is None and asked:
        raise Http404
    series = Series(snapshot.series) if snapshot else series
    boards = _boards(request, series)
    board = _one_of(RankingBoard, request.GET.get("board"), RankingBoard.PROJECTS)
    if board not in boards:
        board = RankingBoard.PROJECTS
    choices = [row for row in screens.listed(request.access, request.as_of) if row.series == series]
    context = {
        "snapshot": snapshot,
        "page": screens.standings(snapshot, board, request.access) if snapshot else None,
        "board": board.value,
        "series": series.value,
        "choices": choices,
        "series_tabs": _series_tabs(series),
        "board_tabs": _board_tabs(snapshot, boards, board),
        "marks": MARKS,
        "may": _may(request, snapshot),
        "shows_lists": request.access.may("rankings.lists") and board == RankingBoard.PROJECTS,
    }
    return render(request, "rankings/board.html", context)


@require_safe
def ranking_explain(request: HttpRequest, snapshot_id: int, board: str, subject_id: int) -> HttpResponse:
    """Why one row stands where it stands."""
    snapshot = read.snapshots_for(request.access).filter(pk=snapshot_id, cutoff__lte=request.as_of).first()
    if snapshot is None or board not in _boards(request, Series(snapshot.series)):
        raise Http404
    found = read.explanation(snapshot, board, subject_id)
    if found is None:
        raise Http404
    row = found.row
    context = {
        "found": found,
        "row": row,
        "bars": [
            {"label": part["title"], "score": part["earned"], "full": part["possible"], "note": part["text"]}
            for part in row["parts"]
        ],
        "is_weekly": snapshot.series == Series.WEEKLY,
        "board_label": RankingBoard(board).label,
        "evidence": screens.evidence(found, request.access),
        "gap": screens.gap_to_next(found),
        "crumbs": [("排名", board_url(snapshot, board))],
    }
    return render(request, "rankings/explain.html", context)


@require_safe
def ranking_history(request: HttpRequest, board: str, subject_id: int | None = None) -> HttpResponse:
    """With a subject its ranks over the published periods; without, two published periods side by side."""
    series = _one_of(Series, request.GET.get("series"), Series.MONTHLY)
    if board not in _boards(request, series):
        raise Http404
    if subject_id is None:
        return _compare(request, RankingBoard(board), series)
    rows = [row for row in read.history(board, subject_id, series) if row.snapshot.cutoff <= request.as_of]
    if not rows:
        raise Http404
    context = {
        "rows": list(reversed(rows)),
        "name": rows[-1].subject_name,
        "ranks": [None if row.rank is None else -row.rank for row in rows],
        "first": rows[0],
        "last": rows[-1],
        "board": board,
        "board_label": RankingBoard(board).label,
        "tabs": _history_tabs(series, subject_id) if board == RankingBoard.PROJECTS else [],
        "is_weekly": series == Series.WEEKLY,
        "crumbs": [("排名", board_url(rows[-1].snapshot, board))],
    }
    return render(request, "rankings/history.html", context)


def board_url(snapshot: Snapshot, board: str = RankingBoard.PROJECTS) -> str:
    return f"{reverse('rankings')}?snapshot={snapshot.pk}&board={board}"


def _compare(request: HttpRequest, board: RankingBoard, series: Series) -> HttpResponse:
    published = [
        row
        for row in screens.listed(request.access, request.as_of)
        if row.series == series and row.state == SnapshotState.PUBLISHED
    ]
    now = _chosen(published, request.GET.get("now"), 0)
    before = _chosen(published, request.GET.get("before"), 1)
    context = {
        "choices": published,
        "now": now,
        "before": before,
        "changes": screens.compared(now.pk, before.pk, board) if now and before else [],
        "board": board.value,
        "board_label": board.label,
        "series": series.value,
        "is_weekly": series == Series.WEEKLY,
        "crumbs": [("排名", f"{reverse('rankings')}?series={series.value}&board={board.value}")],
    }
    return render(request, "rankings/compare.html", context)


def _chosen(published: list[Snapshot], asked: str | None, position: int) -> Snapshot | None:
    """The snapshot whose id was asked for, else the one at `position` from the newest."""
    found = next((row for row in published if str(row.pk) == asked), None)
    return found or (published[position] if len(published) > position else None)


def _boards(request: HttpRequest, series: Series) -> list[RankingBoard]:
    """The boards of a series that this person may read by today's rule; a week has the projects' order only."""
    policy = policy_on(day_of(request.now))
    boards = (RankingBoard.PROJECTS,) if series == Series.WEEKLY else tuple(RankingBoard)
    return [board for board in boards if read.may_see_board(request.access, board, policy)]


def _may(request: HttpRequest, snapshot: Snapshot | None) -> dict[str, bool]:
    """What the page offers to do with the snapshot shown."""
    is_present = not request.is_past_view
    publishes = is_present and request.access.may("rankings.publish") and snapshot is not None
    return {
        "take": is_present and request.access.may("rankings.take"),
        "publish": publishes and snapshot.state == SnapshotState.DRAFT and snapshot.period.lock_at <= request.now,
        "supersede": publishes and snapshot.state == SnapshotState.PUBLISHED,
    }


def _series_tabs(current: Series) -> list[dict[str, Any]]:
    return [
        {"label": series.label, "url": f"?series={series.value}", "active": series == current, "count": None}
        for series in reversed(Series)
    ]


def _board_tabs(snapshot: Snapshot | None, boards: list[RankingBoard], current: RankingBoard) -> list[dict[str, Any]]:
    if snapshot is None or len(boards) < 2:
        return []
    return [
        {"label": f"{board.label}榜", "url": board_url(snapshot, board), "active": board == current, "count": None}
        for board in boards
    ]


def _history_tabs(current: Series, subject_id: int) -> list[dict[str, Any]]:
    url = reverse("ranking_history", args=[RankingBoard.PROJECTS.value, subject_id])
    return [
        {"label": series.label, "url": f"{url}?series={series.value}", "active": series == current, "count": None}
        for series in reversed(Series)
    ]


def _one_of(choices: Any, asked: str | None, default: Any) -> Any:
    """The choice asked for by its value; nonsense in the address gives the default."""
    return choices(asked) if asked in choices.values else default
