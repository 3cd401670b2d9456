"""Rankings inside peer groups and boards (docs/rules.md, Rankings).

Same facts, policy and previous order give the same answer to the last character: rows are plain frozen values, and
`projects.rules.facts.to_json` writes them canonically.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from projects.rules.colours import Colour
from projects.rules.dimensions import is_overdue
from projects.rules.facts import ProjectFacts
from projects.rules.lights import RULE_VERSION as LIGHT_VERSION
from projects.rules.lights import Judgement, judge
from projects.rules.policy import Policy
from projects.rules.progress import merged
from projects.rules.wording import day_text, number
from projects.workdays import Calendar
from supervision.rules.ordering import by_group
from supervision.rules.rows import STATUS_TEXTS, Previous, ProjectRow, Subject, SubjectRow
from supervision.rules.scores import (
    HUNDRED,
    ZERO,
    Group,
    Score,
    due_nodes,
    group_of,
    score_project,
)
from supervision.rules.subjects import Member, score_leader, score_unit

RULE_VERSION = f"{LIGHT_VERSION}-r2"
"""Changes whenever the same facts and policy could give another ranking."""

LEAD_FACTOR = Decimal(1)
COUNTED = frozenset({"ranked", "blank"})
"""Statuses that enter the scores of units and leaders: a blank cumulative stays in the denominator."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A project's facts with what the rules said of them."""

    facts: ProjectFacts
    judgement: Judgement
    group: Group | None
    score: Score | None
    status: str


def judge_all(
    facts: Iterable[ProjectFacts], policy: Policy, calendar: Calendar, since: dt.date | None = None
) -> tuple[Judged, ...]:
    """Light, group, score and rankability of every project, by id. A package with children in the list is only their
    sum. `since` is the first day of the period; without it the month of the cut-off counts."""
    everything = sorted(facts, key=lambda item: item.id)
    parents = {item.parent for item in everything if item.parent is not None}
    return tuple(
        judge_one(item, policy, calendar, since or item.compared_on.replace(day=1))
        for item in everything
        if not (item.is_package and item.id in parents)
    )


def judge_one(facts: ProjectFacts, policy: Policy, calendar: Calendar, since: dt.date) -> Judged:
    """The same for one project."""
    judgement = judge(facts, policy, calendar)
    group = group_of(facts)
    is_silent = judgement.missing_periods >= policy.missing_red_periods
    status = _status(facts, group, since, is_silent)
    score = score_project(facts, judgement, policy) if group is not None else None
    return Judged(facts, judgement, group, score, status)


def _status(facts: ProjectFacts, group: Group | None, since: dt.date, is_silent: bool) -> str:
    """Whether the project can be ranked; two missing reports put it last rather than out, unless it is excluded."""
    if group is None:
        return "paused"
    if facts.exceeds_total:
        return "unverified"
    if group is not Group.PRE_STAGE and not facts.plan:
        return "outside_plan" if facts.plan is not None and facts.done else "no_plan"
    if _frozen_throughout(facts, since):
        return "frozen"
    if facts.done is None and group not in (Group.PRE_STAGE, Group.WAITING) and not is_silent:
        return "blank"
    return "ranked"


def _frozen_throughout(facts: ProjectFacts, since: dt.date) -> bool:
    stops = merged(facts.freezes, since, facts.compared_on)
    return len(stops) == 1 and stops[0].covers(since) and stops[0].covers(facts.compared_on)


# projects


def rank_projects(judged: Sequence[Judged], policy: Policy, previous: Previous | None = None) -> tuple[ProjectRow, ...]:
    """The monthly board: by score inside each peer group, silent projects last, ties sharing a rank (1, 2, 2, 4)."""
    rows = [_project_row(item, policy) for item in judged]
    return by_group(rows, policy, _project_key, lambda row: row.score if not row.silent else None, previous)


def order_weekly(judged: Sequence[Judged], policy: Policy, previous: Previous | None = None) -> tuple[ProjectRow, ...]:
    """The simple weekly list: by Q inside each group, ties by G, nothing else."""
    rows = [
        row if row.status != "ranked" or row.ratio is not None else replace(row, status="no_figures")
        for row in (_project_row(item, policy) for item in judged)
    ]
    key: Callable[[ProjectRow], tuple[object, ...]] = _weekly_key
    return by_group(rows, policy, key, lambda row: _weekly_tie(row) if not row.silent else None, previous)


