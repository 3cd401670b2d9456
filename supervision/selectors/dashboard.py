"""The leaders' dashboard: today's lights of what the person may see, and the last published month (docs/dashboard.md).

Money, ranks and the official sentence come from the published snapshot, so the screen and the bulletin of a period
cannot contradict each other; lights come from the indicators of the day. A fixed number of queries.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.models import AnnualListEntry, LeaderAssignment, LightChange, Project
from projects.permissions import Access
from projects.rules.facts import from_json
from projects.rules.policy import Policy
from projects.selectors.indicators import IndicatorView, for_projects
from projects.selectors.policy import policy_on
from supervision.enums import RankingBoard, Series, SnapshotState
from supervision.models import Snapshot
from supervision.rules.totals import HUNDRED, MonthPoint, Totals, official_sentence
from supervision.selectors.snapshots import board_view, latest_published, may_see_board

WORST = 5
MOVERS = 5
LATEST_CHANGES = 20
BOARD_ENDS = 3
"""How many rows a board shows at either end."""
WITHOUT_PERIOD = dt.timedelta(days=30)
"""How far "since the last period" looks back while no ranking has been published."""


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project with its light of the day; the reason is `view.text`."""

    project: Project
    view: IndicatorView


@dataclass(frozen=True, slots=True)
class BoardEnds:
    """The first and last ranked rows of a group as frozen; `last` is empty where the first already show them all."""

    label: str
    ranked: int
    first: list[dict[str, Any]]
    last: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What a leader sees first. `snapshot`, `totals` and `sentence` are None until a month is published; `boards` holds
    the groups of each board the person may see, as frozen."""

    as_of: dt.date
    colours: dict[str, int]
    worst: list[ProjectLine]
    mine: list[ProjectLine]
    snapshot: Snapshot | None
    totals: Totals | None
    sentence: str | None
    curve: list[MonthPoint]
    boards: dict[str, list[dict[str, Any]]]
    movers: list[dict[str, Any]]
    since: dt.date
    light_changes: list[LightChange]

    @property
    def plain_gap(self) -> Decimal | None:
        """Percentage points ahead of the plain 序时进度; None before a publication or without plans."""
        if self.totals is None or self.totals.rate is None:
            return None
        return (self.totals.rate - self.totals.plain) * HUNDRED


def dashboard(access: Access, as_of: dt.date) -> Dashboard:
    """The dashboard of one account on one day."""
    policy = policy_on(as_of)
    lines = project_lines(access, as_of)
    snapshot = latest_published(Series.MONTHLY, as_of)
    totals = from_json(Totals, snapshot.totals) if snapshot is not None else None
    since = snapshot.as_of if snapshot is not None else as_of - WITHOUT_PERIOD
    own = own_project_ids(access, as_of)
    boards = boards_for(access, snapshot, policy)
    return Dashboard(
        as_of=as_of,
        colours=dict(Counter(line.view.colour.value for line in lines)),
        worst=worst(lines),
        mine=[line for line in lines if line.project.pk in own],
        snapshot=snapshot,
        totals=totals,
        sentence=official_sentence(totals, snapshot.cutoff) if snapshot is not None and totals is not None else None,
        curve=year_curve(as_of),
        boards=boards,
        movers=movers(boards.get(RankingBoard.PROJECTS, [])),
        since=since,
        light_changes=light_changes(lines, since, as_of),
    )


def project_lines(access: Access, as_of: dt.date) -> list[ProjectLine]:
    """Every listed project the account may see with its light, by code. A package whose children are listed shows
    through them."""
    listed = AnnualListEntry.objects.current(as_of).filter(year=as_of.year).values("project")
    projects = list(
        Project.objects.visible_to(access)
        .filter(pk__in=listed)
        .exclude(is_package=True, children__in=listed)
        .order_by("code", "pk")
    )
    views = for_projects(projects, as_of)
    return [ProjectLine(project, views[project.pk]) for project in projects if project.pk in views]


def worst(lines: list[ProjectLine], count: int = WORST) -> list[ProjectLine]:
    """The most severe lights, inside a colour the lowest schedule ratio first; green and blue are never "worst"."""
    lagging = [line for line in lines if line.view.colour.severity >= 2]
    lagging.sort(key=lambda line: (-line.view.colour.severity, _ratio(line.view), line.project.code))
    return lagging[:count]


def own_project_ids(access: Access, day: dt.date) -> frozenset[int]:
    """Projects assigned to the person (or the person represented) as a county leader. One query."""
    assigned = LeaderAssignment.objects.valid_on(day).filter(officer__in=access.officer_ids)
    return frozenset(assigned.values_list("project_id", flat=True))


def boards_for(access: Access, snapshot: Snapshot | None, policy: Policy) -> dict[str, list[dict[str, Any]]]:
    """The boards of a snapshot that this account may read."""
    if snapshot is None:
        return {}
    return {
        board: board_view(snapshot, board).groups
        for board in RankingBoard.values
        if may_see_board(access, board, policy)
    }


def movers(groups: list[dict[str, Any]], count: int = MOVERS) -> list[dict[str, Any]]:
    """The rows whose rank moved most against the last period."""
    moved = [row for group in groups for row in group["rows"] if row["change"]]
    return sorted(moved, key=lambda row: (-abs(row["change"]), row["code"]))[:count]


def board_ends(groups: list[dict[str, Any]], count: int = BOARD_ENDS) -> list[BoardEnds]:
    """Both ends of every group that is ranked; a row never stands at both, nor does who shares the last first rank
    stand among the last."""
    found = []
    for group in groups:
        ranked = [row for row in group["rows"] if row["rank"] is not None]
        if ranked:
            rest = [row for row in ranked[count:] if row["rank"] > ranked[count - 1]["rank"]]
            found.append(BoardEnds(group["label"], len(ranked), ranked[:count], rest[-count:]))
    return found


def year_curve(as_of: dt.date) -> list[MonthPoint]:
    """The published months of the year, oldest first. One query that leaves the large texts in the database."""
    rows = (
        Snapshot.objects.filter(
            series=Series.MONTHLY, state=SnapshotState.PUBLISHED, period__year=as_of.year, cutoff__lte=as_of
        )
        .order_by("cutoff")
        .values_list("period__key", "totals")
    )
    return [_point(key, from_json(Totals, totals)) for key, totals in rows]


def light_changes(lines: list[ProjectLine], since: dt.date, as_of: dt.date) -> list[LightChange]:
    """Overall lights that changed after `since`, newest first."""
    rows = LightChange.objects.filter(
        project__in=[line.project.pk for line in lines], dimension=LightChange.OVERALL, on__gt=since, on__lte=as_of
    )
    return list(rows.exclude(old="").select_related("project").order_by("-on", "-pk")[:LATEST_CHANGES])


def _ratio(view: IndicatorView) -> Decimal:
    """A project without a ratio comes after those known to lag."""
    return view.schedule_ratio if view.schedule_ratio is not None else Decimal("Infinity")


def _point(key: str, totals: Totals) -> MonthPoint:
    return MonthPoint(key, totals.plan, totals.done, totals.expected, totals.plain)
