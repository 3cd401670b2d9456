"""The working-day calendar for the rules and for its settings page."""

from __future__ import annotations

import calendar as months_of_year
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
class DayCell:
    """One square of the month grid. `mark` is 休 or 班 where the day differs from the plain week, else empty."""

    day: dt.date
    is_workday: bool
    mark: str
    name: str


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """A month as weeks of seven squares, Monday first; None pads the first and last week."""

    number: int
    weeks: tuple[tuple[DayCell | None, ...], ...]

    @property
    def workdays(self) -> int:
        return sum(cell.is_workday for week in self.weeks for cell in week if cell is not None)


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

    @property
    def months(self) -> tuple[MonthGrid, ...]:
        """The twelve months of the year as grids."""
        exceptions = {row.day: row for row in self.days}
        weeks_of = months_of_year.Calendar().monthdatescalendar
        return tuple(
            MonthGrid(
                number=month,
                weeks=tuple(
                    tuple(_cell(day, exceptions.get(day)) if day.month == month else None for day in week)
                    for week in weeks_of(self.year, month)
                ),
            )
            for month in range(1, 13)
        )


def _cell(day: dt.date, exception: CalendarDay | None) -> DayCell:
    if exception is None:
        return DayCell(day, day.weekday() < 5, "", "")
    return DayCell(day, exception.is_workday, "班" if exception.is_workday else "休", exception.name)


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
