"""The project list as a worksheet: what the page shows, nothing more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from projects.excel.outgoing import LedgerSheet
from projects.selectors.list_sheets import sheet
from projects.selectors.project_columns import Column, sheet_columns, sheet_row
from projects.selectors.project_list import ProjectLine


def of_lines(lines: Iterable[ProjectLine], columns: Sequence[Column], *, as_of: dt.date, told: str) -> LedgerSheet:
    """The sheet of these lines under these columns, with the day they are true for and how they were narrowed."""
    rows = [sheet_row(line, columns) for line in lines]
    return sheet("重点项目台账", sheet_columns(columns), rows, as_of=as_of, told=told)
