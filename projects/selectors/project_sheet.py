"""The project list as a worksheet: what the page shows, nothing more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from projects.enums import Stage
from projects.excel.writer import LedgerColumn, LedgerSheet
from projects.rules.progress import HUNDRED
from projects.selectors.project_list import ProjectLine

COLUMNS = (
    LedgerColumn("序号", "number", 6),
    LedgerColumn("项目编号", "text", 12),
    LedgerColumn("项目名称", "text", 36),
    LedgerColumn("年度类别", "text", 10),
    LedgerColumn("建设阶段", "text", 10),
    LedgerColumn("责任单位", "text", 24),
    LedgerColumn("包联领导", "text", 10),
    LedgerColumn("总投资（万元）", "amount", 14),
    LedgerColumn("年度计划投资（万元）", "amount", 14),
    LedgerColumn("本年累计完成投资（万元）", "amount", 14),
    LedgerColumn("年度完成率（%）", "number", 12),
    LedgerColumn("比序时（个百分点）", "number", 12),
    LedgerColumn("灯色", "text", 8),
    LedgerColumn("说明", "text", 60),
)


def of_lines(lines: Iterable[ProjectLine], as_of: dt.date) -> LedgerSheet:
    """The sheet of these lines with the day they are true for."""
    return LedgerSheet(
        name="项目台账",
        columns=COLUMNS,
        rows=[_row(line) for line in lines],
        title="重点项目台账",
        note=f"数据日期：{as_of:%Y-%m-%d}　单位：万元",
    )


def _row(line: ProjectLine) -> tuple[object, ...]:
    project, view = line.project, line.view
    return (
        project.seq,
        project.code,
        project.name,
        line.annual_class,
        Stage(project.stage).label,
        project.unit_name,
        project.leader_name,
        view.total,
        view.plan,
        view.done,
        None if view.rate is None else round(view.rate * HUNDRED, 2),
        None if view.gap_points is None else round(view.gap_points, 2),
        view.colour.label,
        view.text,
    )
