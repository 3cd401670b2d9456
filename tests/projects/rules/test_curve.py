"""The year as a curve: the line that the light is judged by, the season, the months of the table."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from projects.rules.curve import Span, Step, year_curve
from projects.rules.lights import expectation_of
from projects.rules.policy import Policy
from projects.rules.progress import Freeze
from tests.projects.rules.cases import POLICY, day, project

PLATEAU = Policy(season_curve="plateau")


def step(on: str, amount: int) -> Step:
    return Step(day(on), Decimal(amount))


def test_the_line_is_what_the_light_compares_with() -> None:
    facts = project("10-31", done=9000)
    curve = year_curve(facts, POLICY, [step("10-31", 9000)])
    by_day = {point.day: point.amount for point in curve.expected}
    assert curve.expected_on == expectation_of(facts, POLICY).planned_cumulative == by_day[day("10-31")] == 10000
    assert (by_day[day("01-01")], by_day[day("12-31")]) == (0, 12000)
    assert curve.last == step("10-31", 9000)


def test_the_line_follows_the_month_plan_and_never_falls() -> None:
    months = tuple(Decimal(amount) for amount in (0, 0, 500, 800, 1200, 1500, 1500, 1500, 1300, 1000, 500, 200))
    curve = year_curve(project(plan=10000, months=months), POLICY, ())
    amounts = [point.amount for point in curve.expected]
    assert amounts == sorted(amounts)
    assert curve.method == "分月计划"
    assert [line.expected for line in curve.months][:4] == [0, 0, 500, 1300]


def test_a_season_without_work_is_shaded_and_a_cause_too() -> None:
    assert year_curve(project(), PLATEAU, ()).closed == (Span(day("01-01"), day("02-28")),)
    assert year_curve(project(), POLICY, ()).closed == ()
    frozen = project(freezes=(Freeze(day("05-01"), day("07-31")),))
    assert year_curve(frozen, POLICY, ()).frozen == (Span(day("05-01"), day("07-31")),)


def test_the_table_says_what_was_known_by_each_month_s_end_and_nothing_of_months_to_come() -> None:
    facts = project("04-20", done=3000)
    curve = year_curve(facts, POLICY, [step("03-31", 2500), step("01-31", 900)])
    assert [line.done for line in curve.months][:5] == [900, 900, 2500, 2500, None]
    assert [line.gap for line in curve.months][:2] == [Decimal(-100), Decimal(-1100)]


def test_without_a_plan_there_is_no_line_and_without_reports_nothing() -> None:
    curve = year_curve(project(plan=None), POLICY, ())
    assert curve.is_empty
    assert (curve.expected, curve.expected_on, curve.last) == ((), None, None)
    reported = year_curve(project(plan=None), POLICY, [step("03-31", 20)])
    assert not reported.is_empty
    assert reported.months[2].gap is None


def test_steps_come_in_the_order_of_their_days() -> None:
    curve = year_curve(project(), POLICY, [step("03-31", 2), step("01-31", 1)])
    assert [point.day for point in curve.done] == [dt.date(2018, 1, 31), dt.date(2018, 3, 31)]
