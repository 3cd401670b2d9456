"""A page taken apart as a reader and a browser see it: texts, links, assets, forms, and what the policy refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.utils.datastructures import MultiValueDict

READ_ATTRIBUTES = ("title", "placeholder", "aria-label", "alt", "data-label", "data-confirm", "label")
"""Attributes that a person reads or hears."""
UNREAD = {"script", "style", "template"}
ASSETS = {"script": "src", "img": "src", "link": "href", "source": "src", "iframe": "src", "use": "href"}
REQUESTING = ("hx-get", "hx-post", "data-url", "data-src", "formaction")


@dataclass(slots=True)
class Form:
    """One form with what a browser would send if nobody touched it."""

    method: str
    action: str
    fields: MultiValueDict[str, str] = field(default_factory=MultiValueDict)
    kinds: dict[str, str] = field(default_factory=dict)
    """Name -> type of input, `select` or `textarea`."""
    options: dict[str, list[str]] = field(default_factory=dict)
    """Name -> choices that say something."""


@dataclass(slots=True)
class Cell:
    text: str = ""
    links: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """What was found. `tables`: rows of cells, the heads included."""

    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Inline scripts, styles and handlers."""
    tables: list[list[list[Cell]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts)).strip()


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._silent: list[str] = []
        self._form: Form | None = None
        self._select = self._textarea = ""
        self._cell: Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in UNREAD:
            self._silent.append(tag)
        self.page.texts += [given[name] for name in READ_ATTRIBUTES if given.get(name)]
        self._refuse(tag, given)
        self._follow(tag, given)
        self._in_table(tag, given)
        self._in_form(tag, given)

    def _refuse(self, tag: str, given: dict[str, str]) -> None:
        found = [name for name in given if name == "style" or re.fullmatch(r"on[a-z]+", name)]
        is_code = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if found or is_code or tag == "style" or given.get("href", "").startswith("javascript:"):
            self.page.refused.append(f"<{tag} {' '.join(found)}>")

    def _follow(self, tag: str, given: dict[str, str]) -> None:
        if tag == "a" and "href" in given:
            self.page.links.append(given["href"])
            if self._cell is not None:
                self._cell.links.append(given["href"])
        if tag in ASSETS and ASSETS[tag] in given:
            self.page.assets.append(given[ASSETS[tag]])
        self.page.links += [given[name] for name in REQUESTING if given.get(name)]

    def _in_table(self, tag: str, given: dict[str, str]) -> None:
        if tag == "table":
            self.page.tables.append([])
        elif tag == "tr" and self.page.tables:
            self.page.tables[-1].append([])
        elif tag in ("td", "th") and self.page.tables and self.page.tables[-1]:
            self._cell = Cell()
            self.page.tables[-1][-1].append(self._cell)

    def _in_form(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            self._form = Form(given.get("method", "get").lower(), given.get("action", ""))
            self.page.forms.append(self._form)
        form, name = self._form, given.get("name", "")
        if form is None:
            return
        if tag == "input" and name:
            kind = "decimal" if given.get("inputmode") == "decimal" else given.get("type", "text")
            form.kinds[name] = kind
            if kind == "radio":
                form.options.setdefault(name, []).append(given.get("value", ""))
            if kind not in ("checkbox", "radio") or "checked" in given:
                form.fields.appendlist(name, given.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "button" and name:
            form.kinds.setdefault(name, "button")
            form.options.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self._select = name
            form.kinds[name] = "select"
            form.options.setdefault(name, [])
        elif tag == "option" and self._select:
            if given.get("value"):
                form.options[self._select].append(given["value"])
            if "selected" in given:
                form.fields.appendlist(self._select, given.get("value", ""))
        elif tag == "textarea":
            self._textarea = name
            form.kinds[name] = "textarea"
            form.fields.setlist(name, [""])

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
        elif tag in ("td", "th"):
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form is not None:
            self._form.fields[self._textarea] += data.removeprefix("\n")
        if self._silent or not data.strip():
            return
        self.page.texts.append(data)
        if self._cell is not None:
            self._cell.text = f"{self._cell.text} {data.strip()}".strip()


def filled(form: Form, **values: Any) -> dict[str, Any]:
    """What a person sends who fills in every empty field somehow; `values` say how where it matters."""
    sent: dict[str, Any] = {name: form.fields.getlist(name)[-1] for name in form.fields if form.fields.getlist(name)}
    made_up = {
        "number": "1",
        "decimal": "1",
        "date": "2026-06-01",
        "datetime-local": "2026-06-20T18:00",
        "email": "a@example.com",
    }
    for name, kind in form.kinds.items():
        if sent.get(name) or kind in ("hidden", "checkbox", "file"):
            continue
        if form.options.get(name):
            sent[name] = form.options[name][0]
        elif kind not in ("select", "button", "radio"):
            sent[name] = made_up.get(kind, "核对无误")
    return {name: value for name, value in {**sent, **values}.items() if value is not None}
