"""The reports of one project as they stood on a day, each with what it says other than the one before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from projects.enums import ReportState, ReviewDecision
from projects.models import Project, Report, ReportReview, ReportRevision
from projects.selectors.differences import AMOUNTS, LABELS, Difference, differences

_AMOUNT_LABELS = frozenset(LABELS[name] for name in AMOUNTS)
_STATES = {
    "": ReportState.SUBMITTED,
    ReviewDecision.ACCEPT: ReportState.ACCEPTED,
    ReviewDecision.RETURN: ReportState.RETURNED,
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report by its newest submission of the day. `counted` is the revision that counted then, `growth` (万元) and
    `changes` compare with the counted report before it in the same year."""

    report: Report
    revision: ReportRevision
    counted: ReportRevision | None
    review: ReportReview | None
    state: ReportState
    submissions: int
    growth: Decimal | None
    changes: tuple[Difference, ...]

    @property
    def counts(self) -> bool:
        return self.counted is not None


def report_years(project: Project, known: dt.datetime) -> list[int]:
    """The years with reports submitted before the moment, newest first. One query."""
    rows = Report.objects.filter(project=project, revisions__submitted_at__lt=known)
    return list(rows.order_by("-period__year").values_list("period__year", flat=True).distinct())


def report_lines(project: Project, known: dt.datetime, year: int) -> tuple[ReportLine, ...]:
    """Every report of a year that had been submitted before the moment, newest period first. Two queries; a project's
    page costs the same in its tenth year."""
    revisions: dict[int, list[ReportRevision]] = {}
    rows = (
        ReportRevision.objects.filter(report__project=project, report__period__year=year, submitted_at__lt=known)
        .select_related("submitted_by", "on_behalf_of", "review__reviewer", "withdrawal")
        .order_by("report", "number")
    )
    for revision in rows:
        revisions.setdefault(revision.report_id, []).append(revision)
    reports = Report.objects.filter(pk__in=revisions).select_related("period").order_by("period__cutoff", "pk")
    lines: list[ReportLine] = []
    before: ReportRevision | None = None
    for report in reports:
        line = _line(report, revisions[report.pk], before, known)
        before = line.counted or before
        lines.append(line)
    return tuple(reversed(lines))


def _line(
    report: Report, revisions: list[ReportRevision], before: ReportRevision | None, known: dt.datetime
) -> ReportLine:
    standing = [revision for revision in revisions if not _withdrawn(revision, known)]
    revision = (standing or revisions)[-1]
    counted = next((item for item in reversed(standing) if _decision(item, known) == ReviewDecision.ACCEPT), None)
    changed = (row for row in differences(before, revision) if row.is_changed and row.label not in _AMOUNT_LABELS)
    return ReportLine(
        report=report,
        revision=revision,
        counted=counted,
        review=_review(revision, known),
        state=_state(revision if standing else None, known),
        submissions=len(revisions),
        growth=_growth(before, revision),
        changes=tuple(changed) if before is not None else (),
    )


def _growth(before: ReportRevision | None, revision: ReportRevision) -> Decimal | None:
    if before is None or before.done is None or revision.done is None:
        return None
    return revision.done - before.done


def _withdrawn(revision: ReportRevision, known: dt.datetime) -> bool:
    withdrawal = getattr(revision, "withdrawal", None)
    return withdrawal is not None and withdrawal.at < known


def _review(revision: ReportRevision, known: dt.datetime) -> ReportReview | None:
    review = getattr(revision, "review", None)
    return review if review is not None and review.at < known else None


def _decision(revision: ReportRevision, known: dt.datetime) -> str:
    review = _review(revision, known)
    return review.decision if review is not None else ""


def _state(revision: ReportRevision | None, known: dt.datetime) -> ReportState:
    """None: everything submitted was withdrawn."""
    return ReportState.DRAFT if revision is None else _STATES[_decision(revision, known)]
