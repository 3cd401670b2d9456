"""Ledgers spoilt in every way we could think of; the same number always makes the same file."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable
from functools import cache

from tests.ledgers import made_up
from tests.support.ledgers import HISTORY_HEADER, PLAN_HEADER, plan_book, table

SEED = "dujin-1"
Random = random.Random
Parts = dict[str, bytes]

ODD_TEXT = (
    *("", " ", "=1+1", "@SUM(A1)", "\u3000", "-", "/", "无", "合计", "小计", "0", "-0", "１２３", "1e308", "9" * 40),
    *("1,2,3", "1.2.3", "12万", "十二亿元", "约3亿元", "30%", "2026", "2026年13月", "2026年2月30日", "1899-12-31"),
    *("9999-12-31", "待定", "2026年3月-2027年", "二〇二六年三月", "张三、李四", "张 三 李 四", "a" * 5000, "项" * 5000),
    *("\u202e项目", "\U0001f6a7", "e\u0301" * 50, "\ufeff", "\u0000", "\x0b", "(((((", "）（", "、" * 300, "；；;"),
)
ODD_NUMBERS = (0, -1, 1e308, -1e308, 5e-324, 1e15, 0.1 + 0.2, 2**53, 45000, 45000.99999, -45000, 2958466, 60, 20260301)
ODD_ATTRIBUTES = (b"0", b"-1", b"4294967296", b"99999999999999999999", b"XFD1048576", b"A0", b"1A", b"", b"&#0;", b"e")
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    b'<?xml-stylesheet href="http://127.0.0.1:9/"?>',
)


def case(number: int) -> tuple[str, str, bytes]:
    """What was done, the name of the file, and its bytes."""
    rng = random.Random(f"{SEED}-{number}")
    spoil = SPOILERS[number % len(SPOILERS)]
    name, data = spoil(rng)
    if rng.random() < 0.05:
        name = rng.choice(("台账.xls", "台账.xlsx", "台账.csv", "台账", "台账.docx", "../../台账.xlsx"))
    return spoil.__name__.strip("_"), name, data


@cache
def originals() -> dict[str, bytes]:
    """The ledgers to spoil: new and old workbooks, and tables as text."""
    rows = [
        (number, f"第{number}标段", "续建", 5000 + number, 1200, "2024年3月", "2027年6月", "县住建局", "温以宁")
        for number in range(1, 30)
    ]
    text = table(PLAN_HEADER, rows)
    history = table(HISTORY_HEADER, [(1, "P1", "东桥", "2026-03-01", "在建", "桥面", 12.5, "2025-01-01", "2027-01-01")])
    return {
        "计划.xlsx": _timeless(plan_book(rows)),
        "月报.xlsx": _timeless(made_up.monthly_report_xlsx()),
        "计划.xls": made_up.annual_plan_xls(),
        "计划.csv": text,
        "计划GB.csv": text.decode().encode("gb18030"),
        "计划16.csv": text.decode().encode("utf-16"),
        "历史.csv": history,
    }


def _original(rng: Random, ending: str = "") -> tuple[str, bytes]:
    name = rng.choice([name for name in originals() if name.endswith(ending)])
    return name, originals()[name]


def _bytes_flipped(rng: Random) -> tuple[str, bytes]:
    name, data = _original(rng)
    spoilt = bytearray(data)
    for _ in range(rng.choice((1, 3, 20, 200))):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return name, bytes(spoilt)


def _cut_short(rng: Random) -> tuple[str, bytes]:
    name, data = _original(rng)
    return name, data[: rng.randrange(len(data))]


def _pieces_moved(rng: Random) -> tuple[str, bytes]:
    name, data = _original(rng)
    first, second = sorted(rng.randrange(len(data)) for _ in range(2))
    piece = data[first:second][:4096]
    place = rng.randrange(len(data))
    return name, data[:place] + piece * rng.choice((1, 1, 5)) + data[place:]


def _entries_swapped(rng: Random) -> tuple[str, bytes]:
    name, parts = _unpacked(rng)
    one, other = rng.sample(sorted(parts), 2)
    parts[one], parts[other] = parts[other], parts[one]
    return name, _packed(parts)


def _entry_missing(rng: Random) -> tuple[str, bytes]:
    name, parts = _unpacked(rng)
    for part in rng.sample(sorted(parts), rng.choice((1, 1, 2, 4))):
        del parts[part]
    return name, _packed(parts)


def _entry_spoilt(rng: Random) -> tuple[str, bytes]:
    name, parts = _unpacked(rng)
    part = _telling(rng, parts)
    spoilt = bytearray(parts[part])
    for _ in range(rng.choice((1, 5, 50))):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    parts[part] = bytes(spoilt) if rng.random() < 0.8 else bytes(spoilt[: rng.randrange(len(spoilt))])
    return name, _packed(parts)


def _attributes_changed(rng: Random) -> tuple[str, bytes]:
    """Addresses, counts, styles and types inside the parts, each time still well-formed."""
    name, parts = _unpacked(rng)
    part = _telling(rng, parts)
    found = list(re.finditer(rb'="([^"]*)"', parts[part]))
    data = parts[part]
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 2, 10)))), key=lambda each: -each.start()):
        new = rng.choice((*ODD_ATTRIBUTES, rng.choice(found)[1]))
        data = data[: match.start(1)] + new + data[match.end(1) :]
    parts[part] = data
    return name, _packed(parts)


def _values_changed(rng: Random) -> tuple[str, bytes]:
    """Text between tags: shared strings, numbers, references into other parts."""
    name, parts = _unpacked(rng)
    part = _telling(rng, parts)
    found = list(re.finditer(rb">([^<]+)<", parts[part]))
    data = parts[part]
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 3, 20)))), key=lambda each: -each.start()):
        odd = rng.choice((str(rng.choice(ODD_NUMBERS)), rng.choice(ODD_TEXT).replace("\0", "").replace("\x0b", "")))
        data = data[: match.start(1)] + odd.encode() + data[match.end(1) :]
    parts[part] = data
    return name, _packed(parts)


def _tags_changed(rng: Random) -> tuple[str, bytes]:
    """Elements repeated, nested a thousand deep, dropped."""
    name, parts = _unpacked(rng)
    part = _telling(rng, parts)
    data = parts[part]
    found = list(re.finditer(rb"<[a-zA-Z][^<>]*>", data))
    match = rng.choice(found)
    times = rng.choice((0, 2, 1000))
    parts[part] = data[: match.start()] + match[0] * times + data[match.end() :]
    return name, _packed(parts)


def _entities_declared(rng: Random) -> tuple[str, bytes]:
    name, parts = _unpacked(rng)
    part = _telling(rng, parts)
    declared = rng.choice(ENTITIES)
    data = re.sub(rb"(<\?xml[^>]*\?>)?", lambda match: match[0] + declared, parts[part], count=1)
    data = re.sub(rb">([^<&]+)<", b">&b;<", data, count=rng.choice((0, 1, 5)))
    if rng.random() < 0.3:
        encoding = rng.choice(("utf-16", "utf-16-le", "utf-32", "utf-7"))
        data = data.decode("utf-8", "replace").encode(encoding)
    parts[part] = data
    return name, _packed(parts)


def _sizes_lied(rng: Random) -> tuple[str, bytes]:
    """Numbers of the archive's own directory: sizes, counts, offsets, methods, flags."""
    name, data = _original(rng, ".xlsx")
    spoilt = bytearray(data)
    marks = [match.start() for match in re.finditer(rb"PK\x01\x02|PK\x03\x04|PK\x05\x06", data)]
    for mark in rng.sample(marks, min(len(marks), rng.choice((1, 3)))):
        place = mark + rng.choice((4, 6, 8, 10, 14, 16, 18, 20, 22, 24, 26, 28))
        number = rng.choice((0, 1, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF, rng.randrange(2**32)))
        spoilt[place : place + 4] = struct.pack("<I", number)
    return name, bytes(spoilt)


