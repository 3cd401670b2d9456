"""The project list and the project page (docs/structure.md, Selectors)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from projects.enums import LeaderPart, MilestoneKind, ReviewDecision, UnitPart
from projects.models import (
    AnnualListEntry,
    AuditEntry,
    LeaderAssignment,
    LightChange,
    LightOverride,
    ListAdjustment,
    Milestone,
    MilestoneChange,
    PlanVersion,
    Project,
    ProjectName,
    Report,
    ReportReview,
    ReportRevision,
    StageChange,
    StatisticsInclusion,
    Unit,
    UnitAlias,
    UnitAssignment,
    VerificationFlag,
)
from projects.permissions import Access
from projects.selectors.facts import end_of

AUDIT_ROWS = 200
"""How much of a project's log its page shows."""


@dataclass(frozen=True, slots=True)
class ProjectFilters:
    """What the list is narrowed to; empty means everything. `basis` is original (年初口径), current (现口径), or empty
    for every project whether on a list or not."""

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


def project_rows(access: Access, as_of: dt.date, filters: ProjectFilters | None = None) -> QuerySet[Project]:
    """Visible projects as of a day, one query, in the order of the year's list.

    Each carries `annual_class`, `seq`, `unit_id`, `unit_name`, `unit_order`, `leader_id`, `leader_name`,
    `leader_order`, `plan_annual`, `plan_prior`, `done` (accepted by that day, 万元) and `planned_start`,
    `planned_finish`; the stored colour is on `indicator`.
    """
    filters = filters or ProjectFilters()
    year = filters.year or as_of.year
    rows = Project.objects.visible_to(access).annotate(**_columns(as_of, year)).select_related("indicator", "parent")
    return _filtered(rows, as_of, year, filters).order_by(F("seq").asc(nulls_last=True), "code", "pk")


def _columns(as_of: dt.date, year: int) -> dict[str, Any]:
    entry = AnnualListEntry.objects.filter(project=OuterRef("pk"), year=year)
    unit = _valid(UnitAssignment, as_of).filter(part=UnitPart.LEAD)
    leader = _valid(LeaderAssignment, as_of).filter(part=LeaderPart.LEAD)
    plan = PlanVersion.objects.in_force(as_of).filter(project=OuterRef("pk"), year=year).order_by("-number")
    known = end_of(as_of)
    done = ReportRevision.objects.filter(
        Q(withdrawal=None) | Q(withdrawal__at__gte=known),
        report__project=OuterRef("pk"),
        report__period__year=year,
        review__decision=ReviewDecision.ACCEPT,
        review__at__lt=known,
    ).order_by("-report__period__cutoff", "-submitted_at", "-pk")
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
        "plan_annual": first(plan, "annual"),
        "plan_prior": first(plan, "prior"),
        "done": first(done, "done"),
        "planned_start": first(milestone.filter(kind=MilestoneKind.START), "due_on"),
        "planned_finish": first(milestone.filter(kind=MilestoneKind.FINISH), "due_on"),
    }


def _valid(model: type[UnitAssignment] | type[LeaderAssignment], as_of: dt.date) -> QuerySet:
    return model.objects.valid_on(as_of).filter(project=OuterRef("pk")).order_by("position", "pk")


def _filtered(rows: QuerySet[Project], as_of: dt.date, year: int, filters: ProjectFilters) -> QuerySet[Project]:
    if filters.basis:
        entries = AnnualListEntry.objects.filter(year=year)
        entries = entries.original() if filters.basis == "original" else entries.current(as_of)
        rows = rows.filter(pk__in=entries.values("project"))
    if filters.annual_class:
        rows = rows.filter(annual_class=filters.annual_class)
    for name in ("stage", "level", "sector"):
        if value := getattr(filters, name):
            rows = rows.filter(**{name: value})
    if filters.unit is not None:
        held = UnitAssignment.objects.valid_on(as_of).filter(unit=filters.unit)
        rows = rows.filter(pk__in=held.values("project"))
    if filters.leader is not None:
        held = LeaderAssignment.objects.valid_on(as_of).filter(officer=filters.leader)
        rows = rows.filter(pk__in=held.values("project"))
    if filters.colour:
        rows = rows.filter(indicator__colour=filters.colour)
    for word in filters.text.split():
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


