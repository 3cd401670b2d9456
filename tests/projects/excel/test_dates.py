"""Dates and periods (docs/ledgers.md, Dates)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.excel.dates import read_date, read_period


@pytest.mark.parametrize(
    ("raw", "start", "deadline", "precision"),
    [
        ("2024年3月", "2024-03-01", "2024-03-31", "month"),
        ("2024.3", "2024-03-01", "2024-03-31", "month"),
        ("2024.10", "2024-10-01", "2024-10-31", "month"),
        ("2024-03", "2024-03-01", "2024-03-31", "month"),
        ("2024/3", "2024-03-01", "2024-03-31", "month"),
        ("24.3", "2024-03-01", "2024-03-31", "month"),
        ("2019-8", "2019-08-01", "2019-08-31", "month"),
        ("3月", "2024-03-01", "2024-03-31", "month"),
        ("3月底前", "2024-03-01", "2024-03-31", "month"),
        ("十月", "2024-10-01", "2024-10-31", "month"),
        ("2月", "2024-02-01", "2024-02-29", "month"),
        ("202403", "2024-03-01", "2024-03-31", "month"),
        ("3月上旬", "2024-03-01", "2024-03-10", "ten_days"),
        ("2024年2月下旬", "2024-02-21", "2024-02-29", "ten_days"),
        ("一季度", "2024-01-01", "2024-03-31", "quarter"),
        ("二季度末", "2024-04-01", "2024-06-30", "quarter"),
        ("上半年", "2024-01-01", "2024-06-30", "half_year"),
        ("2025年下半年", "2025-07-01", "2025-12-31", "half_year"),
        ("年内", "2024-01-01", "2024-12-31", "year"),
        ("年底前", "2024-01-01", "2024-12-31", "year"),
        ("2026年底前", "2026-01-01", "2026-12-31", "year"),
        ("2018", "2018-01-01", "2018-12-31", "year"),
        (2018.0, "2018-01-01", "2018-12-31", "year"),
        (2018, "2018-01-01", "2018-12-31", "year"),
        ("2018.0", "2018-01-01", "2018-12-31", "year"),
        (2024.3, "2024-03-01", "2024-03-31", "month"),
        (2024.12, "2024-12-01", "2024-12-31", "month"),
        ("2024年3月15日", "2024-03-15", "2024-03-15", "day"),
        ("20240315", "2024-03-15", "2024-03-15", "day"),
        ("2024-03-15 09:30:00", "2024-03-15", "2024-03-15", "day"),
        (45352, "2024-03-01", "2024-03-01", "day"),
        (dt.datetime(2024, 3, 15, 9, 30), "2024-03-15", "2024-03-15", "day"),
    ],
)
def test_a_start_takes_the_first_day_and_a_deadline_the_last(
    raw: object, start: str, deadline: str, precision: str
) -> None:
    for role, expected in (("start", start), ("deadline", deadline)):
        reading = read_date(raw, role, 2024)
        assert reading.value == dt.date.fromisoformat(expected)
        assert reading.precision == precision
        assert reading.question is None


@pytest.mark.parametrize("raw", [2024.1, "春节前", "月底前", "2024年13月", "2024年2月30日", "尽快", 12, True])
def test_what_could_be_two_days_or_none_is_asked_or_left_out(raw: object) -> None:
    reading = read_date(raw, "deadline", 2024)
    assert reading.value is None
    assert reading.question or raw is True


@pytest.mark.parametrize("raw", [None, "", " ", "—", "/", "待定", "0", 0])
def test_a_blank_date_is_no_date_and_no_question(raw: object) -> None:
    reading = read_date(raw, "start", 2024)
    assert (reading.value, reading.question) == (None, None)


def test_a_state_is_kept_as_a_note() -> None:
    assert read_date("已开工", "start", 2024).note == "已开工"
    assert read_date("长期", "deadline", 2024).note == "长期"


def test_a_month_without_any_year_is_asked() -> None:
    assert read_date("3月", "start", None).question == "“3月”没有写明年份"


@pytest.mark.parametrize(
    ("raw", "start", "finish"),
    [
        ("2023-2025", "2023-01-01", "2025-12-31"),
        ("2023—2025年", "2023-01-01", "2025-12-31"),
        ("2023年至2025年", "2023-01-01", "2025-12-31"),
        ("2019-21", "2019-01-01", "2021-12-31"),
        ("2023.05-2025.12", "2023-05-01", "2025-12-31"),
        ("2023年3月至2025年6月", "2023-03-01", "2025-06-30"),
        ("2023年3月-10月", "2023-03-01", "2023-10-31"),
        ("09.10-11.3", "2009-10-01", "2011-03-31"),
        ("2010-", "2010-01-01", None),
        ("2018-03", "2018-03-01", None),
        (2018.0, "2018-01-01", None),
    ],
)
def test_periods(raw: object, start: str, finish: str | None) -> None:
    first, last = read_period(raw, 2024)
    assert first.value == dt.date.fromisoformat(start)
    assert last.value == (dt.date.fromisoformat(finish) if finish else None)


@pytest.mark.parametrize("raw", ["24个月", "3年", "2009-11"])
def test_a_duration_or_an_ambiguous_period_is_asked(raw: str) -> None:
    first, last = read_period(raw, 2024)
    assert (first.value, last.value) == (None, None)
    assert first.question


_ANY = st.one_of(
    st.text(max_size=50), st.floats(), st.integers(), st.dates(), st.datetimes(), st.booleans(), st.none(),
    st.text(alphabet="0123456789年月日.-—至/底前上中下旬季度半一二十 ", max_size=24),
)  # fmt: skip


@given(_ANY, st.sampled_from(["start", "deadline"]), st.sampled_from([None, 2024]))
def test_reading_a_date_never_raises(raw: object, role: str, year: int | None) -> None:
    reading = read_date(raw, role, year)
    assert (reading.value is None) == (reading.precision is None)


@given(_ANY)
def test_reading_a_period_never_raises(raw: object) -> None:
    first, last = read_period(raw, 2024)
    assert not (first.value and last.value and last.value < first.value)
