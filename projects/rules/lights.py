"""The warning lights (docs/rules.md, Lights). Each dimension answers with its colour, the numbers, a sentence, and
what would improve it; the overall light is the worst that applies, after the repeat rule, silence and an override.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from projects.rules import periods
from projects.rules.colours import Colour, at_least, worst
from projects.rules.dimensions import (
    DIMENSIONS,
    RULES,
    Case,
    Light,
    is_overdue,
    is_stale,
    missing_periods,
    reporting,
    silence,
    start_window_end,
)
from projects.rules.facts import SIDE_STAGES, ProjectFacts
from projects.rules.policy import Policy
from projects.rules.progress import Expected, Figures, expected, figures
from projects.rules.wording import amount, date_text, day_text, number, points
from projects.workdays import Calendar

__all__ = [
    "DIMENSIONS",
    "RULE_VERSION",
    "Judgement",
    "Light",
    "amount",
    "date_text",
    "day_text",
    "expectation_of",
    "is_overdue",
    "judge",
    "number",
    "points",
    "start_window_end",
]

RULE_VERSION = "2026.1"
"""Changes whenever the same facts and policy could give another answer."""

EXCUSED = frozenset({"W1", "W2", "W3"})
"""Dimensions that a recognised objective cause turns purple."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The overall light with everything that led to it. `reporting` (W9) is shown beside, never part of the worst-of.
    `computed` is the colour before a person's override."""

    colour: Colour
    computed: Colour
    text: str
    lights: tuple[Light, ...]
    reporting: Light | None
    figures: Figures
    expectation: Expected
    is_stale: bool
    last_colour: Colour | None
    missing_periods: int
    overridden: bool
    rule_version: str
    policy_version: str

    @property
    def deciding(self) -> Light | None:
        """The applicable dimension that is worst."""
        return max(self.lights, key=lambda light: light.colour.severity, default=None)


def judge(facts: ProjectFacts, policy: Policy, calendar: Calendar) -> Judgement:
    """All lights of one project as of `facts.as_of`."""
    case = _case(facts, policy, calendar)
    lights = tuple(
        _excused(_repeated(light, facts, policy), case) for rule in RULES if (light := rule(case)) is not None
    )
    computed, last, text = _overall(case, lights)
    colour = computed
    override = facts.override
    if override and override.expires >= facts.as_of and override.colour.severity > _known_severity(computed, last):
        colour = override.colour
        until = day_text(override.expires)
        text = f"{override.by}人工调整为{override.colour.label}（{override.reason}），有效至{until}；{text}"
    return Judgement(
        colour=colour,
        computed=computed,
        text=text,
        lights=lights,
        reporting=reporting(case),
        figures=case.figures,
        expectation=case.expectation,
        is_stale=is_stale(facts),
        last_colour=last,
        missing_periods=missing_periods(facts),
        overridden=colour is not computed,
        rule_version=RULE_VERSION,
        policy_version=policy.version,
    )


def _known_severity(computed: Colour, last: Colour | None) -> int:
    """What an override has to exceed: behind the grey of a stale project stands its last colour."""
    return max(computed.severity, last.severity if last else 0)


def expectation_of(facts: ProjectFacts, policy: Policy) -> Expected:
    """E and PC of the project at the day its amounts are compared."""
    start = facts.milestone("start")
    finish = facts.milestone("finish")
    return expected(
        year=facts.year,
        on=facts.compared_on,
        plan=facts.plan,
        months=facts.months,
        start=start.due if start else None,
        finish=finish.due if finish else None,
        curve=policy.curve,
        freezes=facts.freezes,
        freeze_limit_days=policy.freeze_limit_days,
    )


def _case(facts: ProjectFacts, policy: Policy, calendar: Calendar) -> Case:
    expectation = expectation_of(facts, policy)
    return Case(
        facts=facts,
        policy=policy,
        calendar=calendar,
        expectation=expectation,
        figures=figures(
            plan=facts.plan, done=facts.done, prior=facts.prior, total=facts.total, expectation=expectation
        ),
    )


def _excused(light: Light, case: Case) -> Light:
    """While a recognised objective cause is in force, lateness in investment, start and nodes is not counted."""
    if not case.expectation.frozen or light.dimension not in EXCUSED or light.colour.severity == 0:
        return light
    purple = Colour.PURPLE
    return replace(light, colour=purple, raw=purple, text=f"{light.text}客观原因生效期，不计滞后。")


def _overall(case: Case, lights: tuple[Light, ...]) -> tuple[Colour, Colour | None, str]:
    """The overall colour before an override, the colour last known of a stale project, and the sentence."""
    facts, policy = case.facts, case.policy
    if facts.stage in SIDE_STAGES:
        return Colour.GREY, None, "已暂停、调出、终止或移交，不评灯。"
    if facts.is_package:
        return Colour.GREY, None, "打包项目只汇总，按子项目评灯。"
    known = worst(light.colour for light in lights)
    text = _overall_text(lights, known)
    stale = is_stale(facts)
    last = (known or facts.last_colour) if stale else None
    if case.expectation.frozen:
        return Colour.PURPLE, last, f"客观原因生效期，不计滞后。{text}"
    if missing_periods(facts) >= policy.missing_red_periods:
        return Colour.RED, last, f"未报送：连续{missing_periods(facts)}期没有报告。{text}"
    if stale:
        until = f"最近一次通过的数据截至{day_text(facts.done_cutoff)}" if facts.done_cutoff else "从未有数据通过审核"
        return _stale_colour(case, last), last, f"数据滞后：{until}。{text}"
    blank = next((light for light in lights if light.colour is Colour.GREY), None)
    if known is None or (blank is not None and known.severity < Colour.YELLOW.severity):
        return Colour.GREY, None, blank.text if blank else "尚无可评价的内容。"
    return known, None, text


def _stale_colour(case: Case, last: Colour | None) -> Colour:
    """Grey with the last colour until five working days after the due date, then never better than yellow: silence is
    not success. A report that lies with the reviewer is not the unit's silence."""
    waited = max(
        (
            case.calendar.working_days_between(report.due, case.facts.as_of)
            for kind in {report.kind for report in case.facts.due_reports}
            for report in silence(case.facts, kind)
        ),
        default=0,
    )
    if waited >= case.policy.silence_floor_workdays:
        return at_least(last or Colour.YELLOW, Colour.YELLOW)
    return Colour.GREY


def _overall_text(lights: tuple[Light, ...], colour: Colour | None) -> str:
    if colour is None or colour is Colour.GREEN:
        return "各项指标正常。" if lights else ""
    return "".join(f"{light.title}：{light.text}" for light in lights if light.colour is colour)


def _repeated(light: Light, facts: ProjectFacts, policy: Policy) -> Light:
    """Two consecutive monthly yellows in one dimension make it red; the sentence says so."""
    if not policy.repeat_rule or light.raw is not Colour.YELLOW:
        return light
    day = facts.compared_on
    if periods.is_month_end(day):
        needed = [periods.preceding(periods.period_of("month", day))]
    else:
        last = periods.preceding(periods.period_of("month", day))
        needed = [last, periods.preceding(last)]
    past = {(item.month, item.dimension): item.colour for item in facts.past_colours}
    if all(past.get((month.key, light.dimension)) is Colour.YELLOW for month in needed):
        return replace(light, colour=Colour.RED, text=f"{light.text}连续两个月预警，按规则转为告警。")
    return light
