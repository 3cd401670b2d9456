"""Site pictures of the demonstration, drawn here: no photo of a real place is in the house."""

from __future__ import annotations

import datetime as dt
import io

from PIL import Image, ImageDraw

SIZE = WIDTH, HEIGHT = 960, 720
GROUND = 500
EARTH_SECTORS = ("交通", "水利", "农业农村")
SKIES = (("#a9cbe6", "#e6eff5"), ("#c4ccd2", "#e9ebec"), ("#8fbbdf", "#f3e9d8"))
TAKEN_AT, CAMERA_PART = 36867, 0x8769


def site(sector: str, number: int, share: float, taken_at: dt.datetime) -> bytes:
    """A JPEG of a building site, `share` (0..1) of its work done; another `number`, another sky and another place."""
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    _sky(draw, *SKIES[number % len(SKIES)])
    _hills(draw, number)
    draw.rectangle((0, GROUND, WIDTH, HEIGHT), "#b59b76")
    if sector in EARTH_SECTORS:
        _road(draw, number, share)
    else:
        _building(draw, number, share)
    _fence(draw)
    facts = Image.Exif()
    facts.get_ifd(CAMERA_PART)[TAKEN_AT] = f"{taken_at:%Y:%m:%d %H:%M:%S}"
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80, exif=facts)
    return stream.getvalue()


def _sky(draw: ImageDraw.ImageDraw, top: str, bottom: str) -> None:
    first, last = (tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5)) for colour in (top, bottom))
    for y in range(GROUND):
        draw.line((0, y, WIDTH, y), tuple(a + (b - a) * y // GROUND for a, b in zip(first, last, strict=True)))


def _hills(draw: ImageDraw.ImageDraw, number: int) -> None:
    for layer, colour in enumerate(("#93a99a", "#7d9583")):
        for hill in range(4):
            middle = (hill * 331 + number * 97 + layer * 160) % (WIDTH + 200) - 100
            high = 90 + (hill * 53 + number * 31) % 90 - layer * 40
            draw.ellipse((middle - 260, GROUND - high, middle + 260, GROUND + high), colour)


def _building(draw: ImageDraw.ImageDraw, number: int, share: float) -> None:
    """A frame that grows floor by floor, walls below, and the crane beside it."""
    floors, height = 6, 54
    left, right = 250 + number % 3 * 40, 690 + number % 4 * 20
    done = max(1, round(share * floors))
    for floor in range(done):
        bottom = GROUND + 20 - floor * height
        has_walls = floor < done - 2 or share >= 1
        draw.rectangle((left, bottom - height, right, bottom), "#d9d2c4" if has_walls else "#8d9498")
        for column in range(left, right - 30, 62):
            glass = "#6f8ea6" if has_walls else "#c3ccd0"
            draw.rectangle((column + 12, bottom - height + 12, column + 50, bottom - 10), glass)
        draw.rectangle((left - 8, bottom - height, right + 8, bottom - height + 6), "#6b7174")
    top = GROUND + 20 - done * height
    for column in range(left, right + 1, 62):
        draw.line((column, top - 26, column, top), "#7a5138", 4)
    draw.rectangle((left - 16, top + 10, left - 8, GROUND + 20), "#4f8a5b")
    _crane(draw, right + 70, min(top - 90, 190))


def _crane(draw: ImageDraw.ImageDraw, x: int, top: int) -> None:
    yellow = "#d9a021"
    for y in range(top, GROUND + 20, 24):
        draw.line((x - 9, y, x + 9, y + 24), yellow, 3)
        draw.line((x + 9, y, x - 9, y + 24), yellow, 3)
    draw.line((x - 9, top, x - 9, GROUND + 20), yellow, 5)
    draw.line((x + 9, top, x + 9, GROUND + 20), yellow, 5)
    draw.line((x - 430, top, x + 110, top), yellow, 7)
    draw.line((x, top - 46, x - 300, top), yellow, 3)
    draw.line((x, top - 46, x + 100, top), yellow, 3)
    draw.rectangle((x + 80, top, x + 112, top + 34), "#6b7174")
    draw.line((x - 260, top, x - 260, top + 90), "#3f4447", 2)
    draw.rectangle((x - 278, top + 90, x - 242, top + 104), "#7a5138")


def _road(draw: ImageDraw.ImageDraw, number: int, share: float) -> None:
    """A way into the distance: earth, then gravel, then asphalt with its line, and the roller on it."""
    far = 420 + number % 5 * 40
    surface = "#8a7350" if share < 0.4 else "#a3a19b" if share < 0.75 else "#4c5054"
    draw.polygon(((far - 24, GROUND), (far + 24, GROUND), (850, HEIGHT), (90, HEIGHT)), surface)
    if share >= 0.75:
        draw.polygon(((far - 2, GROUND), (far + 2, GROUND), (482, HEIGHT), (458, HEIGHT)), "#e8e3d3")
    for pile in range(3):
        x = 60 + pile * 90 + number * 13 % 40
        draw.polygon(((x - 50, 600), (x, 556), (x + 60, 600)), "#9a8058")
    _roller(draw, far + 60, 540)


def _roller(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    draw.rectangle((x + 40, y - 20, x + 190, y + 40), "#d9a021")
    draw.rectangle((x + 80, y - 80, x + 150, y - 20), "#6f8ea6", "#3f4447", 4)
    draw.rectangle((x + 70, y - 92, x + 160, y - 80), "#d9a021")
    draw.ellipse((x - 20, y - 6, x + 76, y + 90), "#5b6063", "#3f4447", 5)
    draw.ellipse((x + 134, y + 8, x + 214, y + 88), "#33373a")


def _fence(draw: ImageDraw.ImageDraw) -> None:
    """The barrier in front of every site."""
    for x in range(0, WIDTH, 64):
        draw.rectangle((x, 662, x + 32, 684), "#c8453b")
        draw.rectangle((x + 32, 662, x + 64, 684), "#f2eee6")
    for x in range(20, WIDTH, 150):
        draw.rectangle((x, 650, x + 8, HEIGHT), "#6b7174")
