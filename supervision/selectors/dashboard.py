"""The leaders' dashboard: today's lights of what the person may see, and the last published month (docs/dashboard.md).

Money, ranks and the official sentence come from the published snapshot, so the screen and the bulletin of a period
cannot contradict each other; lights come from the indicators of the day. A fixed number of queries.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from projects.models import LeaderAssignment
from projects.permissions import Access
from projects.rules.colours import Colour
from projects.rules.facts import from_json
from projects.rules.policy import Policy
from projects.selectors.indicators import IndicatorView
from projects.selectors.listed import ListedProject
from projects.selectors.policy import policy_on
from projects.selectors.project_list import LightRow, light_rows, lines_of
from projects.selectors.projects import ProjectFilters
from supervision.enums import RankingBoard, Series
from supervision.models import Snapshot
from supervision.rules.totals import HUNDRED, MonthPoint, Totals, official_sentence
from supervision.selectors.snapshots import by_place, in_force_on, latest_published, may_see_board
from supervision.selectors.standings import RowView

WORST = 5
BOARD_ENDS = 3
"""How many rows a board shows at either end."""
SCREEN_ENDS = 2
"""How many projects of a group the large screen shows at either end."""
COUNTED = ProjectFilters(basis="counted")
"""The projects of every count; the links of the page ask the project list for the same."""


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A listed project with its light of the day."""

    project: ListedProject
    view: IndicatorView

    @property
    def reason(self) -> str:
        """What decides the light, with its numbers; other alarms by name."""
        first = self.view.text.split("。")[0]
        others = [
            light.title
            for light in self.view.lights
            if light.colour.severity >= Colour.YELLOW.severity and light.title not in first
        ]
        return f"{first}。" + (f"另有{'、'.join(others)}滞后。" if others else "") if first else ""


@dataclass(frozen=True, slots=True)
class LightMove:
    """A project whose light is not the published one any more."""

    project: LightRow
    old: Colour


@dataclass(frozen=True, slots=True)
class LightMoves:
    """What moved since the published month. `excused` turned purple or back, which is neither better nor worse."""

    worse: list[LightMove]
    better: list[LightMove]
    excused: list[LightMove]


@dataclass(frozen=True, slots=True)
class BoardEnds:
    """The first and last ranked rows of a group as frozen; `last` is empty where the first already show them all."""

    label: str
    ranked: int
    first: list[RowView]
    last: list[RowView]

    @property
    def has_silent(self) -> bool:
        """Whether somebody stands last for having reported nothing, whatever the score."""
        return any(view.row.get("silent") for view in (*self.first, *self.last))


