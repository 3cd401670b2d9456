"""The rankings in a browser: a row that is read in one glance on a telephone, a board that is walked by keyboard and
printed without its controls, and every face of the pages as docs/design.md promises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from projects.enums import Role
from projects.models import Project
from supervision.enums import Series
from supervision.models import Snapshot
from supervision.services import snapshots
from tests.browser.conftest import PHONE, NewPage
from tests.browser.people import let_in
from tests.browser.proofs import WATCH_SHIFTS, faults_of
from tests.conftest import Freeze
from tests.support.county import County
from tests.support.site import NOW, Site, populate

ONE_GLANCE = 130
"""Pixels of height that a row of a telephone may take."""
LONG_NAME = "青禾县城关镇至石桥镇农村公路提质改造及沿线生态廊道综合整治工程（一期）配套设施建设项目"


@pytest.fixture
def site(county: County, freeze: Freeze) -> Site:
    """The county in full work, on Monday 1 June 2026: March and April are published, April corrected once."""
    full = populate(county, at=freeze)
    freeze(NOW)
    return full


@pytest.fixture
def desk(site: Site, page: Page, live_server: object) -> Page:
    return let_in(page, site.by_role[Role.MAIN_LEADER], str(live_server))


def faces(site: Site) -> Iterator[str]:
    """The pages with their contents; `tests/browser/test_pages.py` reads them for every role."""
    yield from ("/rankings/", "/rankings/?board=units", "/rankings/?board=leaders", "/rankings/?series=weekly")
    for board, subject in (("projects", site.county.road), ("units", site.county.park)):
        yield reverse("ranking_explain", args=[site.published.pk, board, subject.pk])
        yield reverse("ranking_history", args=[board, subject.pk])
        yield reverse("ranking_compare", args=[board])


def test_every_face_keeps_the_promises_with_the_longest_names(site: Site, page: Page, live_server: object) -> None:
    Project.objects.filter(pk=site.county.road.pk).update(name=LONG_NAME)
    snapshots.supersede(snapshot_id=site.published.pk, reason="改名", actor=site.county.bureau, at=NOW)
    again = Snapshot.objects.get(period=site.published.period, series=Series.MONTHLY, state="draft")
    site.published = snapshots.publish(snapshot_id=again.pk, version=again.version, actor=site.county.bureau, at=NOW)
    page.context.add_init_script(WATCH_SHIFTS)
    let_in(page, site.by_role[Role.MAIN_LEADER], str(live_server))
    faults = [fault for url in faces(site) for fault in faults_of(page, url)]
    assert not faults, "\n".join(faults)


def test_on_a_telephone_a_row_is_read_in_one_glance(site: Site, new_page: NewPage, live_server: object) -> None:
    phone = let_in(new_page(PHONE), site.by_role[Role.UNIT_STAFF], str(live_server))
    phone.goto("/rankings/")
    row = phone.locator("details[open] .ranking tbody tr").first
    box = row.bounding_box()
    assert box and box["height"] <= ONE_GLANCE
    for part in ("place", "name", "score", "change"):
        assert row.locator(f".ranking__{part}").first.is_visible(), part
    assert row.locator(".ranking__parts").is_hidden()
    assert phone.locator("details.section[open]").count() == 2, "the first groups are open, the others fold"


def test_the_contents_line_opens_and_reaches_a_folded_group(site: Site, new_page: NewPage, live_server: object) -> None:
    phone = let_in(new_page(PHONE), site.by_role[Role.UNIT_STAFF], str(live_server))
    phone.goto("/rankings/")
    folded = phone.locator("details.section:not([open])").first
    name = folded.get_attribute("id")
    phone.locator(f'.page-nav a[href="#{name}"]').press("Enter")
    expect(phone.locator(f"#{name}")).to_have_attribute("open", "")
    expect(phone.locator(f"#{name}")).to_be_in_viewport()


def test_from_the_board_to_the_reasons_and_the_line_by_keyboard(site: Site, desk: Page) -> None:
    desk.goto("/rankings/")
    desk.locator(".ranking tbody a").first.press("Enter")
    expect(desk.get_by_role("heading", name="怎样能前进")).to_be_visible()
    desk.get_by_role("link", name="历次名次").press("Enter")
    line = desk.get_by_role("img", name="历次名次走势")
    expect(line.first).to_be_visible()
    assert desk.locator("table.past tbody tr").count() == 2, "the numbers of the line stand in a table"


def test_two_periods_are_chosen_without_a_script(site: Site, new_page: NewPage, live_server: object) -> None:
    page = let_in(new_page(javascript=False), site.by_role[Role.UNIT_HEAD], str(live_server))
    page.goto(reverse("ranking_compare", args=["projects"]))
    before, now = page.get_by_label("前期"), page.get_by_label("后期")
    first, second = before.input_value(), now.input_value()
    before.select_option(second)
    page.get_by_role("button", name="对比").click()
    expect(page.get_by_text("前期和后期是同一期")).to_be_visible()
    page.get_by_label("前期").select_option(first)
    page.get_by_role("button", name="对比").click()
    expect(page.locator("table.compared").first).to_be_visible()


def test_paper_shows_the_board_without_its_controls(site: Site, desk: Page) -> None:
    desk.goto("/rankings/")
    desk.emulate_media(media="print")
    for control in (".ranking-period", ".page-nav", ".tabs", ".page-head__toolbar"):
        assert desk.locator(control).first.is_hidden(), control
    table = desk.locator(".ranking").first
    assert table.locator(".ranking__figure").first.is_visible(), "plan and done are printed"
    assert table.locator("thead").evaluate("head => getComputedStyle(head).display") == "table-header-group"
