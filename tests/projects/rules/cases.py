"""The invented projects on which the rules are proved: one builder, and the days everybody uses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from projects.rules.facts import MilestoneFact, ProjectFacts, ReportFact
from projects.rules.policy import Policy
from projects.workdays import Calendar

YEAR = 2018
POLICY = Policy()
CALENDAR = Calendar()
"""Monday to Friday, no holidays: working days can be counted on the fingers."""


def day(text: str) -> dt.date:
    """`10-31` in the plan year, or a full ISO date."""
    return dt.date.fromisoformat(text if text.count("-") == 2 else f"{YEAR}-{text}")


def project(on: str = "10-31", **changes: Any) -> ProjectFacts:
    """A carry-over project under construction, P 12000, on `on` exactly as far as the caller says."""
    fields: dict[str, Any] = {
        "id": 1,
        "code": "2018-001",
        "name": "青禾水厂扩建",
        "year": YEAR,
        "as_of": day(on),
        "compared_on": day(on),
        "annual_class": "carry_over",
        "stage": "building",
        "plan": Decimal(12000),
    }
    for name in ("plan", "done", "total", "prior", "reported_done"):
        if isinstance(changes.get(name), int | str):
            changes[name] = Decimal(changes[name])
    return ProjectFacts(**fields | changes)


def node(due: str, **changes: Any) -> MilestoneFact:
    fields: dict[str, Any] = {"id": 1, "title": "主体封顶", "kind": "node", "weight": "ordinary", "due": day(due)}
    return MilestoneFact(**fields | changes)


def start(due: str, precision: str = "month") -> MilestoneFact:
    return node(due, id=90, title="计划开工", kind="start", weight="hard", precision=precision)


def finish(due: str) -> MilestoneFact:
    return node(due, id=91, title="计划竣工", kind="finish", weight="hard")


def monthly(month: int, due: str, submitted: str | None = None, returned: int = 0) -> ReportFact:
    first = dt.date(YEAR, month, 1)
    cutoff = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    sent = day(submitted) if submitted else None
    return ReportFact(f"{YEAR}-{month:02d}", "month", cutoff, day(due), sent, sent, returned)
