"""Scores of projects, units and leaders, each with its parts and what would raise it most (docs/rules.md, Scores).

Every part says how many points it could give, how many it gave, from which numbers, and what would earn the rest.
Amounts are Decimal 万元; shares are fractions of 1; points are out of 100.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from projects.rules.facts import SIDE_STAGES, MilestoneFact, ProjectFacts
from projects.rules.lights import Judgement, number, start_window_end
from projects.rules.policy import Policy

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_CENT, _NOISE = Decimal("0.01"), Decimal("1e-12")
PRE_STAGE_CLASSES = frozenset({"pre_stage", "reserve"})


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a score. `full` is what it can give after weights have moved, `points` what it gave."""

    key: str
    title: str
    full: Decimal
    points: Decimal
    text: str
    advice: str = ""

    @property
    def lost(self) -> Decimal:
        return self.full - self.points


@dataclass(frozen=True, slots=True)
class Score:
    """`total` is rounded half up to 2 decimals, the only value that is ranked and printed."""

    formula: str
    total: Decimal
    parts: tuple[Part, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class _Item:
    """A part before weights move: `share` None means nothing to judge, so the weight goes to the first item."""

    key: str
    title: str
    weight: Decimal
    share: Decimal | None
    text: str
    advice: str = ""


def rounded(value: Decimal) -> Decimal:
    """Two decimals, half up. The noise of a division like 1/3 is removed first, so that an exact half stays a half."""
    return value.quantize(_NOISE, ROUND_HALF_UP).quantize(_CENT, ROUND_HALF_UP)


def size_weight(plan: Decimal | None) -> Decimal:
    """w = 1 + log10(max(P, 100) / 100): size counts, but a giant does not hide ten small failures."""
    return ONE + (max(plan or HUNDRED, HUNDRED) / HUNDRED).log10()


# projects


def project_score(facts: ProjectFacts, judgement: Judgement, policy: Policy) -> Score | None:
    """The score of one project by the formula of its peer group; None where there is nothing to score it by."""
    if facts.stage in SIDE_STAGES:
        return None
    if facts.annual_class in PRE_STAGE_CLASSES and not facts.is_started:
        return _pre_stage(facts, policy)
    if facts.annual_class == "new_start" and not facts.is_started:
        return _waiting(facts, policy)
    if not facts.plan:
        return None
    if is_completed_in_year(facts) and facts.done is not None and facts.done >= facts.plan:
        return _completed(facts, policy)
    return _construction(facts, judgement, policy)


def is_completed_in_year(facts: ProjectFacts) -> bool:
    """A confirmed completion within the plan year, by the day the amounts are compared."""
    done = facts.completed_on
    return done is not None and done.year == facts.year and done <= facts.compared_on


def _construction(facts: ProjectFacts, judgement: Judgement, policy: Policy) -> Score:
    parts = _weighed(
        [
            _schedule(facts, judgement, policy),
            _node_item(facts, policy, "nodes", "节点", policy.weight_nodes),
            _inclusion(facts, policy),
            _management(facts, policy),
        ]
    )
    return _score("construction", [*parts, *_bonus(judgement, policy)])


def _schedule(facts: ProjectFacts, judgement: Judgement, policy: Policy) -> _Item:
    planned, ratio = judgement.figures.planned_cumulative, judgement.figures.schedule_ratio
    if not planned:
        share, text, advice = ONE, "本期尚无应完成投资，按满分计。", ""
    elif facts.done is None:
        share, text, advice = ZERO, "累计完成投资未填，不得分。", "填报累计完成投资。"
    else:
        share = min(ratio or ZERO, ONE)
        text = f"累计完成{number(facts.done, 2)}万元÷应完成{number(planned, 2)}万元＝进度比{number(ratio or ZERO)}。"
        short = planned - facts.done
        advice = f"补齐投资缺口{number(short, 2)}万元。" if short > 0 else ""
    return _Item("schedule", "投资进度", policy.weight_schedule, share, text, advice)


def _bonus(judgement: Judgement, policy: Policy) -> list[Part]:
    """Up to five points for being ahead of schedule; none while an objective cause holds the schedule still."""
    ratio = judgement.figures.schedule_ratio
    if ratio is None or ratio <= ONE or judgement.expectation.frozen:
        return []
    points = policy.bonus_points * (min(ratio, policy.bonus_ratio) - ONE) / (policy.bonus_ratio - ONE)
    return [Part("bonus", "超序时加分", points, points, f"进度比{number(ratio)}，加{number(points, 2)}分。")]


def _node_item(facts: ProjectFacts, policy: Policy, key: str, title: str, weight: Decimal) -> _Item:
    """N: the weighted credit of all nodes due; None when none is due."""
    due = nodes_due(facts)
    if not due:
        return _Item(key, title, weight, None, "本期没有到期节点")
    credits = [(node_weight(node, policy), node_credit(node, policy)) for node in due]
    total = sum((weight for weight, _ in credits), ZERO)
    share = sum((weight * credit for weight, credit in credits), ZERO) / total
    late = [node for node in due if node.done is None]
    on_time = sum(_on_time(node) for node in due)
    text = f"到期节点{len(due)}个，按时完成{on_time}个，逾期完成{len(due) - on_time - len(late)}个，逾期未完成{len(late)}个。"
    return _Item(key, title, weight, share, text, f"完成逾期节点“{late[0].title}”。" if late else "")


def nodes_due(facts: ProjectFacts) -> list[MilestoneFact]:
    """Milestones other than the start that fell due by the cut-off."""
    return [node for node in facts.nodes if node.due <= facts.compared_on]


def node_weight(node: MilestoneFact, policy: Policy) -> Decimal:
    return ONE if node.weight == "ordinary" else policy.key_node_weight


def node_credit(node: MilestoneFact, policy: Policy) -> Decimal:
    """1 done on time, 0.8 done late, 0.6 × percent while overdue and open."""
    if node.done is None:
        return policy.open_node_share * node.percent / HUNDRED
    return ONE if _on_time(node) else policy.late_node_share


def _on_time(node: MilestoneFact) -> bool:
    return node.done is not None and node.done <= node.due


def _inclusion(facts: ProjectFacts, policy: Policy) -> _Item:
    """V: 1 included or not required, 0.5 in the days of grace, 0 afterwards."""
    item = _Item("inclusion", "入统", policy.weight_inclusion, ONE, "")
    if not facts.inclusion_required or facts.total is None or facts.total < policy.inclusion_total:
        return replace(item, text="不要求入统，按满分计。")
    if facts.included_on is not None and facts.included_on <= facts.as_of:
        return replace(item, text="已入统。")
    if facts.started_on is None:
        return replace(item, share=None, text="未登记确认开工日期，入统期限无从计算")
    days = (facts.compared_on - facts.started_on).days
    if days <= policy.inclusion_zero_days:
        return replace(item, share=policy.inclusion_grace_share, text=f"开工{days}天，尚未入统。", advice="办理入统。")
    return replace(item, share=ZERO, text=f"开工{days}天仍未入统，不得分。", advice="办理入统。")


def _management(facts: ProjectFacts, policy: Policy) -> _Item:
    """M: half for problems and supervised matters closed on time, half for reports on time."""
    problems = _ratio(facts.problems_on_time, facts.problems_due)
    due = [report for report in facts.reports if report.due < facts.as_of]
    on_time = sum(report.submitted is not None and report.submitted <= report.due for report in due)
    reports = _ratio(on_time, len(due))
    text = (
        f"问题和督办事项按时办结{facts.problems_on_time}/{facts.problems_due}，按时报送{on_time}/{len(due)}"
        f"{'' if facts.problems_due and due else '（无到期的按满分计）'}。"
    )
    advice = "按时报送，按时办结问题。" if problems + reports < 2 else ""
    return _Item("management", "管理", policy.weight_management, (problems + reports) / 2, text, advice)


def _ratio(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else ONE


def _waiting(facts: ProjectFacts, policy: Policy) -> Score:
    parts = _weighed(
        [
            _start_index(facts, policy),
            _node_item(facts, policy, "permits", "手续和前期节点", policy.waiting_permits),
            replace(_management(facts, policy), weight=policy.weight_management),
        ]
    )
    return _score("waiting", parts)


def start_days_late(facts: ProjectFacts) -> int | None:
    """Days from the end of the planned start's month (or wider written precision) to the cut-off; 0 when not reached,
    None without a planned start."""
    planned = facts.milestone("start")
    if planned is None:
        return None
    return max(0, (facts.compared_on - start_window_end(planned)).days)


def _start_index(facts: ProjectFacts, policy: Policy) -> _Item:
    item = _Item("start", "开工", policy.waiting_start, ZERO, "未填计划开工时间，不得分。", "填报计划开工时间。")
    late = start_days_late(facts)
    if late is None:
        return item
    if late == 0:
        return replace(item, share=ONE, text="未到计划开工时限。", advice="")
    share = max(ZERO, ONE - Decimal(late) / policy.start_red_days)
    return replace(item, share=share, text=f"超过计划开工时限{late}天。", advice="尽快开工并确认。")


def _pre_stage(facts: ProjectFacts, policy: Policy) -> Score | None:
    if not facts.nodes:
        return None
    due = nodes_due(facts)
    on_time = sum(_on_time(node) for node in due)
    finished = sum(node.done is not None for node in facts.nodes)
    parts = _weighed(
        [
            _Item(
                "permits",
                "手续和节点按时",
                policy.pre_stage_permits,
                _ratio(on_time, len(due)),
                f"到期{len(due)}项，按时完成{on_time}项。" if due else "本期没有到期事项，按满分计。",
                "按时办结到期手续和节点。" if on_time < len(due) else "",
            ),
            _Item(
                "preparation",
                "前期节点完成",
                policy.pre_stage_nodes,
                Decimal(finished) / len(facts.nodes),
                f"前期节点共{len(facts.nodes)}个，已完成{finished}个。",
                "推进未完成的前期节点。" if finished < len(facts.nodes) else "",
            ),
            _management(facts, policy),
        ]
    )
    return _score("pre_stage", parts)


def _completed(facts: ProjectFacts, policy: Policy) -> Score:
    """Full marks for plan and date met; one point off for every five days late, never below the floor."""
    finish = facts.milestone("finish")
    completed = facts.completed_on or facts.compared_on
    late = max(0, (completed - finish.due).days) if finish else 0
    points = max(policy.completed_floor, HUNDRED - late // policy.completed_days_a_point)
    text = f"完成年度计划，{_date(completed)}竣工，" + (f"比计划晚{late}天。" if late else "未逾期。")
    return _score("completed", [Part("completed", "竣工", HUNDRED, points, text)])


def _date(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _weighed(items: Sequence[_Item]) -> list[Part]:
    """Points of each item; the weight of an item with nothing to judge goes to the first, and its text says so."""
    moved = sum((item.weight for item in items[1:] if item.share is None), ZERO)
    first = replace(items[0], weight=items[0].weight + moved)
    parts = []
    for item in (first, *items[1:]):
        if item.share is None:
            text = f"{item.text}，{number(item.weight)}分并入“{first.title}”。"
            parts.append(Part(item.key, item.title, ZERO, ZERO, text))
        else:
            parts.append(Part(item.key, item.title, item.weight, item.weight * item.share, item.text, item.advice))
    return parts


def _score(formula: str, parts: Sequence[Part]) -> Score:
    total = rounded(sum((part.points for part in parts), ZERO))
    return Score(formula, total, tuple(parts), _best_advice(parts))


def _best_advice(parts: Sequence[Part]) -> str:
    """The part with the most points to gain, and how."""
    open_parts = [part for part in parts if part.advice and part.lost > 0]
    if not open_parts:
        return ""
    best = max(open_parts, key=lambda part: part.lost)
    return f"{best.advice.rstrip('。')}，“{best.title}”最多可再得{number(best.lost, 2)}分。"


# units and leaders


@dataclass(frozen=True, slots=True)
class Share:
    """One project in the account of a unit or leader: `factor` 1 for the lead, less for the others."""

    project: int
    name: str
    plan: Decimal | None
    planned: Decimal | None
    done: Decimal | None
    score: Decimal | None
    factor: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Duty:
    """A leader's own duties by the cut-off: problems assigned, and weeks with the required work on site (approved
    absences already taken out). None: no such records are kept."""

    problems_due: int | None = None
    problems_on_time: int = 0
    weeks_required: int | None = None
    weeks_done: int = 0


NO_DUTY = Duty()


def unit_score(shares: Sequence[Share], policy: Policy) -> Score | None:
    """U = half Σmin(A, PC)/ΣPC, half the weighted mean of project scores. Capping A at PC keeps one over-fulfilled
    project from covering the rest. None when the unit has neither."""
    planned = sum((item.factor * item.planned for item in shares if item.planned), ZERO)
    mean = weighted_mean(shares)
    if not planned and mean is None:
        return None
    items = []
    if mean is not None:
        items.append(_mean_item("scores", "项目得分", HUNDRED * (ONE - policy.unit_weight_schedule), mean, shares))
    if planned:
        counted = sum((item.factor * min(item.done or ZERO, item.planned) for item in shares if item.planned), ZERO)
        text = (
            f"各项目完成投资（不超过应完成）合计{number(counted, 2)}万元÷应完成合计{number(planned, 2)}万元"
            f"＝{number(counted / planned * HUNDRED, 2)}%。"
        )
        advice = _widest_gap(shares)
        item = _Item("schedule", "投资进度", HUNDRED * policy.unit_weight_schedule, counted / planned, text, advice)
        items.insert(0, item)
    return _score("unit", _weighed(_alone_is_full(items)))


def leader_score(shares: Sequence[Share], duty: Duty, policy: Policy) -> Score | None:
    """L = 0.7 projects + 0.2 problems solved on time + 0.1 weeks with on-site work. The last is a compliance rate:
    extra visits bring nothing. What is not recorded, or weighs 0, moves to the projects. None without a scored
    project."""
    mean = weighted_mean(shares)
    if mean is None:
        return None
    problems: Decimal | None = None
    visits: Decimal | None = None
    if duty.problems_due is not None:
        problems = _ratio(duty.problems_on_time, duty.problems_due)
    if duty.weeks_required is not None:
        visits = min(ONE, _ratio(duty.weeks_done, duty.weeks_required))
    return _score(
        "leader",
        _weighed(
            [
                _mean_item("projects", "包联项目得分", HUNDRED * policy.leader_weight_projects, mean, shares),
                _Item(
                    "problems",
                    "问题按时解决",
                    HUNDRED * policy.leader_weight_problems,
                    problems,
                    "没有问题办理记录" if problems is None else f"{duty.problems_on_time}/{duty.problems_due}。",
                    "按时解决交办的问题。",
                ),
                _Item(
                    "visits",
                    "现场办公",
                    HUNDRED * policy.leader_weight_visits,
                    visits,
                    "没有现场办公记录" if visits is None else f"{duty.weeks_done}/{duty.weeks_required}周。",
                    "每周按要求现场办公。",
                ),
            ]
        ),
    )


def weighted_mean(shares: Sequence[Share]) -> Decimal | None:
    """Σ factor·w·S / Σ factor·w over the scored projects."""
    scored = [(item.factor * size_weight(item.plan), item.score) for item in shares if item.score is not None]
    total = sum((weight for weight, _ in scored), ZERO)
    return sum((weight * score for weight, score in scored), ZERO) / total if total else None


def _mean_item(key: str, title: str, weight: Decimal, mean: Decimal, shares: Sequence[Share]) -> _Item:
    scored = [item for item in shares if item.score is not None]
    worst = max(scored, key=lambda item: item.factor * size_weight(item.plan) * (HUNDRED - (item.score or ZERO)))
    text = f"{len(scored)}个项目按规模加权平均{number(mean, 2)}分。"
    is_full = (worst.score or ZERO) >= HUNDRED
    advice = "" if is_full else f"提高“{worst.name}”（现{number(worst.score or ZERO, 2)}分）的得分。"
    return _Item(key, title, weight, mean / HUNDRED, text, advice)


def _widest_gap(shares: Sequence[Share]) -> str:
    def gap(item: Share) -> Decimal:
        return item.factor * max(ZERO, (item.planned or ZERO) - (item.done or ZERO))

    widest = max(shares, key=gap)
    if not gap(widest):
        return ""
    short = (widest.planned or ZERO) - (widest.done or ZERO)
    return f"补齐“{widest.name}”的投资缺口{number(short, 2)}万元。"


def _alone_is_full(items: Sequence[_Item]) -> Sequence[_Item]:
    """A term that stands alone carries the whole score."""
    return [replace(items[0], weight=HUNDRED)] if len(items) == 1 else items


Scorer = Callable[[Sequence[Share]], Score | None]
