"""An export is a form whose answer is a file: the page stays, and its button can be pressed again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from projects.models import AuditEntry
from tests.browser.people import let_in
from tests.conftest import Freeze
from tests.support.county import County, moment
from tests.support.web import cells


def test_a_list_is_taken_as_it_is_shown_and_taken_again(
    county: County, page: Page, freeze: Freeze, live_server: object
) -> None:
    freeze(moment(6, 15, 10))
    let_in(page, county.office_one, str(live_server))
    page.goto(f"/projects/?basis=&unit={county.transport.pk}&sort=-plan")
    button = page.get_by_role("button", name="导出表格")
    for taken in (1, 2):
        with page.expect_download() as download:
            button.click()
        rows = cells(Path(download.value.path()).read_bytes())
        assert [row[3] for row in rows[3:]] == [county.expressway.name, county.road.name, county.airport.name]
        assert AuditEntry.objects.filter(action="export.workbook").count() == taken
        expect(button).not_to_have_attribute("aria-disabled", "true", timeout=5000)
    expect(page.get_by_role("heading", name="项目台账")).to_be_visible()
