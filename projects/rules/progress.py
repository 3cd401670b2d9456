"""Expected progress of a project's year (docs/rules.md, Expected progress). Amounts are Decimal 万元.

Shares of the year are exact fractions until the answer: with rounded twelfths a project exactly on plan could fall a
hair below it, and the lights compare unrounded values.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from projects.rules.policy import PLAIN_CURVE, Curve

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
ONE_DAY = dt.timedelta(days=1)


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


def curve_share(curve: Curve, day: dt.date) -> Fraction:
    """S(day): the share of the year that the cumulative curve gives at the end of `day`, linear inside a month."""
    before = curve[day.month - 2] if day.month > 1 else Fraction(0)
    return before + (curve[day.month - 1] - before) * _month_passed(day)


def idle_months(curve: Curve) -> tuple[int, ...]:
    """The months in which the season expects nothing to grow."""
    return tuple(month for month in range(1, 13) if curve[month - 1] == (curve[month - 2] if month > 1 else 0))


def _month_passed(day: dt.date) -> Fraction:
    return Fraction(day.day, calendar.monthrange(day.year, day.month)[1])


def plain_time_progress(day: dt.date) -> Decimal:
    """The official 序时进度 at `day`: complete months elapsed / 12, as a fraction."""
    whole = day.month if _month_passed(day) == 1 else day.month - 1
    return Decimal(whole) / 12


def expected(
    *,
    year: int,
    on: dt.date,
    plan: Decimal | None,
    months: tuple[Decimal, ...] | None,
    start: dt.date | None,
    finish: dt.date | None,
    curve: Curve,
    freezes: tuple[Freeze, ...] = (),
    freeze_limit_days: int = 183,
) -> Expected:
    """What should be done by the end of `on`: month plan first, else the season curve between planned start and
    finish within `year`; recognised freezes stop the clock and stretch the rest."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    share, method, notes = _base(year, months, plan, start, finish, curve)
    stops = merged(freezes, first, last)
    rate = _with_freezes(share, stops, last)(min(on, last)) if on >= first else Fraction(0)
    frozen = any(stop.covers(on) for stop in stops)
    return Expected(
        rate=_decimal(rate),
        planned_cumulative=None if plan is None else _decimal(rate * Fraction(plan)),
        method=method,
        frozen=frozen,
        notes=(*notes, *_freeze_notes(stops, share, last, frozen, freeze_limit_days)),
    )


Share = Callable[[dt.date], Fraction]
"""The share of the annual plan that should be done by the end of a day of the plan year."""


def _base(
    year: int,
    months: tuple[Decimal, ...] | None,
    plan: Decimal | None,
    start: dt.date | None,
    finish: dt.date | None,
    curve: Curve,
) -> tuple[Share, str, tuple[str, ...]]:
    if months is not None and sum(months) > 0:
        return _month_share(months, plan), "分月计划", ()
    first = max(dt.date(year, 1, 1), start) if start else dt.date(year, 1, 1)
    last = min(dt.date(year, 12, 31), finish) if finish else dt.date(year, 12, 31)
    if first < last:
        low, high = _share_before(curve, first), curve_share(curve, last)
        if high > low:

            def share(day: dt.date) -> Fraction:
                if day < first:
                    return Fraction(0)
                return (curve_share(curve, min(day, last)) - low) / (high - low)

            return share, "按月均摊" if curve == PLAIN_CURVE else "季节曲线", ()
    note = "计划起止日期不能折算（起止颠倒、不在本年度或都在停工季），按全年均摊计算，请核对日期。"
    return (lambda day: curve_share(PLAIN_CURVE, day)), "按月均摊", (note,)


def _share_before(curve: Curve, day: dt.date) -> Fraction:
    """S at the start of `day`, so that the first day already counts as working time."""
    return Fraction(0) if (day.month, day.day) == (1, 1) else curve_share(curve, day - ONE_DAY)


def _month_share(months: tuple[Decimal, ...], plan: Decimal | None) -> Share:
    amounts = [Fraction(amount) for amount in months]
    whole = Fraction(plan) if plan else sum(amounts, Fraction(0))

    def share(day: dt.date) -> Fraction:
        passed = sum(amounts[: day.month - 1], Fraction(0)) + amounts[day.month - 1] * _month_passed(day)
        return passed / whole

    return share


def merged(freezes: tuple[Freeze, ...], first: dt.date, last: dt.date) -> tuple[Freeze, ...]:
    """Freezes within `first`..`last` in order, overlapping or touching ones joined."""
    result: list[Freeze] = []
    for freeze in sorted(freezes, key=lambda item: item.start):
        start, end = max(freeze.start, first), min(freeze.end, last)
        if start > end:
            continue
        if result and start <= result[-1].end + ONE_DAY:
            result[-1] = Freeze(result[-1].start, max(result[-1].end, end))
        else:
            result.append(Freeze(start, end))
    return tuple(result)


def _with_freezes(base: Share, stops: tuple[Freeze, ...], last: dt.date) -> Share:
    """Hold still in each freeze, then spread what is left over what remains of the base. With a month plan this moves
    the frozen months' amounts proportionally onto the remaining months."""
    share = base
    for stop in stops:
        share = _stopped(share, base, stop, last)
    return share


def _stopped(before: Share, base: Share, stop: Freeze, last: dt.date) -> Share:
    held = before(stop.start - ONE_DAY) if (stop.start.month, stop.start.day) != (1, 1) else Fraction(0)
    passed, whole = base(stop.end), base(last)

    def share(day: dt.date) -> Fraction:
        if day < stop.start:
            return before(day)
        if day <= stop.end or passed >= whole:
            return held
        return held + (whole - held) * (base(day) - passed) / (whole - passed)

    return share


def _freeze_notes(stops: tuple[Freeze, ...], base: Share, last: dt.date, frozen: bool, limit: int) -> tuple[str, ...]:
    notes = []
    if frozen:
        notes.append("客观原因生效期，应完成进度不增长。")
    if any(base(stop.end) >= base(last) for stop in stops):
        notes.append("客观原因生效期已到计划竣工日期，须调整竣工日期或年度计划。")
    days = sum((stop.end - stop.start).days + 1 for stop in stops)
    if days > limit:
        notes.append(f"本年度客观原因累计{days}天，超过{limit}天，须调整年度计划或调出。")
    return tuple(notes)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


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
