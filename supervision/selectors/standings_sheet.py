"""Rankings as worksheets: the rows, columns and order of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from projects.excel.outgoing import CellValue, LedgerColumn, LedgerSheet
from projects.selectors.list_sheets import sheet
from supervision.enums import RankingBoard
from supervision.models import Snapshot
from supervision.selectors.comparison import Change, Comparison, Place
from supervision.selectors.rank_history import Entry
from supervision.selectors.standings import RowView, Standings
from tracker.web.formatting import light_label, rounded

PLACE = (
    LedgerColumn("组别", "text", 16),
    LedgerColumn("名次", "number", 6),
    LedgerColumn("变化", "text", 8),
    LedgerColumn("同口径变化", "text", 8),
)
FIGURES = (
    LedgerColumn("年度计划（万元）", "amount", 13),
    LedgerColumn("累计完成（万元）", "amount", 13),
    LedgerColumn("完成率（%）", "percent", 9),
    LedgerColumn("比序时（百分点）", "percent", 9),
)
NOTES = (LedgerColumn("标记", "text", 8), LedgerColumn("说明", "text", 40))
PARTS = LedgerColumn("得分构成", "text", 40)
PROJECT = (
    LedgerColumn("项目编号", "text", 12),
    LedgerColumn("项目名称", "text", 32),
    LedgerColumn("责任单位", "text", 16),
    LedgerColumn("包联领导", "text", 10),
    LedgerColumn("灯", "text", 8),
)
COUNTS = (
    LedgerColumn("项目（个）", "number", 8),
    LedgerColumn("已开工（个）", "number", 8),
    LedgerColumn("应开工（个）", "number", 8),
    LedgerColumn("已入统（个）", "number", 8),
    LedgerColumn("应入统（个）", "number", 8),
    LedgerColumn("告警（个）", "number", 8),
    LedgerColumn("预警（个）", "number", 8),
)
HISTORY = (
    LedgerColumn("报告期", "text", 20),
    LedgerColumn("组别", "text", 18),
    LedgerColumn("名次", "number", 6),
    LedgerColumn("参加排名（个）", "number", 9),
    LedgerColumn("变化", "text", 8),
    LedgerColumn("得分", "percent", 9),
    LedgerColumn("标记", "text", 10),
)


def of_board(page: Standings) -> LedgerSheet:
    """One board as the page lists it, each row with its group."""
    snapshot, board = page.snapshot, RankingBoard(page.board)
    if board is RankingBoard.PROJECTS:
        figure = (LedgerColumn("进度比（%）", "percent", 9),) if page.is_weekly else (_score(), PARTS)
        overdue = (LedgerColumn("逾期节点（个）", "number", 8),)
        columns: Sequence[LedgerColumn] = (*PLACE, *PROJECT, *figure, *FIGURES, *overdue, *NOTES)
    else:
        columns = (*PLACE, LedgerColumn(board.label, "text", 20), _score(), PARTS, *FIGURES, *COUNTS, *NOTES)
    rows = [_row(view, group.label, page) for group in page.groups for view in group.rows]
    return sheet(
        f"{_title(snapshot)}（{board.label}榜）", columns, rows, as_of=snapshot.cutoff, told=_edition(snapshot)
    )


def _row(view: RowView, group: str, page: Standings) -> list[CellValue]:
    row = view.row
    score = _number(row["score"])
    place: list[CellValue] = [group, row["rank"], view.change_text, view.like_text]
    parts = "；".join(f"{part.title}{rounded(part.earned, 2)}/{rounded(part.possible, 2)}" for part in view.parts)
    figures = [_number(row["plan"]), _number(row["done"]), _hundred(row["rate"]), _number(row["gap"])]
    notes: list[CellValue] = ["、".join(row["marks"]), view.reasons]
    if page.board != RankingBoard.PROJECTS:
        counts = [row[name] for name in _COUNTED]
        return [*place, row["name"], score, parts, *figures, *counts, *notes]
    figure: list[CellValue] = [_hundred(row["ratio"])] if page.is_weekly else [score, parts]
    who = [row["code"], row["name"], view.unit, view.leader, light_label(row["colour"])]
    return [*place, *who, *figure, *figures, row["overdue_nodes"], *notes]


_COUNTED = ("projects", "started", "should_start", "included", "should_include", "reds", "yellows")


def of_comparison(page: Comparison) -> LedgerSheet:
    """Two periods as the page compares them: who is ranked both times, who came, who left."""
    before, now = page.before.period.short_title, page.now.period.short_title
    figure = "进度比（%）" if page.is_weekly else "得分"
    columns = (
        LedgerColumn("组别", "text", 16),
        LedgerColumn("情况", "text", 10),
        LedgerColumn("名称", "text", 32),
        LedgerColumn(f"{before}名次", "text", 18),
        LedgerColumn(f"{now}名次", "text", 18),
        LedgerColumn("变化", "text", 8),
        LedgerColumn("同口径变化", "text", 8),
        LedgerColumn(f"{before}{figure}", "percent", 12),
        LedgerColumn(f"{now}{figure}", "percent", 12),
        LedgerColumn("增减", "percent", 10),
    )
    title = f"{RankingBoard(page.board).label}榜{before}与{now}对比"
    return sheet(title, columns, list(_compared(page)), as_of=page.now.cutoff, told=f"{before}、{now}")


def _compared(page: Comparison) -> Iterator[list[CellValue]]:
    for group in page.groups:
        for words, changes in (("两期均排名", group.rows), ("新进", group.entered), ("退出", group.left)):
            for change in changes:
                yield [group.label, words, change.name, *_places(change, group.group), *_figures(change)]


def _places(change: Change, group: str) -> list[CellValue]:
    """The rank alone inside the group, in words elsewhere."""

    def told(place: Place | None) -> str:
        if place is None:
            return "未列"
        return str(place.rank) if place.group == group and place.rank is not None else place.told

    moved = change.change is not None
    return [told(change.before), told(change.now), change.change_text if moved else "", change.like_text]


def _figures(change: Change) -> list[CellValue]:
    values = [change.before.figure if change.before else None, change.now.figure if change.now else None, change.gain]
    return [None if value is None else rounded(value, 2) for value in values]


def of_history(name: str, entries: Sequence[Entry]) -> LedgerSheet:
    """The periods of one subject, newest first."""
    rows: list[list[CellValue]] = [
        [
            entry.snapshot.period.title,
            entry.group_title,
            entry.row.rank,
            entry.ranked,
            entry.change_text,
            entry.row.score,
            "、".join(entry.marks),
        ]
        for entry in reversed(entries)
    ]
    series = entries[-1].snapshot.get_series_display()
    return sheet(f"{name}历次名次", HISTORY, rows, as_of=entries[-1].snapshot.cutoff, told=series)


def _score() -> LedgerColumn:
    return LedgerColumn("得分", "percent", 9)


def _title(snapshot: Snapshot) -> str:
    return f"{snapshot.period.short_title}重点项目{snapshot.get_series_display()}"


def _edition(snapshot: Snapshot) -> str:
    return f"第{snapshot.number}版，{snapshot.get_state_display()}"


def _number(value: Any) -> Decimal | None:
    return None if value is None else rounded(Decimal(value), 2)


def _hundred(value: Any) -> Decimal | None:
    return None if value is None else rounded(Decimal(value) * 100, 2)
