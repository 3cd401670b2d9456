"""Places inside a group: order, shared ranks, changes against the last period (docs/rules.md, Rankings)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from projects.rules.policy import Policy
from supervision.rules.rows import STATUS_TEXTS, Previous, Row


def by_group(
    rows: Sequence[Row],
    policy: Policy,
    key: Callable[[Row], tuple[object, ...]],
    tie: Callable[[Row], object],
    previous: Previous | None,
) -> tuple[Row, ...]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    result: list[Row] = []
    for name in sorted(groups):
        result += _ranked(groups[name], policy, key, tie, previous or {})
    return tuple(result)


def _ranked(
    rows: list[Row],
    policy: Policy,
    key: Callable[[Row], tuple[object, ...]],
    tie: Callable[[Row], object],
    previous: Previous,
) -> list[Row]:
    able = sorted((row for row in rows if row.status == "ranked"), key=key)
    rest = sorted((row for row in rows if row.status != "ranked"), key=lambda row: (row.status, row.id))
    if len(able) < policy.group_minimum:
        listed = [replace(row, status="small_group", notes=(*row.notes, STATUS_TEXTS["small_group"])) for row in able]
        return listed + rest
    ranks = ranks_of([tie(row) for row in able])
    placed = [replace(row, rank=rank) for row, rank in zip(able, ranks, strict=True)]
    return _with_changes(placed, previous) + rest


def ranks_of(values: Sequence[object]) -> list[int]:
    """Competition ranks of already ordered values: equal ones share, the next is skipped (1, 2, 2, 4)."""
    ranks: list[int] = []
    for index, value in enumerate(values):
        ranks.append(ranks[-1] if index and value == values[index - 1] else index + 1)
    return ranks


def _with_changes(rows: list[Row], previous: Previous) -> list[Row]:
    """Change of rank against the last period, and the like-for-like change among those ranked both times."""
    before = {row.id: previous[row.id][1] for row in rows if row.id in previous and previous[row.id][0] == row.group}
    both = [row for row in rows if row.id in before]
    now_alike = dict(zip((row.id for row in both), ranks_of([row.rank for row in both]), strict=True))
    ordered = sorted(both, key=lambda row: before[row.id])
    then_alike = dict(zip((row.id for row in ordered), ranks_of([before[row.id] for row in ordered]), strict=True))
    return [
        replace(
            row,
            previous_rank=before[row.id],
            change=before[row.id] - (row.rank or 0),
            like_change=then_alike[row.id] - now_alike[row.id],
        )
        if row.id in before
        else row
        for row in rows
    ]
