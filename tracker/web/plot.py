"""Where things stand in a small chart of one year, for templates that draw it as SVG. Pure geometry, no words."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Point = tuple[dt.date, Decimal]

NICE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
LINE_HEIGHT = 16.0
LEFT, RIGHT, TOP, BOTTOM = 8.0, 8.0, 14.0, 24.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: its place and what it stands for."""

    at: float
    value: Decimal


@dataclass(frozen=True, slots=True)
class MonthTick:
    at: float
    middle: float
    number: int


@dataclass(frozen=True, slots=True)
class Band:
    x: float
    width: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


def ticks_up_to(top: Decimal, wanted: int = 4) -> list[Decimal]:
    """Round numbers from nought to at least `top`: about `wanted` steps of 1, 2, 2.5 or 5 times a power of ten."""
    if top <= 0:
        return [Decimal(0), Decimal(1)]
    rough = top / wanted
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * nice for nice in NICE if power * nice >= rough)
    count = int((top / step).to_integral_value(rounding="ROUND_CEILING"))
    return [step * number for number in range(count + 1)]


def spread(places: Sequence[float], low: float, high: float, gap: float = LINE_HEIGHT) -> list[float]:
    """The same places moved apart by at least `gap`, in their order, kept between `low` and `high`."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    found = list(places)
    floor = low
    for number in order:
        found[number] = max(found[number], floor)
        floor = found[number] + gap
    ceiling = high
    for number in reversed(order):
        found[number] = min(found[number], ceiling)
        ceiling = found[number] - gap
    return [round(place, 1) for place in found]


class YearPlot:
    """A year from left to right, amounts from the bottom up to the next round number above `top`."""

    def __init__(self, year: int, top: Decimal, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.left, self.right, self.top, self.bottom = LEFT, width - RIGHT, TOP, height - BOTTOM
        self._first = dt.date(year, 1, 1)
        self._days = 366 if calendar.isleap(year) else 365
        values = ticks_up_to(top)
        self._highest = values[-1]
        self.ticks = [Tick(self.y(value), value) for value in values]
        self.months = [self._month(year, month) for month in range(1, 13)]

    @property
    def span(self) -> float:
        """Height of the field in which the lines run."""
        return self.bottom - self.top

    def _month(self, year: int, month: int) -> MonthTick:
        start, end = dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        return MonthTick(self._begin(start), round((self._begin(start) + self.x(end)) / 2, 1), month)

    def x(self, day: dt.date) -> float:
        """The end of `day`; days of other years stand at the edge."""
        return self._at((day - self._first).days + 1)

    def _begin(self, day: dt.date) -> float:
        return self._at((day - self._first).days)

    def _at(self, days: int) -> float:
        share = min(max(days, 0), self._days) / self._days
        return round(self.left + (self.right - self.left) * share, 1)

    def y(self, amount: Decimal) -> float:
        return round(self.bottom - (self.bottom - self.top) * float(amount / self._highest), 1)

    def line(self, points: Iterable[Point]) -> str:
        """Straight from point to point, for a polyline."""
        return " ".join(f"{self.x(day)},{self.y(amount)}" for day, amount in points)

    def steps(self, points: Iterable[Point]) -> str:
        """From the first figure known (nobody knows that it was nought before): level until the next, then up (or down)
        to it."""
        places: list[str] = []
        level = None
        for day, amount in points:
            x, y = self.x(day), self.y(amount)
            if level is not None:
                places.append(f"{x},{level}")
            places.append(f"{x},{y}")
            level = y
        return " ".join(places)

    def band(self, start: dt.date, end: dt.date) -> Band:
        x = self._begin(start)
        return Band(x, round(self.x(end) - x, 1))
