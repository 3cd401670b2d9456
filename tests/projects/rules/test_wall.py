"""The signs of the wall chart: docs/wall.md, Signs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from projects.rules.facts import ProjectFacts
from projects.rules.policy import PLAIN_CURVE, PLATEAU_CURVE, Policy
from projects.rules.wall import Node, Sign, columns, gap_at, months_of, overdue_before, sign_of

TODAY = dt.date(2026, 6, 15)


def node(last_day: str, **values: object) -> Node:
    return Node("主体封顶", dt.date.fromisoformat(last_day), **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("last_day", "values", "sign"),
    [
        ("2026-06-14", {}, Sign.OVERDUE),
        ("2026-06-15", {}, Sign.DUE),
        ("2026-06-30", {}, Sign.DUE),
        ("2026-07-01", {}, Sign.PLANNED),
        ("2027-06-20", {}, Sign.PLANNED),
        ("2026-05-31", {"done_on": dt.date(2026, 5, 31)}, Sign.DONE),
        ("2026-05-31", {"done_on": dt.date(2026, 6, 1)}, Sign.LATE),
        ("2026-05-31", {"met": True}, Sign.DONE),
    ],
)
def test_signs(last_day: str, values: dict[str, object], sign: Sign) -> None:
    assert sign_of(node(last_day, **values), TODAY) is sign


def test_a_moved_node_stands_where_it_is_and_hollow_where_it_was() -> None:
    moved = node("2026-09-30", earlier=(dt.date(2026, 3, 31), dt.date(2026, 6, 30), dt.date(2026, 9, 1)))
    months = months_of([moved], 2026, TODAY)
    assert [(number, mark.sign) for number, marks in enumerate(months, start=1) for mark in marks] == [
        (3, Sign.MOVED),
        (6, Sign.MOVED),
        (9, Sign.PLANNED),
    ]
    assert months[2][0].words == "原时限，已变更，3月31日"


def test_other_years_stand_on_no_month_and_old_debts_are_counted() -> None:
    nodes = [node("2025-12-31"), node("2025-11-30", done_on=dt.date(2026, 1, 5)), node("2027-01-31")]
    assert not any(months_of(nodes, 2026, TODAY))
    assert overdue_before(nodes, 2026, TODAY) == 1


def test_months_know_the_present_one_and_the_season_without_building() -> None:
    months = columns(2026, TODAY, PLATEAU_CURVE, by_quarter=False)
    assert [column.label for column in months if column.is_current] == ["6月"]
    assert [column.label for column in months if column.is_idle] == ["1月", "2月"]
    assert not any(column.is_idle for column in columns(2026, TODAY, PLAIN_CURVE, by_quarter=False))
    assert not any(column.is_current for column in columns(2027, TODAY, PLAIN_CURVE, by_quarter=False))


def test_quarters_hold_three_months_each_and_idle_only_where_all_are() -> None:
    quarters = columns(2026, TODAY, PLATEAU_CURVE, by_quarter=True)
    assert [column.months for column in quarters] == [(1, 2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12)]
    assert [(column.label, column.is_current, column.is_idle) for column in quarters[:2]] == [
        ("一季度", False, False),
        ("二季度", True, False),
    ]


@pytest.mark.parametrize(
    ("plan", "cutoff", "done", "points"),
    [
        (1200, "2026-03-31", 300, 0),
        (1200, "2026-03-31", 420, 10),
        (1200, "2026-06-30", 480, -10),
        (None, "2026-06-30", 480, None),
        (0, "2026-06-30", 480, None),
    ],
)
def test_the_gap_is_in_points_of_the_annual_plan(plan: int | None, cutoff: str, done: int, points: int | None) -> None:
    facts = ProjectFacts(
        id=1,
        code="QH001",
        name="国道青禾过境段改建",
        year=2026,
        as_of=TODAY,
        compared_on=TODAY,
        annual_class="carry_over",
        stage="building",
        plan=None if plan is None else Decimal(plan),
    )
    gap = gap_at(facts, Policy(season_curve="plain"), dt.date.fromisoformat(cutoff), Decimal(done))
    assert gap == (None if points is None else pytest.approx(Decimal(points)))
