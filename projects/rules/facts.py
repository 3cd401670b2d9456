"""What the rules need to know about one project at a cut-off date, frozen, and its JSON form for snapshots."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from typing import Any

from projects.rules.colours import Colour
from projects.rules.progress import Freeze

BUILDING_STAGES = frozenset({"started", "building", "finished", "acceptance", "operation", "full_output", "settlement"})
FINISHED_STAGES = frozenset({"finished", "acceptance", "operation", "full_output", "settlement", "archived"})
SIDE_STAGES = frozenset({"paused", "removed", "terminated", "handed_over"})


@dataclass(frozen=True, slots=True)
class MilestoneFact:
    """A milestone as of the day. `due` is the last day of the written precision for deadlines, the first for a
    planned start; `precision` is one of day, ten_days, month, quarter, half_year, year."""

    id: int
    title: str
    kind: str
    weight: str
    due: dt.date
    precision: str = "day"
    done: dt.date | None = None
    percent: int = 0
    changes: int = 0


@dataclass(frozen=True, slots=True)
class ReportFact:
    """A report that is due by the day: when it was first submitted and accepted, if so."""

    period: str
    kind: str
    cutoff: dt.date
    due: dt.date
    submitted: dt.date | None = None
    accepted: dt.date | None = None
    returned: int = 0


@dataclass(frozen=True, slots=True)
class PastColour:
    """The raw colour (before the repeat rule) that a dimension had at a month's end."""

    month: str
    dimension: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class OverrideFact:
    colour: Colour
    reason: str
    by: str
    expires: dt.date


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """One project as of `as_of`. `compared_on` is the day at which done and expected amounts are compared: the
    cut-off of the newest period that is due or accepted (a snapshot sets the period's own cut-off). `cutoff` is set
    by a snapshot only: dates are judged at it although reports were awaited until `as_of`. Amounts 万元; `done` None
    means never filled, which is not 0."""

    id: int
    code: str
    name: str
    year: int
    as_of: dt.date
    compared_on: dt.date
    annual_class: str
    stage: str
    unit: int | None = None
    co_units: tuple[int, ...] = ()
    leader: int | None = None
    co_leaders: tuple[int, ...] = ()
    plan: Decimal | None = None
    months: tuple[Decimal, ...] | None = None
    total: Decimal | None = None
    prior: Decimal | None = None
    done: Decimal | None = None
    done_period: str | None = None
    done_cutoff: dt.date | None = None
    done_revision: int | None = None
    reported_done: Decimal | None = None
    """The figure as reported, where a verified lower value replaced it in `done`."""
    milestones: tuple[MilestoneFact, ...] = ()
    started_on: dt.date | None = None
    completed_on: dt.date | None = None
    inclusion_required: bool = True
    included_on: dt.date | None = None
    reports: tuple[ReportFact, ...] = ()
    """Due reports that a rule looks at: the newest of each kind, every one that was late or is not accepted, and in
    silence the last of the kind that came."""
    reports_in_time: int = 0
    """How many more were due, came in time and were accepted."""
    freezes: tuple[Freeze, ...] = ()
    past_colours: tuple[PastColour, ...] = ()
    override: OverrideFact | None = None
    last_colour: Colour | None = None
    open_flags: tuple[str, ...] = ()
    is_package: bool = False
    parent: int | None = None
    problems_due: int = 0
    problems_on_time: int = 0
    cutoff: dt.date | None = None

    @property
    def judged_on(self) -> dt.date:
        """The day at which starts, nodes and inclusion are judged: today, or the cut-off of a snapshot."""
        return self.cutoff or self.as_of

    @property
    def due_reports(self) -> tuple[ReportFact, ...]:
        """Reports whose due date has passed, oldest first. On the due date itself nobody is late."""
        passed = (report for report in self.reports if report.due < self.as_of)
        return tuple(sorted(passed, key=lambda report: (report.cutoff, report.period)))

    def milestone(self, kind: str) -> MilestoneFact | None:
        """The planned start or planned finish."""
        return next((item for item in self.milestones if item.kind == kind), None)

    @property
    def nodes(self) -> tuple[MilestoneFact, ...]:
        """What W3 and the node score look at: nodes and the planned finish. The start has its own light."""
        return tuple(item for item in self.milestones if item.kind != "start")

    @property
    def is_started(self) -> bool:
        """Under construction or beyond. A carry-over or completion project has started by definition."""
        if self.stage in SIDE_STAGES:
            return False
        return (
            self.started_on is not None
            or self.stage in BUILDING_STAGES
            or self.annual_class in ("carry_over", "completion")
        )

    @property
    def is_finished(self) -> bool:
        return self.completed_on is not None or self.stage in FINISHED_STAGES

    @property
    def exceeds_total(self) -> bool:
        """Cumulative above the total investment: kept, but not ranked until a person confirms it."""
        return (
            self.done is not None
            and self.total is not None
            and self.done > self.total
            and "over_total" in self.open_flags
        )


def to_json(value: Any) -> Any:
    """Plain JSON of a frozen value: decimals as strings without exponent, dates as ISO, enums as values."""
    kind: Any = type(value)
    return value if kind in _AS_IT_IS else _writer(kind)(value)


_AS_IT_IS = frozenset({str, int, float, bool, types.NoneType})


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    """How values of one type become JSON: a snapshot writes half a million values, so types are looked at once."""
    if is_dataclass(kind):
        return _record_writer(tuple(item.name for item in fields(kind)))
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, Decimal):
        return decimal_text
    if issubclass(kind, dt.date):
        return kind.isoformat
    if issubclass(kind, tuple | list):
        return lambda value: [to_json(item) for item in value]
    if issubclass(kind, dict):
        return lambda value: {str(key): to_json(item) for key, item in value.items()}
    return lambda value: value


def _record_writer(names: tuple[str, ...]) -> Callable[[Any], dict[str, Any]]:
    """Most values are plain and stay; only the others are worth a call."""

    def write(value: Any) -> dict[str, Any]:
        found = {name: getattr(value, name) for name in names}
        for name, item in found.items():
            kind: Any = type(item)
            if kind not in _AS_IT_IS:
                found[name] = _writer(kind)(item)
        return found

    return write


def decimal_text(value: Decimal) -> str:
    """Canonical text of a number: equal numbers give equal bytes whatever their stored scale."""
    if not value:
        return "0"
    return f"{value.normalize():f}"


T = typing.TypeVar("T")


def from_json(kind: type[T], data: Any) -> T:
    """The inverse of `to_json` for a dataclass type."""
    readers = _readers(typing.cast(Any, kind))
    return kind(**{name: value if value is None else readers[name](value) for name, value in data.items()})


@cache
def _readers(kind: Any) -> dict[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in typing.get_type_hints(kind).items()}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """How a JSON value that is not null becomes a value of the type."""
    arguments = typing.get_args(hint)
    if isinstance(hint, types.UnionType):
        return _reader(next(item for item in arguments if item is not types.NoneType))
    if typing.get_origin(hint) is tuple:
        read = _reader(arguments[0])
        return lambda value: tuple(read(item) for item in value)
    if hint is dt.date:
        return dt.date.fromisoformat
    if is_dataclass(hint):
        return partial(from_json, typing.cast(type, hint))
    if isinstance(hint, type) and issubclass(hint, Decimal | Enum):
        return hint
    return lambda value: value
