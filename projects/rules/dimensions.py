"""The dimensions of the warning lights, one function each (docs/rules.md, Lights): colour, numbers, a sentence, and
what would improve it. None means the dimension does not apply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from projects.rules import periods
from projects.rules.colours import Colour
from projects.rules.facts import SIDE_STAGES, MilestoneFact, ProjectFacts, ReportFact
from projects.rules.policy import Policy
from projects.rules.progress import Expected, Figures
from projects.rules.wording import amount, date_text, day_text, number, points
from projects.workdays import Calendar

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


Rule = Callable[["Case"], Light | None]


@dataclass(frozen=True, slots=True)
class Case:
    facts: ProjectFacts
    policy: Policy
    calendar: Calendar
    expectation: Expected
    figures: Figures


# W1 investment schedule


def investment(case: Case) -> Light | None:
    """W1: done against what should be done. Applies once started, with a plan and an expectation above zero."""
    facts, policy = case.facts, case.policy
    planned, ratio, gap = case.figures.planned_cumulative, case.figures.schedule_ratio, case.figures.gap_points
    if not facts.is_started or not facts.plan or not planned:
        return None
    done = facts.done
    if done is None or ratio is None or gap is None:
        text = f"累计完成投资未填，应完成{amount(planned)}（截至{day_text(facts.compared_on)}）；空白不等于0。"
        numbers = {"expected": number(planned), "plan": number(facts.plan)}
        return Light("W1", Colour.GREY, Colour.GREY, text, numbers, "填报累计完成投资。")
    if facts.exceeds_total and facts.total is not None:
        text = f"数字有误？本年累计{amount(done)}已超过总投资{amount(facts.total)}，核实前不评投资灯。"
        numbers = {"done": number(done), "total": number(facts.total)}
        return Light("W1", Colour.GREY, Colour.GREY, text, numbers, "核实或更正累计完成投资。")
    raw = _by_ratio(ratio, policy) if policy.schedule_method == "ratio" else _by_points(gap, policy)
    short = planned - done
    small = case.expectation.rate < policy.small_rate or short < max(
        policy.small_amount, policy.small_share * facts.plan
    )
    note = ""
    if small and raw.severity > Colour.BLUE.severity:
        raw, note = Colour.BLUE, "；基数小，按小额规则不劣于关注"
    text = (
        f"累计完成{amount(done)}，应完成{amount(planned)}（{case.expectation.method}，截至{day_text(facts.compared_on)}），"
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


def start(case: Case) -> Light | None:
    """W2: a new start not confirmed started, against the end of its planned month (or wider written precision)."""
    facts, policy = case.facts, case.policy
    planned = facts.milestone("start")
    if facts.annual_class != "new_start" or facts.is_started or facts.stage in SIDE_STAGES:
        return None
    if planned is None:
        return Light("W2", Colour.GREY, Colour.GREY, "未填计划开工时间，无从判断。", {}, "填报计划开工时间。")
    window_end = start_window_end(planned)
    late = (facts.judged_on - window_end).days
    label = date_text(planned)
    numbers = {"planned": planned.due.isoformat(), "days_late": str(max(late, 0))}
    if late > 0:
        ends_passed = _month_ends_after(window_end, facts.judged_on)
        red = late >= policy.start_red_days or ends_passed >= policy.start_red_months
        colour = Colour.RED if red else Colour.YELLOW
        text = f"计划{label}开工，至今未确认开工，已逾期{late}天。"
        return Light("W2", colour, colour, text, numbers, "确认开工（合同、施工许可、现场照片）后解除。")
    near = facts.judged_on + dt.timedelta(days=policy.start_near_days) >= planned.due
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


def nodes(case: Case) -> Light | None:
    """W3: the worst of all milestones but the start."""
    facts, policy = case.facts, case.policy
    if not facts.nodes or facts.stage in SIDE_STAGES:
        return None
    judged = [(_node_colour(node, facts, policy), node) for node in facts.nodes]
    colour, node = max(judged, key=lambda pair: (pair[0].severity, (facts.judged_on - pair[1].due).days))
    overdue = [item for _, item in judged if is_overdue(item, facts)]
    late = (facts.judged_on - node.due).days
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
    return node.done is None and node.due < facts.judged_on


def _node_colour(node: MilestoneFact, facts: ProjectFacts, policy: Policy) -> Colour:
    if node.done is not None or (node.kind == "finish" and facts.is_finished):
        return Colour.GREEN
    late = (facts.judged_on - node.due).days
    if late <= 0:
        return Colour.BLUE if -late <= policy.node_near_days and node.percent < 100 else Colour.GREEN
    limit = policy.node_red_days if node.weight == "ordinary" else policy.key_node_red_days
    return Colour.RED if late > limit else Colour.YELLOW


# W4 statistics inclusion


def inclusion(case: Case) -> Light | None:
    """W4: days since the confirmed start without inclusion in the statistics. Once included it does not apply."""
    facts, policy = case.facts, case.policy
    due = facts.inclusion_required and facts.total is not None and facts.total >= policy.inclusion_total
    if not due or facts.started_on is None or facts.started_on > facts.judged_on:
        return None
    if facts.included_on is not None and facts.included_on <= facts.judged_on:
        return None
    days = (facts.judged_on - facts.started_on).days
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


# W9 reporting


def reporting(case: Case) -> Light | None:
    facts, policy, calendar = case.facts, case.policy, case.calendar
    due = facts.due_reports
    if not due:
        return None
    missing = missing_periods(facts)
    latest = max(due, key=lambda report: (report.due, report.period))
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
        text = f"{title}报告应于{day_text(latest.due)}报送，已迟{late}个工作日。"
    elif late > 0:
        text = f"{title}报告迟报{late}个工作日。"
    else:
        text = f"{title}报告按时报送" + (f"，被退回{latest.returned}次。" if latest.returned else "。")
    return Light("W9", colour, colour, text, numbers, "" if colour is Colour.GREEN else "按时报送下一期后解除。")


def _workdays_late(report: ReportFact, as_of: dt.date, calendar: Calendar) -> int:
    return max(0, calendar.working_days_between(report.due, report.submitted or as_of))


def missing_periods(facts: ProjectFacts) -> int:
    """Consecutive periods of the same kind without a report, counted back from the newest; the worse kind counts."""
    return max((len(silence(facts, kind)) for kind in {report.kind for report in facts.due_reports}), default=0)


def silence(facts: ProjectFacts, kind: str) -> list[ReportFact]:
    """The reports of `kind` that are missing without a break up to the newest one due."""
    own = (report for report in reversed(facts.due_reports) if report.kind == kind)
    return list(takewhile(lambda report: report.submitted is None, own))


def is_stale(facts: ProjectFacts) -> bool:
    """The newest accepted figure is older than the newest period whose due date has passed."""
    if not facts.due_reports:
        return False
    required = max(report.cutoff for report in facts.due_reports)
    return facts.done_cutoff is None or facts.done_cutoff < required
