"""A snapshot as the rankings page shows it: which one, its groups with names and marks, one row's evidence.

Everything printed comes from the frozen text; the ledger is asked only which records the reader may open.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from projects.models import Project, ReportRevision
from projects.permissions import Access
from projects.rules.facts import from_json
from supervision.enums import RankingBoard, Series, SnapshotState
from supervision.models import Snapshot
from supervision.rules.rows import STATUS_TEXTS
from supervision.rules.totals import Totals, official_sentence
from supervision.selectors.snapshots import Change, Explanation, board_view, compare, snapshots_for

LARGE_TEXTS = ("facts", "boards", "policy")
"""Left in the database where only periods are listed."""

NOT_ON_BOARD = "none"
"""The group of projects and units that take no part."""


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
        return _arrow(self.row["change"])

    @property
    def reasons(self) -> list[str]:
        """The footnotes of the row; why it has no rank is always among them."""
        reason = STATUS_TEXTS[self.row["status"]]
        notes: list[str] = self.row["notes"]
        return notes if not reason or reason in notes else [reason, *notes]

    @property
    def like_text(self) -> str:
        """The change among those ranked both times, where it tells something else than the plain one."""
        if self.row["change"] is None or self.row["like_change"] == self.row["change"]:
            return ""
        return _arrow(self.row["like_change"])


@dataclass(frozen=True, slots=True)
class GroupView:
    """A peer group or unit board. `has_ties` and `has_silent` call for a footnote; the lists are for the offices."""

    group: str
    label: str
    rows: list[RowView]
    ranked: int
    has_ties: bool
    has_silent: bool
    honour: list[RowView]
    black: list[RowView]

    @property
    def is_ranked(self) -> bool:
        return self.ranked > 0

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


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A record that parts of a score rest on; `part` names them. `page` is what the reader may open of it (report,
    project, period, explain) with its key in `target`; empty when nothing."""

    part: str
    text: str
    page: str
    target: str


def listed(access: Access, as_of: dt.date) -> QuerySet[Snapshot]:
    """Snapshots the person may open as of a day, newest period first, without their large texts."""
    return snapshots_for(access).filter(cutoff__lte=as_of).defer(*LARGE_TEXTS)


def opened(access: Access, as_of: dt.date, series: Series, snapshot_id: int | None) -> Snapshot | None:
    """The snapshot asked for; else the newest published one of the series, else its newest draft. None if there is
    none, or if it is not to be seen by this person."""
    rows = snapshots_for(access).filter(cutoff__lte=as_of)
    if snapshot_id is not None:
        return rows.filter(pk=snapshot_id).first()
    rows = rows.filter(series=series)
    return rows.filter(state=SnapshotState.PUBLISHED).first() or rows.filter(state=SnapshotState.DRAFT).first()


def standings(snapshot: Snapshot, board: str, access: Access) -> Standings:
    """One board with names. No query."""
    view = board_view(snapshot, board)
    names = _Names.of(snapshot)
    return Standings(
        snapshot=snapshot,
        board=board,
        groups=[found for group in view.groups if (found := _group(group, board, names, access)).rows],
        sentence=official_sentence(from_json(Totals, view.totals), snapshot.cutoff),
        entered=len(view.entered),
        left=len(view.left),
    )


def compared(now_id: int, before_id: int, board: str) -> list[Change]:
    """Two snapshots the caller has found in `listed`, subject by subject. One query."""
    rows = Snapshot.objects.in_bulk({now_id, before_id})
    return compare(rows[now_id], rows[before_id], board)


def evidence(explanation: Explanation, access: Access) -> list[EvidenceRow]:
    """What the parts of a row rest on, each record once, with the page the reader may open. Two queries at most."""
    subject, board = explanation.row["id"], explanation.board
    items: dict[tuple[str, str], dict[str, Any]] = {}
    titles: dict[tuple[str, str], list[str]] = {}
    for part in explanation.row["parts"]:
        for item in part["evidence"]:
            items[item["kind"], item["id"]] = item
            titles.setdefault((item["kind"], item["id"]), []).append(part["title"])
    is_open = board == RankingBoard.PROJECTS and Project.objects.visible_to(access).filter(pk=subject).exists()
    reports = _reports(item["id"] for item in items.values() if item["kind"] == "revision") if is_open else {}
    return [
        EvidenceRow("、".join(titles[key]), item["text"], *_page(item, is_open, subject, reports, access))
        for key, item in items.items()
    ]


def gap_to_next(explanation: Explanation) -> Decimal | None:
    """How many points the subject above has more; None for the first, for who is not ranked, and where points do not
    decide (the weekly list)."""
    row = explanation.row
    above = [other for other in explanation.neighbours if other["rank"] is not None]
    if row["rank"] in (None, 1) or explanation.snapshot.series == Series.WEEKLY or not above:
        return None
    first = above[0]
    if first["id"] == row["id"] or first["rank"] == row["rank"]:
        return None
    return Decimal(first["score"]) - Decimal(row["score"])


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


def _group(group: dict[str, Any], board: str, names: _Names, access: Access) -> GroupView:
    rows = [_row(row, board, names, access) for row in group["rows"] if not _is_idle(row, group["group"])]
    by_id = {view.row["id"]: view for view in rows}
    ranks = Counter(view.row["rank"] for view in rows if view.row["rank"] is not None)
    silent = {view.row["rank"] for view in rows if view.row.get("silent")}
    return GroupView(
        group=group["group"],
        label=group["label"],
        rows=rows,
        ranked=sum(ranks.values()),
        has_ties=any(count > 1 and rank not in silent for rank, count in ranks.items()),
        has_silent=bool(silent - {None}),
        honour=[by_id[item] for item in group.get("honour", ())],
        black=[by_id[item] for item in group.get("black", ())],
    )


def _is_idle(row: dict[str, Any], group: str) -> bool:
    """A unit that takes no part and has no project: an office of the county, say."""
    return group == NOT_ON_BOARD and row.get("projects") == 0 and not row["notes"]


def _row(row: dict[str, Any], board: str, names: _Names, access: Access) -> RowView:
    if board == RankingBoard.PROJECTS:
        unit, leader = names.units.get(row["unit"], ""), names.leaders.get(row["leader"], "")
        return RowView(row, unit, leader, row["unit"] in access.unit_ids)
    own = access.unit_ids if board == RankingBoard.UNITS else access.officer_ids
    return RowView(row, "", "", row["id"] in own)


def _reports(revisions: Iterable[str]) -> dict[int, int]:
    rows = ReportRevision.objects.filter(pk__in=[int(item) for item in revisions])
    return dict(rows.values_list("pk", "report_id"))


def _page(
    item: dict[str, Any], is_open: bool, subject: int, reports: dict[int, int], access: Access
) -> tuple[str, str]:
    kind = item["kind"]
    if kind == "project":
        return "explain", item["id"]
    if kind == "report":
        return ("period", item["id"]) if access.may("periods.view") else ("", "")
    if not is_open:
        return "", ""
    if kind == "revision" and int(item["id"]) in reports:
        return "report", str(reports[int(item["id"])])
    return "project", str(subject)


def _arrow(change: int | None) -> str:
    if change is None:
        return "新"
    if change == 0:
        return "持平"
    return f"{'↑' if change > 0 else '↓'}{abs(change)}"
