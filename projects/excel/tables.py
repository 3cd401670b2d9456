"""The projects of one sheet, row by row, under their captions (docs/ledgers.md, Rows)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.excel.cells import CellReader
from projects.excel.checks import Claim, Scope
from projects.excel.grid import Grid, Value
from projects.excel.headers import Column, Header
from projects.excel.readings import Field, ProjectRow, SheetKind, Skipped
from projects.excel.rows import Context, Row, Rows, enter
from projects.excel.text import address, clean, is_blank, shown, squeeze
from projects.excel.vocabulary import AMOUNTS, DATES, annual_class

_INHERITED = frozenset({"leader", "unit", "sector", "annual_class"})
"""Columns whose merged cells hold for every row they span; any other blank stays blank."""
_FIELDS = frozenset(
    [
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
)
_RENAMED = {"unit": "units", "leader": "leaders"}
_KINDS = {"leader": "people", "unit": "units", "co_units": "units", "seq": "seq", "code": "code", "rate": "percent"}
_MANY = frozenset({"person", "phone", "fund", "warning_mark", "milestones", "grade", "plan_other_year"})
"""Meanings of which a table may have several columns; they are kept by their header."""

_COLLECTED = frozenset({"plan_month", "plan_quarter", "work_quarter", "done_month"})
_JOINED = frozenset({"units", "leaders", "co_units"})
_NOT_EXTRA = _FIELDS | _MANY | _COLLECTED


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a sheet, read."""

    projects: tuple[ProjectRow, ...]
    skipped: tuple[Skipped, ...]
    claims: tuple[Claim, ...]


