"""The warning lights (docs/rules.md, Lights). Each dimension answers with its colour, the numbers, a sentence, and
what would improve it; the overall light is the worst that applies, after caps, the repeat rule and a person's override.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from projects.rules import periods
from projects.rules.colours import Colour, at_least, at_most, worst
from projects.rules.facts import SIDE_STAGES, MilestoneFact, ProjectFacts, ReportFact
from projects.rules.policy import Policy
from projects.rules.progress import HUNDRED, Expected, Figures, expected, figures
from projects.workdays import Calendar

RULE_VERSION = "2026.1"
"""Changes whenever the same facts and policy could give another answer."""

CAPS: dict[str, Colour] = {"W6": Colour.YELLOW, "W7": Colour.YELLOW}
"""Dimensions that contribute at most this colour to the overall light (W6 only after the start)."""

DIMENSIONS = {
    "W1": "投资进度",
    "W2": "开工",
    "W3": "节点",
    "W4": "入统",
    "W5": "资金",
    "W6": "手续",
    "W7": "问题",
    "W8": "事故",
    "W9": "报送",
}


@dataclass(frozen=True, slots=True)
class Light:
    """One dimension's answer. `raw` is the colour before the repeat rule; `hint` says what would improve it."""

    dimension: str
    colour: Colour
    raw: Colour
    text: str
    numbers: dict[str, str]
    hint: str = ""

    @property
    def title(self) -> str:
        return DIMENSIONS[self.dimension]


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


Rule = Callable[["_Case"], Light | None]


@dataclass(frozen=True, slots=True)
class _Case:
    facts: ProjectFacts
    policy: Policy
    calendar: Calendar
    expectation: Expected
    figures: Figures


def judge(facts: ProjectFacts, policy: Policy, calendar: Calendar) -> Judgement:
    """All lights of one project as of `facts.as_of`."""
    case = _case(facts, policy, calendar)
    lights = tuple(
        _repeated(light, facts, policy) for rule in RULES if (light := rule(case)) is not None
    )
    reporting = _reporting(case)
    computed, text = _overall(case, lights, reporting)
    colour, overridden = computed, False
    override = facts.override
    if override and override.expires >= facts.as_of and override.colour.severity > computed.severity:
        colour, overridden = override.colour, True
        until = _day(override.expires)
        text = f"{override.by}人工调整为{override.colour.label}（{override.reason}），有效至{until}；{text}"
    stale = _is_stale(facts)
    return Judgement(
        colour=colour,
        computed=computed,
        text=text,
        lights=lights,
        reporting=reporting,
        figures=case.figures,
        expectation=case.expectation,
        is_stale=stale,
        last_colour=(worst(light.colour for light in lights) or facts.last_colour) if stale else None,
        missing_periods=_missing(facts),
        overridden=overridden,
        rule_version=RULE_VERSION,
        policy_version=policy.version,
    )


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
    )


def _case(facts: ProjectFacts, policy: Policy, calendar: Calendar) -> _Case:
    expectation = expectation_of(facts, policy)
    return _Case(
        facts=facts,
        policy=policy,
        calendar=calendar,
        expectation=expectation,
        figures=figures(
            plan=facts.plan, done=facts.done, prior=facts.prior, total=facts.total, expectation=expectation
        ),
    )


# W1 investment schedule


def investment(case: _Case) -> Light | None:
    """W1: done against what should be done. Applies once started, with a plan and an expectation above zero."""
    facts, policy = case.facts, case.policy
    planned = case.figures.planned_cumulative
    if not facts.is_started or not facts.plan or not planned:
        return None
    done = facts.done if facts.done is not None else Decimal(0)
    ratio = done / planned
    gap = done / facts.plan * HUNDRED - case.expectation.rate * HUNDRED
    raw = _by_ratio(ratio, policy) if policy.schedule_method == "ratio" else _by_points(gap, policy)
    short = planned - done
    small = case.expectation.rate < policy.small_rate or short < max(
        policy.small_amount, policy.small_share * facts.plan
    )
    note = ""
    if small and raw.severity > Colour.BLUE.severity:
        raw, note = Colour.BLUE, "；基数小，按小额规则不劣于关注"
    if case.expectation.frozen and raw.severity > Colour.BLUE.severity:
        raw, note = Colour.PURPLE, "；客观原因生效期，不计滞后"
    filled = f"累计完成{amount(done)}" if facts.done is not None else "累计完成未填"
    text = (
        f"{filled}，应完成{amount(planned)}（{case.expectation.method}，截至{_day(facts.compared_on)}），"
        f"进度比{number(ratio)}，{points(gap)}{note}。"
    )
    return Light(
        "W1",
        raw,
        raw,
        text,
        {
            "done": number(done),
            "expected": number(planned),
            "ratio": number(ratio),
            "gap_points": number(gap),
            "plan": number(facts.plan),
        },
        _investment_hint(raw, planned, done, policy),
    )


