"""Tables out: an .xlsx workbook in which text is always text (docs/ledgers.md, Files we write)."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from copy import copy
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from projects.excel.outgoing import CellValue, ColumnKind, LedgerSheet, Tone, Toned

_FORMATS: dict[str, str] = {
    "text": "@",
    "amount": "#,##0.00##",
    "percent": "0.00",
    "date": "yyyy-mm-dd",
    "number": "0",
}
_Sheet = Any
"""A `WriteOnlyWorksheet`; its types leave out what it borrows from `Worksheet`."""
_Cell = Any
"""A `WriteOnlyCell`; its types leave out `_style`, the one style that all cells of a column share."""
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be taken for a formula when somebody edits the cell."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST = 32_767


def write_xlsx(sheets: Sequence[LedgerSheet]) -> bytes:
    """The workbook as bytes. Amounts and dates are numbers with a format, everything else is text."""
    book = Workbook(write_only=True)
    taken: set[str] = set()
    for sheet in sheets:
        _write_sheet(book.create_sheet(_sheet_name(sheet.name, taken)), sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    base = _FORBIDDEN.sub("", ILLEGAL_CHARACTERS_RE.sub("", name)).strip("' ")[:28] or "表"
    unique, number = base, 2
    while unique.lower() in taken:
        unique, number = f"{base}{number}", number + 1
    taken.add(unique.lower())
    return unique


def _write_sheet(sheet: _Sheet, content: LedgerSheet) -> None:
    above = bool(content.title) + bool(content.note)
    sheet.freeze_panes = f"{get_column_letter(content.frozen_columns + 1)}{above + 2}"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _PAPERS[content.paper]
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = f"{above + 1}:{above + 1}"
    for index, column in enumerate(content.columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    last = get_column_letter(max(len(content.columns), 1))
    if content.title:
        sheet.merged_cells.add(f"A1:{last}1")
        sheet.append([_styled(sheet, content.title, font=Font(bold=True, size=16), align="center")])
    if content.note:
        sheet.merged_cells.add(f"A{above}:{last}{above}")
        sheet.append([_styled(sheet, content.note, font=Font(size=10), align="right")])
    bold, tint = Font(bold=True), PatternFill("solid", fgColor="E8EDF3")
    sheet.append(
        [_styled(sheet, column.title, font=bold, align="center", fill=tint, border=True) for column in content.columns]
    )
    patterns = [_pattern(sheet, column.kind) for column in content.columns]
    for row in content.rows:
        sheet.append([_cell(sheet, value, pattern) for value, pattern in zip(row, patterns, strict=True)])


_PAPERS = {"A4": 9, "A3": 8}
_GROUNDS: dict[Tone, str] = {
    "red": "F0C4C0",
    "yellow": "F1D9A0",
    "blue": "C0D8F3",
    "green": "BFE0CC",
    "grey": "E9EDF1",
    "head": "C5D6EA",
}
_FILLS = {tone: PatternFill("solid", fgColor=ground) for tone, ground in _GROUNDS.items()}
_THIN = Side(style="thin", color="B8C0CA")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def _styled(
    sheet: _Sheet,
    text: str,
    *,
    font: Font | None = None,
    align: str = "left",
    fill: PatternFill | None = None,
    border: bool = False,
) -> _Cell:
    cell: _Cell = WriteOnlyCell(sheet, _plain(text))
    cell.data_type = "s"
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    if font:
        cell.font = font
    if fill:
        cell.fill = fill
    if border:
        cell.border = _BORDER
    if text.startswith(_ACTIVE):
        cell._style.quotePrefix = 1
    return cell


def _pattern(sheet: _Sheet, kind: ColumnKind) -> _Cell:
    """A cell that carries the style of a column; its style is shared by all cells below."""
    cell = WriteOnlyCell(sheet)
    cell.number_format = _FORMATS[kind]
    cell.alignment = Alignment(
        horizontal="left" if kind == "text" else "right", vertical="center", wrap_text=kind == "text"
    )
    cell.border = _BORDER
    return cell


def _plain(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]


def _cell(sheet: _Sheet, value: CellValue, pattern: _Cell) -> _Cell:
    if isinstance(value, Toned):
        return _styled(sheet, value.text, fill=_FILLS[value.tone], border=True)
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.replace(tzinfo=None)
    held: Any = _plain(value) if isinstance(value, str) else value
    cell: _Cell = WriteOnlyCell(sheet, held)
    cell._style = pattern._style
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(_ACTIVE):
            cell._style = copy(pattern._style)
            cell._style.quotePrefix = 1
    return cell
