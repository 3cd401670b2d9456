"""Units and leaders of a ledger row, put on the project; unknown ones join the roster as the preview said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from projects.enums import Board, LeaderPart, OfficerKind, UnitKind, UnitPart
from projects.models import LeaderAssignment, Officer, Project, Unit, UnitAssignment
from projects.selectors.imports.comparison import Change
from projects.selectors.imports.targets import NEW, Ref
from projects.services import assignments, people
from projects.services.imports.context import Act, AssignmentModel, Context

_ONE_DAY = dt.timedelta(days=1)


def assign_people(project: Project, changes: dict[str, Change], context: Context) -> list[Act]:
    acts: list[Act] = []
    units: list[tuple[Ref, UnitPart]] = []
    if change := changes.get("lead"):
        units += [(ref, UnitPart.LEAD) for ref in change.value]
    if change := changes.get("cooperating"):
        units += [(ref, UnitPart.COOPERATING) for ref in change.value]
        keep = {ref for ref in change.value if isinstance(ref, int)}
        acts += _end_others(UnitAssignment, project, UnitPart.COOPERATING, keep, context)
    for position, (ref, part) in enumerate(units):
        acts += _assign_unit(project, _unit(ref, context), part, position, context)
    if change := changes.get("leaders"):
        keep = {ref for ref in change.value if isinstance(ref, int)}
        acts += _end_others(LeaderAssignment, project, LeaderPart.JOINT, keep, context)
        for position, ref in enumerate(change.value):
            duty = LeaderPart.JOINT if position else LeaderPart.LEAD
            acts += _assign_leader(project, _officer(ref, context), duty, position, context)
    return acts


def _assign_unit(project: Project, unit: Unit, part: UnitPart, position: int, context: Context) -> list[Act]:
    rows = list(UnitAssignment.objects.filter(project=project, valid_to=None))
    if any(row.unit_id == unit.pk and row.part == part for row in rows):
        return []
    if part == UnitPart.COOPERATING and any(row.unit_id == unit.pk for row in rows):
        return []
    replaced = [row for row in rows if row.unit_id == unit.pk or (part == UnitPart.LEAD and row.part == part)]
    row = assignments.assign_unit(
        project=project,
        unit=unit,
        part=part,
        position=position,
        valid_from=_after(replaced, context.day),
        actor=context.checker,
        at=context.at,
    )
    return [{"act": "assign_unit", "row": row.pk, "ended": [old.pk for old in replaced]}]


def _assign_leader(project: Project, officer: Officer, part: LeaderPart, position: int, context: Context) -> list[Act]:
    rows = list(LeaderAssignment.objects.filter(project=project, valid_to=None))
    if any(row.officer_id == officer.pk and row.part == part for row in rows):
        return []
    replaced = [row for row in rows if row.officer_id == officer.pk or (part == LeaderPart.LEAD and row.part == part)]
    row = assignments.assign_leader(
        project=project,
        officer=officer,
        part=part,
        position=position,
        valid_from=_after(replaced, context.day),
        actor=context.checker,
        at=context.at,
    )
    return [{"act": "assign_leader", "row": row.pk, "ended": [old.pk for old in replaced]}]


def _after(rows: Iterable[UnitAssignment | LeaderAssignment], day: dt.date) -> dt.date:
    """The ledger's day, but later than the rows it ends began."""
    return max([day, *(row.valid_from + _ONE_DAY for row in rows)])


def _end_others(model: AssignmentModel, project: Project, part: str, keep: set[int], context: Context) -> list[Act]:
    acts: list[Act] = []
    for row in model.objects.filter(project=project, part=part, valid_to=None):
        on = max(row.valid_from, context.day - _ONE_DAY)
        if isinstance(row, UnitAssignment) and row.unit_id not in keep:
            assignments.end_unit(assignment=row, on=on, actor=context.checker, at=context.at)
            acts.append({"act": "end_unit", "row": row.pk})
        if isinstance(row, LeaderAssignment) and row.officer_id not in keep:
            assignments.end_leader(assignment=row, on=on, actor=context.checker, at=context.at)
            acts.append({"act": "end_leader", "row": row.pk})
    return acts


def _unit(ref: Ref, context: Context) -> Unit:
    """The unit meant, created once by this import when the preview said so."""
    if isinstance(ref, int):
        return context.units[ref]
    name = ref.removeprefix(NEW)
    key = f"unit:{name}"
    if key not in context.created:
        kind, board = kind_of_unit(name)
        unit = people.create_unit(
            name=name,
            kind=kind,
            board=board,
            valid_from=min(context.day, dt.date(context.ledger.year, 1, 1)),
            actor=context.checker,
            at=context.at,
        )
        context.created[key] = unit.pk
        context.units[unit.pk] = unit
    return context.units[context.created[key]]


def _officer(ref: Ref, context: Context) -> Officer:
    if isinstance(ref, int):
        return context.officers[ref]
    name = ref.removeprefix(NEW)
    key = f"leader:{name}"
    if key not in context.created:
        officer = people.create_officer(
            name=name,
            kind=OfficerKind.COUNTY_LEADER,
            valid_from=min(context.day, dt.date(context.ledger.year, 1, 1)),
            actor=context.checker,
            at=context.at,
        )
        context.created[key] = officer.pk
        context.officers[officer.pk] = officer
    return context.officers[context.created[key]]


_UNIT_WORDS = (
    (("公司", "集团"), UnitKind.COMPANY, Board.PARKS),
    (("开发区", "园区", "管委会", "产业园"), UnitKind.PARK, Board.PARKS),
    (("镇", "乡", "街道", "街办", "办事处", "镇人民政府", "乡人民政府"), UnitKind.TOWNSHIP, Board.TOWNSHIPS),
)


def kind_of_unit(name: str) -> tuple[UnitKind, Board]:
    """What a unit's name says about its kind, for one that a ledger brings; the office may correct it."""
    for words, kind, board in _UNIT_WORDS:
        if name.endswith(words):
            return kind, board
    return UnitKind.DEPARTMENT, Board.DEPARTMENTS
