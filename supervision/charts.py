"""Charts as plain data for the browser (the only importer of plotly).

A colour is a meaning, `token:--light-red-mark`: the page reads its value from the style sheet, so a chart never has a
colour of its own. Amounts come in 万元 and are drawn in 亿元; the table beside each chart holds the exact figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from projects.rules.colours import Colour
from supervision.rules.totals import MonthPoint

WAN_PER_YI = Decimal(10000)
LIGHT_ORDER = (Colour.RED, Colour.YELLOW, Colour.BLUE, Colour.GREEN, Colour.PURPLE, Colour.GREY)

Figure = dict[str, Any]


def investment_curve(points: Sequence[MonthPoint]) -> Figure:
    """Cumulative investment of the year by month against what should be done and the plain 序时进度."""
    months = [point.period for point in points]
    figure = go.Figure(
        [
            go.Bar(name="累计完成", x=months, y=[_yi(point.done) for point in points]),
            go.Scatter(name="应完成", x=months, y=[_yi(point.expected) for point in points], mode="lines+markers"),
            go.Scatter(
                name="按序时进度",
                x=months,
                y=[_yi(point.plan * point.plain) for point in points],
                mode="lines",
                line={"dash": "dot"},
            ),
        ]
    )
    figure.update_layout(xaxis={"type": "category"}, yaxis={"title": {"text": "亿元"}, "rangemode": "tozero"})
    return _plain(figure)


def light_distribution(counts: Mapping[str, int]) -> Figure:
    """How many projects show each light, worst on the left, each with its number in words and figures."""
    shown = [colour for colour in LIGHT_ORDER if counts.get(colour.value)]
    figure = go.Figure(
        go.Bar(
            x=[colour.label for colour in shown],
            y=[counts[colour.value] for colour in shown],
            text=[f"{counts[colour.value]}个" for colour in shown],
            textposition="outside",
            cliponaxis=False,
        )
    )
    figure.update_layout(showlegend=False, yaxis={"title": {"text": "项目数"}, "rangemode": "tozero"})
    plain = _plain(figure)
    plain["data"][0]["marker"] = {"color": [f"token:--light-{colour.value}-mark" for colour in shown]}
    return plain


def unit_bars(rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Scores of one board's units, best on top; `rows` are the frozen rows of the board."""
    scored = [row for row in rows if row["score"] is not None]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=[float(row["score"]) for row in scored],
            y=[row["name"] for row in scored],
            text=[row["score"] for row in scored],
            textposition="auto",
        )
    )
    figure.update_layout(
        showlegend=False,
        xaxis={"range": [0, 105], "title": {"text": "得分"}},
        yaxis={"autorange": "reversed", "type": "category"},
    )
    return _plain(figure)


def _yi(amount: Decimal) -> float:
    return float(round(amount / WAN_PER_YI, 4))


def _plain(figure: go.Figure) -> Figure:
    """Data and layout alone: the page adds its own look."""
    plain: Figure = figure.to_plotly_json()
    plain["layout"].pop("template", None)
    return {"data": plain["data"], "layout": plain["layout"]}
