"""A project's year as a curve: what should be done by each day beside what was accepted (docs/rules.md, Expected
progress). The very functions that judge the light draw the line, so that the two never disagree."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from projects.rules.facts import ProjectFacts
from projects.rules.lights import expectation_of
from projects.rules.policy import Curve, Policy
from projects.rules.progress import idle_months, merged

DAYS_DRAWN = (10, 20)
"""Beside each month's end: the line bends only at month ends, at the season's edges and around a freeze."""


@dataclass(frozen=True, slots=True)
class Step:
    """By the end of `day`, `amount` 万元 were done."""

    day: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Span:
    """Days in which nothing is expected to grow, both included."""

    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One line of the table beside the curve. `done` is what the newest report by the month's end says, None where
    there is none or the month is still to come."""

    month: int
    expected: Decimal | None
    done: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        return None if self.expected is None or self.done is None else self.done - self.expected


@dataclass(frozen=True, slots=True)
class YearCurve:
    """Amounts 万元. `expected` is empty without a plan; `on` is the day at which the two are compared."""

    year: int
    plan: Decimal | None
    expected: tuple[Step, ...]
    done: tuple[Step, ...]
    on: dt.date
    expected_on: Decimal | None
    method: str
    closed: tuple[Span, ...]
    frozen: tuple[Span, ...]
    months: tuple[MonthLine, ...]

    @property
    def last(self) -> Step | None:
        """The newest accepted figure."""
        return self.done[-1] if self.done else None

    @property
    def is_empty(self) -> bool:
        return not self.expected and not self.done


def year_curve(facts: ProjectFacts, policy: Policy, done: Iterable[Step]) -> YearCurve:
    """The year of `facts`, with the accepted figures `done` (one for each day, oldest first)."""
    done = tuple(sorted(done, key=lambda step: step.day))
    days = [*_days(facts.year)]
    at_cutoff = expectation_of(facts, policy)
    expected = tuple(step for day in days if (step := _expected(facts, policy, day)) is not None)
    return YearCurve(
        year=facts.year,
        plan=facts.plan,
        expected=(Step(dt.date(facts.year, 1, 1), Decimal(0)), *expected) if expected else (),
        done=done,
        on=facts.compared_on,
        expected_on=at_cutoff.planned_cumulative,
        method=at_cutoff.method,
        closed=tuple(_closed(policy.curve, facts.year)),
        frozen=_frozen(facts),
        months=tuple(_month(facts, expected, done, month) for month in range(1, 13)),
    )


def _days(year: int) -> Iterable[dt.date]:
    for month in range(1, 13):
        for number in (*DAYS_DRAWN, calendar.monthrange(year, month)[1]):
            yield dt.date(year, month, number)


def _expected(facts: ProjectFacts, policy: Policy, day: dt.date) -> Step | None:
    amount = expectation_of(replace(facts, compared_on=day), policy).planned_cumulative
    return None if amount is None else Step(day, amount)


def _month(facts: ProjectFacts, expected: tuple[Step, ...], done: tuple[Step, ...], month: int) -> MonthLine:
    end = dt.date(facts.year, month, calendar.monthrange(facts.year, month)[1])
    planned = next((step.amount for step in expected if step.day == end), None)
    reported = [step.amount for step in done if step.day <= end]
    begun = dt.date(facts.year, month, 1) <= facts.as_of
    return MonthLine(month, planned, reported[-1] if reported and begun else None)


def _closed(curve: Curve, year: int) -> Iterable[Span]:
    """The months in which the county's season expects nothing, those that follow each other as one."""
    months = [*idle_months(curve)]
    while months:
        first = last = months.pop(0)
        while months and months[0] == last + 1:
            last = months.pop(0)
        yield Span(dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))


def _frozen(facts: ProjectFacts) -> tuple[Span, ...]:
    stops = merged(facts.freezes, dt.date(facts.year, 1, 1), dt.date(facts.year, 12, 31))
    return tuple(Span(stop.start, stop.end) for stop in stops)
