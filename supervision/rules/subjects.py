"""Scores of units and leaders from the scores of their projects (docs/rules.md, Unit and leader scores)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from projects.rules.policy import Policy
from projects.rules.wording import amount, number
from supervision.rules.scores import HUNDRED, ONE, ZERO, Evidence, Part, Score, out_of_hundred, summed


def size_weight(plan: Decimal | None) -> Decimal:
    """w = 1 + log10(max(P, 100) / 100): size counts, but a giant does not hide ten small failures."""
    return ONE + (max(plan or ZERO, HUNDRED) / HUNDRED).log10()


@dataclass(frozen=True, slots=True)
class Member:
    """A scored project of a unit or leader. `factor` is 1 for the lead, 0.5 for the others; `planned` is PC."""

    id: int
    name: str
    plan: Decimal
    done: Decimal
    planned: Decimal
    score: Decimal
    factor: Decimal


def score_unit(members: Iterable[Member], policy: Policy) -> Score | None:
    """U: half the capped investment ratio of the whole, half the weighted mean of the project scores."""
    members = tuple(members)
    if not members:
        return None
    mean = _weighted_mean(members)
    planned = sum((item.planned * item.factor for item in members), ZERO)
    evidence = _member_evidence(members)
    weakest = min(members, key=lambda item: (item.score, item.id))
    lever = f"提高“{weakest.name}”（{number(weakest.score, 2)}分）"
    if not planned:
        part = Part("S", "项目平均", mean, HUNDRED, "尚无应完成投资，只按项目得分计算。", evidence, lever)
        return summed("unit", (part,))
    covered = sum((min(item.done, item.planned) * item.factor for item in members), ZERO)
    share = covered / planned
    weight = policy.unit_weight_schedule * HUNDRED
    first = Part(
        "I",
        "投资完成",
        share * weight,
        weight,
        f"应完成{amount(planned)}，按项目封顶后完成{amount(covered)}。",
        evidence,
        f"补齐滞后项目投资{amount(planned - covered)}" if covered < planned else "",
    )
    text = f"{len(members)}个项目加权平均{number(mean, 2)}分。"
    rest = HUNDRED - weight
    second = Part("S", "项目平均", mean * rest / HUNDRED, rest, text, evidence, lever)
    return summed("unit", (first, second))


def _member_evidence(members: tuple[Member, ...]) -> tuple[Evidence, ...]:
    return tuple(Evidence("project", str(item.id), f"{item.name}：{number(item.score, 2)}分") for item in members)


def _weighted_mean(members: tuple[Member, ...]) -> Decimal:
    weights = [size_weight(item.plan) * item.factor for item in members]
    products = (weight * item.score for weight, item in zip(weights, members, strict=True))
    return sum(products, ZERO) / sum(weights, ZERO)


@dataclass(frozen=True, slots=True)
class LeaderDuties:
    """Counts of a leader's other duties; None where the county keeps no such record yet."""

    problems_due: int | None = None
    problems_on_time: int = 0
    visits_required: int | None = None
    visits_done: int = 0


def score_leader(members: Iterable[Member], duties: LeaderDuties, policy: Policy) -> Score | None:
    """L: projects, problems solved on time, weekly visits. A duty without records gives its weight to the first."""
    members = tuple(members)
    if not members:
        return None
    mean = _weighted_mean(members)
    extra: list[Part] = []
    notes: list[str] = []
    weight = policy.leader_weight_projects
    if duties.problems_due is None:
        weight += policy.leader_weight_problems
        notes.append("没有问题办理记录，该项权重并入包联项目。")
    else:
        share = Decimal(duties.problems_on_time) / duties.problems_due if duties.problems_due else ONE
        points = policy.leader_weight_problems * HUNDRED
        text = f"到期{duties.problems_due}件，按时解决{duties.problems_on_time}件。"
        extra.append(Part("P", "问题解决", points * share, points, text, (), "按时解决交办的问题"))
    if duties.visits_required is None:
        weight += policy.leader_weight_visits
        notes.append("没有现场办公记录，该项权重并入包联项目。")
    else:
        share = min(ONE, Decimal(duties.visits_done) / duties.visits_required) if duties.visits_required else ONE
        points = policy.leader_weight_visits * HUNDRED
        text = f"应到{duties.visits_required}周，完成{duties.visits_done}周。"
        extra.append(Part("V", "现场办公", points * share, points, text, (), "每周按要求现场办公"))
    weakest = min(members, key=lambda item: (item.score, item.id))
    evidence = _member_evidence(members)
    first = Part(
        "S",
        "包联项目",
        weight * mean,
        weight * HUNDRED,
        f"{len(members)}个项目加权平均{number(mean, 2)}分。",
        evidence,
        f"提高“{weakest.name}”（{number(weakest.score, 2)}分）",
    )
    return summed("leader", out_of_hundred((first, *extra)), tuple(notes))
