"""The working-day calendar for the rules and for its settings page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from projects.enums import CalendarStatus
from projects.models import CalendarDay, CalendarYear
from projects.workdays import Calendar


def calendar() -> Calendar:
    """All exceptions and the published years. Two queries. A year nobody loaded is a plain week and an estimate."""
    published = CalendarYear.objects.filter(status=CalendarStatus.PUBLISHED)
    return Calendar(
        exceptions=dict(CalendarDay.objects.values_list("day", "is_workday")),
        published=frozenset(published.values_list("year", flat=True)),
    )


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """One year of the calendar: its state, and its exceptions by month."""

    year: int
    row: CalendarYear | None
    days: tuple[CalendarDay, ...]
    years: tuple[int, ...]

    @property
    def is_published(self) -> bool:
        return self.row is not None and self.row.status == CalendarStatus.PUBLISHED

    @property
    def rest_days(self) -> tuple[CalendarDay, ...]:
        return tuple(day for day in self.days if not day.is_workday)

    @property
    def make_up_days(self) -> tuple[CalendarDay, ...]:
        return tuple(day for day in self.days if day.is_workday)


def calendar_page(year: int) -> CalendarPage:
    """What the calendar page of `year` shows. Two queries."""
    rows = {row.year: row for row in CalendarYear.objects.all()}
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return CalendarPage(
        year=year,
        row=rows.get(year),
        days=tuple(CalendarDay.objects.filter(day__range=(first, last))),
        years=tuple(sorted({*rows, year})),
    )
