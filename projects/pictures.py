"""Photos made safe to keep and to show: decoded and drawn anew, so that nothing but the picture is left
(docs/trust.md, Files). The only importer of Pillow."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_PHOTO = 20 * 1024 * 1024
MOST_PIXELS = 64_000_000
"""Checked from the header, before a pixel is decoded. The largest telephone cameras stay below."""
LONGEST_SIDE = 1600
THUMBNAIL_SIDE = 320
QUALITY = 82
_EXIF_PART, _TAKEN_AT = 0x8769, 36867


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG without metadata, upright, at most `LONGEST_SIDE` pixels long; `taken_at` is what the camera's clock said,
    None where it said nothing."""

    data: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: dt.datetime | None


def clean(data: bytes) -> Picture:
    """The picture in some bytes. Raises ValueError with a Chinese sentence that says what is wrong and what helps."""
    if not data:
        raise ValueError("照片是空的，请重新选择。")
    if len(data) > LARGEST_PHOTO:
        raise ValueError(f"照片超过{LARGEST_PHOTO // 1024 // 1024} MB，请压缩后上传。")
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        raise ValueError(
            "这是苹果手机的 HEIC 照片，多数电脑打不开。请在相机设置中改用“兼容性最佳”，或转为 JPG 后上传。"
        )
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("照片像素过大，请缩小后上传。")
            taken_at = _taken_at(image)
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ValueError("这不是可以显示的照片，请上传 JPG、PNG 或 WEBP 图片。") from error
    except (OSError, SyntaxError) as error:
        raise ValueError("照片文件不完整或已损坏，请重新拍摄或重新选择。") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Picture(_jpeg(picture), _jpeg(small), picture.width, picture.height, taken_at)


def size_of(path: Path) -> tuple[int, int]:
    """Width and height of a picture of our own, without decoding it."""
    with Image.open(path) as picture:
        return picture.size


def _jpeg(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=QUALITY, optimize=True)
    return stream.getvalue()


def _taken_at(image: Image.Image) -> dt.datetime | None:
    try:
        text = image.getexif().get_ifd(_EXIF_PART).get(_TAKEN_AT)
        return dt.datetime.strptime(str(text).strip("\x00 "), "%Y:%m:%d %H:%M:%S") if text else None
    except (ValueError, OSError, SyntaxError):
        return None
