"""A project's year as a drawing: the curve of `projects.rules.curve` with places and words for one size of chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from projects.rules.curve import YearCurve
from tracker.web import formatting
from tracker.web.plot import LINE_HEIGHT, Band, YearPlot, spread

IN_YI_FROM = Decimal(100_000)
"""万元 from which the chart speaks of 亿元: five digits are read at a glance, six are not."""
WIDE, NARROW = (760, 300), (340, 260)
"""Width and height of the two drawings, on a desk and on a telephone: letters keep their size."""
BESIDE = 8.0
"""Between a point and the words beside it."""
PLAN_FROM = 84.0
"""Where the words of the plan begin: right of the axis' own."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside a point. `anchor` as SVG takes it."""

    x: float
    y: float
    anchor: str
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    tone: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything a template needs to draw the year."""

    plot: YearPlot
    ticks: tuple[tuple[float, str], ...]
    unit: str
    plan_at: float | None
    expected: str
    done: str
    closed: tuple[Band, ...]
    frozen: tuple[Band, ...]
    on: float
    on_day: dt.date
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]


def draw(curve: YearCurve, size: tuple[int, int]) -> Drawing:
    """The curve in `size` (width, height)."""
    amounts = [curve.plan or Decimal(0), curve.expected_on or Decimal(0), *(step.amount for step in curve.done)]
    plot = YearPlot(curve.year, max(amounts), *size)
    words, unit = _words(max(amounts))
    dots = _dots(curve, plot)
    return Drawing(
        plot=plot,
        ticks=tuple((tick.at, words(tick.value)) for tick in plot.ticks),
        unit=unit,
        plan_at=plot.y(curve.plan) if curve.plan else None,
        expected=plot.line((step.day, step.amount) for step in curve.expected),
        done=plot.steps((step.day, step.amount) for step in curve.done) if curve.done else "",
        closed=tuple(plot.band(span.start, span.end) for span in curve.closed),
        frozen=tuple(plot.band(span.start, span.end) for span in curve.frozen),
        on=plot.x(curve.on),
        on_day=curve.on,
        dots=dots,
        labels=_labels(curve, plot, dots, lambda value: f"{words(value)}{unit}"),
    )


def _words(top: Decimal) -> tuple[Callable[[Decimal], str], str]:
    if top >= IN_YI_FROM:
        return formatting.yi, "亿元"
    return (lambda value: formatting.amount(formatting.rounded(value, 0))), "万元"


def _dots(curve: YearCurve, plot: YearPlot) -> tuple[Dot, ...]:
    found = []
    if curve.expected_on is not None:
        found.append(Dot(plot.x(curve.on), plot.y(curve.expected_on), "expected"))
    if curve.last is not None:
        found.append(Dot(plot.x(curve.last.day), plot.y(curve.last.amount), "done"))
    return tuple(found)


def _labels(
    curve: YearCurve, plot: YearPlot, dots: tuple[Dot, ...], words: Callable[[Decimal], str]
) -> tuple[Label, ...]:
    texts = {"expected": f"应完成{words(curve.expected_on or Decimal(0))}"}
    if curve.last is not None:
        texts["done"] = f"已完成{words(curve.last.amount)}"
    found = _beside(dots, plot, texts)
    if curve.plan:
        y = plot.y(curve.plan) - BESIDE / 2
        found.append(Label(plot.left + PLAN_FROM, y, "start", f"年度计划{words(curve.plan)}", "plan"))
    places = spread([label.y for label in found], plot.top - BESIDE / 2, plot.bottom - BESIDE)
    return tuple(replace(label, y=place) for label, place in zip(found, places, strict=True))


def _beside(dots: tuple[Dot, ...], plot: YearPlot, texts: dict[str, str]) -> list[Label]:
    """Lines that only grow leave room above their left and below their right: there the words stand, each at its own
    dot, or further out where two dots are close."""
    to_the_left = all(dot.x > plot.width / 2 for dot in dots)
    away = -1 if to_the_left else 1
    found: list[Label] = []
    for dot in sorted(dots, key=lambda dot: dot.y, reverse=to_the_left):
        y = dot.y - BESIDE if to_the_left else dot.y + 2 * BESIDE
        if found and (y - found[-1].y) * away < LINE_HEIGHT:
            y = found[-1].y + LINE_HEIGHT * away
        x, anchor = (dot.x - BESIDE, "end") if to_the_left else (dot.x + BESIDE, "start")
        found.append(Label(round(x, 1), y, anchor, texts[dot.tone], dot.tone))
    return found
