"""A sheet as cells with coordinates: the one shape that .xlsx, .xls and .csv become."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath

import python_calamine

from projects.excel import biff
from projects.excel.errors import LedgerDeclined
from projects.excel.formats import csv_rows, decode, sniff
from projects.excel.layout import Layout
from projects.excel.limits import DEFAULT, Limits
from projects.excel.package import Package
from projects.excel.text import clean

Value = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None
Span = tuple[int, int, int, int]
"""First row, first column, last row, last column of a merged range, zero-based and inclusive."""


@dataclass(frozen=True)
class Grid:
    """One sheet. Rows and columns are zero-based here; `row + 1` is the number a person sees.

    All rows are of one width; a blank cell is "".
    """

    name: str
    rows: Sequence[Sequence[Value]]
    merges: tuple[Span, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: frozenset[tuple[int, int]] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()

    @cached_property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def value(self, row: int, column: int) -> Value:
        """The value of a cell, None when it is blank or outside."""
        if row >= len(self.rows) or column >= self.width:
            return None
        value = self.rows[row][column]
        return None if value == "" else value

    @cached_property
    def covered(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Each cell that a merged range hides, with the cell that holds the range's value."""
        return {
            (row, column): (top, left)
            for top, left, bottom, right in self.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }


def load(data: bytes, filename: str, limits: Limits = DEFAULT) -> list[Grid]:
    """The sheets of a file in order. Raises `LedgerDeclined` before anything large is built."""
    kind = sniff(data, filename, limits)
    if kind == "csv":
        if len(data) > limits.csv_bytes:
            raise LedgerDeclined(
                f"CSV 文件超过 {limits.csv_bytes // 1024 // 1024} MB，不予读取。请另存为 .xlsx 后上传。"
            )
        name = PurePath(filename.replace("\\", "/")).name
        return [Grid(PurePath(name).stem or "CSV", _squared(csv_rows(decode(data), limits)))]
    layouts = Package(data, limits).layouts() if kind == "xlsx" else biff.scan(data)
    _check_extent(layouts, limits)
    return _read(data, {clean(layout.name): layout for layout in layouts})


def _squared(rows: list[list[str]]) -> list[list[str]]:
    """The records of a CSV at one width."""
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _check_extent(layouts: list[Layout], limits: Limits) -> None:
    if len(layouts) > limits.sheets:
        raise LedgerDeclined(f"工作表超过 {limits.sheets} 张，不予读取。")
    for layout in layouts:
        if layout.rows > limits.rows or layout.columns > limits.columns:
            raise LedgerDeclined(
                f"工作表“{clean(layout.name)}”的数据范围到第 {layout.rows} 行、第 {layout.columns} 列，"
                f"超过上限（{limits.rows} 行、{limits.columns} 列）。请删去表格以外的零散单元格后再上传。"
            )
        if layout.merges > limits.merges:
            raise LedgerDeclined(f"工作表“{clean(layout.name)}”的合并单元格过多，不予读取。")
    if sum(layout.rows * layout.columns for layout in layouts) > limits.cells:
        raise LedgerDeclined(f"全部工作表的单元格超过 {limits.cells} 个，不予读取。请分表上传。")


def _read(data: bytes, layouts: dict[str, Layout]) -> list[Grid]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [_grid(book, meta, layouts) for meta in book.sheets_metadata if meta.typ == _WORKSHEET]
    except (KeyboardInterrupt, SystemExit, MemoryError, LedgerDeclined):
        raise
    except BaseException as error:  # a panic inside the library is no Exception
        raise LedgerDeclined("文件已损坏或不完整，无法打开。请在 Excel 中重新另存后再上传。") from error


_WORKSHEET = python_calamine.SheetTypeEnum.WorkSheet


def _grid(
    book: python_calamine.CalamineWorkbook, meta: python_calamine.SheetMetadata, layouts: dict[str, Layout]
) -> Grid:
    sheet = book.get_sheet_by_name(meta.name)
    name = clean(meta.name)
    layout = layouts.get(name) or Layout(name)
    merges = tuple((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ())
    height, width = layout.rows, layout.columns
    return Grid(
        name=name,
        rows=sheet.to_python(skip_empty_area=False),
        merges=tuple((t, le, min(b, height), min(r, width)) for t, le, b, r in merges if t <= height and le <= width),
        hidden=layout.hidden,
        hidden_rows=frozenset(layout.hidden_rows),
        hidden_columns=frozenset(layout.hidden_columns),
        formats=layout.formats,
        uncached=frozenset(layout.uncached),
        errors=frozenset(layout.errors),
    )
