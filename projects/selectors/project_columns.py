"""The columns that the project list can show: one table for the page and for its export."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from projects.enums import Level, Nature, Stage
from projects.excel.outgoing import CellValue, ColumnKind, LedgerColumn
from projects.models import ColumnChoice, User
from projects.rules.progress import HUNDRED
from projects.selectors.project_list import ProjectLine

PAGE = "project_list"
"""The page by which a choice of columns is remembered."""
NAME = "name"
"""The one column that cannot be left out."""

Kind = Literal["number", "light", "name", "word", "text", "long", "amount", "percent", "points", "month"]
"""`word` stays on one line, `text` may break, `long` is a sentence."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value` gives what stands in the cell, None where nothing is known; amounts in 万元, `percent` a
    fraction, `points` percentage points. `sort` is the list's sort key, "" for none."""

    key: str
    label: str
    kind: Kind
    value: Callable[[ProjectLine], CellValue]
    width: float = 14
    sort: str = ""
    usual: bool = True
    """Shown to whom has chosen nothing."""
    on_phone: bool = False
    """Shown on a telephone too, as are the columns somebody has asked for beyond the usual ones."""

    @property
    def is_figure(self) -> bool:
        return self.kind in ("number", "amount", "percent", "points")

    @property
    def title(self) -> str:
        """The label with its unit, for the head of a workbook."""
        units = {"amount": "（万元）", "percent": "（%）", "points": "（百分点）"}
        return self.label + units.get(self.kind, "")


COLUMNS = (
    Column("seq", "序号", "number", lambda line: line.project.seq, 6, sort="seq"),
    Column("colour", "灯色", "light", lambda line: line.view.colour.label, 8, on_phone=True),
    Column(NAME, "项目名称", "name", lambda line: line.project.name, 36, sort="name", on_phone=True),
    Column("annual_class", "类别", "word", lambda line: line.annual_class, 10),
    Column("stage", "阶段", "word", lambda line: Stage(line.project.stage).label, 10),
    Column(
        "unit", "责任单位", "text", lambda line: line.project.unit_label or line.project.unit_name, 20,
        sort="unit", on_phone=True,
    ),
    Column("leader", "包联领导", "word", lambda line: line.project.leader_name, 10, sort="leader"),
    Column("nature", "建设性质", "word", lambda line: _label(Nature, line.project.nature), 10, usual=False),
    Column("level", "级别", "word", lambda line: _label(Level, line.project.level), 10, usual=False),
    Column("sector", "领域", "text", lambda line: line.project.sector, 14, usual=False),
    Column("area", "建设地点", "text", lambda line: line.project.area, 20, usual=False),
    Column("owner", "项目业主", "text", lambda line: line.project.owner, 24, usual=False),
    Column("total", "总投资", "amount", lambda line: line.view.total, usual=False),
    Column("plan", "年度计划", "amount", lambda line: line.view.plan, sort="plan"),
    Column("prior", "往年累计", "amount", lambda line: line.view.prior, usual=False),
    Column("done", "本年完成", "amount", lambda line: line.view.done, sort="done"),
    Column("due", "应完成", "amount", lambda line: line.view.planned_cumulative, usual=False),
    Column("rate", "完成率", "percent", lambda line: line.view.rate, 12, sort="rate", on_phone=True),
    Column("gap", "比序时", "points", lambda line: line.view.gap_points, 12, sort="gap", on_phone=True),
    Column("start", "计划开工", "month", lambda line: line.project.planned_start, 12, usual=False),
    Column("finish", "计划竣工", "month", lambda line: line.project.planned_finish, 12, sort="finish"),
    Column("text", "灯色说明", "long", lambda line: line.view.text, 60, usual=False),
)  # fmt: skip
USUAL = tuple(column for column in COLUMNS if column.usual)
ALL_USUAL = "usual"
"""What the address says to return to the usual columns."""


def chosen(asked: Iterable[str], user: User) -> tuple[Column, ...]:
    """The columns to show, in their fixed order: those asked for in the address, else those the person remembers, else
    the usual ones. One query, and none when the address says it."""
    keys = set(asked) & {ALL_USUAL, *(column.key for column in COLUMNS)}
    if not keys:
        keys = set(ColumnChoice.objects.filter(user=user, page=PAGE).values_list("columns", flat=True).first() or ())
    if not keys or ALL_USUAL in keys:
        return USUAL
    return tuple(column for column in COLUMNS if column.key in {NAME, *keys})


def sheet_columns(columns: Iterable[Column]) -> tuple[LedgerColumn, ...]:
    """The same columns in a workbook; the code, which the page shows under the name, stands beside it."""
    found = []
    for column in columns:
        if column.key == NAME:
            found.append(LedgerColumn("项目编号", "text", 12))
        found.append(LedgerColumn(column.title, _SHEET_KINDS.get(column.kind, "text"), column.width))
    return tuple(found)


def sheet_row(line: ProjectLine, columns: Iterable[Column]) -> tuple[CellValue, ...]:
    """One project under `sheet_columns`."""
    found: list[CellValue] = []
    for column in columns:
        if column.key == NAME:
            found.append(line.project.code)
        found.append(_sheet_value(column, line))
    return tuple(found)


_SHEET_KINDS: dict[Kind, ColumnKind] = {
    "number": "number", "amount": "amount", "percent": "percent", "points": "percent", "month": "date",
}  # fmt: skip


def _sheet_value(column: Column, line: ProjectLine) -> CellValue:
    value = column.value(line)
    if not isinstance(value, Decimal) or column.kind not in ("percent", "points"):
        return value
    return round(value * HUNDRED if column.kind == "percent" else value, 2)


def _label(choices: type[Nature] | type[Level], value: str) -> str:
    return str(choices(value).label) if value else ""
