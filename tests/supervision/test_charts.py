"""Charts are plain JSON with meanings for colours (docs/dashboard.md, Charts)."""

import json
from decimal import Decimal

from supervision.charts import investment_curve, light_distribution, unit_bars
from supervision.rules.totals import MonthPoint


def test_the_curve_draws_done_expected_and_plain_in_yi():
    points = [
        MonthPoint("2018-08", Decimal(120000), Decimal(72000), Decimal(84000), Decimal(8) / 12),
        MonthPoint("2018-09", Decimal(120000), Decimal(90000), Decimal(96000), Decimal(9) / 12),
    ]
    figure = json.loads(json.dumps(investment_curve(points)))
    assert [trace["name"] for trace in figure["data"]] == ["累计完成", "应完成", "按序时进度"]
    assert [trace["y"] for trace in figure["data"]] == [[7.2, 9.0], [8.4, 9.6], [8.0, 9.0]]
    assert "template" not in figure["layout"]


def test_lights_are_drawn_worst_first_with_the_colours_of_the_style_sheet():
    (trace,) = light_distribution({"green": 12, "red": 2, "grey": 1})["data"]
    assert trace["x"] == ["告警", "正常", "无数据"]
    assert trace["text"] == ["2个", "12个", "1个"]
    assert trace["marker"]["color"] == ["token:--light-red-mark", "token:--light-green-mark", "token:--light-grey-mark"]


def test_units_without_a_score_are_not_drawn_as_zero():
    (trace,) = unit_bars([{"name": "县交通局", "score": "91.20"}, {"name": "县文旅局", "score": None}])["data"]
    assert (trace["y"], trace["x"], trace["text"]) == (["县交通局"], [91.2], ["91.20"])
