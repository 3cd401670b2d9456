"""Photos for tests, drawn here."""

from __future__ import annotations

import io
import zlib

from PIL import Image


def photo(
    size: tuple[int, int] = (640, 480), *, colour: str = "steelblue", format: str = "JPEG", exif: bool = False
) -> bytes:
    """A picture of one colour; with `exif` it says when and where it was taken, and that it lies on its side."""
    image = Image.new("RGB", size, colour)
    stream = io.BytesIO()
    facts = Image.Exif()
    if exif:
        facts[0x0112] = 6  # turned by 90 degrees
        facts[0x010F] = "Kamera"
        facts.get_ifd(0x8769)[36867] = "2026:05:20 09:30:00"
        facts.get_ifd(0x8825)[2] = (32.0, 38.0, 12.0)
    image.save(stream, format, exif=facts)
    return stream.getvalue()


def claims(width: int, height: int) -> bytes:
    """A PNG whose header claims a size that its few bytes do not hold."""
    data = bytearray(photo((8, 8), format="PNG"))
    data[16:20], data[20:24] = width.to_bytes(4, "big"), height.to_bytes(4, "big")
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)
