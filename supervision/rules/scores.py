"""Scores of projects (docs/rules.md, Scores). Every score opens into parts with their numbers, the
rows they rest on, and what would raise it most. Points are Decimal out of 100 (bonus on top), unrounded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from projects.rules.dimensions import is_overdue, start_window_end
from projects.rules.facts import SIDE_STAGES, MilestoneFact, ProjectFacts
from projects.rules.lights import Judgement
from projects.rules.periods import parse
from projects.rules.policy import Policy
from projects.rules.wording import amount, date_text, day_text, number

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
CENT, NOISE = Decimal("0.01"), Decimal("1e-12")


class Group(StrEnum):
    """Peer groups: projects are compared only inside one."""

    CARRY_OVER = "carry_over"
    NEW_START = "new_start"
    WAITING = "waiting"
    PRE_STAGE = "pre_stage"
    COMPLETION = "completion"

    @property
    def label(self) -> str:
        return GROUP_LABELS[self]


GROUP_LABELS = {
    Group.CARRY_OVER: "续建",
    Group.NEW_START: "新开工（已开工）",
    Group.WAITING: "新开工（未开工）",
    Group.PRE_STAGE: "前期、储备",
    Group.COMPLETION: "竣工投产",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row a part rests on: `kind` revision, milestone, report, inclusion or project, with its id."""

    kind: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: points earned of points possible, the sentence with the numbers, the rows behind it."""

    code: str
    title: str
    earned: Decimal
    possible: Decimal
    text: str
    evidence: tuple[Evidence, ...] = ()
    lever: str = ""
    """What would win the lost points."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its parts; `value` is rounded half up to two decimals, `exact` is not."""

    group: str
    value: Decimal
    exact: Decimal
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


def rounded(value: Decimal) -> Decimal:
    """Two decimals, half up. The last digits of divisions like 1/3 go first, so that an exact half stays a half."""
    return value.quantize(NOISE, ROUND_HALF_UP).quantize(CENT, ROUND_HALF_UP)


def group_of(facts: ProjectFacts) -> Group | None:
    """The peer group; None for a paused, removed, handed over or terminated project."""
    if facts.stage in SIDE_STAGES:
        return None
    if facts.annual_class in ("pre_stage", "reserve"):
        return Group.PRE_STAGE
    if facts.annual_class == "completion" or facts.is_finished:
        return Group.COMPLETION
    if facts.annual_class == "new_start":
        return Group.NEW_START if facts.is_started else Group.WAITING
    return Group.CARRY_OVER


def score_project(facts: ProjectFacts, judgement: Judgement, policy: Policy) -> Score:
    """The project's score by the formula of its group."""
    group = group_of(facts)
    if group is None:
        raise ValueError("暂停、调出、移交或终止的项目不计分。")
    if group is Group.COMPLETION and facts.is_finished and _plan_met(facts, judgement):
        parts: tuple[Part, ...] = (_completed(facts, policy),)
    elif group is Group.WAITING:
        parts = (_start_index(facts, policy), _permits(facts, policy.waiting_permits), _management(facts, policy))
    elif group is Group.PRE_STAGE:
        parts = (
            _permits(facts, policy.pre_stage_permits) if facts.nodes else _no_permits(policy.pre_stage_permits),
            _preparation(facts, policy),
            _management(facts, policy),
        )
    else:
        parts = _construction(facts, judgement, policy)
    return summed(group, (*out_of_hundred(parts), *_bonus(facts, judgement, group, policy)))


def summed(group: str, parts: tuple[Part, ...], notes: tuple[str, ...] = ()) -> Score:
    exact = sum((part.earned for part in parts), ZERO)
    return Score(group, rounded(exact), exact, parts, notes)


