"""The scheduled jobs of this app. Each takes the day and moment it reasons about and answers one Chinese sentence for
the operations page; `tracker/schedule.py` says when they run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from projects import audit
from projects.services import forms, indicators, periods

Progress = Callable[[int, int], None]


def open_periods(*, as_of: dt.date, at: dt.datetime, progress: Progress) -> str:
    """Lock what is due to lock, open what is due to open, write the expected reports."""
    locked = periods.lock_due(at=at)
    opened = periods.open_due(at=at)
    progress(1, 1)
    parts = [f"登记应报{opened.expected}项"]
    if opened.periods:
        parts.insert(0, f"开放报告期{'、'.join(opened.periods)}")
    if locked:
        parts.append(f"锁定{'、'.join(locked)}")
    return f"{'，'.join(parts)}。"


def recompute_lights(*, as_of: dt.date, at: dt.datetime, progress: Progress) -> str:
    """Judge every project on the list again, and drop form tokens nobody can send any more."""
    result = indicators.recompute(at=at, progress=progress)
    forms.forget_old(at=at)
    return f"{as_of}：重算{result.projects}个项目的灯，{result.changed}个变色。"


def verify_audit(*, as_of: dt.date, at: dt.datetime, progress: Progress) -> str:
    """Walk the audit chain. Raises AuditBroken, which the operations page shows, when a row does not fit."""
    found = audit.verify()
    progress(1, 1)
    if found.fault is not None:
        raise AuditBroken(found.fault)
    return f"审计链完好：{found.rows}行，链头{found.head[:12]}。"


class AuditBroken(Exception):
    """The audit chain does not verify; the message names the first bad row."""