def _archive_of_anything(rng: Random) -> tuple[str, bytes]:
    """Much in little, odd names, the same name twice."""
    name, parts = _unpacked(rng)
    part = _telling(rng, parts)
    kind = rng.randrange(4)
    if kind == 0:
        parts[part] = parts[part] + b" " * rng.choice((10**6, 3 * 10**7))
    elif kind == 1:
        parts.update({f"{rng.choice(('../', '/', 'xl/', '中'))}{number}.xml": b"<x/>" for number in range(300)})
    elif kind == 2:
        parts[part.upper()] = parts[part]
    else:
        row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>'
        far = rng.choice((1048576, 99999, 20001))
        parts[part] = parts[part].replace(b"</sheetData>", row % (far, far) + b"</sheetData>")
    return name, _packed(parts)


def _old_book_pointers(rng: Random) -> tuple[str, bytes]:
    """Chains of sectors, sizes and records of an .xls, which may lead anywhere or in circles."""
    name, data = _original(rng, ".xls")
    spoilt = bytearray(data)
    for _ in range(rng.choice((1, 2, 8))):
        place = rng.choice((rng.randrange(0, 512, 4), rng.randrange(0, len(data) - 4, 4), rng.randrange(len(data) - 4)))
        number = rng.choice((0, 1, 2, 0xFFFFFFFF, 0xFFFFFFFE, 0x7FFFFFFF, rng.randrange(64), rng.randrange(2**32)))
        spoilt[place : place + 4] = struct.pack("<I", number)
    return name, bytes(spoilt)


