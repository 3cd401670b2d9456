"""One decision for several rows: each is carried out by its own verb, for itself (docs/adr/0011-bulk.md).

A row that somebody else moved meanwhile, or that the verb refuses, is left as it is and named; the others go through.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import transaction

from projects import audit
from projects.enums import FlagState
from projects.models import ExpectedReport, Project, ReportRevision, User, VerificationFlag
from projects.services import flags, indicators, periods, reports
from projects.services.editing import required
from tracker.web.errors import UserError

Row = TypeVar("Row", ReportRevision, VerificationFlag, ExpectedReport)


@dataclass(frozen=True, slots=True)
class Left:
    """A row that was not touched, and why."""

    project: Project
    reason: str


@dataclass(slots=True)
class Outcome:
    """How many rows were done, and which were left."""

    done: int = 0
    left: list[Left] = field(default_factory=list)


@transaction.atomic
def accept_reports(
    *, revisions: Iterable[ReportRevision], actor: User, at: dt.datetime, acting_for: User | None = None
) -> Outcome:
    """Accept submissions that raise no doubt. One with an open flag is never accepted together with others, nor one
    that was submitted anew since the list was read."""
    accepted: list[Project] = []

    def accept(revision: ReportRevision) -> None:
        if VerificationFlag.objects.filter(revision=revision, state=FlagState.OPEN).exists():
            raise UserError("有待核实的疑问，请逐份审核。")
        reports.accept(revision=revision, actor=actor, at=at, acting_for=acting_for, judge=False)
        accepted.append(revision.report.project)

    outcome = _each(revisions, accept, lambda revision: revision.report.project)
    if accepted:
        indicators.recompute(projects=accepted, at=at, actor=actor)
    return outcome


@transaction.atomic
def confirm_flags(
    *, rows: Iterable[VerificationFlag], note: str, actor: User, at: dt.datetime, acting_for: User | None = None
) -> Outcome:
    """属实: several figures were found right, with one note. Another figure is always entered for itself."""
    note = required(note, "请填写核实情况。", "note")
    return _each(
        rows,
        lambda flag: flags.settle(
            flag=flag, state=FlagState.CONFIRMED, note=note, actor=actor, at=at, acting_for=acting_for
        ),
        lambda flag: flag.project,
    )


@transaction.atomic
def waive_reports(*, rows: Iterable[ExpectedReport], reason: str, actor: User, at: dt.datetime) -> Outcome:
    """免报: several projects need not report in a period, for one reason."""
    reason = required(reason, "请写明免报原因。", "reason")
    return _each(
        rows,
        lambda expected: periods.waive(expected=expected, reason=reason, actor=actor, at=at),
        lambda expected: expected.project,
    )


def _each(rows: Iterable[Row], act: Callable[[Row], object], project_of: Callable[[Row], Project]) -> Outcome:
    """`act` on every row in the order of their numbers (so that two clerks wait for each other in one order), each in a
    savepoint of its own."""
    outcome = Outcome()
    for row in sorted(rows, key=lambda row: row.pk):
        try:
            with transaction.atomic():
                act(row)
        except audit.Unwritable:
            raise  # no row's own fault: the whole is refused
        except UserError as refusal:
            outcome.left.append(Left(project_of(row), refusal.message))
        else:
            outcome.done += 1
    return outcome
