"""`python -m benchmarks.files`: hostile files, each handed to the reader that a real upload would meet, in a process of
its own. Prints how long it took and the most memory it held; ends with status 1 when one is not refused within bounds.
"""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

SECONDS, MEGABYTES = 2.0, 100.0
SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'
SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def book(sheet: bytes, **more: bytes) -> bytes:
    """A workbook of one sheet, given as its XML, with further parts."""
    parts = {
        "[Content_Types].xml": HEAD
        + b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        + b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + b'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        + b'spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": HEAD
        + b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        + b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        + b'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": HEAD
        + b"<workbook "
        + SPACE
        + b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        + b'<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": HEAD
        + b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        + b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        + b'Target="worksheets/sheet1.xml"/></Relationships>',
        SHEET: sheet,
        **more,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def sheet(rows: bytes, before: bytes = b"") -> bytes:
    return HEAD + before + b"<worksheet " + SPACE + b"><sheetData>" + rows + b"</sheetData></worksheet>"


def cell(place: str) -> bytes:
    row = "".join(filter(str.isdigit, place))
    return f'<row r="{row}"><c r="{place}"><v>1</v></c></row>'.encode()


def zeros(megabytes: int) -> bytes:
    """A part of blanks in a workbook: a megabyte packs into a kilobyte."""
    return book(sheet(b" " * (megabytes * 1024 * 1024)))


def lying_zeros() -> bytes:
    size = 300 * 1024 * 1024
    return zeros(300).replace(struct.pack("<I", size + len(sheet(b""))), struct.pack("<I", 1000))


def laughs() -> bytes:
    names = [b'<!ENTITY a0 "ha">']
    names += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">'.encode() for n in range(1, 10)]
    kind = b"<!DOCTYPE x [" + b"".join(names) + b"]>"
    return book(sheet(b'<row r="1"><c r="A1" t="str"><v>&a9;</v></c></row>', kind))


def outside() -> bytes:
    return book(
        sheet(
            b'<row r="1"><c r="A1" t="str"><v>&x;</v></c></row>',
            b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        )
    )


def many_entries() -> bytes:
    return book(sheet(b""), **{f"xl/x{n}.xml": b"<x/>" for n in range(60_000)})


def dense() -> bytes:
    """More cells than any ledger has, all in range."""
    row = b"".join(b"<c><v>1</v></c>" for _ in range(256))
    return book(sheet(b"".join(b"<row>" + row + b"</row>" for _ in range(19_000))))


def nested() -> bytes:
    data = zeros(1)
    for number in range(20):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{number}.xlsx", data)
        data = stream.getvalue()
    return data


def strings() -> bytes:
    return book(sheet(cell("A1")), **{"xl/sharedStrings.xml": b"<t>a</t>" * 25_000_000})


def quotes() -> bytes:
    return b'"' + b"a," * (3 * 1024 * 1024 - 1)


def wide() -> bytes:
    return b"a," * (3 * 1024 * 1024)


def png(width: int, height: int) -> bytes:
    """A picture of one colour: a few kilobytes that unpack to gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    line = b"\0" * (width * 3 + 1)
    rows = b"".join(packer.compress(line) for _ in range(min(height, 400))) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


LEDGERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip bomb, 300 MB of blanks": ("a.xlsx", lambda: zeros(300)),
    "the same with a false size": ("a.xlsx", lying_zeros),
    "zip in a zip, twenty deep": ("a.xlsx", nested),
    "60,000 entries": ("a.xlsx", many_entries),
    "ten billion laughs": ("a.xlsx", laughs),
    "entity of a file outside": ("a.xlsx", outside),
    "one value in XFD1048576": ("a.xlsx", lambda: book(sheet(cell("A1") + cell("XFD1048576")))),
    "one value in A1048576": ("a.xlsx", lambda: book(sheet(cell("A1") + cell("A1048576")))),
    "4,864,000 dense cells": ("a.xlsx", dense),
    "190 MB of strings": ("a.xlsx", strings),
    "38 MB of empty cells": ("a.xlsx", lambda: book(sheet(b'<row r="1">' + b"<c/>" * 9_500_000 + b"</row>"))),
    "6 MB of one open quote": ("a.csv", quotes),
    "3,000,000 columns": ("a.csv", wide),
    "18 MB of text": ("a.csv", lambda: b"a,b\n" * (4 * 1024 * 1024)),
    "25 MB of anything": ("a.xlsx", lambda: b"PK\x03\x04" + b"x" * (25 * 1024 * 1024)),
}
PHOTOS: dict[str, Callable[[], bytes]] = {
    "photo of 60,000 x 60,000": lambda: png(60_000, 60_000),
    "photo of 9,000 x 9,000": lambda: png(9_000, 9_000),
    "photo cut off": lambda: png(800, 800)[:300],
    "a page named .jpg": lambda: b"<html><script>alert(1)</script></html>",
}


def read(name: str, data: bytes) -> str:
    """The reason for the refusal; empty when the file was taken."""
    if name in LEDGERS:
        from projects.excel.errors import LedgerDeclined
        from projects.excel.reader import read_ledger

        try:
            read_ledger(data, LEDGERS[name][0])
        except LedgerDeclined as refusal:
            return refusal.reason
        return ""
    from projects import pictures

    try:
        pictures.clean(data)
    except ValueError as refusal:
        return str(refusal)
    return ""


def one(name: str) -> None:
    """Read what stands on standard input, in this process alone; print what came of it."""
    data = sys.stdin.buffer.read()
    begin = time.perf_counter()
    reason = read(name, data)
    took = time.perf_counter() - begin
    print(json.dumps([reason, took, peak_memory()]))


def peak_memory() -> float:
    """The most memory this program held, in MB; what `getrusage` says includes the parent before the start."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    if len(sys.argv) > 1:
        one(sys.argv[1])
        return
    is_sound = True
    print(f"{'':32}{'sent':>9}{'s':>7}{'MB':>7}  refused with")
    makers = {**{name: make for name, (_, make) in LEDGERS.items()}, **PHOTOS}
    for name, make in makers.items():
        data = make()
        found = subprocess.run(
            [sys.executable, "-m", "benchmarks.files", name], input=data, capture_output=True, check=True
        )
        reason, took, peak = json.loads(found.stdout)
        sound = bool(reason) and took <= SECONDS and peak <= MEGABYTES
        is_sound = is_sound and sound
        said = (reason or "TAKEN") + ("" if sound else "  BROKEN")
        print(f"{name:32}{len(data) / 1024:>6.0f} kB{took:>7.2f}{peak:>7.0f}  {said}")
    sys.exit(not is_sound)


if __name__ == "__main__":
    main()
