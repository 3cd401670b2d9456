"""Places inside a group: order, shared ranks, changes against the last period (docs/rules.md, Rankings)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

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
    rest = [row for row in rows if row.status != "ranked"]
    rest.sort(key=attrgetter("status", "id"))
    if len(able) < policy.group_minimum:
        return [_too_few(row) for row in able] + rest
    ranks = ranks_of([tie(row) for row in able])
    placed = [replace(row, rank=rank) for row, rank in zip(able, ranks, strict=True)]
    return _with_changes(placed, previous) + rest


def _too_few(row: Row) -> Row:
    return replace(row, status="small_group", notes=(*row.notes, STATUS_TEXTS["small_group"]))


def ranks_of(values: Sequence[object]) -> list[int]:
    """Competition ranks of already ordered values: equal ones share, the next is skipped (1, 2, 2, 4)."""
    ranks: list[int] = []
    for index, value in enumerate(values):
        ranks.append(ranks[-1] if index and value == values[index - 1] else index + 1)
    return ranks


def _with_changes(rows: list[Row], previous: Previous) -> list[Row]:
    """Change of rank against the last period, in the same group."""
    before = {row.id: previous[row.id][1] for row in rows if row.id in previous and previous[row.id][0] == row.group}
    moved = changes(before, {row.id: row.rank for row in rows if row.rank is not None})
    return [
        replace(row, previous_rank=before[row.id], change=moved[row.id][0], like_change=moved[row.id][1])
        if row.id in moved
        else row
        for row in rows
    ]


def changes(before: Mapping[int, int], now: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """Places won (lost below 0) by who is ranked both times in one group: as printed, and among those alone."""
    both = [subject for subject in now if subject in before]
    now_alike, then_alike = (_alike({subject: ranks[subject] for subject in both}) for ranks in (now, before))
    return {subject: (before[subject] - now[subject], then_alike[subject] - now_alike[subject]) for subject in both}


def _alike(ranks: Mapping[int, int]) -> dict[int, int]:
    """The same order counted without the others."""
    ordered = sorted(ranks, key=lambda subject: ranks[subject])
    return dict(zip(ordered, ranks_of([ranks[subject] for subject in ordered]), strict=True))
