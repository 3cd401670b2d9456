"""Which kind of file the bytes are: decided by content, never by the name (docs/ledgers.md, Files)."""

import csv
import io
import re
from pathlib import PurePath
from typing import Literal

from projects.excel import ole
from projects.excel.errors import LedgerDeclined
from projects.excel.limits import DEFAULT, Limits

FileKind = Literal["xlsx", "xls", "csv"]
_OTHER = (
    (b"%PDF", "这是 PDF 文件，不是表格。请上传 .xlsx、.xls 或 .csv 台账。"),
    (b"{\\rtf", "这是 RTF 文档，不是表格。请上传 .xlsx、.xls 或 .csv 台账。"),
    (b"\x89PNG", "这是图片，不是表格。请上传 .xlsx、.xls 或 .csv 台账。"),
    (b"\xff\xd8\xff", "这是图片，不是表格。请上传 .xlsx、.xls 或 .csv 台账。"),
    (b"Rar!", "这是压缩包，请解压后上传其中的表格。"),
    (b"7z\xbc\xaf", "这是压缩包，请解压后上传其中的表格。"),
    (b"\x1f\x8b", "这是压缩包，请解压后上传其中的表格。"),
)
_MARKUP = re.compile(r"\s*<(?:!doctype|html|\?xml|table|head|meta|body)\b", re.IGNORECASE)


def sniff(data: bytes, filename: str, limits: Limits = DEFAULT) -> FileKind:
    """The kind of the file. Raises `LedgerDeclined` for what is empty, too large, a lock file or another format."""
    if PurePath(filename.replace("\\", "/")).name.startswith("~$"):
        raise LedgerDeclined("这是 Excel 打开文件时留下的锁文件（~$ 开头），不是台账。请关闭 Excel 后上传原文件。")
    if len(data) > limits.upload_bytes:
        raise LedgerDeclined(f"文件超过 {limits.upload_bytes // 1024 // 1024} MB，不予读取。请删去图片或分表上传。")
    if not data.strip(b"\0 \t\r\n"):
        raise LedgerDeclined("文件是空的。")
    if data[:4] == b"PK\x03\x04":
        return "xlsx"
    if data[:8] == ole.MAGIC:
        return "xls"
    for magic, reason in _OTHER:
        if data.startswith(magic):
            raise LedgerDeclined(reason)
    if data[:2] == b"PK":
        raise LedgerDeclined("文件已损坏或是空压缩包，无法打开。")
    return "csv"


def decode(data: bytes) -> str:
    """The text of a CSV file: UTF-16 by its mark or its zero bytes, then UTF-8, then GB18030.

    Raises `LedgerDeclined` when it is no text at all, or a web page under another name.
    """
    text = None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = _try(data, "utf-16")
    elif b"\0" in data[:2000]:
        even, odd = data[:2000:2].count(0), data[1:2000:2].count(0)
        text = _try(data, "utf-16-le" if odd > even else "utf-16-be")
    else:
        text = _try(data, "utf-8-sig") or _try(data, "gb18030")
    if text is None or "\0" in text or sum(c < " " and c not in "\t\r\n\f\x0b" for c in text[:4000]) > 8:
        raise LedgerDeclined("无法识别的文件格式，不是 .xlsx、.xls 或 .csv 台账。")
    if _MARKUP.match(text):
        raise LedgerDeclined("这是网页或 XML 文件改名而来，不是表格。请在 Excel 中打开后另存为 .xlsx 再上传。")
    return text


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def csv_rows(text: str, limits: Limits = DEFAULT) -> list[list[str]]:
    """The records of a CSV text; comma, tab or semicolon, whichever its first lines hold most of.

    Raises `LedgerDeclined` beyond the limits of rows, columns and cell length.
    """
    head = text[:4000]
    delimiter = max((",", "\t", ";"), key=head.count)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for record in reader:
            if len(rows) >= limits.rows:
                raise LedgerDeclined(f"超过 {limits.rows} 行，不予读取。")
            if len(record) > limits.columns:
                raise LedgerDeclined(f"第 {len(rows) + 1} 行超过 {limits.columns} 列，不予读取。")
            rows.append(record)
    except csv.Error as error:
        raise LedgerDeclined("CSV 文件有误（引号不成对或单元格过长），无法读取。") from error
    return rows
