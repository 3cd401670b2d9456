"""A first look into an .xlsx package: size guards, sheets, extent, hidden rows and columns, telling formats.

The parts are scanned with regular expressions over bytes, not parsed as XML: nothing here can expand an entity, and a
part that declares one is refused before the spreadsheet library sees it.
"""

import io
import posixpath
import re
import zipfile
import zlib
from html import unescape

from projects.excel.errors import LedgerDeclined
from projects.excel.layout import Layout, telling_format
from projects.excel.limits import Limits
from projects.excel.text import column_number

_BROKEN = "文件已损坏或不完整，无法打开。请在 Excel 中重新另存后再上传。"
_TAGS_A_CELL = 5
"""Cell and value, opened and closed, and something for its row: counted before anything is searched."""
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c\b(?=[\s>/])([^>]*)(?<!/)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_UNCACHED = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<v\s*/>|<v></v>)?\s*</(?:\w+:)?c>"
)
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_PLACED = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})(\d{1,7})["'][^>]*(?<!/)>""")
_UNPLACED = re.compile(rb"""<(?:\w+:)?c(?=[\s>])(?![^>]*\sr=)[^>]*(?<!/)>""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")


class Package:
    """An .xlsx archive within its limits, each part readable as bytes. Raises `LedgerDeclined` otherwise."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        entries_told = data.count(b"PK\x01\x02")  # before the library makes an object of each
        if entries_told > limits.zip_entries:
            raise LedgerDeclined(f"压缩包内文件过多（{entries_told} 个，上限 {limits.zip_entries} 个），不予读取。")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise LedgerDeclined(_BROKEN) from error
        if len(entries) > limits.zip_entries:
            raise LedgerDeclined(f"压缩包内文件过多（{len(entries)} 个，上限 {limits.zip_entries} 个），不予读取。")
        if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
            raise LedgerDeclined(f"解压后超过 {limits.unpacked_bytes // 1024 // 1024} MB，不予读取。")
        if sum(entry.file_size for entry in entries if _is_read(entry)) > limits.text_bytes:
            raise LedgerDeclined(f"表格内容解压后超过 {limits.text_bytes // 1024 // 1024} MB，不予读取。请分表上传。")
        self._limits = limits
        self.names = frozenset(entry.filename for entry in entries)
        self._refuse_other_kinds()
        self._parts = self._unpack(entries, limits)

    def _refuse_other_kinds(self) -> None:
        names = self.names
        if any(name.startswith("word/") for name in names):
            raise LedgerDeclined("这是 Word 文档，不是表格。请上传 .xlsx、.xls 或 .csv 台账。")
        if any(name.startswith("ppt/") for name in names):
            raise LedgerDeclined("这是演示文稿，不是表格。请上传 .xlsx、.xls 或 .csv 台账。")
        if "xl/workbook.bin" in names or "content.xml" in names:
            raise LedgerDeclined("暂不支持 .xlsb、.ods 格式，请另存为 .xlsx 后再上传。")
        if "xl/workbook.xml" not in names:
            raise LedgerDeclined("这是压缩包，不是 Excel 台账。请上传 .xlsx、.xls 或 .csv 文件。")

    def _unpack(self, entries: list[zipfile.ZipInfo], limits: Limits) -> dict[str, bytes]:
        """Every part, counted while it is unpacked: the directory of an archive may lie about the sizes."""
        parts, left = {}, limits.unpacked_bytes
        for entry in entries:
            if entry.flag_bits & 1:
                raise LedgerDeclined("文件设有密码保护，请取消密码后重新上传。")
            try:
                with self._zip.open(entry) as stream:
                    part = stream.read(min(left, entry.file_size) + 1)
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError) as error:
                raise LedgerDeclined(_BROKEN) from error
            left -= len(part)
            if left < 0 or len(part) > entry.file_size:
                raise LedgerDeclined(f"解压后超过 {limits.unpacked_bytes // 1024 // 1024} MB，不予读取。")
            if _is_read(entry):
                _refuse_entities(part)
                parts[entry.filename] = part
        return parts

    def part(self, name: str) -> bytes:
        return self._parts.get(name, b"")

    def layouts(self) -> list[Layout]:
        """The worksheets in the order of the workbook."""
        targets = dict(self._relations())
        styles = self._styles()
        layouts = []
        for tag in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", self.part("xl/workbook.xml")):
            path = targets.get(_attribute(tag, r"(?:\w+:)?id"), "")
            layout = Layout(_attribute(tag, "name"), hidden=_attribute(tag, "state") in ("hidden", "veryHidden"))
            if "worksheets/" in path:
                part = self.part(path)
                if part.count(b"<") > _TAGS_A_CELL * self._limits.cells:
                    raise LedgerDeclined(f"全部工作表的单元格超过 {self._limits.cells} 个，不予读取。请分表上传。")
                _scan_sheet(part, layout, styles)
            layouts.append(layout)
        return layouts

    def _relations(self) -> list[tuple[str, str]]:
        found = []
        for tag in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", self.part("xl/_rels/workbook.xml.rels")):
            target = _attribute(tag, "Target")
            path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            found.append((_attribute(tag, "Id"), path))
        return found

    def _styles(self) -> dict[str, str]:
        """Style number of a cell to what its number format tells; empty for most workbooks."""
        part = self.part("xl/styles.xml")
        codes = {
            _attribute(tag, "numFmtId"): _attribute(tag, "formatCode")
            for tag in re.findall(rb"<(?:\w+:)?numFmt\s[^>]*>", part)
        }
        block = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", part, re.DOTALL)
        styles = {}
        for index, tag in enumerate(re.findall(rb"<(?:\w+:)?xf\b[^>]*>", block.group() if block else b"")):
            number = _attribute(tag, "numFmtId")
            told = telling_format(int(number) if number.isdigit() else 0, codes.get(number, ""))
            if told:
                styles[str(index)] = told
        return styles


