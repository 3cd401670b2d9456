"""What would move a row: the same rules once more with one input changed (docs/rules.md, What would move a row). Pure.

Nothing is estimated: each step is a set of facts that could come true, and its effect is what the boards would then say
while everybody else stays as frozen. Late reports and missed days cannot be undone and are no steps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from projects.rules.dimensions import silence
from projects.rules.facts import MilestoneFact, ProjectFacts, ReportFact
from projects.rules.periods import parse
from projects.rules.policy import Policy
from projects.rules.wording import amount
from projects.workdays import Calendar
from supervision.rules.ranks import Judged, judge_one, order_weekly, rank_leaders, rank_projects, rank_units
from supervision.rules.rows import ProjectRow, Subject, SubjectRow
from supervision.rules.scores import ZERO, Group

SHOWN = 5
"""Steps worth reading; those that win most come first."""
BOARD = ("ranked", "small_group")
"""Statuses of rows that take part."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a board was computed from, judged: `since` is the first day of the period."""

    judged: tuple[Judged, ...]
    policy: Policy
    calendar: Calendar
    since: dt.date


@dataclass(frozen=True, slots=True)
class Step:
    """Something that could be done about a project, and its facts once it is done."""

    text: str
    facts: ProjectFacts


@dataclass(frozen=True, slots=True)
class Move:
    """What a step would do to a row. `score` and `gain` are points, `ratio` the schedule ratio (projects only),
    `places` the places won; None where there is nothing to compare. `group` is named where the row would change it,
    `restored` says that a row left out would be ranked."""

    text: str
    score: Decimal | None
    gain: Decimal | None
    ratio: Decimal | None
    rank: int | None
    places: int | None
    group: str = ""
    restored: bool = False


def project_moves(ground: Ground, project: int, *, weekly: bool = False) -> tuple[Move, ...]:
    """The steps that would change the place or the score of a project."""
    item = next(item for item in ground.judged if item.facts.id == project)
    order: Callable[[Sequence[Judged], Policy], tuple[ProjectRow, ...]] = order_weekly if weekly else rank_projects

    def row_of(judged: Sequence[Judged]) -> ProjectRow:
        return next(row for row in order(judged, ground.policy) if row.id == project)

    before = row_of(ground.judged)
    found = [_project_move(step, before, row_of(_with(ground, step.facts)), weekly) for step in steps(item)]
    return _best(found)


def subject_moves(ground: Ground, subjects: Sequence[Subject], subject: int, board: str) -> tuple[Move, ...]:
    """The steps on single projects that would win most for a unit (`board` "units") or a leader."""
    ranked = rank_units if board == "units" else rank_leaders
    own = [item for item in subjects if item.id == subject]

    def row_of(rows: Sequence[SubjectRow]) -> SubjectRow:
        return next(row for row in rows if row.id == subject)

    before = row_of(ranked(subjects, ground.judged, ground.policy))
    tried = []
    for item in ground.judged:
        if subject not in _holders(item.facts, board):
            continue
        for step in steps(item):
            judged = _with(ground, step.facts)
            after = row_of(ranked(own, judged, ground.policy))
            gain = _gain(before.score, after.score)
            if gain is not None and gain > 0:
                tried.append((gain, f"“{item.facts.name}”{step.text}", judged))
    tried.sort(key=lambda item: (-item[0], item[1]))
    found = []
    for _, text, judged in tried[:SHOWN]:
        after = row_of(ranked(subjects, judged, ground.policy))
        found.append(
            Move(
                text, after.score, _gain(before.score, after.score), None, after.rank, _places(before.rank, after.rank)
            )
        )
    return _best(found)


def steps(item: Judged) -> Iterator[Step]:
    """Everything that could still be done about a project, one change of its facts each."""
    facts = item.facts
    if item.group is None:
        return
    if item.status == "unverified":
        left = tuple(flag for flag in facts.open_flags if flag != "over_total")
        yield Step("核实数据，确认数字属实", replace(facts, open_flags=left))
    if item.status == "blank":
        yield Step("填报累计完成投资（按0万元测算）", replace(facts, done=ZERO))
    yield from _report(facts)
    planned = item.judgement.figures.planned_cumulative
    if planned and (facts.done or ZERO) < planned:
        yield _invested(facts, planned)
    if item.group is Group.WAITING:
        yield Step("开工并确认", _started(facts))
    for node in _open_nodes(item):
        yield Step(f"完成节点“{node.title}”", _completed(facts, node))
    if facts.started_on is not None and facts.included_on is None and facts.inclusion_required:
        yield Step("完成入统", replace(facts, included_on=facts.judged_on))


