"""The rows of the project list (docs/structure.md, Selectors)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from projects.enums import LeaderPart, MilestoneKind, UnitPart
from projects.models import (
    AnnualListEntry,
    LeaderAssignment,
    Milestone,
    Project,
    ProjectName,
    Unit,
    UnitAlias,
    UnitAssignment,
)
from projects.permissions import Access
from projects.selectors.listed import ListedProject


@dataclass(frozen=True, slots=True)
class ProjectFilters:
    """What the list is narrowed to; empty means everything. `basis` is original (年初口径), current (现口径), counted
    (现口径, but a package whose children are listed shows through them: what every count of projects is made of), or
    empty for every project whether on a list or not."""

    text: str = ""
    year: int | None = None
    annual_class: str = ""
    stage: str = ""
    level: str = ""
    sector: str = ""
    unit: int | None = None
    leader: int | None = None
    colour: str = ""
    basis: str = ""


def project_rows(access: Access, as_of: dt.date, filters: ProjectFilters | None = None) -> QuerySet[ListedProject]:
    """Visible projects as of a day, one query, in the order of the year's list.

    Each carries `annual_class`, `seq`, `unit_id`, `unit_name`, `unit_order`, `leader_id`, `leader_name`,
    `leader_order`, `planned_start` and `planned_finish`; its figures are those of its light
    (projects.selectors.indicators).
    """
    filters = filters or ProjectFilters()
    rows = narrowed(access, as_of, filters).annotate(**columns(as_of, filters.year or as_of.year))
    return cast("QuerySet[ListedProject]", rows).order_by(F("seq").asc(nulls_last=True), "code", "pk")


def columns(as_of: dt.date, year: int) -> dict[str, Any]:
    """What the list shows beside a project, by its name on the row (`ListColumns`)."""
    entry = AnnualListEntry.objects.filter(project=OuterRef("pk"), year=year)
    unit = _valid(UnitAssignment, as_of).filter(part=UnitPart.LEAD)
    leader = _valid(LeaderAssignment, as_of).filter(part=LeaderPart.LEAD)
    milestone = Milestone.objects.filter(project=OuterRef("pk"), void_reason="")

    def first(rows: QuerySet, name: str) -> Subquery:
        return Subquery(rows.values(name)[:1])

    return {
        "annual_class": first(entry, "annual_class"),
        "seq": first(entry, "seq"),
        "unit_id": first(unit, "unit"),
        "unit_name": first(unit, "unit__name"),
        "unit_label": first(unit, "unit__short_name"),
        "unit_order": first(unit, "unit__official_order"),
        "leader_id": first(leader, "officer"),
        "leader_name": first(leader, "officer__name"),
        "leader_order": first(leader, "officer__official_order"),
        "planned_start": first(milestone.filter(kind=MilestoneKind.START), "due_on"),
        "planned_finish": first(milestone.filter(kind=MilestoneKind.FINISH), "due_on"),
    }


def _valid(model: type[UnitAssignment] | type[LeaderAssignment], as_of: dt.date) -> QuerySet:
    return model.objects.valid_on(as_of).filter(project=OuterRef("pk")).order_by("position", "pk")


def narrowed(access: Access, as_of: dt.date, filters: ProjectFilters) -> QuerySet[Project]:
    """Visible projects that the filters leave, each once and without the columns of the list."""
    year = filters.year or as_of.year
    rows = Project.objects.visible_to(access)
    if filters.basis:
        entries = AnnualListEntry.objects.filter(year=year)
        entries = entries.original() if filters.basis == "original" else entries.current(as_of)
        rows = rows.filter(pk__in=entries.values("project"))
        if filters.basis == "counted":
            rows = rows.exclude(is_package=True, children__in=entries.values("project"))
    if filters.annual_class:
        of_class = AnnualListEntry.objects.filter(year=year, annual_class=filters.annual_class)
        rows = rows.filter(pk__in=of_class.values("project"))
    for name in ("stage", "level", "sector"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if filters.unit is not None:
        held = UnitAssignment.objects.valid_on(as_of).filter(unit=filters.unit)
        rows = rows.filter(pk__in=held.values("project"))
    if filters.leader is not None:
        led = LeaderAssignment.objects.valid_on(as_of).filter(officer=filters.leader)
        rows = rows.filter(pk__in=led.values("project"))
    if filters.colour:
        rows = rows.filter(indicator__colour=filters.colour)
    return rows.filter(pk__in=found_by(filters.text)) if filters.text else rows


def found_by(text: str) -> QuerySet[Project]:
    """Projects that every word of `text` finds, for lists of what belongs to projects."""
    rows = Project.objects.all()
    for word in text.split():
        rows = rows.filter(_matches(word))
    return rows


def _matches(word: str) -> Q:
    """Name, code, a former name, a unit on the project (also by alias), or the pinyin initials."""
    former = ProjectName.objects.filter(project=OuterRef("pk"), name__icontains=word)
    units = Unit.objects.filter(
        Q(name__icontains=word)
        | Q(short_name__icontains=word)
        | Q(pk__in=UnitAlias.objects.filter(alias__icontains=word).values("unit"))
    )
    assigned = UnitAssignment.objects.filter(project=OuterRef("pk"), unit__in=units)
    found = (
        Q(name__icontains=word)
        | Q(code__icontains=word)
        | Q(national_code__icontains=word)
        | Exists(former)
        | Exists(assigned)
    )
    if word.isascii() and word.isalnum():
        found |= Q(initials__contains=word.lower())
    return found
