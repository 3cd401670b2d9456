"""The offices at their desk: a queue accepted by keyboard, one review after the other, two people at one report."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Page, expect
from pytest_django.fixtures import Settings

from projects.enums import ReportState
from projects.models import Report, ReportReview, ReportRevision
from tests.browser.conftest import PHONE, NewPage
from tests.browser.people import let_in, monthly_reports_only
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.reporting import APRIL_OPENS, open_at, submitted

IN_TIME = moment(5, 5, 10)


@pytest.fixture
def queue(county: County, freeze: Freeze) -> list[ReportRevision]:
    """Three reports of April wait; the road's raises a doubt."""
    monthly_reports_only(county)
    open_at(APRIL_OPENS)
    freeze(IN_TIME)
    return [
        submitted(county.road, "2026-04", 5000, by=county.transport_staff, at=IN_TIME),
        submitted(county.airport, "2026-04", 60, by=county.transport_staff, at=IN_TIME),
        submitted(county.plant, "2026-04", 600, by=county.housing_staff, at=IN_TIME),
    ]


@pytest.fixture
def each_for_itself(settings: Settings) -> None:
    """Rows of a bulk act are taken one by one, on purpose (docs/adr/0011-bulk.md)."""
    settings.ZEAL_ALLOWLIST = [{"model": "*"}]


@pytest.fixture
def office(queue: list[ReportRevision], county: County, page: Page, live_server: object) -> Page:
    return let_in(page, county.office_one, str(live_server))


@pytest.mark.usefixtures("each_for_itself")
def test_the_plain_reports_are_accepted_together_by_keyboard(
    county: County, queue: list[ReportRevision], office: Page
) -> None:
    office.on("dialog", lambda dialog: dialog.accept())
    office.goto("/reviews/")
    expect(office.get_by_role("checkbox", name=re.compile(county.road.name))).to_have_count(0)
    office.get_by_role("checkbox", name="全选本页无疑问的").focus()
    office.keyboard.press("Space")
    expect(office.get_by_role("checkbox", name=re.compile(county.airport.name))).to_be_checked()
    office.keyboard.press("Tab")
    expect(office.get_by_role("button", name="通过所选")).to_be_focused()
    office.keyboard.press("Enter")
    expect(office.get_by_text("已通过2份。")).to_be_visible()
    expect(office.get_by_role("heading", level=1)).to_contain_text("待审核1份")
    waiting = Report.objects.filter(state=ReportState.SUBMITTED)
    assert [report.project for report in waiting] == [county.road]


def shown(page: Page, place: str) -> None:
    """The review at this place of the queue has been loaded, its keys work."""
    expect(page.get_by_text(place)).to_be_visible()
    page.wait_for_load_state()


def test_one_review_after_the_other_by_keyboard(county: County, queue: list[ReportRevision], office: Page) -> None:
    office.on("dialog", lambda dialog: dialog.accept())
    office.goto("/reviews/")
    office.get_by_role("link", name="逐份审核").click()
    shown(office, "第1份，共3份")
    office.keyboard.press("n")
    shown(office, "第2份，共3份")
    office.keyboard.press("p")
    shown(office, "第1份，共3份")
    first = office.get_by_role("heading", level=1).inner_text()
    office.keyboard.press("r")
    reason = office.get_by_label("审核意见")
    expect(reason).to_be_focused()
    reason.press_sequentially("a n p")  # letters in the field are text
    expect(reason).to_have_value("a n p")
    expect(office.get_by_role("heading", level=1)).to_have_text(first)
    office.get_by_label("请附计量单、发票等支撑材料").check()
    office.get_by_role("button", name="退回").click()
    expect(office.get_by_text("已退回。还有2份待审核。")).to_be_visible()
    shown(office, "第1份，共2份")
    office.keyboard.press("a")
    expect(office.get_by_text("已通过。还有1份待审核。")).to_be_visible()
    assert sorted(ReportReview.objects.values_list("decision", flat=True)) == ["accept", "return"]
    assert ReportReview.objects.get(decision="return").reason == "请附计量单、发票等支撑材料；a n p"


