"""Reads the ledger as a snapshot freezes it: the inputs of the rules as of a day, and the boards they give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from projects.enums import OfficerKind
from projects.models import Officer, Period, Unit
from projects.rules.deadlines import deadlines
from projects.rules.periods import PeriodKey, parse
from projects.rules.policy import Policy
from projects.selectors.calendar import calendar as load_calendar
from projects.selectors.facts import project_facts
from projects.selectors.policy import policy_on
from supervision.enums import Series, SnapshotState
from supervision.models import RankingRow, Snapshot
from supervision.rules.boards import BOARDS, Inputs, boards, canonical, digest
from supervision.rules.ranks import RULE_VERSION
from supervision.rules.rows import Previous, Subject
from supervision.rules.schedule import SHANGHAI

CALENDAR_MARGIN = dt.timedelta(days=92)
"""How far around the plan year calendar exceptions can touch a working-day count of the period."""


@dataclass(frozen=True, slots=True)
class Days:
    """`as_of` is the day whose knowledge counts, `judged_on` the day on which lateness is measured."""

    as_of: dt.date
    judged_on: dt.date


@dataclass(frozen=True, slots=True)
class Frozen:
    """Facts and boards of a period as canonical JSON text, with the policy and rules that made them."""

    facts: str
    boards: str
    totals: dict[str, Any]
    policy: Policy

    @property
    def facts_digest(self) -> str:
        return digest(self.facts)

    @property
    def boards_digest(self) -> str:
        return digest(self.boards)

    @property
    def rule_version(self) -> str:
        return RULE_VERSION


def freeze(series: Series, key: PeriodKey, days: Days) -> Frozen:
    """The period as the ledger knew it on `days.as_of`. A fixed number of queries."""
    return of_inputs(inputs_of(series, key, days), policy_on(days.judged_on))


def of_inputs(inputs: Inputs, policy: Policy) -> Frozen:
    """Facts and boards of given inputs. Pure."""
    content = boards(inputs, policy)
    return Frozen(canonical(inputs.to_json()), canonical(content), content["totals"], policy)


def inputs_of(series: Series, key: PeriodKey, days: Days) -> Inputs:
    """What the rules need of the ledger for one period."""
    facts = tuple(
        replace(item, cutoff=key.ends_on)
        for item in project_facts(days.as_of, year=key.year, cutoff=key.ends_on, judged_on=days.judged_on)
    )
    leaders = {officer for item in facts for officer in (item.leader, *item.co_leaders) if officer is not None}
    first = dt.date(key.year, 1, 1) - CALENDAR_MARGIN
    return Inputs(
        series=series.value,
        period=key.key,
        cutoff=key.ends_on,
        judged_on=days.judged_on,
        projects=facts,
        units=tuple(
            Subject(unit.pk, unit.label, unit.board, unit.official_order)
            for unit in Unit.objects.valid_on(key.ends_on).order_by("pk")
        ),
        leaders=tuple(
            Subject(officer.pk, officer.name, "leaders", officer.official_order)
            for officer in Officer.objects.filter(
                pk__in=leaders, kind__in=(OfficerKind.MAIN_LEADER, OfficerKind.COUNTY_LEADER)
            ).order_by("pk")
        ),
        calendar={
            day: works
            for day, works in load_calendar().exceptions.items()
            if first <= day <= key.ends_on + CALENDAR_MARGIN
        },
        previous=previous_ranks(series, key),
    )


def previous_ranks(series: Series, key: PeriodKey) -> Mapping[str, Previous]:
    """The ranks of the latest published snapshot of the same year before this period, by board."""
    before = (
        Snapshot.objects.filter(
            series=series, state=SnapshotState.PUBLISHED, cutoff__lt=key.ends_on, period__year=key.year
        )
        .order_by("-cutoff")
        .first()
    )
    found: dict[str, dict[int, tuple[str, int]]] = {board: {} for board in BOARDS}
    if before is not None:
        rows = RankingRow.objects.filter(snapshot=before)
        for board, group, subject_id, rank in rows.values_list("board", "group", "subject_id", "rank"):
            if rank is not None:
                found[board][subject_id] = (group, rank)
    return found


def days_of(key: PeriodKey, at: dt.datetime, *, is_correction: bool = False) -> Days:
    """On which days a period's snapshot rests when it is taken at `at`.

    Once the lock has passed, the lock day counts for both, so that a late run gives the same bytes and what is accepted
    after the lock enters the next period. A correction, and a period entered afterwards from an old ledger, know what
    is known now, but still judge lateness on the lock day.
    """
    today = at.astimezone(SHANGHAI).date()
    period = Period.objects.filter(key=key.key).first()
    if period is None:
        lock_at = deadlines(key, policy_on(key.ends_on), load_calendar()).lock_at
        return Days(as_of=today, judged_on=min(today, lock_at.astimezone(SHANGHAI).date()))
    lock_day = period.lock_at.astimezone(SHANGHAI).date()
    is_afterthought = is_correction or period.opened_at > period.lock_at
    return Days(as_of=today if is_afterthought else min(today, lock_day), judged_on=min(today, lock_day))


def key_of(period: Period) -> PeriodKey:
    return parse(period.key)
