"""What the database knows when a ledger is read: units, roster, projects of the year, remembered answers.

Loaded once in a fixed number of queries, so that ten thousand rows are compared in memory.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from projects.enums import LeaderPart, MilestoneKind, PlanState, UnitPart
from projects.excel.text import squeeze
from projects.models import (
    AnnualListEntry,
    LeaderAssignment,
    LedgerAnswer,
    Milestone,
    Officer,
    PlanVersion,
    Project,
    ProjectName,
    Unit,
    UnitAssignment,
)
from projects.rules.naming import normalise_person_name

COUNTY_KINDS = ("main_leader", "county_leader")


@dataclass(frozen=True, slots=True)
class Date:
    """A planned start or finish as the database holds it."""

    milestone: int
    due: dt.date
    precision: str


@dataclass(slots=True)
class ProjectState:
    """One project as it stands, in the terms of a ledger row."""

    project: Project
    entry: AnnualListEntry | None = None
    plan: PlanVersion | None = None
    start: Date | None = None
    finish: Date | None = None
    lead: int | None = None
    cooperating: tuple[int, ...] = ()
    leaders: tuple[int, ...] = ()
    """The lead first, then the joint ones in order."""


@dataclass(slots=True)
class Known:
    """Names lead to ids; `units_by_name` holds full names, short names and aliases without blanks."""

    units: dict[int, Unit] = field(default_factory=dict)
    units_by_name: dict[str, int] = field(default_factory=dict)
    officers: dict[int, Officer] = field(default_factory=dict)
    leaders_by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    projects: dict[int, ProjectState] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    by_match: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_former: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    headers: dict[str, str] = field(default_factory=dict)
    """Remembered answers: header text to column."""
    spellings: dict[str, str] = field(default_factory=dict)
    """Remembered answers: how a name is split ("甲局乙局" to "甲局、乙局")."""

    def unit_id(self, name: str) -> int | None:
        return self.units_by_name.get(squeeze(name))

    def leader_ids(self, name: str) -> list[int]:
        return self.leaders_by_name.get(normalise_person_name(name), [])


def names_only() -> Known:
    """Units, roster and remembered answers: enough to read a ledger, not to compare it."""
    known = Known()
    _load_units(known)
    _load_officers(known)
    for kind, text, answer in LedgerAnswer.objects.values_list("kind", "text", "answer"):
        if kind == "header":
            known.headers[text] = answer
        elif kind == "split":
            known.spellings[text] = answer
    return known


def everything(year: int) -> Known:
    """All of it, with every project as it stands for `year`."""
    known = names_only()
    _load_projects(known)
    for match_name, code in LedgerAnswer.objects.filter(kind="project").values_list("text", "answer"):
        if (project := known.by_code.get(squeeze(code))) is not None:
            known.by_former[match_name].append(project)
    _load_year(known, year)
    return known


def _load_units(known: Known) -> None:
    for unit in Unit.objects.prefetch_related("aliases"):
        known.units[unit.pk] = unit
        for alias in unit.aliases.all():
            known.units_by_name.setdefault(squeeze(alias.alias), unit.pk)
    for unit in known.units.values():
        if unit.short_name:
            known.units_by_name.setdefault(squeeze(unit.short_name), unit.pk)
    for unit in known.units.values():
        known.units_by_name[squeeze(unit.name)] = unit.pk


def _load_officers(known: Known) -> None:
    for officer in Officer.objects.filter(kind__in=COUNTY_KINDS).prefetch_related("aliases"):
        known.officers[officer.pk] = officer
        for name in {officer.name, *(alias.alias for alias in officer.aliases.all())}:
            known.leaders_by_name[normalise_person_name(name)].append(officer.pk)


def _load_projects(known: Known) -> None:
    for project in Project.objects.filter(voided_at=None):
        known.projects[project.pk] = ProjectState(project)
        known.by_match[project.match_name].append(project.pk)
        for code in (project.code, project.national_code):
            if code:
                known.by_code[squeeze(code)] = project.pk
    for project_id, match_name in ProjectName.objects.values_list("project", "match_name"):
        if project_id in known.projects:
            known.by_former[match_name].append(project_id)


def _load_year(known: Known, year: int) -> None:
    states = known.projects
    for entry in AnnualListEntry.objects.filter(year=year).select_related("annual_list"):
        if state := states.get(entry.project_id):
            state.entry = entry
    for plan in PlanVersion.objects.filter(year=year, state=PlanState.EFFECTIVE):
        if state := states.get(plan.project_id):
            state.plan = plan
    kinds = (MilestoneKind.START, MilestoneKind.FINISH)
    for pk, project, kind, due, precision in Milestone.objects.filter(kind__in=kinds, void_reason="").values_list(
        "pk", "project", "kind", "due_on", "precision"
    ):
        if state := states.get(project):
            setattr(state, kind, Date(pk, due, precision))
    units = UnitAssignment.objects.filter(valid_to=None).order_by("position", "pk")
    for project, unit, part in units.values_list("project", "unit", "part"):
        if state := states.get(project):
            if part == UnitPart.LEAD:
                state.lead = unit
            else:
                state.cooperating += (unit,)
    leaders = LeaderAssignment.objects.filter(valid_to=None).order_by("position", "pk")
    for project, officer, part in leaders.values_list("project", "officer", "part"):
        if state := states.get(project):
            state.leaders = (officer, *state.leaders) if part == LeaderPart.LEAD else (*state.leaders, officer)


def names_for_reading(known: Known) -> tuple[frozenset[str], frozenset[str]]:
    """Unit names and person names that teach the reader how to cut cells."""
    people: Iterable[str] = known.leaders_by_name
    return frozenset(known.units_by_name), frozenset(people)