def test_a_doubtful_report_asks_before_it_is_accepted(
    county: County, queue: list[ReportRevision], office: Page
) -> None:
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    office.on("dialog", refuse)
    office.goto(f"/reviews/{queue[0].pk}/")
    office.keyboard.press("a")
    expect(office.get_by_role("button", name="通过", exact=True)).to_be_enabled()
    assert "疑问还没有核实，仍然通过" in asked[0]
    assert not ReportReview.objects.exists()


def test_the_second_of_two_reviewers_sees_who_was_faster(
    county: County, queue: list[ReportRevision], office: Page, new_page: NewPage, live_server: object
) -> None:
    colleague = let_in(new_page(), county.office_two, str(live_server))
    for page in (office, colleague):
        page.goto(f"/reviews/{queue[1].pk}/")
    colleague.get_by_label("审核意见").fill("请附计量单")
    colleague.get_by_role("button", name="退回").click()
    expect(colleague.get_by_text("已退回")).to_be_visible()
    office.get_by_role("button", name="通过", exact=True).click()
    expect(office.get_by_text("汪小帆已于2026年5月5日 10:00退回该次提交。您的操作没有执行。")).to_be_visible()
    expect(office).to_have_url(re.compile(f"/reports/{queue[1].report_id}/"))
    (review,) = ReportReview.objects.filter(revision=queue[1])
    assert review.reviewer == county.office_two


@pytest.mark.usefixtures("each_for_itself")
def test_a_list_is_accepted_while_a_colleague_returns_one_of_it(
    county: County, queue: list[ReportRevision], office: Page, new_page: NewPage, live_server: object
) -> None:
    office.on("dialog", lambda dialog: dialog.accept())
    office.goto("/reviews/")
    office.get_by_role("checkbox", name="全选本页无疑问的").check()
    colleague = let_in(new_page(PHONE), county.office_two, str(live_server))
    colleague.goto(f"/reviews/{queue[1].pk}/")
    colleague.get_by_label("审核意见").fill("请附计量单")
    colleague.get_by_role("button", name="退回").tap()
    expect(colleague.get_by_text("已退回")).to_be_visible()
    office.get_by_role("button", name="通过所选").click()
    expect(office.get_by_text("已通过1份。")).to_be_visible()
    expect(office.get_by_text(f"{county.airport.name}：未办理。")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_columns_are_chosen_and_remembered(
    county: County, new_page: NewPage, live_server: object, javascript: bool
) -> None:
    page = let_in(new_page(javascript=javascript), county.office_one, str(live_server))
    page.goto("/projects/?q=国道")
    page.get_by_text("选择列").click()
    page.get_by_role("checkbox", name="总投资").check()
    page.get_by_role("checkbox", name="包联领导").uncheck()
    page.get_by_role("button", name="显示所选").click()
    expect(page.get_by_role("columnheader", name="总投资")).to_be_visible()
    expect(page.get_by_role("columnheader", name="包联领导")).to_have_count(0)
    expect(page.get_by_label("查找")).to_have_value("国道")
    page.get_by_text("选择列").click()
    page.get_by_role("button", name="以后都按现在显示的列").click()
    page.goto("/projects/")
    expect(page.get_by_role("columnheader", name="总投资")).to_be_visible()


def test_the_office_reminds_with_one_button(county: County, queue: list[ReportRevision], office: Page) -> None:
    office.on("dialog", lambda dialog: dialog.accept())
    office.goto("/workbench/")
    office.get_by_role("button", name="催报").click()
    expect(office.get_by_text(re.compile("已向.人发出催报"))).to_be_visible()
    expect(office.get_by_role("heading", level=1)).to_contain_text("催报")
