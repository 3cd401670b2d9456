"""Charts are plain JSON with meanings for colours (docs/dashboard.md, Charts)."""

import json
from decimal import Decimal

from supervision.charts import unit_rates


def test_units_are_drawn_against_the_schedule_of_the_day():
    rows = [{"name": "县文旅局", "rate": "0.5"}, {"name": "县交通局", "rate": "0.91249"}]
    figure = json.loads(json.dumps(unit_rates(rows, Decimal(8) / 12)))
    (trace,) = figure["data"]
    assert (trace["y"], trace["x"], trace["text"]) == (["县文旅局", "县交通局"], [50.0, 91.2], ["50.0%", "91.2%"])
    (line,) = figure["layout"]["shapes"]
    assert (line["x0"], line["x1"], line["line"]["color"]) == (66.7, 66.7, "token:--light-red-mark")
    assert "template" not in figure["layout"]
