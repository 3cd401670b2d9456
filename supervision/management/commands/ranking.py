"""`manage.py ranking --board projects|units|leaders --period 2018-09 [--json]`: prints a snapshot, or computes one.

The published snapshot of the period is printed; without one, the draft; without either, the ranking is computed as of
that period and not stored. A week (`2018-W39`) holds the projects' order only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.rules.periods import PeriodKey, parse
from supervision.enums import RankingBoard, Series, SnapshotState
from supervision.models import Snapshot
from supervision.rules.boards import canonical
from supervision.selectors import snapshots
from tracker import clock


@dataclass(frozen=True, slots=True)
class _Printed:
    state: str
    content: dict[str, Any]
    facts_digest: str
    boards_digest: str
    rule_version: str
    policy_version: str


class Command(BaseCommand):
    help = "打印某期排名；没有快照时按该期计算，不保存。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--board", choices=RankingBoard.values, required=True, help="项目、单位或包联领导榜")
        parser.add_argument("--period", required=True, metavar="期号", help="如 2018-09（月）或 2018-W39（周）")
        parser.add_argument("--json", action="store_true", help="输出规范 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            key = parse(options["period"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        series = Series.WEEKLY if key.kind == "week" else Series.MONTHLY
        if series is Series.WEEKLY and options["board"] != RankingBoard.PROJECTS:
            raise CommandError("一周一排序只有项目榜；单位榜和领导榜请给出月份，如 2018-09。")
        printed = _printed(series, key)
        groups = printed.content[options["board"]]
        if options["json"]:
            self.stdout.write(canonical(_document(options["board"], series, key, printed, groups)))
            return
        self.stdout.write(f"{key.title} {series.label} {RankingBoard(options['board']).label}榜（{printed.state}）")
        for group in groups:
            self.stdout.write(f"\n【{group['label']}】")
            for row in group["rows"]:
                rank = "—" if row["rank"] is None else str(row["rank"])
                score = "—" if row["score"] is None else row["score"]
                self.stdout.write("\t".join((rank, row["name"], score, "".join(row["marks"]))).rstrip())


def _printed(series: Series, key: PeriodKey) -> _Printed:
    stored = (
        Snapshot.objects.filter(series=series, period__key=key.key)
        .filter(state__in=(SnapshotState.PUBLISHED, SnapshotState.DRAFT))
        .order_by("-state")
        .first()
    )
    if stored is not None:
        return _Printed(
            stored.get_state_display(),
            json.loads(stored.boards),
            stored.facts_digest,
            stored.boards_digest,
            stored.rule_version,
            stored.policy_version,
        )
    frozen = snapshots.computed(series, key, clock.now())
    return _Printed(
        "未保存",
        json.loads(frozen.boards),
        frozen.facts_digest,
        frozen.boards_digest,
        frozen.rule_version,
        frozen.policy.version,
    )


def _document(
    board: str, series: Series, key: PeriodKey, printed: _Printed, groups: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "board": board,
        "series": series.value,
        "period": key.key,
        "cutoff": key.ends_on.isoformat(),
        "state": printed.state,
        "facts_digest": printed.facts_digest,
        "boards_digest": printed.boards_digest,
        "rule_version": printed.rule_version,
        "policy_version": printed.policy_version,
        "groups": groups,
    }
