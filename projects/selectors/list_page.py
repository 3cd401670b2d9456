"""The page of a year's list: statistics with progress by class, and the projects (docs/rules.md, Annual list)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from projects.enums import AnnualClass
from projects.models import AnnualListEntry, Project
from projects.permissions import Access
from projects.rules.facts import ProjectFacts
from projects.rules.progress import plain_time_progress
from projects.selectors.facts import project_facts
from projects.selectors.lists import Basis, ClassTotal, ListStatistics, entries_on, statistics_of

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One class with its progress. `done` sums only projects with a plan; `outside` is what others did beyond any plan.

    Amounts 万元; `rate` is a fraction, `gap_points` percentage points over the official 序时进度; None without a plan.
    """

    total: ClassTotal
    done: Decimal
    outside: Decimal
    blank: int
    rate: Decimal | None
    gap_points: Decimal | None


@dataclass(frozen=True, slots=True)
class ListLine:
    """One project on the list with its figures on the day."""

    entry: AnnualListEntry
    plan: Decimal | None
    done: Decimal | None
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class ListPage:
    statistics: ListStatistics
    time_progress: Decimal
    classes: tuple[ClassLine, ...]
    overall: ClassLine
    lines: tuple[ListLine, ...]
    """Only projects that the reader may see."""


def list_page(year: int, as_of: dt.date, basis: Basis, access: Access) -> ListPage:
    """A year's list as of a day on a basis, with the progress known by then. A fixed number of queries."""
    entries = list(entries_on(year, as_of, basis))
    statistics, plans, counted = statistics_of(entries, year, as_of, basis)
    facts = {row.id: row for row in project_facts(as_of, year=year, projects=[entry.project for entry in entries])}
    time_progress = time_progress_of(year, as_of)

    def line(total: ClassTotal) -> ClassLine:
        members = [entry for entry in counted if total.annual_class in (None, AnnualClass(entry.annual_class))]
        return _class_line(total, members, plans, facts, time_progress)

    visible = set(Project.objects.visible_to(access).values_list("pk", flat=True))
    return ListPage(
        statistics=statistics,
        time_progress=time_progress,
        classes=tuple(line(total) for total in statistics.classes),
        overall=line(statistics.overall),
        lines=tuple(_line(entry, plans, facts) for entry in entries if entry.project_id in visible),
    )


def time_progress_of(year: int, as_of: dt.date) -> Decimal:
    """The official 序时进度 of a year on a day: complete months / 12; a year that is over is complete."""
    if as_of.year != year:
        return Decimal(as_of.year > year)
    return plain_time_progress(as_of)


def _class_line(
    total: ClassTotal,
    members: Iterable[AnnualListEntry],
    plans: dict[int, Decimal | None],
    facts: dict[int, ProjectFacts],
    time_progress: Decimal,
) -> ClassLine:
    planned, outside, blank = ZERO, ZERO, 0
    for entry in members:
        done = facts[entry.project_id].done
        if not plans.get(entry.project_id):
            outside += done or ZERO
        elif done is None:
            blank += 1
        else:
            planned += done
    rate = planned / total.plan if total.plan else None
    gap = None if rate is None else (rate - time_progress) * 100
    return ClassLine(total=total, done=planned, outside=outside, blank=blank, rate=rate, gap_points=gap)


def _line(entry: AnnualListEntry, plans: dict[int, Decimal | None], facts: dict[int, ProjectFacts]) -> ListLine:
    plan, done = plans.get(entry.project_id), facts[entry.project_id].done
    rate = done / plan if plan and done is not None else None
    return ListLine(entry=entry, plan=plan, done=done, rate=rate)
