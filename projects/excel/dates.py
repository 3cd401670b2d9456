"""Dates and periods as people spell them, with their precision (docs/ledgers.md, Dates). Pure; never raises."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from projects.excel.text import PLACEHOLDERS, clean, shown, squeeze

Role = Literal["start", "deadline"]
"""A start takes the first day of what was written, a deadline the last one."""
Precision = Literal["day", "ten_days", "month", "quarter", "half_year", "year"]

_EXCEL_EPOCH = dt.date(1899, 12, 30)
_YEARS = range(1950, 2101)
_STATES = frozenset(
    [
        "已开工",
        "已完工",
        "已竣工",
        "已建成",
        "已投产",
        "完工",
        "竣工",
        "开工",
        "长期",
        "常年",
        "每年",
        "全年",
        "未开工",
        "待开工",
        "视情况",
    ]
)
_CHINESE_MONTHS = {
    name: number
    for number, name in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)
} | {"元": 1, "腊": 12}
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_TAIL = r"(?:之?前|以前|左右|完成|完工|竣工|建成|投产|开工|起|初|份)*"


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date read from a cell: its value and precision, or the question why there is none.

    `note` keeps a word that is no date but says something ("已开工", "长期").
    """

    value: dt.date | None
    precision: Precision | None
    original: str
    question: str | None = None
    note: str | None = None


def read_date(raw: object, role: Role, year: int | None, shown_as: str | None = None) -> DateReading:
    """The date of a cell. `year` completes "3月"; `shown_as` is "month" or "year" when the cell hides the day.

    >>> read_date("3月底前", "deadline", 2024).value, read_date(2024.1, "deadline", 2024).question is not None
    (datetime.date(2024, 3, 31), True)
    """
    original = shown(raw)
    if raw is None or isinstance(raw, bool) or clean(original) in PLACEHOLDERS:
        return DateReading(None, None, original)
    if isinstance(raw, dt.datetime):
        raw = raw.date()
    if isinstance(raw, dt.date):
        return _of_day(raw, shown_as, role, original)
    if isinstance(raw, (int, float)):
        return _of_number(raw, role, original)
    if not isinstance(raw, str):
        return DateReading(None, None, original, "看不出是什么日期")
    text = squeeze(raw)
    if text in PLACEHOLDERS or text == "0":
        return DateReading(None, None, original)
    if text in _STATES:
        return DateReading(None, None, original, note=text)
    if len(text) > 40:
        return DateReading(None, None, original, "看不出是什么日期")
    return _of_text(text, role, year, original)


def _of_day(day: dt.date, shown_as: str | None, role: Role, original: str) -> DateReading:
    if day.year not in _YEARS:
        return DateReading(None, None, original, "年份不合理")
    if shown_as == "month":
        return _month(day.year, day.month, role, original)
    if shown_as == "year":
        return _year(day.year, role, original)
    return DateReading(day, "day", original)


def _of_number(number: float | int, role: Role, original: str) -> DateReading:
    if number != number or abs(number) > 1e9 or number == 0:
        return DateReading(None, None, original, None if number == 0 else "看不出是什么日期")
    whole = int(number)
    if whole == number:
        if whole in _YEARS:
            return _year(whole, role, original)
        if 20000 <= whole <= 73050:
            return DateReading(_EXCEL_EPOCH + dt.timedelta(days=whole), "day", original)
        if 195001 <= whole <= 210012:
            return _month(whole // 100, whole % 100, role, original)
        return _digits(str(whole), original)
    if whole in _YEARS:
        fraction = repr(round(number, 4)).partition(".")[2]
        if fraction == "1":
            return DateReading(None, None, original, f"{original} 可能是 {whole} 年 1 月，也可能是 {whole} 年 10 月")
        if len(fraction) <= 2:
            return _month(whole, int(fraction), role, original)
    if 20000 <= number <= 73050:
        return DateReading(_EXCEL_EPOCH + dt.timedelta(days=whole), "day", original)
    return DateReading(None, None, original, "看不出是什么日期")


def _digits(text: str, original: str) -> DateReading:
    if re.fullmatch(r"\d{8}", text):
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]), original)
    return DateReading(None, None, original, "看不出是什么日期")


_Y = r"(?P<y>(?:19|20)?\d{2})"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern + tail), kind)
    for pattern, tail, kind in (
        (
            r"(?P<y>\d{4})(?:年|[-./])(?P<m>\d{1,2})(?:月|[-./])(?P<d>\d{1,2})日?(?:\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
            _TAIL,
            "day",
        ),
        (r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日", _TAIL, "day"),
        (rf"{_Y}年度?(?P<m>\d{{1,2}}|[一二三四五六七八九十元腊]{{1,2}})月份?(?P<t>[上中下])旬", _TAIL, "ten_days"),
        (r"(?P<m>\d{1,2}|[一二三四五六七八九十元腊]{1,2})月份?(?P<t>[上中下])旬", _TAIL, "ten_days"),
        (rf"{_Y}年度?(?P<m>\d{{1,2}}|[一二三四五六七八九十元腊]{{1,2}})月?份?(?:月?底|末|中)?", _TAIL, "month"),
        (r"(?P<y>\d{4})[-./](?P<m>\d{1,2})月?(?:底|末)?", _TAIL, "month"),
        (r"(?P<y>\d{2})[-./](?P<m>\d{1,2})月?(?:底|末)?", _TAIL, "month"),
        (r"(?P<m>\d{1,2}|[一二三四五六七八九十元腊]{1,2})月份?(?:底|末|中)?", _TAIL, "month"),
        (rf"(?:{_Y}年度?)?第?(?P<q>[一二三四1-4])季度(?:底|末)?", _TAIL, "quarter"),
        (rf"(?:{_Y}年度?)?(?P<h>[上下])半年(?:底|末)?", _TAIL, "half_year"),
        (rf"{_Y}年(?:度|内)?(?:年?(?:底|末))?", _TAIL, "year"),
        (r"(?P<y>(?:19|20)\d{2})", _TAIL, "year"),
        (r"(?:当|今|本)?年(?:内|底|末|度)", _TAIL, "year"),
    )
)


