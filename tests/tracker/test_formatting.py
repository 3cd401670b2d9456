"""How figures, dates and names are written: the words of docs/design.md, Numbers and words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from projects.enums import Colour, Precision
from tracker.web import formatting

EVE_OF_NATIONAL_DAY = dt.date(2018, 9, 30)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        ("", "—"),
        (0, "0"),
        (Decimal("12000"), "12,000"),
        (Decimal("12000.0000"), "12,000"),
        (Decimal("11664.5000"), "11,664.5"),
        (Decimal("20480.25"), "20,480.25"),
        (Decimal("0.005"), "0.01"),
        (Decimal("-0.004"), "0"),
        (Decimal("-1234.565"), "-1,234.57"),
        (Decimal("1000000"), "1,000,000"),
    ],
)
def test_amount_has_separators_and_no_idle_decimals(value: Decimal | None, shown: str) -> None:
    assert formatting.amount(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "—"), (Decimal("123456"), "12.35"), (Decimal("123449.9999"), "12.34"), (Decimal("12345678"), "1,234.57")],
)
def test_yi_always_has_two_decimals(value: Decimal | None, shown: str) -> None:
    assert formatting.yi(value) == shown


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (None, "—"),
        (Decimal("0.972"), "97.20%"),
        (Decimal("1.3"), "130.00%"),
        (Decimal("0.00005"), "0.01%"),
        (Decimal("0"), "0.00%"),
    ],
)
def test_percent_is_never_capped(ratio: Decimal | None, shown: str) -> None:
    assert formatting.percent(ratio) == shown


def test_percent_with_one_decimal_rounds_half_up() -> None:
    assert formatting.percent(Decimal("0.9725"), 1) == "97.3%"


@pytest.mark.parametrize(
    ("gap", "plain", "worded"),
    [
        (Decimal("13.8667"), "+13.87个百分点", "超序时进度13.87个百分点"),
        (Decimal("-12.857"), "-12.86个百分点", "低于序时进度12.86个百分点"),
        (Decimal("-0.004"), "0.00个百分点", "与序时进度持平"),
        (Decimal("0.005"), "+0.01个百分点", "超序时进度0.01个百分点"),
        (None, "—", "—"),
    ],
)
def test_points_as_a_figure_and_as_a_bulletin_says_it(gap: Decimal | None, plain: str, worded: str) -> None:
    assert formatting.points(gap) == plain
    assert formatting.points(gap, "序时进度") == worded


@pytest.mark.parametrize(("gap", "shown"), [(Decimal("1.005"), "+1.01"), (Decimal("-0.001"), "0.00"), (None, "—")])
def test_signed_leaves_the_unit_to_the_column_head(gap: Decimal | None, shown: str) -> None:
    assert formatting.signed(gap) == shown


def test_monday_morning_in_shanghai_is_not_sunday() -> None:
    still_sunday_in_utc = dt.datetime(2018, 9, 30, 23, 30, tzinfo=dt.UTC)
    assert formatting.cn_date(still_sunday_in_utc) == "2018年10月1日"
    assert formatting.cn_datetime(still_sunday_in_utc) == "2018年10月1日 07:30"
    assert formatting.weekday(still_sunday_in_utc) == "星期一"


def test_dates_in_words() -> None:
    assert formatting.cn_date(EVE_OF_NATIONAL_DAY) == "2018年9月30日"
    assert formatting.weekday(EVE_OF_NATIONAL_DAY) == "星期日"
    assert [formatting.cn_date(None), formatting.cn_datetime(None), formatting.weekday(None)] == ["—"] * 3


@pytest.mark.parametrize(
    ("day", "precision", "shown"),
    [
        (dt.date(2018, 3, 31), Precision.DAY, "2018年3月31日"),
        (dt.date(2018, 3, 10), Precision.TEN_DAYS, "2018年3月上旬"),
        (dt.date(2018, 3, 11), Precision.TEN_DAYS, "2018年3月中旬"),
        (dt.date(2018, 3, 31), Precision.TEN_DAYS, "2018年3月下旬"),
        (dt.date(2018, 3, 31), Precision.MONTH, "2018年3月"),
        (dt.date(2018, 3, 31), Precision.QUARTER, "2018年第一季度"),
        (dt.date(2018, 12, 31), Precision.QUARTER, "2018年第四季度"),
        (dt.date(2018, 6, 30), Precision.HALF_YEAR, "2018年上半年"),
        (dt.date(2018, 7, 1), Precision.HALF_YEAR, "2018年下半年"),
        (dt.date(2018, 12, 31), Precision.YEAR, "2018年"),
    ],
)
def test_a_date_is_shown_no_more_exactly_than_it_was_written(day: dt.date, precision: Precision, shown: str) -> None:
    assert formatting.date_precision(day, precision) == shown


def test_every_precision_can_be_shown_and_no_other() -> None:
    assert all(formatting.date_precision(EVE_OF_NATIONAL_DAY, precision) for precision in Precision)
    with pytest.raises(ValueError, match="fortnight"):
        formatting.date_precision(EVE_OF_NATIONAL_DAY, "fortnight")


def test_light_words_are_those_of_the_record() -> None:
    assert {colour.value: colour.label for colour in Colour} == formatting.LIGHT_LABELS
    assert formatting.light_label(Colour.RED) == "告警"


@pytest.mark.parametrize(("name", "shown"), [("周敏", "周"), ("欧阳子衿", "欧"), ("Li Wei", "LW"), ("", "?")])
def test_initials(name: str, shown: str) -> None:
    assert formatting.initials(name) == shown


@pytest.mark.parametrize(
    ("part", "whole", "width"),
    [
        (Decimal("51.4"), 60, "85.67"),
        (Decimal("1.3"), 1, "100"),
        (Decimal("-0.1"), 1, "0"),
        (20, 20, "100"),
        (None, 60, "0"),
        (3, 0, "0"),
    ],
)
def test_a_bar_stays_inside_its_track(part: Decimal | None, whole: int, width: str) -> None:
    assert formatting.share(part, whole) == width


def test_a_trend_line_rises_with_its_values_and_skips_gaps() -> None:
    line = formatting.polyline([10, None, 30], 104, 24)
    assert line == [(Decimal("2.0"), Decimal("22.0")), (Decimal("102.0"), Decimal("2.0"))]


def test_a_flat_trend_runs_through_the_middle_and_an_empty_one_is_nothing() -> None:
    assert {y for _, y in formatting.polyline([5, 5], 96, 24)} == {Decimal("12.0")}
    assert formatting.polyline([None], 96, 24) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal(103), "+103"), (Decimal("-46.50"), "-46.5"), (Decimal("0.001"), "0"), (Decimal(0), "0"), (None, "—")],
)
def test_growth_has_its_sign(value: Decimal | None, shown: str) -> None:
    assert formatting.growth(value) == shown
