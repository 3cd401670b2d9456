"""The leaders' dashboard: one page, read in a minute, printed on one sheet; the same for a meeting room's screen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.rules.colours import Colour
from projects.selectors import curve as drawing
from supervision import charts
from supervision.enums import RankingBoard, Series
from supervision.selectors import dashboard as read
from supervision.selectors import figures as behind
from supervision.selectors import standings as screens
from tracker.web.formatting import amount, percent, points, yi

LIGHT_ORDER = (Colour.RED, Colour.YELLOW, Colour.BLUE, Colour.GREEN, Colour.PURPLE, Colour.GREY)
RATE_HEADINGS = ("单位", "年度计划（万元）", "累计完成（万元）", "完成率")
MANY_BARS = 8
"""From this many bars on the figure is drawn taller, so that each keeps its number."""
PAPER = (240, 130)
"""Width and height of the curve on the printed sheet, a third of its width: letters stay legible."""


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    page = read.dashboard(request.access, request.as_of)
    context = {
        **_common(page),
        "boards": [
            {"board": board, "label": RankingBoard(board).label, "groups": groups}
            for board, groups in page.boards.items()
        ],
        "mine_url": _mine_url(request, page),
        "rates": _rates(page),
    }
    if context["curve"]:
        context["paper"] = drawing.draw(context["curve"], PAPER)
    return render(request, "dashboard/dashboard.html", context)


@require_safe
def dashboard_screen(request: HttpRequest) -> HttpResponse:
    """The dashboard for the wall of a meeting room: a few large slides."""
    page = read.dashboard(request.access, request.as_of)
    context = {
        **_common(page),
        "units": page.boards.get(RankingBoard.UNITS, []),
        "projects": page.screen,
        "now": request.now,
    }
    return render(request, "dashboard/screen.html", context)


@require_safe
def dashboard_figures(request: HttpRequest) -> HttpResponse:
    """The projects behind a sum of a published month (default: the newest)."""
    asked = request.GET.get("snapshot", "")
    if asked and not asked.isdigit():
        raise Http404
    snapshot = screens.opened(request.access, request.as_of, Series.MONTHLY, int(asked) if asked else None)
    if asked and (snapshot is None or snapshot.series != Series.MONTHLY):
        raise Http404
    part = request.GET.get("part", "")
    part = part if part in behind.PARTS else "planned"
    found = behind.figures(snapshot, part) if snapshot is not None else None
    context = {
        "found": found,
        "title": behind.PARTS[part],
        "tabs": _parts(found) if found is not None else [],
        "crumbs": [("领导看板", reverse("dashboard"))],
    }
    return render(request, "dashboard/figures.html", context)


def _parts(found: behind.Figures) -> list[dict[str, Any]]:
    """The other sums of the same month."""
    return [
        {
            "label": label,
            "url": _figures_url(found.snapshot.pk, key),
            "active": key == found.part,
            "count": found.counts[key],
        }
        for key, label in behind.PARTS.items()
    ]


def _common(page: read.Dashboard) -> dict[str, Any]:
    """What both faces of the dashboard show."""
    year = behind.county_curve(page.curve) if page.curve else None
    return {
        "page": page,
        "lights": [_light(colour, page.colours.get(colour, 0)) for colour in LIGHT_ORDER],
        "figures": _figures(page),
        "curve": year,
        "wide": drawing.draw(year, drawing.WIDE) if year else None,
        "narrow": drawing.draw(year, drawing.NARROW) if year else None,
    }


def _light(colour: Colour, count: int) -> dict[str, Any]:
    """A colour with the list of exactly its projects."""
    return {
        "colour": colour.value,
        "label": colour.label,
        "count": count,
        "url": _list_url(colour=colour.value),
    }


def _list_url(**filters: object) -> str:
    return f"{reverse('project_list')}?{urlencode({'basis': read.COUNTED.basis, **filters})}"


def _figures_url(snapshot: int, part: str) -> str:
    return f"{reverse('dashboard_figures')}?{urlencode({'snapshot': snapshot, 'part': part})}"


def _mine_url(request: HttpRequest, page: read.Dashboard) -> str:
    """The list of one's own projects; empty for who represents somebody besides: no one list holds both."""
    officers = request.access.officer_ids
    return _list_url(leader=next(iter(officers))) if page.mine and len(officers) == 1 else ""


def _figures(page: read.Dashboard) -> list[dict[str, Any]]:
    """The sums of the published month, each leading to its rows."""
    if page.snapshot is None or page.totals is None:
        return []
    totals, snapshot = page.totals, page.snapshot.pk
    grown = "" if page.grown is None else f"比上期增加{yi(page.grown)}亿元"
    return [
        _figure("年度计划投资", yi(totals.plan), "亿元", f"{totals.planned}个项目", snapshot, "planned"),
        _figure("累计完成投资", yi(totals.done), "亿元", grown, snapshot, "planned"),
        _figure("完成率", percent(totals.rate), "", points(page.plain_gap, "序时进度"), snapshot, "planned"),
        _figure("新开工项目", str(totals.new_starts), "个", f"已开工{totals.started}个", snapshot, "new_starts"),
        _figure("有未报的项目", str(totals.missing_reports), "个", "应报未报", snapshot, "missing"),
    ]


def _figure(label: str, value: str, unit: str, note: str, snapshot: int, part: str) -> dict[str, Any]:
    return {"label": label, "value": value, "unit": unit, "note": note, "url": _figures_url(snapshot, part)}


def _rates(page: read.Dashboard) -> dict[str, Any] | None:
    """The units by how much of their plan is done, those furthest behind on top."""
    if not page.units or page.totals is None:
        return None
    rows = sorted(page.units, key=lambda row: (Decimal(row["rate"]), row["id"]))
    return {
        "figure": charts.unit_rates(rows, page.totals.plain),
        "size": "tall" if len(rows) > MANY_BARS else "",
        "headings": RATE_HEADINGS,
        "rows": [
            (row["name"], amount(Decimal(row["plan"])), amount(Decimal(row["done"])), percent(Decimal(row["rate"]), 1))
            for row in rows
        ],
    }
