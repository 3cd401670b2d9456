"""Places of a small chart: round ticks, months, steps, words that do not cover each other."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tracker.web.plot import YearPlot, spread, ticks_up_to


@pytest.mark.parametrize(
    ("top", "ticks"),
    [
        ("26000", [0, 10000, 20000, 30000]),
        ("870", [0, 250, 500, 750, 1000]),
        ("12000", [0, 5000, 10000, 15000]),
        ("4", [0, 1, 2, 3, 4]),
        ("0", [0, 1]),
    ],
)
def test_ticks_are_round_and_reach_the_top(top: str, ticks: list[int]) -> None:
    assert ticks_up_to(Decimal(top)) == ticks


def test_a_year_runs_from_edge_to_edge_and_amounts_from_the_bottom_up() -> None:
    plot = YearPlot(2026, Decimal(1000), 760, 300)
    assert plot.x(dt.date(2026, 12, 31)) == plot.right
    assert plot.x(dt.date(2027, 1, 5)) == plot.right
    assert plot.months[0].at == plot.left
    assert (plot.y(Decimal(0)), plot.y(Decimal(1000))) == (plot.bottom, plot.top)
    assert plot.band(dt.date(2026, 1, 1), dt.date(2026, 12, 31)).width == plot.right - plot.left


def test_steps_begin_with_the_first_figure_and_stay_level_until_the_next() -> None:
    plot = YearPlot(2026, Decimal(100), 760, 300)
    days = [(dt.date(2026, 6, 30), Decimal(40)), (dt.date(2026, 12, 31), Decimal(100))]
    places = [tuple(map(float, place.split(","))) for place in plot.steps(days).split()]
    assert places[0] == (plot.x(dt.date(2026, 6, 30)), plot.y(Decimal(40)))
    assert places[1] == (plot.right, places[0][1])
    assert places[2:] == [(plot.right, plot.top)]


def test_words_move_apart_in_their_order_and_stay_inside() -> None:
    assert spread([50, 52, 120], 0, 200) == [50, 66, 120]
    assert spread([198, 199], 0, 200) == [184, 200]
    assert spread([-5, 0], 10, 200) == [10, 26]
    assert spread([], 0, 1) == []