def _by_ratio(ratio: Decimal, policy: Policy) -> Colour:
    if ratio >= policy.ratio_green:
        return Colour.GREEN
    if ratio >= policy.ratio_blue:
        return Colour.BLUE
    return Colour.YELLOW if ratio >= policy.ratio_yellow else Colour.RED


def _by_points(gap: Decimal, policy: Policy) -> Colour:
    if gap >= 0:
        return Colour.GREEN
    if gap > policy.points_blue:
        return Colour.BLUE
    return Colour.YELLOW if gap >= policy.points_yellow else Colour.RED


def _investment_hint(colour: Colour, planned: Decimal, done: Decimal, policy: Policy) -> str:
    steps = {
        Colour.RED: (policy.ratio_yellow, Colour.YELLOW),
        Colour.YELLOW: (policy.ratio_blue, Colour.BLUE),
        Colour.BLUE: (policy.ratio_green, Colour.GREEN),
    }
    if policy.schedule_method != "ratio" or colour not in steps:
        return ""
    ratio, better = steps[colour]
    missing = planned * ratio - done
    return f"再完成{amount(missing)}可转为{better.label}。" if missing > 0 else ""


# W2 start


def start(case: _Case) -> Light | None:
    """W2: a new start not confirmed started, against the end of its planned month (or wider written precision)."""
    facts, policy = case.facts, case.policy
    planned = facts.milestone("start")
    if facts.annual_class != "new_start" or facts.is_started or planned is None:
        return None
    if facts.stage in SIDE_STAGES:
        return None
    window_end = start_window_end(planned)
    late = (facts.as_of - window_end).days
    label = date_text(planned)
    numbers = {"planned": planned.due.isoformat(), "days_late": str(max(late, 0))}
    if late > 0:
        ends_passed = _month_ends_after(window_end, facts.as_of)
        red = late >= policy.start_red_days or ends_passed >= policy.start_red_months
        colour = Colour.RED if red else Colour.YELLOW
        text = f"计划{label}开工，至今未确认开工，已逾期{late}天。"
        return Light("W2", colour, colour, text, numbers, "确认开工（合同、施工许可、现场照片）后解除。")
    near = facts.as_of + dt.timedelta(days=policy.start_near_days) >= planned.due
    colour = Colour.BLUE if near else Colour.GREEN
    text = f"计划{label}开工，" + ("时限临近，尚未开工。" if near else "未到开工时间。")
    return Light("W2", colour, colour, text, numbers)


def start_window_end(planned: MilestoneFact) -> dt.date:
    """The last day on which a start is on time: the end of the written precision, at least the month's end."""
    months = {"quarter": 2, "half_year": 5, "year": 11}.get(planned.precision, 0)
    return periods.add_months(planned.due, months)


def _month_ends_after(day: dt.date, until: dt.date) -> int:
    return sum(periods.add_months(day, step) <= until for step in range(1, 4))


# W3 nodes


