"""A ledger row beside the project as it stands: what would change, in words and in values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.enums import AnnualClass, Precision, Stage
from projects.excel.dates import DateReading
from projects.excel.readings import decimal_text
from projects.models import Project
from projects.models.fields import field_of, label_of
from projects.rules.periods import add_months
from projects.rules.stages import LIST_STATES
from projects.selectors.imports.known import Date, Known, ProjectState
from projects.selectors.imports.targets import NEW, Ref, Target

LABELS = {
    "name": "项目名称",
    "entry": "年度清单",
    "plan": "年度计划投资",
    "months": "分月计划",
    "prior": "往年累计",
    "goal": "年度目标",
    "start": "计划开工",
    "finish": "计划竣工",
    "lead": "责任单位",
    "cooperating": "配合单位",
    "leaders": "包联领导",
    "stage": "建设阶段",
}
_UNDER_WAY = frozenset({Stage.STARTED, Stage.BUILDING})
_MONTHS = {Precision.QUARTER: 3, Precision.HALF_YEAR: 6, Precision.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that confirming would write: old and new as shown, `value` for the services."""

    key: str
    label: str
    old: str
    new: str
    value: Any = None


def compare(target: Target, state: ProjectState, known: Known, *, renamed: bool) -> tuple[list[Change], list[str]]:
    """Changes of a known project, and notes about what the ledger says but cannot change."""
    changes = _values(target, state.project)
    notes: list[str] = []
    if renamed and target.name != state.project.name:
        changes.append(Change("name", LABELS["name"], state.project.name, target.name, target.name))
    if state.entry is None:
        changes.append(entry_change(target))
    elif target.annual_class is not None and target.annual_class != state.entry.annual_class:
        notes.append(
            f"台账写的是{target.annual_class.label}，本年已定为{state.entry.get_annual_class_display()}；"
            "年度类别当年不变，未改。"
        )
    changes += _plan(target, state)
    planned, note = dates(target.start, target.finish, state.start, state.finish)
    changes += planned
    notes += [note] if note else []
    changes += _people(target, state, known)
    stage, note = stage_change(target.stage, Stage(state.project.stage))
    changes += [stage] if stage else []
    notes += [note] if note else []
    return changes, notes


def creation(target: Target, known: Known) -> tuple[list[Change], list[str]]:
    """What a new project would get, and notes about what it would not."""
    changes = [Change("name", LABELS["name"], "", target.name, target.name)]
    changes += _values(target, Project())
    changes.append(entry_change(target))
    empty = ProjectState(Project())
    planned, note = dates(target.start, target.finish, None, None)
    changes += [*_plan(target, empty), *planned, *_people(target, empty, known)]
    return changes, [note] if note else []


def entry_change(target: Target) -> Change:
    kind = target.annual_class or AnnualClass.NEW_START
    return Change("entry", LABELS["entry"], "", kind.label, kind)


def _values(target: Target, project: Project) -> list[Change]:
    changes = []
    for name, value in target.values.items():
        old = getattr(project, name)
        if old == value:
            continue
        changes.append(Change(f"value:{name}", label_of(Project, name), _shown(name, old), _shown(name, value), value))
    return changes


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    choices = dict(field_of(Project, name).flatchoices)
    if choices:
        return str(choices.get(value, value))
    return decimal_text(value) if isinstance(value, Decimal) else str(value)


def _plan(target: Target, state: ProjectState) -> list[Change]:
    """A ledger without a plan column, or with an empty cell, leaves the plan as it is."""
    plan = state.plan
    have: dict[str, Any] = {
        "plan": plan.annual if plan else None,
        "months": plan.month_amounts if plan else None,
        "prior": plan.prior if plan else None,
        "goal": plan.goal if plan else "",
    }
    want = {"plan": target.plan, "months": target.months, "prior": target.prior, "goal": target.goal}
    show: dict[str, Callable[[Any], str]] = {"months": _shown_months, "goal": str}
    changes = []
    for key, value in want.items():
        if value in (None, "") or value == have[key]:
            continue
        text = show.get(key, _shown_amount)
        changes.append(Change(key, LABELS[key], text(have[key]) if have[key] else "", text(value), value))
    return changes


def _shown_amount(amount: Decimal | None) -> str:
    return "" if amount is None else decimal_text(amount)


def _shown_months(months: tuple[Decimal, ...]) -> str:
    return "、".join(decimal_text(amount) for amount in months)


