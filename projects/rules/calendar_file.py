"""The holiday list a person uploads: one day a line, as text or CSV (docs/manual.md, Working-day calendar).

    2026-02-17,休,春节
    2026-02-28,班,春节调休

Empty lines, lines that begin with `#` and a header line are skipped. Separators: comma, tab or blanks.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

REST_WORDS = frozenset({"休", "休息", "放假", "假", "0"})
WORK_WORDS = frozenset({"班", "上班", "工作", "补班", "1"})
_SEPARATOR = re.compile(r"[,，;；\t ]+")
_DATE = re.compile(r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$")


@dataclass(frozen=True, slots=True, order=True)
class CalendarEntry:
    """A day that differs from the plain week."""

    day: dt.date
    is_workday: bool
    name: str = ""


class CalendarFileError(ValueError):
    """The file cannot be read; `messages` names every bad line."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("；".join(messages))
        self.messages = messages


def parse(text: str, year: int) -> tuple[CalendarEntry, ...]:
    """The exceptions of `year` in order. Raises CalendarFileError naming every line that cannot be read, that belongs
    to another year or that repeats a day differently."""
    entries: dict[dt.date, CalendarEntry] = {}
    faults: list[str] = []
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        line = raw.strip().strip(",，;；")
        if not line or line.startswith("#") or (number == 1 and not line[0].isdigit()):
            continue
        try:
            entry = _entry(line, year)
            if entries.setdefault(entry.day, entry).is_workday != entry.is_workday:
                raise ValueError(f"{entry.day}前后不一致，既写休息又写上班")
        except ValueError as error:
            faults.append(f"第{number}行：{error}。")
    if not entries and not faults:
        faults.append("文件中没有日期，请每行写一天，如“2026-02-17,休,春节”。")
    if faults:
        raise CalendarFileError(faults)
    return tuple(sorted(entries.values()))


def _entry(line: str, year: int) -> CalendarEntry:
    parts = _SEPARATOR.split(line, maxsplit=2)
    match = _DATE.match(parts[0])
    if match is None:
        raise ValueError(f"“{parts[0]}”不是日期，应写成 {year}-02-17")
    day = _date(match)
    if day.year != year:
        raise ValueError(f"{day}不在{year}年内")
    kind = parts[1] if len(parts) > 1 else ""
    if kind not in REST_WORDS | WORK_WORDS:
        raise ValueError(f"{day}之后应写“休”或“班”，现为“{kind}”")
    return CalendarEntry(day=day, is_workday=kind in WORK_WORDS, name=parts[2].strip() if len(parts) > 2 else "")


def _date(match: re.Match[str]) -> dt.date:
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise ValueError(f"没有{match[0]}这一天") from error