def nodes(case: _Case) -> Light | None:
    """W3: the worst of all milestones but the start."""
    facts, policy = case.facts, case.policy
    if not facts.nodes or facts.stage in SIDE_STAGES:
        return None
    judged = [(_node_colour(node, facts, policy), node) for node in facts.nodes]
    colour, node = max(judged, key=lambda pair: (pair[0].severity, (facts.as_of - pair[1].due).days))
    overdue = [item for _, item in judged if is_overdue(item, facts)]
    late = (facts.as_of - node.due).days
    if colour is Colour.GREEN:
        text = f"共{len(judged)}个节点，无逾期。"
    elif late <= 0:
        text = f"节点“{node.title}”{date_text(node)}到期，完成{node.percent}%。"
    else:
        more = f"，另有{len(overdue) - 1}个节点逾期" if len(overdue) > 1 else ""
        text = f"节点“{node.title}”应于{date_text(node)}完成，已逾期{late}天{more}。"
    numbers = {"nodes": str(len(judged)), "overdue": str(len(overdue)), "days_late": str(max(late, 0))}
    return Light("W3", colour, colour, text, numbers, "完成并经核实后解除。" if overdue else "")


def is_overdue(node: MilestoneFact, facts: ProjectFacts) -> bool:
    """Not done by the day, and its last day has passed; the planned finish also counts as met by a finished stage."""
    if node.kind == "finish" and facts.is_finished:
        return False
    return node.done is None and node.due < facts.as_of


def _node_colour(node: MilestoneFact, facts: ProjectFacts, policy: Policy) -> Colour:
    if node.done is not None or (node.kind == "finish" and facts.is_finished):
        return Colour.GREEN
    late = (facts.as_of - node.due).days
    if late <= 0:
        return Colour.BLUE if -late <= policy.node_near_days and node.percent < 100 else Colour.GREEN
    limit = policy.node_red_days if node.weight == "ordinary" else policy.key_node_red_days
    return Colour.RED if late > limit else Colour.YELLOW


# W4 statistics inclusion


def inclusion(case: _Case) -> Light | None:
    """W4: days since the confirmed start without inclusion in the statistics."""
    facts, policy = case.facts, case.policy
    due = facts.inclusion_required and facts.total is not None and facts.total >= policy.inclusion_total
    if not due or facts.started_on is None or facts.started_on > facts.as_of:
        return None
    if facts.included_on is not None and facts.included_on <= facts.as_of:
        text = f"已于{_day(facts.included_on)}入统。"
        return Light("W4", Colour.GREEN, Colour.GREEN, text, {"days": "0"})
    days = (facts.as_of - facts.started_on).days
    if days <= policy.inclusion_green_days:
        colour = Colour.GREEN
    elif days <= policy.inclusion_blue_days:
        colour = Colour.BLUE
    else:
        colour = Colour.YELLOW if days <= policy.inclusion_yellow_days else Colour.RED
    text = f"开工{days}天，尚未入统。"
    return Light("W4", colour, colour, text, {"days": str(days)}, "补齐入统资料并完成入统后解除。")


RULES: tuple[Rule, ...] = (investment, start, nodes, inclusion)
"""The dimensions in force, in order. W5 to W8 join here when their facts exist."""


# W9 reporting and the overall light


def _reporting(case: _Case) -> Light | None:
    facts, policy, calendar = case.facts, case.policy, case.calendar
    if not facts.reports:
        return None
    missing = _missing(facts)
    latest = max(facts.reports, key=lambda report: (report.due, report.period))
    late = _workdays_late(latest, facts.as_of, calendar)
    numbers = {"missing": str(missing), "workdays_late": str(late), "returned": str(latest.returned)}
    title = periods.parse(latest.period).title
    if missing >= policy.missing_red_periods:
        return Light("W9", Colour.RED, Colour.RED, f"连续{missing}期未报送。", numbers, "补报后解除。")
    if late > policy.late_yellow_workdays:
        colour = Colour.RED
    elif late > policy.late_blue_workdays or latest.returned >= policy.returned_yellow_times:
        colour = Colour.YELLOW
    else:
        colour = Colour.BLUE if late > 0 else Colour.GREEN
    if latest.submitted is None:
        text = f"{title}报告应于{_day(latest.due)}报送，已迟{late}个工作日。"
    elif late > 0:
        text = f"{title}报告迟报{late}个工作日。"
    else:
        text = f"{title}报告按时报送" + (f"，被退回{latest.returned}次。" if latest.returned else "。")
    return Light("W9", colour, colour, text, numbers, "" if colour is Colour.GREEN else "按时报送下一期后解除。")


def _workdays_late(report: ReportFact, as_of: dt.date, calendar: Calendar) -> int:
    return max(0, calendar.working_days_between(report.due, report.submitted or as_of))


