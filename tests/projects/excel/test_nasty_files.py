"""Broken, disguised and hostile files: each declined with a Chinese reason, cheaply (docs/ledgers.md, Limits)."""

import io
import re
import struct
import time
import zipfile
from dataclasses import replace

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.excel.errors import LedgerDeclined
from projects.excel.limits import DEFAULT
from projects.excel.reader import ReadOptions, read_ledger
from tests.ledgers import made_up

TABLE = [["序号", "项目名称", "总投资（万元）"], [1, "南门大桥", 45000]]
XLSX = made_up.workbook(("表", TABLE))
SHEET = "xl/worksheets/sheet1.xml"


def reason(data: bytes, filename: str = "台账.xlsx", **limits: int) -> str:
    with pytest.raises(LedgerDeclined) as refusal:
        read_ledger(data, filename, limits=replace(DEFAULT, **limits))
    assert any("\u4e00" <= character <= "\u9fff" for character in refusal.value.reason)
    return refusal.value.reason


def repacked(change: dict[str, bytes], source: bytes = XLSX) -> bytes:
    """The workbook with some parts replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()} | change
        for name, part in parts.items():
            new.writestr(name, part)
    return target.getvalue()


def sheet_part() -> bytes:
    with zipfile.ZipFile(io.BytesIO(XLSX)) as book:
        return book.read(SHEET)


@pytest.mark.parametrize(
    ("data", "filename", "words"),
    [
        (b"", "台账.xlsx", "空的"),
        (b"\r\n  \n", "台账.csv", "空的"),
        (XLSX, "~$台账.xlsx", "锁文件"),
        (XLSX[: len(XLSX) // 2], "台账.xlsx", "损坏"),
        (b"PK\x03\x04" + b"x" * 200, "台账.xlsx", "损坏"),
        (made_up.annual_plan_xls()[:3000], "台账.xls", "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "台账.xls", "损坏"),
        ("<html><table><tr><td>项目名称</td></tr></table></html>".encode(), "台账.xls", "网页"),
        (b"%PDF-1.7 ...", "台账.xlsx", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "台账.xlsx", "图片"),
        (bytes(range(1, 32)) * 40, "台账.csv", "无法识别"),
        ("会议通知\n请于周一参会\n".encode(), "通知.csv", "没有可以导入"),
    ],
)
def test_files_that_are_no_ledger(data: bytes, filename: str, words: str) -> None:
    assert words in reason(data, filename)


def test_content_decides_not_the_name() -> None:
    assert len(read_ledger(XLSX, "台账.xls.csv").projects) == 1
    assert len(read_ledger(made_up.annual_plan_xls(), "台账.xlsx").projects) == 6


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"word/document.xml": b"<w/>"}, "Word"),
        ({"ppt/presentation.xml": b"<p/>"}, "演示文稿"),
        ({"xl/workbook.bin": b"x"}, "xlsb"),
    ],
)
def test_other_office_files(parts: dict[str, bytes], words: str) -> None:
    assert words in reason(repacked(parts))


def test_a_plain_zip_is_no_ledger() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("读我.txt", "你好")
    assert "压缩包" in reason(stream.getvalue())


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    assert "解压后超过" in reason(repacked({"xl/media/a.bin": b"\0" * 3_000_000}), unpacked_bytes=2_000_000)


def test_a_zip_bomb_that_lies_about_its_size_is_refused_while_unpacking() -> None:
    honest = repacked({"xl/media/a.bin": b"\0" * 3_000_000})
    lying = honest.replace(struct.pack("<I", 3_000_000), struct.pack("<I", 10))
    assert lying != honest
    reason(lying, unpacked_bytes=2_000_000)


def test_too_many_entries() -> None:
    assert "文件过多" in reason(repacked({f"xl/x{n}.xml": b"<x/>" for n in range(60)}), zip_entries=50)


def test_an_entity_bomb_is_refused() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + sheet_part().split(b"?>", 1)[-1]
    )
    assert "实体" in reason(repacked({SHEET: bomb}))


def test_a_part_in_another_encoding_cannot_hide_an_entity() -> None:
    assert "编码" in reason(repacked({SHEET: sheet_part().decode().encode("utf-16")}))


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD3"])
def test_one_value_far_away_is_refused_without_laying_out_the_grid(place: str) -> None:
    row = "".join(filter(str.isdigit, place))
    cell = f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'.encode()
    started = time.perf_counter()
    assert "范围" in reason(repacked({SHEET: sheet_part().replace(b"</sheetData>", cell)}))
    assert time.perf_counter() - started < 1


def test_a_declared_range_far_wider_than_the_table_is_no_harm() -> None:
    part = sheet_part()
    wide = part.replace(b'<dimension ref="A1:C2"', b'<dimension ref="A1:XFD1048576"')
    wide = wide.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert wide != part
    assert len(read_ledger(repacked({SHEET: wide}), "台账.xlsx").projects) == 1


def test_cells_without_an_address_are_counted() -> None:
    bare = re.sub(rb'<c r="[A-Z]+\d+"', b"<c", sheet_part())
    assert len(read_ledger(repacked({SHEET: bare}), "台账.xlsx").projects) == 1
    wide = bare.replace(b"</row></sheetData>", b"<c><v>1</v></c>" * 300 + b"</row></sheetData>")
    assert "范围" in reason(repacked({SHEET: wide}))


def test_a_far_value_in_an_old_workbook_is_refused() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for row, values in enumerate(TABLE):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    sheet.write(65535, 255, 1)
    stream = io.BytesIO()
    book.save(stream)
    assert "范围" in reason(stream.getvalue(), "台账.xls")


@pytest.mark.parametrize(
    ("first_row", "last_row", "first", "last"),
    [(0, 0xFFFFFFFE, 0, 11), (9, 2, 0, 11), (0, 12, 0, 0xFFFF), (0, 12, 9, 2)],
)
def test_an_old_workbook_that_lies_about_its_size_is_declined(
    first_row: int, last_row: int, first: int, last: int
) -> None:
    """The library set aside so much memory for it that the process ended (found by `make scan`)."""
    book = made_up.annual_plan_xls()
    place = book.index(struct.pack("<HH", 0x200, 14)) + 4
    lying = book[:place] + struct.pack("<IIHH", first_row, last_row, first, last) + book[place + 12 :]
    assert "损坏" in reason(lying, "台账.xls")


def test_an_old_workbook_whose_sheet_begins_nowhere_is_declined() -> None:
    """Else the library would read, unmeasured, what stands there."""
    book = made_up.annual_plan_xls()
    place = book.index(struct.pack("<H", 0x85), 512) + 4
    (begins,) = struct.unpack_from("<I", book, place)
    moved = book[:place] + struct.pack("<I", begins + 20) + book[place + 4 :]
    assert "损坏" in reason(moved, "台账.xls")


def test_limits_of_rows_columns_and_size() -> None:
    long = "序号,项目名称,总投资\n" + "1,南门大桥,5\n" * 50
    assert "超过 20 行" in reason(long.encode(), "台账.csv", rows=20)
    assert "列" in reason(("a," * 300).encode(), "台账.csv")
    assert "MB" in reason(XLSX, upload_bytes=100)


def test_an_unclosed_quote_is_declined() -> None:
    reason(('序号,项目名称,总投资\n1,"' + "长" * 200_000).encode(), "台账.csv")


def test_a_formula_without_result_is_an_error_with_its_cell() -> None:
    data = made_up.workbook(("表", [*TABLE, [2, "北山水厂", "=C2*2"]]))
    reading = read_ledger(data, "台账.xlsx")
    assert [(m.level, m.cell) for m in reading.messages if m.topic == "amount"] == [("error", "C3")]
    assert reading.projects[1].value("total") is None


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"]))
def test_any_bytes_are_read_or_declined(tail: bytes, head: bytes) -> None:
    try:
        read_ledger(head + tail, "台账.xls")
    except LedgerDeclined as refusal:
        assert refusal.reason


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.integers(512, 12_000), st.binary(min_size=1, max_size=6), st.booleans())
def test_a_damaged_workbook_is_read_or_declined(where: int, junk: bytes, old: bool) -> None:
    data = bytearray(made_up.annual_plan_xls() if old else XLSX)
    where %= len(data)
    data[where : where + len(junk)] = junk
    try:
        read_ledger(bytes(data), "台账.xls", ReadOptions(unit="万元"))
    except LedgerDeclined as refusal:
        assert refusal.reason


def test_ten_thousand_rows_are_read_in_seconds() -> None:
    header = ["序号", "项目名称", "总投资（万元）", "2026年计划投资（万元）", "责任单位", "包联领导", "计划开工时间"]
    rows = [[n, f"第{n}号工程", 45000, 2000, "区住建局、临河街道", "贺  兰", "2026年3月"] for n in range(1, 10_001)]
    data = made_up.workbook(("表", [header, *rows]))
    started = time.process_time()
    assert len(read_ledger(data, "2026台账.xlsx").projects) == 10_000
    assert time.process_time() - started < 6
