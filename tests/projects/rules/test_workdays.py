"""Working days: the office's exceptions over the plain week."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.workdays import Calendar

NATIONAL_DAY = Calendar(
    exceptions={dt.date(2018, 10, day): False for day in range(1, 8)}
    | {dt.date(2018, 9, 29): True, dt.date(2018, 9, 30): True},
    published=frozenset({2018}),
)
DAYS = st.dates(dt.date(2018, 1, 1), dt.date(2019, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2018, 9, 28), True),
        (dt.date(2018, 9, 29), True),  # a Saturday worked in advance
        (dt.date(2018, 10, 1), False),  # a Monday off
        (dt.date(2018, 10, 8), True),
        (dt.date(2018, 10, 13), False),
    ],
)
def test_exceptions_win_over_the_week(day, works):
    assert NATIONAL_DAY.is_working_day(day) is works


def test_counting_jumps_over_the_holiday():
    assert NATIONAL_DAY.add_working_days(dt.date(2018, 9, 30), 3) == dt.date(2018, 10, 10)
    assert NATIONAL_DAY.nth_working_day(dt.date(2018, 10, 1), 3) == dt.date(2018, 10, 10)
    assert NATIONAL_DAY.add_working_days(dt.date(2018, 10, 8), -1) == dt.date(2018, 9, 30)
    assert NATIONAL_DAY.add_working_days(dt.date(2018, 10, 3), 0) == dt.date(2018, 10, 3)
    assert NATIONAL_DAY.working_days_between(dt.date(2018, 9, 30), dt.date(2018, 10, 10)) == 3


def test_a_year_without_a_published_list_is_estimated():
    assert not NATIONAL_DAY.is_estimated(2018)
    assert NATIONAL_DAY.is_estimated(2019)


@given(day=DAYS, count=st.integers(1, 40))
def test_adding_and_counting_agree(day, count):
    later = NATIONAL_DAY.add_working_days(day, count)
    assert NATIONAL_DAY.is_working_day(later)
    assert NATIONAL_DAY.working_days_between(day, later) == count
    assert NATIONAL_DAY.working_days_between(later, day) == -count


@given(first=DAYS, second=DAYS, third=DAYS)
def test_spans_add_up(first, second, third):
    first, second, third = sorted((first, second, third))
    between = NATIONAL_DAY.working_days_between
    assert between(first, second) + between(second, third) == between(first, third)
