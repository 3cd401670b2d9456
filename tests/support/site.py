"""The county of `tests.support.county` in full work, for guards that walk over every page.

Three months are reported, two are ranked, one waits for review; plans, dates, flags and ledgers wait for somebody; the
digest of a week is out; jobs ran and failed. `road` (交通局) and `factory` (经开区) hold one row of everything, so that
each is the other's stranger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from projects.enums import AdjustmentKind, DocumentKind, MilestoneKind, PlanState, ReportState, Role
from projects.models import (
    AnnualListEntry,
    ExpectedReport,
    LedgerImport,
    LightOverride,
    MilestoneMove,
    Period,
    PlanVersion,
    Project,
    Report,
    ReportRevision,
    RoleGrant,
    Substitution,
    User,
    VerificationFlag,
)
from projects.rules.colours import Colour
from projects.services import documents, imports, indicators, lists, milestones, periods, photos, plans, policy
from projects.services.plans import PlanFigures
from supervision.enums import Channel, DeliveryState, JobState, Series
from supervision.models import Delivery, Heartbeat, JobRun, Notice, Snapshot
from supervision.services import notices, snapshots
from tests.support import county as cast
from tests.support.county import County, add_milestone, moment
from tests.support.files import pdf
from tests.support.ledgers import plan_book
from tests.support.photos import photo
from tests.support.reporting import accepted, open_at, submitted
from tests.support.web import browser

NOW = moment(6, 1, 9)
"""Monday 1 June 2026, 09:00: May has ended and is not yet due, the digest of the week goes out."""
PAST = dt.date(2026, 5, 6)
TOKEN_USER = "xinlai"
"""An account that still has its one-time password."""


@dataclass(slots=True)
class Site:
    """The county, its people by role, and the rows that addresses name."""

    county: County
    newcomer: User
    idle: User
    """An account without any role."""
    deputy: User
    """Holds nothing of its own; acts for 交通局's clerk."""
    ledger: LedgerImport
    """In preview."""
    confirmed_ledger: LedgerImport
    draft: Snapshot
    published: Snapshot
    run: JobRun
    """A failed run."""
    substitution: Substitution
    _keys: dict[int, str] = field(default_factory=dict)

    @property
    def by_role(self) -> dict[Role, User]:
        """One account for each of the eleven roles."""
        county = self.county
        return {
            Role.MAIN_LEADER: county.mayor,
            Role.VICE_HEAD: county.vice,
            Role.SUPERVISION: county.supervisor,
            Role.BUREAU: county.bureau,
            Role.PROJECT_OFFICE: county.office_one,
            Role.UNIT_HEAD: county.transport_head,
            Role.UNIT_STAFF: county.transport_staff,
            Role.OWNER: county.owner,
            Role.SYSTEM_ADMIN: county.sysadmin,
            Role.SECURITY_ADMIN: county.secadmin,
            Role.AUDIT_ADMIN: county.auditor,
        }

    def open(self, user: User | None) -> Client:
        """A fresh browser of `user`, signed in as before; None: nobody has signed in."""
        if user is None:
            return Client()
        if not Session.objects.filter(pk=self._keys.get(user.pk)).exists():  # a test's own people end with it
            self._keys[user.pk] = browser(user).cookies[settings.SESSION_COOKIE_NAME].value
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = self._keys[user.pk]
        return client

    def rows_of(self, project: Project) -> dict[str, int]:
        """Numbers of the rows below a project, by the name of the address part that takes them."""
        revision = ReportRevision.objects.get(report__project=project, report__state=ReportState.SUBMITTED)
        return {
            "pk": project.pk,
            "plan": PlanVersion.objects.get(project=project, state=PlanState.DRAFT).pk,
            "milestone": project.milestones.filter(kind=MilestoneKind.NODE, done_on=None).latest("pk").pk,
            "move": MilestoneMove.objects.get(milestone__project=project).pk,
            "override": LightOverride.objects.get(project=project).pk,
            "document": project.documents.get(void=None).pk,
            "accepted_id": ExpectedReport.objects.get(project=project, period__key="2026-04").pk,
            "expected_id": ExpectedReport.objects.get(project=project, period__key="2026-05").pk,
            "report": Report.objects.get(project=project, period__key="2026-05").pk,
            "revision": revision.pk,
            "photo": revision.photos.get().pk,
            "flag": VerificationFlag.objects.filter(project=project, state="open").latest("pk").pk,
        }

    def notice_of(self, user: User) -> Notice | None:
        return Notice.objects.filter(recipient=user).first()

    @property
    def delivery(self) -> Delivery:
        """One that failed."""
        return Delivery.objects.filter(state=DeliveryState.FAILED).earliest("pk")

    @property
    def lake(self) -> Project:
        """南湖公园提升, which came in by the confirmed ledger; 住建局."""
        return Project.objects.get(name="南湖公园提升")

    @property
    def grant(self) -> RoleGrant:
        return RoleGrant.objects.get(user=self.county.park_staff)