def _project_key(row: ProjectRow) -> tuple[object, ...]:
    return (
        row.silent,
        -(row.score or ZERO),
        -(row.ratio or ZERO),
        -(row.done or ZERO),
        row.overdue_nodes,
        row.code,
        row.id,
    )


def _weekly_key(row: ProjectRow) -> tuple[object, ...]:
    ratio, gap = _weekly_tie(row)
    return (row.silent, -ratio, -gap, row.code, row.id)


def _weekly_tie(row: ProjectRow) -> tuple[Decimal, Decimal]:
    """Q and G without the last digits of their divisions, so that equal progress is equal."""
    return round(row.ratio or ZERO, 6), round(row.gap or ZERO, 6)


def _project_row(item: Judged, policy: Policy) -> ProjectRow:
    facts, judgement = item.facts, item.judgement
    figures = judgement.figures
    silent = judgement.missing_periods >= policy.missing_red_periods
    marks, notes = _marks(item, silent)
    score = item.score
    return ProjectRow(
        id=facts.id,
        code=facts.code,
        name=facts.name,
        group=item.group.value if item.group else "none",
        status=item.status,
        rank=None,
        score=score.value if score else None,
        parts=score.parts if score else (),
        colour=judgement.colour.value,
        light_text=judgement.text,
        plan=facts.plan,
        done=facts.done,
        planned=figures.planned_cumulative,
        rate=figures.rate,
        gap=figures.gap_points,
        ratio=figures.schedule_ratio,
        overdue_nodes=sum(is_overdue(node, facts) for node in facts.nodes),
        marks=marks,
        notes=notes,
        unit=facts.unit,
        leader=facts.leader,
        target_met=_target_met(item),
        silent=silent,
        excused=judgement.expectation.frozen,
    )


def _target_met(item: Judged) -> bool:
    """Construction: on or ahead of schedule. Waiting: the planned start is not overdue. Pre-stage: nothing overdue."""
    facts, figures = item.facts, item.judgement.figures
    if item.group is Group.WAITING:
        return not any(light.dimension == "W2" and light.colour.severity > 1 for light in item.judgement.lights)
    if item.group is Group.PRE_STAGE:
        return bool(facts.nodes) and all(node.done is not None for node in due_nodes(facts))
    if facts.completed_on is not None and facts.plan and (facts.done or ZERO) >= facts.plan:
        return True
    if not figures.planned_cumulative:
        return facts.done is not None
    return figures.schedule_ratio is not None and figures.schedule_ratio >= 1


