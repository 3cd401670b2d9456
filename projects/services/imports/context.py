"""What the rows of one import share while they are carried out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from projects.models import (
    AnnualList,
    LeaderAssignment,
    LedgerImport,
    Officer,
    Period,
    Project,
    Unit,
    UnitAssignment,
    User,
)
from tracker.clock import day_of

AssignmentModel = type[UnitAssignment] | type[LeaderAssignment]
Act = dict[str, Any]
"""One thing that was written, in JSON: `act` names it, the rest says what undo needs."""


@dataclass(slots=True)
class Context:
    """What the rows of one import share. `maker` uploaded, `checker` confirmed; `at` is the moment that dates facts."""

    ledger: LedgerImport
    maker: User
    checker: User
    at: dt.datetime
    history: bool
    annual_list: AnnualList | None = None
    units: dict[int, Unit] = field(default_factory=Unit.objects.in_bulk)
    officers: dict[int, Officer] = field(default_factory=Officer.objects.in_bulk)
    created: dict[str, int] = field(default_factory=dict)
    """Units and leaders created by this import, by `unit:` or `leader:` and name."""
    periods: dict[str, Period] = field(default_factory=dict)
    judged: dict[str, tuple[dt.datetime, dict[int, Project]]] = field(default_factory=dict)
    """Projects whose light is to be computed again, by period, with the moment of its last report."""

    @property
    def day(self) -> dt.date:
        """From which day the ledger's facts hold: its issue, else the day of confirming."""
        return self.ledger.issued_on or day_of(self.at)

    @property
    def document(self) -> str:
        return self.ledger.document_no or f"台账导入第{self.ledger.pk}号"

    @property
    def reason(self) -> str:
        return f"台账导入：{self.ledger.filename}"[:200]
