"""Units report from a telephone: nothing changed, pressed twice, the line gone, two people at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from projects.enums import RevisionKind
from projects.models import ExpectedReport, Project, ReportRevision
from tests.browser.conftest import PHONE, NewPage
from tests.browser.people import let_in, monthly_reports_only
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.photos import photo
from tests.support.reporting import APRIL_OPENS, MAY_OPENS, accepted, expected, open_at

IN_APRIL = moment(5, 5, 10)
IN_MAY = moment(6, 2, 10)
LAST_TEXT = "完成路基施工3公里"
"""The text of April, with which the form of May begins."""


@pytest.fixture
def may(county: County, freeze: Freeze) -> ExpectedReport:
    """The road's report of May is due tomorrow; 4000 were accepted in April."""
    monthly_reports_only(county)
    open_at(APRIL_OPENS)
    accepted(county, county.road, "2026-04", 4000, by=county.transport_staff, at=IN_APRIL, progress=LAST_TEXT)
    open_at(MAY_OPENS)
    freeze(IN_MAY)
    return expected(county.road, "2026-05")


@pytest.fixture
def unit_phone(may: ExpectedReport, county: County, phone: Page, live_server: object) -> Page:
    """The telephone of 交通局's clerk."""
    return let_in(phone, county.transport_staff, str(live_server))


def test_nothing_changed_takes_one_press(county: County, may: ExpectedReport, unit_phone: Page) -> None:
    unit_phone.on("dialog", lambda dialog: dialog.accept())
    unit_phone.goto("/reports/")
    line = unit_phone.get_by_role("listitem").filter(has_text=county.road.name)
    line.get_by_role("button", name="本期无变化").tap()
    expect(unit_phone.get_by_role("heading", level=1)).to_have_text("已提交")
    (revision,) = ReportRevision.objects.filter(report__expected=may)
    assert (revision.kind, revision.done, revision.submitted_by) == (
        RevisionKind.NO_CHANGE,
        4000,
        county.transport_staff,
    )


def test_a_press_that_was_not_meant_sends_nothing(county: County, may: ExpectedReport, unit_phone: Page) -> None:
    unit_phone.on("dialog", lambda dialog: dialog.dismiss())
    unit_phone.goto("/reports/")
    line = unit_phone.get_by_role("listitem").filter(has_text=county.road.name)
    line.get_by_role("button", name="本期无变化").tap()
    expect(unit_phone.get_by_role("heading", level=1)).to_contain_text("我的待办")
    assert not ReportRevision.objects.filter(report__expected=may).exists()


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_pressing_submit_twice_makes_one_report(
    county: County, may: ExpectedReport, new_page: NewPage, live_server: object, javascript: bool
) -> None:
    page = let_in(new_page(PHONE, javascript=javascript), county.transport_staff, str(live_server))
    page.goto(f"/reports/{may.pk}/entry/")
    page.get_by_label("本年累计完成投资").fill("5200")
    page.get_by_label("形象进度").fill("路基完成11公里，桥涵完成6座")
    page.get_by_role("button", name="提交审核").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("已提交")
    (revision,) = ReportRevision.objects.filter(report__expected=may)
    assert revision.done == 5200


def test_the_figure_explains_itself_while_it_is_typed(may: ExpectedReport, unit_phone: Page) -> None:
    unit_phone.goto(f"/reports/{may.pk}/entry/")
    done = unit_phone.get_by_label("本年累计完成投资")
    done.fill("")
    done.press_sequentially("3900")
    expect(unit_phone.locator("#done-live")).to_contain_text("比上期减少 100 万元")
    done.fill("52000")
    expect(unit_phone.locator("#done-live")).to_contain_text("请核对单位是否为万元")


def test_a_draft_saved_while_typing_is_there_on_the_desk(
    county: County, may: ExpectedReport, unit_phone: Page, new_page: NewPage, live_server: object
) -> None:
    unit_phone.goto(f"/reports/{may.pk}/entry/")
    unit_phone.get_by_label("形象进度").fill("桥台浇筑完成")
    expect(unit_phone.locator("[data-draft-note]")).to_contain_text("自动保存")
    desk = let_in(new_page(), county.transport_staff, str(live_server))
    desk.goto(f"/reports/{may.pk}/entry/")
    expect(desk.get_by_label("形象进度")).to_have_value("桥台浇筑完成")


