"""Quarter plans: a month plan in equal thirds and a milestone at each quarter's end (docs/imports.md, Quarter plan).

A quarter that had ended before the ledger came gets no milestone: nobody could report its work as done any more, and
every project would stand as late. The option `nodes` = `all` makes them all the same.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from projects.enums import MilestoneKind
from projects.excel.readings import ProjectRow, decimal_text
from projects.models import Milestone
from projects.rules.periods import month_end
from projects.selectors.imports.comparison import LABELS, Change
from projects.selectors.imports.known import ProjectState

THIRDS_REASON = "季度计划按三个月等分"
_TITLE_LENGTH = 300
_PLACE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class QuarterNode:
    title: str
    due: dt.date


class NodeBook:
    """The milestones there are, so that a second import adds none twice."""

    def __init__(self) -> None:
        self._nodes: dict[int, set[tuple[str, dt.date]]] = defaultdict(set)
        rows = Milestone.objects.filter(kind=MilestoneKind.NODE, void_reason="")
        for project, title, due in rows.values_list("project", "title", "due_on"):
            self._nodes[project].add((title, due))

    def has(self, project: int, node: QuarterNode) -> bool:
        return (node.title, node.due) in self._nodes[project]


def thirds(amounts: list[Decimal]) -> tuple[Decimal, ...]:
    """Twelve months of four quarters; the last month of a quarter takes what rounding leaves."""
    months: list[Decimal] = []
    for amount in amounts:
        third = (amount / 3).quantize(_PLACE, rounding=ROUND_DOWN)
        months += [third, third, amount - 2 * third]
    return tuple(months)


def quarter_changes(
    row: ProjectRow, state: ProjectState, year: int, nodes: NodeBook, *, nodes_from: dt.date
) -> tuple[list[Change], list[str]]:
    """Month plan, goal and milestones of a row, with notes. A quarter without an amount is unknown, not zero: then
    there is no month plan. Milestones due before `nodes_from` are left out."""
    quarters = {entry["quarter"]: entry for entry in row.extra.get("quarters") or ()}
    amounts = [quarters.get(number, {}).get("plan") for number in range(1, 5)]
    changes: list[Change] = []
    notes: list[str] = []
    plan = state.plan
    known = [amount for amount in amounts if amount is not None]
    if len(known) == 4:
        months = thirds(known)
        have = plan.month_amounts if plan else None
        if have is None or tuple(have) != months:
            old = "" if have is None else "、".join(decimal_text(amount) for amount in have)
            text = "、".join(decimal_text(amount) for amount in known)
            changes.append(Change("months", f"{LABELS['months']}（{THIRDS_REASON}）", old, f"四个季度{text}", months))
        if plan is not None and plan.annual is not None and sum(known) != plan.annual:
            notes.append(
                f"四个季度相加{decimal_text(sum(known, Decimal(0)))}万元，年度计划是{decimal_text(plan.annual)}万元。"
            )
    elif known:
        notes.append("有的季度没有写投资，未形成分月计划。")
    goal = str(row.extra.get("year_content") or "")
    if goal and (plan is None or plan.goal != goal):
        changes.append(Change("goal", LABELS["goal"], plan.goal if plan else "", goal, goal))
    for number in range(1, 5):
        node = _node(quarters.get(number, {}).get("work"), number, year)
        if node is None or nodes.has(state.project.pk, node):
            continue
        if node.due < nodes_from:
            notes.append(f"{number}季度在导入前已结束，工作内容未设为节点。")
        else:
            changes.append(Change("node", f"{number}季度节点", "", node.title, node))
    return changes, notes


def _node(work: str | None, quarter: int, year: int) -> QuarterNode | None:
    text = (work or "").strip()
    if not text:
        return None
    due = month_end(dt.date(year, quarter * 3, 1))
    return QuarterNode(f"{quarter}季度：{text}"[:_TITLE_LENGTH].strip(), due)
