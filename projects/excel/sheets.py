"""What a sheet says about itself around its table: title, year, unit, kind; or why it is no project table. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace

from projects.excel.errors import LedgerDeclined
from projects.excel.grid import Grid
from projects.excel.headers import Column, Header, find_header
from projects.excel.readings import SheetKind
from projects.excel.text import clean, is_blank, shown, squeeze
from projects.excel.vocabulary import AMOUNTS

_UNIT = re.compile(r"(?<!责任)(?<!牵头)(?<!主管)(?<!建设)单位[:：]?[(（]?(?:人民币)?(亿元|百万元|万元|千元|元)")
_YEAR = re.compile(r"(?<!\d)(20\d{2}|19[89]\d)(?=年)")
_PERMIT = re.compile(r"审批|许可|验收|备案|预审|审查|登记|批文|批复")
_CORE = frozenset(
    [
        "total",
        "plan",
        "done",
        "done_month",
        "done_all",
        "unit",
        "leader",
        "owner",
        "start",
        "finish",
        "period",
        "nature",
        "stage",
        "annual_class",
        "progress",
        "plan_quarter",
        "work_quarter",
        "content",
        "year_content",
        "plan_month",
    ]
)


def table_of(grid: Grid, answers: Mapping[str, str]) -> Header:
    """The header of the project table on a sheet. Raises `LedgerDeclined` with the reason when there is none."""
    if all(is_blank(value) for row in grid.rows for value in row):
        raise LedgerDeclined("空白工作表")
    header = find_header(grid, answers)
    if header is None:
        raise LedgerDeclined(_why_no_table(grid))
    keys = {column.key for column in header.columns}
    if not keys & _CORE:
        permits = sum(bool(_PERMIT.search(column.header)) for column in header.columns)
        if permits >= 5:
            raise LedgerDeclined("手续办理表（各审批环节的状态），不是项目计划或进度表，本期不导入")
        raise LedgerDeclined("除项目名称外没有投资、单位、时间或进度等列，不是项目表")
    return _shifted(grid, header)


def _why_no_table(grid: Grid) -> str:
    texts = {squeeze(value) for row in grid.rows[:12] for value in row if isinstance(value, str)}
    if texts & {"个数", "项目个数", "项目数", "数量", "小计", "合计"}:
        return "汇总表或统计表，没有项目名称列"
    filled = [row for row in grid.rows if any(not is_blank(value) for value in row)]
    numbers = sum(isinstance(value, (int, float)) for row in filled for value in row)
    if filled and numbers == 0 and max(sum(not is_blank(v) for v in row) for row in filled) <= 6:
        return "没有项目表的表头，像是下拉选项或说明"
    return "找不到项目表的表头（需要“项目名称”和投资、单位、时间等列）"


def _shifted(grid: Grid, header: Header) -> Header:
    """The header moved one column to the right when the serial number stands under 项目名称 and the name beside it."""
    name = header.column("name")
    if name is None or header.column("seq"):
        return header
    rows = range(header.last + 1, min(len(grid.rows), header.last + 60))
    under = [grid.value(row, name.index) for row in rows if not is_blank(grid.value(row, name.index))]
    beside = [grid.value(row, name.index + 1) for row in rows if not is_blank(grid.value(row, name.index + 1))]
    numbers = sum(isinstance(v, (int, float)) or str(v).strip().isdigit() for v in under)
    words = sum(isinstance(v, str) and len(clean(v)) > 2 for v in beside)
    if not under or numbers < 0.8 * len(under) or words < 0.8 * max(len(beside), 1):
        return header
    moved = tuple(replace(column, index=column.index + 1) for column in header.columns if column.index + 1 < grid.width)
    return Header(header.first, header.last, (Column(name.index, "序号", "seq"), *moved))


def title_of(grid: Grid, header: Header) -> str:
    """The texts above the header, longest first line: the title of the table."""
    texts = [clean(shown(v)) for row in grid.rows[: header.first] for v in row if isinstance(v, str) and clean(v)]
    texts = [text for text in texts if not _UNIT.search(squeeze(text)) or len(text) > 20]
    return max(texts, key=len, default="")


def sheet_unit(grid: Grid, header: Header) -> str | None:
    """The unit line of the sheet ("单位：万元"), looked for above the table and in its first rows."""
    for row in grid.rows[: max(6, header.last + 1)]:
        for value in row:
            if isinstance(value, str) and "单位" in value.replace(" ", "") and len(value) < 400:
                match = _UNIT.search(squeeze(value))
                if match:
                    return match[1]
    for row in grid.rows[: header.first]:
        for value in row:
            match = re.search(r"[(（](亿元|万元|千元|元)[)）]", squeeze(value)) if isinstance(value, str) else None
            if match:
                return match[1]
    return None


def header_units(header: Header) -> set[str]:
    """The units that amount columns carry in brackets."""
    return {column.unit for column in header.columns if column.key in AMOUNTS and column.unit}


def sheet_year(grid: Grid, header: Header, title: str) -> int | None:
    """The year of the table: from its title or the sheet's name, else from its only annual-plan column."""
    for text in (title, grid.name):
        years = _YEAR.findall(squeeze(text))
        if years:
            return int(years[0])
    plans = {column.year for column in header.columns if column.key == "plan" and column.year}
    return plans.pop() if len(plans) == 1 else None


def name_year(filename: str) -> int | None:
    match = re.search(r"(?<!\d)(20\d{2})(?!\d)", filename)
    return int(match[1]) if match else None


def kind_of(header: Header) -> SheetKind:
    """Plan ledger, progress reports or quarter plan, by the columns there are."""
    keys = {column.key for column in header.columns}
    if keys & {"plan_quarter", "work_quarter"} and not keys & {"total", "plan"}:
        return "quarter_plan"
    if keys & {"reported_at", "record_no", "done_month"} and "total" not in keys:
        return "progress"
    return "plan"


def with_years(header: Header, year: int | None) -> Header:
    """Annual plans and cumulatives of other years than the ledger's are no plan or cumulative of this year."""
    columns = []
    stated = {column.key for column in header.columns if column.key in ("plan", "done") and column.year == year}
    for column in header.columns:
        other = column.year is not None and year is not None and column.year != year
        if column.key == "plan" and (other or (column.year is None and "plan" in stated)):
            column = replace(column, key="plan_other_year" if other else None)
        elif column.key == "done" and other:
            column = replace(column, key=None)
        columns.append(column)
    return Header(header.first, header.last, tuple(columns))