def test_what_was_typed_without_a_line_comes_back(
    county: County, may: ExpectedReport, new_page: NewPage, live_server: object
) -> None:
    """The line goes in the middle of a report and the page is closed: the device kept the text and offers it."""
    page = let_in(new_page(PHONE, console=False), county.transport_staff, str(live_server))
    page.goto(f"/reports/{may.pk}/entry/")
    page.get_by_label("本年累计完成投资").fill("5200")
    expect(page.locator("[data-draft-note]")).to_contain_text("自动保存")
    page.context.set_offline(True)
    page.get_by_label("形象进度").fill("隧道贯通")
    expect(page.locator("[data-draft-note]")).to_contain_text("已暂存在这台设备上")
    page.context.set_offline(False)
    page.goto("/reports/")

    page.goto(f"/reports/{may.pk}/entry/")
    expect(page.get_by_label("形象进度")).to_have_value(LAST_TEXT)
    page.get_by_role("button", name="恢复这份内容").tap()
    expect(page.get_by_label("形象进度")).to_have_value("隧道贯通")
    expect(page.get_by_label("本年累计完成投资")).to_have_value("5200")
    page.get_by_role("button", name="提交审核").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("已提交")
    assert ReportRevision.objects.get(report__expected=may).progress == "隧道贯通"


def test_two_people_who_edit_one_project_see_both_versions(
    county: County, may: ExpectedReport, new_page: NewPage, live_server: object
) -> None:
    first = let_in(new_page(), county.office_one, str(live_server))
    second = let_in(new_page(), county.office_two, str(live_server))
    for page in (first, second):
        page.goto(f"/projects/{county.plant.pk}/edit/")
    first.get_by_label("建设内容").fill("日处理污水4万吨")
    first.get_by_role("button", name="保存").click()
    expect(first).to_have_url(re.compile(f"/projects/{county.plant.pk}/$"))

    second.get_by_label("建设内容").fill("日处理污水5万吨，配套管网12公里")
    second.get_by_label("项目名称").fill("")
    second.get_by_role("button", name="保存").click()
    expect(second.get_by_label("项目名称")).to_have_attribute("aria-invalid", "true")
    second.get_by_label("项目名称").fill(county.plant.name)  # a form that came back still stands on what was first seen
    second.get_by_role("button", name="保存").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("内容已被他人修改")
    expect(second.get_by_text("日处理污水4万吨")).to_be_visible()
    expect(second.get_by_text("日处理污水5万吨，配套管网12公里")).to_be_visible()
    assert Project.objects.get(pk=county.plant.pk).content == "日处理污水4万吨"

    second.get_by_role("link", name="重新打开编辑页").click()
    expect(second.get_by_label("建设内容")).to_have_value("日处理污水4万吨")
    second.get_by_label("建设内容").fill("日处理污水5万吨，配套管网12公里")
    second.get_by_role("button", name="保存").click()
    expect(second).to_have_url(re.compile(f"/projects/{county.plant.pk}/$"))
    assert Project.objects.get(pk=county.plant.pk).content == "日处理污水5万吨，配套管网12公里"


def test_a_routine_report_takes_two_minutes_at_most(county: County, may: ExpectedReport, unit_phone: Page) -> None:
    """Twelve interactions at most from the first page to the end: here taps and fields, counted."""
    steps = 0

    def tap(name: str, role: str = "button") -> None:
        nonlocal steps
        steps += 1
        unit_phone.get_by_role(role, name=name).first.tap()  # type: ignore[arg-type]

    def fill(label: str, text: str) -> None:
        nonlocal steps
        steps += 1
        unit_phone.get_by_label(label).fill(text)

    unit_phone.goto("/")
    line = unit_phone.get_by_role("listitem").filter(has_text=county.road.name)
    steps += 1
    line.get_by_role("link", name="填报").tap()
    fill("本期完成投资", "700")
    expect(unit_phone.get_by_label("本年累计完成投资")).to_have_value("4700")
    expect(unit_phone.locator("#done-live")).to_contain_text("本期新增 700 万元")
    fill("形象进度", "完成路基施工5公里")
    steps += 1
    unit_phone.get_by_label("现场照片").set_input_files(
        {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": photo((2400, 1800), exif=True)}
    )
    expect(unit_phone.get_by_text("照片已上传")).to_be_visible()
    tap("提交审核")
    expect(unit_phone.get_by_role("heading", level=1)).to_have_text("已提交")
    (revision,) = ReportRevision.objects.filter(report__expected=may)
    assert (revision.done, revision.done_period, revision.photos.count()) == (4700, 700, 1)
    assert steps <= 12
