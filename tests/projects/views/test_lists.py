"""The annual list in the browser: two bases, progress by class, adjustments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from projects.enums import Stage
from projects.models import ListAdjustment
from projects.selectors.list_page import list_page, time_progress_of
from projects.selectors.people import access_of
from tests.conftest import Freeze
from tests.support.county import County, double, moment
from tests.support.reporting import APRIL_OPENS, accepted, open_at
from tests.support.web import browser, page_text, queries, send, token

NOW = moment(5, 12, 10)
URL = "/lists/2026/"


@pytest.fixture
def office(county: County, freeze: Freeze) -> Client:
    """The office on 12 May, with April's reports of two projects accepted."""
    open_at(APRIL_OPENS)
    at = moment(5, 5, 10)
    accepted(county, county.road, "2026-04", 5000, by=county.transport_staff, at=at)
    accepted(county, county.plant, "2026-04", 2848, by=county.housing_staff, at=at)
    freeze(NOW)
    return browser(county.office_one)


def _adjust(county: County) -> str:
    return reverse("list_adjust", args=[county.plant.pk])


def _removal(**more: object) -> dict[str, object]:
    return {"kind": "removed", "effective_on": "2026-05-10", "reason": "并入片区项目", **more}


class TestStatistics:
    def test_progress_by_class(self, county: County, office: Client) -> None:
        page = list_page(2026, NOW.date(), "current", access_of(county.office_one, NOW.date()))
        lines = {line.total.annual_class: line for line in page.classes}
        carry_over = lines["carry_over"]
        plan = Decimal(12000 + 9800 + 10000)
        assert (carry_over.total.count, carry_over.total.plan, carry_over.done) == (3, plan, Decimal(7848))
        assert carry_over.rate == Decimal(7848) / plan
        assert carry_over.gap_points == (Decimal(7848) / plan - Decimal(4) / 12) * 100
        assert carry_over.blank == 1, "the factory has not reported"
        assert page.overall.done == Decimal(7848)
        text = page_text(office.get(URL))
        assert "序时进度33.33%" in text
        assert "24.68%" in text
        assert "-8.65" in text

    def test_time_progress_is_whole_months(self) -> None:
        assert time_progress_of(2026, dt.date(2026, 4, 29)) == Decimal(3) / 12
        assert time_progress_of(2026, dt.date(2026, 4, 30)) == Decimal(4) / 12
        assert time_progress_of(2026, dt.date(2027, 1, 1)) == 1
        assert time_progress_of(2026, dt.date(2025, 12, 31)) == 0

    def test_the_original_basis_keeps_what_was_removed(self, county: County, office: Client) -> None:
        send(office, _adjust(county), **_removal())
        current = office.get(URL).context["found"].overall
        original = office.get(URL, {"basis": "original"}).context["found"].overall
        assert (current.total.count, original.total.count) == (6, 7)
        assert (current.done, original.done) == (Decimal(5000), Decimal(7848))

    def test_versions_and_adjustments_are_named(self, county: County, office: Client) -> None:
        send(office, _adjust(county), **_removal(document_no="青政办发〔2026〕21号"))
        text = page_text(office.get(URL))
        assert "第1版 2026年县级重点项目清单" in text
        assert "调出 2026-05-10 并入片区项目 青政办发〔2026〕21号 卢嘉树，2026-05-12" in text

    def test_a_year_without_a_list(self, office: Client) -> None:
        assert "本年度还没有清单" in page_text(office.get("/lists/2031/"))

    def test_a_leader_reads_only_projects_in_sight(self, county: County, office: Client) -> None:
        page = browser(county.vice).get(URL)
        text = page_text(page)
        assert county.road.name in text
        assert county.library.name not in text
        assert _adjust(county) not in page.content.decode()
        assert page.context["found"].overall.total.count == 7, "the county's totals are no secret to its leaders"

    def test_units_do_not_open_it(self, county: County) -> None:
        assert browser(county.transport_head).get(URL).status_code == 403

    def test_as_many_queries_with_twice_the_projects(self, county: County, office: Client) -> None:
        before = queries(office, URL)
        double(county)
        assert queries(office, URL) == before <= 30


class TestAdjust:
    def test_a_removal_moves_the_stage_and_returns_to_the_project(self, county: County, office: Client) -> None:
        answer = send(office, _adjust(county), **_removal())
        assert answer.url == reverse("project", args=[county.plant.pk])
        county.plant.refresh_from_db()
        assert county.plant.stage == Stage.REMOVED

    def test_refusals_stand_at_their_field(self, county: County, office: Client) -> None:
        early = send(office, _adjust(county), **_removal(effective_on="2025-12-31"))
        assert early.status_code == 422
        assert "生效日期不能早于列入日期" in "".join(early.context["form"].errors["effective_on"])
        assert "并入片区项目</textarea>" in early.content.decode()
        resumed = send(office, _adjust(county), **_removal(kind="resumed"))
        assert "该项目没有暂停" in "".join(resumed.context["form"].errors["kind"])
        assert not ListAdjustment.objects.exists()

    def test_sent_twice_is_one_adjustment(self, county: County, office: Client) -> None:
        data = {**token(), **_removal()}
        assert office.post(_adjust(county), data).url == office.post(_adjust(county), data).url
        assert ListAdjustment.objects.count() == 1

    def test_who_may_not_is_told_or_finds_nothing(self, county: County, office: Client) -> None:
        assert browser(county.supervisor).get(_adjust(county)).status_code == 403
        assert office.get(reverse("list_adjust", args=[99999])).status_code == 404

    def test_a_past_view_writes_nothing(self, county: County, office: Client) -> None:
        office.post(reverse("as_of"), {"day": "2026-04-01"})
        assert send(office, _adjust(county), **_removal()).status_code == 422
        assert not ListAdjustment.objects.exists()
