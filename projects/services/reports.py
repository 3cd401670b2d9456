"""Progress reports: typed as a draft, submitted as an immutable revision, reviewed by another person, corrected after
the lock in a record of its own (docs/rules.md, Reports).

A late report belongs to its own period. What was submitted is never overwritten: a second submit is a second revision.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from projects import audit
from projects.enums import ReportState, ReviewDecision, RevisionKind, Stage
from projects.models import (
    ExpectedReport,
    Report,
    ReportReview,
    ReportRevision,
    RevisionWithdrawal,
    User,
)
from projects.rules import transitions
from projects.rules.stages import is_back, may_enter
from projects.selectors.accepted import accepted_revisions, earlier
from projects.services import flags as flag_service
from projects.services import indicators, photos
from projects.services.editing import in_words, json_value, required
from projects.services.periods import is_locked
from projects.services.projects import record_stage
from projects.services.report_values import LABELS, ReportValues, check_flags, check_values, completed, flags_of
from tracker.clock import day_of
from tracker.web.errors import Conflict, UserError

AMOUNTS = ("done", "done_period")
NO_CHANGE_REASON = "本期无变化，沿用上期数据。"


@transaction.atomic
def save_draft(
    *, expected: ExpectedReport, values: Mapping[str, str], version: int | None, actor: User, at: dt.datetime
) -> Report:
    """Keep what is being typed, as typed. It touches nothing that was submitted, and until it is submitted it is
    nobody's statement: drafts leave no audit row."""
    _check_open(expected, at)
    report = _report(expected, version, values)
    _be_allowed(report, "save")
    report.draft = {name: str(value) for name, value in values.items() if name in {*LABELS, "flag_reason"}}
    report.version += 1
    report.save(update_fields=["draft", "version"])
    return report


@transaction.atomic
def submit(
    *,
    expected: ExpectedReport,
    values: ReportValues,
    version: int | None,
    actor: User,
    at: dt.datetime,
    flag_reason: str = "",
    kind: RevisionKind = RevisionKind.NORMAL,
    acting_for: User | None = None,
) -> ReportRevision:
    """Submit a report. Figures that look wrong need `flag_reason` and become verification tasks; impossible ones are
    refused. A ledger (`kind` IMPORT) may also fill a locked period in which nothing was accepted yet.

    Raises `UserError` naming the field at fault, `Conflict` when somebody saved or submitted meanwhile.
    """
    report = _report(expected, version, _typed(values))
    if kind == RevisionKind.CORRECTION:
        raise ValueError("corrections have a verb of their own")
    if kind != RevisionKind.IMPORT or report.accepted_id is not None:
        _check_open(expected, at)
    _be_allowed(report, "submit")
    return _submit(
        report, values, actor=actor, at=at, kind=kind, flag_reason=flag_reason, acting_for=acting_for, reason=""
    )


@transaction.atomic
def no_change(
    *,
    expected: ExpectedReport,
    version: int | None,
    actor: User,
    at: dt.datetime,
    acting_for: User | None = None,
) -> ReportRevision:
    """One call for "nothing changed": the last accepted report of the year again, with nothing done in this period."""
    _check_open(expected, at)
    report = _report(expected, version, {})
    _be_allowed(report, "submit")
    last = next(iter(_previous(report)), None)
    if last is None:
        raise UserError("本年还没有审核通过的数据可以沿用，请填写本期数据。")
    values = ReportValues(
        done=last.done,
        done_period=None if last.done is None else Decimal(0),
        stage=last.stage,
        progress=last.progress,
        problem=last.problem,
        next_step=last.next_step,
    )
    return _submit(
        report,
        values,
        actor=actor,
        at=at,
        kind=RevisionKind.NO_CHANGE,
        flag_reason=NO_CHANGE_REASON,
        acting_for=acting_for,
        reason="",
    )


@transaction.atomic
def correct(
    *,
    expected: ExpectedReport,
    values: ReportValues,
    reason: str,
    version: int | None,
    actor: User,
    at: dt.datetime,
    flag_reason: str = "",
    acting_for: User | None = None,
) -> ReportRevision:
    """锁定后更正: a revision of its own with its reason, for an accepted report or a locked period. The old figure
    counts until another person accepts the new one."""
    reason = required(reason, "请写明更正原因。", "reason")
    report = _report(expected, version, _typed(values))
    if report.state != ReportState.ACCEPTED and not is_locked(expected.period, at):
        raise UserError("报告尚未审核通过，报告期也未锁定，请直接重新提交，不必办理更正。")
    _be_allowed(report, "correct" if report.state == ReportState.ACCEPTED else "submit")
    return _submit(
        report,
        values,
        actor=actor,
        at=at,
        kind=RevisionKind.CORRECTION,
        flag_reason=flag_reason or reason,
        acting_for=acting_for,
        reason=reason,
    )