def _old_book_records(rng: Random) -> tuple[str, bytes]:
    """Kinds and lengths of the records of an .xls."""
    name, data = _original(rng, ".xls")
    spoilt = bytearray(data)
    kinds = (0x0208, 0x00FD, 0x0203, 0x00BD, 0x0085, 0x00FC, 0x00E5, 0x041E, 0x00E0, 0x0006, 0x0809, 0x000A, 0x002F)
    for _ in range(rng.choice((1, 3, 10))):
        wanted = struct.pack("<H", rng.choice(kinds))
        places = [match.start() for match in re.finditer(re.escape(wanted), data)] or [600]
        place = rng.choice(places) + rng.choice((0, 2, 4, 6, 8))
        spoilt[place : place + 2] = struct.pack("<H", rng.choice((0, 1, 0xFF, 0xFFFF, 0x4000, *kinds)))
    return name, bytes(spoilt)


def _text_spoilt(rng: Random) -> tuple[str, bytes]:
    name, data = _original(rng, ".csv")
    odd = (
        b"\0",
        b'"',
        b'""',
        b"\r",
        b"\n" * 100,
        b"," * 300,
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x81",
        b"\xe4\xb8",
        b"\t",
    )
    for _ in range(rng.choice((1, 3, 20))):
        place = rng.randrange(len(data))
        data = data[:place] + rng.choice((*odd, b"x" * rng.choice((100, 40_000)))) + data[place:]
    return name, data


def _cells_made_up(rng: Random) -> tuple[str, bytes]:
    """A healthy file in which anything may stand in any cell."""

    def cell() -> object:
        kind = rng.randrange(3)
        if kind == 0:
            return re.sub(r"[\0\x0b]", "", rng.choice(ODD_TEXT))
        return (
            rng.choice(ODD_NUMBERS)
            if kind == 1
            else "".join(rng.choice("年月日亿万元、，（）0123456789 -/县局甲乙") for _ in range(9))
        )

    header = [text if rng.random() < 0.8 else cell() for text in PLAN_HEADER]
    rows = [[cell() for _ in header] for _ in range(rng.choice((1, 5, 30)))]
    if rng.random() < 0.5:
        return "计划.csv", table(header, rows)
    return "计划.xlsx", _timeless(plan_book(rows, header=header))


def _anything(rng: Random) -> tuple[str, bytes]:
    head = rng.choice(
        (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"<html>", b"%PDF-1.4", b"{")
    )
    return rng.choice(("台账.xlsx", "台账.xls", "台账.csv")), head + rng.randbytes(rng.choice((0, 1, 600, 20_000)))


SPOILERS: tuple[Callable[[Random], tuple[str, bytes]], ...] = (
    *(_bytes_flipped, _cut_short, _pieces_moved, _entries_swapped, _entry_missing, _entry_spoilt),
    *(_attributes_changed, _values_changed, _tags_changed, _entities_declared, _sizes_lied, _archive_of_anything),
    *(_old_book_pointers, _old_book_records, _text_spoilt, _cells_made_up, _anything),
)


@cache
def _parts_of(name: str) -> Parts:
    with zipfile.ZipFile(io.BytesIO(originals()[name])) as archive:
        return {part: archive.read(part) for part in archive.namelist()}


def _timeless(book: bytes) -> bytes:
    """The same workbook whenever it is made: the library writes the present into it."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    core = "docProps/core.xml"
    parts[core] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", parts[core])
    return _packed(parts)


def _unpacked(rng: Random) -> tuple[str, Parts]:
    name, _ = _original(rng, ".xlsx")
    return name, dict(_parts_of(name))


def _telling(rng: Random, parts: Parts) -> str:
    """Mostly a sheet or what it refers to; sometimes any part."""
    told = [part for part in parts if "sheet" in part or "sharedStrings" in part or "styles" in part]
    return rng.choice(told if rng.random() < 0.8 else sorted(parts))


def _packed(parts: Parts) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
