"""What a ledger row wants a project to be, in typed values; None where the ledger says nothing (docs/imports.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from projects.enums import AnnualClass, Nature, OwnerKind, Stage
from projects.excel.dates import DateReading
from projects.excel.readings import ProjectRow
from projects.excel.vocabulary import code_of

NEW = "new:"
"""A unit or person that confirming would create: `new:柳河镇`."""

_OWNER_KINDS = (("国有", OwnerKind.STATE_COMPANY), ("政府", OwnerKind.GOVERNMENT), ("企业", OwnerKind.PRIVATE))
_TEXTS = {"owner": "owner", "sector": "sector"}
_EXTRA_TEXTS = {"content": "content", "town": "area", "area": "area"}
_LIMITS = {"owner": 200, "sector": 60, "area": 200}

Ref = int | str
"""The id of a known unit or person, or `new:` and the name."""


@dataclass(frozen=True, slots=True)
class Target:
    """One row in the terms of the services. Empty tuples and None mean "not stated"."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)
    annual_class: AnnualClass | None = None
    seq: int | None = None
    stage: Stage | None = None
    plan: Decimal | None = None
    months: tuple[Decimal, ...] | None = None
    prior: Decimal | None = None
    goal: str = ""
    start: DateReading | None = None
    finish: DateReading | None = None
    lead: Ref | None = None
    cooperating: tuple[Ref, ...] | None = None
    leaders: tuple[Ref, ...] = ()
    done: Decimal | None = None
    progress: str = ""
    problem: str = ""


def target_of(row: ProjectRow, units: dict[str, Ref], people: dict[str, Ref]) -> Target:
    """The target of a plan row. `units` and `people` resolve the names of the row; unresolved ones are left out."""
    named = [units[name] for name in row.value("units") or () if name in units]
    helping = [units[name] for name in row.extra.get("co_units") or () if name in units]
    states_cooperation = len(named) > 1 or "co_units" in row.fields
    return Target(
        name=row.name,
        values=_values(row),
        annual_class=_annual_class(row),
        seq=_seq(row),
        stage=_choice(Stage, "stage", row),
        plan=row.value("plan"),
        months=_months(row),
        prior=row.value("prior_done"),
        goal=str(row.extra.get("year_content") or ""),
        start=_date(row, "start"),
        finish=_date(row, "finish"),
        lead=named[0] if named else None,
        cooperating=_without_lead([*named[1:], *helping], named) if states_cooperation else None,
        leaders=tuple(dict.fromkeys(people[name] for name in row.value("leaders") or () if name in people)),
        done=row.value("done"),
        progress=row.value("progress") or "",
        problem=str(row.extra.get("problem") or ""),
    )


def _without_lead(refs: list[Ref], named: list[Ref]) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(ref for ref in refs if not named or ref != named[0]))


def _values(row: ProjectRow) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if row.value("total") is not None:
        values["total"] = row.value("total")
    for key, name in _TEXTS.items():
        if text := row.value(key):
            values[name] = str(text)
    for key, name in _EXTRA_TEXTS.items():
        if text := row.extra.get(key):
            values.setdefault(name, str(text))
    if code := row.extra.get("code"):
        values["national_code"] = str(code)
    for name in ("nature", "level"):
        if code := code_of(name, row.value(name)):
            values[name] = code
    investor = str(row.extra.get("investor") or "")
    kind = next((kind for word, kind in _OWNER_KINDS if word in investor), None)
    if kind:
        values["owner_kind"] = kind.value
    return {name: value[: _LIMITS[name]] if name in _LIMITS else value for name, value in values.items()}


def _choice(kind: type[Stage], key: str, row: ProjectRow) -> Any:
    code = code_of(key, row.value(key))
    return kind(code) if code else None


def _annual_class(row: ProjectRow) -> AnnualClass | None:
    """The class that is written, else what the row implies: 新建 is a new start, an earlier start year is 续建."""
    code = code_of("annual_class", row.value("annual_class"))
    if code:
        return AnnualClass(code)
    start, year = _date(row, "start"), row.value("plan_year")
    if start is not None and start.value is not None and year is not None and start.value.year < year:
        return AnnualClass.CARRY_OVER
    if code_of("nature", row.value("nature")) == Nature.NEW:
        return AnnualClass.NEW_START
    return None


def _seq(row: ProjectRow) -> int | None:
    text = str(row.value("seq") or "").strip()
    return int(text) if text.isdigit() and len(text) < 6 else None


def _date(row: ProjectRow, key: str) -> DateReading | None:
    reading = row.value(key)
    return reading if isinstance(reading, DateReading) and reading.value is not None else None


def _months(row: ProjectRow) -> tuple[Decimal, ...] | None:
    """The twelve months of a plan, only when all are written."""
    months: dict[int, Decimal] = row.extra.get("plan_months") or {}
    if set(months) != set(range(1, 13)):
        return None
    return tuple(months[month] for month in range(1, 13))


INITIAL_STAGES = {
    AnnualClass.CARRY_OVER: Stage.BUILDING,
    AnnualClass.COMPLETION: Stage.BUILDING,
    AnnualClass.NEW_START: Stage.PREPARATION,
    AnnualClass.PRE_STAGE: Stage.PREPARATION,
    AnnualClass.RESERVE: Stage.RESERVE,
}
"""Where a project of that class stands when the ledger does not say."""
