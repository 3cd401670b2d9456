"""Each project's light with its reasons and figures: stored where computed for that very day, computed where not."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.models import Indicator, LightChange, LightOverride, Project
from projects.rules.colours import Colour
from projects.rules.facts import ProjectFacts, from_json, to_json
from projects.rules.lights import DIMENSIONS, Judgement, Light, judge
from projects.selectors.calendar import calendar
from projects.selectors.facts import project_facts
from projects.selectors.policy import policy_on
from tracker.clock import end_of


@dataclass(frozen=True, slots=True)
class LightView:
    """One dimension as shown: colour, sentence, the numbers behind it, and what would improve it."""

    dimension: str
    title: str
    colour: Colour
    raw: Colour
    text: str
    hint: str
    numbers: dict[str, str]


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """The light of one project on one day. Amounts 万元; `rate` and `expected_rate` are fractions, `gap_points`
    percentage points, `schedule_ratio` a ratio; None is shown as "—"."""

    project_id: int
    as_of: dt.date
    colour: Colour
    computed: Colour
    text: str
    lights: tuple[LightView, ...]
    reporting: LightView | None
    plan: Decimal | None
    done: Decimal | None
    reported_done: Decimal | None
    prior: Decimal | None
    total: Decimal | None
    rate: Decimal | None
    expected_rate: Decimal
    planned_cumulative: Decimal | None
    gap_points: Decimal | None
    schedule_ratio: Decimal | None
    overall_rate: Decimal | None
    method: str
    notes: tuple[str, ...]
    compared_on: dt.date
    done_period: str | None
    done_cutoff: dt.date | None
    is_stale: bool
    last_colour: Colour | None
    missing_periods: int
    is_overridden: bool
    open_flags: tuple[str, ...]
    rule_version: str
    policy_version: str
    input_digest: str

    @property
    def marks(self) -> tuple[tuple[str, str], ...]:
        """Short marks with their meaning: 滞 stale, 未报 silent, 核 to verify, 客 cause, 调 set by a person."""
        found = []
        if self.is_stale:
            cutoff = f"{self.done_cutoff:%Y-%m-%d}" if self.done_cutoff else "无"
            found.append(("滞", f"数据滞后，截至{cutoff}"))
        if self.missing_periods:
            found.append(("未报", f"连续{self.missing_periods}期未报"))
        if self.open_flags or self.reported_done is not None:
            found.append(("核", "数据待核实或已按核实数计"))
        if any(light.colour is Colour.PURPLE for light in self.lights):
            found.append(("客", "客观原因生效期"))
        if self.is_overridden:
            found.append(("调", f"人工调整，计算结果为{self.computed.label}"))
        return tuple(found)

    @property
    def shown_colour(self) -> Colour:
        """What a stale project shows beside the grey: its last colour."""
        return self.last_colour or self.colour if self.colour is Colour.GREY else self.colour


def for_projects(projects: Iterable[Project], as_of: dt.date) -> dict[int, IndicatorView]:
    """The light of each project on `as_of`, by project id. One query when all are stored for that day, else a fixed
    number whatever the number of projects."""
    wanted = {project.pk: project for project in projects}
    stored = Indicator.objects.filter(project__in=wanted, as_of=as_of)
    views = {row.project_id: from_json(IndicatorView, row.detail) for row in stored}
    missing = [project for pk, project in wanted.items() if pk not in views]
    if missing:
        views |= {view.project_id: view for view, _ in computed(as_of, projects=missing)}
    return views


def computed(as_of: dt.date, *, projects: Iterable[Project] | None = None) -> list[tuple[IndicatorView, Judgement]]:
    """Judge projects (default: the year's list) as of a day from their facts, with what the rules said in full."""
    policy, days = policy_on(as_of), calendar()
    found = []
    for facts in project_facts(as_of, projects=projects):
        judgement = judge(facts, policy, days)
        found.append((view_of(facts, judgement), judgement))
    return found


def view_of(facts: ProjectFacts, judgement: Judgement) -> IndicatorView:
    """What is shown and stored of a judgement; the digest names its inputs."""
    figures = judgement.figures
    return IndicatorView(
        project_id=facts.id,
        as_of=facts.as_of,
        colour=judgement.colour,
        computed=judgement.computed,
        text=judgement.text,
        lights=tuple(_light_view(light) for light in judgement.lights),
        reporting=_light_view(judgement.reporting) if judgement.reporting else None,
        plan=figures.plan,
        done=figures.done,
        reported_done=facts.reported_done,
        prior=facts.prior,
        total=facts.total,
        rate=figures.rate,
        expected_rate=figures.expected_rate,
        planned_cumulative=figures.planned_cumulative,
        gap_points=figures.gap_points,
        schedule_ratio=figures.schedule_ratio,
        overall_rate=figures.overall_rate,
        method=judgement.expectation.method,
        notes=judgement.expectation.notes,
        compared_on=facts.compared_on,
        done_period=facts.done_period,
        # A week's figure may be accepted before the week has ended.
        done_cutoff=min(facts.done_cutoff, facts.as_of) if facts.done_cutoff else None,
        is_stale=judgement.is_stale,
        last_colour=judgement.last_colour,
        missing_periods=judgement.missing_periods,
        is_overridden=judgement.overridden,
        open_flags=facts.open_flags,
        rule_version=judgement.rule_version,
        policy_version=judgement.policy_version,
        input_digest=digest_of(facts),
    )


def digest_of(facts: ProjectFacts) -> str:
    """SHA-256 of the rule inputs: equal facts have equal digests whatever their stored scale."""
    text = json.dumps(to_json(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _light_view(light: Light) -> LightView:
    return LightView(light.dimension, light.title, light.colour, light.raw, light.text, light.hint, dict(light.numbers))


@dataclass(frozen=True, slots=True)
class ColourStep:
    """One line of a project's light history."""

    on: dt.date
    is_overall: bool
    title: str
    old: Colour | None
    new: Colour
    text: str
    numbers: dict[str, Any]
    rule_version: str


def colour_history(project: Project, as_of: dt.date) -> list[ColourStep]:
    """Every change of colour known by the day, newest first. One query."""
    rows = LightChange.objects.filter(project=project, on__lte=as_of).order_by("-on", "-pk")
    return [
        ColourStep(
            on=row.on,
            is_overall=row.dimension == LightChange.OVERALL,
            title=DIMENSIONS.get(row.dimension, "综合"),
            old=Colour(row.old) if row.old else None,
            new=Colour(row.new),
            text=row.text,
            numbers=row.numbers,
            rule_version=row.rule_version,
        )
        for row in rows
    ]


def overrides_of(project: Project, as_of: dt.date) -> list[LightOverride]:
    """Every colour a person set by the day, newest first, with that person. One query."""
    return list(LightOverride.objects.filter(project=project, at__lt=end_of(as_of)).select_related("actor"))
