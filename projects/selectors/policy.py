"""The rule parameters in force on a day, and what their settings page shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from projects.models import PolicyRow
from projects.rules.policy import PARAMETERS, Parameter, Policy, read_value


def policy_on(day: dt.date) -> Policy:
    """The parameters in force on `day`: defaults, and over them the last row of each key by then. One query."""
    rows = PolicyRow.objects.filter(effective_on__lte=day).order_by("effective_on", "pk")
    return Policy.from_rows(dict(rows.values_list("key", "value")))


def policies(until: dt.date) -> Callable[[dt.date], Policy]:
    """What `policy_on` answers, for every day up to `until`. One query."""
    rows = list(PolicyRow.objects.filter(effective_on__lte=until).order_by("effective_on", "pk"))
    return lambda day: Policy.from_rows({row.key: row.value for row in rows if row.effective_on <= day})


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """One parameter with its value on the day, where that comes from, and what is already decided for later."""

    parameter: Parameter
    value: Any
    row: PolicyRow | None
    upcoming: tuple[PolicyRow, ...]

    @property
    def is_default(self) -> bool:
        return self.value == self.parameter.default

    @property
    def shown(self) -> str:
        return shown(self.parameter, self.value)

    @property
    def default_shown(self) -> str:
        return shown(self.parameter, self.parameter.default)

    @property
    def upcoming_steps(self) -> tuple[PolicyStep, ...]:
        return tuple(_step(row) for row in self.upcoming)


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """One value that a parameter was given, with its value as a person reads it."""

    parameter: Parameter
    row: PolicyRow
    shown: str


_PARAMETERS = {parameter.key: parameter for parameter in PARAMETERS}


def shown(parameter: Parameter, value: Any) -> str:
    """A value of `parameter` as a person reads it, without its unit."""
    if parameter.options is not None:
        return parameter.options[value]
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(str(item) for item in value)
    return str(value)


def _step(row: PolicyRow) -> PolicyStep:
    parameter = _PARAMETERS[row.key]
    return PolicyStep(parameter, row, shown(parameter, read_value(row.key, row.value)))


def policy_lines(day: dt.date) -> tuple[ParameterLine, ...]:
    """Every parameter as of `day`, in the order of the rules page. Two queries."""
    policy = policy_on(day)
    in_force: dict[str, PolicyRow] = {}
    upcoming: dict[str, list[PolicyRow]] = {}
    for row in PolicyRow.objects.select_related("actor").order_by("effective_on", "pk"):
        if row.effective_on <= day:
            in_force[row.key] = row
        else:
            upcoming.setdefault(row.key, []).append(row)
    return tuple(
        ParameterLine(
            parameter=parameter,
            value=getattr(policy, parameter.key),
            row=in_force.get(parameter.key),
            upcoming=tuple(upcoming.get(parameter.key, ())),
        )
        for parameter in PARAMETERS
    )


def parameter_of(key: str) -> Parameter | None:
    """The parameter of that key, None when there is none."""
    return _PARAMETERS.get(key)


def policy_steps(key: str = "") -> list[PolicyStep]:
    """Every value that one parameter (empty: any) was given, the last in force first. One query."""
    rows = PolicyRow.objects.select_related("actor").order_by("-effective_on", "-pk")
    return [_step(row) for row in (rows.filter(key=key) if key else rows) if row.key in _PARAMETERS]
