"""When a reporting period opens, is due and locks (docs/rules.md, Periods). Pure; moments are aware, in Shanghai time.

Weekly figures are due on a weekday of the same week, monthly ones on a working day of the next month (or a fixed day of
the month). A day that is no working day gives way to the next one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from projects.rules.periods import PeriodKey
from projects.rules.policy import Policy
from projects.workdays import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKLY_LOCK_HOUR = 12
OPEN_AHEAD = dt.timedelta(days=7)
"""A month opens this long before its due day, at the latest on its last day."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    opens_on: dt.date
    due_at: dt.datetime
    lock_at: dt.datetime


def deadlines(period: PeriodKey, policy: Policy, calendar: Calendar) -> Deadlines:
    """Opening day, due moment and lock moment of `period` under the policy of its cut-off."""
    if period.kind == "week":
        return _weekly(period, policy, calendar)
    return _monthly(period, policy, calendar)


def _weekly(period: PeriodKey, policy: Policy, calendar: Calendar) -> Deadlines:
    due_day = _working(period.starts_on + dt.timedelta(days=policy.weekly_due_weekday - 1), calendar)
    lock_day = _working(period.starts_on + dt.timedelta(days=policy.weekly_lock_weekday - 1), calendar)
    due_at = _moment(due_day, policy.weekly_due_hour)
    lock_at = _moment(lock_day, WEEKLY_LOCK_HOUR)
    if lock_at <= due_at:
        lock_at = _moment(calendar.add_working_days(due_day, 1), WEEKLY_LOCK_HOUR)
    return Deadlines(opens_on=period.starts_on, due_at=due_at, lock_at=lock_at)


def _monthly(period: PeriodKey, policy: Policy, calendar: Calendar) -> Deadlines:
    if policy.monthly_due_mode == "workday":
        due_day = calendar.nth_working_day(period.ends_on + dt.timedelta(days=1), policy.monthly_due_number)
    else:
        due_day = _working(period.starts_on.replace(day=min(policy.monthly_due_number, period.ends_on.day)), calendar)
    lock_day = calendar.add_working_days(due_day, policy.monthly_lock_workdays)
    return Deadlines(
        opens_on=max(period.starts_on, min(period.ends_on, due_day - OPEN_AHEAD)),
        due_at=_moment(due_day, policy.due_hour),
        lock_at=_moment(lock_day, policy.due_hour),
    )


def _working(day: dt.date, calendar: Calendar) -> dt.date:
    return calendar.nth_working_day(day, 1)


def _moment(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=SHANGHAI)
