"""The content of a file decides what it is (docs/trust.md, Files)."""

from __future__ import annotations

import pytest

from projects.rules import file_kinds
from projects.rules.file_kinds import document_kind
from tests.support.files import archive, pdf, png

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 16
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (pdf(), "pdf"),
        (JPEG, "jpg"),
        (png(), "png"),
        (archive("[Content_Types].xml", "word/document.xml"), "docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (archive("OFD.xml", "Doc_0/Document.xml"), "ofd"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_is_known_by_its_content(data: bytes, suffix: str) -> None:
    assert document_kind(data).suffix == suffix


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空的"),
        (b"<html><script>alert(1)</script></html>", "认不出"),
        (b"\n%PDF-1.4", "认不出"),
        (b"GIF89a", "认不出"),
        (b"MZ\x90\0", "认不出"),
        (b"\0\0\0\x18ftypheic\0\0", "HEIC"),
        (OLE, "旧格式"),
        (archive("report.exe"), "压缩包"),
        (archive("word/document.xml", "word/vbaProject.bin"), "宏"),
        (archive("word/document.xml")[:40], "损坏"),
    ],
    ids=("empty", "html", "late", "gif", "program", "heic", "old", "archive", "macros", "cut"),
)
def test_everything_else_is_refused_with_what_helps(data: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        document_kind(data)


def test_a_file_above_the_limit_is_told_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_kinds, "LARGEST_DOCUMENT", 1024 * 1024)
    assert document_kind(pdf() + b" " * (1024 * 1024 - len(pdf()))).suffix == "pdf"
    with pytest.raises(ValueError, match=r"1\.5 MB，超过上限1 MB"):
        document_kind(pdf() + b" " * (3 * 512 * 1024 - len(pdf())))
