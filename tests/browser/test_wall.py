"""The wall chart in a browser: on A3 with its head on every sheet, on one A0 for sixty projects, full screen, and a row
that leads to its project."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page

from projects.enums import AnnualClass, Stage
from tests.browser.conftest import DESK, PHONE
from tests.browser.people import let_in
from tests.conftest import Freeze
from tests.support.county import County, add_milestone, add_project, moment

MILLIMETRE = 72 / 25.4
SIZES = {"a3": (420, 297), "a0": (1189, 841)}
ON_THE_WALL = 60
MONTHS = (2, 5, 8, 11)


@pytest.fixture
def desk(county: County, page: Page, freeze: Freeze, live_server: object) -> Page:
    freeze(moment(6, 15, 10))
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return let_in(page, county.office_one, str(live_server))


@pytest.fixture
def full(county: County) -> None:
    """As many projects as a county hangs up, with names and nodes of usual length."""
    for number in range(len(county.projects), ON_THE_WALL):
        project = add_project(
            county.annual_list,
            county.office_one,
            code=f"QH{number + 100}",
            name=f"东滩灌区续建配套与现代化改造{number}",
            annual_class=AnnualClass.CARRY_OVER,
            stage=Stage.BUILDING,
            unit=county.housing,
            leader=county.executive,
            plan=12000,
            total=48000,
            finish=dt.date(2027, 10, 31),
        )
        for month in MONTHS:
            add_milestone(project, dt.date(2026, month, 20), title="设备安装或装修完成")


def sheets(desk: Page, url: str) -> list[tuple[float, float]]:
    """The sizes of the printed sheets in mm."""
    desk.goto(url)
    printed = desk.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    return [(float(width) / MILLIMETRE, float(height) / MILLIMETRE) for width, height in boxes]


@pytest.mark.parametrize(("paper", "most"), [("a3", 5), ("a0", 1)])
def test_sixty_projects_fit_the_paper(full: None, desk: Page, paper: str, most: int) -> None:
    printed = sheets(desk, f"/wall/?paper={paper}&basis=")
    assert 1 <= len(printed) <= most
    for size in printed:
        assert size == pytest.approx(SIZES[paper], abs=1)
    if paper == "a3":
        assert len(printed) > 1
        desk.emulate_media(media="print")
        assert desk.locator("thead").evaluate("head => getComputedStyle(head).display") == "table-header-group"


def test_twelve_months_fit_a_desk_and_one_project_a_card(full: None, desk: Page) -> None:
    desk.goto("/wall/?basis=")
    hidden = "document.getElementById('wall').scrollWidth - document.getElementById('wall').clientWidth"
    assert desk.evaluate(hidden) == 0
    assert desk.locator("thead th").count() == 15
    desk.evaluate("document.getElementById('wall').scrollTop = 900")
    wall = desk.locator("#wall").bounding_box()
    head = desk.locator("thead th").nth(5).bounding_box()
    assert wall and head and head["y"] == pytest.approx(wall["y"], abs=2), "the months stay in sight"
    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert desk.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert desk.locator("thead").is_hidden()
    assert desk.get_by_text("（逾期未完成，5月20日）").first.is_visible(), "the sign in words"


def test_full_screen_by_key_and_a_cell_that_leads_to_the_nodes(county: County, desk: Page) -> None:
    desk.goto("/wall/")
    desk.keyboard.press("f")
    desk.wait_for_function("document.fullscreenElement && document.fullscreenElement.id === 'wall'")
    assert desk.locator(".wall__title").is_visible()
    desk.evaluate("document.exitFullscreen()")
    row = desk.locator("tr[data-href]", has_text=county.road.name)
    row.locator("td").nth(3).click()
    desk.wait_for_url(f"**/projects/{county.road.pk}/#nodes")
