"""The smallest files of each kind, made here; the words in them make each its own."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib


def pdf(words: str = "") -> bytes:
    """One blank page of A4."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%" + words.encode() + b"\n%%EOF\n"
    )


def png(colour: tuple[int, int, int] = (42, 95, 158)) -> bytes:
    """One pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" + bytes(colour))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def archive(*parts: str) -> bytes:
    """A zip archive with parts of these names: `word/document.xml` makes it a DOCX."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for part in parts:
            packed.writestr(part, "<x/>")
    return buffer.getvalue()
