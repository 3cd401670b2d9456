"""The preview as a clerk reads it: each cell's reading beside its original, each message at its cell.

Everything here is arrangement: what is read and what will be written is decided in `preview`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.core.paginator import Page, Paginator

from projects.enums import RowFate
from projects.excel.readings import Message, Skipped
from projects.selectors.imports.outcome import Preview, RowPreview, ShownField

ROWS_A_PAGE = 50


class CellState(StrEnum):
    """How far the reading of a cell can be trusted as it stands."""

    PLAIN = "plain"
    NORMALISED = "normalised"
    ASKED = "asked"
    BLANK = "blank"
    UNREADABLE = "unreadable"


WORDS = {
    CellState.PLAIN: "",
    CellState.NORMALISED: "已规范",
    CellState.ASKED: "待回答",
    CellState.BLANK: "按空白处理",
    CellState.UNREADABLE: "未能读出",
}
_FAULTS = frozenset({"error", "question"})
LEVELS = {
    "error": ("bad", "错误"),
    "question": ("warn", "请确认"),
    "warning": ("warn", "注意"),
    "info": ("info", "说明"),
}
"""Level of a message -> colour and word of its badge."""
_GRAVITY = tuple(LEVELS)


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of a row: what was read, what stands in the ledger, and the state in a word."""

    field: ShownField
    state: CellState
    anchor: str

    @property
    def word(self) -> str:
        return WORDS[self.state]

    @property
    def is_yellow(self) -> bool:
        return self.state in (CellState.NORMALISED, CellState.ASKED, CellState.BLANK)


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of the ledger with its cells and the messages about it."""

    row: RowPreview
    anchor: str
    cells: tuple[CellView, ...]
    messages: tuple[MessageView, ...]

    @property
    def summary(self) -> str:
        """How many cells were read, and how many of them need a look."""
        states = Counter(cell.state for cell in self.cells)
        parts = [f"{len(self.cells)}项"]
        parts += [f"{states[state]}项{word}" for state, word in WORDS.items() if word and states[state]]
        return "，".join(parts)


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message with its badge, and the address of the cell or row it is about ("" when it is about none)."""

    message: Message
    tone: str
    word: str
    url: str


@dataclass(frozen=True, slots=True)
class SkippedView:
    skipped: Skipped
    anchor: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of a preview: all messages, the rows of one fate, the rows the reader left out."""

    page: Page[RowPreview]
    rows: tuple[RowView, ...]
    """The rows of this page."""
    messages: tuple[MessageView, ...]
    skipped: tuple[SkippedView, ...]


def screen(result: Preview, fate: str = "", number: str | None = None) -> Screen:
    """The preview by `fate` (empty: all) at page `number`. Messages link to their cell wherever it is paged."""
    places = _Places(result)
    rows = [row for row in result.rows if not fate or row.fate == fate]
    page = Paginator(rows, ROWS_A_PAGE).get_page(number)
    ordered = sorted(result.messages, key=lambda message: _GRAVITY.index(message.level))
    return Screen(
        page=page,
        rows=tuple(_row(row, places) for row in page.object_list),
        messages=tuple(_message(message, places) for message in ordered),
        skipped=tuple(SkippedView(item, places.row_anchor(item.sheet, item.row)) for item in result.skipped),
    )


def fate_tabs(result: Preview, fate: str) -> list[dict[str, object]]:
    """The rows by fate, as tabs."""
    tabs = [{"label": "全部", "url": "?", "active": not fate, "count": len(result.rows)}]
    counts = result.counts
    return tabs + [
        {"label": item.label, "url": f"?fate={item}", "active": fate == item, "count": counts[item.value]}
        for item in RowFate
    ]


class _Places:
    """Where each row and cell of the ledger stands on the screen."""

    def __init__(self, result: Preview) -> None:
        sheets = dict.fromkeys([row.sheet for row in result.rows] + [item.sheet for item in result.skipped])
        self._sheets = {sheet: number for number, sheet in enumerate(sheets)}
        self._pages = {(row.sheet, row.number): number // ROWS_A_PAGE + 1 for number, row in enumerate(result.rows)}
        self._cells = {(row.sheet, field.cell) for row in result.rows for field in row.fields}
        self._skipped = {(item.sheet, item.row) for item in result.skipped}
        self.levels: dict[tuple[str, str], set[str]] = defaultdict(set)
        for message in result.messages:
            if message.cell:
                self.levels[message.sheet, message.cell].add(message.level)

    def row_anchor(self, sheet: str, row: int) -> str:
        return f"row-{self._sheets[sheet]}-{row}"

    def cell_anchor(self, sheet: str, cell: str) -> str:
        return f"cell-{self._sheets[sheet]}-{cell}"

    def url(self, message: Message) -> str:
        """The address of a message's cell, else of its row; "" when it is about a header or the whole sheet."""
        row = _row_number(message.cell)
        if row is None:
            return ""
        if (message.sheet, row) in self._skipped:
            return f"#{self.row_anchor(message.sheet, row)}"
        page = self._pages.get((message.sheet, row))
        if page is None:
            return ""
        if (message.sheet, message.cell) in self._cells:
            return f"?page={page}#{self.cell_anchor(message.sheet, message.cell or '')}"
        return f"?page={page}#{self.row_anchor(message.sheet, row)}"


def _row_number(cell: str | None) -> int | None:
    digits = (cell or "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return int(digits) if digits.isdigit() else None


def _row(row: RowPreview, places: _Places) -> RowView:
    return RowView(
        row=row,
        anchor=places.row_anchor(row.sheet, row.number),
        cells=_cells(row, places),
        messages=tuple(_message(message, places) for message in row.messages),
    )


def _cells(row: RowPreview, places: _Places) -> tuple[CellView, ...]:
    cells = []
    seen: set[str] = set()
    for field in row.fields:
        anchor = places.cell_anchor(row.sheet, field.cell)
        state = _state(field, places.levels.get((row.sheet, field.cell), set()))
        cells.append(CellView(field=field, state=state, anchor="" if anchor in seen else anchor))
        seen.add(anchor)
    return tuple(cells)


def _state(field: ShownField, levels: Iterable[str]) -> CellState:
    faults = _FAULTS.intersection(levels)
    if not field.value and field.original:
        return CellState.UNREADABLE if faults else CellState.BLANK
    if faults:
        return CellState.ASKED
    return CellState.NORMALISED if field.normalised and field.value != field.original else CellState.PLAIN


def _message(message: Message, places: _Places) -> MessageView:
    tone, word = LEVELS[message.level]
    return MessageView(message=message, tone=tone, word=word, url=places.url(message))
