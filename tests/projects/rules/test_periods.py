"""Period keys: ISO weeks and months of the Shanghai date."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.rules import periods

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))
KINDS = st.sampled_from(["week", "month"])


@pytest.mark.parametrize(
    ("kind", "day", "key", "title"),
    [
        ("week", dt.date(2018, 9, 26), "2018-W39", "2018年第39周（9月24日至9月30日）"),
        ("week", dt.date(2027, 1, 1), "2026-W53", "2026年第53周（12月28日至1月3日）"),
        ("week", dt.date(2024, 12, 30), "2025-W01", "2025年第1周（12月30日至1月5日）"),
        ("month", dt.date(2018, 9, 1), "2018-09", "2018年9月"),
        ("month", dt.date(2024, 2, 29), "2024-02", "2024年2月"),
    ],
)
def test_a_day_has_one_key(kind, day, key, title):
    period = periods.period_of(kind, day)
    assert (period.key, period.title) == (key, title)


@pytest.mark.parametrize("key", ["2018-W54", "2018-13", "2018-00", "2018-9", "W39", "", "2018-W39 ", "2027-W53"])
def test_what_is_no_key_is_refused_in_chinese(key):
    with pytest.raises(ValueError, match="期号"):
        periods.parse(key)


@given(kind=KINDS, day=DAYS)
def test_every_day_lies_in_its_period_and_the_key_leads_back(kind, day):
    period = periods.period_of(kind, day)
    assert period.starts_on <= day <= period.ends_on
    assert periods.parse(period.key) == period


@given(kind=KINDS, day=DAYS)
def test_neighbours_touch(kind, day):
    period = periods.period_of(kind, day)
    after = periods.following(period)
    assert after.starts_on == period.ends_on + dt.timedelta(days=1)
    assert periods.preceding(after) == period


@given(kind=KINDS, day=DAYS, length=st.integers(0, 400))
def test_iteration_covers_the_span_without_gaps(kind, day, length):
    last = day + dt.timedelta(days=length)
    found = list(periods.between(kind, day, last))
    assert found[0].starts_on <= day
    assert found[-1].starts_on <= last <= found[-1].ends_on
    assert all(periods.following(one) == two for one, two in pairwise(found))


def test_month_arithmetic_lands_on_month_ends():
    assert periods.add_months(dt.date(2018, 1, 31), 1) == dt.date(2018, 2, 28)
    assert periods.add_months(dt.date(2018, 11, 5), 2) == dt.date(2019, 1, 31)
    assert periods.is_month_end(dt.date(2024, 2, 29))
    assert not periods.is_month_end(dt.date(2024, 2, 28))
