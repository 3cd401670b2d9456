"""The project page: everything about one project as of a day (docs/structure.md, As of a day)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from projects.enums import LeaderPart, MilestoneKind, MoveState, PlanState, Stage, UnitPart
from projects.models import (
    AnnualListEntry,
    LeaderAssignment,
    LightOverride,
    ListAdjustment,
    Milestone,
    MilestoneChange,
    MilestoneMove,
    PlanVersion,
    Project,
    StageChange,
    StatisticsInclusion,
    UnitAssignment,
)
from projects.permissions import Access
from projects.rules.curve import Step, YearCurve, year_curve
from projects.rules.explained import rule_of
from projects.rules.facts import MilestoneFact, ProjectFacts
from projects.rules.lights import start_window_end
from projects.rules.policy import Policy
from projects.selectors.audit import AuditLine, project_log
from projects.selectors.documents import DocumentLine, documents_of
from projects.selectors.facts import project_facts
from projects.selectors.indicators import (
    ColourStep,
    IndicatorView,
    LightView,
    colour_history,
    for_projects,
    overrides_of,
)
from projects.selectors.policy import policy_on
from projects.selectors.project_reports import ReportLine, report_lines, report_years
from tracker.clock import end_of


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone as of the day, with its moves; `due_on` is the date it had that day, `last_day` the last one on time
    (a start may come until its written month is over), `done_on` is None when it was done later. `is_met`: the project
    has started or finished, whether or not anybody ticked off its planned start or finish."""

    milestone: Milestone
    as_of: dt.date
    due_on: dt.date
    precision: str
    last_day: dt.date
    done_on: dt.date | None
    is_met: bool
    changes: tuple[MilestoneChange, ...]
    pending_move: MilestoneMove | None

    @property
    def change_count(self) -> int:
        return len(self.changes)

    @property
    def first_due(self) -> dt.date:
        """The date before any move."""
        return self.changes[0].old_due if self.changes else self.due_on

    @property
    def days_late(self) -> int:
        """Calendar days after the last day: until it was done, or until the day shown; never below nought."""
        if self.is_met and self.done_on is None:
            return 0
        return max(((self.done_on or self.as_of) - self.last_day).days, 0)

    @property
    def days_left(self) -> int:
        """Calendar days to the last day; negative after it."""
        return (self.last_day - self.as_of).days

    @property
    def is_confirmed(self) -> bool:
        return self.is_met or (self.done_on is not None and self.milestone.confirmed_by_id is not None)

    @property
    def tone(self) -> str:
        """How the time line marks it: done, late, open."""
        if self.is_met or self.done_on is not None:
            return "done"
        return "late" if self.days_late else "open"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan version with what had become of it by the day."""

    plan: PlanVersion
    state: str
    tone: str

    @property
    def is_in_force(self) -> bool:
        """On the day, for its year."""
        return self.state == PlanState.EFFECTIVE.label


@dataclass(frozen=True, slots=True)
class ExplainedLight:
    """One dimension with the sentence of its rule."""

    light: LightView
    rule: str


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A project of the package with its light and figures."""

    project: Project
    view: IndicatorView


