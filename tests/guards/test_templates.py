"""Templates load, are used, and hold nothing that the content policy would refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.guards.source import ROOT, modules

FOLDER = ROOT / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))

FOUND_BY_NAME = {"400.html", "403.html", "404.html", "500.html", "403_csrf.html", "django/forms/widgets/select.html"}
"""Django itself asks for these."""

REFUSED = {
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "address outside": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}


def _text(name: str) -> str:
    """The template without its comments."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    text = re.sub(r"{%\s*comment.*?%}.*?{%\s*endcomment\s*%}", "", text, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", text)


def test_templates_load() -> None:
    for name in TEMPLATES:
        get_template(name)


@pytest.mark.parametrize("fault", REFUSED)
def test_templates_keep_to_the_content_policy(fault: str) -> None:
    assert [name for name in TEMPLATES if REFUSED[fault].search(_text(name))] == []


def test_writing_forms_carry_the_csrf_token() -> None:
    forms = re.compile(r"<form\b[^>]*method\s*=\s*[\"']?post.*?</form>", re.DOTALL | re.IGNORECASE)
    used = [name for name in TEMPLATES if not name.startswith("style/")]  # the sample page sends nothing
    bare = [name for name in used for form in forms.findall(_text(name)) if "csrf_token" not in form]
    assert bare == []


def test_no_template_is_unused() -> None:
    sources = [(ROOT / module.path).read_text(encoding="utf-8") for module in modules()]
    texts = {name: _text(name) for name in TEMPLATES}
    unused = [
        name
        for name in TEMPLATES
        if name not in FOUND_BY_NAME
        and not any(name in source for source in sources)
        and not any(
            f"{quote}{name}{quote}" in text for other, text in texts.items() if other != name for quote in "'\""
        )
    ]
    assert unused == []


def test_every_named_template_exists() -> None:
    named = {
        name
        for module in modules()
        for name in re.findall(r"[\"']([\w/-]+\.html)[\"']", (ROOT / module.path).read_text(encoding="utf-8"))
    }
    assert sorted(name for name in named if not (Path(FOLDER) / name).exists()) == []