# The project page


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone as of the day, with its moves; `due_on` is the date it had that day."""

    milestone: Milestone
    due_on: dt.date
    precision: str
    changes: tuple[MilestoneChange, ...]
    pending_move: Any | None

    @property
    def change_count(self) -> int:
        return len(self.changes)

    @property
    def first_due(self) -> dt.date:
        """The date before any move."""
        return self.changes[0].old_due if self.changes else self.due_on


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report with its revisions, oldest first; each revision has its `review`, `withdrawal` and `flags` loaded."""

    report: Report
    revisions: tuple[ReportRevision, ...]

    @property
    def review(self) -> ReportReview | None:
        """What was decided on the newest revision; None while it waits."""
        return getattr(self.revisions[-1], "review", None)


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Everything the project page shows as of one day, read in a fixed number of queries."""

    project: Project
    as_of: dt.date
    units: tuple[UnitAssignment, ...]
    leaders: tuple[LeaderAssignment, ...]
    former_names: tuple[ProjectName, ...]
    children: tuple[Project, ...]
    tags: tuple[str, ...]
    plans: tuple[PlanVersion, ...]
    milestones: tuple[MilestoneLine, ...]
    stages: tuple[StageChange, ...]
    entries: tuple[AnnualListEntry, ...]
    adjustments: tuple[ListAdjustment, ...]
    inclusion: StatisticsInclusion | None
    reports: tuple[ReportLine, ...]
    flags: tuple[VerificationFlag, ...]
    light_changes: tuple[LightChange, ...]
    overrides: tuple[LightOverride, ...]
    audit: tuple[AuditEntry, ...] = field(default=())

    @property
    def lead_unit(self) -> UnitAssignment | None:
        return next((row for row in self.units if row.part == UnitPart.LEAD and row.holds_on(self.as_of)), None)

    @property
    def lead_leader(self) -> LeaderAssignment | None:
        return next((row for row in self.leaders if row.part == LeaderPart.LEAD and row.holds_on(self.as_of)), None)

    @property
    def plan(self) -> PlanVersion | None:
        """The version in force on the day, for its year."""
        return next((plan for plan in self.plans if plan.year == self.as_of.year and _in_force(plan, self.as_of)), None)

    @property
    def entry(self) -> AnnualListEntry | None:
        return next((entry for entry in self.entries if entry.year == self.as_of.year), None)

    def milestone(self, kind: MilestoneKind) -> MilestoneLine | None:
        """The planned start or planned finish."""
        return next((line for line in self.milestones if line.milestone.kind == kind), None)


def _in_force(plan: PlanVersion, day: dt.date) -> bool:
    effective = plan.state in ("effective", "superseded") and plan.effective_on <= day
    return effective and (plan.replaced_on is None or plan.replaced_on > day)


def project_page(project: Project, as_of: dt.date) -> ProjectPage:
    """The page of one project. What happened after `as_of` is not shown."""
    known = end_of(as_of)
    mine = {"project": project}
    return ProjectPage(
        project=project,
        as_of=as_of,
        units=tuple(
            UnitAssignment.objects.filter(**mine, valid_from__lte=as_of)
            .select_related("unit")
            .order_by("part", "position", "-valid_from", "pk")
        ),
        leaders=tuple(
            LeaderAssignment.objects.filter(**mine, valid_from__lte=as_of)
            .select_related("officer")
            .order_by("part", "position", "-valid_from", "pk")
        ),
        former_names=tuple(ProjectName.objects.filter(**mine)),
        children=tuple(Project.objects.filter(parent=project, voided_at=None)),
        tags=tuple(project.tags.values_list("name", flat=True)),
        plans=tuple(
            PlanVersion.objects.filter(**mine, created_at__lt=known)
            .select_related("proposed_by", "approved_by")
            .order_by("-year", "-number")
        ),
        milestones=_milestone_lines(project, known),
        stages=tuple(StageChange.objects.filter(**mine, on__lte=as_of).select_related("actor")),
        entries=tuple(
            AnnualListEntry.objects.filter(**mine, entered_on__lte=as_of)
            .select_related("annual_list")
            .order_by("-year")
        ),
        adjustments=tuple(
            ListAdjustment.objects.filter(entry__project=project, effective_on__lte=as_of).select_related(
                "entry", "actor"
            )
        ),
        inclusion=StatisticsInclusion.objects.filter(**mine).first(),
        reports=_report_lines(project, known),
        flags=tuple(
            VerificationFlag.objects.filter(**mine, raised_at__lt=known).select_related(
                "settled_by", "revision__report__period"
            )
        ),
        light_changes=tuple(LightChange.objects.filter(**mine, on__lte=as_of).order_by("-on", "-pk")),
        overrides=tuple(LightOverride.objects.filter(**mine, at__lt=known).select_related("actor")),
        audit=tuple(
            AuditEntry.objects.filter(object_type="project", object_id=str(project.pk), at__lt=known)
            .select_related("actor", "acting_for")
            .order_by("-pk")[:AUDIT_ROWS]
        ),
    )


def _milestone_lines(project: Project, known: dt.datetime) -> tuple[MilestoneLine, ...]:
    milestones = (
        Milestone.objects.filter(project=project, void_reason="", created_at__lt=known)
        .select_related("claimed_by", "confirmed_by")
        .prefetch_related("changes__requested_by", "changes__approved_by", "moves__requested_by")
    )
    lines = [_line(milestone, known) for milestone in milestones]
    return tuple(sorted(lines, key=lambda line: (line.due_on, line.milestone.pk)))


def _line(milestone: Milestone, known: dt.datetime) -> MilestoneLine:
    """The first later change still names the date that held on the day."""
    changes = list(milestone.changes.all())
    past = tuple(change for change in changes if change.at < known)
    later = changes[len(past) :]
    pending = (move for move in milestone.moves.all() if move.requested_at < known and move.state == "pending")
    return MilestoneLine(
        milestone=milestone,
        due_on=later[0].old_due if later else milestone.due_on,
        precision=later[0].old_precision if later else milestone.precision,
        changes=past,
        pending_move=next(pending, None),
    )


def _report_lines(project: Project, known: dt.datetime) -> tuple[ReportLine, ...]:
    revisions: dict[int, list[ReportRevision]] = {}
    rows = (
        ReportRevision.objects.filter(report__project=project, submitted_at__lt=known)
        .select_related("submitted_by", "on_behalf_of", "review__reviewer", "withdrawal__actor", "corrects")
        .prefetch_related("flags")
        .order_by("report", "number")
    )
    for revision in rows:
        revisions.setdefault(revision.report_id, []).append(revision)
    reports = Report.objects.filter(pk__in=revisions).select_related("period").order_by("-period__cutoff", "pk")
    return tuple(ReportLine(report, tuple(revisions[report.pk])) for report in reports)
