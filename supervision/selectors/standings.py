"""A snapshot as the rankings page shows it: which one, its groups with names, parts and footnotes. Everything printed
comes from the frozen text."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from projects.permissions import Access
from projects.rules.facts import from_json
from projects.rules.policy import Policy
from supervision.enums import RankingBoard, Series, SnapshotState
from supervision.models import Snapshot
from supervision.rules.rows import STATUS_TEXTS
from supervision.rules.totals import Totals, official_sentence
from supervision.selectors.snapshots import LARGE_TEXTS, board_view, in_force_on, known_on, snapshots_for

NOT_ON_BOARD = "none"
"""The group of projects and units that take no part."""

TAKES_PART = ("ranked", "small_group")


SHORT_TITLES = {
    "投资进度": "投资",
    "投资完成": "投资",
    "超序时加分": "加分",
    "前期节点按时率": "按时",
    "前期完成度": "完成",
    "项目平均": "项目",
    "包联项目": "项目",
    "问题解决": "问题",
    "现场办公": "现场",
}
"""Words under the small bars; a title not named here is short enough."""

ONLY_SHARED = "只有配合（协助）的项目，数字只列牵头的"
"""Why a unit or leader with a score may show no project and no amounts."""

MARKS = {
    "未报": "有应报未报的报告期，按上次通过的数据计算",
    "滞": "数据滞后，按最近一次通过的数据计算",
    "核": "数字待核实，或已按核实后较低的数计算",
    "客": "客观原因已认定并在生效期内",
}
"""The short signs of a board with what they mean."""


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of a score as a small bar: points earned of points possible."""

    label: str
    title: str
    earned: Decimal
    possible: Decimal


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of a board as frozen, with the names of its unit and leader; `is_own` belongs to the reader's unit."""

    row: dict[str, Any]
    unit: str
    leader: str
    is_own: bool

    @property
    def change_text(self) -> str:
        """`↑2`, `↓1`, `持平`, `新` for who was not ranked before; empty without a rank."""
        if self.row["rank"] is None:
            return ""
        return arrow(self.row["change"])

    @property
    def reasons(self) -> str:
        """The footnotes of the row as one sentence; why it has no rank is always among them."""
        notes = [STATUS_TEXTS[self.row["status"]], *self.row["notes"]]
        if self.row["score"] is not None and self.row.get("projects") == 0:
            notes.append(ONLY_SHARED)
        return "；".join(dict.fromkeys(note.rstrip("。") for note in notes if note))

    @property
    def like_text(self) -> str:
        """The change among those ranked both times, where it tells something else than the plain one."""
        if self.row["change"] is None or self.row["like_change"] == self.row["change"]:
            return ""
        return arrow(self.row["like_change"])

    @property
    def parts(self) -> list[PartView]:
        return [
            PartView(
                label=SHORT_TITLES.get(part["title"], part["title"]),
                title=part["title"],
                earned=Decimal(part["earned"]),
                possible=Decimal(part["possible"]),
            )
            for part in self.row["parts"]
        ]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A peer group or unit board with its footnotes. The lists are for the offices."""

    group: str
    label: str
    rows: list[RowView]
    ranked: int
    footnotes: list[str]
    honour: list[RowView]
    black: list[RowView]

    @property
    def is_outside(self) -> bool:
        """Those who take no part at all: their notes say why."""
        return self.group == NOT_ON_BOARD


@dataclass(frozen=True, slots=True)
class Standings:
    """One board of one snapshot. `entered` and `left` count the projects ranked now and not before, and the reverse;
    both are 0 where nothing was published before."""

    snapshot: Snapshot
    board: str
    groups: list[GroupView]
    sentence: str
    entered: int
    left: int

    @property
    def is_weekly(self) -> bool:
        return self.snapshot.series == Series.WEEKLY

    @property
    def count(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    @property
    def has_lists(self) -> bool:
        """Whether anybody stands on the honour or the black list; the weekly order has none."""
        return not self.is_weekly and any(group.honour or group.black for group in self.groups)


def listed(access: Access, as_of: dt.date) -> QuerySet[Snapshot]:
    """Snapshots the person may open as of a day, newest period first, without their large texts."""
    return known_on(snapshots_for(access), as_of).defer(*LARGE_TEXTS)


def published(access: Access, as_of: dt.date, series: Series) -> QuerySet[Snapshot]:
    """Those in force on a day, newest period first, without their large texts."""
    return in_force_on(snapshots_for(access).filter(series=series), as_of).defer(*LARGE_TEXTS)


def opened(access: Access, as_of: dt.date, series: Series, snapshot_id: int | None) -> Snapshot | None:
    """The snapshot asked for; else the newest of the series in force, else its newest draft. None if there is none, or
    if it is not to be seen by this person or on this day."""
    rows = snapshots_for(access)
    if snapshot_id is not None:
        return known_on(rows, as_of).filter(pk=snapshot_id).first()
    rows = rows.filter(series=series)
    return in_force_on(rows, as_of).first() or known_on(rows, as_of).filter(state=SnapshotState.DRAFT).first()


def standings(snapshot: Snapshot, board: str, access: Access) -> Standings:
    """One board with names. No query."""
    view = board_view(snapshot, board)
    names, minimum = _Names.of(snapshot), Policy.from_rows(snapshot.policy).group_minimum
    return Standings(
        snapshot=snapshot,
        board=board,
        groups=[found for group in view.groups if (found := _group(group, board, names, access, minimum)).rows],
        sentence=official_sentence(from_json(Totals, view.totals), snapshot.cutoff),
        entered=len(view.entered),
        left=len(view.left),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    """Labels of units and leaders as they were frozen."""

    units: dict[int, str]
    leaders: dict[int, str]

    @classmethod
    def of(cls, snapshot: Snapshot) -> _Names:
        facts = json.loads(snapshot.facts)
        units = {item["id"]: item["name"] for item in facts["units"]}
        return cls(units, {item["id"]: item["name"] for item in facts["leaders"]})


def _group(group: dict[str, Any], board: str, names: _Names, access: Access, minimum: int) -> GroupView:
    rows = [_row(row, board, names, access) for row in group["rows"] if not _is_idle(row, group["group"])]
    by_id = {view.row["id"]: view for view in rows}
    return GroupView(
        group=group["group"],
        label=group["label"],
        rows=rows,
        ranked=sum(view.row["rank"] is not None for view in rows),
        footnotes=list(_footnotes(rows, group["group"], minimum)),
        honour=[by_id[item] for item in group.get("honour", ())],
        black=[by_id[item] for item in group.get("black", ())],
    )


def _footnotes(rows: list[RowView], group: str, minimum: int) -> Iterator[str]:
    """What a reader of the group has to know: ties, too little company, who is left out, what the signs mean."""
    ranks = Counter(view.row["rank"] for view in rows if view.row["rank"] is not None)
    silent = {view.row["rank"] for view in rows if view.row.get("silent")} - {None}
    ties = [f"第{rank}名{count}个" for rank, count in ranks.items() if count > 1 and rank not in silent]
    if ties:
        yield f"并列：{'、'.join(ties)}，其后的名次空出。"
    if silent:
        yield "连续两期未报送的排末位，不论得分。"
    if group != NOT_ON_BOARD and any(view.row["status"] == "small_group" for view in rows):
        yield f"同类参加排名的不足{minimum}个，只列得分和数据，不排名次。"
    left_out = sum(view.row["status"] not in TAKES_PART for view in rows)
    if group != NOT_ON_BOARD and left_out:
        yield f"{left_out}个未参加排名，原因见名称下方。"
    marks = Counter(mark for view in rows for mark in view.row["marks"])
    for mark, meaning in MARKS.items():
        if marks[mark]:
            yield f"“{mark}”{marks[mark]}个：{meaning}。"


def _is_idle(row: dict[str, Any], group: str) -> bool:
    """A unit that takes no part and has no project: an office of the county, say."""
    return group == NOT_ON_BOARD and row.get("projects") == 0 and not row["notes"]


def _row(row: dict[str, Any], board: str, names: _Names, access: Access) -> RowView:
    unit, leader = "", ""
    if board == RankingBoard.PROJECTS:
        unit, leader = names.units.get(row["unit"], ""), names.leaders.get(row["leader"], "")
    return RowView(row, unit, leader, is_own(row, board, access))


def is_own(row: dict[str, Any], board: str, access: Access) -> bool:
    """Whether a frozen row is the reader's: a project of the unit, the unit, the leader."""
    if board == RankingBoard.PROJECTS:
        return row["unit"] in access.unit_ids
    return row["id"] in (access.unit_ids if board == RankingBoard.UNITS else access.officer_ids)


def arrow(change: int | None) -> str:
    """Places won or lost as a board prints them."""
    if change is None:
        return "新"
    if change == 0:
        return "持平"
    return f"{'↑' if change > 0 else '↓'}{abs(change)}"
