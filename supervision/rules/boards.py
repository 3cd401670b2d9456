"""A frozen period: what a ranking was computed from, and the boards it gives, both as canonical JSON.

The inputs hold everything the boards depend on besides the policy, so the boards of a snapshot can be computed again
from the snapshot alone, and from the ledger, and compared byte by byte (docs/rules.md, Snapshots).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from projects.rules.facts import ProjectFacts, from_json, to_json
from projects.rules.periods import parse
from projects.rules.policy import Policy
from projects.workdays import Calendar
from supervision.rules.lists import black_list, group_label, honour_list
from supervision.rules.ranks import Judged, judge_all, order_weekly, rank_leaders, rank_projects, rank_units
from supervision.rules.rows import Previous, ProjectRow, Subject, SubjectRow
from supervision.rules.totals import totals

WEEKLY, MONTHLY = "weekly", "monthly"
BOARDS = ("projects", "units", "leaders")
UNIT_BOARD_LABELS = {
    "departments": "县直部门",
    "townships": "乡镇街道",
    "parks": "园区及平台公司",
    "none": "不参加排名",
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """All facts of one period. Amounts are compared on `cutoff`, lateness is judged on `judged_on`; `previous` holds,
    by board, the published ranks of the period before."""

    series: str
    period: str
    cutoff: dt.date
    judged_on: dt.date
    projects: tuple[ProjectFacts, ...]
    units: tuple[Subject, ...]
    leaders: tuple[Subject, ...]
    calendar: Mapping[dt.date, bool]
    previous: Mapping[str, Previous]

    def to_json(self) -> dict[str, Any]:
        return {
            "series": self.series,
            "period": self.period,
            "cutoff": self.cutoff.isoformat(),
            "judged_on": self.judged_on.isoformat(),
            "projects": [to_json(item) for item in sorted(self.projects, key=lambda item: item.id)],
            "units": [to_json(item) for item in sorted(self.units, key=lambda item: item.id)],
            "leaders": [to_json(item) for item in sorted(self.leaders, key=lambda item: item.id)],
            "calendar": {day.isoformat(): works for day, works in self.calendar.items()},
            "previous": {
                board: {str(key): list(value) for key, value in ranks.items()} for board, ranks in self.previous.items()
            },
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Inputs:
        return cls(
            series=data["series"],
            period=data["period"],
            cutoff=dt.date.fromisoformat(data["cutoff"]),
            judged_on=dt.date.fromisoformat(data["judged_on"]),
            projects=tuple(from_json(ProjectFacts, item) for item in data["projects"]),
            units=tuple(from_json(Subject, item) for item in data["units"]),
            leaders=tuple(from_json(Subject, item) for item in data["leaders"]),
            calendar={dt.date.fromisoformat(day): works for day, works in data["calendar"].items()},
            previous={
                board: {int(key): (group, rank) for key, (group, rank) in ranks.items()}
                for board, ranks in data["previous"].items()
            },
        )


def canonical(value: Any) -> str:
    """The one text of a JSON value: sorted keys, no spaces, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def boards(inputs: Inputs, policy: Policy) -> dict[str, Any]:
    """The boards of a period as JSON. The weekly list orders projects only; the month ranks units and leaders too."""
    judged = judge_all(
        inputs.projects, policy, Calendar(exceptions=inputs.calendar), since=parse(inputs.period).starts_on
    )
    found: dict[str, Any] = {
        "totals": to_json(totals(judged, inputs.cutoff)),
        "colours": {str(item.facts.id): item.judgement.colour.value for item in judged},
    }
    if inputs.series == WEEKLY:
        rows = order_weekly(judged, policy, inputs.previous.get("projects"))
        return found | {"projects": _project_groups(rows, policy)}
    rows = rank_projects(judged, policy, inputs.previous.get("projects"))
    return found | {
        "projects": _project_groups(rows, policy),
        "units": _subject_groups(rank_units(inputs.units, judged, policy, inputs.previous.get("units")), "units"),
        "leaders": _subject_groups(
            rank_leaders(inputs.leaders, judged, policy, inputs.previous.get("leaders")), "leaders"
        ),
        "membership": _membership(judged, inputs.previous.get("projects", {})),
    }


def _project_groups(rows: tuple[ProjectRow, ...], policy: Policy) -> list[dict[str, Any]]:
    groups = []
    for group, members in groupby(rows, key=lambda row: row.group):
        listed = list(members)
        groups.append(
            {
                "group": group,
                "label": group_label(group),
                "rows": [to_json(row) for row in listed],
                "black": [row.id for row in black_list(listed, policy)],
                "honour": [row.id for row in honour_list(listed, policy)],
            }
        )
    return groups


def _subject_groups(rows: tuple[SubjectRow, ...], board: str) -> list[dict[str, Any]]:
    return [
        {
            "group": group,
            "label": UNIT_BOARD_LABELS[group] if board == "units" else "包联领导",
            "rows": [to_json(row) for row in members],
        }
        for group, members in groupby(rows, key=lambda row: row.group)
    ]


def _membership(judged: tuple[Judged, ...], previous: Previous) -> dict[str, list[int]]:
    """Who entered and who left since the last period: the reason for a like-for-like change of rank."""
    now = {item.facts.id for item in judged if item.status == "ranked"}
    return {"entered": sorted(now - set(previous)) if previous else [], "left": sorted(set(previous) - now)}
