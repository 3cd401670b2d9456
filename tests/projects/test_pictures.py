"""Photos drawn anew: docs/trust.md, Files."""

from __future__ import annotations

import datetime as dt
import io
import time

import pytest
from PIL import Image

from projects import pictures
from tests.support.photos import claims, photo


def test_only_the_picture_is_left_upright_and_small() -> None:
    taken = pictures.clean(photo((3200, 2400), exif=True))
    assert (taken.width, taken.height) == (1200, 1600)
    assert taken.taken_at == dt.datetime(2026, 5, 20, 9, 30)
    for data in (taken.data, taken.thumbnail):
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == "JPEG"
            assert dict(image.getexif()) == {}
            assert max(image.size) <= 1600
    assert b"Kamera" not in taken.data


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_what_cameras_and_screens_write_is_taken(format: str) -> None:
    assert pictures.clean(photo(format=format)).width == 640


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "是空的"),
        (b"<html><script>alert(1)</script></html>", "不是可以显示的照片"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
        (photo()[:200], "不完整或已损坏"),
        (photo(format="GIF"), "不是可以显示的照片"),
        (claims(60_000, 60_000), "像素过大|不是可以显示"),
        (claims(9_000, 9_000), "像素过大"),
    ],
    ids=["empty", "page", "heic", "cut", "gif", "bomb", "large"],
)
def test_what_is_no_photo_is_refused_in_words(data: bytes, sentence: str) -> None:
    begin = time.process_time()
    with pytest.raises(ValueError, match=sentence):
        pictures.clean(data)
    assert time.process_time() - begin < 2
