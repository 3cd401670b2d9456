"""Eighteen months in the demonstration county, lived through the same services that the forms call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from projects.enums import AdjustmentKind, FlagState, MilestoneKind, Stage
from projects.models import ExpectedReport, Milestone, Period, Project, ReportRevision, VerificationFlag
from projects.rules import periods as period_rules
from projects.rules.deadlines import deadlines
from projects.rules.facts import FINISHED_STAGES
from projects.selectors import calendar as calendars
from projects.selectors.policy import policy_on
from projects.services import flags, indicators, milestones, periods, photos, projects, reports
from projects.services.report_values import ReportValues
from projects.workdays import Calendar
from supervision.enums import Series
from supervision.models import Notice
from supervision.services import jobs, notices, snapshots
from tracker.clock import day_of
from tracker.demo import accounts, county, desk, drawings, founding
from tracker.demo.characters import CHARACTERS, Character, done_by, progress_text, season_share
from tracker.demo.founding import Cast, first_day, moment

MONTHS_TOLD = 18
WEEKS_NOTIFIED = 3
RANKED = dt.timedelta(days=200)
"""How far back rankings were published."""
JUDGED_AT_ONCE = dt.timedelta(days=30)
"""Before that the lights are judged once a month, when the period locks: nobody looks at them in between."""
PHOTOGRAPHED = dt.timedelta(days=10)
"""How far back sites sent photos, one of `PHOTOGRAPHED_EVERY` projects."""
PHOTOGRAPHED_EVERY = 4
REASON = "数据已与施工单位产值报表和监理月报核对，情况属实。"
MADE_UP = dt.timedelta(days=1)
"""How long ago the schedule began: the site makes up a day's jobs as soon as it serves."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the story up to `now`; nothing later than that happens."""

    cast: Cast
    calendar: Calendar
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return day_of(self.now)


def tell(now: dt.datetime, say: Say, months: int = MONTHS_TOLD) -> Cast:
    """Found the county and live through `months` of its weeks and months up to `now`."""
    today = day_of(now)
    first = period_rules.add_months(today, -months).replace(day=1)
    say("建立单位、名册和账号……")
    cast = founding.found(min(first, dt.date(today.year - 1, 1, 10)))
    founding.issue_list(cast, today.year - 1, current=False)
    teller = Teller(cast, calendars.calendar(), now)
    year_begun = False
    for period in _periods(first, today):
        if period.year == today.year and not year_begun:
            founding.issue_list(cast, today.year, current=True)
            owner = next(spec for spec in accounts.ACCOUNTS if spec.project)
            founding.open_account(cast, owner, moment(dt.date(today.year, 1, 20), 9))
            year_begun = True
        if period.kind == "month":
            say(f"{period.title}……")
            _happenings(teller, period)
        _live(teller, period)
    _settle_old_flags(teller)
    indicators.recompute(at=now)
    monday = today - dt.timedelta(days=today.weekday())
    for weeks in range(WEEKS_NOTIFIED, -1, -1):
        _notify(teller, monday - dt.timedelta(weeks=weeks))
    jobs.tick(at=now - MADE_UP, worker="demo")
    return cast


def _periods(first: dt.date, today: dt.date) -> list[period_rules.PeriodKey]:
    """Weeks and months in the order in which their figures are due: weekly ones on Thursday, monthly ones after it."""
    weeks = (week for week in period_rules.between("week", first, today) if week.starts_on >= first)
    months = period_rules.between("month", first, today)
    return sorted([*weeks, *months], key=_due_order)


def _due_order(period: period_rules.PeriodKey) -> tuple[dt.date, str]:
    after = 4 if period.kind == "month" else -3
    return period.ends_on + dt.timedelta(days=after), period.key


def _happenings(teller: Teller, period: period_rules.PeriodKey) -> None:
    """What the offices and sites did in a month besides reporting: starts, nodes, completions, list adjustments."""
    year = teller.today.year
    if period.year == year:
        changes = {
            7: lambda: founding.add_in_july(teller.cast, year),
            8: lambda: founding.adjust(
                teller.cast, "paused", AdjustmentKind.PAUSED, "用地规划调整，暂缓实施", dt.date(year, 8, 12)
            ),
            9: lambda: founding.adjust(
                teller.cast, "removed", AdjustmentKind.REMOVED, "并入高标准农田项目统筹实施", dt.date(year, 9, 3)
            ),
        }
        if (change := changes.get(period.starts_on.month)) and period.starts_on < teller.today:
            change()
        desk.work(teller.cast, year, period.starts_on.month, teller.now)
    for project in _active(teller, period.year):
        spec = teller.cast.specs[project.pk]
        character = CHARACTERS[spec.character]
        _start(teller, project, spec, character, period)
        _nodes(teller, project, spec, character, period)
        _finish(teller, project, spec, character, period)


