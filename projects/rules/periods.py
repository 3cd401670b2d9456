"""Period keys: the one place where a day becomes a week or a month (docs/rules.md, Periods).

Days are Shanghai dates. A week is the ISO week (2027-01-01 belongs to 2026-W53), a month the calendar month.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["week", "month"]
KINDS: tuple[Kind, ...] = ("week", "month")

_WEEK = re.compile(r"^(\d{4})-W(\d{2})$")
_MONTH = re.compile(r"^(\d{4})-(\d{2})$")


@dataclass(frozen=True, slots=True, order=True)
class PeriodKey:
    """A week or month. `ends_on` is its cut-off day."""

    starts_on: dt.date
    ends_on: dt.date
    kind: Kind
    key: str

    @property
    def year(self) -> int:
        """The plan year the figures of this period belong to: that of the cut-off day, except that the week that
        closes an ISO year stays in that year."""
        return int(self.key[:4])

    @property
    def title(self) -> str:
        if self.kind == "month":
            return self.short_title
        return f"{self.short_title}（{_short(self.starts_on)}至{_short(self.ends_on)}）"

    @property
    def short_title(self) -> str:
        """Without the days of a week."""
        if self.kind == "month":
            return f"{self.starts_on.year}年{self.starts_on.month}月"
        return f"{self.key[:4]}年第{int(self.key[6:])}周"


def _short(day: dt.date) -> str:
    return f"{day.month}月{day.day}日"


def period_of(kind: Kind, day: dt.date) -> PeriodKey:
    """The period of `kind` that contains `day`."""
    if kind == "week":
        year, week, weekday = day.isocalendar()
        monday = day - dt.timedelta(days=weekday - 1)
        return PeriodKey(monday, monday + dt.timedelta(days=6), "week", f"{year}-W{week:02d}")
    return PeriodKey(day.replace(day=1), month_end(day), "month", f"{day.year}-{day.month:02d}")


def parse(key: str) -> PeriodKey:
    """The period of a key. Raises ValueError with a Chinese sentence when it is no key."""
    try:
        if match := _WEEK.match(key):
            return period_of("week", dt.date.fromisocalendar(int(match[1]), int(match[2]), 1))
        if match := _MONTH.match(key):
            return period_of("month", dt.date(int(match[1]), int(match[2]), 1))
    except ValueError as error:
        raise ValueError(f"期号“{key}”不存在。") from error
    raise ValueError(f"期号“{key}”格式不对，应为 2018-09（月）或 2018-W39（周）。")


def following(period: PeriodKey) -> PeriodKey:
    return period_of(period.kind, period.ends_on + dt.timedelta(days=1))


def preceding(period: PeriodKey) -> PeriodKey:
    return period_of(period.kind, period.starts_on - dt.timedelta(days=1))


def between(kind: Kind, first: dt.date, last: dt.date) -> Iterator[PeriodKey]:
    """The periods that contain a day of `first`..`last`, in order."""
    period = period_of(kind, first)
    while period.starts_on <= last:
        yield period
        period = following(period)


def month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def is_month_end(day: dt.date) -> bool:
    return day == month_end(day)


def add_months(day: dt.date, months: int) -> dt.date:
    """The last day of the month `months` after the month of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return month_end(dt.date(index // 12, index % 12 + 1, 1))
