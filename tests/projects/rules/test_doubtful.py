"""An impossible figure is never shown as success, and a package has no light of its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from projects.rules.colours import Colour
from projects.rules.facts import ProjectFacts
from projects.rules.lights import judge
from projects.rules.policy import Policy
from projects.workdays import Calendar

OVER = ProjectFacts(
    id=1,
    code="2026-0001",
    name="东岭产业园",
    year=2026,
    as_of=dt.date(2026, 9, 30),
    compared_on=dt.date(2026, 9, 30),
    annual_class="carry_over",
    stage="building",
    plan=Decimal(3600),
    total=Decimal(10600),
    done=Decimal(10900),
    open_flags=("over_total",),
)


def test_cumulative_above_total_is_doubtful_not_green() -> None:
    judgement = judge(OVER, Policy(), Calendar())
    assert judgement.colour is Colour.GREY
    assert "数字有误？本年累计10900万元已超过总投资10600万元" in judgement.text


def test_once_confirmed_the_figure_counts_again() -> None:
    assert judge(replace(OVER, open_flags=()), Policy(), Calendar()).colour is Colour.GREEN


def test_package_is_judged_by_its_children() -> None:
    judgement = judge(replace(OVER, is_package=True, open_flags=()), Policy(), Calendar())
    assert (judgement.colour, judgement.text) == (Colour.GREY, "打包项目只汇总，按子项目评灯。")
