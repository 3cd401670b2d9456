"""Verification tasks: raised by the rules when a report is submitted, settled by a person (docs/rules.md, Flags)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction

from projects import audit
from projects.enums import FlagState
from projects.models import ReportRevision, User, VerificationFlag
from projects.rules.flags import TITLES, Flag
from projects.services import indicators
from projects.services.editing import json_value, required
from tracker.web.errors import UserError


@transaction.atomic
def raise_flags(
    *, revision: ReportRevision, flags: Iterable[Flag], actor: User | None, at: dt.datetime
) -> list[VerificationFlag]:
    """One task for each flag of a submitted revision; a flag that is there already is not raised again. The same doubt
    about an earlier report of the project merges into the newest: one matter is one task."""
    project = revision.report.project
    rows = [
        VerificationFlag(
            revision=revision,
            project=project,
            code=flag.code,
            severity=flag.severity,
            text=flag.text,
            numbers=flag.numbers,
            raised_at=at,
        )
        for flag in flags
    ]
    VerificationFlag.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        earlier = VerificationFlag.objects.filter(
            project=project,
            code__in=[row.code for row in rows],
            state=FlagState.OPEN,
            revision__report__period__cutoff__lt=revision.report.period.cutoff,
        )
        earlier.update(state=FlagState.CORRECTED, note="后一期仍有同一疑问，并入后一期核实", settled_at=at)
        data = {"revision": revision.pk, "codes": [row.code for row in rows]}
        audit.record(actor=actor, at=at, action="flag.raise", obj=project, data=data)
    return list(VerificationFlag.objects.filter(revision=revision, code__in=[row.code for row in rows]))


@transaction.atomic
def settle(
    *,
    flag: VerificationFlag,
    state: FlagState,
    note: str,
    actor: User,
    at: dt.datetime,
    verified_done: Decimal | None = None,
    acting_for: User | None = None,
) -> VerificationFlag:
    """A person found the figure right, or found another one. A lower verified figure counts from now on in place of the
    reported one, until a corrected report is accepted. Whoever reported the figure cannot verify it, nor can who
    represents that person (`acting_for`)."""
    note = required(note, "请填写核实情况。", "note")
    if state == FlagState.OPEN:
        raise UserError("请选择核实结论。", field="state")
    if state == FlagState.CORRECTED and verified_done is None:
        raise UserError("核实不符的，请填写核实后的本年累计完成投资。", field="verified_done")
    if verified_done is not None and verified_done < 0:
        raise UserError("核实后的累计不能为负数。", field="verified_done")
    revision = flag.revision
    makers = {revision.submitted_by_id, revision.on_behalf_of_id} - {None}
    if makers & {actor.pk, acting_for.pk if acting_for else actor.pk}:
        raise UserError("填报人（含被代理人）不能核实自己填报的数据，请由另一人核实。")
    value = verified_done if state == FlagState.CORRECTED else None
    settled = VerificationFlag.objects.filter(pk=flag.pk, state=FlagState.OPEN).update(
        state=state, note=note, verified_done=value, settled_by=actor, settled_at=at
    )
    if not settled:
        raise UserError("该事项已有人核实，请刷新页面。")
    flag.refresh_from_db()
    data = {
        "code": flag.code,
        "title": TITLES[flag.code],
        "state": [FlagState.OPEN, state],
        "verified_done": json_value(value),
        "note": note,
    }
    audit.record(actor=actor, at=at, action="flag.settle", obj=flag.project, data=data, acting_for=acting_for)
    indicators.recompute(projects=[flag.project], at=at, actor=actor)
    return flag


@transaction.atomic
def replace(*, revision: ReportRevision, by: ReportRevision, actor: User, at: dt.datetime) -> None:
    """The tasks of a revision that was submitted anew fall away; the new one has its own."""
    rows = VerificationFlag.objects.filter(revision=revision, state=FlagState.OPEN)
    note = f"已由第{by.number}次提交替代"
    if rows.update(state=FlagState.CORRECTED, note=note, settled_at=at):
        data = {"revision": [revision.pk, by.pk]}
        audit.record(actor=actor, at=at, action="flag.replace", obj=revision.report.project, data=data)
