"""What reading a ledger gives: frozen records with the value, the original text and the address of each cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from projects.excel.dates import DateReading
from projects.excel.headers import Column

SheetKind = Literal["plan", "progress", "quarter_plan", "unknown"]
Level = Literal["info", "warning", "question", "error"]
Topic = Literal[
    "amount_unit",
    "header",
    "unit_name",
    "person_name",
    "date",
    "amount",
    "year",
    "totals",
    "duplicate",
    "layout",
    "consistency",
]


class Field(NamedTuple):
    """One value read: `original` is the text of the cell, `normalised` whether the value differs from it."""

    value: Any
    original: str
    cell: str
    normalised: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell or ask. `topic` and `subject` say what an answer is about (a header text, a name, a sheet)."""

    sheet: str
    cell: str | None
    level: Level
    text: str
    topic: Topic
    subject: str = ""
    guess: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project (or one progress report) of a sheet; `row` is the number a person sees."""

    sheet: str
    row: int
    kind: SheetKind
    fields: Mapping[str, Field]
    extra: Mapping[str, Any] = field(default_factory=dict)

    def value(self, key: str) -> Any:
        """The value of a field, None when the ledger has no such column or the cell says nothing."""
        found = self.fields.get(key)
        return found.value if found else None

    def cell(self, key: str) -> str | None:
        found = self.fields.get(key)
        return found.cell if found else None

    @property
    def name(self) -> str:
        return self.value("name") or ""


@dataclass(frozen=True, slots=True)
class Skipped:
    sheet: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Declined:
    sheet: str
    reason: str


@dataclass(frozen=True, slots=True)
class SheetReading:
    """One sheet that was read: what kind of table it is, its unit, year, columns and projects."""

    name: str
    kind: SheetKind
    unit: str | None
    year: int | None
    title: str
    columns: tuple[Column, ...]
    projects: tuple[ProjectRow, ...]


@dataclass(frozen=True, slots=True)
class LedgerReading:
    """A whole ledger. Every row has a fate: a project, skipped with a reason, or in a declined sheet."""

    sheets: tuple[SheetReading, ...]
    messages: tuple[Message, ...]
    skipped: tuple[Skipped, ...]
    declined: tuple[Declined, ...]

    @property
    def projects(self) -> tuple[ProjectRow, ...]:
        return tuple(project for sheet in self.sheets for project in sheet.projects)

    def to_json(self) -> dict[str, Any]:
        """The object `import_ledger --json` prints: amounts in 万元 as decimal strings, dates with precision."""
        return {
            "projects": [_project_json(project) for project in self.projects],
            "messages": [{"sheet": m.sheet, "cell": m.cell, "level": m.level, "text": m.text} for m in self.messages],
            "skipped": [{"sheet": s.sheet, "row": s.row, "reason": s.reason} for s in self.skipped],
            "declined": [{"sheet": d.sheet, "reason": d.reason} for d in self.declined],
            "units": {sheet.name: sheet.unit for sheet in self.sheets},
        }


_JSON_FIELDS = [
    "seq",
    "name",
    "nature",
    "annual_class",
    "stage",
    "total",
    "plan",
    "plan_year",
    "done",
    "prior_done",
    "start",
    "finish",
    "units",
    "leaders",
    "owner",
    "sector",
    "level",
    "progress",
]


def _project_json(project: ProjectRow) -> dict[str, Any]:
    answer: dict[str, Any] = {"sheet": project.sheet, "row": project.row}
    for key in _JSON_FIELDS:
        value = project.value(key)
        answer[key] = [] if value is None and key in ("units", "leaders") else as_json(value)
    answer["extra"] = as_json(dict(project.extra))
    return answer


def decimal_text(value: Decimal) -> str:
    """A decimal without exponent and without idle zeros: 200000, 0.69, 12000.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_json(value: Any) -> Any:
    """The value in JSON terms: decimals as text, dates as value and precision, tuples as lists."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, DateReading):
        return {"value": value.value.isoformat(), "precision": value.precision} if value.value else None
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return value
