"""The leaders' dashboard: one page, read in a minute, printed on one sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projects.rules.colours import Colour
from supervision import charts
from supervision.enums import RankingBoard
from supervision.selectors import dashboard as read
from tracker.web.formatting import amount

CURVE_HEADINGS = ("月份", "累计完成（万元）", "应完成（万元）", "按序时进度（万元）")
UNIT_HEADINGS = ("单位", "得分")
MANY_BARS = 8
"""From this many bars on the figure is drawn taller, so that each keeps its number."""
LIGHT_HEADINGS = ("灯色", "项目数")


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    page = read.dashboard(request.access, request.as_of)
    units = page.boards.get(RankingBoard.UNITS, [])
    context = {
        "page": page,
        "lights": _lights(page),
        "boards": [
            {"board": board, "label": RankingBoard(board).label, "groups": read.board_ends(groups)}
            for board, groups in page.boards.items()
            if groups
        ],
        "charts": _charts(page, units),
    }
    return render(request, "dashboard/dashboard.html", context)


def _lights(page: read.Dashboard) -> list[dict[str, Any]]:
    """A tile for every colour, worst first, each leading to its projects."""
    url = reverse("project_list")
    return [
        {
            "colour": colour.value,
            "label": colour.label,
            "count": page.colours.get(colour.value, 0),
            "url": f"{url}?basis=current&colour={colour.value}",
        }
        for colour in charts.LIGHT_ORDER
    ]


def _charts(page: read.Dashboard, units: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures, each with the table that says the same."""
    found = []
    if page.curve:
        found.append(
            {
                "id": "chart-curve",
                "title": "各月累计完成投资与应完成（亿元）",
                "figure": charts.investment_curve(page.curve),
                "size": "",
                "headings": CURVE_HEADINGS,
                "rows": [
                    (point.period, amount(point.done), amount(point.expected), amount(point.plan * point.plain))
                    for point in page.curve
                ],
            }
        )
    if page.colours:
        found.append(
            {
                "id": "chart-lights",
                "title": "项目灯色分布",
                "figure": charts.light_distribution(page.colours),
                "size": "",
                "headings": LIGHT_HEADINGS,
                "rows": [(Colour(key).label, str(count)) for key, count in page.colours.items()],
            }
        )
    for number, group in enumerate(units):
        rows = [row for row in group["rows"] if row["rank"] is not None]
        if rows:
            found.append(
                {
                    "id": f"chart-units-{number}",
                    "title": f"{group['label']}得分",
                    "figure": charts.unit_bars(rows),
                    "size": "tall" if len(rows) > MANY_BARS else "",
                    "headings": UNIT_HEADINGS,
                    "rows": [(row["name"], row["score"]) for row in rows],
                }
            )
    return found
