"""How a notice travels: waits after failures, the mark of a repeat, its identity (docs/notices.md, Delivery)."""

from __future__ import annotations

import datetime as dt
import hashlib

BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""Waits after the first, second, third and every later temporary failure."""

LONGEST_WAIT = BACK_OFF[-1] + dt.timedelta(hours=1)
"""No next try lies further ahead, whatever the clocks of two machines make of it."""

LAST_TRY = 24
"""Temporary failures after which the delivery stops and is shown: about a day of hourly tries."""

REPEAT_MARK = "【补发】"


def next_try(failures: int, at: dt.datetime) -> dt.datetime | None:
    """When to try again after the `failures`-th temporary failure at `at`; None when it is time to stop."""
    if failures >= LAST_TRY:
        return None
    return at + BACK_OFF[min(failures, len(BACK_OFF)) - 1]


def subject(title: str, *, is_repeat: bool) -> str:
    """The subject line; a repeat after an unknown outcome says so, since the person may already have the first one."""
    return f"{REPEAT_MARK}{title}" if is_repeat else title


def message_id(*, kind: str, period_key: str, level: int, recipient_id: int, channel: str, domain: str) -> str:
    """The same for every attempt of the same delivery, so that mail programs recognise a repeat."""
    key = f"{kind}|{period_key}|{level}|{recipient_id}|{channel}"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