def out_of_hundred(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Weights a county has changed count in proportion: together they still give 100."""
    total = sum((part.possible for part in parts), ZERO)
    if total == HUNDRED:
        return parts
    scale = HUNDRED / total
    return tuple(replace(part, earned=part.earned * scale, possible=part.possible * scale) for part in parts)


def _plan_met(facts: ProjectFacts, judgement: Judgement) -> bool:
    return not facts.plan or (facts.done is not None and facts.done >= facts.plan)


# construction: S = 50·min(Q,1) + 25·N + 10·V + 15·M, bonus above Q = 1


def _construction(facts: ProjectFacts, judgement: Judgement, policy: Policy) -> tuple[Part, ...]:
    """Parts with nothing to judge give their weight to the investment part, which says so."""
    due = due_nodes(facts)
    others: list[Part] = []
    moved: list[tuple[str, Decimal]] = []
    if due:
        others.append(_nodes(due, policy))
    else:
        moved.append(("无到期节点，节点分并入本项", policy.weight_nodes))
    if _inclusion_known(facts, policy):
        others.append(_inclusion(facts, policy))
    else:
        moved.append(("未登记确认开工日期，入统分并入本项", policy.weight_inclusion))
    others.append(_management(facts, policy))
    weight = policy.weight_schedule + sum((points for _, points in moved), ZERO)
    tail = "".join(f"；{reason}" for reason, _ in moved)
    return (_schedule(facts, judgement, weight, tail), *others)


def _ratio(facts: ProjectFacts, judgement: Judgement) -> Decimal | None:
    """Q, with a cumulative that was never filled counting as nothing done."""
    planned = judgement.figures.planned_cumulative
    if not planned:
        return None
    return (facts.done or ZERO) / planned


def _schedule(facts: ProjectFacts, judgement: Judgement, weight: Decimal, tail: str) -> Part:
    ratio = _ratio(facts, judgement)
    evidence = _figure_evidence(facts)
    if ratio is None:
        return Part("Q", "投资进度", weight, weight, f"尚未到应完成投资的时间{tail}。", evidence)
    planned = judgement.figures.planned_cumulative or ZERO
    earned = weight * max(min(ratio, ONE), ZERO)
    text = f"累计{_filled(facts)}，应完成{amount(planned)}，进度比{number(ratio)}{tail}。"
    missing = planned - (facts.done or ZERO)
    lever = f"再完成{amount(missing)}可得满分" if missing > 0 else ""
    return Part("Q", "投资进度", earned, weight, text, evidence, lever)


def _filled(facts: ProjectFacts) -> str:
    return "未填" if facts.done is None else amount(facts.done)


def _figure_evidence(facts: ProjectFacts) -> tuple[Evidence, ...]:
    if facts.done_revision is None:
        return ()
    return (Evidence("revision", str(facts.done_revision), f"{_period(facts.done_period)}报告：累计{_filled(facts)}"),)


def _period(key: str | None) -> str:
    return parse(key).title if key else ""


def _bonus(facts: ProjectFacts, judgement: Judgement, group: Group, policy: Policy) -> tuple[Part, ...]:
    """Up to five points for construction ahead of schedule; none while an objective cause holds the schedule still."""
    ratio = judgement.figures.schedule_ratio
    is_building = group in (Group.CARRY_OVER, Group.NEW_START) or (group is Group.COMPLETION and not facts.is_finished)
    if not is_building or ratio is None or ratio <= ONE or judgement.expectation.frozen:
        return ()
    share = (min(ratio, policy.bonus_ratio) - ONE) / (policy.bonus_ratio - ONE)
    return (Part("B", "超序时加分", policy.bonus_points * share, policy.bonus_points, f"进度比{number(ratio)}。"),)


def due_nodes(facts: ProjectFacts) -> tuple[MilestoneFact, ...]:
    """Nodes (and the planned finish) whose last day is not after the cut-off."""
    return tuple(node for node in facts.nodes if node.due <= facts.judged_on)


def _nodes(due: tuple[MilestoneFact, ...], policy: Policy) -> Part:
    weights = sum((_node_weight(node, policy) for node in due), ZERO)
    earned_share = sum((_node_weight(node, policy) * _node_share(node, policy) for node in due), ZERO) / weights
    unfinished = [node for node in due if node.done is None]
    evidence = tuple(Evidence("milestone", str(node.id), _node_text(node)) for node in due)
    text = f"到期节点{len(due)}个，按时完成{sum(_on_time(node) for node in due)}个，未完成{len(unfinished)}个。"
    lever = f"完成逾期节点“{unfinished[0].title}”" if unfinished else ""
    return Part("N", "节点", policy.weight_nodes * earned_share, policy.weight_nodes, text, evidence, lever)


def _node_weight(node: MilestoneFact, policy: Policy) -> Decimal:
    return ONE if node.weight == "ordinary" else policy.key_node_weight


def _on_time(node: MilestoneFact) -> bool:
    return node.done is not None and node.done <= node.due


def _node_share(node: MilestoneFact, policy: Policy) -> Decimal:
    if node.done is None:
        return policy.open_node_share * node.percent / HUNDRED
    return ONE if _on_time(node) else policy.late_node_share


def _node_text(node: MilestoneFact) -> str:
    state = f"完成{node.percent}%" if node.done is None else f"{day_text(node.done)}完成"
    return f"{node.title}（时限{date_text(node)}）{state}"


def _inclusion(facts: ProjectFacts, policy: Policy) -> Part:
    weight = policy.weight_inclusion
    evidence = (Evidence("inclusion", str(facts.id), "入统情况"),)
    if facts.included_on is not None and facts.included_on <= facts.judged_on:
        return Part("V", "入统", weight, weight, f"{day_text(facts.included_on)}已入统。", evidence)
    if not _must_be_included(facts, policy) or facts.started_on is None:
        return Part("V", "入统", weight, weight, "不要求入统。", evidence)
    days = (facts.judged_on - facts.started_on).days
    share = policy.inclusion_grace_share if days <= policy.inclusion_zero_days else ZERO
    return Part("V", "入统", weight * share, weight, f"开工{days}天未入统。", evidence, "完成入统")


def _must_be_included(facts: ProjectFacts, policy: Policy) -> bool:
    return facts.inclusion_required and facts.total is not None and facts.total >= policy.inclusion_total


def _inclusion_known(facts: ProjectFacts, policy: Policy) -> bool:
    """Whether the days of grace can be counted at all, or need not be."""
    return facts.started_on is not None or facts.included_on is not None or not _must_be_included(facts, policy)


def _management(facts: ProjectFacts, policy: Policy) -> Part:
    weight = policy.weight_management
    due = facts.due_reports
    late = [report for report in due if not _reported_on_time(report.submitted, report.due)]
    count = len(due) + facts.reports_in_time
    reports = Decimal(count - len(late)) / count if count else ONE
    problems = Decimal(facts.problems_on_time) / facts.problems_due if facts.problems_due else ONE
    earned = weight * (problems + reports) / 2
    evidence = tuple(
        Evidence("report", report.period, f"{_period(report.period)}{'未报' if report.submitted is None else '迟报'}")
        for report in late
    )
    text = f"应报{count}期、按时{count - len(late)}期"
    text += f"；到期问题{facts.problems_due}件、按时解决{facts.problems_on_time}件。" if facts.problems_due else "。"
    lever = "按时报送并按时解决问题" if earned < weight else ""
    return Part("M", "管理", earned, weight, text, evidence, lever)


def _reported_on_time(submitted: dt.date | None, due: dt.date) -> bool:
    return submitted is not None and submitted <= due


# not started, pre-stage, completed


def _start_index(facts: ProjectFacts, policy: Policy) -> Part:
    weight, planned = policy.waiting_start, facts.milestone("start")
    if planned is None:
        return Part("K", "开工", ZERO, weight, "未登记计划开工时间，不得分。", (), "登记计划开工时间")
    evidence = (Evidence("milestone", str(planned.id), f"计划{date_text(planned)}开工"),)
    late = max(0, (facts.judged_on - start_window_end(planned)).days)
    share = max(ZERO, ONE - Decimal(late) / policy.start_red_days)
    text = f"计划{date_text(planned)}开工，" + (f"已逾期{late}天。" if late else "未到时限。")
    return Part("K", "开工", weight * share, weight, text, evidence, "尽快开工并确认" if late else "")


def _permits(facts: ProjectFacts, weight: Decimal) -> Part:
    """Procedures and preparation nodes done on time, of those due."""
    due = due_nodes(facts)
    if not due:
        return Part("F", "前期节点按时率", weight, weight, "没有到期的前期节点。")
    on_time = sum(_on_time(node) for node in due)
    overdue = [node for node in due if is_overdue(node, facts)]
    evidence = tuple(Evidence("milestone", str(node.id), _node_text(node)) for node in due)
    lever = f"完成逾期节点“{overdue[0].title}”" if overdue else ""
    text = f"到期前期节点{len(due)}个，按时完成{on_time}个。"
    return Part("F", "前期节点按时率", weight * on_time / len(due), weight, text, evidence, lever)


def _no_permits(weight: Decimal) -> Part:
    return Part("F", "前期节点按时率", ZERO, weight, "未登记前期节点，不得分。", (), "登记前期工作节点")


def _preparation(facts: ProjectFacts, policy: Policy) -> Part:
    weight, nodes = policy.pre_stage_nodes, facts.nodes
    if not nodes:
        return Part("Z", "前期完成度", ZERO, weight, "未登记前期节点。", (), "登记前期工作节点")
    done = sum(node.done is not None for node in nodes)
    text = f"前期节点{len(nodes)}个，已完成{done}个。"
    return Part(
        "Z", "前期完成度", weight * done / len(nodes), weight, text, (), "继续完成前期节点" if done < len(nodes) else ""
    )


def _completed(facts: ProjectFacts, policy: Policy) -> Part:
    planned = facts.milestone("finish")
    late = 0
    if planned is not None and facts.completed_on is not None:
        late = max(0, (facts.completed_on - planned.due).days)
    earned = max(policy.completed_floor, HUNDRED - Decimal(late // policy.completed_days_a_point))
    text = "按时竣工，年度计划完成。" if not late else f"竣工逾期{late}天，年度计划完成。"
    return Part("J", "竣工", earned, HUNDRED, text, _figure_evidence(facts))
