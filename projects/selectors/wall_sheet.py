"""The wall chart as a worksheet: the same rows, groups and signs, coloured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from projects.excel.outgoing import CellValue, LedgerColumn, LedgerSheet, Tone, Toned
from projects.rules.wall import WORDS, Column, Sign
from projects.selectors.wall import Wall, WallCell, WallRow
from tracker.web import formatting

FIXED = (
    LedgerColumn("序号", "number", 6),
    LedgerColumn("项目名称", "text", 30),
    LedgerColumn("灯", "text", 8),
    LedgerColumn("责任单位", "text", 14),
    LedgerColumn("包联领导", "text", 9),
    LedgerColumn("年度计划（万元）", "amount", 13),
    LedgerColumn("累计完成（万元）", "amount", 13),
    LedgerColumn("比序时（百分点）", "percent", 10),
)
YEAR_WIDTH = 180
"""Characters over which the months or quarters share."""
TONES: dict[Sign, Tone] = {
    Sign.OVERDUE: "red",
    Sign.DUE: "yellow",
    Sign.LATE: "blue",
    Sign.DONE: "green",
    Sign.PLANNED: "grey",
    Sign.MOVED: "grey",
}
WORST_FIRST = tuple(WORDS)
_LIGHTS: dict[str, Tone] = {"red": "red", "yellow": "yellow", "blue": "blue", "green": "green"}


def of_wall(wall: Wall, told: str, *, county: str) -> LedgerSheet:
    """The chart with the day it is true for, how it was narrowed, and the legend in the note."""
    legend = "　".join(f"{shape}{word}" for shape, word in WORDS.values())
    note = f"数据日期：{wall.as_of:%Y-%m-%d}　条件：{told or '全部'}　共{wall.count}个项目　{legend}"
    columns = (*FIXED, *(_column(column, len(wall.columns)) for column in wall.columns))
    title = f"{county}{wall.year}年重点项目挂图作战图"
    return LedgerSheet("挂图作战", columns, tuple(_rows(wall)), title=title, note=note, paper="A3", frozen_columns=2)


def _column(column: Column, count: int) -> LedgerColumn:
    label = f"{column.label}（停工季）" if column.is_idle else column.label
    return LedgerColumn(label, "text", YEAR_WIDTH / count)


def _rows(wall: Wall) -> Iterator[Sequence[CellValue]]:
    blank = Toned("", "head")
    for group in wall.groups:
        label = Toned(f"{group.label}（{len(group.rows)}个）", "head")
        yield [blank, label, *([blank] * (len(FIXED) + len(wall.columns) - 2))]
        yield from map(_row, group.rows)


def _row(row: WallRow) -> list[CellValue]:
    project, view = row.line.project, row.line.view
    light = Toned(view.colour.label, _LIGHTS.get(view.colour.value, "grey"))
    unit = project.unit_label or project.unit_name
    figures = [view.plan, view.done, None if view.gap_points is None else formatting.rounded(view.gap_points, 2)]
    return [project.seq, project.name, light, unit, project.leader_name, *figures, *map(_cell, row.cells)]


def _cell(cell: WallCell) -> CellValue:
    """Each node with its sign in words, what the reports lack, and the gap; the ground is that of the worst sign."""
    lines = [f"{mark.shape}{mark.title}（{mark.words}）" for mark in cell.marks]
    lines += [f"月报{lack}" for lack in cell.lacks]
    if cell.gap is not None:
        lines.append(f"比序时{formatting.signed(cell.gap, 0)}个百分点")
    text = "\n".join(lines)
    if cell.marks:
        return Toned(text, TONES[min((mark.sign for mark in cell.marks), key=WORST_FIRST.index)])
    return Toned(text, "yellow") if cell.lacks else text or None
