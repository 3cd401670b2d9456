"""Black and honour lists of a board (docs/rules.md, Rankings)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from projects.rules.colours import Colour
from projects.rules.policy import Policy
from supervision.rules.rows import ProjectRow
from supervision.rules.scores import GROUP_LABELS, Group


def list_limit(size: int, policy: Policy) -> int:
    """How many places a list holds: the set number, or the set share rounded up; at most a third of the group."""
    wanted = math.ceil(policy.list_share * size) if policy.list_share else policy.list_size
    return min(wanted, size // 3)


def black_list(rows: Sequence[ProjectRow], policy: Policy) -> tuple[ProjectRow, ...]:
    """Last n of the group (all ties included) or red overall, target not met, and no effective objective cause."""
    ranked = [row for row in rows if row.rank is not None]
    limit = list_limit(len(ranked), policy)
    floor = sorted((row.rank or 0) for row in ranked)[-limit] if limit else None
    return tuple(
        row
        for row in rows
        if row.status in ("ranked", "small_group")
        and not row.target_met
        and not row.excused
        and (row.colour == Colour.RED or (floor is not None and row.rank is not None and row.rank >= floor))
    )


def honour_list(rows: Sequence[ProjectRow], policy: Policy) -> tuple[ProjectRow, ...]:
    """First n of the group (all ties included) with the target met."""
    ranked = [row for row in rows if row.rank is not None]
    limit = list_limit(len(ranked), policy)
    return tuple(row for row in ranked if row.target_met and (row.rank or 0) <= limit)


def group_label(group: str) -> str:
    return GROUP_LABELS[Group(group)] if group in {item.value for item in Group} else "不排名"
