"""A browser that runs no script still reads and reports (docs/design.md, Rules that hold everywhere)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from projects.enums import ReviewDecision
from projects.models import ReportReview, ReportRevision
from tests.browser.conftest import PHONE, NewPage
from tests.browser.people import let_in, monthly_reports_only, sign_in
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.reporting import APRIL_OPENS, MAY_OPENS, accepted, expected, open_at, submitted

IN_APRIL = moment(5, 5, 10)
IN_MAY = moment(6, 2, 10)


@pytest.fixture
def plain(county: County, freeze: Freeze, new_page: NewPage) -> Page:
    """A telephone without scripts, in May; the road had 4000 in April."""
    monthly_reports_only(county)
    open_at(APRIL_OPENS)
    accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_APRIL)
    accepted(county, county.factory, "2026-04", 1300, by=county.park_staff, at=IN_APRIL)
    open_at(MAY_OPENS)
    freeze(IN_MAY)
    return new_page(PHONE, javascript=False)


def test_a_unit_reports_and_explains_a_doubt(county: County, plain: Page) -> None:
    sign_in(plain, county.transport_staff)
    line = plain.get_by_role("listitem").filter(has_text=county.road.name)
    line.get_by_role("link", name="填报").click()
    plain.get_by_label("本年累计完成投资").fill("3900")
    plain.get_by_label("形象进度").fill("按审计意见核减100万元")
    plain.get_by_role("button", name="提交审核").click()
    expect(plain.get_by_role("alert").filter(has_text="减少100万元")).to_be_visible()
    plain.get_by_label("情况说明").fill("审计核减，依据附后")
    plain.get_by_role("button", name="提交审核").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("已提交")
    revision = ReportRevision.objects.get(report__expected=expected(county.road, "2026-05"))
    assert (revision.done, revision.flag_reason) == (3900, "审计核减，依据附后")


def test_nothing_changed_needs_no_script(county: County, plain: Page) -> None:
    sign_in(plain, county.transport_staff)
    line = plain.get_by_role("listitem").filter(has_text=county.road.name)
    line.get_by_role("button", name="本期无变化").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("已提交")
    assert ReportRevision.objects.get(report__expected=expected(county.road, "2026-05")).done == 4000


def test_menus_open_and_everybody_reads(county: County, plain: Page, live_server: object) -> None:
    let_in(plain, county.transport_staff, str(live_server))
    plain.goto("/reports/")
    plain.locator("summary").filter(has_text="全部栏目").click()
    plain.get_by_role("navigation", name="全部栏目").get_by_role("link", name="项目台账").click()
    plain.get_by_role("link", name=county.road.name).click()
    expect(plain.get_by_role("region", name="项目概况")).to_be_visible()
    expect(plain.locator("main")).to_contain_text("4,000")


def test_the_office_filters_and_reviews(county: County, plain: Page, live_server: object) -> None:
    let_in(plain, county.office_one, str(live_server))
    plain.goto("/projects/")
    plain.get_by_label("查找").fill("线束")
    plain.get_by_role("button", name="查询").click()
    expect(plain.get_by_role("link", name=county.factory.name)).to_be_visible()
    expect(plain.get_by_role("link", name=county.road.name)).to_have_count(0)

    waiting = submitted(county.factory, "2026-05", 2100, by=county.park_staff, at=IN_MAY, progress="二层钢构完成")
    plain.goto(f"/reviews/{waiting.pk}/")
    plain.get_by_role("button", name="通过").click()
    expect(plain.get_by_text("没有待审核的报告")).to_be_visible()
    assert ReportReview.objects.get(revision=waiting).decision == ReviewDecision.ACCEPT


def test_a_leader_reads_the_figures_as_tables(county: County, plain: Page, live_server: object) -> None:
    let_in(plain, county.mayor, str(live_server))
    plain.goto("/dashboard/")
    assert plain.get_by_role("table", name="最需要关注的项目").get_by_role("row").count() > 1
    assert plain.get_by_role("region", name="灯色分布").get_by_role("link").count() == 6
