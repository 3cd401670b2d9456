"""Verification flags (docs/rules.md, Flags): figures that look wrong. They warn and ask a reason; only what is
impossible blocks. Amounts are Decimal 万元."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from projects.rules.facts import BUILDING_STAGES, FINISHED_STAGES
from projects.rules.policy import Policy
from projects.rules.wording import number

Severity = Literal["warn", "block"]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one report says: the year's cumulative, the stage and the text."""

    done: Decimal | None
    stage: str
    progress: str


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """A report beside what is known: the last accepted ones of the year (newest first), plan, total, prior years."""

    current: Figure
    previous: tuple[Figure, ...]
    cutoff: dt.date
    plan: Decimal | None
    total: Decimal | None
    prior: Decimal | None
    planned_start: dt.date | None = None
    planned_finish: dt.date | None = None
    has_contract: bool = True


@dataclass(frozen=True, slots=True)
class Flag:
    """`code` is stable, `text` is the sentence for the reporter and the checker."""

    code: str
    severity: Severity
    text: str
    numbers: dict[str, str]


TITLES = {
    "over_total_block": "累计超过总投资",
    "over_total": "数字待核实",
    "decrease": "累计减少",
    "jump": "单期增量过大",
    "over_plan": "完成率过高",
    "unchanged_text": "进度文字未变",
    "copied_text": "与上期文字相同",
    "no_contract": "开工未签合同",
    "finished_short": "报完工但投资不足",
    "finished_early": "报完工早于计划",
    "unfinished_late": "竣工时限已过",
    "unstarted_late": "开工时限已过",
    "empty": "累计未填",
}


def check(report: ReportCheck, policy: Policy) -> tuple[Flag, ...]:
    """Every flag of the report, blocks first. One function per rule, all answers at once."""
    found = [flag for rule in _RULES if (flag := rule(report, policy)) is not None]
    return tuple(sorted(found, key=lambda flag: flag.severity != "block"))


def _over_total_block(report: ReportCheck, policy: Policy) -> Flag | None:
    done, total = report.current.done, report.total
    if done is None or not total:
        return None
    everything = done + (report.prior or Decimal(0))
    limit = total * policy.over_total_block
    if everything <= limit:
        return None
    text = (
        f"开工以来累计{number(everything, 2)}万元，"
        f"超过总投资{number(total, 2)}万元的{number(policy.over_total_block)}倍。"
        "请核对小数点和单位（万元）；确需增加总投资的，先由重点项目办调整总投资。"
    )
    return Flag("over_total_block", "block", text, {"all": number(everything), "total": number(total)})


def _over_total(report: ReportCheck, policy: Policy) -> Flag | None:
    done, total = report.current.done, report.total
    if done is None or total is None or done <= total:
        return None
    text = f"数字有误？本年累计{number(done, 2)}万元已超过总投资{number(total, 2)}万元，核实前不参加排名。"
    return Flag("over_total", "warn", text, {"done": number(done), "total": number(total)})


def _decrease(report: ReportCheck, policy: Policy) -> Flag | None:
    last = _last_done(report)
    done = report.current.done
    if last is None or done is None or done >= last:
        return None
    text = f"本年累计{number(done, 2)}万元，比上次通过的{number(last, 2)}万元减少{number(last - done, 2)}万元。"
    return Flag("decrease", "warn", text, {"done": number(done), "last": number(last)})


def _jump(report: ReportCheck, policy: Policy) -> Flag | None:
    done = report.current.done
    if done is None or not report.plan:
        return None
    growth = done - (_last_done(report) or Decimal(0))
    if growth <= report.plan * policy.jump_share:
        return None
    share = growth / report.plan * 100
    text = f"本期增加{number(growth, 2)}万元，占年度计划的{number(share, 1)}%，增幅较大。"
    return Flag("jump", "warn", text, {"growth": number(growth), "plan": number(report.plan)})


def _over_plan(report: ReportCheck, policy: Policy) -> Flag | None:
    done = report.current.done
    if done is None or not report.plan or done <= report.plan * policy.over_plan_rate:
        return None
    text = f"完成率{number(done / report.plan * 100, 2)}%，明显高于年度计划{number(report.plan, 2)}万元。"
    return Flag("over_plan", "warn", text, {"done": number(done), "plan": number(report.plan)})


