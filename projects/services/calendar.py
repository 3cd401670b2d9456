"""The working-day calendar: every write (docs/rules.md, Working days)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from projects import audit
from projects.enums import CalendarStatus
from projects.models import CalendarDay, CalendarYear, User
from projects.rules.calendar_file import CalendarEntry
from projects.services.editing import edit
from tracker.web.errors import UserError

FIRST_YEAR, LAST_YEAR = 2000, 2100


@transaction.atomic
def set_day(*, day: dt.date, is_workday: bool, name: str = "", actor: User | None, at: dt.datetime) -> None:
    """Say whether `day` is a working day. What agrees with the plain week needs no row and loses the one it had."""
    before = CalendarDay.objects.filter(day=day).first()
    if is_workday == _plain(day):
        CalendarDay.objects.filter(day=day).delete()
    else:
        CalendarDay.objects.update_or_create(day=day, defaults={"is_workday": is_workday, "name": name.strip()})
    _year(day.year)
    audit.record(
        actor=actor,
        at=at,
        action="calendar.set_day",
        data={"day": day.isoformat(), "is_workday": [before.is_workday if before else _plain(day), is_workday]},
    )


@transaction.atomic
def set_year_status(
    *, year: int, status: CalendarStatus, source: str, version: int | None, actor: User | None, at: dt.datetime
) -> CalendarYear:
    """Say whether the holiday list of `year` is officially published, and by which document."""
    row = _year(year)
    if status == CalendarStatus.PUBLISHED and not source.strip():
        raise UserError("请填写公布放假安排的文件名称或文号。", field="source")
    changes = edit(row, {"status": status, "source": source.strip()}, version=version)
    if changes:
        audit.record(actor=actor, at=at, action="calendar.set_year_status", obj=row, data=changes)
    return row


@transaction.atomic
def load_year(
    *,
    year: int,
    entries: Iterable[CalendarEntry],
    status: CalendarStatus,
    source: str,
    actor: User | None,
    at: dt.datetime,
) -> int:
    """Replace all exceptions of `year` by `entries` and answer how many days changed. Loading the same list twice
    changes nothing."""
    row = _year(year)
    wanted = {entry.day: entry for entry in entries if entry.is_workday != _plain(entry.day)}
    if stray := [day for day in wanted if day.year != year]:
        raise UserError(f"{stray[0]}不在{year}年内，请只上传{year}年的放假安排。", field="file")
    held = {day.day: day for day in CalendarDay.objects.filter(day__year=year)}
    gone = [day for day in held if day not in wanted]
    new = [
        CalendarDay(day=day, is_workday=entry.is_workday, name=entry.name)
        for day, entry in sorted(wanted.items())
        if day not in held
    ]
    CalendarDay.objects.filter(day__in=gone).delete()
    CalendarDay.objects.bulk_create(new)
    changes = edit(row, {"status": status, "source": source.strip()}, version=None)
    if gone or new or changes:
        data = {"added": [day.day.isoformat() for day in new], "removed": [day.isoformat() for day in sorted(gone)]}
        audit.record(actor=actor, at=at, action="calendar.load_year", obj=row, data={**changes, **data})
    return len(gone) + len(new)


def _plain(day: dt.date) -> bool:
    return day.weekday() < 5


def _year(year: int) -> CalendarYear:
    """The row of a year; a year nobody has loaded follows the plain week and is an estimate."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UserError(f"年份应在{FIRST_YEAR}到{LAST_YEAR}之间。", field="year")
    row, _ = CalendarYear.objects.get_or_create(year=year, defaults={"status": CalendarStatus.ESTIMATED})
    return row
