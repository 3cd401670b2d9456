"""Amounts, percentages, answers, codes (docs/ledgers.md, Values)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.excel.values import FOUR_PLACES, read_amount, read_percent, read_project_code, read_yes_no


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        (12000.0, "万元", "12000"),
        ("12,000.00", "万元", "12000"),
        ("1.2亿元", "万元", "12000"),
        ("1.2亿", "元", "12000"),
        ("5000万", "亿元", "5000"),
        ("12000万元", None, "12000"),
        ("120000000元", "万元", "12000"),
        ("15190", "万元", "15190"),
        ("１２０００", "万元", "12000"),
        (" 8,500 \u00a0", "万元", "8500"),
        (0.69, "亿元", "6900"),
        (120000000, "元", "12000"),
        (0, "万元", "0"),
        ("0", "万元", "0"),
        ("1", "元", "0.0001"),
        (33.333333, "亿元", "333333.33"),
    ],
)
def test_amounts(raw: object, unit: str | None, value: str) -> None:
    amount = read_amount(raw, unit)
    assert amount.value == Decimal(value)
    assert amount.value.as_tuple().exponent == -4


@pytest.mark.parametrize("raw", [None, "", " ", "\u3000", "—", "——", "－", "/", "无", "待定", "-"])
def test_a_blank_is_unknown_never_zero(raw: object) -> None:
    amount = read_amount(raw, "万元")
    assert (amount.value, amount.flags) == (None, frozenset())


@pytest.mark.parametrize(
    ("raw", "value", "flag"),
    [
        ("约1.2亿元", "12000", "approximate"),
        ("1.2-1.5亿", "12000", "range"),
        ("5000万-1亿元", "5000", "range"),
        ("其中：中央预算内1000万元", "1000", "sub_amount"),
        ("2000万元（含征地）", "2000", "note"),
        (-5, "-5", "negative"),
    ],
)
def test_doubtful_amounts_are_read_and_flagged(raw: object, value: str, flag: str) -> None:
    amount = read_amount(raw, "万元")
    assert amount.value == Decimal(value)
    assert amount.flags == {flag}


@pytest.mark.parametrize(
    "raw",
    [
        "#REF!",
        "10万千瓦",
        "2000万件",
        "12万元/亩",
        "1,2",
        "五千",
        dt.date(2026, 1, 1),
        float("nan"),
        float("inf"),
        1e17,
        True,
    ],
)
def test_what_is_no_amount_is_flagged_and_unknown(raw: object) -> None:
    amount = read_amount(raw, "万元")
    assert amount.value is None
    assert "unreadable" in amount.flags


def test_without_any_unit_an_amount_waits_for_the_answer() -> None:
    assert read_amount(15190, None).value is None
    assert read_amount("15190", None).flags == {"no_unit"}


@given(st.one_of(st.text(max_size=60), st.floats(), st.integers(), st.decimals(), st.dates(), st.booleans(), st.none()))
def test_reading_an_amount_never_raises(raw: object) -> None:
    for unit in ("万元", "亿元", None):
        amount = read_amount(raw, unit)
        assert amount.value is None or amount.value == amount.value.quantize(FOUR_PLACES)


@given(st.text(alphabet="0123456789.,-~至约亿万元（）() 　", max_size=20))
def test_texts_made_of_amount_characters_never_raise(raw: str) -> None:
    read_amount(raw, "万元")


@pytest.mark.parametrize(
    ("raw", "whole", "points"),
    [("63.88%", None, "63.88"), ("63.88％", None, "63.88"), (63.88, None, "63.88"), (0.6388, None, "63.88"),
     (0.5, True, "0.5"), ("129%", None, "129"), ("—", None, None), ("较快", None, None), (None, None, None)],
)  # fmt: skip
def test_percentages(raw: object, whole: bool | None, points: str | None) -> None:
    assert read_percent(raw, whole=whole) == (Decimal(points) if points else None)


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("√", ("yes", "")),
        ("已办", ("yes", "")),
        ("×", ("no", "")),
        ("未开工", ("no", "")),
        ("办理中", ("under_way", "")),
        ("无需", ("not_needed", "")),
        ("已纳统，MA3MAC000000001001", ("yes", "MA3MAC000000001001")),
        ("等批复", (None, "等批复")),
    ],
)
def test_answers(raw: str, answer: tuple[str | None, str]) -> None:
    assert read_yes_no(raw) == answer


def test_project_codes_get_their_hyphens() -> None:
    assert read_project_code("代码：2401-420300-04-01-100001") == "2401-420300-04-01-100001"
    assert read_project_code("240142030004 01100001") == "2401-420300-04-01-100001"
    assert read_project_code("正在赋码") is None
