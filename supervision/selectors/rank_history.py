"""One subject over the published periods: its places, scores and how many stood beside it, as table and drawing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.db.models import Count

from supervision.enums import Series
from supervision.models import RankingRow, Snapshot
from supervision.rules.boards import UNIT_BOARD_LABELS
from supervision.rules.lists import group_label
from supervision.selectors.snapshots import in_force_on
from supervision.selectors.standings import MARKS, arrow
from tracker.web import formatting
from tracker.web.plot import ticks_up_to

WIDE, HALF, NARROW = (1150, 230), (560, 230), (340, 210)
"""Width and height of a drawing over the page, beside another and on a telephone: letters keep their size."""
LEFT, RIGHT, TOP, BOTTOM = 52.0, 20.0, 26.0, 40.0
ROOM = 46.0
"""Width that the name of a period or a number at a point takes."""
SPAN = Decimal(20)
"""The least difference of scores that a drawing spreads over its height, so that half a point is no cliff."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A period in which the subject was listed; `ranked` counts the ranked rows of its group."""

    row: RankingRow
    ranked: int

    @property
    def snapshot(self) -> Snapshot:
        return self.row.snapshot

    @property
    def group_title(self) -> str:
        return UNIT_BOARD_LABELS.get(self.row.group) or (
            "包联领导" if self.row.group == "leaders" else group_label(self.row.group)
        )

    @property
    def days(self) -> str:
        """The days of a week, in brackets; a month needs none."""
        return self.snapshot.period.title.removeprefix(self.snapshot.period.short_title)

    @property
    def marks(self) -> list[str]:
        return [mark for mark in MARKS if mark in self.row.marks]

    @property
    def change_text(self) -> str:
        return "" if self.row.rank is None else arrow(self.row.change)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with the number beside it (empty where there is no room)."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One line over the periods. `lines` are broken where the subject had no rank or changed its group; `floor` is how
    many were ranked (ranks only)."""

    width: int
    height: int
    left: float
    right: float
    lines: tuple[str, ...]
    floor: tuple[str, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    periods: tuple[Tick, ...]


def history(board: str, subject_id: int, series: Series, as_of: dt.date) -> list[Entry]:
    """The subject in the snapshots in force on a day, oldest first. Two queries."""
    snapshots = in_force_on(Snapshot.objects.filter(series=series), as_of)
    rows = list(
        RankingRow.objects.filter(board=board, subject_id=subject_id, snapshot__in=snapshots)
        .select_related("snapshot__period")
        .defer("snapshot__facts", "snapshot__boards", "snapshot__policy", "snapshot__totals")
        .order_by("snapshot__cutoff")
    )
    counted = (
        RankingRow.objects.filter(board=board, snapshot__in=[row.snapshot_id for row in rows], rank__isnull=False)
        .order_by()
        .values_list("snapshot", "group")
        .annotate(count=Count("pk"))
    )
    sizes = {(snapshot, group): count for snapshot, group, count in counted}
    return [Entry(row, sizes.get((row.snapshot_id, row.group), 0)) for row in rows]


def draw_ranks(entries: Sequence[Entry], *, beside: bool) -> list[Drawing]:
    """The places, the first on top, with the last place of the group as a floor: for a desk (`beside` another drawing
    or alone) and for a telephone."""
    lowest = max([2, *(entry.ranked for entry in entries)])
    values = [None if entry.row.rank is None else Decimal(entry.row.rank) for entry in entries]
    floor = [Decimal(entry.ranked) if entry.ranked else None for entry in entries]
    steps = [1, *(int(value) for value in ticks_up_to(Decimal(lowest), 3)[1:] if 1 < value < lowest), lowest]
    shown = [step for step, after in pairwise([*steps, lowest + 2]) if after - step > lowest / 8 or step == lowest]
    ticks = [(Decimal(step), f"第{step}名") for step in shown]
    return [
        _Frame(entries, size, Decimal(lowest), Decimal(1)).drawn(values, lambda value: f"{value}", ticks, floor)
        for size in (HALF if beside else WIDE, NARROW)
    ]


def draw_scores(entries: Sequence[Entry]) -> list[Drawing]:
    """The scores between round numbers below and above them, for a desk and for a telephone."""
    values = [entry.row.score for entry in entries]
    known = [value for value in values if value is not None]
    low = (min(known) // 10) * 10
    high = max(-(-max(known) // 10) * 10, low + SPAN)
    ticks = [(tick, formatting.amount(tick)) for tick in (low, (low + high) / 2, high)]
    return [
        _Frame(entries, size, low, high).drawn(values, lambda value: f"{formatting.rounded(value, 1)}", ticks)
        for size in (HALF, NARROW)
    ]


class _Frame:
    """Periods from left to right, values from `bottom` (at the foot) to `top`."""

    def __init__(self, entries: Sequence[Entry], size: tuple[int, int], bottom: Decimal, top: Decimal) -> None:
        self._entries = entries
        self._width, self._height = size
        self._bottom, self._top = bottom, top
        self._step = (self._width - LEFT - RIGHT) / len(entries)

    def _x(self, index: int) -> float:
        return round(LEFT + self._step * (index + 0.5), 1)

    def _y(self, value: Decimal) -> float:
        share = float((value - self._bottom) / (self._top - self._bottom))
        return round(self._height - BOTTOM - (self._height - BOTTOM - TOP) * share, 1)

    def drawn(
        self,
        values: Sequence[Decimal | None],
        words: Callable[[Decimal], str],
        ticks: Sequence[tuple[Decimal, str]],
        floor: Sequence[Decimal | None] = (),
    ) -> Drawing:
        every = self._every
        last = len(values) - 1
        marks = tuple(
            Mark(self._x(index), self._y(value), words(value) if (last - index) % every == 0 else "")
            for index, value in enumerate(values)
            if value is not None
        )
        return Drawing(
            width=self._width,
            height=self._height,
            left=LEFT,
            right=self._width - RIGHT,
            lines=self._lines(values),
            floor=self._lines(floor),
            marks=marks,
            ticks=tuple(Tick(self._y(value), text) for value, text in ticks),
            periods=tuple(self._periods(every)),
        )

    @property
    def _every(self) -> int:
        """How many periods share the room of one number; the newest always has its own."""
        return max(1, -(-int(ROOM) // max(1, int(self._step))))

    def _periods(self, every: int) -> list[Tick]:
        """Names of the periods, with the year below its first one."""
        found, year = [], None
        last = len(self._entries) - 1
        for index, entry in enumerate(self._entries):
            if (last - index) % every:
                continue
            period = entry.snapshot.period
            name = period.short_title.partition("年")[2]
            found.append(Tick(self._x(index), name, f"{period.year}年" if period.year != year else ""))
            year = period.year
        return found

    def _lines(self, values: Sequence[Decimal | None]) -> tuple[str, ...]:
        """Straight from period to period inside a group; a lone point needs no line."""
        lines: list[list[str]] = [[]]
        group = None
        for index, value in enumerate(values):
            if value is None or self._entries[index].row.group != group:
                lines.append([])
            group = self._entries[index].row.group
            if value is not None:
                lines[-1].append(f"{self._x(index)},{self._y(value)}")
        return tuple(" ".join(line) for line in lines if len(line) > 1)
