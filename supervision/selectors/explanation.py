"""One row of a board opened: its parts, the records they rest on, and what would move it. Everything printed comes
from the frozen text; the ledger is asked only which records the reader may open."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from projects.models import Project, ReportRevision
from projects.permissions import Access
from projects.rules.periods import parse
from projects.rules.policy import Policy
from projects.workdays import Calendar
from supervision.enums import RankingBoard, Series
from supervision.models import Snapshot
from supervision.rules.boards import Inputs
from supervision.rules.moves import Ground, Move, project_moves, subject_moves
from supervision.rules.ranks import judge_all
from supervision.selectors.frozen import of_inputs
from supervision.selectors.snapshots import board_view

AROUND = 2
"""How many rows are shown above and below."""
KINDS = {"month": "月报", "week": "周报"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a row stands where it stands. `ranked` counts the rows of its group with a rank."""

    snapshot: Snapshot
    board: str
    group: str
    ranked: int
    row: dict[str, Any]
    above: dict[str, Any] | None
    around: list[dict[str, Any]]

    @property
    def is_weekly(self) -> bool:
        return self.snapshot.series == Series.WEEKLY

    @property
    def of_ranked(self) -> str:
        """Beside the rank: of how many."""
        return f"/ {self.ranked}"

    @property
    def is_silent(self) -> bool:
        """Last for having reported nothing twice, whatever the score."""
        return bool(self.row.get("silent"))

    @property
    def gap(self) -> Decimal | None:
        """How many points the row above has more; None for the first, for who is not ranked or silent, for equals, and
        where points do not decide (the weekly list)."""
        if self.above is None or self.is_weekly or self.is_silent or self.above["rank"] == self.row["rank"]:
            return None
        return Decimal(self.above["score"]) - Decimal(self.row["score"])


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A record that parts of a score rest on; `part` names them. `page` is what the reader may open of it (report,
    project, period, explain) with its key in `target`; empty when nothing."""

    part: str
    text: str
    page: str
    target: str


@dataclass(frozen=True, slots=True)
class LateReports:
    """The reports of one kind behind the management part that came late or not at all, newest first."""

    kind: str
    rows: list[EvidenceRow]


def explanation(snapshot: Snapshot, board: str, subject_id: int) -> Explanation | None:
    """The row of one subject; None when it is not on the board. No query."""
    for group in board_view(snapshot, board).groups:
        rows = group["rows"]
        for index, row in enumerate(rows):
            if row["id"] == subject_id:
                first = max(0, index - AROUND)
                return Explanation(
                    snapshot=snapshot,
                    board=board,
                    group=group["label"],
                    ranked=sum(other["rank"] is not None for other in rows),
                    row=row,
                    above=rows[index - 1] if index and row["rank"] is not None else None,
                    around=rows[first : index + AROUND + 1],
                )
    return None


def moves(found: Explanation) -> tuple[Move, ...] | None:
    """What would move the row, by the rules of today; None where they no longer give the frozen boards, so that
    nothing could be promised. No query."""
    snapshot = found.snapshot
    policy, inputs = Policy.from_rows(snapshot.policy), Inputs.from_json(json.loads(snapshot.facts))
    if of_inputs(inputs, policy).boards != snapshot.boards:
        return None
    since, calendar = parse(inputs.period).starts_on, Calendar(exceptions=inputs.calendar)
    ground = Ground(judge_all(inputs.projects, policy, calendar, since), policy, calendar, since)
    if found.board == RankingBoard.PROJECTS:
        return project_moves(ground, found.row["id"], weekly=found.is_weekly)
    subjects = inputs.units if found.board == RankingBoard.UNITS else inputs.leaders
    return subject_moves(ground, subjects, found.row["id"], found.board)


def evidence(found: Explanation, access: Access) -> list[EvidenceRow]:
    """What the parts rest on but late reports, each record once, with the page the reader may open. Two queries at
    most."""
    subject, board = found.row["id"], found.board
    items: dict[tuple[str, str], dict[str, Any]] = {}
    titles: dict[tuple[str, str], list[str]] = {}
    for part, item in _items(found):
        if item["kind"] != "report":
            items[item["kind"], item["id"]] = item
            titles.setdefault((item["kind"], item["id"]), []).append(part["title"])
    is_open = board == RankingBoard.PROJECTS and Project.objects.visible_to(access).filter(pk=subject).exists()
    reports = _reports(item["id"] for item in items.values() if item["kind"] == "revision") if is_open else {}
    return [
        EvidenceRow("、".join(titles[key]), item["text"], *_page(item, is_open, subject, reports))
        for key, item in items.items()
    ]


def late_reports(found: Explanation, access: Access) -> list[LateReports]:
    """Late and missing reports, months before weeks. No query."""
    page = "period" if access.may("periods.view") else ""
    items = [(parse(item["id"]), part, item) for part, item in _items(found) if item["kind"] == "report"]
    items.sort(key=lambda entry: (entry[0].kind, -entry[0].ends_on.toordinal()))
    return [
        LateReports(KINDS[kind], [EvidenceRow(part["title"], item["text"], page, item["id"]) for _, part, item in rows])
        for kind, rows in groupby(items, key=lambda entry: entry[0].kind)
    ]


def _items(found: Explanation) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each part with each of its records. The weekly order rests on the figure alone, and on silence."""
    counted = ("revision", "report") if found.is_silent else ("revision",)
    return [
        (part, item)
        for part in found.row["parts"]
        for item in part["evidence"]
        if not found.is_weekly or item["kind"] in counted
    ]


def _reports(revisions: Iterable[str]) -> dict[int, int]:
    rows = ReportRevision.objects.filter(pk__in=[int(item) for item in revisions])
    return dict(rows.values_list("pk", "report_id"))


def _page(item: dict[str, Any], is_open: bool, subject: int, reports: dict[int, int]) -> tuple[str, str]:
    kind = item["kind"]
    if kind == "project":
        return "explain", item["id"]
    if not is_open:
        return "", ""
    if kind == "revision" and int(item["id"]) in reports:
        return "report", str(reports[int(item["id"])])
    return "project", str(subject)
