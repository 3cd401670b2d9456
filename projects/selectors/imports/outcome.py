"""What a preview consists of: rows with their fate, questions, messages (docs/imports.md, Preview)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from projects.enums import ImportKind, RowFate
from projects.excel.dates import DateReading
from projects.excel.readings import Declined, LedgerReading, Message, ProjectRow, Skipped, as_json
from projects.excel.vocabulary import TITLES
from projects.selectors.imports.comparison import Change, reading_text
from projects.selectors.imports.questions import Question
from projects.selectors.imports.reports import ReportPlan
from projects.selectors.imports.targets import Target


@dataclass(frozen=True, slots=True)
class ShownField:
    """A value read beside the original; `normalised` is shown in yellow."""

    label: str
    value: str
    original: str
    cell: str
    normalised: bool


@dataclass(frozen=True, slots=True)
class RowPreview:
    """One row of the ledger and what becomes of it. `project` is the known project it means."""

    row: ProjectRow
    kind: ImportKind
    fate: RowFate
    project: int | None = None
    reason: str = ""
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    target: Target | None = None
    report: ReportPlan | None = None

    @property
    def sheet(self) -> str:
        return self.row.sheet

    @property
    def number(self) -> int:
        return self.row.row

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def fields(self) -> tuple[ShownField, ...]:
        return tuple(
            ShownField(
                _title(key),
                _shown(found.value),
                found.original,
                found.cell,
                found.normalised,
            )
            for key, found in self.row.fields.items()
            if found.original or found.value not in (None, ())
        )


_TITLE_KEYS = {"units": "unit", "leaders": "leader"}
_MORE_TITLES = {"plan_year": "计划年度"}
"""Fields that are read along with a column and have none of their own."""


def _title(key: str) -> str:
    key = _TITLE_KEYS.get(key, key)
    return TITLES.get(key) or _MORE_TITLES.get(key, key)


def _shown(value: Any) -> str:
    if isinstance(value, DateReading):
        return reading_text(value)
    value = as_json(value)
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Preview:
    """A whole import as it stands with the answers given so far."""

    rows: tuple[RowPreview, ...] = ()
    questions: tuple[Question, ...] = ()
    messages: tuple[Message, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    declined: tuple[Declined, ...] = ()
    units: Mapping[str, str | None] = field(default_factory=dict)
    removals: tuple[int, ...] = ()
    """Projects that the office answered to take off the list."""
    title: str = ""
    declined_reason: str = ""
    reading: LedgerReading | None = None

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(str(row.fate) for row in self.rows)
        return {str(fate): found.get(str(fate), 0) for fate in RowFate}

    @property
    def open_questions(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.is_open)

    @property
    def kind(self) -> str:
        """The kind most rows have."""
        kinds = Counter(row.kind for row in self.rows)
        return str(kinds.most_common(1)[0][0]) if kinds else ""
