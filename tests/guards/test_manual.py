"""The manual says what the site says: its pictures are taken by the script, its words stand on the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from PIL import Image, ImageColor

from projects.enums import FlagState
from projects.manual import HELP, PAGES, page
from projects.rules.wall import WORDS
from scripts.screenshots import IMAGES, SHOTS
from tests.support import addresses
from tests.support.county import County
from tests.support.pages import read
from tests.support.web import browser

ROOT = Path(__file__).resolve().parents[2]
MANUAL = sorted((ROOT / "docs" / "manual").glob("*.md"))
PICTURE = re.compile(r"!\[[^\]]*\]\(images/([\w-]+)\.png\)")
QUOTED = re.compile(r"“([^”]{2,16})”")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#]+)\)")
SPOKEN = frozenset({"查看日期"})
"""Words in quotes that are made of two pieces on the page."""
LARGEST = 200 * 1024
NEAR = 8
"""How far a channel of a colour may be off in a picture with a palette."""


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site() -> str:
    """Everything the pages can say."""
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").glob("*.js")]
    for app in ("projects", "supervision", "tracker"):
        sources += (ROOT / app).rglob("*.py")
    said = "".join(map(text_of, sources))
    return said + "".join(label for _, label in FlagState.choices) + "".join(word for _, word in WORDS.values())


def test_every_picture_is_taken_by_the_script_and_shown() -> None:
    shown = {name for path in MANUAL for name in PICTURE.findall(text_of(path))}
    assert shown == {shot.name for shot in SHOTS}
    assert {path.stem for path in IMAGES.glob("*.png")} == shown
    assert [path.name for path in IMAGES.glob("*.png") if path.stat().st_size > LARGEST] == []


@pytest.mark.parametrize("light", ["red-600", "amber-500", "blue-600", "green-600"])
def test_lights_keep_their_colours_in_the_pictures(light: str) -> None:
    """The leaders' page shows every light; a picture with too few colours once made yellow ones red."""
    tokens = text_of(ROOT / "static" / "css" / "tokens.css")
    wanted = ImageColor.getrgb(re.search(rf"--{light}: (#\w+);", tokens)[1])
    with Image.open(IMAGES / "leader-board.png") as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(2**24)}
    assert min(max(abs(a - b) for a, b in zip(wanted, colour, strict=True)) for colour in colours) <= NEAR


@pytest.mark.parametrize("path", MANUAL, ids=lambda path: path.stem)
def test_the_words_in_quotes_stand_on_the_site(path: Path, site: str) -> None:
    missing = [word for word in QUOTED.findall(text_of(path)) if word not in site and word not in SPOKEN]
    assert not missing, missing


@pytest.mark.parametrize("path", MANUAL, ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    broken = [target for target in LINK.findall(text_of(path)) if not (path.parent / target).exists()]
    assert not broken


def test_help_leads_from_a_page_to_a_part_of_the_manual() -> None:
    pages = set(addresses.names())
    for name, (key, heading) in HELP.items():
        assert name in pages, f"{name} is no page"
        assert heading in page(key).rendered.headings, f"{key} has no part “{heading}”"


@pytest.mark.django_db
@pytest.mark.parametrize("key", PAGES)
def test_the_site_shows_each_part_with_its_pictures(county: County, key: str) -> None:
    answer = browser(county.sysadmin).get(reverse("manual_page", args=[key]))
    shown = read(answer.content.decode())
    source = text_of(ROOT / "docs" / "manual" / f"{key}.md")
    assert page(key).rendered.title == PAGES[key]
    assert [asset for asset in shown.assets if "/manual/" in asset] == [
        f"/static/manual/{name}.png" for name in PICTURE.findall(source)
    ]
    for asset in shown.assets:
        assert finders.find(asset.removeprefix("/static/").split("?")[0]), asset
    assert all(f"#{heading}" in shown.links for heading in page(key).rendered.headings)


@pytest.mark.django_db
def test_help_stands_on_the_page_and_everybody_finds_the_own_part(county: County) -> None:
    unit = browser(county.transport_staff)
    assert "/help/unit/#看今天要做什么" in read(unit.get(reverse("report_todo")).content.decode()).links
    for user, key in ((county.transport_staff, "unit"), (county.bureau, "office"), (county.mayor, "leader")):
        assert browser(user).get(reverse("manual"))["Location"] == reverse("manual_page", args=[key])
    assert browser(county.sysadmin).get(reverse("manual"))["Location"] == reverse("manual_page", args=["it"])
