"""What a report says, and what is asked of it before it is taken (docs/rules.md, Reports and Flags)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from projects.enums import RevisionKind, Stage
from projects.models import Period, PlanVersion, Project, Report, ReportRevision
from projects.rules.flags import Figure, Flag, check
from projects.rules.lights import number
from projects.rules.stages import LIST_STATES
from projects.selectors.accepted import base_of
from projects.selectors.checks import report_check
from projects.selectors.policy import policy_on
from tracker.clock import day_of
from tracker.web.errors import UserError


@dataclass(frozen=True, slots=True)
class ReportValues:
    """What one report says. Amounts in 万元: `done` since 1 January, `done_period` in the period; one is enough."""

    done: Decimal | None = None
    done_period: Decimal | None = None
    stage: str = ""
    progress: str = ""
    problem: str = ""
    next_step: str = ""


LABELS = {
    "done": "本年累计完成投资（万元）",
    "done_period": "本期完成投资（万元）",
    "stage": "建设阶段",
    "progress": "形象进度",
    "problem": "存在问题",
    "next_step": "下步措施",
}


def done_before(report: Report, previous: list[ReportRevision]) -> Decimal:
    """The last accepted cumulative before the period began; 0 in a new year."""
    base = base_of(previous, report.period.starts_on)
    return base.done if base is not None and base.done is not None else Decimal(0)


def completed(values: ReportValues, report: Report, previous: list[ReportRevision]) -> ReportValues:
    """Fill the missing one of the two amounts from the last accepted figure before the period (0 in a new year)."""
    before = done_before(report, previous)
    if values.done is None and values.done_period is not None:
        return replace(values, done=before + values.done_period)
    if values.done is not None and values.done_period is None:
        return replace(values, done_period=values.done - before)
    return values


ROUNDING = Decimal(1)
"""万元 by which the period's amount may miss the difference of two cumulatives that were rounded."""


def check_values(values: ReportValues, report: Report, previous: list[ReportRevision], kind: RevisionKind) -> None:
    """Refuse what cannot be a report, naming the field at fault."""
    if values.done is not None and values.done < 0:
        raise UserError("本年累计完成投资不能为负数；如需冲减，请核对上期累计。", field="done")
    if values.done is not None and values.done_period is not None and values.done_period > values.done:
        raise UserError(
            f"本期完成{number(values.done_period, 2)}万元大于本年累计{number(values.done, 2)}万元，请核对。",
            field="done_period",
        )
    if values.stage and (values.stage not in Stage.values or values.stage in LIST_STATES):
        raise UserError("请选择建设阶段；暂停、调出、移交由重点项目办在年度清单中办理。", field="stage")
    if kind == RevisionKind.IMPORT:
        return
    before = done_before(report, previous)
    if values.done is not None and values.done_period is not None:
        meant = values.done - before
        if abs(meant - values.done_period) > ROUNDING:
            raise UserError(
                f"上期累计{number(before, 2)}万元，本年累计填{number(values.done, 2)}万元，则本期应为"
                f"{number(meant, 2)}万元，与填写的{number(values.done_period, 2)}万元不一致，请改正其中一个。",
                field="done_period",
            )
    if values.done is None and _has_plan(report.project, report.period):
        raise UserError("请填写本年累计或本期完成投资；确实没有完成投资请填0。", field="done")
    if not values.progress.strip():
        raise UserError("请填写形象进度（干到什么程度）。", field="progress")


def _has_plan(project: Project, period: Period) -> bool:
    plans = PlanVersion.objects.in_force(period.cutoff).filter(project=project, year=period.year)
    return plans.filter(annual__gt=0).exists()


def flags_of(values: ReportValues, report: Report, previous: list[ReportRevision], at: dt.datetime) -> tuple[Flag, ...]:
    """What the rules find strange. A stage left empty means the present one."""
    current = Figure(done=values.done, stage=values.stage or report.project.stage, progress=values.progress)
    day = day_of(at)
    found = report_check(
        project=report.project, period=report.period, current=current, previous=previous, day=report.period.cutoff
    )
    return check(found, policy_on(day))


def check_flags(found: tuple[Flag, ...], flag_reason: str, kind: RevisionKind) -> None:
    """Refuse the impossible, and ask a reason for what looks wrong. A ledger is taken as it is written: there both
    become verification tasks."""
    if kind == RevisionKind.IMPORT:
        return
    blocks = [flag.text for flag in found if flag.severity == "block"]
    if blocks:
        raise UserError("".join(blocks), field="done")
    if found and not flag_reason.strip():
        raise UserError(f"请填写情况说明：{''.join(flag.text for flag in found)}", field="flag_reason")
