"""Reports and notices for the tests of this app, in the invented county of `tests.support.county`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from projects.enums import PeriodKind, ReportState, ReviewDecision, RevisionKind
from projects.models import ExpectedReport, Period, Project, Report, ReportReview, ReportRevision, User
from projects.rules.periods import parse
from supervision.enums import Channel, DeliveryState, NoticeKind
from supervision.models import Delivery, Notice
from supervision.rules.delivery import message_id
from tests.support.county import County, moment

MONDAY_EIGHT = moment(9, 7, 8)


def open_month(key: str, due_at: dt.datetime, *projects: Project, lock_after_days: int = 5) -> Period:
    """A month with an expected report of each project's lead unit."""
    named = parse(key)
    period = Period.objects.create(
        kind=PeriodKind.MONTH,
        key=key,
        year=named.year,
        starts_on=named.starts_on,
        cutoff=named.ends_on,
        due_at=due_at,
        lock_at=due_at + dt.timedelta(days=lock_after_days),
        opened_at=due_at - dt.timedelta(days=20),
    )
    for project in projects:
        unit = project.unit_assignments.order_by("position", "pk").first().unit
        ExpectedReport.objects.create(period=period, project=project, unit=unit)
    return period


def submit(period: Period, project: Project, done: int, by: User, at: dt.datetime) -> ReportRevision:
    expected = ExpectedReport.objects.get(period=period, project=project)
    report, _ = Report.objects.get_or_create(expected=expected, period=period, project=project)
    revision = ReportRevision.objects.create(
        report=report,
        number=report.revisions.count() + 1,
        kind=RevisionKind.NORMAL,
        done=Decimal(done),
        submitted_by=by,
        submitted_at=at,
    )
    Report.objects.filter(pk=report.pk).update(state=ReportState.SUBMITTED, latest=revision)
    return revision


def review(revision: ReportRevision, reviewer: User, at: dt.datetime, *, reason: str = "") -> None:
    """Accept, or with a reason give back."""
    decision = ReviewDecision.RETURN if reason else ReviewDecision.ACCEPT
    ReportReview.objects.create(revision=revision, decision=decision, reason=reason, reviewer=reviewer, at=at)
    if reason:
        Report.objects.filter(pk=revision.report_id).update(state=ReportState.RETURNED)
    else:
        Report.objects.filter(pk=revision.report_id).update(state=ReportState.ACCEPTED, accepted=revision)


def notice_to(user: User, *, at: dt.datetime = MONDAY_EIGHT, items: list | None = None) -> Notice:
    return Notice.objects.create(
        kind=NoticeKind.WEEKLY_OVERDUE,
        period_key="2026-W37",
        recipient=user,
        as_of=at.date(),
        title="2026年第37周（9月7日至9月13日）项目提醒：节点逾期1项",
        items=items or [],
        created_at=at,
    )


def delivery_of(notice: Notice, channel: Channel = Channel.SPOOL, address: str = "qian@example.com") -> Delivery:
    return Delivery.objects.create(
        notice=notice,
        channel=channel,
        address=address,
        message_id=message_id(
            kind=notice.kind,
            period_key=notice.period_key,
            level=0,
            recipient_id=notice.recipient_id,
            channel=channel,
            domain="dujin.local",
        ),
        state=DeliveryState.WAITING,
        created_at=notice.created_at,
        next_try_at=notice.created_at,
    )


def overdue_item(county: County) -> dict:
    """The overdue bridge node of the road, as a notice stores it on Monday 7 September."""
    node = county.road.milestones.get(title="大桥下部结构完成")
    return {
        "kind": "overdue",
        "ref": f"milestone:{node.pk}",
        "project_id": county.road.pk,
        "project": county.road.name,
        "title": node.title,
        "due_on": node.due_on.isoformat(),
        "workdays": 49,
        "note": "",
    }
