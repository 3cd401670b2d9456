"""挂图作战: what stands in a month of a project's row (docs/wall.md, Signs). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from projects.rules.facts import ProjectFacts
from projects.rules.lights import expectation_of
from projects.rules.policy import Curve, Policy
from projects.rules.progress import HUNDRED, idle_months


class Sign(StrEnum):
    """The state of a node on the wall. Shape, word and colour say the same."""

    OVERDUE = "overdue"
    DUE = "due"
    LATE = "late"
    DONE = "done"
    PLANNED = "planned"
    MOVED = "moved"


WORDS: dict[Sign, tuple[str, str]] = {
    Sign.OVERDUE: ("■", "逾期未完成"),
    Sign.DUE: ("▲", "本月到期"),
    Sign.LATE: ("◆", "晚于时限完成"),
    Sign.DONE: ("●", "按期完成"),
    Sign.PLANNED: ("○", "未到期"),
    Sign.MOVED: ("◇", "原时限，已变更"),
}
"""Shape and word of each sign, in the order of the legend."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node as of the day. `last_day` is the last one on time; `met` says that it is done though nobody knows the day;
    `earlier` are the dates it was moved away from."""

    title: str
    last_day: dt.date
    done_on: dt.date | None = None
    met: bool = False
    earlier: tuple[dt.date, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """One sign in a month: which node, and the day it is about."""

    sign: Sign
    title: str
    day: dt.date

    @property
    def shape(self) -> str:
        return WORDS[self.sign][0]

    @property
    def words(self) -> str:
        """What the sign says, with the day it is about."""
        return f"{WORDS[self.sign][1]}，{self.day.month}月{self.day.day}日"


@dataclass(frozen=True, slots=True)
class Column:
    """A month or a quarter of the chart. `is_current` holds the day shown; `is_idle` lies in the county's season
    without building as a whole."""

    label: str
    months: tuple[int, ...]
    is_current: bool
    is_idle: bool


def columns(year: int, as_of: dt.date, curve: Curve, *, by_quarter: bool) -> tuple[Column, ...]:
    """The twelve months of `year`, or its four quarters."""
    idle = set(idle_months(curve))
    size = 3 if by_quarter else 1
    found = []
    for first in range(1, 13, size):
        months = tuple(range(first, first + size))
        label = f"{'一二三四'[first // 3]}季度" if by_quarter else f"{first}月"
        found.append(Column(label, months, year == as_of.year and as_of.month in months, idle.issuperset(months)))
    return tuple(found)


def gap_at(facts: ProjectFacts, policy: Policy, cutoff: dt.date, done: Decimal) -> Decimal | None:
    """How far `done` (万元, by `cutoff`) was ahead of what should have been done by then, in points of the annual plan;
    None without a plan. The plan is the one in force on the day of the facts."""
    if not facts.plan:
        return None
    expected = expectation_of(replace(facts, compared_on=cutoff), policy).rate
    return (done / facts.plan - expected) * HUNDRED


def sign_of(node: Node, as_of: dt.date) -> Sign:
    """How a node stands on the day."""
    if node.done_on is not None:
        return Sign.LATE if node.done_on > node.last_day else Sign.DONE
    if node.met:
        return Sign.DONE
    if node.last_day < as_of:
        return Sign.OVERDUE
    in_this_month = (node.last_day.year, node.last_day.month) == (as_of.year, as_of.month)
    return Sign.DUE if in_this_month else Sign.PLANNED


def months_of(nodes: Iterable[Node], year: int, as_of: dt.date) -> tuple[tuple[Mark, ...], ...]:
    """The twelve months of a year: each node in the month of its last day, and a hollow sign in each month it was moved
    out of. Within a month by day."""
    found: list[list[Mark]] = [[] for _ in range(12)]
    for node in nodes:
        if node.last_day.year == year:
            found[node.last_day.month - 1].append(Mark(sign_of(node, as_of), node.title, node.last_day))
        for day in dict.fromkeys(node.earlier):
            if day.year == year and (day.year, day.month) != (node.last_day.year, node.last_day.month):
                found[day.month - 1].append(Mark(Sign.MOVED, node.title, day))
    return tuple(tuple(sorted(marks, key=lambda mark: (mark.day, mark.title))) for marks in found)


def overdue_before(nodes: Iterable[Node], year: int, as_of: dt.date) -> int:
    """Nodes of earlier years that are still not done."""
    return sum(node.last_day.year < year and sign_of(node, as_of) is Sign.OVERDUE for node in nodes)
