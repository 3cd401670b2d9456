"""Who is on a project: units and county leaders, each from a first to a last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from projects import audit
from projects.enums import LeaderPart, UnitPart
from projects.models import LeaderAssignment, Officer, Project, Unit, UnitAssignment, User
from projects.services.editing import saved
from tracker.web.errors import UserError


@transaction.atomic
def assign_unit(
    *,
    project: Project,
    unit: Unit,
    part: UnitPart,
    valid_from: dt.date,
    actor: User | None,
    at: dt.datetime,
    position: int = 0,
) -> UnitAssignment:
    """Put a unit on the project from that day. A new lead ends the old lead's row the day before."""
    row = UnitAssignment(project=project, unit=unit, part=part, position=position, valid_from=valid_from)
    ended = _make_room(row, {"unit": unit}, part == UnitPart.LEAD)
    saved(row)
    data = {"unit": [ended, unit.pk], "part": part, "valid_from": valid_from.isoformat()}
    audit.record(actor=actor, at=at, action="project.assign_unit", obj=project, data=data)
    return row


@transaction.atomic
def end_unit(*, assignment: UnitAssignment, on: dt.date, actor: User | None, at: dt.datetime) -> UnitAssignment:
    """The unit's last day on the project is `on`."""
    _end(assignment, on)
    data = {"unit": [assignment.unit_id, None], "part": assignment.part, "valid_to": on.isoformat()}
    audit.record(actor=actor, at=at, action="project.end_unit", obj=assignment.project, data=data)
    return assignment


@transaction.atomic
def assign_leader(
    *,
    project: Project,
    officer: Officer,
    part: LeaderPart,
    valid_from: dt.date,
    actor: User | None,
    at: dt.datetime,
    position: int = 0,
) -> LeaderAssignment:
    """Put a county leader in charge from that day. A new lead ends the old lead's row the day before."""
    if not officer.is_county_leader:
        raise UserError(f"{officer}不是县级领导，不能作为包联领导。请先在名册中核对类别。", field="officer")
    row = LeaderAssignment(project=project, officer=officer, part=part, position=position, valid_from=valid_from)
    ended = _make_room(row, {"officer": officer}, part == LeaderPart.LEAD)
    saved(row)
    data = {"officer": [ended, officer.pk], "part": part, "valid_from": valid_from.isoformat()}
    audit.record(actor=actor, at=at, action="project.assign_leader", obj=project, data=data)
    return row


@transaction.atomic
def end_leader(*, assignment: LeaderAssignment, on: dt.date, actor: User | None, at: dt.datetime) -> LeaderAssignment:
    """The leader's last day on the project is `on`."""
    _end(assignment, on)
    data = {"officer": [assignment.officer_id, None], "part": assignment.part, "valid_to": on.isoformat()}
    audit.record(actor=actor, at=at, action="project.end_leader", obj=assignment.project, data=data)
    return assignment


def _make_room(row: UnitAssignment | LeaderAssignment, same: Mapping[str, Any], is_lead: bool) -> int | None:
    """End the rows that `row` replaces: the same unit or person in another part, and the lead if it takes the lead.

    Answers who led before.
    """
    ended = None
    open_rows = type(row).objects.filter(project=row.project, valid_to=None)
    ((name, value),) = same.items()
    for old in open_rows:
        is_same = getattr(old, f"{name}_id") == value.pk
        if is_same and old.part == row.part:
            raise UserError(f"{value}已是该项目的{old.get_part_display()}。", field=name)
        replaced = is_lead and old.part == row.part
        if not (is_same or replaced):
            continue
        if old.valid_from >= row.valid_from:
            raise UserError(f"起始日期须晚于{getattr(old, name)}的起始日期（{old.valid_from}）。", field="valid_from")
        old.valid_to = row.valid_from - dt.timedelta(days=1)
        old.save(update_fields=["valid_to"])
        if replaced:
            ended = getattr(old, f"{name}_id")
    return ended


def _end(row: UnitAssignment | LeaderAssignment, on: dt.date) -> None:
    if row.valid_to is not None:
        raise UserError(f"已于{row.valid_to}结束。", field="on")
    if on < row.valid_from:
        raise UserError(f"结束日期不能早于起始日期（{row.valid_from}）。", field="on")
    row.valid_to = on
    row.save(update_fields=["valid_to"])


@transaction.atomic
def retract_assignment(
    *,
    assignment: UnitAssignment | LeaderAssignment,
    reopen: Iterable[UnitAssignment | LeaderAssignment],
    reason: str,
    actor: User | None,
    at: dt.datetime,
) -> None:
    """Take back a row that was entered by mistake, and open again the rows it had ended, as if it had never been."""
    target = "unit" if isinstance(assignment, UnitAssignment) else "officer"
    data = {target: [getattr(assignment, f"{target}_id"), None], "part": assignment.part, "reason": reason}
    project = assignment.project
    assignment.delete()
    for row in reopen:
        row.valid_to = None
        row.save(update_fields=["valid_to"])
    audit.record(actor=actor, at=at, action=f"project.retract_{target}", obj=project, data=data)