def _unchanged_text(report: ReportCheck, policy: Policy) -> Flag | None:
    """Investment grew while the text stayed the same for two periods."""
    done, last = report.current.done, _last_done(report)
    texts = [report.current.progress, *(item.progress for item in report.previous[:2])]
    if len(texts) < 3 or done is None or last is None or done <= last or not texts[0].strip():
        return None
    if len({_squeezed(text) for text in texts}) > 1:
        return None
    text = f"投资增加{number(done - last, 2)}万元，但形象进度连续两期没有变化。"
    return Flag("unchanged_text", "warn", text, {"growth": number(done - last)})


def _copied_text(report: ReportCheck, policy: Policy) -> Flag | None:
    if not report.previous or not report.current.progress.strip():
        return None
    if _squeezed(report.current.progress) != _squeezed(report.previous[0].progress):
        return None
    return Flag("copied_text", "warn", "形象进度与上期完全相同，请确认本期进展。", {})


def _no_contract(report: ReportCheck, policy: Policy) -> Flag | None:
    if report.current.stage not in BUILDING_STAGES or report.has_contract:
        return None
    if any(item.stage in BUILDING_STAGES for item in report.previous[:1]):
        return None
    return Flag("no_contract", "warn", "报告已开工，但尚未登记施工合同。", {})


def _finished_short(report: ReportCheck, policy: Policy) -> Flag | None:
    done = report.current.done
    if report.current.stage not in FINISHED_STAGES or not report.plan:
        return None
    if done is not None and done >= report.plan * policy.contradiction_rate:
        return None
    shown = "未填" if done is None else f"{number(done, 2)}万元"
    text = f"报告已完工，但本年累计{shown}，年度计划为{number(report.plan, 2)}万元，前后矛盾。"
    numbers = {"plan": number(report.plan)} | ({} if done is None else {"done": number(done)})
    return Flag("finished_short", "warn", text, numbers)


def _finished_early(report: ReportCheck, policy: Policy) -> Flag | None:
    finish = report.planned_finish
    if report.current.stage not in FINISHED_STAGES or finish is None:
        return None
    ahead = (finish.year - report.cutoff.year) * 12 + finish.month - report.cutoff.month
    if ahead <= 6:
        return None
    text = f"报告已完工，但计划竣工时间为{finish.year}年{finish.month}月，相差{ahead}个月，请核对。"
    return Flag("finished_early", "warn", text, {"months_ahead": str(ahead)})


def _unfinished_late(report: ReportCheck, policy: Policy) -> Flag | None:
    finish = report.planned_finish
    if finish is None or finish >= report.cutoff or report.current.stage in FINISHED_STAGES or not report.current.stage:
        return None
    text = f"计划{finish.year}年{finish.month}月竣工，时限已过，仍未报完工。"
    return Flag("unfinished_late", "warn", text, {"planned": finish.isoformat()})


def _unstarted_late(report: ReportCheck, policy: Policy) -> Flag | None:
    start = report.planned_start
    stage = report.current.stage
    if start is None or not stage or stage in BUILDING_STAGES or start >= report.cutoff:
        return None
    if (start.year, start.month) >= (report.cutoff.year, report.cutoff.month):
        return None
    text = f"计划{start.year}年{start.month}月开工，时限已过，仍处于前期阶段。"
    return Flag("unstarted_late", "warn", text, {"planned": start.isoformat()})


def _empty(report: ReportCheck, policy: Policy) -> Flag | None:
    if report.current.done is not None or not report.plan:
        return None
    return Flag("empty", "warn", "本年累计完成投资未填；空白不等于0，确实没有完成投资请填0。", {})


_RULES = (
    _over_total_block,
    _over_total,
    _decrease,
    _jump,
    _over_plan,
    _unchanged_text,
    _copied_text,
    _no_contract,
    _finished_short,
    _finished_early,
    _unfinished_late,
    _unstarted_late,
    _empty,
)


def _last_done(report: ReportCheck) -> Decimal | None:
    return next((item.done for item in report.previous if item.done is not None), None)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