def dates(
    start: DateReading | None, finish: DateReading | None, known_start: Date | None, known_finish: Date | None
) -> tuple[list[Change], str]:
    """Planned start and finish that say something new; none at all, with a note, when they contradict each other."""
    changes = []
    outcome = {"start": known_start and known_start.due, "finish": known_finish and known_finish.due}
    for key, reading, known in (("start", start, known_start), ("finish", finish, known_finish)):
        if reading is None or reading.value is None or says_the_same(reading, known, key):
            continue
        label = LABELS[key]
        if known is not None and refines(reading, known, key):
            label += "（细化）"
        old = date_text(known.due, known.precision) if known else ""
        changes.append(Change(key, label, old, reading_text(reading), reading))
        outcome[key] = reading.value
    if changes and outcome["start"] and outcome["finish"] and outcome["finish"] < outcome["start"]:
        return [], f"计划竣工（{outcome['finish']}）早于计划开工（{outcome['start']}），两个时间都未导入，请核对。"
    return changes, ""


def says_the_same(reading: DateReading, known: Date | None, key: str) -> bool:
    """The same day and precision, or a coarser writing that the known date lies in ("2019年" beside 2019-08)."""
    if known is None or reading.value is None:
        return False
    if reading.precision == known.precision:
        return reading.value == known.due
    first, last = _span(reading.value, reading.precision or "day", key)
    return first <= known.due <= last and _width(reading.precision) > _width(known.precision)


def refines(reading: DateReading, known: Date, key: str) -> bool:
    """A finer writing inside what is known: the month of a year. No date has moved."""
    if reading.value is None or _width(reading.precision) >= _width(known.precision):
        return False
    first, last = _span(known.due, known.precision, key)
    return first <= reading.value <= last


def _width(precision: str | None) -> int:
    order = ("day", "ten_days", "month", "quarter", "half_year", "year")
    return order.index(precision or "day")


def _span(day: dt.date, precision: str, key: str) -> tuple[dt.date, dt.date]:
    """First and last day of what was written; a start is stored as the first day, a finish as the last."""
    months = _MONTHS.get(Precision(precision), 1 if precision == Precision.MONTH else 0)
    if not months:
        return day, day
    if key == "start":
        return day, add_months(day, months - 1)
    return add_months(day, -months) + dt.timedelta(days=1), day


def reading_text(reading: DateReading) -> str:
    return date_text(reading.value, reading.precision or "day") if reading.value else ""


def date_text(day: dt.date, precision: str) -> str:
    if precision == Precision.YEAR:
        return f"{day.year}年"
    return f"{day.year}年{day.month}月" if precision == Precision.MONTH else day.isoformat()


def _people(target: Target, state: ProjectState, known: Known) -> list[Change]:
    changes = []

    def add(key: str, old: tuple[Ref, ...], new: tuple[Ref, ...], names: Callable[[Ref], str]) -> None:
        before, after = ("、".join(map(names, refs)) for refs in (old, new))
        changes.append(Change(key, LABELS[key], before, after, new))

    def unit(ref: Ref) -> str:
        return ref.removeprefix(NEW) if isinstance(ref, str) else known.units[ref].label

    def officer(ref: Ref) -> str:
        return ref.removeprefix(NEW) if isinstance(ref, str) else known.officers[ref].name

    if target.lead is not None and target.lead != state.lead:
        add("lead", (state.lead,) if state.lead else (), (target.lead,), unit)
    cooperating = target.cooperating
    if cooperating is not None and set(cooperating) != set(state.cooperating):
        add("cooperating", state.cooperating, cooperating, unit)
    same_lead = target.leaders[:1] == state.leaders[:1]
    if target.leaders and not (same_lead and set(target.leaders) == set(state.leaders)):
        add("leaders", state.leaders, target.leaders, officer)
    return changes


def stage_change(stage: Stage | None, current: Stage) -> tuple[Change | None, str]:
    """The stage a ledger reports. 开工 and 在建 both say "under way"; a list state is left to the list."""
    if stage is None or stage == current or {stage, current} <= _UNDER_WAY:
        return None, ""
    if stage in LIST_STATES or current in LIST_STATES:
        return None, f"台账写的阶段是{stage.label}，系统中是{current.label}；暂停、调出请在年度清单中办理。"
    return Change("stage", LABELS["stage"], current.label, stage.label, stage), ""
