"""A first look into an .xls workbook (BIFF): sheets, extent, hidden rows and columns, telling formats.

The spreadsheet library lays every sheet out as a full rectangle when it opens the file; one value in the last cell of
the last row would cost half a gigabyte. So the records are walked once here, before it is called.
"""

import struct

from projects.excel.errors import LedgerDeclined
from projects.excel.layout import Layout, telling_format
from projects.excel.ole import CompoundFile

_BOF, _EOF, _BOUNDSHEET, _FILEPASS = 0x809, 0x0A, 0x85, 0x2F
_ROW, _COLINFO, _FORMAT, _XF, _MERGED, _MULRK = 0x208, 0x7D, 0x41E, 0xE0, 0xE5, 0xBD
_FORMULA, _BOOLERR, _DIMENSIONS = 0x06, 0x205, 0x200
_MOST_ROWS, _MOST_COLUMNS = 65_536, 256
_CELLS = frozenset({_FORMULA, _BOOLERR, 0x203, 0x204, 0x27E, 0xFD, 0xD6})
_BROKEN = "文件已损坏，无法打开。请在 Excel 中重新另存后再上传。"


def scan(data: bytes) -> list[Layout]:
    """The worksheets of an .xls in order. Raises `LedgerDeclined` when it is another OLE2 file, locked or broken."""
    file = CompoundFile(data)
    if "encryptedpackage" in file.names:
        raise LedgerDeclined("文件设有打开密码，请取消密码后重新上传。")
    if "worddocument" in file.names:
        raise LedgerDeclined("这是 Word 文档，不是表格。请上传 .xlsx、.xls 或 .csv 台账。")
    stream = next((name for name in ("workbook", "book") if name in file.names), None)
    if stream is None:
        raise LedgerDeclined("文件里没有工作表，不是 Excel 台账。")
    try:
        return _scan(file.stream(stream))
    except (struct.error, IndexError) as error:
        raise LedgerDeclined(_BROKEN) from error


def _scan(book: bytes) -> list[Layout]:
    sheets: dict[int, Layout] = {}
    begun: set[int] = set()
    worksheets: list[Layout] = []
    codes: dict[int, str] = {}
    styles: list[str | None] = []
    position, sheet, depth = 0, None, 0
    biff8 = True
    while position + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, position)
        start, body = position, book[position + 4 : position + 4 + length]
        position += 4 + length
        if kind == _BOF:
            depth += 1
            if depth == 1:
                biff8 = struct.unpack_from("<H", body)[0] >= 0x600
                sheet = sheets.get(start)
                begun.add(start)
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                depth, sheet = 0, None
        elif kind == _FILEPASS:
            raise LedgerDeclined("文件设有密码保护，请取消密码后重新上传。")
        elif kind == _DIMENSIONS:
            _refuse_impossible(body)
        elif sheet is None:
            if kind == _BOUNDSHEET:  # charts too: the library lays them out like any sheet
                layout = Layout(_sheet_name(body, biff8), hidden=bool(body[4] & 3))
                sheets[struct.unpack_from("<I", body)[0]] = layout
                worksheets.append(layout)
            elif kind == _FORMAT and biff8:
                codes[struct.unpack_from("<H", body)[0]] = _string(body[2:])
            elif kind == _XF:
                number = struct.unpack_from("<H", body, 2)[0]
                styles.append(telling_format(number, codes.get(number, "")))
        elif depth == 1:
            _sheet_record(sheet, kind, body, styles)
        elif kind in _CELLS or kind == _MULRK:  # in a chart inside the sheet: the library takes them for cells of it
            _extend(sheet, kind, body)
    if set(sheets) - begun:  # the library would begin to read a sheet where none begins
        raise LedgerDeclined(_BROKEN)
    return worksheets


def _refuse_impossible(body: bytes) -> None:
    """The library sets aside memory for what a sheet says of its own size, and ends the process when there is none."""
    first_row, last_row, first, last = struct.unpack_from("<IIHH" if len(body) >= 14 else "<4H", body)
    if not (first_row <= last_row <= _MOST_ROWS and first <= last <= _MOST_COLUMNS):
        raise LedgerDeclined(_BROKEN)


def _sheet_record(sheet: Layout, kind: int, body: bytes, styles: list[str | None]) -> None:
    if kind in _CELLS or kind == _MULRK:
        row, column, style = struct.unpack_from("<HHH", body)
        _extend(sheet, kind, body)
        if _is_error(kind, body):
            sheet.errors.add((row, column))
        if kind != _MULRK and style < len(styles) and styles[style]:
            sheet.formats[(row, column)] = styles[style] or ""
    elif kind == _ROW:
        row, options = struct.unpack_from("<H", body)[0], struct.unpack_from("<H", body, 12)[0]
        if options & 0x20:
            sheet.hidden_rows.add(row)
    elif kind == _COLINFO:
        first, last, _, _, options = struct.unpack_from("<5H", body)
        if options & 1:
            sheet.hidden_columns.update(range(first, min(last, 255) + 1))
    elif kind == _MERGED:
        sheet.merges += struct.unpack_from("<H", body)[0]


def _extend(sheet: Layout, kind: int, body: bytes) -> None:
    row, column = struct.unpack_from("<HH", body)
    last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULRK else column
    sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, last + 1)


def _is_error(kind: int, body: bytes) -> bool:
    if kind == _BOOLERR:
        return body[7] == 1
    return kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2


def _sheet_name(body: bytes, biff8: bool) -> str:
    if biff8:
        return _text(body[6], body[7], body[8:])
    return body[7 : 7 + body[6]].decode("gb18030", "replace")


def _string(body: bytes) -> str:
    return _text(struct.unpack_from("<H", body)[0], body[2], body[3:])


def _text(length: int, wide: int, rest: bytes) -> str:
    return rest[: length * 2].decode("utf-16-le", "replace") if wide & 1 else rest[:length].decode("latin-1")