def _active(teller: Teller, year: int) -> list[Project]:
    listed = Project.objects.filter(entries__year=year, is_package=False).order_by("pk")
    return [project for project in listed if project.stage not in (Stage.PAUSED, Stage.REMOVED)]


def _happens(teller: Teller, day: dt.date, period: period_rules.PeriodKey) -> bool:
    """By the end of this month; what lies before the story begins is entered in its first month."""
    return day <= min(period.ends_on, teller.today)


def _entered(day: dt.date, period: period_rules.PeriodKey) -> dt.datetime:
    return moment(max(day, period.starts_on), 15)


def _start(
    teller: Teller, project: Project, spec: county.ProjectSpec, character: Character, period: period_rules.PeriodKey
) -> None:
    if project.started_on is not None or character.start_delay is None:
        return
    day = first_day(spec.start) + dt.timedelta(days=character.start_delay + 8)
    if not _happens(teller, day, period):
        return
    office, at = teller.cast.users["zhongdian"], _entered(day, period)
    projects.update(project=project, values={"has_contract": True}, version=None, actor=office, at=at)
    project.refresh_from_db()
    projects.set_stage(project=project, stage=Stage.STARTED, on=day, reason="现场核实开工", actor=office, at=at)
    project.refresh_from_db()
    projects.confirm_start(project=project, on=day, actor=office, at=at)
    included_at = _entered(day, period) + dt.timedelta(days=18)
    if character.included and included_at <= teller.now:
        values = {"included_on": day_of(included_at), "code": f"QH{project.pk:05d}"}
        bureau = teller.cast.users["fagai"]
        projects.set_inclusion(project=project, values=values, version=None, actor=bureau, at=included_at)


def _nodes(
    teller: Teller, project: Project, spec: county.ProjectSpec, character: Character, period: period_rules.PeriodKey
) -> None:
    if character.start_delay is None and spec.annual_class not in ("pre_stage",):
        return
    open_nodes = Milestone.objects.filter(project=project, kind=MilestoneKind.NODE, done_on=None, void_reason="")
    for node in open_nodes:
        late = (node.pk % 3 == 0) * character.node_delay
        day = node.due_on + dt.timedelta(days=late - (node.pk % 4))
        if character.leaves_nodes_open and node.due_on > dt.date(teller.today.year, 6, 1):
            continue
        if _happens(teller, day, period):
            _complete(teller, node, spec, day, _entered(day, period))


def _complete(teller: Teller, node: Milestone, spec: county.ProjectSpec, day: dt.date, at: dt.datetime) -> None:
    clerk = teller.cast.users.get(spec.unit) or teller.cast.users["zhongdian2"]
    milestones.complete(milestone=node, done_on=day, percent=100, version=None, actor=clerk, at=at)
    node.refresh_from_db()
    checked = at + dt.timedelta(hours=19)
    if checked <= teller.now:
        milestones.confirm(milestone=node, version=None, actor=teller.cast.users["zhongdian"], at=checked)


def _finish(
    teller: Teller, project: Project, spec: county.ProjectSpec, character: Character, period: period_rules.PeriodKey
) -> None:
    if character.finish_shift is None or project.completed_on is not None:
        return
    planned = period_rules.month_end(first_day(spec.finish))
    day = planned + dt.timedelta(days=character.finish_shift)
    if _happens(teller, day, period):
        office, at = teller.cast.users["zhongdian"], _entered(day, period)
        projects.set_stage(project=project, stage=Stage.FINISHED, on=day, reason="竣工验收", actor=office, at=at)
        project.refresh_from_db()
        projects.confirm_completion(project=project, on=day, actor=office, at=at)


# one period


def _live(teller: Teller, key: period_rules.PeriodKey) -> None:
    """Open the period, let every unit report in its way, review, and lock when the time has come."""
    opens_on = deadlines(key, policy_on(key.starts_on), teller.calendar).opens_on
    opened_at = moment(opens_on, 0, 10)
    if opened_at > teller.now:
        return
    periods.open_due(at=opened_at)
    period = Period.objects.get(key=key.key)
    for expected in _expected(period):
        _report(teller, period, expected)
    if period.lock_at <= teller.now:
        periods.lock_due(at=period.lock_at)
        _rank(teller, period)


