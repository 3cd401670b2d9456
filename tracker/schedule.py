"""The schedule: which job is due when, and the function that does it (docs/operations.md, Schedule).

Times are Shanghai time. Notices are not sent by a job: sending is continuous work of the dispatcher.
"""

from __future__ import annotations

import datetime as dt

from projects.rules.policy import Policy
from supervision import tasks
from supervision.rules.schedule import Daily, FirstWorkingDayOfWeek, Job, MakeUp, fixed


def _notice_time(policy: Policy) -> FirstWorkingDayOfWeek:
    return FirstWorkingDayOfWeek(dt.time(policy.notice_hour))


JOBS: tuple[Job, ...] = (
    Job("open_periods", "开放报告期", fixed(Daily(dt.time(0, 10))), tasks.open_periods),
    Job("recompute_lights", "重算灯色", fixed(Daily(dt.time(2))), tasks.recompute_lights),
    Job("verify_audit", "核验审计链", fixed(Daily(dt.time(3))), tasks.verify_audit),
    Job("forget_form_tokens", "清理表单令牌", fixed(Daily(dt.time(3, 30))), tasks.forget_form_tokens),
    Job("weekly_notices", "每周逾期提醒", _notice_time, tasks.weekly_notices, MakeUp.EACH),
    Job("lock_periods", "锁定报告期", fixed(Daily(dt.time(12, 5), (dt.time(18, 5),))), tasks.lock_periods),
    Job("weekly_snapshot", "一周一排序草稿", fixed(Daily(dt.time(16))), tasks.weekly_snapshot),
    Job("monthly_snapshot", "月度排名草稿", fixed(Daily(dt.time(18, 30))), tasks.monthly_snapshot),
)
