"""Workbooks we write: numbers are numbers, text is text, nothing is a formula (docs/ledgers.md, Files we write)."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from projects.excel.outgoing import LedgerColumn, LedgerSheet
from projects.excel.reader import read_ledger
from projects.excel.writer import write_xlsx

COLUMNS = (
    LedgerColumn("项目名称", width=30),
    LedgerColumn("总投资（万元）", "amount"),
    LedgerColumn("开工时间", "date"),
    LedgerColumn("责任单位"),
)


def sheet(*rows: tuple, name: str = "清单") -> LedgerSheet:
    return LedgerSheet(name, COLUMNS, rows, title="2026年重点项目清单", note="单位：万元")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "#REF!", "=", "\t=1"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    cell = load_workbook(io.BytesIO(write_xlsx([sheet((text, None, None, None))])))["清单"]["A4"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_amounts_and_dates_are_numbers_with_a_format() -> None:
    row = ("南门大桥", Decimal("12000.5"), dt.date(2026, 3, 1), None)
    book = load_workbook(io.BytesIO(write_xlsx([sheet(row)])))
    cells = book["清单"][4]
    assert (cells[1].value, cells[1].number_format) == (12000.5, "#,##0.00##")
    assert (cells[2].value, cells[2].number_format) == (dt.datetime(2026, 3, 1), "yyyy-mm-dd")
    assert book["清单"].freeze_panes == "A4"


def test_control_characters_and_forbidden_sheet_names_are_removed() -> None:
    book = load_workbook(io.BytesIO(write_xlsx([sheet(("南\x00门", None, None, None), name="a/b"), sheet(name="ab")])))
    assert book.sheetnames == ["ab", "ab2"]
    assert book["ab"]["A4"].value == "南门"


def test_what_we_write_we_can_read() -> None:
    row = ("南门大桥", Decimal("12000.5"), dt.date(2026, 3, 1), "区住建局")
    project = read_ledger(write_xlsx([sheet(row)]), "清单.xlsx").projects[0]
    assert (project.name, project.value("total"), project.value("units")) == (
        "南门大桥",
        Decimal("12000.5"),
        ("区住建局",),
    )
    assert project.value("start").value == dt.date(2026, 3, 1)
