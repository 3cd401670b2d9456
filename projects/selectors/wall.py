"""The wall chart (挂图作战): every project of the list, month by month, as of a day (docs/wall.md)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from projects.enums import AnnualClass, Colour, MilestoneKind, PeriodKind
from projects.models import MilestoneChange
from projects.permissions import Access
from projects.rules.facts import MilestoneFact, ProjectFacts
from projects.rules.lights import start_window_end
from projects.rules.policy import Policy
from projects.rules.wall import Column, Mark, Node, Sign, columns, gap_at, months_of, overdue_before
from projects.selectors.accepted import monthly_amounts
from projects.selectors.facts import project_facts
from projects.selectors.policy import policy_on
from projects.selectors.project_list import ProjectLine, all_lines
from projects.selectors.projects import ProjectFilters
from tracker.clock import end_of

NO_GROUP = "未填"
SILENT, PENDING = "未报", "未审定"


@dataclass(frozen=True, slots=True)
class WallCell:
    """One project in one column: its nodes' signs; how far its report of that time was ahead of what was expected
    (points, negative is behind, None without an accepted one); and what its reports lack ("未报")."""

    column: Column
    marks: tuple[Mark, ...]
    gap: Decimal | None
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WallRow:
    """One project. `cells` stand under the columns of the wall; `overdue_before` counts nodes of earlier years that are
    still not done."""

    line: ProjectLine
    cells: tuple[WallCell, ...]
    overdue_before: int


@dataclass(frozen=True, slots=True)
class WallGroup:
    label: str
    rows: tuple[WallRow, ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """The chart of `year` as known on `as_of`. `signs` counts the nodes of each sign, moved ones left out."""

    year: int
    as_of: dt.date
    columns: tuple[Column, ...]
    groups: tuple[WallGroup, ...]
    signs: dict[Sign, int]

    @property
    def count(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    @property
    def has_idle(self) -> bool:
        return any(column.is_idle for column in self.columns)


_Order = tuple[Any, str]
"""What groups are sorted by, and the label under which they stand."""


def _by_class(line: ProjectLine) -> _Order:
    value = line.project.annual_class
    return (AnnualClass.values.index(value), AnnualClass(value).label) if value else (len(AnnualClass.values), NO_GROUP)


def _by_colour(line: ProjectLine) -> _Order:
    colour = Colour(line.view.colour.value)
    return [Colour.RED, Colour.YELLOW, Colour.BLUE, Colour.GREEN, Colour.GREY, Colour.PURPLE].index(colour), str(
        colour.label
    )


def _by_unit(line: ProjectLine) -> _Order:
    order = line.project.unit_order
    return (order if order is not None else 10_000), line.project.unit_label or line.project.unit_name or NO_GROUP


def _by_leader(line: ProjectLine) -> _Order:
    order = line.project.leader_order
    return (order if order is not None else 10_000), line.project.leader_name or NO_GROUP


def _by_sector(line: ProjectLine) -> _Order:
    return not line.project.sector, line.project.sector or NO_GROUP


GROUPINGS: dict[str, tuple[str, Callable[[ProjectLine], _Order]]] = {
    "class": ("年度类别", _by_class),
    "unit": ("责任单位", _by_unit),
    "leader": ("包联领导", _by_leader),
    "sector": ("领域", _by_sector),
    "colour": ("灯色", _by_colour),
}
"""How rows may be grouped: key of the address -> word, and order with label."""


def wall(
    access: Access,
    as_of: dt.date,
    filters: ProjectFilters,
    *,
    year: int | None = None,
    grouping: str = "class",
    by_quarter: bool = False,
) -> Wall:
    """The visible projects under the filters, in groups. A fixed number of queries whatever the number of projects.

    A year that is over stands as it was known on its last day; of a year to come, the nodes that wait in it.
    """
    year = year or as_of.year
    day = min(as_of, dt.date(year, 12, 31))
    order = GROUPINGS[grouping][1]
    lines = sorted(all_lines(access, day, filters), key=order)
    facts = {item.id: item for item in project_facts(day, projects=[line.project for line in lines])}
    policy = policy_on(day)
    shown = columns(year, day, policy.curve, by_quarter=by_quarter)
    source = _Source(year, day, policy, shown, _moves(day, facts), monthly_amounts(facts, year, before=end_of(day)))
    rows = [source.row(line, facts[line.project.pk]) for line in lines]
    groups = tuple(
        WallGroup(label, tuple(members)) for (_, label), members in groupby(rows, key=lambda row: order(row.line))
    )
    signs = Counter(mark.sign for row in rows for cell in row.cells for mark in cell.marks)
    return Wall(year, day, shown, groups, {sign: signs[sign] for sign in Sign if sign is not Sign.MOVED})


def _moves(as_of: dt.date, projects: Iterable[int]) -> dict[int, tuple[dt.date, ...]]:
    """The dates each milestone had before it was moved, as known on the day. One query."""
    rows = MilestoneChange.objects.filter(milestone__project__in=list(projects), at__lt=end_of(as_of))
    found: dict[int, list[dt.date]] = defaultdict(list)
    for milestone, old_due in rows.order_by("at", "pk").values_list("milestone", "old_due"):
        found[milestone].append(old_due)
    return {milestone: tuple(days) for milestone, days in found.items()}


@dataclass(frozen=True, slots=True)
class _Source:
    """What every row is made from."""

    year: int
    as_of: dt.date
    policy: Policy
    columns: tuple[Column, ...]
    moves: dict[int, tuple[dt.date, ...]]
    amounts: dict[int, dict[dt.date, tuple[int, Decimal]]]

    def row(self, line: ProjectLine, facts: ProjectFacts) -> WallRow:
        nodes = [_node(fact, facts, self.moves.get(fact.id, ())) for fact in facts.milestones]
        marks = months_of(nodes, self.year, self.as_of)
        gaps = self._gaps(facts)
        lacks = _lacks(facts) if self.year == facts.year else {}
        cells = tuple(_cell(column, marks, gaps, lacks) for column in self.columns)
        return WallRow(line, cells, overdue_before(nodes, self.year, self.as_of))

    def _gaps(self, facts: ProjectFacts) -> dict[int, Decimal]:
        """By month: the gap of its accepted report; the newest figure as it counts after verification."""
        found = {}
        for cutoff, (revision, done) in sorted(self.amounts.get(facts.id, {}).items()):
            counted = facts.done if revision == facts.done_revision and facts.done is not None else done
            gap = gap_at(facts, self.policy, cutoff, counted)
            if gap is not None:
                found[cutoff.month] = gap
        return found


def _lacks(facts: ProjectFacts) -> dict[int, str]:
    """By month: what its report lacks after its due day."""
    monthly = [report for report in facts.reports if report.kind == PeriodKind.MONTH and report.due < facts.as_of]
    return {
        report.cutoff.month: SILENT if report.submitted is None else PENDING
        for report in monthly
        if report.accepted is None
    }


def _cell(
    column: Column, marks: tuple[tuple[Mark, ...], ...], gaps: dict[int, Decimal], lacks: dict[int, str]
) -> WallCell:
    """The months of a column as one: all signs, the newest gap, each month that lacks something."""
    known = [gaps[month] for month in column.months if month in gaps]
    several = len(column.months) > 1
    return WallCell(
        column=column,
        marks=tuple(mark for month in column.months for mark in marks[month - 1]),
        gap=known[-1] if known else None,
        lacks=tuple(
            f"{month}月{lacks[month]}" if several else lacks[month] for month in column.months if month in lacks
        ),
    )


def _node(fact: MilestoneFact, facts: ProjectFacts, earlier: tuple[dt.date, ...]) -> Node:
    """A planned start and finish are met when the project itself has started or finished, ticked off or not."""
    last_day, done, met = fact.due, fact.done, False
    if fact.kind == MilestoneKind.START:
        last_day = start_window_end(fact)
        done, met = done or facts.started_on, facts.is_started
    elif fact.kind == MilestoneKind.FINISH:
        done, met = done or facts.completed_on, facts.is_finished
    return Node(fact.title, last_day, done, met, earlier)