@transaction.atomic
def accept(
    *,
    revision: ReportRevision,
    actor: User,
    at: dt.datetime,
    reason: str = "",
    acting_for: User | None = None,
    judge: bool = True,
) -> ReportReview:
    """Another person accepts the pending revision: from now on it counts. A reported stage is entered, and the light of
    the project is computed again at once (a ledger of hundreds passes `judge` False and recomputes them together)."""
    report = _pending(revision, actor, acting_for)
    _be_allowed(report, "accept")
    old = report.accepted
    review = ReportReview.objects.create(
        revision=revision, decision=ReviewDecision.ACCEPT, reason=reason.strip(), reviewer=actor, at=at
    )
    _move(report, "accept", accepted=revision)
    audit.record(
        actor=actor,
        at=at,
        action="report.accept",
        obj=report.project,
        data={
            "period": report.period.key,
            "revision": revision.pk,
            "done": [json_value(old.done) if old else None, json_value(revision.done)],
        },
        acting_for=acting_for,
    )
    _enter_stage(report, revision, actor, at)
    if judge:
        indicators.recompute(projects=[report.project], at=at, actor=actor)
    return review


@transaction.atomic
def give_back(
    *,
    revision: ReportRevision,
    reason: str,
    actor: User,
    at: dt.datetime,
    acting_for: User | None = None,
) -> ReportReview:
    """Another person returns the pending revision with the reason. A returned correction leaves the accepted report as
    it was."""
    reason = required(reason, "退回必须写明原因，说明哪里要改。", "reason")
    report = _pending(revision, actor, acting_for)
    _be_allowed(report, "return")
    review = ReportReview.objects.create(
        revision=revision, decision=ReviewDecision.RETURN, reason=reason, reviewer=actor, at=at
    )
    if report.accepted_id is not None:
        _set(report, state=ReportState.ACCEPTED)
    else:
        _move(report, "return", returned_times=report.returned_times + 1)
    audit.record(
        actor=actor,
        at=at,
        action="report.give_back",
        obj=report.project,
        data={"period": report.period.key, "revision": revision.pk, "reason": reason},
        acting_for=acting_for,
    )
    return review


@transaction.atomic
def withdraw(*, revision: ReportRevision, reason: str, actor: User, at: dt.datetime) -> RevisionWithdrawal:
    """A revision no longer counts (its import is undone). What was accepted before it in the period counts again."""
    reason = required(reason, "请写明撤回原因。", "reason")
    report = _locked(pk=revision.report_id)
    if RevisionWithdrawal.objects.filter(revision=revision).exists():
        raise UserError("该次填报已撤回。")
    row = RevisionWithdrawal.objects.create(revision=revision, reason=reason, actor=actor, at=at)
    standing = report.revisions.filter(withdrawal=None)
    accepted = standing.filter(review__decision=ReviewDecision.ACCEPT).order_by("-number").first()
    pending = report.latest_id != revision.pk and report.state == ReportState.SUBMITTED
    if not pending:
        _set(report, state=ReportState.ACCEPTED if accepted else ReportState.DRAFT, accepted=accepted)
    else:
        _set(report, accepted=accepted)
    audit.record(
        actor=actor,
        at=at,
        action="report.withdraw",
        obj=report.project,
        data={"period": report.period.key, "revision": revision.pk, "reason": reason},
    )
    indicators.recompute(projects=[report.project], at=at, actor=actor)
    return row


# The steps they share


def _report(expected: ExpectedReport, version: int | None, submitted: Mapping[str, Any]) -> Report:
    """The report row, locked, at the version the person saw."""
    if expected.waived_reason:
        raise UserError("该项目本期免报，不必填报。")
    Report.objects.get_or_create(expected=expected, defaults={"period": expected.period, "project": expected.project})
    report = _locked(expected=expected)
    if version is not None and report.version != version:
        held = {name: getattr(report.latest, name) for name in LABELS} if report.latest else report.draft
        raise Conflict(
            label=f"{report.project.name}{report.period.title}报告",
            current={LABELS[name]: _shown(name, value) for name, value in held.items() if name in LABELS},
            submitted={LABELS[name]: _shown(name, value) for name, value in submitted.items() if name in LABELS},
        )
    return report


def _locked(**which: Any) -> Report:
    """The report row, locked, with what it names. In two steps: to a row that it had to wait for, PostgreSQL joins what
    stood there before it waited."""
    pk = Report.objects.select_for_update().values_list("pk", flat=True).get(**which)
    return Report.objects.select_related("project", "period", "latest", "accepted").get(pk=pk)


def _logged(revision: ReportRevision) -> dict[str, str]:
    values = {name: getattr(revision, name) for name in LABELS}
    values["stage"] = revision.get_stage_display()
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _shown(name: str, value: Any) -> str:
    if name in AMOUNTS and isinstance(value, str):
        with suppress(InvalidOperation):  # a draft holds what was typed
            return in_words(Decimal(value))
    return str(Stage(value).label) if name == "stage" and value in Stage.values else in_words(value)


