"""The rule inputs of many projects as of one day, in a fixed number of queries (docs/rules.md, As of a day).

Facts count when they were known by the end of the day: a revision accepted by then and not withdrawn, a plan version in
force, an assignment that holds, a milestone's date before later changes, a stage entered by then.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q

from projects.enums import LeaderPart, UnitPart
from projects.models import (
    AnnualListEntry,
    LeaderAssignment,
    LightChange,
    LightOverride,
    Milestone,
    MilestoneChange,
    PlanVersion,
    Project,
    StageChange,
    StatisticsInclusion,
    UnitAssignment,
    VerificationFlag,
)
from projects.rules import periods
from projects.rules.colours import Colour
from projects.rules.facts import MilestoneFact, OverrideFact, PastColour, ProjectFacts, ReportFact
from projects.selectors.reported import Counted, Due, Known, counted, due_reports
from tracker.clock import end_of

NOTHING_DUE = Due()
PAST_MONTHS = 3
"""How many month-ends back the repeat rule may look."""


def project_facts(
    as_of: dt.date,
    *,
    year: int | None = None,
    projects: Iterable[Project] | None = None,
    cutoff: dt.date | None = None,
    judged_on: dt.date | None = None,
) -> list[ProjectFacts]:
    """What the rules need to know of each project, by project code. At most seventeen queries whatever their number.

    `projects` defaults to the year's list on that day. With `cutoff` the figures are those of the periods that ended by
    that day, compared with what should be done by it (a ranking of April is taken in May); whatever is known by `as_of`
    about them counts. Without it, everything accepted by `as_of` counts, compared at the newest period due or accepted.
    Lateness is measured on `judged_on`, which is `as_of` unless a ranking is taken or corrected afterwards.
    """
    scope = _Scope(
        as_of=as_of,
        judged_on=judged_on or as_of,
        year=year or as_of.year,
        cutoff=cutoff,
        ids=(),
        plan_day=cutoff or as_of,
        known_before=end_of(as_of),
    )
    rows = _projects(scope, projects)
    scope = replace(scope, ids=tuple(rows))
    sources = _Sources(scope)
    return [_facts(project, scope, sources) for project in rows.values()]


@dataclass(frozen=True, slots=True)
class _Scope:
    as_of: dt.date
    judged_on: dt.date
    year: int
    cutoff: dt.date | None
    ids: tuple[int, ...]
    plan_day: dt.date
    known_before: dt.datetime


class _Change(NamedTuple):
    """A milestone's date was moved: the first change after a day still names the date of that day."""

    at: dt.datetime
    old_due: dt.date
    old_precision: str


def _projects(scope: _Scope, projects: Iterable[Project] | None) -> dict[int, Project]:
    wanted = Project.objects.filter(voided_at=None).order_by("code", "pk")
    if projects is None:
        entries = AnnualListEntry.objects.current(scope.plan_day).filter(year=scope.year)
        wanted = wanted.filter(pk__in=entries.values("project"))
    else:
        wanted = wanted.filter(pk__in=[project.pk for project in projects])
    return {project.pk: project for project in wanted}


class _Sources:
    """Everything read for the scope, by project. One query each."""

    def __init__(self, scope: _Scope) -> None:
        self.scope = scope
        self.classes = _classes(scope)
        self.plans = _plans(scope)
        self.milestones = _milestones(scope)
        self.units = _assignments(scope, UnitAssignment, "unit")
        self.leaders = _assignments(scope, LeaderAssignment, "officer")
        self.stages = _stages(scope)
        self.inclusions = {row.project_id: row for row in StatisticsInclusion.objects.filter(project__in=scope.ids)}
        known = Known(scope.year, scope.known_before, scope.cutoff)
        self.counted = counted(known, scope.ids)
        self.due = due_reports(known, scope.ids, scope.judged_on)
        self.flags = _flags(scope)
        self.overrides = _overrides(scope)
        self.colours = _colours(scope)


