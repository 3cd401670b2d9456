"""The project list as it stands on the page: every cell's words and attributes, made once for a page of rows.

Fifty rows of fourteen cells are written by the template from these as they are; deciding in the template what a cell
looks like cost more than finding the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from projects.selectors.project_columns import Column, Kind
from projects.selectors.project_list import ProjectLine
from tracker.web import formatting


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is name, light or empty for plain words."""

    kind: str
    attributes: SafeString
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One project: its cells, its own page, its light as drawn."""

    line: ProjectLine
    url: str
    light: SafeString
    cells: list[Cell]


def rows_of(lines: Iterable[ProjectLine], columns: Sequence[Column]) -> list[Row]:
    """The rows of one page of the list under these columns."""
    shapes = [(column, column.kind if column.kind in DRAWN else "", _attributes(column)) for column in columns]
    return [
        Row(
            line=line,
            url=reverse("project", args=[line.project.pk]),
            light=_light(line.view.colour.value, line.view.last_colour or ""),
            cells=[Cell(kind, attributes, _text(column, line)) for column, kind, attributes in shapes],
        )
        for line in lines
    ]


DRAWN = ("name", "light")
"""Kinds that are more than words."""
_AS_WORDS: dict[Kind, Callable[[Any], str]] = {
    "amount": formatting.amount,
    "percent": lambda value: formatting.percent(value, 1),
    "points": formatting.signed,
    "month": lambda value: f"{value:%Y-%m}" if value else formatting.BLANK,
}


def _text(column: Column, line: ProjectLine) -> str:
    value = column.value(line)
    if column.kind in _AS_WORDS:
        return _AS_WORDS[column.kind](value)
    return formatting.BLANK if value is None or value == "" else str(value)


def _attributes(column: Column) -> SafeString:
    if column.kind == "name":
        return format_html(' class="cell-title" data-label="{}"', column.label)
    look = "num" if column.is_figure else {"long": "small cell-long", "text": ""}.get(column.kind, "nowrap")
    if column.usual and not column.on_phone:
        look = f"{look} cell-wide-only".strip()
    return format_html(' class="{}" data-label="{}"', look, column.label)


@lru_cache
def _light(colour: str, last: str) -> SafeString:
    """There are few lights and many rows."""
    return render_to_string("components/light.html", {"colour": colour, "last": last})