def _report(facts: ProjectFacts) -> Iterator[Step]:
    """The newest missing report of each kind ends the silence; the figure stays as it was."""
    missing = _missing(facts)
    if missing:
        yield Step(f"补报{_named(missing)}（累计数不变）", _reported(facts, missing))


def _invested(facts: ProjectFacts, planned: Decimal) -> Step:
    """A figure only counts once it is reported: with reports missing, they come with it."""
    text = f"再完成投资{amount(planned - (facts.done or ZERO))}，达到应完成"
    missing = _missing(facts)
    if missing:
        return Step(f"{text}，并补报{_named(missing)}", replace(_reported(facts, missing), done=planned))
    return Step(text, replace(facts, done=planned))


def _missing(facts: ProjectFacts) -> list[ReportFact]:
    return [gaps[0] for kind in ("month", "week") if (gaps := silence(facts, kind))]


def _named(reports: list[ReportFact]) -> str:
    return "、".join(parse(report.period).short_title for report in reports)


def _reported(facts: ProjectFacts, missing: list[ReportFact]) -> ProjectFacts:
    sent = {report.period: replace(report, submitted=facts.as_of, accepted=facts.as_of) for report in missing}
    cutoffs = [report.cutoff for report in missing] + ([facts.done_cutoff] if facts.done_cutoff else [])
    return replace(
        facts,
        reports=tuple(sent.get(report.period, report) for report in facts.reports),
        done_cutoff=max(cutoffs),
    )


def _open_nodes(item: Judged) -> list[MilestoneFact]:
    """Nodes to be completed now: those due; for preparation also the others, since each one done counts. What has not
    been started cannot be finished."""
    facts = item.facts
    nodes = [node for node in facts.nodes if node.done is None and (facts.is_started or node.kind != "finish")]
    if item.group is not Group.PRE_STAGE:
        nodes = [node for node in nodes if node.due <= facts.judged_on]
    return sorted(nodes, key=lambda node: (node.due, node.id))


def _started(facts: ProjectFacts) -> ProjectFacts:
    return replace(facts, started_on=facts.judged_on, stage="started")


def _completed(facts: ProjectFacts, node: MilestoneFact) -> ProjectFacts:
    """Completing the planned finish completes the project."""
    done = replace(node, done=facts.judged_on, percent=100)
    changed = replace(facts, milestones=tuple(done if old is node else old for old in facts.milestones))
    return replace(changed, completed_on=facts.judged_on, stage="finished") if node.kind == "finish" else changed


def _with(ground: Ground, facts: ProjectFacts) -> tuple[Judged, ...]:
    """The whole list with one project judged anew."""
    again = judge_one(facts, ground.policy, ground.calendar, ground.since)
    return tuple(again if item.facts.id == facts.id else item for item in ground.judged)


def _project_move(step: Step, before: ProjectRow, after: ProjectRow, weekly: bool) -> Move:
    moved_group = before.group != after.group
    restored = before.status not in BOARD and after.status in BOARD
    return Move(
        text=step.text,
        score=None if weekly else after.score,
        gain=None if weekly or moved_group or restored else _gain(before.score, after.score),
        ratio=after.ratio,
        rank=after.rank,
        places=None if moved_group else _places(before.rank, after.rank),
        group=Group(after.group).label if moved_group else "",
        restored=restored,
    )


def _gain(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before


def _places(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else before - after


def _best(moves: Sequence[Move]) -> tuple[Move, ...]:
    """Those that change something for the better, the most places first."""
    useful = [move for move in moves if move.restored or move.group or (move.places or 0) > 0 or (move.gain or 0) > 0]
    useful.sort(key=lambda move: (not move.restored, -(move.places or 0), -(move.gain or ZERO), move.text))
    return tuple(useful[:SHOWN])


def _holders(facts: ProjectFacts, board: str) -> tuple[int | None, ...]:
    if board == "units":
        return (facts.unit, *facts.co_units)
    return (facts.leader, *facts.co_leaders)
