"""The rule parameters in force on a day, and what their settings page shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from projects.models import PolicyRow
from projects.rules.policy import PARAMETERS, Parameter, Policy


def policy_on(day: dt.date) -> Policy:
    """The parameters in force on `day`: defaults, and over them the last row of each key by then. One query."""
    rows = PolicyRow.objects.filter(effective_on__lte=day).order_by("effective_on", "pk")
    return Policy.from_rows(dict(rows.values_list("key", "value")))


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
        """The value as a person reads it."""
        if self.parameter.options is not None:
            return self.parameter.options[self.value]
        if isinstance(self.value, bool):
            return "是" if self.value else "否"
        if isinstance(self.value, tuple):
            return "、".join(str(item) for item in self.value)
        return str(self.value)


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


def policy_history(key: str) -> list[PolicyRow]:
    """Every value one parameter was given, newest first. One query."""
    return list(PolicyRow.objects.filter(key=key).select_related("actor").order_by("-effective_on", "-pk"))