@dataclass(frozen=True, slots=True)
class Printed:
    """What is shown of a published month, as frozen: both ends of the groups of each board, the same of the projects
    for the large screen, the rows of units with a rate, and the light of each project by its key."""

    boards: dict[str, list[BoardEnds]]
    screen: list[BoardEnds]
    units: list[dict[str, Any]]
    colours: dict[int, Colour]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What a leader sees first. `snapshot`, `totals`, `sentence` and `moves` are None until a month is published;
    `boards` holds the ends of each board the person may see, `screen` those of the projects for the large screen,
    `units` the unit rows with a rate; `curve` the published months of the year."""

    as_of: dt.date
    colours: dict[str, int]
    worst: list[ProjectLine]
    mine: list[ProjectLine]
    snapshot: Snapshot | None
    totals: Totals | None
    sentence: str | None
    curve: list[MonthPoint]
    boards: dict[str, list[BoardEnds]]
    screen: list[BoardEnds]
    units: list[dict[str, Any]]
    moves: LightMoves | None

    @property
    def projects(self) -> int:
        return sum(self.colours.values())

    @property
    def plain_gap(self) -> Decimal | None:
        """Percentage points ahead of the plain 序时进度; None before a publication or without plans."""
        if self.totals is None or self.totals.rate is None:
            return None
        return (self.totals.rate - self.totals.plain) * HUNDRED

    @property
    def grown(self) -> Decimal | None:
        """万元 done since the month published before, in this year; None for the first one."""
        return self.curve[-1].done - self.curve[-2].done if len(self.curve) > 1 else None


def dashboard(access: Access, as_of: dt.date) -> Dashboard:
    """The dashboard of one account on one day."""
    policy = policy_on(as_of)
    lights = light_rows(access, as_of, COUNTED)
    snapshot = latest_published(Series.MONTHLY, as_of)
    totals = from_json(Totals, snapshot.totals) if snapshot is not None else None
    printed = printed_of(snapshot.pk, snapshot.boards_digest) if snapshot is not None else None
    boards = boards_for(access, printed, policy)
    own = own_project_ids(access, as_of)
    worst = [row.project_id for row in lights[:WORST] if row.colour.severity >= Colour.YELLOW.severity]
    mine = [row.project_id for row in lights if row.project_id in own]
    shown = {line.project.pk: ProjectLine(line.project, line.view) for line in lines_of(access, as_of, [*worst, *mine])}
    return Dashboard(
        as_of=as_of,
        colours=dict(Counter(row.colour.value for row in lights)),
        worst=[shown[pk] for pk in worst],
        mine=[shown[pk] for pk in mine],
        snapshot=snapshot,
        totals=totals,
        sentence=official_sentence(totals, snapshot.cutoff) if snapshot is not None and totals is not None else None,
        curve=year_curve(as_of),
        boards=boards,
        screen=printed.screen if printed is not None and RankingBoard.PROJECTS in boards else [],
        units=printed.units if printed is not None and RankingBoard.UNITS in boards else [],
        moves=light_moves(lights, printed.colours) if printed is not None else None,
    )


def own_project_ids(access: Access, day: dt.date) -> frozenset[int]:
    """Projects assigned to the person (or the person represented) as a county leader. One query."""
    assigned = LeaderAssignment.objects.valid_on(day).filter(officer__in=access.officer_ids)
    return frozenset(assigned.values_list("project_id", flat=True))


def boards_for(access: Access, printed: Printed | None, policy: Policy) -> dict[str, list[BoardEnds]]:
    """The boards of a published month that this account may read."""
    if printed is None:
        return {}
    return {board: printed.boards[board] for board in RankingBoard.values if may_see_board(access, board, policy)}


@lru_cache(maxsize=4)
def printed_of(snapshot_id: int, boards_digest: str) -> Printed:
    """What the dashboard shows of a snapshot. The digest stands for the text, which is large and never changes, so it
    is read once and not for every page; whoever is answered must not change it."""
    content = json.loads(Snapshot.objects.values_list("boards", flat=True).get(pk=snapshot_id))
    groups = {board: by_place(content.get(board, [])) for board in RankingBoard.values}
    return Printed(
        boards={board: board_ends(found) for board, found in groups.items()},
        screen=board_ends(groups[RankingBoard.PROJECTS], SCREEN_ENDS),
        units=[row for group in groups[RankingBoard.UNITS] for row in group["rows"] if row["rate"] is not None],
        colours={int(key): Colour(value) for key, value in content["colours"].items()},
    )


def board_ends(groups: list[dict[str, Any]], count: int = BOARD_ENDS) -> list[BoardEnds]:
    """Both ends of every group that is ranked; a row never stands at both, nor does who shares the last first rank
    stand among the last."""
    found = []
    for group in groups:
        ranked = [RowView(row, "", "", False) for row in group["rows"] if row["rank"] is not None]
        if ranked:
            rest = [view for view in ranked[count:] if view.row["rank"] > ranked[count - 1].row["rank"]]
            found.append(BoardEnds(group["label"], len(ranked), ranked[:count], rest[-count:]))
    return found


def year_curve(as_of: dt.date) -> list[MonthPoint]:
    """The months of the year that were published by that day, oldest first. One query that leaves the large texts in
    the database."""
    months = Snapshot.objects.filter(series=Series.MONTHLY, period__year=as_of.year)
    rows = in_force_on(months, as_of).order_by("cutoff").values_list("cutoff", "totals")
    return [_point(cutoff, from_json(Totals, totals)) for cutoff, totals in rows]


def light_moves(lights: list[LightRow], published: dict[int, Colour]) -> LightMoves:
    """Today's lights against those published with the snapshot, in their order. Projects that were not listed then have
    nothing to be compared with."""
    moved = [
        LightMove(row, published[row.project_id])
        for row in lights
        if published.get(row.project_id, row.colour) is not row.colour
    ]
    turns = [(move, _turn(move.old, move.project.colour)) for move in moved]
    return LightMoves(
        worse=[move for move, turn in turns if turn > 0],
        better=[move for move, turn in turns if turn < 0],
        excused=[move for move, turn in turns if turn == 0],
    )


def _turn(old: Colour, new: Colour) -> int:
    """Above 0 for the worse, below for the better, 0 into and out of purple. Knowing nothing (grey) is worse than 关注
    and better than a known 预警."""
    if Colour.PURPLE in (old, new):
        return 0
    order = (Colour.GREEN, Colour.BLUE, Colour.GREY, Colour.YELLOW, Colour.RED)
    return order.index(new) - order.index(old)


def _point(cutoff: dt.date, totals: Totals) -> MonthPoint:
    return MonthPoint(cutoff, totals.plan, totals.done, totals.expected, totals.plain)
