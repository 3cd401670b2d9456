"""Ledgers in and out: 10,000 rows of 25 columns read into a preview, and 10,000 rows exported."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from benchmarks.measure import Figure, once
from projects.excel.outgoing import LedgerColumn, LedgerSheet
from projects.excel.reader import ReadOptions, read_ledger
from projects.excel.writer import write_xlsx
from projects.models import User
from projects.services import imports

ROWS, COLUMNS = 10_000, 25
HEADER = (
    "序号",
    "项目名称",
    "建设性质",
    "建设内容",
    "总投资",
    "2026年计划投资",
    "开工时间",
    "竣工时间",
    "责任单位",
    "包联领导",
)


def figures(now: dt.datetime) -> Iterator[Figure]:
    data = _workbook()
    yield once(f"floor: {ROWS} x {COLUMNS} cells as plain values", lambda: _plain(data))
    yield once(f"ledger of {ROWS} x {COLUMNS} read and checked", lambda: _read(data), note=f"{len(data) // 1024} kB")
    yield once("the same uploaded, compared and previewed", lambda: _uploaded(data, now))
    rows = [_row(number) for number in range(ROWS)]
    yield once(f"floor: {ROWS} x {COLUMNS} cells by plain openpyxl", lambda: len(_plain_book(rows)))
    yield once(f"export of {ROWS} x {COLUMNS}", lambda: _write(rows))


def _row(number: int) -> list[Any]:
    known = [
        number + 1,
        f"第{number + 1}号重点项目标准厂房及配套设施",
        ("新建", "续建")[number % 2],
        f"建设标准厂房{number % 40 + 1}万平方米及配套道路、管网",
        Decimal(10_000 + number),
        Decimal(1_000 + number % 900),
        "2025年3月",
        "2027年12月",
        f"第{number % 100 + 1}责任单位",
        f"领导{number % 60 + 1}",
    ]
    return known + [
        Decimal(number % 97) if place % 2 else f"备注{number % 13}" for place in range(COLUMNS - len(known))
    ]


def _plain_book(rows: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("计划表")
    sheet.append([*HEADER, *(f"附列{place + 1}" for place in range(COLUMNS - len(HEADER)))])
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _workbook() -> bytes:
    return _plain_book([_row(number) for number in range(ROWS)])


def _plain(data: bytes) -> int:
    return sum(len(row) for row in CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python())


def _read(data: bytes) -> int:
    return len(read_ledger(data, "计划表.xlsx", ReadOptions(year=2026, unit="万元")).projects)


def _uploaded(data: bytes, now: dt.datetime) -> int:
    """From the bytes to the preview kept, compared with every project there is."""
    office = User.objects.get(username="office")
    ledger = imports.upload(data=data, filename="计划表.xlsx", year=now.year, actor=office, at=now)
    return sum(ledger.counts.values())


def _write(rows: list[list[Any]]) -> int:
    columns = [LedgerColumn(f"列{place + 1}", "amount" if place in (4, 5) else "text") for place in range(COLUMNS)]
    return len(write_xlsx([LedgerSheet("台账", columns, rows, title="重点项目台账", note="单位：万元")]))
