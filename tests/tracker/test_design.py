"""The promises of docs/design.md about the static files: contrast, a strict content policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.http import Http404
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from tracker.web.style import style_page

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

LIGHTS = ("green", "blue", "yellow", "red", "grey", "purple")
SURFACES = ("page", "surface", "surface-sunken", "surface-hover")


def _tokens() -> dict[str, str]:
    text = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    return dict(reversed(re.findall(r"--([\w-]+): ([^;]+);", text)))


TOKENS = _tokens()


def _luminance(token: str) -> float:
    value = TOKENS[token]
    while value.startswith("var("):
        value = TOKENS[value[6:-1]]
    channels = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two colour tokens."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("white", "white") == pytest.approx(1)
    assert contrast("grey-950", "white") > 15


@pytest.mark.parametrize("text", ["text", "text-soft", "text-muted", "link", "danger", "accent"])
@pytest.mark.parametrize("surface", [*SURFACES, "surface-chosen"])
def test_text_reads_on_every_surface(text: str, surface: str) -> None:
    assert contrast(text, surface) >= 4.5


@pytest.mark.parametrize("light", LIGHTS)
def test_lights_read_on_tint_and_surface(light: str) -> None:
    for ground in (f"light-{light}-tint", *SURFACES):
        assert contrast(f"light-{light}-text", ground) >= 4.5, ground
        assert contrast(f"light-{light}-mark", ground) >= 3, ground


@pytest.mark.parametrize("mark", ["line-control", "focus", "chart-1", "chart-2", "chart-3", "chart-4", "chart-5"])
def test_marks_without_words_stand_out(mark: str) -> None:
    assert contrast(mark, "surface") >= 3


@pytest.mark.parametrize("sheet", [path for path in SHEETS if path.name != "tokens.css"], ids=lambda path: path.name)
def test_every_token_used_is_defined(sheet: Path) -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", sheet.read_text(encoding="utf-8")))
    assert used - TOKENS.keys() == set()


def test_templates_carry_no_inline_style_script_or_handler() -> None:
    offences = re.compile(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)|javascript:", re.I)
    assert [path.name for path in TEMPLATES if offences.search(path.read_text(encoding="utf-8"))] == []


def test_style_page_exists_only_in_debug(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(Http404):
        style_page(RequestFactory().get("/style/"))


def test_style_page_shows_everything_without_an_undefined_variable(settings: Settings) -> None:
    settings.DEBUG = True
    settings.TEMPLATES = [
        {**engine, "OPTIONS": {**engine["OPTIONS"], "string_if_invalid": "[undefined %s]"}}
        for engine in settings.TEMPLATES
    ]
    html = style_page(RequestFactory().get("/style/?sort=name")).content.decode()
    assert re.findall(r"\[undefined [^]]*\]", html) == []
    assert "两个版本" in html


def test_every_component_is_shown_on_the_style_page() -> None:
    """Or is a part of another component or of the frame."""
    everything = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    shown = (ROOT / "templates" / "style" / "index.html").read_text(encoding="utf-8")
    frame = {"styles", "mark", "nav", "field_notes", "sort_mark", "light"}
    for path in (ROOT / "templates" / "components").glob("*.html"):
        assert f"components/{path.name}" in everything or path.stem == "nav", path.name
        assert path.stem in frame or f"components/{path.name}" in shown, path.name