def _marks(item: Judged, silent: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    facts, judgement = item.facts, item.judgement
    marks: list[str] = []
    notes: list[str] = []
    if STATUS_TEXTS.get(item.status):
        notes.append(STATUS_TEXTS[item.status])
    if judgement.missing_periods:
        marks.append("未报")
        tail = "，排在末位" if silent else "，按上次通过的数据计算"
        notes.append(f"未报送{judgement.missing_periods}期{tail}")
    if judgement.is_stale:
        marks.append("滞")
        notes.append(f"数据截至{day_text(facts.done_cutoff)}" if facts.done_cutoff else "没有通过审核的数据")
    if facts.open_flags or facts.reported_done is not None:
        marks.append("核")
        if facts.reported_done is not None and facts.done is not None:
            notes.append(f"上报{number(facts.reported_done, 2)}万元，按核实后的{number(facts.done, 2)}万元计算")
    if any(freeze.start <= facts.compared_on for freeze in facts.freezes):
        marks.append("客")
    return tuple(marks), tuple(notes)


# units and leaders


def rank_units(
    units: Iterable[Subject], judged: Sequence[Judged], policy: Policy, previous: Previous | None = None
) -> tuple[SubjectRow, ...]:
    """Units on their boards; the first unit of a project counts whole, cooperating ones half."""
    rows = [
        _subject_row(unit, _shares(judged, unit.id, "unit", policy), partial(score_unit, policy=policy))
        for unit in units
    ]
    order = {unit.id: unit.order for unit in units}
    return by_group(rows, policy, lambda row: _subject_key(row, order), lambda row: row.score, previous)


def rank_leaders(
    leaders: Iterable[Subject], judged: Sequence[Judged], policy: Policy, previous: Previous | None = None
) -> tuple[SubjectRow, ...]:
    """Leaders on one board."""
    rows = [
        _subject_row(
            leader,
            _shares(judged, leader.id, "leader", policy),
            partial(score_leader, duties=leader.duties, policy=policy),
        )
        for leader in leaders
    ]
    order = {leader.id: leader.order for leader in leaders}
    return by_group(rows, policy, lambda row: _subject_key(row, order), lambda row: row.score, previous)


def _subject_key(row: SubjectRow, order: Mapping[int, int]) -> tuple[object, ...]:
    return (-(row.score or ZERO), -(row.rate or ZERO), -row.done, order[row.id], row.id)


Shares = list[tuple[Judged, Decimal, bool]]
"""Projects of a unit or leader: what was judged, the factor, and whether the subject leads."""


def _shares(judged: Sequence[Judged], subject: int, kind: str, policy: Policy) -> Shares:
    found = []
    for item in judged:
        lead = item.facts.unit if kind == "unit" else item.facts.leader
        others = item.facts.co_units if kind == "unit" else item.facts.co_leaders
        if subject == lead:
            found.append((item, LEAD_FACTOR, True))
        elif subject in others:
            found.append((item, policy.shared_factor, False))
    return found


def _subject_row(
    subject: Subject,
    shares: Shares,
    score_of: Callable[[Sequence[Member]], Score | None],
) -> SubjectRow:
    members = [_member(item, factor) for item, factor, _ in shares if item.status in COUNTED]
    score = score_of(members)
    own = [item for item, _, leads in shares if leads and item.status != "paused"]
    counted = [item for item in own if item.status not in ("unverified", "outside_plan")]
    plan, done = _sum(item.facts.plan for item in counted), _sum(item.facts.done for item in counted)
    filled_plan = _sum(item.facts.plan for item in counted if item.facts.done is not None)
    planned = _sum(item.judgement.figures.planned_cumulative for item in counted)
    notes = _subject_notes(shares, members, score, own, score_of)
    new_starts = [item.facts for item in own if item.facts.annual_class == "new_start"]
    due_starts = [facts for facts in new_starts if _start_due(facts)]
    to_include = [item.facts for item in own if item.facts.started_on is not None and item.facts.inclusion_required]
    return SubjectRow(
        id=subject.id,
        name=subject.name,
        group=subject.board,
        status="not_ranked" if subject.board == "none" else ("ranked" if score else "no_figures"),
        rank=None,
        score=score.value if score else None,
        parts=score.parts if score else (),
        projects=len(own),
        plan=plan,
        done=done,
        rate=done / plan if plan else None,
        rate_filled=done / filled_plan if filled_plan and filled_plan != plan else None,
        gap=(done - planned) / plan * HUNDRED if plan else None,
        started=sum(facts.is_started for facts in new_starts),
        should_start=len(due_starts),
        new_starts=len(new_starts),
        included=sum(facts.included_on is not None for facts in to_include),
        should_include=len(to_include),
        reds=sum(item.judgement.colour is Colour.RED for item in own),
        yellows=sum(item.judgement.colour is Colour.YELLOW for item in own),
        marks=("核",) if any(item.status == "unverified" for item in own) else (),
        notes=tuple(notes),
    )


def _member(item: Judged, factor: Decimal) -> Member:
    facts = item.facts
    return Member(
        id=facts.id,
        name=facts.name,
        plan=facts.plan or ZERO,
        done=facts.done or ZERO,
        planned=item.judgement.figures.planned_cumulative or ZERO,
        score=item.score.exact if item.score else ZERO,
        factor=factor,
    )


def _subject_notes(
    shares: Shares,
    members: list[Member],
    score: Score | None,
    own: list[Judged],
    score_of: Callable[[Sequence[Member]], Score | None],
) -> list[str]:
    notes = list(score.notes) if score else []
    unverified = [(item, factor) for item, factor, _ in shares if item.status == "unverified"]
    if unverified:
        names = "、".join(f"{item.facts.code} {item.facts.name}" for item, _ in unverified)
        with_all = score_of([*members, *(_member(item, factor) for item, factor in unverified)])
        plan, done = _sum(item.facts.plan for item in own), _sum(item.facts.done for item in own)
        rate = f"，完成率为{number(done / plan * HUNDRED, 2)}%" if plan else ""
        notes.append(
            f"未计入数字待核实的{len(unverified)}个项目（{names}）；"
            f"如计入，得分为{number(with_all.value, 2) if with_all else '——'}{rate}。"
        )
    blank = [item for item in own if item.facts.done is None and item.facts.plan]
    if blank:
        notes.append(f"{len(blank)}个项目累计未填，其计划仍在完成率分母中。")
    return notes


def _start_due(facts: ProjectFacts) -> bool:
    planned = facts.milestone("start")
    return planned is not None and planned.due <= facts.as_of


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), ZERO)