@dataclass(frozen=True, slots=True)
class Family:
    """The package above or the projects below. Only children have figures of their own: the package is their sum, so
    nothing is counted twice. Sums (万元) are None when some child is not this person's to see, or none has a plan."""

    parent: Project | None
    children: tuple[ChildLine, ...]
    is_whole: bool

    @property
    def plan(self) -> Decimal | None:
        return self._sum(child.view.plan for child in self.children)

    @property
    def done(self) -> Decimal | None:
        return self._sum(child.view.done for child in self.children)

    @property
    def total(self) -> Decimal | None:
        return self._sum(child.view.total for child in self.children)

    @property
    def rate(self) -> Decimal | None:
        return self.done / self.plan if self.plan and self.done is not None else None

    def _sum(self, amounts: Iterable[Decimal | None]) -> Decimal | None:
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if known and self.is_whole else None


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Everything the project page shows as of one day, read in a number of queries that history does not move."""

    project: Project
    as_of: dt.date
    policy: Policy
    facts: ProjectFacts
    view: IndicatorView
    curve: YearCurve
    units: tuple[UnitAssignment, ...]
    leaders: tuple[LeaderAssignment, ...]
    former_names: tuple[str, ...]
    family: Family
    tags: tuple[str, ...]
    plans: tuple[PlanLine, ...]
    milestones: tuple[MilestoneLine, ...]
    stages: tuple[StageChange, ...]
    entry: AnnualListEntry | None
    adjustments: tuple[ListAdjustment, ...]
    inclusion: StatisticsInclusion | None
    reports: tuple[ReportLine, ...]
    """Of `reports_year`."""
    reports_year: int
    report_years: list[int]
    """Every year with reports, newest first."""
    light_changes: tuple[ColourStep, ...]
    override: LightOverride | None
    documents: tuple[DocumentLine, ...]
    log: tuple[AuditLine, ...]

    @property
    def present_units(self) -> list[UnitAssignment]:
        return [row for row in self.units if row.holds_on(self.as_of)]

    @property
    def present_leaders(self) -> list[LeaderAssignment]:
        return [row for row in self.leaders if row.holds_on(self.as_of)]

    @property
    def former_people(self) -> list[UnitAssignment | LeaderAssignment]:
        """Who was on the project before, last to leave first."""
        people: list[UnitAssignment | LeaderAssignment] = [*self.leaders, *self.units]
        ended = [row for row in people if not row.holds_on(self.as_of)]
        return sorted(ended, key=lambda row: (row.valid_to or self.as_of, row.pk), reverse=True)

    @property
    def lead_unit(self) -> UnitAssignment | None:
        return next((row for row in self.present_units if row.part == UnitPart.LEAD), None)

    @property
    def lead_leader(self) -> LeaderAssignment | None:
        return next((row for row in self.present_leaders if row.part == LeaderPart.LEAD), None)

    @property
    def is_sum(self) -> bool:
        """A package with nothing of its own to show: no plan, no report."""
        return self.project.is_package and not self.plans and not self.reports

    @property
    def lights(self) -> tuple[ExplainedLight, ...]:
        """The dimensions that led to the colour; a package is judged by none."""
        lights = () if self.project.is_package else self.view.lights
        return tuple(ExplainedLight(light, rule_of(light.dimension, self.policy)) for light in lights)

    @property
    def reporting(self) -> ExplainedLight | None:
        """How punctually it reports, which stands beside the colour."""
        light = self.view.reporting
        return None if light is None else ExplainedLight(light, rule_of(light.dimension, self.policy))

    @property
    def stage(self) -> str:
        """In words, as it was that day."""
        return str(Stage(self.facts.stage).label)

    @property
    def late_count(self) -> int:
        return sum(line.tone == "late" for line in self.milestones)

    @property
    def move_count(self) -> int:
        return sum(line.change_count for line in self.milestones)

    @property
    def days_to_inclusion(self) -> int | None:
        """Calendar days from the confirmed start to inclusion in the statistics, or to the day shown while it waits;
        None before a confirmed start."""
        start = self.facts.started_on
        return None if start is None else ((self.facts.included_on or self.as_of) - start).days

    @property
    def plan(self) -> PlanVersion | None:
        """The version in force on the day, for its year."""
        return next(
            (line.plan for line in self.plans if line.tone == "good" and line.plan.year == self.as_of.year), None
        )

    @property
    def last_report(self) -> ReportLine | None:
        """The newest report that counted by the day."""
        return next((line for line in self.reports if line.counts), None)

    def milestone(self, kind: MilestoneKind) -> MilestoneLine | None:
        """The planned start or planned finish."""
        return next((line for line in self.milestones if line.milestone.kind == kind), None)


def project_page(project: Project, as_of: dt.date, access: Access, *, reports_of: int | None = None) -> ProjectPage:
    """The page of one project for one person. What happened after `as_of` is not shown. Reports are those of the year
    `reports_of`; of the last year with any where none is asked for."""
    known = end_of(as_of)
    mine = {"project": project}
    policy = policy_on(as_of)
    facts = project_facts(as_of, projects=[project])[0]
    family, view = _family(project, as_of, access)
    years = report_years(project, known)
    year = reports_of if reports_of in years else (years[0] if years else as_of.year)
    reports = report_lines(project, known, year)
    this_year = reports if year == facts.year else report_lines(project, known, facts.year)
    return ProjectPage(
        project=project,
        as_of=as_of,
        policy=policy,
        facts=facts,
        view=view,
        curve=year_curve(facts, policy, _steps(this_year, facts)),
        units=tuple(
            UnitAssignment.objects.filter(**mine, valid_from__lte=as_of)
            .select_related("unit")
            .order_by("-part", "position", "-valid_from", "pk")
        ),
        leaders=tuple(
            LeaderAssignment.objects.filter(**mine, valid_from__lte=as_of)
            .select_related("officer")
            .order_by("-part", "position", "-valid_from", "pk")
        ),
        former_names=tuple(project.former_names.filter(until__lte=as_of).values_list("name", flat=True)),
        family=family,
        tags=tuple(project.tags.values_list("name", flat=True)),
        plans=_plan_lines(project, as_of),
        milestones=_milestone_lines(facts),
        stages=tuple(StageChange.objects.filter(**mine, on__lte=as_of).select_related("actor").order_by("-on", "-pk")),
        entry=AnnualListEntry.objects.current(as_of).filter(**mine, year=as_of.year).first(),
        adjustments=tuple(
            ListAdjustment.objects.filter(entry__project=project, effective_on__lte=as_of, at__lt=known)
            .select_related("entry", "actor")
            .order_by("-effective_on", "-pk")
        ),
        inclusion=StatisticsInclusion.objects.filter(**mine).first(),
        reports=reports,
        reports_year=year,
        report_years=years,
        light_changes=tuple(step for step in colour_history(project, as_of) if step.is_overall),
        override=_override(project, as_of),
        documents=documents_of(project, as_of),
        log=project_log(project, as_of),
    )


def _family(project: Project, as_of: dt.date, access: Access) -> tuple[Family, IndicatorView]:
    """The package's relatives that this person may see, and the project's own light: judged in one go."""
    kin = Project.objects.filter(Q(parent=project) | Q(pk=project.parent_id), voided_at=None)
    seen = list(Project.objects.visible_to(access).filter(pk__in=kin).order_by("code", "pk"))
    children = [row for row in seen if row.parent_id == project.pk]
    views = for_projects([project, *children], as_of)
    family = Family(
        parent=next((row for row in seen if row.pk == project.parent_id), None),
        children=tuple(ChildLine(child, views[child.pk]) for child in children),
        is_whole=kin.filter(parent=project).count() == len(children),
    )
    return family, views[project.pk]


def _steps(reports: Sequence[ReportLine], facts: ProjectFacts) -> list[Step]:
    """The accepted figures of the year by cut-off; the newest as it counts after verification."""
    found: dict[dt.date, Decimal] = {}
    for line in reversed(reports):
        if line.counted is not None and line.counted.done is not None:
            verified = line.counted.pk == facts.done_revision and facts.done is not None
            cutoff = line.report.period.cutoff
            found[cutoff] = facts.done if verified and facts.done is not None else line.counted.done
    return [Step(day, amount) for day, amount in sorted(found.items())]


def _override(project: Project, as_of: dt.date) -> LightOverride | None:
    """The newest colour set by a person that holds on the day."""
    known = end_of(as_of)
    for row in overrides_of(project, as_of):
        is_withdrawn = row.withdrawn_at is not None and row.withdrawn_at < known
        if row.expires_on >= as_of and not is_withdrawn:
            return row
    return None


def _plan_lines(project: Project, as_of: dt.date) -> tuple[PlanLine, ...]:
    rows = PlanVersion.objects.filter(project=project, created_at__lt=end_of(as_of))
    newest_first = rows.select_related("proposed_by", "approved_by").order_by("-year", "-number")
    return tuple(PlanLine(plan, *_state_of(plan, as_of)) for plan in newest_first)


def _state_of(plan: PlanVersion, day: dt.date) -> tuple[str, str]:
    """State and tone. What is not decided has no days that count; the plan of a year ends with it."""
    if plan.state in (PlanState.DRAFT, PlanState.REJECTED):
        return plan.get_state_display(), "warn" if plan.state == PlanState.DRAFT else ""
    if plan.year < day.year and plan.replaced_on is None:
        return "已期满", ""
    if plan.effective_on > day:
        return "未到生效日期", "info"
    if plan.replaced_on is not None and plan.replaced_on <= day:
        return PlanState.SUPERSEDED.label, ""
    return PlanState.EFFECTIVE.label, "good"


def _milestone_lines(facts: ProjectFacts) -> tuple[MilestoneLine, ...]:
    """In the order of their dates: what the rules know of each, beside its moves and people."""
    rows = (
        Milestone.objects.filter(pk__in=[fact.id for fact in facts.milestones])
        .select_related("claimed_by", "confirmed_by")
        .prefetch_related("changes__requested_by", "changes__approved_by", "moves__requested_by")
        .in_bulk()
    )
    return tuple(_milestone_line(rows[fact.id], fact, facts) for fact in facts.milestones)


def _milestone_line(milestone: Milestone, fact: MilestoneFact, facts: ProjectFacts) -> MilestoneLine:
    known = end_of(facts.as_of)
    is_met, met_on = _met(milestone, facts)
    is_done = milestone.done_on is not None and milestone.done_on <= facts.as_of
    return MilestoneLine(
        milestone=milestone,
        as_of=facts.as_of,
        due_on=fact.due,
        precision=fact.precision,
        last_day=start_window_end(fact) if milestone.kind == MilestoneKind.START else fact.due,
        done_on=milestone.done_on if is_done else met_on,
        is_met=is_met,
        changes=tuple(change for change in milestone.changes.all() if change.at < known),
        pending_move=next((move for move in milestone.moves.all() if _waits(move, known)), None),
    )


def _met(milestone: Milestone, facts: ProjectFacts) -> tuple[bool, dt.date | None]:
    """Whether the project itself has got there, and the confirmed day."""
    if milestone.kind == MilestoneKind.START:
        return facts.is_started, facts.started_on
    if milestone.kind == MilestoneKind.FINISH:
        return facts.is_finished, facts.completed_on
    return False, None


def _waits(move: MilestoneMove, known: dt.datetime) -> bool:
    decided = move.state != MoveState.PENDING and (move.decided_at is None or move.decided_at < known)
    return move.requested_at < known and not decided
