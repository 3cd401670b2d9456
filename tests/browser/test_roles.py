"""Every role comes through the door and lands on its page; leaders see charts; a past day is only looked at."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from projects.models import ReportRevision
from supervision.enums import Series
from supervision.services import snapshots
from tests.browser.conftest import MAP_SHEET, NewPage
from tests.browser.people import let_in, monthly_reports_only, sign_in
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.reporting import APRIL_OPENS, accepted, expected, open_at, period
from tracker.web.security import CONTENT_POLICY

LOCKED = moment(5, 11, 9)
LANDINGS = {
    "mayor": ("/dashboard/", "重点项目看板"),
    "vice": ("/dashboard/", "重点项目看板"),
    "supervisor": ("/dashboard/", "重点项目看板"),
    "bureau": ("/workbench/", "工作台"),
    "office_one": ("/workbench/", "工作台"),
    "transport_head": ("/reports/", "我的待办"),
    "transport_staff": ("/reports/", "我的待办"),
    "owner": ("/reports/", "我的待办"),
    "sysadmin": ("/operations/", "运行状况"),
    "secadmin": ("/admin/grants/", "授权"),
    "auditor": ("/admin/audit/", "审计记录"),
}
"""Where each of the cast lands, with the heading of the page."""


@pytest.fixture
def published(county: County, freeze: Freeze) -> None:
    """The ranking of April is out: three reported, one was silent."""
    monthly_reports_only(county)
    open_at(APRIL_OPENS)
    day = moment(5, 5, 10)
    accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=day)
    accepted(county, county.factory, "2026-04", 1300, by=county.park_staff, at=day)
    accepted(county, county.library, "2026-04", 1500, by=county.chengguan_staff, at=day)
    open_at(LOCKED)
    draft = snapshots.take(series=Series.MONTHLY, period=period("2026-04"), actor=county.office_one, at=LOCKED)
    snapshots.publish(snapshot_id=draft.pk, version=draft.version, actor=county.office_one, at=LOCKED)
    freeze(LOCKED)


def test_every_role_lands_where_its_work_is(county: County, published: None, new_page: NewPage) -> None:
    page = new_page()
    tried: set[tuple[str, str]] = set()
    for name, (address, heading) in LANDINGS.items():
        page.context.clear_cookies()
        sign_in(page, getattr(county, name))
        expect(page, name).to_have_url(re.compile(f"{address}$"))
        expect(page.get_by_role("heading", level=1), name).to_contain_text(heading)
        menu = page.get_by_role("navigation", name="主导航").get_by_role("link")
        offered = {link.get_attribute("href") or "" for link in menu.all()}
        for url in sorted(offered):
            if (address, url) not in tried:
                assert page.request.get(url).status == 200, f"{name} is offered {url}"
                tried.add((address, url))


def test_signing_out_ends_the_session(county: County, page: Page) -> None:
    sign_in(page, county.transport_staff)
    page.locator("summary").filter(has_text="账户菜单").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    page.goto("/reports/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))


def test_the_dashboard_draws_its_charts_under_the_strict_policy(
    county: County, published: None, page: Page, live_server: object
) -> None:
    """Each figure is drawn; the console says nothing but the one refusal of docs/design.md, Charts; nothing is asked of
    another site (the page fixture fails on that)."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    let_in(page, county.mayor, str(live_server))
    answer = page.goto("/dashboard/")
    assert answer is not None
    assert answer.headers["content-security-policy"] == CONTENT_POLICY
    figures = page.locator("figure.chart")
    assert figures.count() == 1, "the units; the county's curve is drawn by the server"
    for figure in figures.all():
        figure.scroll_into_view_if_needed()
        expect(figure.locator("svg.main-svg").first).to_be_visible(timeout=20_000)
    expect(figures.locator(".barlayer .trace path").first).to_be_attached()
    expect(page.locator("svg.curve--wide")).to_be_visible()
    assert [text for text in said if MAP_SHEET not in text] == []


def test_a_past_day_is_shown_with_a_banner_and_takes_no_report(
    county: County, published: None, page: Page, live_server: object
) -> None:
    """The office looks at 1 May: the light knows nothing of the reports of 5 May, and nothing can be sent."""
    let_in(page, county.office_one, str(live_server))
    row = expected(county.plant, "2026-04")
    page.goto("/as-of/")
    page.get_by_label("查看日期").fill("2026-05-01")
    page.get_by_role("button", name="查看").click()
    banner = page.get_by_role("status").filter(has_text="正在查看 2026-05-01 的数据")
    expect(banner).to_be_visible()
    page.goto(f"/projects/{county.road.pk}/")
    expect(banner).to_be_visible()
    done = page.locator(".kpi").filter(has_text="本年累计完成")
    expect(done).to_contain_text("—万元")

    page.goto(f"/reports/{row.pk}/entry/")
    expect(page.get_by_role("button", name="提交审核")).to_have_count(0)
    sent = page.request.post(
        f"/reports/{row.pk}/no-change/",
        headers={"X-CSRFToken": _csrf(page)},
        max_redirects=0,
        fail_on_status_code=False,
    )
    assert sent.status == 422
    assert "正在查看历史日期的数据" in sent.text()
    assert not ReportRevision.objects.filter(report__expected=row).exists()

    banner.get_by_role("link", name="更换日期或回到今天").click()
    page.get_by_label("查看日期").fill("")
    page.get_by_role("button", name="查看").click()
    expect(banner).to_have_count(0)
    page.goto(f"/projects/{county.road.pk}/")
    expect(done).to_contain_text("4,000万元")


def _csrf(page: Page) -> str:
    """The token that the page's own scripts would send."""
    headers = page.locator("body").get_attribute("hx-headers") or ""
    return re.search(r'"X-CSRFToken": "(\w+)"', headers)[1]
