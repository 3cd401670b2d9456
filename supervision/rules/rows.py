"""The lines of the boards (docs/rules.md, Rankings). Amounts 万元; rates and ratios are fractions, gaps points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from supervision.rules.scores import Part
from supervision.rules.subjects import LeaderDuties

NO_DUTIES = LeaderDuties()

STATUS_TEXTS = {
    "ranked": "",
    "small_group": "同类不足，不排名",
    "no_plan": "未下达年度计划",
    "outside_plan": "计划外投资",
    "frozen": "客观原因生效，本期不排名",
    "unverified": "数字待核实，核实前不排名",
    "paused": "已暂停、调出或移交",
    "no_figures": "尚无可比数据",
    "blank": "累计未填，暂不排名",
    "not_ranked": "不参加排名",
}


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project on its group's board. `marks` are the short signs (未报 滞 核 客), `notes` the footnotes that go with
    them; amounts 万元, `rate` and `ratio` fractions, `gap` percentage points."""

    id: int
    code: str
    name: str
    group: str
    status: str
    rank: int | None
    score: Decimal | None
    parts: tuple[Part, ...]
    colour: str
    light_text: str
    plan: Decimal | None
    done: Decimal | None
    planned: Decimal | None
    rate: Decimal | None
    gap: Decimal | None
    ratio: Decimal | None
    overdue_nodes: int
    marks: tuple[str, ...]
    notes: tuple[str, ...]
    unit: int | None
    leader: int | None
    target_met: bool
    silent: bool
    excused: bool
    previous_rank: int | None = None
    change: int | None = None
    like_change: int | None = None


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A unit or leader on its board, with the figures printed beside the score."""

    id: int
    name: str
    group: str
    status: str
    rank: int | None
    score: Decimal | None
    parts: tuple[Part, ...]
    projects: int
    plan: Decimal
    done: Decimal
    rate: Decimal | None
    rate_filled: Decimal | None
    gap: Decimal | None
    started: int
    should_start: int
    new_starts: int
    included: int
    should_include: int
    reds: int
    yellows: int
    marks: tuple[str, ...]
    notes: tuple[str, ...]
    previous_rank: int | None = None
    change: int | None = None
    like_change: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A unit or leader to be ranked: `board` is its group, `order` the official order among ties."""

    id: int
    name: str
    board: str
    order: int
    duties: LeaderDuties = NO_DUTIES


Row = TypeVar("Row", ProjectRow, SubjectRow)
Previous = Mapping[int, tuple[str, int]]
"""Subject id -> (group, rank) of the last period's published board."""