def _facts(project: Project, scope: _Scope, sources: _Sources) -> ProjectFacts:
    pk = project.pk
    plan = sources.plans.get(pk)
    newest = sources.counted.get(pk)
    reported = newest.done if newest else None
    verified, open_flags = sources.flags.get(newest.revision if newest else 0, (None, ()))
    is_lowered = reported is not None and verified is not None and verified < reported
    due = sources.due.get(pk, NOTHING_DUE)
    lead, co_units = _parts(sources.units.get(pk, []), UnitPart.LEAD)
    leader, co_leaders = _parts(sources.leaders.get(pk, []), LeaderPart.LEAD)
    inclusion = sources.inclusions.get(pk)
    past, last_colour = sources.colours.get(pk, ((), None))
    return ProjectFacts(
        id=pk,
        code=project.code,
        name=project.name,
        year=scope.year,
        as_of=scope.judged_on,
        compared_on=scope.cutoff or _compared_on(scope.as_of, due.listed, newest),
        annual_class=sources.classes.get(pk, ""),
        stage=sources.stages.get(pk, project.stage),
        unit=lead,
        co_units=co_units,
        leader=leader,
        co_leaders=co_leaders,
        plan=plan.annual if plan else None,
        months=plan.month_amounts if plan else None,
        total=project.total,
        prior=plan.prior if plan else None,
        done=verified if is_lowered else reported,
        done_period=newest.period if newest else None,
        done_cutoff=newest.cutoff if newest else None,
        done_revision=newest.revision if newest else None,
        reported_done=reported if is_lowered else None,
        milestones=sources.milestones.get(pk, ()),
        started_on=_by(project.started_on, scope.as_of),
        completed_on=_by(project.completed_on, scope.as_of),
        inclusion_required=inclusion.is_required if inclusion else True,
        included_on=_by(inclusion.included_on, scope.as_of) if inclusion else None,
        reports=due.listed,
        reports_in_time=due.in_time,
        past_colours=past,
        override=sources.overrides.get(pk),
        last_colour=last_colour,
        open_flags=open_flags,
        is_package=project.is_package,
        parent=project.parent_id,
    )


def _by(day: dt.date | None, as_of: dt.date) -> dt.date | None:
    return day if day is not None and day <= as_of else None


def _compared_on(as_of: dt.date, reports: tuple[ReportFact, ...], newest: Counted | None) -> dt.date:
    """The cut-off of the newest period that is due or accepted, not after the day; the day where there is none."""
    cutoffs = [report.cutoff for report in reports]
    if newest is not None:
        cutoffs.append(newest.cutoff)
    return min(max(cutoffs), as_of) if cutoffs else as_of


def _parts(rows: list[tuple[int, str]], lead_part: str) -> tuple[int | None, tuple[int, ...]]:
    lead = next((pk for pk, part in rows if part == lead_part), None)
    return lead, tuple(pk for pk, part in rows if part != lead_part)


# One query each


def _classes(scope: _Scope) -> dict[int, str]:
    entries = AnnualListEntry.objects.filter(year=scope.year, project__in=scope.ids)
    return dict(entries.values_list("project", "annual_class"))


def _plans(scope: _Scope) -> dict[int, PlanVersion]:
    rows = PlanVersion.objects.in_force(scope.plan_day).filter(year=scope.year, project__in=scope.ids)
    return {row.project_id: row for row in rows.order_by("number")}


def _milestones(scope: _Scope) -> dict[int, tuple[MilestoneFact, ...]]:
    """Plain values rather than rows of models: there are six for each project."""
    changes: dict[int, list[_Change]] = defaultdict(list)
    moved = MilestoneChange.objects.filter(milestone__project__in=scope.ids).order_by("at", "pk")
    for milestone, at, due, precision in moved.values_list("milestone", "at", "old_due", "old_precision"):
        changes[milestone].append(_Change(at, due, precision))
    found: dict[int, list[MilestoneFact]] = defaultdict(list)
    rows = Milestone.objects.filter(project__in=scope.ids, void_reason="", created_at__lt=scope.known_before)
    fields = ("project", "confirmed_by", "done_on", "due_on", "precision", "pk", "title", "kind", "weight", "percent")
    for project, confirmed_by, done_on, due, precision, pk, title, kind, weight, percent in rows.values_list(*fields):
        known = [change for change in changes.get(pk, ()) if change.at < scope.known_before]
        later = changes.get(pk, [])[len(known) :]
        found[project].append(
            MilestoneFact(
                id=pk,
                title=title,
                kind=kind,
                weight=weight,
                due=later[0].old_due if later else due,
                precision=later[0].old_precision if later else precision,
                done=_by(done_on, scope.as_of) if confirmed_by is not None else None,
                percent=percent,
                changes=len(known),
            )
        )
    return {pk: tuple(sorted(facts, key=lambda fact: (fact.due, fact.id))) for pk, facts in found.items()}


