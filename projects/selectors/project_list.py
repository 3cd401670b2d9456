"""A page of the project list: rows with their lights, sorted and filtered the same way today and for a past day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet

from projects.enums import AnnualClass
from projects.models import Project
from projects.permissions import Access
from projects.rules.colours import Colour
from projects.selectors import indicators
from projects.selectors.indicators import IndicatorView
from projects.selectors.listed import ListedProject
from projects.selectors.projects import ProjectFilters, project_rows
from projects.selectors.sorting import key_for

PER_PAGE = 50

_STORED = {
    "seq": "seq",
    "name": "name",
    "unit": "unit_order",
    "leader": "leader_order",
    "plan": "plan_annual",
    "done": "done",
    "rate": "indicator__rate",
    "gap": "indicator__gap_points",
    "finish": "planned_finish",
}
"""Sort key of the page -> column, where every light is stored for the day shown."""

SORTS = tuple(_STORED)


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One project as the list shows it."""

    project: ListedProject
    view: IndicatorView

    @property
    def annual_class(self) -> str:
        value = self.project.annual_class
        return AnnualClass(value).label if value else ""


def project_page_of(
    access: Access, as_of: dt.date, filters: ProjectFilters, *, sort: str = "seq", number: Any = 1
) -> Page[ProjectLine]:
    """The page `number` of the visible projects on a day, in a fixed number of queries when lights are stored."""
    key, down = _sort_of(sort)
    if _all_stored(as_of):
        rows = _ordered(project_rows(access, as_of, filters), key, down)
        page: Page[Any] = Paginator(rows, PER_PAGE).get_page(number)
        page.object_list = _lines(page.object_list, as_of)
        return page
    return Paginator(all_lines(access, as_of, filters, sort=sort), PER_PAGE).get_page(number)


def all_lines(access: Access, as_of: dt.date, filters: ProjectFilters, *, sort: str = "seq") -> list[ProjectLine]:
    """Every line of the list, for export and for days whose lights are not stored."""
    key, down = _sort_of(sort)
    lines = _lines(project_rows(access, as_of, replace(filters, colour="")), as_of)
    if filters.colour:
        lines = [line for line in lines if line.view.colour == filters.colour]
    lines.sort(key=lambda line: (line.project.seq is None, line.project.seq or 0, line.project.code))
    lines.sort(key=key_for(_VALUES[key], down=down))
    return lines


def _sort_of(sort: str) -> tuple[str, bool]:
    """The column and whether it falls; nonsense is the order of the list."""
    key = sort.lstrip("-")
    return (key, sort.startswith("-")) if key in _STORED else ("seq", False)


def counts_by_colour(lines: Iterable[ProjectLine]) -> dict[str, int]:
    """How many lines show each colour, every colour present."""
    counts = dict.fromkeys((colour.value for colour in Colour), 0)
    for line in lines:
        counts[line.view.colour] += 1
    return counts


def _all_stored(as_of: dt.date) -> bool:
    """Whether the database can sort and filter by light: every project has one for the day."""
    return not Project.objects.exclude(indicator__as_of=as_of).exists()


def _ordered(rows: QuerySet[ListedProject], key: str, down: bool) -> QuerySet[ListedProject]:
    column = F(_STORED[key])
    first = column.desc(nulls_last=True) if down else column.asc(nulls_last=True)
    return rows.order_by(first, F("seq").asc(nulls_last=True), "code", "pk")


def _lines(rows: Iterable[ListedProject], as_of: dt.date) -> list[ProjectLine]:
    projects = list(rows)
    views = indicators.for_projects(projects, as_of)
    return [ProjectLine(project, views[project.pk]) for project in projects]


_VALUES: dict[str, Callable[[ProjectLine], Any]] = {
    "seq": lambda line: line.project.seq,
    "name": lambda line: line.project.name,
    "unit": lambda line: line.project.unit_order,
    "leader": lambda line: line.project.leader_order,
    "plan": lambda line: line.view.plan,
    "done": lambda line: line.view.done,
    "rate": lambda line: line.view.rate,
    "gap": lambda line: line.view.gap_points,
    "finish": lambda line: line.project.planned_finish,
}