def _rank(teller: Teller, period: Period) -> None:
    """After the lock the office ranks and publishes; the newest weekly order still waits as a draft."""
    at = period.lock_at + dt.timedelta(hours=2)
    if period.kind == "month":
        indicators.recompute(at=period.lock_at)
    if teller.today - day_of(at) > RANKED or at > teller.now:
        return
    series = Series.MONTHLY if period.kind == "month" else Series.WEEKLY
    snapshot = snapshots.take(series=series, period=period, actor=teller.cast.users["zhongdian"], at=at)
    if series is Series.MONTHLY or teller.today - day_of(at) > dt.timedelta(days=5):
        bureau = teller.cast.users["fagai"]
        published_at = min(at + dt.timedelta(hours=18), teller.now)
        snapshots.publish(snapshot_id=snapshot.pk, version=snapshot.version, actor=bureau, at=published_at)


def _notify(teller: Teller, monday: dt.date) -> None:
    """The notices of one week, on its first working day; earlier weeks' were acknowledged by most."""
    first = teller.calendar.nth_working_day(monday, 1)
    at = moment(first, 8)
    if first > monday + dt.timedelta(days=6) or at > teller.now:
        return
    key = period_rules.period_of("week", monday).key
    notices.issue(as_of=first, at=at, period_key=key, made_up=False, actor=None)
    for notice in Notice.objects.filter(period_key=key).select_related("recipient"):
        if notice.pk % 5 and at + dt.timedelta(hours=8) <= teller.now:
            notices.acknowledge(notice_id=notice.pk, actor=notice.recipient, at=at + dt.timedelta(hours=notice.pk % 8))


def _expected(period: Period) -> list[ExpectedReport]:
    rows = period.expected.select_related("project", "period").order_by("project__code")
    return [row for row in rows if not row.waived_reason]


def _report(teller: Teller, period: Period, expected: ExpectedReport) -> None:
    spec = teller.cast.specs[expected.project_id]
    character = CHARACTERS[spec.character]
    number = teller.cast.numbers[expected.project_id]
    if character.waived and character.waived[0] <= period.cutoff <= character.waived[1]:
        waived_at = period.opened_at + dt.timedelta(hours=9)
        if waived_at <= teller.now:
            reason = "汛期停工，经县政府同意免报"
            periods.waive(expected=expected, reason=reason, actor=teller.cast.users["zhongdian"], at=waived_at)
        return
    if character.silent_from and period.cutoff >= character.silent_from:
        return
    at = _reported_at(teller, period, character, number)
    if at is None:
        return
    values = _values(teller, period, expected.project, spec, character, number)
    if period.key == character.mistyped_in and period.kind == "month":
        _mistype(teller, expected, values, spec, at)
    elif period.key in character.returned_in:
        early = at - dt.timedelta(hours=3)
        _send(teller, expected, values, spec, early, give_back="缺少监理签字的产值报表，请补充后重报。")
    if teller.now - at < PHOTOGRAPHED and number % PHOTOGRAPHED_EVERY == 0:
        _photograph(teller, expected, values, spec, at - dt.timedelta(minutes=40))
    revision = _send(teller, expected, values, spec, at)
    _review(teller, revision, at, number)


def _reported_at(teller: Teller, period: Period, character: Character, number: int) -> dt.datetime | None:
    """When the report arrives: some hours before it is due, or some working days after; None if not yet. In the period
    that is open now a few early ones lie with the office already."""
    at = period.due_at - dt.timedelta(hours=3 + number % 30)
    if at > teller.now and number % 4 == 0:
        at = teller.now - dt.timedelta(minutes=20 + number * 3)
        return at if at > period.opened_at else None
    if character.report_delay and number % 2 == period.cutoff.day % 2:
        day = teller.calendar.add_working_days(day_of(period.due_at), character.report_delay)
        at = moment(day, 10, number % 60)
    at = max(at, period.opened_at + dt.timedelta(hours=9))
    return at if at <= min(teller.now, period.lock_at) else None


