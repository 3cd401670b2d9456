"""The spine: one amount, typed on a telephone, followed to the light, the ranking and Monday's notice.

docs/structure.md, One amount, from form to ranking row.
"""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from projects.models import Report
from supervision.models import Notice
from tests.browser.conftest import NewPage
from tests.browser.people import monthly_reports_only, sign_in
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.reporting import APRIL_OPENS, accepted, open_at
from tracker import dispatch

MARCH_OPENS = moment(3, 31, 8)
DUE_DAY = moment(5, 5, 9)
PUBLISHING = moment(5, 8, 18, 20)
"""April has locked at 18:00 on this Friday."""
MONDAY = moment(5, 11, 8, 1)


@pytest.fixture
def april(county: County, freeze: Freeze) -> None:
    """April is due today. In March the road had 800 of 12000; the factory has reported April, the plant has not."""
    monthly_reports_only(county)
    open_at(MARCH_OPENS)
    in_march = moment(4, 2, 10)
    accepted(county, county.road, "2026-03", 800, by=county.transport_staff, at=in_march)
    accepted(county, county.plant, "2026-03", 2500, by=county.housing_staff, at=in_march)
    accepted(county, county.factory, "2026-03", 900, by=county.park_staff, at=in_march)
    open_at(APRIL_OPENS)
    accepted(county, county.factory, "2026-04", 1400, by=county.park_staff, at=moment(5, 4, 10), progress="厂房封顶")
    dispatch.schedule_due(DUE_DAY - dt.timedelta(hours=1))
    freeze(DUE_DAY)


def background_works(at: dt.datetime) -> None:
    """What the scheduler and the dispatcher do in their round at this moment."""
    dispatch.schedule_due(at)
    dispatch.work_off(at)


def test_a_report_is_followed_from_the_telephone_to_the_log(
    county: County, april: None, new_page: NewPage, phone: Page, freeze: Freeze
) -> None:
    road = county.road.name
    office = new_page()

    # Before: the project stands in red, and says why.
    sign_in(office, county.office_one)
    office.goto(f"/projects/{county.road.pk}/")
    light = office.get_by_role("region", name="项目概况")
    expect(light.locator(".light--large")).to_have_text("告警")

    # 交通局's clerk signs in on a telephone and finds the report on the first page.
    sign_in(phone, county.transport_staff)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("我的待办")
    line = phone.get_by_role("listitem").filter(has_text=road)
    expect(line).to_contain_text("今天截止")
    line.get_by_role("link", name="填报").tap()
    phone.get_by_label("本年累计完成投资").fill("5812.5")
    phone.get_by_label("形象进度").fill("路基完成11公里，大桥下部结构完成七成")
    phone.get_by_role("button", name="提交审核").tap()

    # 5012.5 in one month is more than 40 % of the year's plan: the page asks why, and keeps what was typed.
    flags = phone.get_by_role("alert")
    expect(flags).to_contain_text("有1处需要核对")
    expect(flags).to_contain_text("本期增加5012.5万元，占年度计划的41.8%")
    expect(phone.get_by_label("本年累计完成投资")).to_have_value("5812.5")
    phone.get_by_label("情况说明").fill("4月集中支付三季度钢梁预付款，凭证已附局财务")
    phone.get_by_role("button", name="提交审核").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("已提交")
    expect(phone.locator("main")).to_contain_text("5,812.5")

    # The office finds it in the queue, beside what was accepted before, with the doubt and its reason.
    office.goto("/reviews/")
    office.get_by_role("row").filter(has_text=road).get_by_role("link", name=road).click()
    main = office.locator("main")
    expect(main).to_contain_text("占年度计划的41.8%")
    expect(main).to_contain_text("凭证已附局财务")
    change = office.locator(".diff").get_by_role("row").filter(has_text="本年累计完成投资")
    expect(change).to_contain_text("800")
    expect(change).to_contain_text("5,812.5")
    office.once("dialog", lambda dialog: dialog.accept())
    office.get_by_role("button", name="通过").click()
    expect(office.get_by_role("status").filter(has_text="已通过")).to_be_visible()

    # The light has changed with the acceptance, and explains itself with the new figure.
    office.goto(f"/projects/{county.road.pk}/")
    expect(light.locator(".light--large")).to_have_text("正常")
    expect(office.locator(".kpi").filter(has_text="本年累计完成")).to_contain_text("5,812.5万元")

    # April locks on Friday evening; the office takes the ranking and publishes it.
    background_works(freeze(PUBLISHING))
    sign_in(office, county.office_one)
    office.goto("/rankings/take/")
    office.get_by_label("报告期").select_option(label="月度排名 2026年4月")
    office.get_by_role("button", name="生成草稿").click()
    expect(office.locator("main")).to_contain_text("草稿，未发布")
    office.get_by_role("link", name="发布").click()
    office.once("dialog", lambda dialog: dialog.accept())
    office.get_by_role("button", name="发布").click()
    expect(office.locator("main")).to_contain_text("已发布")

    # Why does the road stand there? The very amount is among the evidence, and leads back to its report.
    row = office.get_by_role("row").filter(has_text=road)
    expect(row).to_contain_text("5,812.5")
    row.get_by_role("link", name=road).click()
    evidence = office.get_by_role("table", name="得分所依据的记录")
    evidence.get_by_role("link").filter(has_text="5812.5").first.click()
    report = Report.objects.get(project=county.road, period__key="2026-04")
    expect(office).to_have_url(f"/reports/{report.pk}/")

    # On Monday morning the schedule writes to whoever stayed silent. 住建局's clerk reads the notice and signs.
    background_works(freeze(MONDAY))
    desk = new_page()
    sign_in(desk, county.housing_staff)
    desk.goto("/inbox/")
    desk.get_by_role("row").filter(has_text="报告未报1项").get_by_role("link").click()
    missing = desk.locator(".card").filter(has=desk.get_by_role("heading", name="报告未报"))
    expect(missing).to_contain_text(county.plant.name)
    expect(missing).to_contain_text("月报2026-04")
    desk.get_by_role("button", name="签收").click()
    expect(desk.get_by_role("status").filter(has_text="2026年5月11日 08:01已签收")).to_be_visible()

    # The office sees in the log that it went out, was tried once, and signed for. Nobody asks for the road's report.
    sign_in(office, county.office_one)
    office.goto("/notices/")
    office.get_by_role("row").filter(has_text="2026年第20周").get_by_role("link").click()
    log = office.get_by_role("table", name="送达记录")
    entry = log.get_by_role("row").filter(has_text=county.housing_staff.name).filter(has_text="待发文件夹")
    expect(entry).to_contain_text("已送达")
    expect(entry).to_contain_text("第1次")
    expect(entry).to_contain_text("05-11 08:01")
    items = Notice.objects.get(recipient=county.transport_staff).items
    assert [item for item in items if item["kind"] == "missing" and item["project_id"] == county.road.pk] == []
