"""Every main page at a desk and on a telephone: accessible, and no wider than the screen."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from projects.models import LedgerImport, PlanVersion, User, VerificationFlag
from projects.services import imports, milestones, people, plans, reports
from projects.services.plans import PlanFigures
from supervision.enums import NoticeKind, Series
from supervision.models import Notice, Snapshot
from supervision.services import snapshots
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.people import let_in, monthly_reports_only
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.ledgers import plan_book
from tests.support.reporting import APRIL_OPENS, MAY_OPENS, accepted, expected, open_at, period, submitted
from tracker import dispatch

IN_APRIL = moment(5, 5, 10)
APRIL_LOCKED = moment(5, 8, 18, 30)
MONDAY = moment(5, 11, 8, 1)
IN_MAY = moment(6, 3, 10)
LEDGER = [
    (1, "柳河大桥新建工程", "新开工", "1.2亿元", 3000, "2026年5月", "2027年10月", "县水利局", "温以宁"),
    (2, "国道青禾过境段改建", "续建", 90000, 12000, "2024年9月", "2027年10月", "县交通局", "石磊"),
]


@dataclass(slots=True)
class Rows:
    """The numbers that addresses carry."""

    snapshot: Snapshot
    ledger: LedgerImport
    confirmed: LedgerImport
    flag: VerificationFlag
    plan: PlanVersion
    waiting: int
    report: int
    due: int


@pytest.fixture
def rows(county: County, freeze: Freeze) -> Rows:
    """Something of everything: a published ranking, notices, a waiting and a returned report, an open flag, imports."""
    monthly_reports_only(county)
    open_at(APRIL_OPENS)
    dispatch.schedule_due(IN_APRIL)
    accepted(county, county.road, "2026-04", 5812, by=county.transport_staff, at=IN_APRIL)
    accepted(county, county.factory, "2026-04", 1300, by=county.park_staff, at=IN_APRIL)
    accepted(county, county.library, "2026-04", 1500, by=county.chengguan_staff, at=IN_APRIL)
    open_at(APRIL_LOCKED)
    draft = snapshots.take(series=Series.MONTHLY, period=period("2026-04"), actor=county.office_one, at=APRIL_LOCKED)
    snapshot = snapshots.publish(snapshot_id=draft.pk, version=draft.version, actor=county.office_one, at=APRIL_LOCKED)
    dispatch.schedule_due(MONDAY)
    dispatch.work_off(MONDAY)
    open_at(MAY_OPENS)
    freeze(IN_MAY)
    waiting = submitted(county.road, "2026-05", 3000, by=county.transport_staff, at=IN_MAY, progress="路面")
    returned = submitted(county.airport, "2026-05", 300, by=county.transport_staff, at=IN_MAY)
    reports.give_back(revision=returned, reason="请写明批复文号", actor=county.office_one, at=IN_MAY)
    plan = plans.propose(
        project=county.plant,
        year=2026,
        figures=PlanFigures(annual=9000),
        effective_on=IN_MAY.date(),
        reason="设计变更",
        actor=county.housing_staff,
        at=IN_MAY,
    )
    milestones.move(
        milestone=county.plant.milestones.get(title="生化池封顶"),
        new_due=moment(7, 31).date(),
        reason="汛期停工",
        actor=county.office_one,
        at=IN_MAY,
    )
    people.substitute(
        principal=county.mayor,
        delegate=county.vice,
        valid_from=IN_MAY.date(),
        valid_to=moment(6, 10).date(),
        reason="出差",
        actor=county.secadmin,
        at=IN_MAY,
    )
    options = {"year": 2026, "issued_on": moment(6, 1).date(), "actor": county.office_one, "at": IN_MAY}
    ledger = imports.upload(data=plan_book(LEDGER), filename="六月调整.xlsx", **options)
    other = imports.upload(data=plan_book(LEDGER[:1]), filename="补报.xlsx", **options)
    confirmed = imports.confirm(
        ledger=other, version=other.version, accept_defaults=True, actor=county.office_two, at=IN_MAY
    )
    return Rows(
        snapshot=snapshot,
        ledger=ledger,
        confirmed=confirmed,
        flag=VerificationFlag.objects.filter(revision=waiting).get(),
        plan=plan,
        waiting=waiting.pk,
        report=waiting.report_id,
        due=expected(county.plant, "2026-05").pk,
    )


def office_pages(county: County, rows: Rows) -> tuple[str, ...]:
    """What the project office works with every month."""
    plant = f"/projects/{county.plant.pk}"
    snapshot = f"/rankings/{rows.snapshot.pk}"
    return (
        *("/workbench/", "/projects/", "/projects/new/", f"/projects/{county.road.pk}/", f"{plant}/"),
        *(f"{plant}/edit/", f"{plant}/people/", f"{plant}/stage/", f"{plant}/list/", f"{plant}/override/"),
        *(f"{plant}/plan/", f"{plant}/plan/{rows.plan.pk}/", f"{plant}/milestones/new/", "/lists/2026/"),
        *("/reviews/", f"/reviews/{rows.waiting}/", f"/reports/{rows.report}/", "/flags/"),
        *(f"/flags/{rows.flag.pk}/settle/", "/periods/", "/periods/2026-05/", "/periods/2026-05/edit/"),
        *(f"/periods/waive/{rows.due}/", "/imports/", "/imports/new/", f"/imports/{rows.ledger.pk}/"),
        *(f"/imports/{rows.confirmed.pk}/", "/rankings/", f"{snapshot}/projects/{county.road.pk}/"),
        *("/rankings/take/", "/rankings/history/projects/", f"/rankings/history/projects/{county.road.pk}/"),
        *(f"/rankings/?snapshot={rows.snapshot.pk}&board=units", f"{snapshot}/supersede/"),
        *("/notices/", "/notices/preview/", f"/notices/{NoticeKind.WEEKLY_OVERDUE}/2026-W20/"),
    )


def other_pages(county: County, rows: Rows) -> dict[User, tuple[str, ...]]:
    """What everybody else opens, and what is opened seldom."""
    notice = Notice.objects.filter(recipient=county.housing_staff).get()
    return {
        county.housing_staff: (
            *("/reports/", f"/reports/{rows.due}/entry/", "/inbox/", f"/inbox/{notice.pk}/", "/password/"),
            *("/projects/", f"/projects/{county.plant.pk}/", "/rankings/"),
        ),
        county.transport_staff: ("/reports/", f"/reports/{expected(county.road, '2026-05').pk}/submitted/"),
        county.mayor: ("/dashboard/", "/lists/2026/", "/as-of/", "/settings/policy/"),
        county.office_one: (
            *("/settings/calendar/", "/settings/policy/", "/settings/units/", f"/settings/units/{county.park.pk}/"),
            *("/settings/officers/", f"/settings/officers/{county.executive.pk}/", "/operations/"),
        ),
        county.bureau: ("/settings/policy/jump_share/", f"/projects/{county.plant.pk}/inclusion/"),
        county.sysadmin: ("/operations/", "/admin/accounts/", f"/admin/accounts/{county.owner.pk}/"),
        county.secadmin: ("/admin/grants/", "/admin/grants/new/", "/admin/substitutions/", "/admin/substitutions/new/"),
        county.auditor: ("/admin/audit/",),
    }


def faults_of(page: Page, url: str) -> list[str]:
    """What is wrong with the page at this address: its answer, its width, what axe finds with every fold open."""
    answer = page.goto(url)
    assert answer is not None
    if answer.status != 200:
        return [f"{url} answers {answer.status}"]
    page.evaluate("document.querySelectorAll('details.fold').forEach(fold => fold.open = true)")
    faults = []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        faults.append(f"{url} is {wide} px wider than the screen")
    for violation in Axe().run(page).response["violations"]:
        places = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        faults.append(f"{url} {violation['id']}: {violation['help']} ({places})")
    return faults


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_of_the_office(
    county: County, rows: Rows, new_page: NewPage, live_server: object, viewport: dict[str, int]
) -> None:
    page = let_in(new_page(viewport), county.office_one, str(live_server))
    faults = [fault for url in office_pages(county, rows) for fault in faults_of(page, url)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_of_everybody_else(
    county: County, rows: Rows, new_page: NewPage, live_server: object, viewport: dict[str, int]
) -> None:
    page = new_page(viewport)
    faults: list[str] = []
    for user, urls in other_pages(county, rows).items():
        let_in(page, user, str(live_server))
        faults += [fault for url in urls for fault in faults_of(page, url)]
    assert not faults, "\n".join(faults)
