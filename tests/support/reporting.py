"""Short words for tests that report: open the periods, submit, have it accepted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from projects.models import ExpectedReport, Period, Project, ReportRevision, User
from projects.services import periods, reports
from projects.services.reports import ReportValues
from tests.support.county import County, moment

APRIL_OPENS = moment(4, 30, 8)
MAY_OPENS = moment(5, 29, 8)


def open_at(at: dt.datetime) -> None:
    periods.lock_due(at=at)
    periods.open_due(at=at)


def expected(project: Project, key: str) -> ExpectedReport:
    return ExpectedReport.objects.select_related("period", "project").get(project=project, period__key=key)


def period(key: str) -> Period:
    return Period.objects.get(key=key)


def values(done: object, *, progress: str = "完成路基施工3公里", stage: str = "", **rest: object) -> ReportValues:
    amount = None if done is None else Decimal(str(done))
    return ReportValues(done=amount, progress=progress, stage=stage, **rest)


def submitted(
    project: Project,
    key: str,
    done: object,
    *,
    by: User,
    at: dt.datetime,
    flag_reason: str = "已核对原始凭证",
    **rest: object,
) -> ReportRevision:
    """A submitted revision; whatever flags it raises are explained."""
    return reports.submit(
        expected=expected(project, key),
        values=values(done, **rest),
        version=None,
        flag_reason=flag_reason,
        actor=by,
        at=at,
    )


def accepted(
    county: County, project: Project, key: str, done: object, *, by: User, at: dt.datetime, **rest: object
) -> ReportRevision:
    """Submitted by the unit and accepted an hour later by the office."""
    revision = submitted(project, key, done, by=by, at=at, **rest)
    reports.accept(revision=revision, actor=county.office_one, at=at + dt.timedelta(hours=1))
    return revision