class TableReader:
    """Reads one sheet under its header. `sheet_class` and `sheet_sector` hold where the rows say nothing."""

    def __init__(
        self,
        grid: Grid,
        header: Header,
        cells: CellReader,
        kind: SheetKind,
        year: int | None,
        *,
        units: Collection[str],
        nature_is_class: bool = False,
        sheet_class: str | None = None,
        sheet_sector: str | None = None,
    ) -> None:
        self.grid, self.header, self.cells, self.kind, self.year = grid, header, cells, kind, year
        self._units = units
        self._sheet_class, self._sheet_sector = sheet_class, sheet_sector
        self._readers = [
            (column, _RENAMED.get(column.key, column.key), self._reader(column))
            for column in header.columns
            if column.key is not None and column.key != "period"
        ]
        self._period = header.column("period")
        self._unknown = [column for column in header.columns if column.key is None]
        self._nature_is_class = nature_is_class
        self._class_is_sector = bool(header.column("annual_class")) and not says_class(grid, header, "annual_class")

    def _reader(self, column: Column) -> Callable[[object, int], Field]:
        key = column.key or ""
        kind = "amount" if key in AMOUNTS else DATES.get(key) or _KINDS.get(key, "text")
        return self.cells.reader(key, column, kind)

    def read(self) -> Table:
        """Every row below the header, classified and read."""
        rows = Rows(self.grid, self.header)
        context = Context()
        projects: list[ProjectRow] = []
        skipped: list[Skipped] = []
        captions: list[tuple[Row, int]] = []
        for index in range(self.header.last + 1, len(self.grid.rows)):
            row = rows.classify(index)
            if row is None:
                continue
            if row.kind == "project":
                projects.append(self._project(index, context))
                continue
            skipped.append(Skipped(self.grid.name, index + 1, row.reason))
            if row.kind == "section":
                enter(context, row, self._units)
            if row.kind in ("section", "total"):
                captions.append((row, len(projects)))
        return Table(tuple(projects), tuple(skipped), tuple(self._claims(captions, projects)))

    def _project(self, index: int, context: Context) -> ProjectRow:
        fields: dict[str, Field] = {}
        extra: dict[str, Any] = {}
        cells = self.grid.rows[index]
        inherits = bool(self.grid.merges)
        for column, key, read in self._readers:
            raw = cells[column.index]
            if inherits and raw == "" and column.key in _INHERITED:
                raw = self._inherited(index, column)
            field = read(raw, index)
            if key in _COLLECTED or key in _MANY:
                self._collect(extra, column, field)
            if key in fields:
                if key not in _JOINED:
                    continue
                field = _joined(fields[key], field)
            fields[key] = field
        if self._period is not None:
            start, finish = self.cells.period(cells[self._period.index], index, self._period)
            if "start" not in fields or fields["start"].value is None:
                fields["start"] = start
            if "finish" not in fields or fields["finish"].value is None:
                fields["finish"] = finish
            if start.original.strip():
                fields["period"] = Field(clean(start.original), start.original, start.cell)
        self._place(fields, context, index)
        other = {c.header: text for c in self._unknown if (text := clean(shown(cells[c.index])))}
        for key, field in fields.items():
            if key not in _NOT_EXTRA and field.value is not None and field.value != ():
                extra[key] = field.value
        if context.area:
            extra["area"] = context.area
        if other:
            extra["other"] = other
        return ProjectRow(self.grid.name, index + 1, self.kind, fields, extra)

    def _inherited(self, index: int, column: Column) -> Value:
        """The value of the merged cell that spans this one from above, "" when there is none."""
        origin = self.grid.covered.get((index, column.index))
        if origin and origin[1] == column.index and origin[0] > self.header.last:
            return self.grid.rows[origin[0]][origin[1]]
        return ""

    @staticmethod
    def _collect(extra: dict[str, Any], column: Column, field: Field) -> None:
        """Columns of one meaning that come several times: quarters, months, other years, contacts."""
        if column.quarter:
            quarters: list[dict[str, Any]] = extra.setdefault("quarters", [])
            entry = next((q for q in quarters if q["quarter"] == column.quarter), None)
            if entry is None:
                entry = {"quarter": column.quarter, "work": None, "plan": None}
                quarters.append(entry)
            entry["plan" if column.key == "plan_quarter" else "work"] = field.value
        elif field.value is None:
            return
        elif column.key == "plan_month" and column.month:
            extra.setdefault("plan_months", {})[column.month] = field.value
        elif column.key == "done_month":
            if column.month:
                extra.setdefault("done_months", {})[column.month] = field.value
            extra.setdefault("done_month", field.value)
        elif column.key == "plan_other_year":
            extra.setdefault("plans_other_years", {})[column.year] = field.value
        else:
            group = {"person": "contacts", "phone": "contacts", "fund": "funds"}.get(column.key or "", column.key or "")
            extra.setdefault(group, {})[column.header] = field.value

    def _place(self, fields: dict[str, Field], context: Context, index: int) -> None:
        """What the row itself, the captions above it and the sheet say about class, sector and unit."""
        here = address(index, 0)
        if self._class_is_sector and "annual_class" in fields:
            moved = fields.pop("annual_class")
            if "sector" not in fields or fields["sector"].value is None:
                fields["sector"] = moved
        stated = fields.get("annual_class")
        nature = fields.get("nature")
        if stated and stated.value:
            label = annual_class(stated.value) or stated.value
            fields["annual_class"] = stated._replace(value=label, normalised=label != stated.original)
        elif self._nature_is_class and nature and nature.value and annual_class(nature.value):
            fields["annual_class"] = Field(annual_class(nature.value), nature.original, nature.cell, True)
        elif context.annual_class or self._sheet_class:
            fields["annual_class"] = Field(context.annual_class or self._sheet_class, "", here, True)
        if not (sector := fields.get("sector")) or sector.value is None:
            text = context.sector() or self._sheet_sector
            if text:
                fields["sector"] = Field(text, "", here, True)
        if context.unit and (not (units := fields.get("units")) or not units.value):
            fields["units"] = Field((context.unit,), "", here, True)
        if self.year is not None and "plan" in fields:
            fields["plan_year"] = Field(self.year, "", fields["plan"].cell)

    def _claims(self, captions: list[tuple[Row, int]], projects: list[ProjectRow]) -> list[Claim]:
        """What totals and captions claim, with every run of rows between captions that each may stand for."""
        sums = {key: _running(projects, key) for key in ("total", "plan")}
        breaks = sorted({0, len(projects), *(position for _, position in captions)})
        claims = []
        for row, position in captions:
            spans = [(position, end) for end in breaks[bisect_right(breaks, position) :]]
            if row.kind == "total":
                spans += [(start, position) for start in breaks[: bisect_left(breaks, position)]]
            scopes = tuple(
                Scope(end - start, sums["total"][end] - sums["total"][start], sums["plan"][end] - sums["plan"][start])
                for start, end in spans
            )
            total, total_cell = self._stated(row.index, "total")
            plan, plan_cell = self._stated(row.index, "plan")
            if row.count is not None or total is not None or plan is not None:
                claims.append(
                    Claim(
                        self.grid.name,
                        row.index + 1,
                        row.caption,
                        row.count,
                        total,
                        plan,
                        total_cell,
                        plan_cell,
                        scopes,
                    )
                )
        return claims

    def _stated(self, index: int, key: str) -> tuple[Decimal | None, str | None]:
        for column, _, read in self._readers:
            if column.key == key and not is_blank(self.grid.value(index, column.index)):
                field = read(self.grid.value(index, column.index), index)
                return field.value, field.cell
        return None, None


def says_class(grid: Grid, header: Header, key: str) -> bool:
    """Whether a column holds 年度类别: some value is 续建, 新开工, 竣工投产 …, not only 新建 or 扩建."""
    column = header.column(key)
    if column is None:
        return False
    words = {value for row in grid.rows[header.last + 1 :] if isinstance(value := row[column.index], str)}
    return any(annual_class(word) and squeeze(word) != "新建" for word in words)


def _joined(first: Field, second: Field) -> Field:
    names = tuple(dict.fromkeys((*(first.value or ()), *(second.value or ()))))
    original = "\n".join(text for text in (first.original, second.original) if text.strip())
    return Field(names, original, first.cell, True)


def _running(projects: list[ProjectRow], key: str) -> list[Decimal]:
    sums = [Decimal(0)]
    for project in projects:
        sums.append(sums[-1] + (project.value(key) or Decimal(0)))
    return sums
