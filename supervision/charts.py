"""Charts as data for plotly.js (docs/dashboard.md, Charts).

A figure is plain JSON: data and layout without a template. The page's script draws it with the colours of the style
sheet, so a chart never has a colour of its own; the table beside each chart holds the exact figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

Figure = dict[str, Any]


def unit_rates(rows: Sequence[Mapping[str, Any]], plain: Decimal) -> Figure:
    """How much of its year's plan each unit has done, the least on top, against the plain 序时进度 (a fraction). `rows`
    are frozen rows with a rate."""
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=[_percent(row["rate"]) for row in rows],
            y=[row["name"] for row in rows],
            text=[f"{_percent(row['rate'])}%" for row in rows],
            textposition="auto",
        )
    )
    figure.update_layout(
        showlegend=False,
        xaxis={"rangemode": "tozero", "title": {"text": "完成率（%），竖线为序时进度"}},
        yaxis={"autorange": "reversed", "type": "category"},
    )
    found: Figure = figure.to_plotly_json()
    layout = {key: value for key, value in found["layout"].items() if key != "template"}
    return {"data": found["data"], "layout": layout | {"shapes": [_upright(_percent(plain))]}}


def _upright(at: float) -> dict[str, Any]:
    """A line over the whole height. Plotly itself knows no colour by its meaning."""
    line = {"color": "token:--light-red-mark", "width": 1.5}
    return {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _percent(value: Any) -> float:
    return float(round(Decimal(value) * 100, 1))
