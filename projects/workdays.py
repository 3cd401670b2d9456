"""Working-day arithmetic over a calendar that the office edits (docs/rules.md, Working days). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days that differ from the plain Monday-to-Friday week, and the years whose list is officially published."""

    exceptions: Mapping[dt.date, bool] = field(default_factory=dict)
    published: frozenset[int] = frozenset()

    def is_working_day(self, day: dt.date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def is_estimated(self, year: int) -> bool:
        """Whether deadlines in `year` rest on a calendar that is not published yet."""
        return year not in self.published

    def add_working_days(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `day` (before it when negative); `day` itself when zero."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        remaining = abs(count)
        while remaining:
            day += step
            remaining -= self.is_working_day(day)
        return day

    def nth_working_day(self, first: dt.date, count: int) -> dt.date:
        """The `count`-th working day on or after `first`, counting from 1."""
        return self.add_working_days(first - ONE_DAY, count)

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (end - start).days
        return sum(self.is_working_day(start + dt.timedelta(days=offset)) for offset in range(1, days + 1))
