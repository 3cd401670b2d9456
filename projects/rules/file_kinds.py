"""Which kind of file some bytes are. The content decides, never the name or what the browser says of it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

LARGEST_DOCUMENT = 20 * 1024 * 1024
"""Bytes of one document; a scan of some hundred pages stays below."""

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind that is accepted: how its name ends, what people call it, its media type."""

    suffix: str
    title: str
    media_type: str


PDF = FileKind("pdf", "PDF", "application/pdf")
JPEG = FileKind("jpg", "图片", "image/jpeg")
PNG = FileKind("png", "图片", "image/png")
DOCX = FileKind("docx", "DOCX 文档", f"{_OFFICE}.wordprocessingml.document")
XLSX = FileKind("xlsx", "XLSX 表格", f"{_OFFICE}.spreadsheetml.sheet")
OFD = FileKind("ofd", "OFD", "application/ofd")
KINDS = {kind.suffix: kind for kind in (PDF, JPEG, PNG, DOCX, XLSX, OFD)}
ACCEPTED = "PDF、OFD、DOCX、XLSX 文件和 JPG、PNG 图片"

_STARTS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_PARTS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("OFD.xml", OFD))


def document_kind(data: bytes) -> FileKind:
    """The kind of a document. Raises ValueError with a Chinese sentence that says what is wrong and what helps."""
    if not data:
        raise ValueError("文件是空的，请核对后重新选择。")
    if len(data) > LARGEST_DOCUMENT:
        size, largest = len(data) / 1024 / 1024, LARGEST_DOCUMENT // 1024 // 1024
        raise ValueError(f"文件有{size:.1f} MB，超过上限{largest} MB。请压缩图片或分成几份上传。")
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data.startswith(_ZIP):
        return _packed(data)
    if data.startswith(_OLE):
        raise ValueError("这是旧格式（.doc、.xls）或加了密码的文件。请取消密码，另存为 PDF、DOCX 或 XLSX 后上传。")
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        raise ValueError("这是苹果手机的 HEIC 照片，多数电脑打不开。请转为 JPG 后上传。")
    raise ValueError(f"认不出这种文件。可以上传 {ACCEPTED}。")


def _packed(data: bytes) -> FileKind:
    """DOCX, XLSX and OFD are archives: the parts inside tell them apart. Only the directory is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ValueError("文件已损坏或不完整，打不开。请重新另存后上传。") from error
    if any(part.endswith("vbaProject.bin") for part in parts):
        raise ValueError("文件里有宏（程序），不能上传。请另存为不含宏的 DOCX、XLSX 或 PDF。")
    for part, kind in _PARTS:
        if part in parts:
            return kind
    raise ValueError(f"这是压缩包，请解开后逐份上传。可以上传 {ACCEPTED}。")
