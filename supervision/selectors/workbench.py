"""The office's first page: the facts that wait, this week's notices, and the days that come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from projects.permissions import Access
from projects.rules.periods import period_of
from projects.selectors.calendar import calendar
from projects.selectors.coming import Coming, Happening, coming, first_day, last_day
from projects.selectors.policy import policies
from projects.selectors.workbench import Workbench, workbench
from projects.workdays import Calendar
from supervision.enums import NoticeKind
from supervision.models import JobRun
from supervision.rules.schedule import ONE_DAY, SHANGHAI, FirstWorkingDayOfWeek
from supervision.selectors.notices import Batch, batch
from tracker.clock import day_of

NOTICE_JOB = "weekly_notices"


@dataclass(frozen=True, slots=True)
class NoticeWeek:
    """This week's digest. `batch` is None until somebody got one, `said` what the job reported when it ran."""

    due_at: dt.datetime | None
    """None in a week that is all holiday."""
    batch: Batch | None
    said: str
    is_late: bool
    """The moment has passed and nothing ran."""


@dataclass(frozen=True, slots=True)
class Bench:
    work: Workbench
    notices: NoticeWeek
    coming: Coming


def bench(access: Access, at: dt.datetime) -> Bench:
    """Everything the page shows at a moment. A fixed number of queries, whatever the number of projects."""
    days = calendar()
    today = day_of(at)
    mondays = notice_moments(first_day(today), last_day(today), days)
    more = [Happening(moment, "发周提醒", "每周逾期提醒自动生成") for moment in mondays]
    return Bench(work=workbench(access, at, days), notices=_notice_week(at, mondays), coming=coming(today, days, more))


def notice_moments(first: dt.date, last: dt.date, days: Calendar) -> list[dt.datetime]:
    """When the weekly digests of `first`..`last` are due. One query."""
    policy_of = policies(last)
    found = []
    for monday in (first + dt.timedelta(days=7 * week) for week in range((last - first).days // 7 + 1)):
        start = dt.datetime.combine(monday, dt.time.min, tzinfo=SHANGHAI)
        when = FirstWorkingDayOfWeek(dt.time(policy_of(monday).notice_hour))
        found += when.due_between(start, start + 7 * ONE_DAY, days)
    return found


def _notice_week(at: dt.datetime, mondays: list[dt.datetime]) -> NoticeWeek:
    week = period_of("week", day_of(at))
    due_at = next((moment for moment in mondays if week.starts_on <= day_of(moment) <= week.ends_on), None)
    found = batch(NoticeKind.WEEKLY_OVERDUE, week.key)
    run = JobRun.objects.filter(name=NOTICE_JOB, due_at=due_at).first() if due_at and found is None else None
    return NoticeWeek(
        due_at=due_at,
        batch=found,
        said=run.message if run else "",
        is_late=found is None and run is None and due_at is not None and due_at < at,
    )