def _assignments(scope: _Scope, model: Any, target: str) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = model.objects.valid_on(scope.as_of).filter(project__in=scope.ids).order_by("position", "pk")
    for project, pk, part in rows.values_list("project", target, "part"):
        found[project].append((pk, part))
    return found


def _stages(scope: _Scope) -> dict[int, str]:
    """The stage entered last by the day; before the first known change, what that change left."""
    stages: dict[int, str] = {}
    rows = StageChange.objects.filter(project__in=scope.ids).order_by("on", "pk")
    for project, on, old, new in rows.values_list("project", "on", "old", "new"):
        if on <= scope.as_of:
            stages[project] = new
        elif old:
            stages.setdefault(project, old)
    return stages


def _flags(scope: _Scope) -> dict[int, tuple[Decimal | None, tuple[str, ...]]]:
    """By revision: the lowest verified figure, and the codes still open."""
    verified: dict[int, Decimal] = {}
    open_codes: dict[int, list[str]] = defaultdict(list)
    rows = VerificationFlag.objects.filter(
        project__in=scope.ids, revision__report__period__year=scope.year, raised_at__lt=scope.known_before
    )
    for row in rows.order_by("code"):
        if row.settled_at is None or row.settled_at >= scope.known_before:
            open_codes[row.revision_id].append(row.code)
        elif row.verified_done is not None:
            verified[row.revision_id] = min(row.verified_done, verified.get(row.revision_id, row.verified_done))
    return {pk: (verified.get(pk), tuple(open_codes.get(pk, ()))) for pk in {*verified, *open_codes}}


def _overrides(scope: _Scope) -> dict[int, OverrideFact]:
    rows = LightOverride.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gte=scope.known_before),
        project__in=scope.ids,
        at__lt=scope.known_before,
        expires_on__gte=scope.as_of,
    )
    return {
        row.project_id: OverrideFact(Colour(row.colour), row.reason, row.actor.name, row.expires_on)
        for row in rows.select_related("actor").order_by("at", "pk")
    }


def _colours(scope: _Scope) -> dict[int, tuple[tuple[PastColour, ...], Colour | None]]:
    """By project: each dimension's raw colour at the last month-ends, and the last overall colour on fresh data. The
    investment light of April rests on the report that arrives in May: there the day of the figures decides."""
    months = _past_months(scope.cutoff or scope.as_of)
    history: dict[int, dict[tuple[str, str], Colour]] = defaultdict(dict)
    last: dict[int, Colour] = {}
    rows = LightChange.objects.filter(project__in=scope.ids, on__lt=scope.as_of).order_by("on", "pk")
    for project, on, dimension, new, numbers in rows.values_list("project", "on", "dimension", "new", "numbers"):
        if dimension != LightChange.OVERALL:
            raw = Colour(numbers.get("raw", new))
            day = numbers.get("compared_on", on.isoformat())
            history[project].update(
                {(month.key, dimension): raw for month in months if day <= month.ends_on.isoformat()}
            )
        elif new not in (Colour.GREY, Colour.PURPLE):
            last[project] = Colour(new)
    return {
        pk: (
            tuple(PastColour(month, dimension, colour) for (month, dimension), colour in sorted(history[pk].items())),
            last.get(pk),
        )
        for pk in {*history, *last}
    }


def _past_months(day: dt.date) -> list[periods.PeriodKey]:
    """The months before the one of `day`, newest first."""
    months = []
    month = periods.period_of("month", day)
    for _ in range(PAST_MONTHS):
        month = periods.preceding(month)
        months.append(month)
    return months
