"""Lists as worksheets: the rows, columns and order of the page, and a line that says how it was narrowed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from projects.enums import FlagState
from projects.excel.outgoing import CellValue, LedgerColumn, LedgerSheet
from projects.models import VerificationFlag
from projects.selectors.periods import BoardUnit, PeriodBoard
from tracker.clock import SHANGHAI

FLAG_COLUMNS = (
    LedgerColumn("项目编号", "text", 12),
    LedgerColumn("项目名称", "text", 36),
    LedgerColumn("责任单位", "text", 18),
    LedgerColumn("疑问", "text", 14),
    LedgerColumn("说明", "text", 50),
    LedgerColumn("报告期", "text", 14),
    LedgerColumn("填报累计（万元）", "amount", 14),
    LedgerColumn("核实累计（万元）", "amount", 14),
    LedgerColumn("状态", "text", 8),
    LedgerColumn("核实情况", "text", 36),
    LedgerColumn("核实人", "text", 10),
)
BOARD_COLUMNS = (
    LedgerColumn("责任单位", "text", 24),
    LedgerColumn("项目编号", "text", 12),
    LedgerColumn("项目名称", "text", 36),
    LedgerColumn("状态", "text", 14),
    LedgerColumn("提交时间", "text", 18),
    LedgerColumn("迟报", "text", 8),
    LedgerColumn("免报原因", "text", 30),
)


def sheet(
    title: str, columns: Sequence[LedgerColumn], rows: Iterable[Sequence[CellValue]], *, as_of: dt.date, told: str = ""
) -> LedgerSheet:
    """A list as a sheet. The note names the day, the unit, the filter (`told`) and how many rows there are."""
    found = list(rows)
    parts = [f"数据日期：{as_of:%Y-%m-%d}", "单位：万元", f"条件：{told or '全部'}", f"共{len(found)}项"]
    return LedgerSheet(name=title, columns=columns, rows=found, title=title, note="　".join(parts))


def flags(rows: Iterable[VerificationFlag], state: FlagState, *, told: str, as_of: dt.date) -> LedgerSheet:
    """Verification tasks as the list shows them."""
    narrowed = "，".join(part for part in (f"状态：{state.label}", told) if part)
    return sheet("核实事项", FLAG_COLUMNS, map(_flag, rows), as_of=as_of, told=narrowed)


def _flag(flag: VerificationFlag) -> tuple[CellValue, ...]:
    report = flag.revision.report
    return (
        flag.project.code,
        flag.project.name,
        report.expected.unit.label if report.expected.unit else "",
        flag.title,
        flag.text,
        report.period.short_title,
        flag.revision.done,
        flag.verified_done,
        flag.get_state_display(),
        flag.note,
        flag.settled_by.name if flag.settled_by else "",
    )


def board(found: PeriodBoard[BoardUnit], units: Iterable[BoardUnit], *, told: str, as_of: dt.date) -> LedgerSheet:
    """Who has reported in a period and who has not, as the board shows it."""
    rows = [
        (
            unit.name,
            line.expected.project.code,
            line.expected.project.name,
            line.label,
            f"{line.submitted_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if line.submitted_at else "",
            "迟报" if line.is_late else "",
            line.expected.waived_reason,
        )
        for unit in units
        for line in unit.lines
    ]
    return sheet(f"{found.period.short_title}报送情况", BOARD_COLUMNS, rows, as_of=as_of, told=told)
