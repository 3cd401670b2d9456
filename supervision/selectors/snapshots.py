"""Snapshots: who may open which on what day, their boards as frozen, and the proof by recomputation.

Everything is read from the frozen text of a snapshot; nothing here looks at the ledger but `recompute` and `computed`.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from projects.enums import Role
from projects.models import AuditEntry
from projects.permissions import Access
from projects.rules.periods import PeriodKey
from projects.rules.policy import Policy
from supervision.enums import RankingBoard, Series, SnapshotState
from supervision.models import Snapshot
from supervision.rules.boards import UNIT_BOARD_LABELS, Inputs
from supervision.rules.scores import Group
from supervision.selectors.frozen import Days, Frozen, days_of, freeze, inputs_of, key_of, of_inputs
from tracker.clock import end_of

OFFICES = frozenset({Role.MAIN_LEADER, Role.SUPERVISION, Role.BUREAU, Role.PROJECT_OFFICE})
LEADER_AUDIENCE: dict[str, frozenset[Role]] = {
    "none": OFFICES - {Role.MAIN_LEADER},
    "main_leaders": OFFICES,
    "leaders": OFFICES | {Role.VICE_HEAD},
    "county": frozenset(Role),
}
"""Who reads the leader board under each value of the policy parameter; the offices compute it and always see it."""

LARGE_TEXTS = ("facts", "boards", "policy")
"""Left in the database where only periods are listed."""

GROUP_ORDER = (*(group.value for group in Group), *(board for board in UNIT_BOARD_LABELS if board != "none"))
"""Peer groups and unit boards as they are printed."""


@dataclass(frozen=True, slots=True)
class BoardView:
    """One board of one snapshot: its groups with their rows as frozen, and how it came to be."""

    snapshot: Snapshot
    board: str
    groups: list[dict[str, Any]]
    totals: dict[str, Any]
    entered: list[int]
    left: list[int]


@dataclass(frozen=True, slots=True)
class Recomputation:
    """Whether the ledger and the rules still give the bytes of a snapshot; `differences` says in Chinese what moved."""

    facts_equal: bool
    boards_equal: bool
    differences: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        return self.facts_equal and self.boards_equal


def may_see_board(access: Access, board: str, policy: Policy) -> bool:
    """Whether the board is open to this access: leaders' boards follow the county's setting."""
    if not access.may("rankings.view"):
        return False
    return board != RankingBoard.LEADERS or bool(access.roles & LEADER_AUDIENCE[policy.leader_board])


def snapshots_for(access: Access) -> QuerySet[Snapshot]:
    """Snapshots a person may open, newest period first: drafts only where rankings are made."""
    rows = Snapshot.objects.select_related("period").order_by("-cutoff", "series", "-number")
    return rows if access.may("rankings.take") else rows.exclude(state=SnapshotState.DRAFT)


def in_force_on(rows: QuerySet[Snapshot], day: dt.date) -> QuerySet[Snapshot]:
    """Those that were published, and not yet corrected, at the end of `day`. A weekly order is out before its week
    ends, a month's ranking days after: the day of publication counts, not the cut-off."""
    end = end_of(day)
    corrections = AuditEntry.objects.filter(
        object_type=Snapshot._meta.model_name,
        object_id=Cast(OuterRef("pk"), CharField()),
        action="snapshots.supersede",
        at__lt=end,
    )
    return rows.filter(Q(state=SnapshotState.PUBLISHED) | ~Exists(corrections), published_at__lt=end)


def known_on(rows: QuerySet[Snapshot], day: dt.date) -> QuerySet[Snapshot]:
    """Those that could be opened at the end of `day`: drafts then made, and what was published, corrected or not."""
    end = end_of(day)
    return rows.filter(Q(published_at__lt=end) | Q(state=SnapshotState.DRAFT, taken_at__lt=end))


def latest_published(series: Series, on: dt.date) -> Snapshot | None:
    """The newest snapshot in force on a day; its large texts stay in the database until they are asked for."""
    rows = Snapshot.objects.filter(series=series).select_related("period").defer(*LARGE_TEXTS)
    return in_force_on(rows, on).order_by("-cutoff", "-number").first()


def board_view(snapshot: Snapshot, board: str) -> BoardView:
    """One board; a weekly snapshot holds the projects' board only, the others are empty."""
    content = json.loads(snapshot.boards)
    membership = content.get("membership", {})
    return BoardView(
        snapshot=snapshot,
        board=board,
        groups=by_place(content.get(board, [])),
        totals=content["totals"],
        entered=membership.get("entered", []),
        left=membership.get("left", []),
    )


def computed(series: Series, key: PeriodKey, at: dt.datetime) -> Frozen:
    """The ranking of a period as it would be taken at `at`, without storing it."""
    return freeze(series, key, days_of(key, at))


def recompute(snapshot: Snapshot) -> Recomputation:
    """Compute a snapshot again from the ledger and compare byte by byte.

    Names are labels, and the ranks of the period before are another snapshot's: both are kept as printed. Everything
    else must come out of the ledger again.
    """
    policy = Policy.from_rows(snapshot.policy)
    frozen = Inputs.from_json(json.loads(snapshot.facts))
    days = Days(as_of=snapshot.as_of, judged_on=frozen.judged_on)
    read = inputs_of(Series(snapshot.series), key_of(snapshot.period), days)
    again = of_inputs(_with_printed_labels(read, frozen), policy)
    facts_equal, boards_equal = again.facts == snapshot.facts, again.boards == snapshot.boards
    differences = [] if facts_equal else _differences(json.loads(snapshot.facts), json.loads(again.facts))
    if facts_equal and not boards_equal:
        differences.append(f"相同事实得出不同排名：快照用规则{snapshot.rule_version}，现行规则{again.rule_version}。")
    return Recomputation(facts_equal, boards_equal, tuple(differences))


def by_place(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups in the order of a bulletin; those who take no part come last."""
    return sorted(groups, key=_place)


def _place(group: dict[str, Any]) -> int:
    return GROUP_ORDER.index(group["group"]) if group["group"] in GROUP_ORDER else len(GROUP_ORDER)


def _with_printed_labels(read: Inputs, printed: Inputs) -> Inputs:
    projects = {item.id: item for item in printed.projects}
    units = {item.id: item for item in printed.units}
    leaders = {item.id: item for item in printed.leaders}
    return replace(
        read,
        projects=tuple(
            replace(item, name=projects[item.id].name, code=projects[item.id].code) if item.id in projects else item
            for item in read.projects
        ),
        units=tuple(replace(item, name=units[item.id].name) if item.id in units else item for item in read.units),
        leaders=tuple(
            replace(item, name=leaders[item.id].name) if item.id in leaders else item for item in read.leaders
        ),
        previous=printed.previous,
    )


def _differences(printed: dict[str, Any], read: dict[str, Any]) -> list[str]:
    """What moved, project by project."""
    found = []
    then = {item["id"]: item for item in printed["projects"]}
    now = {item["id"]: item for item in read["projects"]}
    for project_id in sorted(then.keys() | now.keys()):
        old, new = then.get(project_id), now.get(project_id)
        if old is None or new is None:
            name = (old or new or {})["name"]
            found.append(f"{name}：{'快照中没有' if old is None else '现在的台账中没有'}")
        elif old != new:
            fields = "、".join(sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key)))
            found.append(f"{old['name']}：{fields}不同")
    if not found:
        keys = "、".join(sorted(key for key in printed if printed[key] != read.get(key)))
        found.append(f"项目事实相同，{keys}不同")
    return found
