"""A page of the project list: rows with their lights, sorted and filtered the same way today and for a past day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from projects.enums import AnnualClass
from projects.models import Project
from projects.permissions import Access
from projects.rules.colours import Colour
from projects.selectors import indicators
from projects.selectors.indicators import IndicatorView
from projects.selectors.listed import ListedProject
from projects.selectors.projects import ProjectFilters, columns, narrowed, project_rows
from projects.selectors.sorting import key_for

PER_PAGE = 50

_STORED = {
    "seq": "seq",
    "name": "name",
    "unit": "unit_order",
    "leader": "leader_order",
    "plan": "indicator__plan",
    "done": "indicator__done",
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


@dataclass(frozen=True, slots=True)
class LightRow:
    """A project by its light alone."""

    project_id: int
    name: str
    colour: Colour


def project_page_of(
    access: Access, as_of: dt.date, filters: ProjectFilters, *, sort: str = "seq", number: Any = 1
) -> Page[ProjectLine]:
    """The page `number` of the visible projects on a day. Where the lights of all of them are stored for it, a fixed
    number of queries: one counts, one orders keys, one reads the rows of the page."""
    key, down = _sort_of(sort)
    stored = _stored(access, as_of, filters)
    if stored is None:
        return Paginator(all_lines(access, as_of, filters, sort=sort), PER_PAGE).get_page(number)
    held, count = stored
    paginator: Paginator[Any] = Paginator(_ordered(held, key, down, as_of, filters), PER_PAGE)
    paginator.__dict__["count"] = count  # known already
    page = paginator.get_page(number)
    page.object_list = lines_of(access, as_of, list(page.object_list), year=filters.year)
    return page


def lines_of(access: Access, as_of: dt.date, ids: list[int], *, year: int | None = None) -> list[ProjectLine]:
    """The lines of these visible projects, in this order."""
    rows = project_rows(access, as_of, ProjectFilters(year=year)).filter(pk__in=ids)
    found = {line.project.pk: line for line in _lines(rows, as_of)}
    return [found[pk] for pk in ids if pk in found]


def light_rows(access: Access, as_of: dt.date, filters: ProjectFilters) -> list[LightRow]:
    """Every project of the list by its light: the most severe first, inside a colour the lowest schedule ratio, those
    without one after them. Two queries where all lights are stored for the day."""
    stored = _stored(access, as_of, filters)
    if stored is None:
        lines = sorted(all_lines(access, as_of, filters), key=_urgency)
        return [LightRow(line.project.pk, line.project.name, line.view.colour) for line in lines]
    severity = Case(
        *(When(indicator__colour=colour.value, then=Value(-colour.severity)) for colour in Colour),
        output_field=IntegerField(),
    )
    rows = stored[0].order_by(severity, F("indicator__schedule_ratio").asc(nulls_last=True), "code")
    return [
        LightRow(pk, name, Colour(value)) for pk, name, value in rows.values_list("pk", "name", "indicator__colour")
    ]


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


def _stored(access: Access, as_of: dt.date, filters: ProjectFilters) -> tuple[QuerySet[Project], int] | None:
    """The rows and their number, where the database can sort and filter them by light: every one has its light of the
    day. Else None. One query."""
    of_any_colour = narrowed(access, as_of, replace(filters, colour=""))
    has_colour = Q(indicator__colour=filters.colour) if filters.colour else Q()
    counts = of_any_colour.aggregate(
        every=Count("pk"),
        stored=Count("pk", filter=Q(indicator__as_of=as_of)),
        shown=Count("pk", filter=has_colour or None),
    )
    if counts["stored"] != counts["every"]:
        return None
    return of_any_colour.filter(has_colour), counts["shown"]


def _ordered(
    rows: QuerySet[Project], key: str, down: bool, as_of: dt.date, filters: ProjectFilters
) -> QuerySet[Project, Any]:
    """The keys of the rows in order; only what is sorted by is read."""
    known = columns(as_of, filters.year or as_of.year)
    wanted = {name: known[name] for name in {_STORED[key], "seq"} if name in known}
    column = F(_STORED[key])
    first = column.desc(nulls_last=True) if down else column.asc(nulls_last=True)
    ordered = rows.annotate(**wanted).order_by(first, F("seq").asc(nulls_last=True), "code", "pk")
    return ordered.values_list("pk", flat=True)


def _urgency(line: ProjectLine) -> tuple[int, bool, Any, str]:
    ratio = line.view.schedule_ratio
    return -line.view.colour.severity, ratio is None, ratio or 0, line.project.code


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
