"""When scheduled jobs are due, as pure arithmetic (docs/operations.md, Schedule).

A `When` answers every due moment in a half-open span `(start, end]`. Moments are aware, in Asia/Shanghai. Because the
answer depends on nothing but its arguments, a run missed while no process was alive is found by asking again later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = dt.timedelta(days=1)


class WorkingDays(Protocol):
    """The part of the working-day calendar the schedule needs."""

    def is_working_day(self, day: dt.date) -> bool: ...


class When(Protocol):
    """A rhythm: its Chinese name and the moments it is due."""

    @property
    def text(self) -> str: ...

    def due_between(self, start: dt.datetime, end: dt.datetime, calendar: WorkingDays) -> list[dt.datetime]: ...


@dataclass(frozen=True, slots=True)
class Daily:
    """Every calendar day at `at`, and at the later hours of `and_at`."""

    at: dt.time
    and_at: tuple[dt.time, ...] = ()

    @property
    def text(self) -> str:
        return "每日" + "、".join(f"{at:%H:%M}" for at in (self.at, *self.and_at))

    def due_between(self, start: dt.datetime, end: dt.datetime, calendar: WorkingDays) -> list[dt.datetime]:
        return sorted(moment for at in (self.at, *self.and_at) for moment in _moments(start, end, at, lambda day: True))


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every week on `weekday` (Monday is 0) at `at`, holiday or not."""

    weekday: int
    at: dt.time

    @property
    def text(self) -> str:
        return f"每周{'一二三四五六日'[self.weekday]}{self.at:%H:%M}"

    def due_between(self, start: dt.datetime, end: dt.datetime, calendar: WorkingDays) -> list[dt.datetime]:
        return _moments(start, end, self.at, lambda day: day.weekday() == self.weekday)


@dataclass(frozen=True, slots=True)
class FirstWorkingDayOfWeek:
    """On the first working day of each ISO week at `at`; a week that is all holiday has none."""

    at: dt.time

    @property
    def text(self) -> str:
        return f"每周首个工作日{self.at:%H:%M}"

    def due_between(self, start: dt.datetime, end: dt.datetime, calendar: WorkingDays) -> list[dt.datetime]:
        return _moments(start, end, self.at, lambda day: first_working_day_of_week(day, calendar) == day)


class MakeUp(StrEnum):
    """What to do with due moments that passed while nothing ran."""

    LATEST = "latest"
    """Run once, for the latest moment: the job looks at the present anyway."""
    EACH = "each"
    """Run once for every moment: each stands for a period of its own."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a job function may know: the day it reasons about, the moment it runs, and how to show progress.

    `due_at` is the moment the run stands for; `is_made_up` says that this moment was missed.
    """

    as_of: dt.date
    at: dt.datetime
    due_at: dt.datetime
    is_made_up: bool
    progress: Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One scheduled job: ASCII name, Chinese title, rhythm, and the function that answers one Chinese sentence.

    `when` is asked with the policy of the day, so that the office may move the hour of a job.
    """

    name: str
    title: str
    when: Callable[[Any], When]
    run: Callable[[JobContext], str]
    make_up: MakeUp = MakeUp.LATEST


def fixed(when: When) -> Callable[[Any], When]:
    """A rhythm that no policy value changes."""
    return lambda policy: when


def first_working_day_of_week(day: dt.date, calendar: WorkingDays) -> dt.date | None:
    """The first working day of the ISO week holding `day`: make-up Saturdays and Sundays count, holidays do not."""
    monday = day - dt.timedelta(days=day.weekday())
    for offset in range(7):
        candidate = monday + dt.timedelta(days=offset)
        if calendar.is_working_day(candidate):
            return candidate
    return None


def next_due(when: When, after: dt.datetime, calendar: WorkingDays) -> dt.datetime | None:
    """The first due moment after `after`, looking three weeks ahead (the longest holiday is shorter)."""
    found = when.due_between(after, after + dt.timedelta(days=21), calendar)
    return found[0] if found else None


def missed_and_due(
    moments: list[dt.datetime], at: dt.datetime, make_up: MakeUp, grace: dt.timedelta
) -> list[tuple[dt.datetime, bool]]:
    """Which of the passed `moments` to run at `at`, oldest first, each with whether it is made up.

    A moment older than `grace` was missed. With `LATEST` only the last one is run.
    """
    chosen = moments[-1:] if make_up is MakeUp.LATEST else moments
    return [(moment, at - moment > grace) for moment in chosen]


def _moments(start: dt.datetime, end: dt.datetime, at: dt.time, holds: Callable[[dt.date], bool]) -> list[dt.datetime]:
    found = []
    for day in _days(start.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()):
        moment = dt.datetime.combine(day, at, tzinfo=SHANGHAI)
        if start < moment <= end and holds(day):
            found.append(moment)
    return found


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
