"""A report beside what is known of its project: the input of the verification rules (docs/rules.md, Flags)."""

from __future__ import annotations

import datetime as dt

from projects.enums import MilestoneKind
from projects.models import Milestone, Period, PlanVersion, Project, ReportRevision
from projects.rules.dimensions import start_window_end
from projects.rules.facts import MilestoneFact
from projects.rules.flags import Figure, Flag, ReportCheck, check
from projects.rules.policy import Policy
from projects.selectors.accepted import accepted_revisions, earlier
from projects.selectors.policy import policy_on


def report_check(
    *, project: Project, period: Period, current: Figure, previous: list[ReportRevision], day: dt.date
) -> ReportCheck:
    """The rule input for one report. `previous`: accepted revisions of the year before this period, newest first.
    Two queries."""
    plan = PlanVersion.objects.in_force(day).filter(project=project, year=period.year).first()
    kinds = (MilestoneKind.START, MilestoneKind.FINISH)
    planned = {
        row.kind: MilestoneFact(row.pk, row.title, row.kind, row.weight, row.due_on, row.precision)
        for row in Milestone.objects.filter(project=project, void_reason="", kind__in=kinds)
    }
    start, finish = planned.get(MilestoneKind.START), planned.get(MilestoneKind.FINISH)
    return ReportCheck(
        current=current,
        previous=tuple(figure_of(row) for row in previous),
        cutoff=period.cutoff,
        plan=plan.annual if plan else None,
        total=project.total,
        prior=plan.prior if plan else None,
        planned_start=start_window_end(start) if start else None,
        planned_finish=finish.due if finish else None,
        has_contract=project.has_contract,
    )


def figure_of(revision: ReportRevision) -> Figure:
    return Figure(done=revision.done, stage=revision.stage, progress=revision.progress)


def preview(
    *, project: Project, period: Period, current: Figure, day: dt.date, policy: Policy | None = None
) -> tuple[Flag, ...]:
    """The flags a report would raise if it were submitted now. At most four queries."""
    revisions = accepted_revisions([project.pk], period.year).get(project.pk, [])
    report = report_check(
        project=project, period=period, current=current, previous=earlier(revisions, period.cutoff), day=day
    )
    return check(report, policy or policy_on(day))
