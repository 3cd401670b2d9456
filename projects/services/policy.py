"""Rule parameters: a county's own choice from a day on (docs/rules.md, Parameters)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from projects import audit
from projects.models import PolicyRow, User
from projects.rules.policy import PARAMETERS, Policy, conflicts, read_value
from projects.selectors.policy import policy_on
from projects.services.editing import required
from tracker.clock import day_of
from tracker.web.errors import UserError

_TITLES = {parameter.key: parameter.title for parameter in PARAMETERS}
_RANGES = {
    "weekly_due_weekday": (1, 7),
    "weekly_lock_weekday": (1, 7),
    "weekly_due_hour": (0, 23),
    "due_hour": (0, 23),
    "notice_hour": (0, 23),
    "monthly_due_number": (1, 31),
    "override_max_days": (1, 31),
}


@transaction.atomic
def set_value(
    *, key: str, value: Any, effective_on: dt.date, reason: str, actor: User, at: dt.datetime
) -> PolicyRow | None:
    """From `effective_on` the parameter has this value; None when it already has it.

    A day before today is refused: what was computed under the old value stays explained by it.
    """
    reason = required(reason, "请填写依据（会议、文件或理由）。", "reason")
    if effective_on < day_of(at):
        raise UserError("生效日期不能早于今天；已形成的灯色和排名不追溯。", field="effective_on")
    try:
        typed = read_value(key, value)
    except ValueError as error:
        raise UserError(str(error), field="value") from error
    low, high = _RANGES.get(key, (None, None))
    if low is not None and not low <= typed <= high:
        raise UserError(f"“{_TITLES[key]}”应在{low}到{high}之间。", field="value")
    before = policy_on(effective_on)
    after = Policy.from_rows({**before.to_json(), key: value})
    if after == before:
        return None
    if found := conflicts(after):
        raise UserError(found[0], field="value")
    stored = after.to_json()[key]
    row = PolicyRow.objects.create(key=key, value=stored, effective_on=effective_on, reason=reason, actor=actor, at=at)
    audit.record(
        actor=actor,
        at=at,
        action="policy.set_value",
        obj=row,
        data={"value": [before.to_json()[key], stored], "effective_on": effective_on.isoformat(), "reason": reason},
    )
    return row
