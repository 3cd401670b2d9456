"""Made-up ledgers as files in memory, in the shapes that offices send."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import openpyxl

PLAN_HEADER = (
    *("序号", "项目名称", "建设性质", "总投资", "2026年计划投资"),
    *("开工时间", "竣工时间", "责任单位", "包联领导"),
)
HISTORY_HEADER = (
    *("记录号", "项目编号", "项目名称", "填报时间", "建设阶段"),
    *("本月进展", "本月完成投资", "实际开工时间", "拟竣工时间"),
)
Row = Sequence[object]


def plan_book(rows: Sequence[Row], *, header: Row = PLAN_HEADER, title: str = "2026年县级重点项目计划表") -> bytes:
    """A plan ledger as .xlsx: title, unit line, header, rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "清单"
    sheet.append([title])
    sheet.append(["单位：万元"])
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(header: Row, rows: Sequence[Row]) -> bytes:
    """A table as a platform exports it: CSV in UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()