def _missing(facts: ProjectFacts) -> int:
    """Consecutive periods of the same kind without a report, counted back from the newest; the worse kind counts."""
    worst_run = 0
    for kind in {report.kind for report in facts.reports}:
        run = 0
        own = (report for report in facts.reports if report.kind == kind)
        for report in sorted(own, key=lambda item: item.cutoff, reverse=True):
            if report.submitted is not None:
                break
            run += 1
        worst_run = max(worst_run, run)
    return worst_run


def _is_stale(facts: ProjectFacts) -> bool:
    """The newest accepted figure is older than the newest period whose due date has passed."""
    if not facts.reports:
        return False
    required = max(report.cutoff for report in facts.reports)
    return facts.done_cutoff is None or facts.done_cutoff < required


def _overall(case: _Case, lights: tuple[Light, ...], reporting: Light | None) -> tuple[Colour, str]:
    facts, policy = case.facts, case.policy
    if facts.stage in SIDE_STAGES:
        return Colour.GREY, "已暂停、调出、终止或移交，不评灯。"
    capped = [_capped(light, facts) for light in lights]
    colour = worst(capped)
    text = _overall_text(lights, colour)
    if any(light.colour is Colour.PURPLE for light in lights) and (colour is None or colour.severity < 2):
        colour, text = Colour.PURPLE, "客观原因生效期，不计滞后。"
    if _missing(facts) >= policy.missing_red_periods:
        return Colour.RED, f"未报送：连续{_missing(facts)}期没有报告。"
    if _is_stale(facts):
        return _stale_colour(case, colour), f"数据滞后：最近一次通过的数据截至{_cutoff(facts)}。{text}"
    if colour is None:
        return Colour.GREY, "尚无可评价的内容。"
    return colour, text


def _stale_colour(case: _Case, colour: Colour | None) -> Colour:
    """Grey with the last colour until five working days after the due date, then never better than yellow: silence is
    not success. A report that lies with the reviewer is not the unit's silence."""
    unanswered = [report for report in case.facts.reports if report.submitted is None]
    waited = max(
        (case.calendar.working_days_between(report.due, case.facts.as_of) for report in unanswered), default=0
    )
    if waited >= case.policy.silence_floor_workdays:
        return at_least(colour or Colour.YELLOW, Colour.YELLOW)
    return Colour.GREY


def _capped(light: Light, facts: ProjectFacts) -> Colour:
    cap = CAPS.get(light.dimension)
    if cap is None or (light.dimension == "W6" and not facts.is_started):
        return light.colour
    return at_most(light.colour, cap)


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
        needed = (periods.preceding(periods.period_of("month", day)),)
    else:
        last = periods.preceding(periods.period_of("month", day))
        needed = (last, periods.preceding(last))
    past = {(item.month, item.dimension): item.colour for item in facts.past_colours}
    if all(past.get((month.key, light.dimension)) is Colour.YELLOW for month in needed):
        return replace(light, colour=Colour.RED, text=f"{light.text}连续两个月预警，按规则转为告警。")
    return light


# wording


def number(value: Decimal, places: int = 4) -> str:
    """Plain text of a number, rounded half up, without trailing zeros."""
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded.normalize():f}" if rounded else "0"


def amount(value: Decimal) -> str:
    return f"{number(value, 2)}万元"


def points(gap: Decimal) -> str:
    """超序时13.87个百分点 / 低于序时12.86个百分点 / 与序时持平."""
    rounded = gap.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if not rounded:
        return "与序时持平"
    word = "超序时" if rounded > 0 else "低于序时"
    return f"{word}{number(abs(rounded), 2)}个百分点"


def date_text(milestone: MilestoneFact) -> str:
    """The date as precisely as it was written."""
    day = milestone.due
    forms = {
        "year": f"{day.year}年",
        "half_year": f"{day.year}年{'上' if day.month <= 6 else '下'}半年",
        "quarter": f"{day.year}年第{(day.month + 2) // 3}季度",
        "month": f"{day.year}年{day.month}月",
    }
    return forms.get(milestone.precision, _day(day))


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _cutoff(facts: ProjectFacts) -> str:
    return _day(facts.done_cutoff) if facts.done_cutoff else "——"
