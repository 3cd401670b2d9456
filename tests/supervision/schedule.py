"""A small schedule for tests: what ran is kept in `RAN`, and `FAIL` makes the nightly job fail."""

from __future__ import annotations

import datetime as dt

from supervision.rules.schedule import Daily, FirstWorkingDayOfWeek, Job, JobContext, MakeUp, fixed
from tracker.web.errors import UserError

RAN: list[tuple[str, dt.date, bool]] = []
FAIL: list[Exception] = []


def nightly(context: JobContext) -> str:
    if FAIL:
        raise FAIL[0]
    RAN.append(("nightly", context.as_of, context.is_made_up))
    context.progress(1, 2)
    context.progress(2, 2)
    return "重算2个项目"


def monday(context: JobContext) -> str:
    RAN.append(("monday", context.as_of, context.is_made_up))
    return "发出3份"


def refused(context: JobContext) -> str:
    raise UserError("本期尚未开放，请先开放报告期。")


JOBS = (
    Job("nightly", "夜间重算", fixed(Daily(dt.time(2))), nightly),
    Job("monday", "每周提醒", lambda policy: FirstWorkingDayOfWeek(dt.time(policy.notice_hour)), monday, MakeUp.EACH),
)
