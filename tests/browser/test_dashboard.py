"""The leaders' page of a full county: on one A4, and for the wall of a meeting room."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from projects.enums import AnnualClass, Stage
from projects.models import Period
from projects.services import indicators
from supervision.enums import Series
from supervision.services import snapshots
from tests.browser.conftest import DESK
from tests.browser.people import let_in, monthly_reports_only
from tests.conftest import Freeze
from tests.support.county import County, add_project, moment
from tests.support.reporting import APRIL_OPENS, accepted, open_at

A4 = (595, 842)
"""Points."""
LED = 8
"""More projects than a county head leads personally."""
PROJECTS = 40
LOCKED = moment(6, 1, 9)


@pytest.fixture
def full(county: County, freeze: Freeze) -> None:
    """Forty projects in each kind of work, eight of them the county head's own, April published, most of them late."""
    monthly_reports_only(county)
    kinds = (AnnualClass.CARRY_OVER, AnnualClass.NEW_START, AnnualClass.COMPLETION)
    more = [
        add_project(
            county.annual_list,
            county.office_one,
            code=f"QH{number + 100}",
            name=f"东滩灌区续建配套与现代化改造{number}",
            annual_class=kinds[number % 3],
            stage=Stage.BUILDING,
            unit=(county.housing, county.transport, county.park, county.chengguan)[number % 4],
            leader=county.mayor_officer if number < LED else county.executive,
            plan=12000,
            total=48000,
        )
        for number in range(PROJECTS)
    ]
    open_at(APRIL_OPENS)
    for number, project in enumerate(more):
        accepted(county, project, "2026-04", 500 * (number % 9), by=county.bureau, at=moment(5, 5, 10))
    open_at(LOCKED)
    period = Period.objects.get(key="2026-04")
    draft = snapshots.take(series=Series.MONTHLY, period=period, actor=county.office_one, at=LOCKED)
    snapshots.publish(snapshot_id=draft.pk, version=draft.version, actor=county.office_one, at=LOCKED)
    indicators.recompute(at=LOCKED)
    freeze(LOCKED)


@pytest.fixture
def desk(county: County, full: None, page: Page, live_server: object) -> Page:
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return let_in(page, county.mayor, str(live_server))


def test_the_page_prints_on_one_sheet(county: County, desk: Page) -> None:
    desk.goto("/dashboard/")
    expect(desk.get_by_role("heading", name="最需要关注的项目")).to_be_visible()
    expect(desk.get_by_role("heading", name="我包联的项目")).to_be_visible()
    printed = desk.pdf(format="A4", prefer_css_page_size=True)
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert [(round(float(width)), round(float(height))) for width, height in sheets] == [A4]


def test_the_large_screen_turns_by_key_and_stops(county: County, desk: Page) -> None:
    desk.goto("/dashboard/screen/")
    shown = desk.locator(".slide:visible")
    expect(shown).to_have_count(1)
    expect(shown.get_by_role("heading", level=2)).to_contain_text("总体情况")
    desk.keyboard.press("ArrowRight")
    expect(shown.get_by_role("heading", level=2)).to_contain_text("最需要关注的项目")
    desk.keyboard.press("p")
    expect(desk.get_by_role("button", name="继续")).to_be_visible()
    desk.keyboard.press("ArrowLeft")
    expect(shown.get_by_role("heading", level=2)).to_contain_text("总体情况")
    assert desk.evaluate("document.documentElement.scrollWidth") == DESK["width"]