def _values(
    teller: Teller, period: Period, project: Project, spec: county.ProjectSpec, character: Character, number: int
) -> ReportValues:
    plan = Decimal(spec.plan) * (1 if period.year == teller.today.year else founding.LAST_YEAR_SHARE)
    first, last = first_day(spec.start), period_rules.month_end(first_day(spec.finish))
    year_end = dt.date(period.year, 12, 31)
    cutoff = min(period.cutoff, year_end)
    pre_stage = spec.annual_class in ("pre_stage", "reserve")
    begin = dt.date(period.year, 1, 1) if pre_stage else first
    done = done_by(character, plan=plan, day=cutoff, first=begin, last=year_end if pre_stage else last, number=number)
    if character.start_delay is None and not pre_stage:
        done = Decimal(0)
    if spec.character == "unplanned":
        done = Decimal(20 * period.cutoff.month)
    if character.impossible_from and period.cutoff >= first_day(character.impossible_from):
        done = Decimal(spec.total) + 300
    share = season_share(cutoff, begin, last)
    text = progress_text(spec.sector, share, number, period.cutoff.isocalendar()[1], copied=character.copies_text)
    if character.start_delay is None or (project.started_on is None and not pre_stage):
        text = f"正在办理前期手续，已完成方案设计和招标文件编制；第{period.cutoff.isocalendar()[1]}周对接用地报批。"
    slow = character.pace < Decimal("0.75")
    return ReportValues(
        done=done,
        stage=_stage(project),
        progress=text,
        problem="征地拆迁未全部完成，施工作业面不足。" if slow else "",
        next_step="增加作业班组，抢抓有效施工期。" if slow else "按计划推进。",
    )


def _stage(project: Project) -> str:
    if project.stage in FINISHED_STAGES:
        return project.stage
    return Stage.BUILDING if project.started_on else project.stage


def _send(
    teller: Teller,
    expected: ExpectedReport,
    values: ReportValues,
    spec: county.ProjectSpec,
    at: dt.datetime,
    give_back: str = "",
) -> ReportRevision:
    clerk = teller.cast.users.get(spec.unit) or teller.cast.users["zhongdian2"]
    revision = reports.submit(expected=expected, values=values, version=None, flag_reason=REASON, actor=clerk, at=at)
    if give_back:
        office = teller.cast.users["zhongdian"]
        reports.give_back(revision=revision, reason=give_back, actor=office, at=at + dt.timedelta(hours=1))
    return revision


def _photograph(
    teller: Teller, expected: ExpectedReport, values: ReportValues, spec: county.ProjectSpec, at: dt.datetime
) -> None:
    """One or two pictures of a site that works, taken by daylight the day before."""
    if values.stage != Stage.BUILDING:
        return
    clerk = teller.cast.users.get(spec.unit) or teller.cast.users["zhongdian2"]
    share = float((values.done or Decimal(0)) / spec.plan)
    for view in range(1 + expected.pk % 2):
        taken_at = moment(day_of(at) - dt.timedelta(days=1), 15, 20 + view)
        picture = drawings.site(spec.sector, expected.project_id + 3 * view, share, taken_at)
        photos.add(expected=expected, data=picture, actor=clerk, at=at)


def _mistype(
    teller: Teller, expected: ExpectedReport, values: ReportValues, spec: county.ProjectSpec, at: dt.datetime
) -> None:
    """A slip of the pen that the checks let through with a warning and the office sent back."""
    plan = Decimal(spec.plan)
    typed = ReportValues(
        done=(values.done or Decimal(0)) + plan * Decimal("0.6"),
        stage=values.stage,
        progress=values.progress,
        problem=values.problem,
        next_step=values.next_step,
    )
    early = at - dt.timedelta(hours=3)
    _send(teller, expected, typed, spec, early, give_back="本期增量明显偏大，请核对是否把合同额填成了完成额。")


def _review(teller: Teller, revision: ReportRevision, at: dt.datetime, number: int) -> None:
    """The office accepts within a day; the newest ones still lie in the queue."""
    checked = at + dt.timedelta(hours=5 + number % 16)
    if checked > teller.now - dt.timedelta(hours=8 + number % 20):
        return
    reviewer = teller.cast.users["zhongdian" if number % 2 else "fagai"]
    recent = teller.today - day_of(checked) < JUDGED_AT_ONCE
    reports.accept(revision=revision, actor=reviewer, at=checked, judge=recent)


def _settle_old_flags(teller: Teller) -> None:
    """The office settled last year's doubts and those of the first half-year; the recent ones are still open."""
    office = teller.cast.users["zhongdian"]
    before = moment(dt.date(teller.today.year, 9, 1), 0)
    for flag in VerificationFlag.objects.filter(state=FlagState.OPEN, raised_at__lt=before).order_by("pk"):
        flags.settle(
            flag=flag,
            state=FlagState.CONFIRMED,
            note="已核对产值报表和付款凭证，属实。",
            actor=office,
            at=flag.raised_at + dt.timedelta(days=3),
        )
