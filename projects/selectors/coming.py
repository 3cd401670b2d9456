"""What the next weeks bring: cut-offs, due and lock days of open and foreseen periods, on a grid of working days."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from projects.enums import PeriodKind
from projects.models import Period
from projects.rules.deadlines import SHANGHAI, deadlines
from projects.rules.periods import KINDS, PeriodKey, between
from projects.selectors.policy import policies
from projects.workdays import ONE_DAY, Calendar

WEEKS = 4
LOOK_BACK = dt.timedelta(days=62)
"""A month that ended this long ago may still be due or lock in the weeks shown."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happens at a moment. `word` fits a square of the grid, `title` says it in full."""

    at: dt.datetime
    word: str
    title: str
    period_key: str = ""
    """The period's page, once it is open."""
    is_limit: bool = False
    """Reports are refused or late from here on."""


@dataclass(frozen=True, slots=True)
class ComingDay:
    """One square: `mark` is 休 or 班 where the day differs from the plain week."""

    day: dt.date
    is_workday: bool
    is_today: bool
    is_past: bool
    happenings: tuple[Happening, ...]

    @property
    def mark(self) -> str:
        if self.is_workday == (self.day.weekday() < 5):
            return ""
        return "班" if self.is_workday else "休"


@dataclass(frozen=True, slots=True)
class Coming:
    """This week and the following ones, Monday first."""

    weeks: tuple[tuple[ComingDay, ...], ...]
    estimated_years: tuple[int, ...]
    """Years whose working days are not published yet."""

    @property
    def days(self) -> tuple[ComingDay, ...]:
        """All squares in a row."""
        return tuple(day for week in self.weeks for day in week)

    @property
    def is_quiet(self) -> bool:
        return not any(day.happenings for day in self.days)


def first_day(today: dt.date) -> dt.date:
    """The Monday the grid begins with."""
    return today - dt.timedelta(days=today.weekday())


def last_day(today: dt.date) -> dt.date:
    """The Sunday the grid ends with."""
    return first_day(today) + dt.timedelta(days=7 * WEEKS - 1)


def coming(today: dt.date, days: Calendar, more: Iterable[Happening] = ()) -> Coming:
    """The grid with the limits of reports, and what else (`more`) falls into it. Two queries."""
    first, last = first_day(today), last_day(today)
    by_day: dict[dt.date, list[Happening]] = defaultdict(list)
    for happening in (*_limits(first, last, days), *more):
        by_day[happening.at.astimezone(SHANGHAI).date()].append(happening)
    weeks = tuple(
        tuple(_square(monday + dt.timedelta(days=offset), today, days, by_day) for offset in range(7))
        for monday in (first + dt.timedelta(days=7 * week) for week in range(WEEKS))
    )
    return Coming(weeks, tuple(year for year in _years(today, last) if days.is_estimated(year)))


def _years(today: dt.date, last: dt.date) -> list[int]:
    """The years whose working days matter: those shown, and from November on the next, which is published then."""
    return sorted({today.year, last.year, today.year + (today.month >= 11)})


def _square(day: dt.date, today: dt.date, days: Calendar, by_day: dict[dt.date, list[Happening]]) -> ComingDay:
    return ComingDay(
        day=day,
        is_workday=days.is_working_day(day),
        is_today=day == today,
        is_past=day < today,
        happenings=tuple(sorted(by_day[day], key=lambda happening: happening.at)),
    )


def _limits(first: dt.date, last: dt.date, days: Calendar) -> Iterator[Happening]:
    opened = {row.key: row for row in Period.objects.filter(cutoff__gte=first - LOOK_BACK, starts_on__lte=last)}
    policy_of = policies(last)
    for kind in KINDS:
        for key in between(kind, first - LOOK_BACK, last):
            row = opened.get(key.key)
            policy = policy_of(key.starts_on if kind == "week" else key.ends_on)
            if row is None and (key.ends_on < first or (kind == "week" and policy.weekly_scope == "none")):
                continue
            times = row or deadlines(key, policy, days)
            yield from _limits_of(key, times.due_at, times.lock_at, row)


def _limits_of(key: PeriodKey, due_at: dt.datetime, lock_at: dt.datetime, row: Period | None) -> Iterator[Happening]:
    kind, open_key = PeriodKind(key.kind).label, row.key if row else ""
    if key.kind == "month":
        end = dt.datetime.combine(key.ends_on + ONE_DAY, dt.time.min, tzinfo=SHANGHAI) - dt.timedelta(minutes=1)
        yield Happening(end, "月末截数", f"{key.title}数据截止日", open_key)
    yield Happening(due_at, f"{kind}截止", f"{key.title}报送截止", open_key, is_limit=True)
    yield Happening(lock_at, f"{kind}锁定", f"{key.title}锁定", open_key, is_limit=True)
