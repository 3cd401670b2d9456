"""Amounts, percentages, answers and codes as people spell them (docs/ledgers.md, Values). Pure; never raises."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from projects.excel.text import ERRORS, PLACEHOLDERS, clean, shown, squeeze

AmountUnit = Literal["元", "千元", "万元", "百万元", "亿元"]
FACTORS: dict[str, Decimal] = {
    "元": Decimal("0.0001"),
    "千元": Decimal("0.1"),
    "万": Decimal(1),
    "万元": Decimal(1),
    "百万元": Decimal(100),
    "千万元": Decimal(1000),
    "亿": Decimal(10000),
    "亿元": Decimal(10000),
}
"""万元 in one of each unit."""
FOUR_PLACES = Decimal("0.0001")
_LARGEST = Decimal(10) ** 14
_AMOUNT = re.compile(
    r"(?P<about>约为?|大约|近|预计|估算|概算|暂定|计划|人民币|共|计)*"
    r"(?P<low>[-+]?(?:\d+(?:\.\d*)?|\.\d+))(?P<low_unit>亿元|亿|千万元|百万元|万元|万|千元|元)?"
    r"(?:(?:-|—|–|~|至|到)(?P<high>\d+(?:\.\d+)?))?"
    r"(?P<unit>亿元|亿|千万元|百万元|万元|万|千元|元)?"
    r"(?P<after>人民币|左右|以上|余)?"
    r"(?P<note>\(.*\))?[。;]?",
)
_SUB_AMOUNT = re.compile(r"(?:其中[:：]?)?[^\d]{1,20}?(\d+(?:\.\d+)?)(亿元|亿|万元|万|元)[。;]?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount read from a cell.

    `value` is in 万元 with four places, None when the cell says nothing or cannot be read (never 0 for a blank).
    `source` names what decided the unit: "cell", "given" (header, sheet or answer) or None.
    `flags`: approximate, range, note, sub_amount, rounded, negative, no_unit, unreadable.
    """

    value: Decimal | None
    source: Literal["cell", "given"] | None
    flags: frozenset[str]
    original: str


_NOTHING: frozenset[str] = frozenset()


def read_amount(raw: object, unit: str | None) -> Amount:
    """The amount of a cell; `unit` is what header or sheet say, a suffix in the cell wins over it.

    >>> read_amount("1.2亿元", "万元").value, read_amount(" — ", "万元").value
    (Decimal('12000.0000'), None)
    """
    if type(raw) in (float, int):
        return _from_number(raw, unit)  # type: ignore[arg-type]
    original = shown(raw)
    if raw is None or clean(original) in PLACEHOLDERS:
        return Amount(None, None, _NOTHING, original)
    if isinstance(raw, Decimal):
        return _result(raw, unit, "given", set(), original)
    if not isinstance(raw, str):
        return Amount(None, None, frozenset({"unreadable"}), original)
    text = _THOUSANDS.sub("", squeeze(raw))
    if text in PLACEHOLDERS:
        return Amount(None, None, _NOTHING, original)
    if text.upper() in ERRORS or len(text) > 200:
        return Amount(None, None, frozenset({"unreadable"}), original)
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return _from_sub_amount(text, original)
    flags = set()
    if match["about"] or match["after"]:
        flags.add("approximate")
    if match["high"]:
        flags.add("range")
    if match["note"]:
        flags.add("note")
    own = match["low_unit"] or match["unit"]
    return _result(Decimal(match["low"]), own or unit, "cell" if own else "given", flags, original)


def _from_number(raw: float | int, unit: str | None) -> Amount:
    original = shown(raw)
    if unit == "万元" and raw >= 0 and raw < 1e14 and raw == int(raw):  # nearly every amount of nearly every ledger
        return Amount(Decimal(int(raw)).quantize(FOUR_PLACES), "given", _NOTHING, original)
    if raw != raw or abs(raw) > 1e18:
        return Amount(None, None, frozenset({"unreadable"}), original)
    return _result(Decimal(repr(raw)), unit, "given", set(), original)