def populate(county: County, at: Callable[[dt.datetime], object]) -> Site:
    """Bring the county to `NOW`. `at` moves the site's clock, for what reads it below the services."""
    at(moment(1, 5))
    newcomer = cast._user(TOKEN_USER, "邢莱", unit=county.transport)
    cast.grant(newcomer, Role.UNIT_STAFF, unit=county.transport)
    User.objects.filter(pk=newcomer.pk).update(must_change_password=True)
    newcomer.refresh_from_db()
    _report_three_months(county)
    published, draft = _rank(county)
    _leave_work_open(county)
    ledger, confirmed = _import(county)
    indicators.recompute(at=NOW)
    deputy = cast._user("deputy", "沈代", unit=county.transport)
    substitution = Substitution.objects.create(
        principal=county.transport_staff,
        delegate=deputy,
        reason="外出学习",
        valid_from=dt.date(2026, 5, 25),
        valid_to=dt.date(2026, 6, 12),
    )
    at(NOW)
    site = Site(
        county=county,
        newcomer=newcomer,
        idle=cast._user("idle", "闲云", unit=county.housing),
        deputy=deputy,
        ledger=ledger,
        confirmed_ledger=confirmed,
        draft=draft,
        published=published,
        run=_work_in_the_background(county),
        substitution=substitution,
    )
    for user in User.objects.filter(is_active=True):
        site.open(user)
    return site


DONE = {"road": (2900, 4000), "plant": (1500, 2300), "factory": (500, 1300), "library": (1270, 1690)}
"""Accumulated by the end of March and of April."""


def _report_three_months(county: County) -> None:
    clerk = {
        "road": county.transport_staff,
        "plant": county.housing_staff,
        "factory": county.park_staff,
        "library": county.chengguan_staff,
    }
    for month, opens in enumerate((moment(3, 30, 8), moment(4, 30, 8))):
        open_at(opens)
        for name, done in DONE.items():
            project = getattr(county, name)
            due = ExpectedReport.objects.filter(project=project, report=None, period__lock_at__gt=opens)
            for key in due.order_by("period__cutoff").values_list("period__key", flat=True):
                accepted(county, project, key, done[month], by=clerk[name], at=opens + dt.timedelta(hours=2))
    _override(county)
    open_at(moment(5, 29, 8))
    for name in ("road", "factory"):  # far too much for a month: both raise a flag
        due = ExpectedReport.objects.get(project=getattr(county, name), period__key="2026-05")
        photos.add(expected=due, data=photo((48, 36)), actor=clerk[name], at=moment(5, 30))
        submitted(
            getattr(county, name),
            "2026-05",
            9900,
            by=clerk[name],
            at=moment(5, 30),
            progress="桥面铺装完成",
            problem="征地尚余两户",
            next_step="六月中旬前签约",
        )


def _rank(county: County) -> tuple[Snapshot, Snapshot]:
    """March and April published, a week too, May drafted; April superseded once, so that a correction stands."""
    drafts = []
    for key, series in (("2026-03", Series.MONTHLY), ("2026-04", Series.MONTHLY), ("2026-W21", Series.WEEKLY)):
        period = periods.open_period(key=key, at=NOW, actor=county.office_one)
        draft = snapshots.take(series=series, period=period, actor=county.office_one, at=NOW)
        drafts.append(snapshots.publish(snapshot_id=draft.pk, version=draft.version, actor=county.bureau, at=NOW))
    again = snapshots.supersede(snapshot_id=drafts[1].pk, reason="城北污水处理厂数据有误", actor=county.bureau, at=NOW)
    published = snapshots.publish(snapshot_id=again.pk, version=again.version, actor=county.bureau, at=NOW)
    may = Period.objects.get(key="2026-05")
    return published, snapshots.take(series=Series.MONTHLY, period=may, actor=county.office_one, at=NOW)


