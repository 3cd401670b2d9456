"""Expected progress: the published formula, the season, month plans and freezes (docs/rules.md, Expected progress)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.rules.policy import PLAIN_CURVE, PLATEAU_CURVE
from projects.rules.progress import Expected, Freeze, expected, figures, plain_time_progress
from tests.projects.rules.cases import YEAR, day

MONTHS = tuple(Decimal(amount) for amount in (0, 0, 500, 800, 1200, 1500, 1500, 1500, 1300, 1000, 500, 200))
SUMMER = (Freeze(day("05-01"), day("07-31")),)


def plan_at(on: str, plan: int | None, **changes: Any) -> Expected:
    fields: dict[str, Any] = {"months": None, "start": None, "finish": None, "curve": PLAIN_CURVE}
    fields |= {"plan": None if plan is None else Decimal(plan)}
    return expected(year=YEAR, on=day(on), **fields | changes)


def cents(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 2)


def test_example_1_october_of_a_whole_year():
    found = plan_at("10-31", 12000)
    numbers = figures(plan=Decimal(12000), done=Decimal(11664), prior=None, total=None, expectation=found)
    assert round(numbers.expected_rate * 100, 2) == Decimal("83.33")
    assert round((numbers.rate or 0) * 100, 2) == Decimal("97.20")
    assert cents(numbers.gap_points) == Decimal("13.87")
    assert numbers.schedule_ratio == Decimal("1.1664")


def test_example_2_a_season_from_april_to_october():
    found = plan_at("06-30", 20000, start=day("04-01"), finish=day("10-31"))
    assert cents(found.planned_cumulative) == Decimal("8571.43")
    numbers = figures(plan=Decimal(20000), done=Decimal(6000), prior=None, total=None, expectation=found)
    assert cents(numbers.gap_points) == Decimal("-12.86")
    assert cents(numbers.schedule_ratio) == Decimal("0.70")


@pytest.mark.parametrize(
    ("on", "planned", "frozen"), [("04-30", 4000, False), ("06-30", 4000, True), ("09-30", 7200, False)]
)
def test_example_5_a_freeze_holds_still_and_stretches_the_rest(on, planned, frozen):
    found = plan_at(on, 12000, freezes=SUMMER)
    assert (found.planned_cumulative, found.frozen) == (planned, frozen)


def test_example_6_the_plateau_curve_beside_the_plain_bulletin_figure():
    assert plan_at("06-30", 1000, curve=PLATEAU_CURVE).planned_cumulative == 370
    assert plain_time_progress(day("06-30")) == Decimal("0.5")


def test_example_9_half_of_june_of_a_month_plan():
    found = plan_at("06-15", 10000, months=MONTHS)
    assert (found.planned_cumulative, found.rate, found.method) == (3250, Decimal("0.325"), "分月计划")


def test_a_freeze_moves_the_months_amounts_proportionally():
    """2500 by the end of May; June to August frozen (4500); the remaining 3000 grow to 7500, a factor of 2.5."""
    freeze = (Freeze(day("06-01"), day("08-31")),)
    assert plan_at("08-31", 10000, months=MONTHS, freezes=freeze).planned_cumulative == 2500
    assert plan_at("09-30", 10000, months=MONTHS, freezes=freeze).planned_cumulative == 2500 + 1300 * Decimal("2.5")
    assert plan_at("12-31", 10000, months=MONTHS, freezes=freeze).planned_cumulative == 10000


def test_overlapping_freezes_are_one():
    pieces = (Freeze(day("05-01"), day("07-31")), Freeze(day("05-10"), day("05-20")))
    assert plan_at("06-30", 12000, freezes=pieces) == plan_at("06-30", 12000, freezes=SUMMER)


def test_a_freeze_from_last_year_starts_with_this_one():
    freeze = (Freeze(dt.date(2017, 11, 1), day("03-31")),)
    assert plan_at("02-28", 12000, freezes=freeze).planned_cumulative == 0
    assert plan_at("12-31", 12000, freezes=freeze).planned_cumulative == 12000


def test_a_freeze_beyond_the_finish_asks_for_a_new_date():
    freeze = (Freeze(day("05-01"), day("10-31")),)
    found = plan_at("11-30", 12000, finish=day("09-30"), freezes=freeze)
    assert any("调整竣工日期" in note for note in found.notes)


def test_more_than_half_a_year_of_freeze_asks_for_a_plan_change():
    assert any("超过183天" in note for note in plan_at("12-31", 1, freezes=(Freeze(day("01-01"), day("07-03")),)).notes)
    assert not plan_at("12-31", 1, freezes=(Freeze(day("01-01"), day("07-02")),)).notes


@pytest.mark.parametrize(
    ("start", "finish"),
    [(day("10-01"), day("04-30")), (day("2019-03-01"), None), (None, dt.date(2017, 12, 31))],
)
def test_dates_that_make_no_season_fall_back_to_the_plain_year_and_say_so(start, finish):
    found = plan_at("06-30", 1200, start=start, finish=finish)
    assert found.planned_cumulative == 600
    assert "核对日期" in found.notes[0]


def test_both_ends_in_the_dead_season_fall_back_too():
    found = plan_at("06-30", 1200, curve=PLATEAU_CURVE, start=day("01-05"), finish=day("02-20"))
    assert (found.planned_cumulative, len(found.notes)) == (600, 1)


def test_nothing_is_expected_before_the_start_and_all_after_the_finish():
    season: dict[str, Any] = {"start": day("04-01"), "finish": day("10-31")}
    assert plan_at("03-31", 700, **season).planned_cumulative == 0
    assert plan_at("04-30", 700, **season).planned_cumulative == 100
    assert plan_at("12-31", 700, **season).planned_cumulative == 700


@pytest.mark.parametrize("month", range(1, 13))
def test_exactly_on_plan_is_exactly_one(month):
    """Rounded twelfths would put half of the months a hair below 1 and turn a project on plan blue."""
    last = (dt.date(YEAR, month, 28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    found = plan_at(last.isoformat(), 12000)
    on_plan = Decimal(1000 * month)
    numbers = figures(plan=Decimal(12000), done=on_plan, prior=None, total=None, expectation=found)
    assert numbers.schedule_ratio == 1
    assert numbers.gap_points == 0


@pytest.mark.parametrize(("on", "share"), [("10-31", 10), ("10-30", 9), ("01-30", 0), ("12-31", 12)])
def test_the_official_time_progress_counts_complete_months(on, share):
    assert plain_time_progress(day(on)) == Decimal(share) / 12


def test_division_by_nothing_is_no_number():
    for plan, done, total in ((None, 5, 0), (Decimal(0), 5, None), (Decimal(10), None, 10)):
        amount = None if done is None else Decimal(done)
        whole = None if total is None else Decimal(total)
        found = expected(year=YEAR, on=day("01-01"), plan=plan, months=None, start=None, finish=None, curve=PLAIN_CURVE)
        numbers = figures(plan=plan, done=amount, prior=None, total=whole, expectation=found)
        assert (numbers.rate, numbers.gap_points, numbers.overall_rate) == (None, None, None)


DAYS = st.dates(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31))


@given(days=st.tuples(DAYS, DAYS), season=st.tuples(DAYS, DAYS), freeze=st.tuples(DAYS, DAYS))
def test_expectation_never_falls_and_stays_within_the_plan(days, season, freeze):
    first, second = sorted(days)
    start, end = sorted(freeze)
    low, high = (
        plan_at(
            on.isoformat(),
            1000,
            start=min(season),
            finish=max(season),
            curve=PLATEAU_CURVE,
            freezes=(Freeze(start, end),),
        ).rate
        for on in (first, second)
    )
    assert 0 <= low <= high <= 1
