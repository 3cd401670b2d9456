"""The county's totals of a period in the official wording (docs/rules.md, Totals). Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from projects.rules.progress import plain_time_progress
from supervision.rules.ranks import Judged

ZERO, HUNDRED = Decimal(0), Decimal(100)
SUMMED = ("ranked", "blank", "frozen", "unverified")
"""Projects with an annual plan; what is invested outside any plan is named apart and never enters a rate."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all listed projects but packages. Amounts 万元; `rate`, `expected_rate` and `plain` are fractions.

    `plain` is the official 序时进度, complete months elapsed; the season curve and month plans only enter
    `expected_rate`. `filled` counts projects whose cumulative is known: a blank is not a zero.
    """

    projects: int
    planned: int
    filled: int
    plan: Decimal
    done: Decimal
    outside_plan: Decimal
    rate: Decimal | None
    expected: Decimal
    expected_rate: Decimal | None
    plain: Decimal
    colours: dict[str, int]
    new_starts: int
    started: int
    missing_reports: int


def totals(judged: Sequence[Judged], cutoff: dt.date) -> Totals:
    """The totals on `cutoff`."""
    counted = [item for item in judged if item.status in SUMMED and item.facts.plan]
    plan = sum((item.facts.plan or ZERO for item in counted), ZERO)
    done = sum((item.facts.done or ZERO for item in counted), ZERO)
    expected = sum((item.judgement.figures.planned_cumulative or ZERO for item in counted), ZERO)
    active = [item for item in judged if item.group is not None]
    new_starts = [item.facts for item in active if item.facts.annual_class == "new_start"]
    colours = Counter(item.judgement.colour.value for item in active)
    return Totals(
        projects=len(active),
        planned=len(counted),
        filled=sum(item.facts.done is not None for item in counted),
        plan=plan,
        done=done,
        outside_plan=sum((item.facts.done or ZERO for item in judged if item.status == "outside_plan"), ZERO),
        rate=done / plan if plan else None,
        expected=expected,
        expected_rate=expected / plan if plan else None,
        plain=plain_time_progress(cutoff),
        colours=dict(sorted(colours.items())),
        new_starts=len(new_starts),
        started=sum(facts.is_started for facts in new_starts),
        missing_reports=sum(item.judgement.missing_periods > 0 for item in active),
    )


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month of the year's curve, at its cut-off. Amounts 万元, `plain` a fraction."""

    cutoff: dt.date
    plan: Decimal
    done: Decimal
    expected: Decimal
    plain: Decimal


def official_sentence(totals: Totals, cutoff: dt.date) -> str:
    """The sentence a bulletin opens with: 占年度计划的…%，比序时进度快（慢）…个百分点."""
    head = f"截至{cutoff.year}年{cutoff.month}月{cutoff.day}日，{totals.projects}个重点项目"
    if totals.rate is None:
        return f"{head}尚未下达年度计划。"
    gap = _half_up((totals.rate - totals.plain) * HUNDRED, 1)
    pace = "与序时进度持平" if not gap else f"比序时进度{'快' if gap > 0 else '慢'}{abs(gap)}个百分点"
    return (
        f"{head}年度计划投资{_yi(totals.plan)}亿元，累计完成{_yi(totals.done)}亿元，"
        f"占年度计划的{_half_up(totals.rate * HUNDRED, 1)}%，"
        f"序时进度{_half_up(totals.plain * HUNDRED, 1)}%，{pace}。" + _blank_note(totals)
    )


def _blank_note(totals: Totals) -> str:
    blank = totals.planned - totals.filled
    return f"其中{blank}个项目累计未填，其计划仍在分母中。" if blank else ""


def _yi(amount: Decimal) -> Decimal:
    return _half_up(amount / 10000, 2)


def _half_up(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
