"""The annual list as people count it: by class, on the original or the current basis (docs/rules.md, Annual list)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.db.models import F, QuerySet

from projects.enums import AnnualClass
from projects.models import AnnualList, AnnualListEntry, ListAdjustment, PlanVersion

Basis = Literal["original", "current"]
BASES: dict[str, str] = {"original": "年初口径", "current": "现口径"}


@dataclass(frozen=True, slots=True)
class ClassTotal:
    """Count and sums of one class; amounts in 万元. A project without an amount is counted, not summed."""

    annual_class: AnnualClass | None
    label: str
    count: int
    total: Decimal
    plan: Decimal
    without_plan: int


@dataclass(frozen=True, slots=True)
class ListStatistics:
    year: int
    as_of: dt.date
    basis: Basis
    classes: tuple[ClassTotal, ...]
    overall: ClassTotal
    parents: int
    """Packaged projects on the list: shown, but neither counted nor summed, because their children are."""


def entries_on(year: int, as_of: dt.date, basis: Basis) -> QuerySet[AnnualListEntry]:
    """The entries that count on a basis, in the order of the list."""
    entries = AnnualListEntry.objects.filter(year=year, project__voided_at=None)
    entries = entries.original() if basis == "original" else entries.current(as_of)
    return entries.select_related("project", "annual_list").order_by(
        "annual_list__number", F("seq").asc(nulls_last=True), "pk"
    )


def list_statistics(year: int, as_of: dt.date, basis: Basis = "current") -> ListStatistics:
    """Totals by class. A packaged project and its children are never both in a total; four queries.

    On the original basis the plan is the first version of the year, as the list was issued.
    """
    return statistics_of(list(entries_on(year, as_of, basis)), year, as_of, basis)[0]


def statistics_of(
    entries: list[AnnualListEntry], year: int, as_of: dt.date, basis: Basis
) -> tuple[ListStatistics, dict[int, Decimal | None], list[AnnualListEntry]]:
    """The totals of these entries, the annual plan of every project among them, and the entries that were counted."""
    parents_listed = {entry.project_id for entry in entries if entry.project.is_package}
    with_children = {entry.project.parent_id for entry in entries if entry.project.parent_id in parents_listed}
    counted = [entry for entry in entries if entry.project_id not in with_children]
    plans = _plans(year, as_of, basis, [entry.project_id for entry in entries])
    classes = tuple(
        _total([entry for entry in counted if entry.annual_class == kind], plans, kind) for kind in AnnualClass
    )
    statistics = ListStatistics(
        year=year,
        as_of=as_of,
        basis=basis,
        classes=tuple(total for total in classes if total.count),
        overall=_total(counted, plans, None),
        parents=len(with_children),
    )
    return statistics, plans, counted


def _plans(year: int, as_of: dt.date, basis: Basis, projects: list[int]) -> dict[int, Decimal | None]:
    rows = PlanVersion.objects.filter(year=year, project__in=projects)
    if basis == "current":
        rows = rows.in_force(as_of).order_by("number")
    else:
        rows = rows.filter(state__in=("effective", "superseded")).order_by("-number")
    return dict(rows.values_list("project", "annual"))


def _total(
    entries: Iterable[AnnualListEntry], plans: dict[int, Decimal | None], kind: AnnualClass | None
) -> ClassTotal:
    entries = list(entries)
    amounts = [plans.get(entry.project_id) for entry in entries]
    return ClassTotal(
        annual_class=kind,
        label=kind.label if kind else "合计",
        count=len(entries),
        total=sum((entry.project.total or Decimal(0) for entry in entries), Decimal(0)),
        plan=sum((amount or Decimal(0) for amount in amounts), Decimal(0)),
        without_plan=sum(amount is None for amount in amounts),
    )


def lists_of(year: int, as_of: dt.date) -> QuerySet[AnnualList]:
    """The versions issued by the day, newest first."""
    return AnnualList.objects.filter(year=year, issued_on__lte=as_of)


def list_years() -> tuple[int, ...]:
    """Years that have a list, newest first. One query."""
    return tuple(AnnualList.objects.order_by("-year").values_list("year", flat=True).distinct())


def adjustments_of(year: int, as_of: dt.date) -> QuerySet[ListAdjustment]:
    """What changed on the year's list by the day, newest first."""
    rows = ListAdjustment.objects.filter(entry__year=year, effective_on__lte=as_of, entry__project__voided_at=None)
    return rows.select_related("entry__project", "actor").order_by("-effective_on", "-pk")