def _is_read(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith((".xml", ".rels", ".vml"))


def _refuse_entities(part: bytes) -> None:
    if part[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in part[:64]:
        raise LedgerDeclined("文件内部编码异常，不予读取。请在 Excel 中重新另存后再上传。")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise LedgerDeclined("文件内含实体声明，可能有害，不予读取。")


def _attribute(tag: bytes, name: str) -> str:
    match = re.search(rf"""\s{name}=(?:"([^"]*)"|'([^']*)')""".encode(), tag)
    return unescape((match[1] if match[1] is not None else match[2]).decode("utf-8", "replace")) if match else ""


def _scan_sheet(part: bytes, layout: Layout, styles: dict[str, str]) -> None:
    head, _, _ = part.partition(b"sheetData")
    for attributes in _COLUMN.findall(head):
        if _HIDDEN.search(attributes):
            first, last = _attribute(b" " + attributes, "min"), _attribute(b" " + attributes, "max")
            if first.isdigit() and last.isdigit():
                layout.hidden_columns.update(range(int(first) - 1, min(int(last), 16384)))
    if b"hidden=" in part:
        for index, attributes in enumerate(_ROW.findall(part)):
            if _HIDDEN.search(attributes):
                layout.hidden_rows.add((_row_number(attributes) or index + 1) - 1)
    places = _PLACED.findall(part)
    layout.columns = max((column_number(name.decode()) + 1 for name in {name for name, _ in places}), default=0)
    layout.rows = max(map(int, {row for _, row in places}), default=0)
    if not _all_placed(part) and _UNPLACED.search(
        part
    ):  # cells without an address follow each other from the first column
        numbers = [_row_number(attributes) for attributes in _ROW.findall(part)]
        layout.rows = max(layout.rows, len(numbers), *numbers)
        widest = max((len(_CELL.findall(chunk)) for chunk in _ROW.split(part)[2::2]), default=0)
        layout.columns = max(layout.columns, widest)
    if styles or b't="e"' in part:
        _scan_cells(part, layout, styles)
    if b"<f" in part:
        for attributes in _UNCACHED.findall(part):
            if match := _REFERENCE.search(attributes):
                layout.uncached.add((int(match[2]) - 1, column_number(match[1].decode())))
    layout.merges = len(_MERGE.findall(part, part.rfind(b"sheetData>")))


def _all_placed(part: bytes) -> bool:
    """Whether every cell begins with its address, as nearly every program writes it; counting is far cheaper."""
    return (
        part.count(b"<c ") == part.count(b'<c r="') and b"<c>" not in part and b":c " not in part and b":c>" not in part
    )


def _scan_cells(part: bytes, layout: Layout, styles: dict[str, str]) -> None:
    """Cells that show an error, and cells whose style tells more than the value."""
    wanted = {style.encode(): told for style, told in styles.items()}
    for attributes in _CELL.findall(part):
        style = _STYLE.search(attributes)
        told = wanted.get(style[1]) if style else None
        error = b't="e"' in attributes
        if not (told or error) or not (match := _REFERENCE.search(attributes)):
            continue
        place = (int(match[2]) - 1, column_number(match[1].decode()))
        if error:
            layout.errors.add(place)
        if told:
            layout.formats[place] = told


def _row_number(attributes: bytes) -> int:
    number = _attribute(b" " + attributes, "r")
    return int(number) if number.isdigit() else 0