def _leave_work_open(county: County) -> None:
    for project, asker in ((county.road, county.transport_staff), (county.factory, county.park_staff)):
        figures = PlanFigures(annual=Decimal(11000), months=None, prior=project.plans.get().prior, goal="完成主体工程")
        plans.propose(
            project=project,
            year=cast.YEAR,
            figures=figures,
            effective_on=dt.date(2026, 6, 1),
            reason="设计变更",
            actor=asker,
            at=moment(5, 28),
        )
        node = add_milestone(project, dt.date(2026, 6, 20), title="临时用电接入")
        milestones.request_move(
            milestone=node, new_due=dt.date(2026, 7, 20), reason="供电审批延后", actor=asker, at=moment(5, 28)
        )
        _file_documents(project, county.office_one)
    node = add_milestone(county.library, dt.date(2026, 5, 25), title="外墙砖铺贴")
    milestones.complete(
        milestone=node,
        percent=100,
        done_on=dt.date(2026, 5, 24),
        version=None,
        actor=county.chengguan_staff,
        at=moment(5, 26),
    )
    lists.adjust(
        entry=AnnualListEntry.objects.get(project=county.airport),
        kind=AdjustmentKind.PAUSED,
        reason="选址待批",
        effective_on=dt.date(2026, 5, 15),
        document_no="青政办函〔2026〕8号",
        actor=county.bureau,
        at=moment(5, 15),
    )
    policy.set_value(
        key="override_max_days",
        value=20,
        effective_on=dt.date(2026, 6, 1),
        reason="缩短人工调整的期限",
        actor=county.bureau,
        at=moment(4, 28),
    )


def _file_documents(project: Project, actor: User) -> None:
    """A permit, and an approval that was filed by mistake."""
    for day, (kind, title) in enumerate(((DocumentKind.PERMIT, "施工许可证"), (DocumentKind.APPROVAL, "初步设计批复"))):
        filed = documents.add(
            project=project,
            kind=kind,
            data=pdf(f"{title}{project.code}"),
            filename=f"{title}.pdf",
            document_no="青建许〔2026〕12号",
            actor=actor,
            at=moment(5, 20 + day),
        )
    documents.void(document=filed, reason="传错项目", actor=actor, at=moment(5, 25))


def _override(county: County) -> None:
    for project in (county.road, county.factory):
        indicators.override(
            project=project,
            colour=Colour.RED,
            reason="现场停工待查",
            expires_on=dt.date(2026, 6, 1),
            actor=county.supervisor,
            at=moment(5, 4),
        )


def _import(county: County) -> tuple[LedgerImport, LedgerImport]:
    rows = (
        (1, "南湖公园提升", "新建", 5200, 1200, "2026年3月", "2027年6月", "县住建局", "温以宁"),
        (2, "东山水厂扩建", "扩建", 8600, "二千", "2026年4月", "2027年9月", "水务公司", ""),
    )
    first = imports.upload(
        data=plan_book(rows[:1]),
        filename="2026年计划.xlsx",
        year=cast.YEAR,
        document_no="青政办发〔2026〕9号",
        issued_on=dt.date(2026, 5, 20),
        actor=county.office_one,
        at=moment(5, 21),
    )
    imports.confirm(ledger=first, version=first.version, actor=county.office_two, at=moment(5, 22))
    waiting = imports.upload(
        data=plan_book(rows), filename="补充清单.xlsx", year=cast.YEAR, actor=county.office_one, at=moment(5, 25)
    )
    first.refresh_from_db()
    return waiting, first


def _work_in_the_background(county: County) -> JobRun:
    User.objects.filter(pk=county.transport_staff.pk).update(email="qian@example.com")
    notices.issue(as_of=NOW.date(), at=NOW, period_key="2026-W23", made_up=False, actor=county.office_one)
    sent = Delivery.objects.exclude(channel=Channel.INBOX)
    sent.filter(pk=sent.earliest("pk").pk).update(state=DeliveryState.FAILED, failures=3, error="邮箱地址不存在")
    for number, (name, state) in enumerate((("recompute_lights", JobState.DONE), ("verify_audit", JobState.DONE))):
        JobRun.objects.create(
            name=name,
            due_at=NOW - dt.timedelta(hours=number + 2),
            as_of=NOW.date(),
            state=state,
            started_at=NOW - dt.timedelta(hours=2),
            finished_at=NOW - dt.timedelta(hours=1),
            message="完成",
        )
    Heartbeat.objects.create(component="dispatcher", instance="host-1", at=NOW)
    return JobRun.objects.create(
        name="recompute_lights",
        due_at=NOW - dt.timedelta(hours=9),
        as_of=NOW.date(),
        state=JobState.FAILED,
        attempt=3,
        started_at=NOW - dt.timedelta(hours=9),
        finished_at=NOW - dt.timedelta(hours=8),
        error="数据库连接中断",
    )
