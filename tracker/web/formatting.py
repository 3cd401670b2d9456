"""How figures, dates and names are written on screen and paper (docs/design.md, Numbers and words). Pure."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from tracker.clock import SHANGHAI, day_of

Number = Decimal | int | float | str

BLANK = "—"
"""Shown where a value is unknown; a nought is written 0."""

LIGHT_LABELS = {
    "green": "正常",
    "blue": "关注",
    "yellow": "预警",
    "red": "告警",
    "grey": "无数据",
    "purple": "豁免",
}
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
QUARTERS = ("一", "二", "三", "四")
WAN_IN_YI = 10_000
COMPARED = ("超", "低于", "持平")


def decimal_of(value: Number) -> Decimal:
    """The exact decimal of a number; a float counts as the digits it prints."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def rounded(value: Number, places: int) -> Decimal:
    """Half up, away from zero: 0.005 is 0.01 and -0.005 is -0.01; never a negative nought."""
    answer = decimal_of(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(answer) if answer == 0 else answer


def amount(value: Number | None) -> str:
    """万元 with thousands separators and at most two decimals: 12000 is "12,000", 11664.5 is "11,664.5"."""
    if value is None or value == "":
        return BLANK
    whole, _, fraction = f"{rounded(value, 2):,f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def growth(value: Number | None) -> str:
    """万元 more or less than before, with its sign: "+103", "-46.5", "0"."""
    shown = amount(value)
    return f"+{shown}" if shown not in (BLANK, "0") and not shown.startswith("-") else shown


def yi(value: Number | None) -> str:
    """万元 told in 亿元, always two decimals: 123456 is "12.35"."""
    if value is None or value == "":
        return BLANK
    return f"{rounded(decimal_of(value) / WAN_IN_YI, 2):,f}"


def percent(ratio: Number | None, places: int = 2) -> str:
    """A ratio as a percentage: 0.972 is "97.20%". Never capped: over-fulfilment is shown."""
    if ratio is None or ratio == "":
        return BLANK
    return f"{rounded(decimal_of(ratio) * 100, places):,f}%"


def points(gap: Number | None, against: str = "") -> str:
    """A gap in percentage points: "+13.87个百分点", or in bulletin wording when `against` names the yardstick.

    `points(Decimal("-12.86"), "序时进度")` is "低于序时进度12.86个百分点"; nought is "与序时进度持平".
    """
    if gap is None or gap == "":
        return BLANK
    if not against:
        return f"{signed(gap)}个百分点"
    shown = rounded(gap, 2)
    above, below, level = COMPARED
    if shown == 0:
        return f"与{against}{level}"
    return f"{above if shown > 0 else below}{against}{abs(shown):f}个百分点"


def signed(gap: Number | None, places: int = 2) -> str:
    """A gap without its unit, for a column whose head says it: "+13.87", "-12.86", "0.00"."""
    if gap is None or gap == "":
        return BLANK
    shown = rounded(gap, places)
    return f"{shown:+,f}" if shown else f"{shown:f}"


def _day_of(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime):
        return day_of(value)
    return value


def cn_date(value: dt.date | None) -> str:
    """As "2018年9月30日"; an aware datetime counts as its Shanghai date."""
    if not value:
        return BLANK
    day = _day_of(value)
    return f"{day.year}年{day.month}月{day.day}日"


def cn_datetime(value: dt.datetime | None) -> str:
    """As "2018年9月30日 14:05", in Shanghai."""
    if not value:
        return BLANK
    moment = value.astimezone(SHANGHAI)
    return f"{cn_date(moment)} {moment:%H:%M}"


def weekday(value: dt.date | None) -> str:
    """As "星期日", of the Shanghai date."""
    return WEEKDAYS[_day_of(value).weekday()] if value else BLANK


def date_precision(value: dt.date | None, precision: str = "day") -> str:
    """A date no more exactly than it was written: month is "2018年3月", ten_days "2018年3月上旬".

    Raises ValueError for a precision that is not one of `projects.enums.Precision`.
    """
    if not value:
        return BLANK
    day = _day_of(value)
    forms = {
        "day": cn_date(day),
        "ten_days": f"{day.year}年{day.month}月{'上中下'[min((day.day - 1) // 10, 2)]}旬",
        "month": f"{day.year}年{day.month}月",
        "quarter": f"{day.year}年第{QUARTERS[(day.month - 1) // 3]}季度",
        "half_year": f"{day.year}年{'上' if day.month <= 6 else '下'}半年",
        "year": f"{day.year}年",
    }
    if precision not in forms:
        raise ValueError(f"unknown precision {precision!r}")
    return forms[precision]


def light_label(colour: str) -> str:
    """The word that goes with a light's colour key: "red" is "告警"."""
    return LIGHT_LABELS[str(colour)]


def initials(name: str) -> str:
    """What stands in a person's round mark: the surname's first character, or up to two Latin initials."""
    words = name.split()
    if not words:
        return "?"
    if words[0][0].isascii():
        return "".join(word[0] for word in words[:2]).upper()
    return words[0][0]


def share(part: Number | None, whole: Number) -> str:
    """How much of an SVG bar is filled, "0" to "100" with two decimals at most; nothing of nothing is empty."""
    if part is None or part == "" or not decimal_of(whole):
        return "0"
    ratio = decimal_of(part) * 100 / decimal_of(whole)
    return f"{rounded(min(max(ratio, Decimal(0)), Decimal(100)), 2).normalize():f}"


def polyline(values: list[Number | None], width: int, height: int) -> list[tuple[Decimal, Decimal]]:
    """Points of a trend line, oldest first, inside a box with a margin of two; gaps are left out.

    The lowest value lies at the bottom; a flat line runs through the middle.
    """
    known = [(index, decimal_of(value)) for index, value in enumerate(values) if value is not None]
    if not known:
        return []
    low, high = min(value for _, value in known), max(value for _, value in known)
    step = Decimal(width - 4) / max(len(values) - 1, 1)
    room = Decimal(height - 4)
    return [
        (
            rounded(2 + step * index, 1),
            rounded(2 + (room * (high - value) / (high - low) if high > low else room / 2), 1),
        )
        for index, value in known
    ]
