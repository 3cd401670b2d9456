"""How rules write numbers and dates in their Chinese sentences."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from projects.rules.facts import MilestoneFact


def number(value: Decimal, places: int = 4) -> str:
    """Plain text of a number, rounded half up, without trailing zeros."""
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded.normalize():f}" if rounded else "0"


def amount(value: Decimal) -> str:
    return f"{number(value, 2)}万元"


def points(gap: Decimal) -> str:
    """超序时13.87个百分点 / 低于序时12.86个百分点 / 与序时持平."""
    rounded = gap.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if not rounded:
        return "与序时持平"
    word = "超序时" if rounded > 0 else "低于序时"
    return f"{word}{number(abs(rounded), 2)}个百分点"


def date_text(milestone: MilestoneFact) -> str:
    """The date as precisely as it was written."""
    day = milestone.due
    forms = {
        "year": f"{day.year}年",
        "half_year": f"{day.year}年{'上' if day.month <= 6 else '下'}半年",
        "quarter": f"{day.year}年第{(day.month + 2) // 3}季度",
        "month": f"{day.year}年{day.month}月",
    }
    return forms.get(milestone.precision, day_text(day))


def day_text(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
