"""The projects behind the county's published sums: from any number of the dashboard to its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.rules.curve import Step, YearCurve
from projects.rules.facts import ProjectFacts, from_json
from supervision.enums import RankingBoard
from supervision.models import Snapshot
from supervision.rules.totals import SUMMED, ZERO, MonthPoint
from supervision.selectors.snapshots import board_view

PARTS = {"planned": "年度计划和完成投资", "new_starts": "新开工项目", "missing": "有未报的项目"}
"""What is counted, by its name in the address."""

COUNTED = (*SUMMED, "small_group")
"""Who would be ranked but for too little company is in the sums."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A project as frozen, with its unit; `is_started` counts for new starts."""

    row: dict[str, Any]
    group: str
    unit: str
    is_started: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """The rows behind one number of a published month. Amounts 万元; `rate` a fraction. `counts` holds every part."""

    snapshot: Snapshot
    part: str
    rows: list[FigureRow]
    counts: dict[str, int]

    @property
    def plan(self) -> Decimal:
        return _sum(item.row["plan"] for item in self.rows)

    @property
    def done(self) -> Decimal:
        return _sum(item.row["done"] for item in self.rows)

    @property
    def expected(self) -> Decimal:
        return _sum(item.row["planned"] for item in self.rows)

    @property
    def rate(self) -> Decimal | None:
        return self.done / self.plan if self.plan else None

    @property
    def started(self) -> int:
        return sum(item.is_started for item in self.rows)


def figures(snapshot: Snapshot, part: str) -> Figures:
    """The rows of one part of a monthly snapshot, in the order of the boards. No query."""
    frozen = json.loads(snapshot.facts)
    facts = {item["id"]: from_json(ProjectFacts, item) for item in frozen["projects"]}
    units = {item["id"]: item["name"] for item in frozen["units"]}
    found: dict[str, list[FigureRow]] = {key: [] for key in PARTS}
    for group in board_view(snapshot, RankingBoard.PROJECTS).groups:
        for row in group["rows"]:
            own = facts[row["id"]]
            line = FigureRow(row, group["label"], units.get(row["unit"], ""), own.is_started)
            for key in _parts_of(row, own):
                found[key].append(line)
    return Figures(snapshot, part, found[part], {key: len(rows) for key, rows in found.items()})


def _parts_of(row: dict[str, Any], facts: ProjectFacts) -> Iterable[str]:
    """Which numbers of the totals the project is part of (supervision.rules.totals)."""
    if row["status"] in COUNTED and facts.plan:
        yield "planned"
    if row["status"] == "paused":
        return
    if facts.annual_class == "new_start":
        yield "new_starts"
    if "未报" in row["marks"]:
        yield "missing"


def county_curve(points: list[MonthPoint]) -> YearCurve:
    """The published months of one year, oldest first and at least one, as the curve of a project's year."""
    last = points[-1]
    start = last.cutoff.replace(month=1, day=1)
    return YearCurve(
        year=last.cutoff.year,
        plan=last.plan,
        expected=(Step(start, ZERO), *(Step(point.cutoff, point.expected) for point in points)),
        done=tuple(Step(point.cutoff, point.done) for point in points),
        on=last.cutoff,
        expected_on=last.expected,
        method="",
        closed=(),
        frozen=(),
        months=(),
    )


def _sum(values: Iterable[str | None]) -> Decimal:
    return sum((Decimal(value) for value in values if value is not None), ZERO)