def _of_text(text: str, role: Role, year: int | None, original: str) -> DateReading:
    if text.isdigit() and len(text) in (4, 5, 6, 8):
        return _of_number(int(text), role, original)
    if re.fullmatch(r"(?:19|20)\d{2}\.0", text):
        return _year(int(text[:4]), role, original)
    if "春节" in text or re.fullmatch(r"(?:当|本)?月(?:底|末|内)前?", text):
        return DateReading(None, None, original, f"“{text}”要看具体日期")
    for form, kind in _FORMS:
        match = form.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        stated = _full_year(parts.get("y")) or year
        if stated is None or stated not in _YEARS:
            return DateReading(None, None, original, f"“{text}”没有写明年份")
        return _build(kind, stated, parts, role, original)
    return DateReading(None, None, original, f"看不出“{text}”是什么日期")


def _full_year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == 4 else (2000 if int(text) < 60 else 1900) + int(text)


def _build(kind: str, year: int, parts: dict[str, str | None], role: Role, original: str) -> DateReading:
    month = _month_number(parts.get("m"))
    if kind == "day":
        return _day(year, month, int(parts["d"] or 0), original)
    if kind == "ten_days":
        return _ten_days(year, month, "上中下".index(parts["t"] or "上"), role, original)
    if kind == "month":
        return _month(year, month, role, original)
    if kind == "quarter":
        last = _QUARTERS[parts["q"] or "1"] * 3
        return _span(year, last - 2, last, "quarter", role, original)
    if kind == "half_year":
        return _span(year, *((1, 6) if parts["h"] == "上" else (7, 12)), "half_year", role, original)
    return _year(year, role, original)


def _month_number(text: str | None) -> int:
    if not text:
        return 0
    return int(text) if text.isdigit() else _CHINESE_MONTHS.get(text, 0)


def _day(year: int, month: int, day: int, original: str) -> DateReading:
    try:
        value = dt.date(year, month, day)
    except ValueError:
        return DateReading(None, None, original, "没有这一天")
    return _of_day(value, None, "start", original)


def _ten_days(year: int, month: int, part: int, role: Role, original: str) -> DateReading:
    if not 1 <= month <= 12:
        return DateReading(None, None, original, "没有这个月份")
    first = 1 + 10 * part
    last = first + 9 if part < 2 else calendar.monthrange(year, month)[1]
    return DateReading(dt.date(year, month, first if role == "start" else last), "ten_days", original)


def _month(year: int, month: int, role: Role, original: str) -> DateReading:
    if not 1 <= month <= 12:
        return DateReading(None, None, original, "没有这个月份")
    return _span(year, month, month, "month", role, original)


def _year(year: int, role: Role, original: str) -> DateReading:
    return _span(year, 1, 12, "year", role, original)


def _span(year: int, first: int, last: int, precision: Precision, role: Role, original: str) -> DateReading:
    if role == "start":
        return DateReading(dt.date(year, first, 1), precision, original)
    return DateReading(dt.date(year, last, calendar.monthrange(year, last)[1]), precision, original)


_SEPARATOR = re.compile(r"--+|—+|–|~|～|至|到|-")


def read_period(raw: object, year: int | None) -> tuple[DateReading, DateReading]:
    """Start and finish of a construction period: "2023-2025", "2023年5月至2025年底", "09.10-11.3", "2010-".

    One date alone is the start; a duration ("24个月") and a text that could be a month as well as a span of years
    ("2009-11") are asked.
    """
    original = shown(raw)
    nothing = DateReading(None, None, original)
    if not isinstance(raw, str) or clean(original) in PLACEHOLDERS:
        return read_date(raw, "start", year), nothing
    text = squeeze(raw).rstrip("。;")
    if re.fullmatch(r"\d+(?:\.\d+)?(?:个月|年|天|日历天)", text) and not re.fullmatch(r"(?:19|20)\d{2}年", text):
        return DateReading(None, None, original, "只写了工期长短，没有起止时间"), nothing
    short = re.fullmatch(r"((?:19|20)\d{2})-(\d{2})", text)
    if short and 1 <= int(short[2]) <= 12 and int(short[2]) >= int(short[1][2:]):
        asked = f"“{text}”可能是起止年份，也可能是某一个月"
        return DateReading(None, None, original, asked), nothing
    for match in _SEPARATOR.finditer(text):
        left, right = text[: match.start()], text[match.end() :]
        if len(_SEPARATOR.findall(text)) > 1 and match.group() == "-" and re.search(r"[至到~—–]", text):
            continue
        start = _side(left, "start", year)
        if start is None:
            continue
        stated = start.value.year if start.value else year
        finish = nothing if not right else _side(right, "deadline", stated)
        if finish is not None and not (start.value and finish.value and finish.value < start.value):
            return _as(start, original), _as(finish, original)
    single = read_date(raw, "start", year)
    return single, nothing


def _side(text: str, role: Role, year: int | None) -> DateReading | None:
    if re.fullmatch(r"\d{2}", text):
        text = f"20{text}"
    elif re.fullmatch(r"(?:19|20)\d{2}年?", text):
        text = text[:4]
    reading = read_date(text, role, year)
    return reading if reading.value else None


def _as(reading: DateReading, original: str) -> DateReading:
    return DateReading(reading.value, reading.precision, original, reading.question, reading.note)