def _typed(values: ReportValues) -> dict[str, Any]:
    return {name: "" if getattr(values, name) is None else getattr(values, name) for name in LABELS}


def _check_open(expected: ExpectedReport, at: dt.datetime) -> None:
    if is_locked(expected.period, at):
        raise UserError(
            f"{expected.period.short_title}报告期已锁定，不能再填报；如需修改，请联系重点项目办办理“锁定后更正”。"
        )


def _be_allowed(report: Report, action: str) -> None:
    if not transitions.allowed(transitions.REPORT, report.state, action):
        raise UserError(f"报告现为“{report.get_state_display()}”，不能进行此操作，请刷新页面。")


def _previous(report: Report) -> list[ReportRevision]:
    """Accepted revisions of earlier periods of the year, newest first."""
    accepted = accepted_revisions([report.project_id], report.period.year).get(report.project_id, [])
    return earlier(accepted, report.period.cutoff)


def _submit(
    report: Report,
    values: ReportValues,
    *,
    actor: User,
    at: dt.datetime,
    kind: RevisionKind,
    flag_reason: str,
    acting_for: User | None,
    reason: str,
) -> ReportRevision:
    previous = _previous(report)
    values = completed(values, report, previous)
    check_values(values, report, previous, kind)
    found = flags_of(values, report, previous, at)
    check_flags(found, flag_reason, kind)
    replaced = report.latest
    last_number = report.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    revision = ReportRevision.objects.create(
        report=report,
        number=last_number + 1,
        kind=kind,
        **{name: getattr(values, name) for name in LABELS},
        flag_reason=flag_reason.strip() if found else "",
        submitted_by=actor,
        on_behalf_of=acting_for,
        submitted_at=at,
        corrects=report.accepted if kind == RevisionKind.CORRECTION else None,
        correction_reason=reason,
    )
    _set(report, state=ReportState.SUBMITTED, latest=revision, draft={})
    pictures = photos.attach(revision=revision)
    data = {"period": report.period.key, "revision": revision.pk, "kind": str(kind)}
    if pictures:
        data["photos"] = pictures
    old = _logged(replaced) if replaced else {}
    changed = {name: [old.get(name), value] for name, value in _logged(revision).items() if old.get(name) != value}
    audit.record(
        actor=actor,
        at=at,
        action="report.correct" if kind == RevisionKind.CORRECTION else "report.submit",
        obj=report.project,
        data={**data, **changed, **({"reason": reason} if reason else {})},
        acting_for=acting_for,
    )
    if replaced is not None and replaced.pk != report.accepted_id:
        flag_service.replace(revision=replaced, by=revision, actor=actor, at=at)
    flag_service.raise_flags(revision=revision, flags=found, actor=actor, at=at)
    return revision


def _pending(revision: ReportRevision, actor: User, acting_for: User | None) -> Report:
    """The report whose newest revision waits for review, locked; maker and checker are two people, also when either
    stands in for somebody."""
    report = _locked(pk=revision.report_id)
    if report.latest_id != revision.pk:
        raise UserError("该报告已有新的提交，请审核最新一次。")
    if report.state != ReportState.SUBMITTED:
        raise UserError(f"该报告已审核（{report.get_state_display()}），请刷新页面。")
    makers = {revision.submitted_by_id, revision.on_behalf_of_id} - {None}
    checkers = {actor.pk, acting_for.pk if acting_for else actor.pk}
    if makers & checkers:
        raise UserError("填报人（含被代理人）不能审核自己的报告，请由另一人审核。")
    return report


def _enter_stage(report: Report, revision: ReportRevision, actor: User, at: dt.datetime) -> None:
    """The accepted stage becomes the project's, if this is its newest report and the stage may follow. A reported start
    is entered but not confirmed: `services.projects.confirm_start` takes the day and the proof."""
    project = report.project
    stage = revision.stage
    newer = Report.objects.filter(project=project, period__cutoff__gt=report.period.cutoff, accepted__isnull=False)
    if not stage or stage == project.stage or newer.exists():
        return
    if not may_enter(project.stage, stage) or is_back(project.stage, stage):
        return
    on = min(report.period.cutoff, day_of(at))
    reason = f"{report.period.short_title}报告"
    record_stage(project=project, stage=Stage(stage), on=on, actor=actor, at=at, reason=reason)


def _move(report: Report, action: str, **values: Any) -> None:
    _set(report, state=transitions.after(transitions.REPORT, report.state, action), **values)


def _set(report: Report, **values: Any) -> None:
    for name, value in values.items():
        setattr(report, name, value)
    report.version += 1
    report.save(update_fields=[*values, "version"])
