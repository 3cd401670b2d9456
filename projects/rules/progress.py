"""Expected progress of a project's year (docs/rules.md, Expected progress). Amounts are Decimal 万元."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from projects.rules.policy import PLAIN_CURVE

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
RATE_PLACES = Decimal("1e-16")
PLANNED_PLACES = Decimal("1e-8")
"""Finer than any amount that can be typed, and coarse enough to absorb the last digit of thirds: a project exactly on
schedule must not fall below 1.00 through arithmetic noise."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """E1: a recognised objective cause stops the clock from `start` to `end`, both included."""

    start: dt.date
    end: dt.date

    def covers(self, day: dt.date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Expected:
    """E (fraction of the annual plan), PC in 万元 (None without a plan), how it was found, and remarks in Chinese."""

    rate: Decimal
    planned_cumulative: Decimal | None
    method: str
    frozen: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures a bulletin quotes: R and E as fractions, G in percentage points, Q as a ratio; None is "—"."""

    plan: Decimal | None
    done: Decimal | None
    rate: Decimal | None
    expected_rate: Decimal
    planned_cumulative: Decimal | None
    gap_points: Decimal | None
    schedule_ratio: Decimal | None
    overall_rate: Decimal | None


def curve_share(curve: tuple[Decimal, ...], day: dt.date) -> Decimal:
    """S(day): the share of the year (0..1) that the cumulative curve gives at the end of `day`, linear in a month."""
    before = curve[day.month - 2] if day.month > 1 else ZERO
    inside = Decimal(day.day) / calendar.monthrange(day.year, day.month)[1]
    return (before + (curve[day.month - 1] - before) * inside) / HUNDRED


def _share_before(curve: tuple[Decimal, ...], day: dt.date) -> Decimal:
    return ZERO if (day.month, day.day) == (1, 1) else curve_share(curve, day - dt.timedelta(days=1))


def plain_time_progress(day: dt.date) -> Decimal:
    """The official 序时进度 at `day`: complete months elapsed / 12, as a fraction."""
    whole = day.month if day.day == calendar.monthrange(day.year, day.month)[1] else day.month - 1
    return Decimal(whole) / 12


def expected(
    *,
    year: int,
    on: dt.date,
    plan: Decimal | None,
    months: tuple[Decimal, ...] | None,
    start: dt.date | None,
    finish: dt.date | None,
    curve: tuple[Decimal, ...],
    freezes: tuple[Freeze, ...] = (),
) -> Expected:
    """What should be done by the end of `on`: month plan first, else the season curve between planned start and
    finish within `year`; recognised freezes stop the clock and stretch the rest."""
    on = min(max(on, dt.date(year - 1, 12, 31)), dt.date(year, 12, 31))
    share, method, notes = _base(year, months, start, finish, curve)
    rate = _exact(_with_freezes(share, freezes)(on)) if on.year == year else ZERO
    frozen = any(freeze.covers(on) for freeze in freezes)
    if frozen:
        notes = (*notes, "客观原因生效期，应完成进度不增长。")
    return Expected(
        rate=rate,
        planned_cumulative=None if plan is None else (rate * plan).quantize(PLANNED_PLACES, ROUND_HALF_EVEN),
        method=method,
        frozen=frozen,
        notes=notes,
    )


def _exact(rate: Decimal) -> Decimal:
    return rate.quantize(RATE_PLACES, ROUND_HALF_EVEN)


Share = Callable[[dt.date], Decimal]


def _base(
    year: int,
    months: tuple[Decimal, ...] | None,
    start: dt.date | None,
    finish: dt.date | None,
    curve: tuple[Decimal, ...],
) -> tuple[Share, str, tuple[str, ...]]:
    if months is not None and sum(months) > 0:
        return _month_share(months), "分月计划", ()
    first = max(dt.date(year, 1, 1), start) if start else dt.date(year, 1, 1)
    last = min(dt.date(year, 12, 31), finish) if finish else dt.date(year, 12, 31)
    if first < last:
        low, high = _share_before(curve, first), curve_share(curve, last)
        if high > low:

            def share(day: dt.date) -> Decimal:
                if day < first:
                    return ZERO
                return (curve_share(curve, min(day, last)) - low) / (high - low)

            return share, "季节曲线" if curve != PLAIN_CURVE else "按月均摊", ()
    note = "计划起止日期不能折算（起止颠倒、不在本年度或都在停工季），按全年均摊计算，请核对日期。"
    return (lambda day: curve_share(PLAIN_CURVE, day)), "按月均摊", (note,)


def _month_share(months: tuple[Decimal, ...]) -> Share:
    total = sum(months, ZERO)

    def share(day: dt.date) -> Decimal:
        inside = Decimal(day.day) / calendar.monthrange(day.year, day.month)[1]
        return (sum(months[: day.month - 1], ZERO) + months[day.month - 1] * inside) / total

    return share


def _with_freezes(base: Share, freezes: tuple[Freeze, ...]) -> Share:
    """Stop at each freeze, then spread what is left over what remains of the base curve."""
    share = base
    for freeze in sorted(freezes, key=lambda item: item.start):
        share = _frozen(share, base, freeze)
    return share


def _frozen(before: Share, base: Share, freeze: Freeze) -> Share:
    day_before = freeze.start - dt.timedelta(days=1)
    held = before(day_before) if day_before.year == freeze.start.year else ZERO
    passed = base(freeze.end)

    def share(day: dt.date) -> Decimal:
        if day < freeze.start:
            return before(day)
        if day <= freeze.end or passed >= ONE:
            return held
        return held + (ONE - held) * (base(day) - passed) / (ONE - passed)

    return share


def figures(
    *, plan: Decimal | None, done: Decimal | None, prior: Decimal | None, total: Decimal | None, expectation: Expected
) -> Figures:
    """R, G, Q and the overall rate from the amounts. Nothing is divided by zero or by an unknown."""
    rate = done / plan if done is not None and plan else None
    planned = expectation.planned_cumulative
    return Figures(
        plan=plan,
        done=done,
        rate=rate,
        expected_rate=expectation.rate,
        planned_cumulative=planned,
        gap_points=None if rate is None else (rate - expectation.rate) * HUNDRED,
        schedule_ratio=done / planned if done is not None and planned else None,
        overall_rate=(done + (prior or ZERO)) / total if done is not None and total else None,
    )
