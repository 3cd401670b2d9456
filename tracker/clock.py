"""The only reader of the wall clock. Entry points call it once and pass the answer down."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(tz=dt.UTC)


def today() -> dt.date:
    """The present day in Shanghai."""
    return now().astimezone(SHANGHAI).date()


def day_of(moment: dt.datetime) -> dt.date:
    """The Shanghai date of an aware moment (Monday 07:30 in Shanghai is still Sunday in UTC)."""
    return moment.astimezone(SHANGHAI).date()


def end_of(day: dt.date) -> dt.datetime:
    """The first moment after the Shanghai day: what happened before it was known by the end of the day."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=SHANGHAI)
