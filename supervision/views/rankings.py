"""Reading the rankings: a board, the explanation of one row, histories and two periods side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from projects.excel.outgoing import LedgerSheet
from projects.selectors.policy import policy_on
from projects.views.exporting import export
from supervision.enums import RankingBoard, Series, SnapshotState
from supervision.models import Snapshot
from supervision.selectors import comparison
from supervision.selectors import explanation as opening
from supervision.selectors import rank_history as past
from supervision.selectors import snapshots as read
from supervision.selectors import standings as screens
from supervision.selectors import standings_sheet as sheets
from tracker.clock import day_of
from tracker.web.errors import UserError

NOTHING = "还没有可以导出的排名。"


@dataclass(frozen=True, slots=True)
class _Asked:
    """The board that an address asks for: `page` is None while there is no snapshot to show."""

    series: Series
    board: RankingBoard
    boards: list[RankingBoard]
    snapshot: Snapshot | None
    page: screens.Standings | None


def _asked(request: HttpRequest) -> _Asked:
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
    page = screens.standings(snapshot, board, request.access) if snapshot else None
    return _Asked(series, board, boards, snapshot, page)


@require_safe
def rankings(request: HttpRequest) -> HttpResponseBase:
    """One board of one snapshot (default: the newest published month's projects)."""
    asked = _asked(request)
    snapshot, page, series = asked.snapshot, asked.page, asked.series
    choices = [row for row in screens.listed(request.access, request.as_of) if row.series == series]
    context = {
        "snapshot": snapshot,
        "page": page,
        "board": asked.board.value,
        "board_label": asked.board.label,
        "series": series.value,
        "choices": choices,
        "series_tabs": _series_tabs(series),
        "board_tabs": _board_tabs(snapshot, asked.boards, asked.board),
        "may": _may(request, snapshot),
        "shows_lists": request.access.may("rankings.lists") and page is not None and page.has_lists,
    }
    return render(request, "rankings/board.html", context)


@require_POST
def ranking_export(request: HttpRequest) -> HttpResponseBase:
    """The board that the page shows under the same address."""
    asked = _asked(request)
    if asked.page is None:
        raise UserError(NOTHING)
    return _workbook(request, sheets.of_board(asked.page), asked.snapshot)


@require_safe
def ranking_explain(request: HttpRequest, snapshot_id: int, board: str, subject_id: int) -> HttpResponseBase:
    """Why one row stands where it stands, and what would move it."""
    snapshot = read.known_on(read.snapshots_for(request.access), request.as_of).filter(pk=snapshot_id).first()
    if snapshot is None or board not in _boards(request, Series(snapshot.series)):
        raise Http404
    found = opening.explanation(snapshot, board, subject_id)
    if found is None:
        raise Http404
    context = {
        "found": found,
        "row": found.row,
        "bars": [
            {
                "label": part["title"],
                "score": part["earned"],
                "full": part["possible"],
                "note": part["text"] + (f"可做：{part['lever']}。" if part["lever"] else ""),
            }
            for part in found.row["parts"]
        ],
        "board_label": RankingBoard(board).label,
        "moves": opening.moves(found),
        "evidence": opening.evidence(found, request.access),
        "late_reports": opening.late_reports(found, request.access),
        "marks": [(mark, screens.MARKS[mark]) for mark in found.row["marks"]],
        "crumbs": [("排名", board_url(snapshot, board))],
    }
    return render(request, "rankings/explain.html", context)


@require_safe
def ranking_history(request: HttpRequest, board: str, subject_id: int) -> HttpResponseBase:
    """The places of one subject over the published periods."""
    series, entries = _history(request, board, subject_id)
    name, last = entries[-1].row.subject_name, entries[-1].snapshot
    has_scores = series == Series.MONTHLY and any(entry.row.score is not None for entry in entries)
    has_ranks = any(entry.row.rank is not None for entry in entries)
    context = {
        "entries": list(reversed(entries)),
        "name": name,
        "first": entries[0],
        "last": entries[-1],
        "ranks": past.draw_ranks(entries, beside=has_scores) if has_ranks else [],
        "scores": past.draw_scores(entries) if has_scores else [],
        "has_scores": has_scores,
        "board": board,
        "board_label": RankingBoard(board).label,
        "tabs": _history_tabs(series, subject_id) if board == RankingBoard.PROJECTS else [],
        "crumbs": [("排名", board_url(last, board))],
    }
    return render(request, "rankings/history.html", context)


@require_POST
def ranking_history_export(request: HttpRequest, board: str, subject_id: int) -> HttpResponseBase:
    """The table of the page."""
    _, entries = _history(request, board, subject_id)
    return _workbook(request, sheets.of_history(entries[-1].row.subject_name, entries), entries[-1].snapshot)


def _history(request: HttpRequest, board: str, subject_id: int) -> tuple[Series, list[past.Entry]]:
    """The series asked for and the subject's places in it, oldest first; who was never ranked does not exist."""
    series = _one_of(Series, request.GET.get("series"), Series.MONTHLY)
    if board not in _boards(request, series):
        raise Http404
    entries = past.history(board, subject_id, series, request.as_of)
    if not entries:
        raise Http404
    return series, entries


@dataclass(frozen=True, slots=True)
class _Compared:
    """The two periods that an address asks for; `page` is None while there are no two."""

    series: Series
    boards: list[RankingBoard]
    choices: list[Snapshot]
    now: Snapshot | None
    before: Snapshot | None
    page: comparison.Comparison | None


def _compared(request: HttpRequest, board: str) -> _Compared:
    series = _one_of(Series, request.GET.get("series"), Series.MONTHLY)
    boards = _boards(request, series)
    if board not in boards:
        raise Http404
    choices = list(screens.published(request.access, request.as_of, series))
    now = _chosen(choices, request.GET.get("now"), 0)
    before = _chosen(choices, request.GET.get("before"), 1)
    page = None
    if now is not None and before is not None and now.pk != before.pk:
        page = comparison.compared(before.pk, now.pk, board, request.access)
        now, before = page.now, page.before
    return _Compared(series, boards, choices, now, before, page)


@require_safe
def ranking_compare(request: HttpRequest, board: str) -> HttpResponseBase:
    """Two published periods side by side (default: the two newest)."""
    asked = _compared(request, board)
    context = {
        "choices": asked.choices,
        "now": asked.now,
        "before": asked.before,
        "page": asked.page,
        "board": board,
        "board_label": RankingBoard(board).label,
        "board_tabs": _compared_tabs(request, asked.series, asked.boards, board),
        "series": asked.series.value,
        "crumbs": [("排名", f"{reverse('rankings')}?series={asked.series.value}&board={board}")],
    }
    return render(request, "rankings/compare.html", context)


@require_POST
def ranking_compare_export(request: HttpRequest, board: str) -> HttpResponseBase:
    """The two periods of the page."""
    asked = _compared(request, board)
    if asked.page is None:
        raise UserError(NOTHING)
    return _workbook(request, sheets.of_comparison(asked.page), asked.now)


def board_url(snapshot: Snapshot, board: str = RankingBoard.PROJECTS) -> str:
    return f"{reverse('rankings')}?snapshot={snapshot.pk}&board={board}"


def _chosen(published: list[Snapshot], asked: str | None, position: int) -> Snapshot | None:
    """The snapshot whose id was asked for, else the one at `position` from the newest."""
    found = next((row for row in published if str(row.pk) == asked), None)
    return found or (published[position] if len(published) > position else None)


def _workbook(request: HttpRequest, sheet: LedgerSheet, snapshot: Snapshot | None) -> HttpResponseBase:
    return export(request, sheet, f"{sheet.title}.xlsx", obj=snapshot)


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


def _compared_tabs(
    request: HttpRequest, series: Series, boards: list[RankingBoard], current: str
) -> list[dict[str, Any]]:
    """The same two periods on the other boards."""
    asked = {name: request.GET[name] for name in ("before", "now") if name in request.GET}
    kept = urlencode({"series": series.value, **asked})
    return [
        {
            "label": f"{board.label}榜",
            "url": f"{reverse('ranking_compare', args=[board.value])}?{kept}",
            "active": board == current,
            "count": None,
        }
        for board in boards
        if len(boards) > 1
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