def _from_sub_amount(text: str, original: str) -> Amount:
    match = _SUB_AMOUNT.fullmatch(text)
    if match is None:
        return Amount(None, None, frozenset({"unreadable"}), original)
    return _result(Decimal(match[1]), match[2], "cell", {"sub_amount"}, original)


def _result(
    number: Decimal, unit: str | None, source: Literal["cell", "given"], flags: set[str], original: str
) -> Amount:
    if unit not in FACTORS:
        return Amount(None, None, frozenset(flags | {"no_unit"}), original)
    if not number.is_finite() or number.adjusted() > 30:
        return Amount(None, None, frozenset({"unreadable"}), original)
    exact = number * FACTORS[unit]
    if abs(exact) >= _LARGEST:
        return Amount(None, None, frozenset({"unreadable"}), original)
    value = exact.quantize(FOUR_PLACES, ROUND_HALF_UP)
    if value != exact and abs(value - exact) > Decimal("1e-9") and source == "cell":
        flags.add("rounded")
    if value < 0:
        flags.add("negative")
    return Amount(value, source, frozenset(flags) if flags else _NOTHING, original)


def read_percent(raw: object, *, whole: bool | None = None) -> Decimal | None:
    """A percentage as points (63.88 for 63.88%); None when blank or unreadable.

    A number without a sign is points when `whole` is true and a fraction when it is false; without an answer values
    up to 1.5 are taken for fractions, as the maximum of a column would decide.
    """
    text = squeeze(shown(raw)) if raw is not None and not isinstance(raw, (dt.date, dt.time)) else ""
    match = re.fullmatch(r"([-+]?\d{1,12}(?:\.\d{1,12})?(?:e-?\d{1,2})?)(%?)", text.lower())
    if match is None:
        return None
    number = Decimal(match[1])
    fraction = not match[2] and (whole is False or (whole is None and abs(number) <= Decimal("1.5")))
    return (number * 100 if fraction else number).quantize(FOUR_PLACES, ROUND_HALF_UP)


_YES = frozenset(
    [
        "√",
        "✓",
        "✔",
        "☑",
        "●",
        "是",
        "已",
        "有",
        "y",
        "yes",
        "true",
        "1",
        "已办",
        "已办理",
        "已办结",
        "已完成",
        "已开工",
        "已纳统",
        "已入统",
        "已入库",
        "已取得",
        "完成",
    ]
)
_NO = frozenset(
    [
        "×",
        "✗",
        "✘",
        "x",
        "○",
        "否",
        "未",
        "n",
        "no",
        "false",
        "0",
        "未办",
        "未办理",
        "未完成",
        "未开工",
        "未纳统",
        "未入统",
        "未入库",
        "未取得",
    ]
)
_UNDER_WAY = frozenset(["办理中", "正在办理", "在办", "进行中", "办理"])
_NOT_NEEDED = frozenset(["无需", "无需办理", "不需要", "不涉及"])

Answer = Literal["yes", "no", "under_way", "not_needed"]
_ANSWERS: dict[Answer, frozenset[str]] = {
    "yes": _YES,
    "no": _NO,
    "under_way": _UNDER_WAY,
    "not_needed": _NOT_NEEDED,
}


def read_yes_no(raw: object) -> tuple[Answer | None, str]:
    """The answer of a yes/no or permit cell and what is written beside it, e.g. a statistics code.

    >>> read_yes_no("已纳统，MA3MAC000000001001")
    ('yes', 'MA3MAC000000001001')
    """
    text = squeeze(shown(raw)).lower()
    for answer, words in _ANSWERS.items():
        if text in words:
            return answer, ""
    head, _, rest = text.replace(",", "，").replace(":", "，").replace(";", "，").partition("，")
    if rest:
        said, _ = read_yes_no(head)
        if said:
            return said, rest.upper() if rest.isascii() else rest
    return None, text


_CODE = re.compile(r"(?<!\d)(\d{4})-?(\d{6})-?(\d{2})-?(\d{2})-?(\d{6})(?!\d)")


def read_project_code(raw: object) -> str | None:
    """The national project code (4-6-2-2-6 digits) inside a cell, with its hyphens; None when there is none."""
    match = _CODE.search(squeeze(shown(raw)).replace("—", "-").replace("–", "-"))
    return "-".join(match.groups()) if match else None
